"""Whether two written answers are the same, and whether a text holds one: by words and by exact numbers.

What was found of a text is kept: from one key press to the next nearly all texts of a lesson are the same.
"""

import re
import unicodedata
from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache
from typing import Final

_PLAIN: Final = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,18}(?:\.\d{1,18})?"
_NUMBER: Final = rf"\d{{1,9}} \d{{1,9}}/\d{{1,9}}|\d{{1,9}} ?/ ?\d{{1,9}}|{_PLAIN}"
_ONE: Final = re.compile(rf"[+-]?(?:{_NUMBER})")
_ANY: Final = re.compile(rf"(?<![\w.,/])(?:(?<![\w)] )-)?(?:{_NUMBER})(?!\w|[.,/]\d)")
_MEASURE: Final = re.compile(rf"([+-]?(?:{_NUMBER})) ?[^\W\d_]{{1,15}}(?: [^\W\d_]{{1,15}})?")
_VULGAR: Final = re.compile(r"(\d)? ?([¼½¾⅐-⅞])")
_BETWEEN: Final = re.compile(r"[^\w']+")
_TELLS_NOTHING: Final = frozenset({"yes", "no", "true", "false", "a", "i"})
"""Answers that stand in nearly every text."""
_LONGEST: Final = 60
_KEPT: Final = 16_384
"""Texts and pairs of texts; the biggest lesson has some thousands."""


@lru_cache(_KEPT)
def number_of(text: str) -> Fraction | None:
    """The exact number that a text is: `1,250`, `-0.5`, `3/4`, `1 1/2`, `½`, `£4`, `50%`. None for anything else."""
    plain = _spelt(text).removeprefix("£").removesuffix("%").strip()
    return _value(plain) if len(plain) <= _LONGEST and _ONE.fullmatch(plain) else None


@lru_cache(_KEPT)
def tidy(text: str) -> str:
    """A text for comparing: one kind of letter, one space, no signs at its ends."""
    return _spelt(text).replace("’", "'").strip(" .!?;:\"'“”()")


def same(one: str, other: str, tolerance: float = 0.0) -> bool:
    """Whether two answers are the same, numbers within `tolerance` of each other."""
    if tidy(one) == tidy(other):
        return True
    first, second = number_of(one), number_of(other)
    if first is None or second is None or ("%" in one) != ("%" in other):
        return False
    return abs(first - second) <= (Fraction(tolerance) if 0 <= tolerance < float("inf") else 0)


@lru_cache(_KEPT)
def holds(text: str, answer: str) -> bool:
    """Whether an answer stands in a text as words of their own, or its number written in any way."""
    wanted = tidy(answer)
    if not wanted or wanted in _TELLS_NOTHING:
        return False
    measure = _MEASURE.fullmatch(wanted)
    value = _value(measure[1]) if measure else number_of(answer)
    if value is not None:
        return any(_value(found) == value for found in _ANY.findall(_spelt(text)))
    return f" {_words(wanted)} " in f" {_words(tidy(text))} "


def gives_away(text: str, question: str, answers: Iterable[str], choices: Iterable[str] = ()) -> bool:
    """Whether a hint holds an answer that does not stand in the question, and names no other choice beside it."""
    if sum(holds(text, choice) for choice in choices) > 1:
        return False
    return any(holds(text, answer) and not holds(question, answer) for answer in answers)


def _value(written: str) -> Fraction | None:
    """Of text that `_ONE` matches."""
    plain = written.replace(",", "").lstrip("+")
    sign, plain = (-1, plain[1:]) if plain.startswith("-") else (1, plain)
    whole, _, part = (
        plain.rpartition(" ") if " " in plain and "/ " not in plain and " /" not in plain else ("", "", plain)
    )
    top, _, bottom = part.replace(" ", "").partition("/")
    if bottom and not int(bottom):
        return None
    return sign * (Fraction(whole or 0) + (Fraction(top) / int(bottom) if bottom else Fraction(top)))


def _words(text: str) -> str:
    return " ".join(_BETWEEN.split(text)).strip()


@lru_cache(_KEPT)
def _spelt(text: str) -> str:
    """One kind of letter, sign and space; ½ as 1/2."""
    plain = _VULGAR.sub(lambda found: f"{found[1] or ''} {found[2]} " if found[1] else f"{found[2]}", text)
    plain = unicodedata.normalize("NFKC", plain).casefold().replace("⁄", "/").replace("−", "-")
    return " ".join(plain.split())
