"""Answers said by their relation to other numbers: between 6 and 8, one more than 6, half of 14, the same as 9 - 2."""

import re
from collections.abc import Collection
from fractions import Fraction
from typing import Final

from tutor.tutoring import expressions
from tutor.tutoring.numbers import NUMBER, number

_N: Final = rf"[£$€]?({NUMBER.removeprefix('-?')})[a-z%°]{{0,3}}"
_BETWEEN: Final = re.compile(rf"\bbetween (?:the (?:numbers?|whole numbers?) )?{_N} and {_N}")
_OVER: Final = re.compile(
    rf"\b(?:more|bigger|greater|larger|higher) than {_N}(?:[,;.]? ?(?:and|but|it is|it's|also))* ?"
    rf"(?:less|smaller|lower|fewer) than {_N}|\b(?:over|above) {_N}(?:,? ?(?:and|but))* (?:under|below) {_N}"
    rf"|\b(?:after|past) {_N}(?:,? ?(?:and|but))* (?:just |right )?before {_N}"
)
_UNDER: Final = re.compile(
    rf"\b(?:less|smaller|lower|fewer) than {_N}(?:[,;.]? ?(?:and|but|it is|it's|also))* ?"
    rf"(?:more|bigger|greater|larger|higher) than {_N}"
)
_STEP: Final = re.compile(
    rf"(?<![\d.]){_N} (?:more|bigger|greater|larger|higher|less|smaller|lower|fewer) than {_N}(?! ?[-+*÷/])"
)
_NEXT: Final = re.compile(rf"\b(?:(?:right|just|comes?|number|one) )+(after|before) {_N}(?! ?[-+*÷/])")
_TIMES: Final = re.compile(rf"\b(half|double|twice|1/2) (?:of |the number )?{_N}(?! ?[-+*÷/])")
_STATED: Final = re.compile(
    r"(?:\banswer(?: is|:)|\bit(?:'s| is)|\bthat(?:'s| is)|\bequals?|\bsame as|=|\bmakes|\bneed|\bwant|\blooking for)"
    r" (?:the same as |just |exactly |equal to )*(?P<sum>-?\d+(?:\.\d+)?(?: ?[-+*÷/] ?\d+(?:\.\d+)?){1,3})"
    r"(?!\d|\.\d| ?[*÷/+-])"
)


def pins_down(plain: str, wanted: set[Fraction], given: Collection[Fraction]) -> bool:
    """Whether plain text leaves one wanted number alone. `given`: numbers of the question, which hints may relate."""
    return (
        _bounds(plain, wanted, given)
        or _steps(plain, wanted, given)
        or any(_equals(m["sum"], wanted, given) for m in _STATED.finditer(plain))
    )


def _bounds(plain: str, wanted: set[Fraction], given: Collection[Fraction]) -> bool:
    for pattern in (_BETWEEN, _OVER, _UNDER):
        for match in pattern.finditer(plain):
            ends = sorted(v for v in (number(g) for g in match.groups() if g) if v is not None)
            if len(ends) != 2 or all(end in given for end in ends):
                continue
            low, high = ends
            whole = low.denominator == high.denominator == 1
            if any(low < v < high and (not whole or (v.denominator == 1 and high - low == 2)) for v in wanted):
                return whole or high - low <= Fraction(1, 2)
    return False


def _steps(plain: str, wanted: set[Fraction], given: Collection[Fraction]) -> bool:
    for match in _STEP.finditer(plain):
        by, start = number(match[1]), number(match[2])
        if by is None or start is None or (by in given and start in given):
            continue
        down = re.search(r"\b(?:less|smaller|lower|fewer) than", match[0]) is not None
        if (start - by if down else start + by) in wanted:
            return True
    for match in _NEXT.finditer(plain):
        start = number(match[2])
        if start is not None and start + (1 if match[1] == "after" else -1) in wanted:
            return True
    for match in _TIMES.finditer(plain):
        start = number(match[2])
        if start is None or start in given:
            continue
        if (start * 2 if match[1] in ("double", "twice") else start / 2) in wanted:
            return True
    return False


def _equals(words: str, wanted: set[Fraction], given: Collection[Fraction]) -> bool:
    """Whether a sum that is put forward as the answer makes it, and is not the question's own."""
    parts = {number(n) for n in re.findall(r"\d+(?:\.\d+)?", words)}
    if parts <= set(given):
        return False
    try:
        node = expressions.parse(expressions.tokens(words))
        return expressions.evaluate(node) in wanted
    except (expressions.UnreadableError, ZeroDivisionError):
        return False
