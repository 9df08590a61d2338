"""Percentages: of an amount, more and less, one number as a part of another, and as decimals and fractions."""

import re
from fractions import Fraction
from typing import Final

from tutor.domain import Fact
from tutor.tutoring import found
from tutor.tutoring.numbers import NUMBER, decimal, mixed, money, number, shown, style_of, terminates

_AMOUNT = rf"(?P<b>£? ?(?:{NUMBER}))(?P<unit> ?(?:kg|km|cm|mm|ml|g|m|l|p)\b)?"
_PER = r" ?(?:%|per ?cent|pc\b)"
_A = rf"(?<![\w.])(?P<a>{NUMBER}){_PER}"
OF: Final = re.compile(rf"{_A} (?:of|off|from|discount (?:on|off)|increase (?:on|to|of)|decrease (?:on|of)) {_AMOUNT}")
CHANGE: Final = (
    re.compile(rf"(?P<way>increase|decrease|reduce|raise) {_AMOUNT} by {_A}"),
    re.compile(rf"(?<![\w.]){_AMOUNT} (?P<way>increased|decreased|reduced|raised|goes up|goes down) by {_A}"),
)
PART: Final = (
    re.compile(rf"what (?:percentage|percent|per cent|%) of (?P<whole>{NUMBER}) (?:is|are) (?P<part>{NUMBER})"),
    re.compile(rf"(?<![\w.])(?P<part>{NUMBER}) (?:is what (?:percentage|percent|%) of|as an? (?:percentage"
               rf"|percent|%) of) (?P<whole>{NUMBER})"),
    re.compile(rf"(?<![\w.])(?P<part>{NUMBER}) out of (?P<whole>{NUMBER}) (?:is what|as|in|to|into)(?: an?)?"
               rf" (?:percentage|percent|per cent|%)"),
    re.compile(rf"what (?:percentage|percent|per cent|%) is (?P<part>{NUMBER}) (?:out )?of (?P<whole>{NUMBER})"),
)  # fmt: skip
FORM: Final = re.compile(
    rf"(?<![\w.])(?P<n>{NUMBER})(?P<per>{_PER})? (?:(?:in)?to|as|in|into|written as) (?:an?"
    rf" )?(?P<to>decimal|fraction|percentage|percent|%)"
)
_EASY: Final = (100, 50, 25, 10, 5, 1)


def _parts(rate: Fraction) -> list[int]:
    """Easy percentages that make up a rate, as few as possible: 15 -> [10, 5]."""
    found: list[int] = []
    left = int(rate)
    for easy in (100, 50, 10, 5, 1) if rate % 25 else (100, 50, 25):
        while left >= easy and len(found) < 9:
            found.append(easy)
            left -= easy
    return found


def _steps_of(rate: Fraction, whole: Fraction, text: str, unit: str) -> list[str]:
    """Steps to `rate` % of an amount, the last line holds the result."""

    def out(value: Fraction) -> str:
        return money(value) if unit == "£" else (shown(value, "decimal") + unit)

    last = f"{shown(rate, 'decimal')}% of {text} = {out(rate * whole / 100)}"
    if rate.denominator == 1 and 0 < rate < 200:
        pieces = _parts(rate)
        if len(pieces) == 1 and rate != 1:
            divisor = Fraction(100) / rate
            if divisor.denominator == 1 and divisor > 1:
                return [f"{text} ÷ {divisor} = {out(whole / divisor)}", last]
        if len(pieces) <= 3 and 1 not in pieces and len(pieces) > 1:
            lines = [f"{p}% of {text} = {out(p * whole / 100)}" for p in sorted(set(pieces), reverse=True)]
            return [*lines, " + ".join(out(p * whole / 100) for p in pieces) + f" = {out(rate * whole / 100)}", last]
        if rate % 10 == 0 and rate != 10:
            return [
                f"10% of {text} = {out(whole / 10)}",
                f"{out(whole / 10)} × {int(rate) // 10} = {out(rate * whole / 100)}",
                last,
            ]
    one = whole / 100
    if rate == 1:
        return [f"{text} ÷ 100 = {out(one)}", last]
    return [f"1% of {text} = {out(one)}", f"{out(one)} × {shown(rate, 'decimal')} = {out(rate * whole / 100)}", last]


def _read_amount(words: str, unit: str | None) -> tuple[Fraction, str, str] | None:
    value = number(words.replace("£", ""))
    if value is None or value < 0 or value > 10**9:
        return None
    sign = "£" if "£" in words else f" {unit.strip()}" if unit and unit.strip() != "p" else "p" if unit else ""
    text = money(value) if sign == "£" else shown(value, style_of(words)) + sign
    return value, sign, text


def _easy(rate: Fraction, text: str) -> str:
    easy = next((p for p in (10, 50, 25, 5, 1) if p != rate and p < rate), 1 if rate > 1 else 10)
    return f"{easy}% of {text}"


