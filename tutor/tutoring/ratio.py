"""Ratios worked in steps: simplest form, sharing in a ratio, the missing number in equal ratios."""

import re
from fractions import Fraction
from math import gcd
from typing import Final

from tutor.domain import Fact
from tutor.tutoring import found
from tutor.tutoring.numbers import decimal, money, number, terminates

_CUE = re.compile(r"ratio|simp\w+ (?:the ratio )?\d+ to |rasio|raito|\d ?: ?[\dx?_a-z]|[?_x] ?: ?\d")
_RATIO = r"(?P<ratio>\d{1,6}(?: ?: ?\d{1,6}){1,3}|\d{1,6} to \d{1,6})(?![\d:.]\d)"
_IN = r"(?:in|into|by|with|÷|using|to) ?(?:the |a |this )?(?:ratios?|rasio|raito)(?: of)?"
_AMOUNT = (
    r"(?P<amount>£ ?\d{1,7}(?:\.\d{1,2})?|\d{1,7}(?:\.\d{1,2})?)"
    r"(?P<unit> ?(?:kg|km|cm|mm|ml|g|m|l|p|hours|minutes)\b)?"
)
_MIDDLE = r"(?: (?!ratio|and share)[a-z']{1,14}){0,6}? ?"
SHARE: Final = (
    re.compile(rf"(?<![\w.:]){_AMOUNT}{_MIDDLE}{_IN} {_RATIO}"),
    re.compile(rf"\bratio(?: of)? (?:is )?{_RATIO},? (?:share|split|divide)(?: up)? {_AMOUNT}"),
)
SIMPLIFY: Final = (
    re.compile(rf"\b(?:simplify|simplfy|simplifiy|simpify|cancel|reduce)(?: (?:the|this|ratio|down|of)){{0,4}}"
               rf" {_RATIO}"),
    re.compile(rf"\bratio (?:of )?{_RATIO},? simpl"),
    re.compile(rf"(?<![\w.:]){_RATIO} (?:simplified|as simpl[ey]|simplify)"),
    re.compile(rf"(?<![\w.:]){_RATIO} (?:in|to|into)(?: (?:its|it's|the|a|ratio)){{0,3}}"
               rf" (?:simplest|simpilest|lowest|simpler)"),
    re.compile(rf"\b(?:simplest|lowest|simpler) (?:form|terms|version)? ?(?:of|for)(?: the)?(?: ratio)? {_RATIO}"),
)  # fmt: skip
_TERM = r"(?:\d{1,6}|[_?]+|[xyna](?![a-z]))"
EQUAL: Final = re.compile(
    rf"(?<![\w:.])(?P<a>{_TERM}) ?: ?(?P<b>{_TERM}) ?(?:=|::|is (?:the same as|equal to|equivalent to)|and|equals) ?"
    rf"(?P<c>{_TERM}) ?: ?(?P<d>{_TERM})(?![\w:.])"
)


def _terms(words: str) -> list[int]:
    return [int(n) for n in re.findall(r"\d+", words)]


def _simplify(match: re.Match[str]) -> Fact | None:
    terms = _terms(match["ratio"])
    if not all(terms):
        return None
    common = gcd(*terms)
    if common == 1:
        return None
    result = [n // common for n in terms]
    have, answer = ":".join(map(str, terms)), ":".join(map(str, result))
    steps = [*dict.fromkeys(f"{n} ÷ {common} = {n // common}" for n in terms), f"{have} = {answer}"]
    return found.fact(
        "ratio", "ratio", f"simplify {have}", answer, steps,
        hint="ratio_simplify", answers=[Fraction(n) for n in result], given=[Fraction(n) for n in terms],
        a=have, first=terms[0], second=terms[1],
    )  # fmt: skip


def _share(match: re.Match[str]) -> Fact | None:
    whole, terms = number(match["amount"].removeprefix("£").strip()), _terms(match["ratio"])
    if whole is None or whole <= 0 or not all(terms) or max(terms) > 1000:
        return None
    pounds, unit = "£" in match["amount"], (match["unit"] or "").strip()
    parts = sum(terms)
    one = whole / parts
    if not terminates(one, 2):
        return None

    def out(value: Fraction) -> str:
        return money(value) if pounds else decimal(value) + (unit if unit in ("", "p") else f" {unit}")

    shares = [out(one * n) for n in terms]
    ratio = ":".join(map(str, terms))
    steps = [f"{' + '.join(map(str, terms))} = {parts}", f"{out(whole)} ÷ {parts} = {out(one)}"]
    steps += list(dict.fromkeys(f"{n} × {out(one)} = {share}" for n, share in zip(terms, shares, strict=True)))
    return found.fact(
        "ratio", "ratio", f"share {out(whole)} in the ratio {ratio}", found.in_words(shares), steps,
        hint="ratio_share", answers=[one * n for n in terms], given=[whole, *map(Fraction, terms)],
        a=out(whole), ratio=ratio,
    )  # fmt: skip


def _equal(match: re.Match[str]) -> Fact | None:
    words = [match[name] for name in "abcd"]
    gaps = [i for i, word in enumerate(words) if not word.isdigit()]
    if len(gaps) != 1:
        return None
    values = [int(word) if word.isdigit() else 0 for word in words]
    at = gaps[0]
    if any(v == 0 for i, v in enumerate(values) if i != at):
        return None
    beside, across, far = values[at ^ 1], values[at ^ 2], values[at ^ 3]
    result = Fraction(across * beside, far)
    if result.denominator != 1:
        return None
    question = "{}:{} = {}:{}".format(*("__" if i == at else v for i, v in enumerate(values)))
    full = "{}:{} = {}:{}".format(*(result if i == at else v for i, v in enumerate(values)))
    if beside % far == 0:
        steps = [f"{beside} ÷ {far} = {beside // far}", f"{across} × {beside // far} = {result}"]
    elif far % beside == 0:
        steps = [f"{far} ÷ {beside} = {far // beside}", f"{across} ÷ {far // beside} = {result}"]
    else:
        steps = [f"{across} × {beside} = {across * beside}", f"{across * beside} ÷ {far} = {result}"]
    return found.fact(
        "ratio", "ratio", question, str(result), [*steps, full],
        hint="ratio_equal", answers=[result], given=[Fraction(v) for v in values],
        question_=question, known=beside, other=far, across=across,
    )  # fmt: skip


def found_in(text: str) -> found.Found:
    """Problems about ratios in plain text, with their place."""
    if not _CUE.search(text):
        return []
    makers: list[tuple[re.Pattern[str], found.Maker]] = [(EQUAL, _equal), *((p, _share) for p in SHARE)]
    return found.matched(text, [*makers, *((p, _simplify) for p in SIMPLIFY)])
