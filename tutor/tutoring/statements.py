"""Statements in a tutor's sentence: `3/4 = 6/8`, "15% of 80 is 12", "2 hours = 120 minutes", as values to compare."""

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from tutor.tutoring import clocks, numbers, reading
from tutor.tutoring import expressions as ex
from tutor.tutoring.units import UNITS, Unit

MAX_STATEMENTS: Final = 24

_UNIT_NAMES: Final = "|".join(sorted((*(n for n in UNITS if n != "in"), "cent", "cents"), key=len, reverse=True))
_PERCENT: Final = Unit("percent", Fraction(1, 100), "per cent", "per cent", "%")
_MORE: Final = "bigger|greater|larger|more|higher|longer|heavier"
_LESS: Final = "smaller|less|lower|fewer|shorter|lighter"
_VERY: Final = "(?:much |a bit |a little |also |still )?"

_RELATIONS: Final[tuple[tuple[str, str], ...]] = (
    ("!=", r"≠|\\neq?\b|\b(?:is|are|does|do)(?: not|n't)(?: equal(?: to)?| make| give| the same as)?(?! \w+ than)\b"),
    (">", rf">|\b(?:is|are) {_VERY}(?:{_MORE}) than\b"),
    ("<", rf"<|\b(?:is|are) {_VERY}(?:{_LESS}) than\b"),
    ("~", r"≈|\b(?:is|are)? ?(?:about|roughly|nearly|almost|close to)\b"),
    ("=", r"="),
    (
        "is",
        r"\b(?:is|are)(?: also| just| exactly)? (?:equal to|equivalent to|the same as)\b|\b(?:equals?"
        r"|makes?|made|comes to|adds up to|add up to)\b"
        r"|\bgives?(?: you| us)?\b|\bleaves?\b|\bgets? (?:you|us)\b|\b(?:is|are)(?: also| just| exactly)?\b",
    ),
)
_RELATION = "|".join(f"(?P<r{i}>{pattern})" for i, (_, pattern) in enumerate(_RELATIONS))
TOKEN: Final = re.compile(
    rf"(?P<relation>{_RELATION})"
    rf"|(?P<quantity>(?:[£$€] ?)?(?:\d{{1,6}} \d{{1,4}}/\d{{1,4}}(?![\d/^]|\.\d)"
    rf"|\d{{1,9}}/\d{{1,9}}(?![\d^]|[.,]\d|/\d)|{numbers.PLAIN}))"
    rf"(?P<unit> ?(?:%|per ?cent\b|(?:{_UNIT_NAMES})\b(?! ?\()))?"
    r"|(?P<remainder>\b(?:remainder|rem|r)\b(?= ?\d))"
    r"|(?P<of>\bof\b)"
    r"|(?P<op>[-+*/÷^√()])"
    r"|(?P<gap>_+|\[ ?\]|\?(?= ?[-+*÷=]))"
    r"|(?P<letter>(?<![a-z'])[b-hj-z](?![a-z'])|(?<=\d)[a-z](?![a-z'])|(?<![a-z'])a(?= ?[-+*/÷=^)]))"
    r"|(?P<space> +)"
)
_NO_NOUN: Final = (
    r"(?!(?:plus|minus|times|equals?|makes?|gives?|and|is|are|of|rem|remainder|over|to|or|per|so|then|but|get|gets|we|you"
    r"|gallons?|pints?|dozens?|cups?|quarts?|miles?|ounces?|oz|lbs?"
    rf"|{_UNIT_NAMES})\b)"
)
_NOUN = re.compile(rf"(?<=\d) {_NO_NOUN}[a-z]{{2,14}}(?: {_NO_NOUN}[a-z]{{2,14}})?(?= [-+*÷=] ?[\d£$(])")
_TOGETHER = re.compile(
    rf"(?<![\d/.])(£?(?:{numbers.NUMBER})p?) and (£?(?:{numbers.NUMBER})p?)(?= (?:together )?(?:makes?\b"
    rf"|adds? up to|gives?\b))"
)
_AFTER = re.compile(
    r"\s*(?:more|less|fewer|bigger|smaller|greater|larger|times|tens?|hundreds?|thousands?|units?|ones"
    r"|apart|away|steps?|"
    r"too|out|digits?|short|off|left|groups?|lots|parts?|pieces?|halves|quarters?|thirds?|fifths?|eighths?|tenths?|"
    r"hundredths?|equal|sets?|jumps?|rows?|numbers?|ways?|bars?|or|and \d)\b"
)
_CLOCK = re.compile(r"\b\d{1,2}:\d{2}\b")
_BULLET = re.compile(r"(?m)^\s*(?:[-*•]|\d{1,2}[.)]|step \d{1,2}[.:)]?)\s+")
_DASH = re.compile(r"(?<=[a-z]{3}) - (?=[\d(£a-z])")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, None for a plain one."""

    value: Fraction
    unit: Unit | None = None

    @property
    def base(self) -> Fraction:
        return self.value * self.unit.size if self.unit else self.value


Item = tuple[str, str, Quantity | None]
"""Kind, text, value of a quantity."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One relation between two neighbouring sides of a chain."""

    left: tuple[Item, ...]
    relation: str
    right: tuple[Item, ...]
    before: str
    """What stands before the left side."""
    after: str
    """What follows the right side."""
    text: str


