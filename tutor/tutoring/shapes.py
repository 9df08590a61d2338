"""Perimeter, area and missing sides of rectangles, squares and triangles, worked in steps."""

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from tutor.domain import Fact
from tutor.tutoring import found
from tutor.tutoring.numbers import terminates

_SHAPE = (
    r"(?P<shape>rectangles?|rectangel|rectangal|rectange|rectagle|oblong|squares?|triangles?|triangel|trianlge)\b"
    r"(?! ?(?:root|numbers?|number|cent|cm|mm|km|met|unit|inch|feet|foot|of \d))"
)
_UNIT = r"(?:millimet(?:re|er)s?|centimet(?:re|er)s?|kilomet(?:re|er)s?|met(?:re|er)s?|mm|cms?|km|m)"
_TOKEN: Final = re.compile(
    rf"(?P<quantity>(?<![\w.£:/])\d{{1,6}}(?:\.\d{{1,3}})?(?! ?[%:/]))(?: ?(?P<unit>sq(?:mm|cm|km|m)|{_UNIT})\b)?"
    rf"|\b{_SHAPE}"
    r"|\b(?P<area>area|aera|arae)\b|\b(?P<perimeter>perimeter|perimiter|perimetre|parimeter|perimter|distance around)\b"
    r"|\b(?P<asked>missing (?:side|length|width|height)|other (?:side|length)|(?:how|what) (?:long|wide|tall|high))\b"
    r"|\b(?P<label>sides?|width|wide|length|long|height|high|tall|base|breadth)\b"
    r"|(?P<stop>[?;\n]|[.,] |[.,]$)|(?P<word>[a-z']+)|(?P<sign>\S)"
)
_WORDS: Final = re.compile(
    r"(?:a|an|the|of|is|its|it's|it|are|with|and|by|x|that|this|which|has|have|whose|being|each|equal|all|what|whats"
    r"|find|work|out|for|measuring|measures|measure|perpendicular|in|if|i|know|calculate|how|to|one|same|right|angled"
    r"|angle|equilateral|where|me|get|do|does|be|was|given|wat|wats|wots|thats|that's|you|u|when|my)"
)
_BY = re.compile(rf"\d ?(?:{_UNIT})?(?: by | ?x ?| ?\* ?)\d")
_SIGNS: Final = frozenset("*=:,(-&)")
_UNITS: Final = {"c": "cm", "k": "km"}
MAX_PIECES: Final = 4


@dataclass(slots=True)
class _Read:
    """What a clause says: `given` holds an area or a perimeter whose value is told."""

    shape: str
    asked: str
    lengths: list[Fraction]
    area: Fraction | None
    perimeter: Fraction | None
    unit: str
    start: int
    end: int
    equilateral: bool


def _unit(words: str | None) -> str:
    if not words:
        return ""
    if words.startswith("sq"):
        return words[2:]
    return "mm" if words.startswith(("mm", "mil")) else _UNITS.get(words[0], "m")


def _read(piece: str) -> list[_Read]:
    """The problem of a piece of text, two for area and perimeter; none where it tells a story or says too little."""
    tokens = list(_TOKEN.finditer(piece))
    weighty = [
        i
        for i, m in enumerate(tokens)
        if m.lastgroup in ("quantity", "unit", "shape", "area", "perimeter", "asked", "label")
    ]
    shapes = {m["shape"][:3] for m in tokens if m["shape"]}
    if not shapes and _BY.search(piece):
        shapes = {"rec"}  # "area 5cm by 3cm"
    if len(shapes) != 1 or not weighty or len(tokens) > 80:
        return []
    inside = tokens[weighty[0] : weighty[-1] + 1]
    if any((m["word"] and not _WORDS.fullmatch(m["word"])) or (m["sign"] and m["sign"] not in _SIGNS) for m in inside):
        return []
    said = {"area": False, "perimeter": False}
    values: dict[str, Fraction] = {}
    lengths: list[Fraction] = []
    units = set()
    near = ""  # the area or perimeter that the next number may be the value of
    asked = ""
    for i, m in enumerate(inside):
        following = inside[i + 1] if i + 1 < len(inside) else None
        if m["area"] or m["perimeter"]:
            near = "area" if m["area"] else "perimeter"
            said[near] = True
        elif m["quantity"]:
            value = Fraction(m["quantity"])
            if m["unit"]:
                units.add(_unit(m["unit"]))
            if value == 1 and not m["unit"] and following is not None and (following["label"] or following["shape"]):
                continue  # "one side"
            by = following is not None and (following["word"] in ("by", "x") or following["sign"] == "*")
            if m["unit"] and m["unit"].startswith("sq"):
                values["area"] = value
            elif near and not by and near not in values and not (following is not None and following["shape"]):
                values[near] = value
            elif following is not None and following["perimeter"] and "perimeter" not in values and not by:
                values["perimeter"] = value
            else:
                lengths.append(value)
            near = ""
        elif m["shape"] or m["label"]:
            near = ""
            if m["label"] and not lengths:
                asked = asked or m["label"]
        elif m["asked"]:
            asked, near = m["asked"], ""
    if len(units) > 1 or any(v <= 0 for v in (*lengths, *values.values())):
        return []
    targets = [name for name in ("area", "perimeter") if said[name] and name not in values]
    targets = targets or ["side"] * bool(values)
    shape = {"squ": "square", "tri": "triangle"}.get(shapes.pop(), "rectangle")
    unit, start, end = units.pop() if units else "", inside[0].start(), inside[-1].end()
    return [
        _Read(
            shape=shape, asked=target, lengths=lengths, area=values.get("area"), perimeter=values.get("perimeter"),
            unit=unit, start=start + i, end=start + i + 1 if i + 1 < len(targets) else end,
            equilateral="equilateral" in piece,
        )
        for i, target in enumerate(targets)
    ]  # fmt: skip


