"""Which is bigger, rounding, simplest form, and a fraction of an amount."""

import re
from fractions import Fraction
from math import gcd, lcm
from typing import Final

from tutor.domain import Fact
from tutor.tutoring import found, fraction_steps
from tutor.tutoring.numbers import NUMBER, decimal, money, number, shown, style_of, terminates

_A, _B = rf"(?<![\w.])(?P<a>{NUMBER})", rf"(?P<b>{NUMBER})(?![\w%])"
_MORE = r"(?:bigger|greater|larger|more|higher|longer|heavier)"
_LESS = r"(?:smaller|less|lower|fewer|shorter|lighter)"
_WAY = rf"(?P<way>{_MORE}|{_LESS})"
COMPARED: Final = (
    re.compile(rf"{_A} {_WAY} than {_B}"),
    re.compile(rf"(?:which|what|whats|what's)(?: \w+)?(?: is|'s)?(?: the)? (?P<way>{_MORE}|{_LESS}|biggest"
               rf"|greatest|largest|smallest)\b[^\d]{{0,12}}{_A},? (?:or|and) {_B}"),
    re.compile(rf"{_A} or {_B},? (?:which|what|whats)[^\d]{{0,12}}(?P<way>{_MORE}|{_LESS}|biggest|smallest)"),
    re.compile(rf"(?P<way>compare|order) {_A} (?:and|with|to) {_B}"),
    re.compile(rf"{_A} (?P<way>[<>]|equal to|equals|equivalent to|(?:the )?same as) {_B}"),
)  # fmt: skip
ROUND: Final = (
    re.compile(rf"(?:round(?:ed|ing)?|what is|whats) (?:off |up |down )?{_A} (?:to|2)? ?(?:the )?(?:nearest"
               rf"|closest) (?P<to>10{{1,6}}\b|ten\b|hundred\b|thousand\b|whole number|integer|one\b|1\b"
               rf"|unit|tenth|hundredth|thousandth|pound)s?"),
    re.compile(rf"(?:round(?:ed|ing)?) {_A} (?:to|2) (?P<to>\d) ?(?:decimal places?|d\.?p\.?)"),
)  # fmt: skip
SIMPLIFY: Final = (
    re.compile(r"(?:simplify|cancel(?: down)?|reduce) (?:the fraction"
               r" )?(?P<top>\d{1,5})/(?P<bottom>\d{1,5})(?![\d/*+^-])(?! ?[-+*÷])"),
    re.compile(r"(?<![\w./])(?P<top>\d{1,5})/(?P<bottom>\d{1,5}) (?:in|to) (?:its|the)? ?(?:simplest|lowest|smallest)"),
)  # fmt: skip
OF: Final = re.compile(
    rf"(?<![\w./+*÷-])(?<![+*÷-] )(?P<part>\d{{1,4}}/\d{{1,4}}) of (?:an? )?(?P<b>£? ?"
    rf"(?:{NUMBER}))(?P<unit> ?(?:kg|km|cm|mm|ml|g|m|l|p|minutes|hours|days|sweets)\b)?(?! ?[\d/*÷+^])"
)
_STEPS: Final = {
    "ten": 10,
    "hundred": 100,
    "thousand": 1000,
    "whole number": 1,
    "integer": 1,
    "one": 1,
    "unit": 1,
    "pound": 1,
}


def _compare(match: re.Match[str]) -> Fact | None:
    a, b = number(match["a"]), number(match["b"])
    if a is None or b is None or max(a.denominator, b.denominator) > 10**6:
        return None
    left, right = match["a"].replace(",", ""), match["b"].replace(",", "")
    sign = ">" if a > b else "<" if a < b else "="
    if "/" not in left + right and match["way"] == "equals":
        return None
    answer = f"{left} {sign} {right}"
    steps = []
    if "/" in left + right:
        bottom = lcm(a.denominator, b.denominator)
        if bottom > 1 and (a.denominator != b.denominator):
            x, y = f"{int(a * bottom)}/{bottom}", f"{int(b * bottom)}/{bottom}"
            steps = [f"{left} = {x}"] * (left != x) + [f"{right} = {y}"] * (right != y) + [f"{x} {sign} {y}"]
    elif "." in left + right:
        places = max(len(left.partition(".")[2]), len(right.partition(".")[2]))
        x, y = decimal(a, places), decimal(b, places)
        if (x, y) != (left, right):
            steps = [f"{left} = {x}"] * (left != x) + [f"{right} = {y}"] * (right != y) + [f"{x} {sign} {y}"]
    if not steps and sign != "=":
        big, small = (a, b) if a > b else (b, a)
        steps = (
            [f"{shown(big, style_of(left))} - {shown(small, style_of(left))} = {shown(big - small, style_of(left))}"]
            if big - small and min(a, b) >= 0
            else []
        )
    smaller = re.fullmatch(rf"{_LESS}|smallest|<", match["way"]) is not None
    if match["way"] in ("compare", "order"):
        question = f"compare {left} and {right}"
    elif "equal" in match["way"] or "equiv" in match["way"] or "same" in match["way"]:
        question = f"is {left} equal to {right}?"
    elif "than" in match[0] or match["way"] in "<>":
        question = f"is {left} {'smaller' if smaller else 'bigger'} than {right}?"
    else:
        question = f"which is {'smaller' if smaller else 'bigger'}, {left} or {right}?"
    return found.fact(
        "comparison", "order", question, answer, [*steps, answer],
        hint="comparison", answers=[], given=[a, b], a=left, b=right,
    )  # fmt: skip