def prepare(text: str) -> str:
    """Plain text in which statements are looked for."""
    plain = reading.plain(_BULLET.sub("", text.replace("—", " ; ")))
    plain = re.sub(r"\*(?=\d)(?<![\d )]\*)|(?<=\d)\*(?=\s*(?:$|[.,;](?!\d)))", " ", plain)
    plain = clocks.as_minutes(_CLOCK.sub("#", plain))
    plain = _NOUN.sub("", plain)
    plain = _DASH.sub(
        lambda m: m[0] if re.search(rf"\d ?(?:{_UNIT_NAMES})$", plain[max(0, m.start() - 12) : m.start()]) else " ; ",
        plain,
    )
    return _TOGETHER.sub(r"\1 + \2", plain)


def items_of(plain: str, letters: frozenset[str] = frozenset()) -> list[list[tuple[Item, int, int]]]:
    """Runs of maths tokens with their places. A letter in `letters` after a number is an unknown, not a unit."""
    runs: list[list[tuple[Item, int, int]]] = []
    run: list[tuple[Item, int, int]] = []
    at = 0
    while at < len(plain):
        match = TOKEN.match(plain, at)
        if match is None or match.end() == at:
            if run:
                runs.append(run)
            run = []
            at += 1
            # never start inside a word
            while at < len(plain) and plain[at].isalpha() and plain[at - 1].isalpha():
                at += 1
            continue
        end = match.end()
        kind = next(
            k
            for k in ("relation", "quantity", "remainder", "of", "op", "gap", "letter", "space")
            if match[k] is not None
        )
        if kind == "relation":
            name = next(n for i, (n, _) in enumerate(_RELATIONS) if match[f"r{i}"] is not None)
            run.append((("relation", name, None), at, end))
        elif kind == "quantity":
            quantity, end = _quantity(match, letters)
            run.append((("quantity", plain[at:end].strip(), quantity), at, end))
        elif kind != "space":
            run.append(((kind, match[0], None), at, end))
        at = end
    if run:
        runs.append(run)
    return runs


def _quantity(match: re.Match[str], letters: frozenset[str]) -> tuple[Quantity | None, int]:
    words, unit_words = match["quantity"], (match["unit"] or "")
    body = words[: len(words) - len(unit_words)].strip() if unit_words and words.endswith(unit_words) else words
    name = unit_words.strip()
    end = match.end()
    if name in letters or (len(name) == 1 and name in "hst" and unit_words == name):
        name, end = "", match.end() - len(unit_words)
    value = numbers.number(body.lstrip("£$€ "))
    if value is None:
        return None, end
    if body[0] in "£$€":
        return Quantity(value, UNITS["pound"]), end
    if not name:
        return Quantity(value), end
    return Quantity(value, _PERCENT if name in ("%", "percent", "per cent") else UNITS.get(name, UNITS["p"])), end


def statements_in(plain: str, letters: frozenset[str] = frozenset()) -> list[Statement]:
    """Every pair of sides with a relation between them, at most `MAX_STATEMENTS`."""
    found: list[Statement] = []
    for run in items_of(plain, letters):
        sides: list[list[tuple[Item, int, int]]] = [[]]
        relations: list[str] = []
        for entry in run:
            if entry[0][0] == "relation":
                relations.append(entry[0][1])
                sides.append([])
            else:
                sides[-1].append(entry)
        for i, relation in enumerate(relations):
            left, right = sides[i], sides[i + 1]
            if not left or not right:
                continue
            found.append(
                Statement(
                    left=tuple(e[0] for e in left),
                    relation=relation,
                    right=tuple(e[0] for e in right),
                    before=plain[max(0, left[0][1] - 24) : left[0][1]],
                    after=plain[right[-1][2] : right[-1][2] + 24],
                    text=plain[left[0][1] : right[-1][2]].strip(),
                )
            )
            if len(found) >= MAX_STATEMENTS:
                return found
    return found


def loose(statement: Statement) -> bool:
    """Whether a word such as "is" joins the sides but claims no equality: "13 is 3 more than 10", "40 is 4 tens"."""
    return statement.relation == "is" and bool(_AFTER.match(statement.after))