class _Writer:
    """Amounts as text: lengths with their unit, areas with its square."""

    def __init__(self, unit: str) -> None:
        self.unit = unit

    def length(self, value: Fraction) -> str:
        return f"{found.plainly(value)} {self.unit}".strip()

    def area(self, value: Fraction) -> str:
        return f"{found.plainly(value)} {self.unit}²" if self.unit else found.plainly(value)


def _fact(read: _Read) -> Fact | None:
    if read.shape == "square":
        return _square(read)
    if read.shape == "triangle":
        return _triangle(read)
    return _rectangle(read)


def _made(
    question: str, answer: str, result: Fraction, steps: list[str], hint: str, given: list[Fraction], **words: object
) -> Fact | None:
    if not terminates(result, 4) or result > 10**9:
        return None
    topic = "area" if "area" in question else "perimeter"
    return found.fact(
        "shape", topic, question, answer, steps, hint=hint, answers=[result], given=given, **words
    )  # fmt: skip


def _rectangle(read: _Read) -> Fact | None:
    say = _Writer(read.unit)
    if read.asked != "side":
        if len(read.lengths) != 2 or read.area or read.perimeter:
            return None
        a, b = read.lengths
        x, y = say.length(a), say.length(b)
        question = f"{read.asked} of a rectangle {x} by {y}"
        if read.asked == "area":
            answer = say.area(a * b)
            return _made(question, answer, a * b, [f"{x} × {y} = {answer}"], "area_rectangle", [a, b], a=x, b=y)
        half, result = say.length(a + b), say.length(2 * (a + b))
        steps = [f"{x} + {y} = {half}", f"2 × {half} = {result}"]
        return _made(question, result, 2 * (a + b), steps, "perimeter_rectangle", [a, b], a=x, b=y)
    if len(read.lengths) != 1 or (read.area is not None and read.perimeter is not None):
        return None
    side = read.lengths[0]
    x = say.length(side)
    if read.area is not None:
        whole, other = say.area(read.area), read.area / side
        question = f"missing side of a rectangle with area {whole} and side {x}"
        answer = say.length(other)
        given = [read.area, side]
        return _made(question, answer, other, [f"{whole} ÷ {x} = {answer}"], "side_area", given, a=whole, b=x)
    if read.perimeter is None or read.perimeter <= 2 * side:
        return None
    round_, half = say.length(read.perimeter), say.length(read.perimeter / 2)
    other = read.perimeter / 2 - side
    question = f"missing side of a rectangle with perimeter {round_} and side {x}"
    answer = say.length(other)
    steps = [f"{round_} ÷ 2 = {half}", f"{half} - {x} = {answer}"]
    return _made(question, answer, other, steps, "side_perimeter", [read.perimeter, side], a=round_, b=x)