def _round(match: re.Match[str]) -> Fact | None:
    value, to = number(match["a"]), match["to"]
    if value is None or value < 0 or value > 10**9 or not terminates(value):
        return None
    if "nearest" not in match[0] and "closest" not in match[0]:
        step, name = Fraction(1, 10 ** int(to)), f"{to} decimal place{'' if to == '1' else 's'}"
    else:
        names = {"tenth": Fraction(1, 10), "hundredth": Fraction(1, 100), "thousandth": Fraction(1, 1000)}
        step = names.get(to) or Fraction(_STEPS.get(to) or int(to))
        name = f"the nearest {to if step < 1 else 'whole number' if step == 1 else step}"
    low = value - value % step
    high = low + step
    result = high if (value - low) * 2 >= step else low
    places = max(0, len(str(step.denominator)) - 1)
    form = decimal(value, 0)
    answer = decimal(result, places)
    steps = []
    if value != low:
        steps = [
            f"{form} - {decimal(low, places)} = {decimal(value - low)}",
            f"{decimal(high, places)} - {form} = {decimal(high - value)}",
        ]
    steps = [
        *steps,
        f"{form} rounded to {name} is {answer}",
    ]
    question = f"round {form} to {name}"
    return found.fact(
        "rounding", "rounding", question, answer, steps,
        hint="rounding", answers=[result], given=[value], a=form,
    )  # fmt: skip


def _simplify(match: re.Match[str]) -> Fact | None:
    top, bottom = int(match["top"]), int(match["bottom"])
    if bottom == 0 or top == 0:
        return None
    common = gcd(top, bottom)
    value = Fraction(top, bottom)
    answer = fraction_steps.improper(value)
    if common == 1:
        return None
    steps = [
        f"{top} ÷ {common} = {value.numerator}",
        f"{bottom} ÷ {common} = {value.denominator}",
        f"{top}/{bottom} = {answer}",
    ]
    return found.fact(
        "fraction",
        "fractions",
        f"simplify {top}/{bottom}",
        answer,
        steps,
        hint="simplify",
        answers=[Fraction(value.numerator), Fraction(value.denominator), value],
        given=[Fraction(top), Fraction(bottom)],
        a=top,
        b=bottom,
    )


def _of(match: re.Match[str]) -> Fact | None:
    part, whole = number(match["part"]), number(match["b"].replace("£", ""))
    if part is None or whole is None or whole < 0 or whole > 10**9:
        return None
    unit = (match["unit"] or "").strip()
    result = part * whole
    form = "decimal" if style_of(match["b"]) == "decimal" else "fraction"

    def out(value: Fraction) -> str:
        if "£" in match["b"]:
            return money(value)
        return f"{shown(value, form)}{'' if unit in ('', 'p') else ' '}{unit}"

    text, answer = out(whole), out(result)
    one = whole / part.denominator
    if "/" in match["b"]:
        steps = fraction_steps.work("×", part, whole, match["part"], match["b"])
    elif one.denominator == 1 or form == "decimal":
        steps = [f"{text} ÷ {part.denominator} = {out(one)}"]
        if part.numerator != 1:
            steps.append(f"{out(one)} × {part.numerator} = {answer}")
        steps.append(f"{match['part']} of {text} = {answer}")
    else:
        steps = [*fraction_steps.work("×", part, whole)[-3:], f"{match['part']} of {text} = {answer}"]
    question = f"{match['part']} of {text}"
    return found.fact(
        "fraction",
        "fractions",
        question,
        answer,
        steps,
        hint="unit_fraction_of" if part.numerator == 1 else "fraction_of",
        answers=[result],
        given=[part, whole],
        a=match["part"],
        b=text,
    )


def found_in(text: str) -> found.Found:
    """Comparisons, roundings, simplifications and fractions of amounts in plain text, with their place."""
    makers = [(p, _compare) for p in COMPARED] + [(p, _round) for p in ROUND] + [(p, _simplify) for p in SIMPLIFY]
    return found.matched(text, [*makers, (OF, _of)])
