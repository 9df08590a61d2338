"""Sums in a correction that are said in words: put into signs for the maths check, or compared with what is known."""

import itertools
import re
from typing import Final

from tutor.tutoring import reading
from tutor.tutoring.facts import facts_in

_N: Final = r"(-?\d+(?:\.\d+)?)"
_MAKES: Final = (
    r"(?:,? ?(?:then |so |together |it |they |you |we |each |that |which |one |person )*"
    r"(?:makes?|make|gives?|gets?|get|is|are|equals?|comes? to|have|has|leaves?|left is|will be|would be|must be) )"
)
_SIGNS: Final = (
    (rf"\b{_N} (?:lots|times|groups|sets|rows|bags|boxes|packs) of {_N}{_MAKES}{_N}", r"\1 × \2 = \3"),
    (rf"\badd(?:ing)? {_N} (?:to|and|with) {_N}{_MAKES}{_N}", r"\1 + \2 = \3"),
    (rf"\b(?:put|putting) {_N} (?:to|and|with) {_N} together{_MAKES}{_N}", r"\1 + \2 = \3"),
    (rf"\b{_N} and (?:another |then |also )?{_N}(?: more)?{_MAKES}{_N}", r"\1 + \2 = \3"),
    (rf"\b(?:take|taking|subtract|subtracting) (?:away )?{_N} (?:away )?from {_N}{_MAKES}{_N}", r"\2 - \1 = \3"),
    (rf"\b{_N} (?:is )?(?:less|fewer|smaller) than {_N}{_MAKES}{_N}", r"\2 - \1 = \3"),
    (rf"\b{_N} (?:is )?(?:more|bigger|greater) than {_N}{_MAKES}{_N}", r"\2 + \1 = \3"),
    (rf"\b(?:share|sharing|split|splitting|divide|dividing) {_N} (?:by|between|among|into) {_N}(?: \w+)?{_MAKES}{_N}",
     r"\1 / \2 = \3"),
    (rf"\b{_N} (?:shared|split|divided) (?:by|between|among|into) {_N}(?: \w+)?{_MAKES}{_N}", r"\1 / \2 = \3"),
)  # fmt: skip
_TABLE: Final = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12,
}  # fmt: skip
_ROMAN: Final = re.compile(r"\b(?=[IVXLCDM])(?:M{0,3})(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})\b")
_DIGITS: Final = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_KIND: Final = re.compile(
    r"\b(\d{1,6}) (?:is|are|'s|was) ((?:not |never |no )?)(?:an? |the |also |really )*"
    r"(prime|even|odd|square|(?:multiple|factor) of \d{1,6})(?: number)?\b"
)