def _square(read: _Read) -> Fact | None:
    say = _Writer(read.unit)
    if read.asked != "side":
        if not read.lengths or len(read.lengths) > 2 or len(set(read.lengths)) > 1 or read.area or read.perimeter:
            return None
        side = read.lengths[0]
        x = say.length(side)
        question = f"{read.asked} of a square with side {x}"
        if read.asked == "area":
            answer = say.area(side * side)
            return _made(question, answer, side * side, [f"{x} × {x} = {answer}"], "area_square", [side], a=x)
        answer = say.length(4 * side)
        return _made(question, answer, 4 * side, [f"4 × {x} = {answer}"], "perimeter_square", [side], a=x)
    if read.lengths or (read.area is not None and read.perimeter is not None):
        return None
    if read.perimeter is not None:
        whole, result = say.length(read.perimeter), read.perimeter / 4
        question = f"side of a square with perimeter {whole}"
        answer = say.length(result)
        return _made(question, answer, result, [f"{whole} ÷ 4 = {answer}"], "side_square", [read.perimeter], a=whole)
    if read.area is None:
        return None
    root = next((Fraction(n) for n in range(1, 1001) if n * n == read.area), None)
    if root is None:
        return None
    whole, answer = say.area(read.area), say.length(root)
    question = f"side of a square with area {whole}"
    return _made(question, answer, root, [f"{answer} × {answer} = {whole}"], "side_square_area", [read.area], a=whole)


def _triangle(read: _Read) -> Fact | None:
    say = _Writer(read.unit)
    if read.asked == "area" and len(read.lengths) == 2 and not read.perimeter:
        a, b = read.lengths
        x, y = say.length(a), say.length(b)
        answer = say.area(a * b / 2)
        steps = [f"{x} × {y} = {say.area(a * b)}", f"{say.area(a * b)} ÷ 2 = {answer}"]
        question = f"area of a triangle with base {x} and height {y}"
        return _made(question, answer, a * b / 2, steps, "area_triangle", [a, b], a=x, b=y)
    if read.asked == "perimeter":
        sides = read.lengths * 3 if len(read.lengths) == 1 and read.equilateral else read.lengths
        if len(sides) != 3 or 2 * max(sides) >= sum(sides):
            return None
        shown = [say.length(s) for s in sides]
        answer = say.length(sum(sides, Fraction(0)))
        question = f"perimeter of a triangle with sides {found.in_words(shown)}"
        steps = [f"{' + '.join(shown)} = {answer}"]
        return _made(
            question, answer, sum(sides, Fraction(0)), steps, "perimeter_triangle", sides, a=found.in_words(shown)
        )
    if read.asked != "side":
        return None
    if read.area is not None and len(read.lengths) == 1 and read.perimeter is None:
        base, result = read.lengths[0], 2 * read.area / read.lengths[0]
        whole, x, twice = say.area(read.area), say.length(base), say.area(2 * read.area)
        question = f"height of a triangle with area {whole} and base {x}"
        answer = say.length(result)
        steps = [f"2 × {whole} = {twice}", f"{twice} ÷ {x} = {answer}"]
        return _made(question, answer, result, steps, "height_triangle", [read.area, base], a=whole, b=x)
    if read.perimeter is not None and len(read.lengths) == 2 and read.area is None:
        a, b = read.lengths
        result = read.perimeter - a - b
        if result <= 0 or 2 * max(a, b, result) >= read.perimeter:
            return None
        whole, x, y, answer = say.length(read.perimeter), say.length(a), say.length(b), say.length(result)
        question = f"missing side of a triangle with perimeter {whole} and sides {x} and {y}"
        steps = [f"{x} + {y} = {say.length(a + b)}", f"{whole} - {say.length(a + b)} = {answer}"]
        return _made(
            question, answer, result, steps, "side_triangle", [read.perimeter, a, b], a=whole, b=f"{x} and {y}"
        )
    return None


def found_in(text: str) -> found.Found:
    """Problems about shapes in plain text, with their place: one a sentence, or one told over several sentences."""
    if not re.search(r"\b(?:a\w{1,2}a|p[ae]rim\w+|around)\b", text) or not re.search(r"\d", text):
        return []
    facts: found.Found = []
    at = 0
    for piece in re.split(r"(?<=[?;\n])|(?<=[.!] )", text[:600])[:MAX_PIECES]:
        facts += _one(piece, at)
        at += len(piece)
    return facts or _one(text[:300], 0)


def _one(piece: str, at: int) -> found.Found:
    made = [(read, _fact(read)) for read in _read(piece)]
    return [(at + read.start, at + read.end, fact) for read, fact in made if fact]
