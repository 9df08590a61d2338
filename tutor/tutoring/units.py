"""Units that children convert, and a conversion worked in steps."""

import re
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import Final

from tutor.domain import Fact
from tutor.tutoring import hints
from tutor.tutoring.numbers import NUMBER, decimal, mixed, number, style_of, terminates

MAX_MATCHES: Final = 6
"""Places in a text that one pattern is tried on."""


@dataclass(frozen=True, slots=True)
class Unit:
    """`size` in the smallest unit of its kind; `short` stands after a number, "" where the word is used."""

    kind: str
    size: Fraction
    one: str
    many: str
    short: str = ""


def _unit(kind: str, size: str, one: str, short: str = "", many: str = "") -> Unit:
    return Unit(kind, Fraction(size), one, many or one + "s", short)


UNITS: Final[dict[str, Unit]] = {}
for _item, _names in (
    (_unit("length", "1", "millimetre", "mm"), "mm mms millimetre millimeter"),
    (_unit("length", "10", "centimetre", "cm"), "cm cms centimetre centimeter"),
    (_unit("length", "1000", "metre", "m"), "m metre meter"),
    (_unit("length", "1000000", "kilometre", "km"), "km kms kilometre kilometer"),
    (_unit("imperial length", "1", "inch", "", "inches"), "in inch inches"),
    (_unit("imperial length", "12", "foot", "", "feet"), "ft foot feet"),
    (_unit("imperial length", "36", "yard"), "yd yard"),
    (_unit("mass", "1", "milligram", "mg"), "mg milligram"),
    (_unit("mass", "1000", "gram", "g"), "g gram gramme"),
    (_unit("mass", "1000000", "kilogram", "kg"), "kg kgs kilogram kilo"),
    (_unit("mass", "1000000000", "tonne"), "t tonne"),
    (_unit("volume", "1", "millilitre", "ml"), "ml mls millilitre milliliter"),
    (_unit("volume", "10", "centilitre", "cl"), "cl centilitre centiliter"),
    (_unit("volume", "1000", "litre", "l"), "l litre liter"),
    (_unit("area", "1", "square millimetre", "mm²"), "sqmm"),
    (_unit("area", "100", "square centimetre", "cm²"), "sqcm"),
    (_unit("area", "1000000", "square metre", "m²"), "sqm"),
    (_unit("area", "1000000000000", "square kilometre", "km²"), "sqkm"),
    (_unit("time", "1", "second"), "s sec second"),
    (_unit("time", "60", "minute"), "min minute mins"),
    (_unit("time", "3600", "hour"), "h hr hrs hour"),
    (_unit("time", "86400", "day"), "day"),
    (_unit("time", "604800", "week"), "week"),
    (_unit("money", "1", "penny", "p", "pence"), "p penny pence"),
    (_unit("money", "100", "pound", "£"), "pound quid"),
):
    for _name in _names.split():
        UNITS[_name] = _item
        if len(_name) > 2:
            UNITS.setdefault(_name + "s", _item)

_NAME = "|".join(sorted(UNITS, key=len, reverse=True))
QUANTITY: Final = rf"(?:(?P<pounds>£ ?{{n}})|(?P<n>{NUMBER}|an?\b) ?(?P<unit>{_NAME}))".replace("{n}", r"[\d.,]{1,15}")
_Q = re.compile
PATTERNS: Final = (
    _Q(rf"\bhow many (?P<to>{_NAME})\b(?: are| is| do| would)?(?: there| you| we| that| it)?(?: get| make|"
       rf" have| be)? ?(?:in|into|is|are|=|for|to|equal|equals)? {QUANTITY}(?![\w])"),
    _Q(rf"(?<![\w.]){QUANTITY}(?: is)? ?(?:in|to|into|as|->|=|makes?) ?(?:how many |what in |\? ?"
       rf"|_+ ?)?(?P<to>{_NAME})\b(?! ?\d)"),
    _Q(rf"(?<![\w.]){QUANTITY} (?:is|are|equals?|makes?) how many (?P<to>{_NAME})\b"),
)  # fmt: skip


def written(value: Fraction, unit: Unit, style: str = "decimal") -> str:
    """A quantity: `3500 m`, `1.5 hours`, `1 hour`, `£2.50`."""
    if unit.short == "£":
        return (
            f"£{value}" if value.denominator == 1 else "£" + (decimal(value, 2) if terminates(value) else mixed(value))
        )
    words = decimal(value) if style != "fraction" and terminates(value, 6) else mixed(value)
    if unit.short:
        return f"{words}p" if unit.short == "p" else f"{words} {unit.short}"
    return f"{words} {unit.one if value == 1 else unit.many}"


def conversion(value: Fraction, source: Unit, target: Unit, style: str = "decimal") -> Fact | None:
    """A conversion worked, None when the units do not fit together or are the same."""
    if source.kind != target.kind or source == target or value < 0:
        return None
    factor = source.size / target.size
    result = value * factor
    if result > 10**12 or result.denominator > 10**6:
        return None
    kind = "decimal" if source.kind in ("length", "mass", "volume", "money") else style
    if not terminates(result, 6):
        kind = "fraction"
    have, want = written(value, source, style), written(result, target, kind)
    number_words = have if source.short == "£" else have.split(" ")[0].rstrip("p")
    plain = mixed(value) if style == "fraction" else decimal(value) if terminates(value) else mixed(value)
    amount = mixed(result) if kind == "fraction" else decimal(result)
    if factor > 1:
        steps = [f"{written(Fraction(1), source)} = {written(factor, target)}", f"{plain} × {factor} = {amount}"]
        bigger, smaller, way = source, target, "multiply"
    else:
        over = target.size / source.size
        if over.denominator != 1:
            return None
        steps = [f"{written(Fraction(1), target)} = {written(over, source)}", f"{plain} ÷ {over} = {amount}"]
        bigger, smaller, way = target, source, "divide"
    if factor.denominator != 1 and factor > 1:
        return None
    if value != 1 or way == "divide":
        steps.append(f"{have} = {want}")
    else:
        steps = [f"{have} = {want}"]
    question = f"{have} in {target.short or target.many}" if target.short != "£" else f"{have} in pounds"
    found = hints.graded(
        "units", question, [result], [value],
        a=number_words, from_one=source.one, to_one=target.one, from_many=source.many, to_many=target.many,
        bigger_one=bigger.one, smaller_many=smaller.many, way=way,
    )  # fmt: skip
    return Fact(kind="conversion", question=question, answer=want, steps=tuple(steps), hints=found, topic="units")


def found_in(text: str) -> list[tuple[int, int, Fact]]:
    """Conversions asked for in plain text, with their place."""
    facts: list[tuple[int, int, Fact]] = []
    for pattern in PATTERNS:
        for match in islice(pattern.finditer(text), MAX_MATCHES):
            if match["pounds"]:
                words, source = match["pounds"].lstrip("£ "), UNITS["pound"]
            else:
                words, source = match["n"], UNITS[match["unit"]]
            value = Fraction(1) if words in ("a", "an") else number(words)
            if value is None:
                continue
            fact = conversion(value, source, UNITS[match["to"]], style_of(words))
            if fact is not None:
                facts.append((match.start(), match.end(), fact))
    return facts