KNOWN: Final = {
    ("day", "week"): (7,), ("day", "fortnight"): (14,), ("day", "year"): (365, 366, 365.25),
    ("week", "year"): (52,), ("month", "year"): (12,), ("hour", "day"): (24,), ("minute", "hour"): (60,),
    ("second", "minute"): (60,), ("second", "hour"): (3600,), ("year", "decade"): (10,), ("year", "century"): (100,),
    ("year", "millennium"): (1000,),
    ("side", "triangle"): (3,), ("corner", "triangle"): (3,), ("side", "square"): (4,), ("corner", "square"): (4,),
    ("side", "rectangle"): (4,), ("side", "pentagon"): (5,), ("side", "hexagon"): (6,), ("side", "heptagon"): (7,),
    ("side", "octagon"): (8,), ("face", "cube"): (6,), ("edge", "cube"): (12,), ("corner", "cube"): (8,),
    ("degree", "triangle"): (180,), ("degree", "circle"): (360,), ("degree", "right angle"): (90,),
    ("degree", "full turn"): (360,), ("degree", "straight line"): (180,), ("degree", "square"): (360, 90),
    ("degree", "rectangle"): (360, 90), ("degree", "quadrilateral"): (360,), ("centimetre", "metre"): (100,),
    ("cm", "metre"): (100,), ("cm", "m"): (100,), ("millimetre", "centimetre"): (10,), ("mm", "cm"): (10,),
    ("metre", "kilometre"): (1000,), ("m", "km"): (1000,), ("gram", "kilogram"): (1000,), ("g", "kg"): (1000,),
    ("millilitre", "litre"): (1000,), ("ml", "litre"): (1000,), ("penny", "pound"): (100,), ("p", "pound"): (100,),
    ("cent", "dollar"): (100,), ("item", "dozen"): (12,), ("egg", "dozen"): (12,), ("half", "whole"): (2,),
    ("quarter", "whole"): (4,), ("third", "whole"): (3,), ("planet", "solar system"): (8,),
}  # fmt: skip
_MANY: Final = {"pennies": "penny", "pence": "penny", "centuries": "century", "halves": "half", "faces": "face"}
_THING: Final = r"([a-z]+(?: angle| line| turn| system)?)"
_EVERY: Final = r"(?:an?|one|1|each|every|the|our)"
_HOLDS: Final = (
    re.compile(rf"\b{_N} (?:\w+ )?([a-z]+) (?:in|to|make|makes|on|of|are) (?:up )?{_EVERY} (?:whole )?{_THING}\b"),
    re.compile(rf"\b{_EVERY} {_THING} (?:has|have|is|lasts|makes|contains|takes|got|has got) (?:exactly |always )?{_N} "
               r"(?:\w+ )?([a-z]+)\b"),
    re.compile(
        rf"\bangles (?:in|of|inside) {_EVERY} {_THING} (?:\w+ )*?(?:to|is|are|make|makes|equals?) {_N} ?(degrees?|°)"
    ),
)  # fmt: skip


def in_signs(text: str) -> str:
    """The text with sums in words put into signs where their shape is clear: "3 and 4 makes 7" as "3 + 4 = 7"."""
    plain = _ROMAN.sub(lambda m: str(_roman(m[0])) if len(m[0]) > 1 or re.search(r"[+×=÷]", text) else m[0], text)
    plain = re.sub(r"\bhalf a dozen\b", "6", re.sub(r"\b(?:a|one|1) dozen\b", "12", plain.lower()))
    plain = re.sub(r"\b(?:a|one) (hundred|thousand)\b", lambda m: {"hundred": "100", "thousand": "1000"}[m[1]], plain)
    plain = re.sub(rf"\b({'|'.join(_TABLE)})(?:es|s)\b", lambda m: f"lots of {_TABLE[m[1]]}", plain)
    plain = reading.number_words(plain)
    for pattern, signs in _SIGNS:
        plain = re.sub(pattern, signs, plain)
    return re.sub(
        r"\bthink of\b", "think:", re.sub(r",? and (?=(?:then )?(?:add|take|times|multiply|halve)\b)", "; ", plain)
    )


def is_false(text: str) -> bool:
    """Whether it says what is known to be otherwise: of a number ("9 is prime"), or of what a thing holds."""
    plain = reading.number_words(text.lower())
    for number, denied, kind in _KIND.findall(plain):
        if kind in ("even", "odd") and ((int(number) % 2 == 0) == (kind == "even")) == bool(denied.strip()):
            return True
        for fact in facts_in(f"is {number} {'a ' if ' of ' in kind else ''}{kind}?"):
            if fact.kind == "divisors" and (" not " in f" {fact.answer} ") != bool(denied.strip()):
                return True
    return any(_wrong_count(match.groups()) for pattern in _HOLDS for match in pattern.finditer(plain))


def _wrong_count(groups: tuple[str, ...]) -> bool:
    number = next(group for group in groups if re.fullmatch(_N, group))
    first, second = (_one("degree" if g == "°" else g) for g in groups if g != number)
    known = KNOWN.get((first, second)) or KNOWN.get((second, first))
    return known is not None and float(number) not in known


def _one(word: str) -> str:
    if word in _MANY:
        return _MANY[word]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _roman(text: str) -> int:
    values = [_DIGITS[letter] for letter in text] + [0]
    return sum(-a if a < b else a for a, b in itertools.pairwise(values))