class Evaluator:
    """Works out one side. Raises UnreadableError for what is no expression, or out of bounds."""

    def __init__(self, items: tuple[Item, ...], values: dict[str, Fraction]) -> None:
        self.items = items
        self.values = values
        self.at = 0
        self.depth = 0

    def whole(self) -> Quantity:
        if len(self.items) > ex.MAX_TOKENS:
            raise ex.UnreadableError("too long")
        result = self.sum()
        if self.at != len(self.items):
            raise ex.UnreadableError("something is left over")
        return result

    def peek(self) -> Item:
        return self.items[self.at] if self.at < len(self.items) else ("end", "", None)

    def sum(self) -> Quantity:
        self.depth += 1
        if self.depth > ex.MAX_DEPTH:
            raise ex.UnreadableError("too deep")
        left = self.product()
        while self.peek()[0] == "op" and self.peek()[1] in "+-":
            sign = self.items[self.at][1]
            self.at += 1
            left = _joined(sign, left, self.product())
        self.depth -= 1
        return left

    def product(self) -> Quantity:
        left = self.signed()
        while True:
            kind, text, _ = self.peek()
            if kind == "of" or (kind == "op" and text in "*/÷"):
                self.at += 1
                sign = "÷" if kind == "op" and text != "*" else "×"
                left = _scaled(sign, left, self.signed(), of=kind == "of")
            elif kind in ("letter", "gap") or (kind == "op" and text in "(√"):
                left = _scaled("×", left, self.power(), of=False)
            else:
                return left

    def signed(self) -> Quantity:
        if self.peek()[:2] == ("op", "-"):
            self.at += 1
            self.depth += 1
            if self.depth > ex.MAX_DEPTH:
                raise ex.UnreadableError("too deep")
            inner = self.signed()
            self.depth -= 1
            return Quantity(-inner.value, inner.unit)
        return self.power()

    def power(self) -> Quantity:
        base = self.atom()
        if self.peek()[:2] == ("op", "^"):
            self.at += 1
            return Quantity(ex.apply("^", base.value, self.atom().value))
        return base

    def atom(self) -> Quantity:
        kind, text, quantity = self.peek()
        self.at += 1
        if kind == "quantity" and quantity is not None:
            return quantity
        if kind in ("letter", "gap"):
            name = text if kind == "letter" else "__"
            if name not in self.values:
                raise UnknownError(name)
            return Quantity(self.values[name])
        if (kind, text) == ("op", "√"):
            if "/" in self.peek()[1]:
                raise ex.UnreadableError("a root of a part of a fraction, or of all of it")
            return Quantity(ex.root(self.atom().value))
        if (kind, text) == ("op", "("):
            inner = self.sum()
            if self.peek()[:2] != ("op", ")"):
                raise ex.UnreadableError("a bracket is open")
            self.at += 1
            return inner
        raise ex.UnreadableError("something is missing")


class UnknownError(ex.UnreadableError):
    """A letter or a gap whose value nobody knows."""


def _joined(sign: str, left: Quantity, right: Quantity) -> Quantity:
    if left.unit and right.unit and left.unit != right.unit:
        if left.unit.kind != right.unit.kind:
            raise ex.UnreadableError("different units")
        return Quantity(ex.apply(sign, left.base, right.base) / left.unit.size, left.unit)
    return Quantity(ex.apply(sign, left.value, right.value), left.unit or right.unit)


def _scaled(sign: str, left: Quantity, right: Quantity, *, of: bool) -> Quantity:
    if sign == "×" and left.unit is _PERCENT and right.unit is _PERCENT:
        return Quantity(ex.apply("×", left.base, right.base))
    if sign == "×" and (left.unit is _PERCENT) != (right.unit is _PERCENT):
        part, whole = (left, right) if left.unit is _PERCENT else (right, left)
        return Quantity(ex.apply("×", part.base, whole.value), whole.unit)
    if sign == "÷" and left.unit and left.unit == right.unit:
        return Quantity(ex.apply("÷", left.value, right.value))
    if left.unit and right.unit and left.unit is not _PERCENT and right.unit is not _PERCENT:
        if left.unit == right.unit and sign == "×" and f"sq{left.unit.short}" in UNITS:
            return Quantity(ex.apply("×", left.value, right.value), UNITS[f"sq{left.unit.short}"])
        if sign == "÷" and left.unit.kind == "area" and left.unit == UNITS.get(f"sq{right.unit.short}"):
            return Quantity(ex.apply("÷", left.value, right.value), right.unit)
        if sign == "÷" or left.unit.kind == right.unit.kind:
            raise ex.UnreadableError("units of another kind")
        return Quantity(ex.apply(sign, left.value, right.value))
    return Quantity(ex.apply(sign, left.value, right.value), left.unit or right.unit)