def _of(match: re.Match[str]) -> Fact | None:
    rate, amount = number(match["a"]), _read_amount(match["b"], match["unit"])
    if rate is None or amount is None or rate < 0 or rate > 1000:
        return None
    whole, unit, text = amount
    result = rate * whole / 100
    off = "off" in match[0] or "discount" in match[0]
    if not terminates(result, 6):
        return None
    written = shown(rate, "decimal")
    steps = _steps_of(rate, whole, text, unit)
    words = {"a": written, "b": text, "easy": _easy(rate, text)}
    if off:
        left = whole - result
        answer = money(left) if unit == "£" else shown(left, "decimal") + unit
        part = money(result) if unit == "£" else shown(result, "decimal") + unit
        steps = [*steps, f"{text} - {part} = {answer}"]
        return found.fact(
            "percentage", "percentages", f"{written}% off {text}", answer, steps[-6:],
            hint="percent_change", answers=[left, left * 100], given=[rate, whole], joined="subtract", **words,
        )  # fmt: skip
    answer = money(result) if unit == "£" else shown(result, "decimal") + unit
    question = f"{written}% of {text}"
    return found.fact(
        "percentage", "percentages", question, answer, steps,
        hint="percentages", answers=[result, result * 100], given=[rate, whole], **words,
    )  # fmt: skip


def _change(match: re.Match[str]) -> Fact | None:
    rate, amount = number(match["a"]), _read_amount(match["b"], match["unit"])
    if rate is None or amount is None or rate < 0 or rate > 1000:
        return None
    whole, unit, text = amount
    change = rate * whole / 100
    up = match["way"].startswith(("increase", "raise", "goes up"))
    result = whole + change if up else whole - change
    if not terminates(result, 6) or result < 0:
        return None

    def out(value: Fraction) -> str:
        return money(value) if unit == "£" else shown(value, "decimal") + unit

    written = shown(rate, "decimal")
    steps = [*_steps_of(rate, whole, text, unit), f"{text} {'+' if up else '-'} {out(change)} = {out(result)}"]
    question = f"{'increase' if up else 'decrease'} {text} by {written}%"
    return found.fact(
        "percentage",
        "percentages",
        question,
        out(result),
        steps[-6:],
        hint="percent_change",
        answers=[result, result * 100],
        given=[rate, whole],
        a=written,
        b=text,
        easy=_easy(rate, text),
        joined="add" if up else "subtract",
    )


def _part(match: re.Match[str]) -> Fact | None:
    part, whole = number(match["part"]), number(match["whole"])
    if part is None or whole is None or whole <= 0 or part < 0 or not terminates(part / whole * 100, 2):
        return None
    a, b = shown(part, "decimal"), shown(whole, "decimal")
    result = part / whole * 100
    answer = f"{shown(result, 'decimal')}%"
    steps = [
        f"{a} ÷ {b} = {decimal(part / whole)}",
        f"{decimal(part / whole)} × 100 = {shown(result, 'decimal')}",
        f"{decimal(part / whole)} = {answer}",
    ]
    return found.fact(
        "percentage", "percentages", f"{a} as a percentage of {b}", answer, steps,
        hint="as_percentage", answers=[result, result / 100], given=[part, whole], a=a, b=b,
    )  # fmt: skip


def _form(match: re.Match[str]) -> Fact | None:
    value = number(match["n"])
    if value is None or value < 0 or value > 10**6:
        return None
    per, to = bool(match["per"]), match["to"]
    kind = "percentage" if per or to not in ("decimal", "fraction") else "fraction"
    have = shown(value, style_of(match["n"])) if "/" not in match["n"] else match["n"]
    if per:
        have, value = have + "%", value / 100
    hundredths = value * 100
    if to == "fraction":
        if "/" in match["n"] and not per:
            return None
        answer = mixed(value)
        places = next(p for p in range(20) if (value * 10**p).denominator == 1)
        bottom = 100 if per and (value * 100).denominator == 1 else 10**places
        if bottom == 1:
            return None
        raw = f"{int(value * bottom)}/{bottom}"
        steps = [f"{have} = {raw}"] + ([f"{raw} = {answer}"] if raw != answer else [])
        topic, name = "as_fraction", "fraction"
    elif to == "decimal":
        if not terminates(value, 6) or (style_of(match["n"]) == "decimal" and not per):
            return None
        answer = decimal(value)
        line = f"{value.numerator} ÷ {value.denominator} = {answer}" if not per else f"{have[:-1]} ÷ 100 = {answer}"
        steps, topic, name = [line, f"{have} = {answer}"], "as_decimal", "decimal"
    else:
        if per or hundredths.denominator > 1000:
            return None
        answer = f"{shown(hundredths, 'decimal')}%"
        steps = [f"{have} × 100 = {shown(hundredths, 'decimal')}", f"{have} = {answer}"]
        topic, name = "as_percentage", "percentage"
    question = f"{have} as a {name}"
    return found.fact(
        kind, "percentages" if kind == "percentage" else "fractions", question, answer, steps,
        hint=topic, answers=[value, hundredths], a=have,
    )  # fmt: skip


def found_in(text: str) -> found.Found:
    """Percentage problems in plain text, with their place."""
    makers = [(p, _change) for p in CHANGE] + [(p, _part) for p in PART] + [(OF, _of), (FORM, _form)]
    return found.matched(text, makers)
