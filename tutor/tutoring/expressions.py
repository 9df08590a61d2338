"""Arithmetic as a small tree: our own tokens, a whitelist parser, exact evaluation, all within bounds.

No text ever reaches `eval` or SymPy's parser. Bounds: characters, tokens, depth, digits, exponent, size of a result.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from tutor.tutoring import numbers

MAX_TOKENS: Final = 60
MAX_DEPTH: Final = 12
MAX_EXPONENT: Final = 12
MAX_RESULT: Final = 10**15


class UnreadableError(Exception):
    """Not an expression of ours, or beyond the bounds."""


@dataclass(frozen=True, slots=True)
class Num:
    value: Fraction
    text: str
    unit: str = ""
    """"" or a currency sign; the value is in its main unit."""


@dataclass(frozen=True, slots=True)
class Var:
    name: str


@dataclass(frozen=True, slots=True)
class Op:
    sign: str
    """+ - × ÷ ^"""
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Neg:
    inner: "Node"


@dataclass(frozen=True, slots=True)
class Root:
    inner: "Node"


Node = Num | Var | Op | Neg | Root

TOKEN = re.compile(
    rf"(?P<mixed>\d{{1,6}} \d{{1,4}}/\d{{1,4}}(?![\d/^]|\.\d))"
    rf"|(?P<fraction>\d{{1,9}}/\d{{1,9}}(?![\d^]|[.,]\d|/\d))"
    rf"|(?P<money>[£$€] ?(?:{numbers.PLAIN}))"
    rf"|(?P<pence>\d{{1,6}} ?p\b(?! ?[=(]))"
    rf"|(?P<number>{numbers.PLAIN})"
    r"|(?P<op>[-+*/÷^√()=<>])"
    r"|(?P<gap>_+|\[ ?\]|\?(?= ?[-+*÷=]))"
    r"|(?P<letter>(?<![a-z'])[a-hj-z](?![a-z'])|(?<=\d)[a-z](?![a-z]))"
    r"|(?P<space> +)"
)


def tokens(text: str) -> list[tuple[str, str]]:
    """Kind and text of each token of plain text (see `reading.plain`). Raises UnreadableError."""
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None or match.end() == at:
            raise UnreadableError(f"unknown sign at {at}")
        kind = match.lastgroup or ""
        if kind != "space":
            found.append((kind, match[0]))
            if len(found) > MAX_TOKENS:
                raise UnreadableError("too long")
        at = match.end()
    return found


class _Parser:
    def __init__(self, items: list[tuple[str, str]]) -> None:
        self.items = items
        self.at = 0
        self.depth = 0

    def peek(self) -> tuple[str, str]:
        return self.items[self.at] if self.at < len(self.items) else ("end", "")

    def take(self) -> tuple[str, str]:
        item = self.peek()
        self.at += 1
        return item

    def sum(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise UnreadableError("too deep")
        left = self.product()
        while self.peek() in (("op", "+"), ("op", "-")):
            left = Op(self.take()[1], left, self.product())
        self.depth -= 1
        return left

    def product(self) -> Node:
        left = self.signed()
        while True:
            kind, text = self.peek()
            if (kind, text) in (("op", "*"), ("op", "/"), ("op", "÷")):
                self.take()
                left = Op("×" if text == "*" else "÷", left, self.signed())
            elif kind in ("letter", "gap") or text in ("(", "√"):  # 2x, 3(x + 1)
                if isinstance(left, Num) and left.unit:
                    raise UnreadableError("a letter after money")
                left = Op("×", left, self.power())
            else:
                return left

    def signed(self) -> Node:
        if self.peek() == ("op", "-"):
            self.take()
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise UnreadableError("too deep")
            inner = self.signed()
            self.depth -= 1
            return Num(-inner.value, f"-{inner.text}", inner.unit) if isinstance(inner, Num) else Neg(inner)
        return self.power()

    def power(self) -> Node:
        base = self.atom()
        if self.peek() == ("op", "^"):
            self.take()
            exponent = self.atom()
            if self.peek() == ("op", "^"):
                raise UnreadableError("a tower of powers")
            return Op("^", base, exponent)
        return base

    def atom(self) -> Node:
        kind, text = self.take()
        if kind in ("number", "fraction", "mixed"):
            return Num(_value(text), text)
        if kind == "money":
            return Num(_value(text[1:]), text[1:].strip(), text[0])
        if kind == "pence":
            return Num(_value(text[:-1]) / 100, text, "£")
        if kind == "letter":
            return Var(text)
        if kind == "gap":
            return Var("__")
        if (kind, text) == ("op", "√"):
            if self.peek()[0] in ("fraction", "mixed"):
                raise UnreadableError("a root of a part of a fraction, or of all of it")
            return Root(self.atom())
        if (kind, text) == ("op", "("):
            inner = self.sum()
            if self.take() != ("op", ")"):
                raise UnreadableError("a bracket is open")
            return inner
        raise UnreadableError("something is missing")


def _value(text: str) -> Fraction:
    if sum(c.isdigit() for c in text) > numbers.MAX_DIGITS:
        raise UnreadableError("too many digits")
    value = numbers.number(text)
    if value is None:
        raise UnreadableError("not a number")
    return value


def parse(items: list[tuple[str, str]]) -> Node:
    """The tree of one expression. Raises UnreadableError."""
    parser = _Parser(items)
    node = parser.sum()
    if parser.at != len(items):
        raise UnreadableError("something is left over")
    return node


def apply(sign: str, left: Fraction, right: Fraction) -> Fraction:
    """One exact operation. Raises UnreadableError: division by zero, or beyond the bounds."""
    if sign == "÷" and right == 0:
        raise UnreadableError("division by zero")
    if sign == "^":
        if right.denominator != 1 or not 0 <= right <= MAX_EXPONENT or (left == 0 and right == 0):
            raise UnreadableError("an exponent beyond the bounds")
        if max(abs(left.numerator), left.denominator) ** int(right) > MAX_RESULT:
            raise UnreadableError("too big")
        return left ** int(right)
    result = (
        left + right if sign == "+" else left - right if sign == "-" else left * right if sign == "×" else left / right
    )
    if max(abs(result.numerator), result.denominator) > MAX_RESULT:
        raise UnreadableError("too big")
    return result


def root(value: Fraction) -> Fraction:
    """The exact square root. Raises UnreadableError when it is not a number of ours."""
    if value < 0:
        raise UnreadableError("root of a negative number")
    from math import isqrt

    found = Fraction(isqrt(value.numerator), isqrt(value.denominator))
    if found * found != value:
        raise UnreadableError("not a square number")
    return found


def evaluate(node: Node) -> Fraction:
    """The exact value. Raises UnreadableError: letters in it, division by zero, beyond the bounds."""
    if isinstance(node, Num):
        return node.value
    if isinstance(node, Neg):
        return -evaluate(node.inner)
    if isinstance(node, Root):
        return root(evaluate(node.inner))
    if isinstance(node, Var):
        raise UnreadableError("a letter")
    return apply(node.sign, evaluate(node.left), evaluate(node.right))


def unit_of(node: Node) -> str:
    """The currency of the result, "" for a plain number. Raises UnreadableError for £ + 3 and £ x £."""
    if isinstance(node, Num):
        return node.unit
    if isinstance(node, Var):
        return ""
    if isinstance(node, (Neg, Root)):
        return unit_of(node.inner)
    left, right = unit_of(node.left), unit_of(node.right)
    if node.sign in "+-":
        if left != right:
            raise UnreadableError("different units")
        return left
    if node.sign == "×":
        if left and right:
            raise UnreadableError("money times money")
        return left or right
    if node.sign == "÷":
        if right and left != right:
            raise UnreadableError("different units")
        return "" if right else left
    if left or right:
        raise UnreadableError("a power of money")
    return ""


def letters(node: Node) -> set[str]:
    """Names of the unknowns."""
    if isinstance(node, Var):
        return {node.name}
    if isinstance(node, (Neg, Root)):
        return letters(node.inner)
    if isinstance(node, Op):
        return letters(node.left) | letters(node.right)
    return set()


def leaves(node: Node) -> list[Num]:
    """The numbers, left to right."""
    if isinstance(node, Num):
        return [node]
    if isinstance(node, (Neg, Root)):
        return leaves(node.inner)
    if isinstance(node, Op):
        return leaves(node.left) + leaves(node.right)
    return []


def operations(node: Node) -> list[str]:
    """The signs used, in writing order."""
    if isinstance(node, Op):
        return [*operations(node.left), node.sign, *operations(node.right)]
    if isinstance(node, (Neg, Root)):
        return ["-" if isinstance(node, Neg) else "√", *operations(node.inner)]
    return []


_RANK: Final = {"+": 1, "-": 1, "×": 2, "÷": 2, "^": 4}


def render(node: Node) -> str:
    """The tree as a child's textbook prints it: `3/4 + 1/8`, `2x + 3`, `4 × (2 + 3)`, `6²`."""
    if isinstance(node, Num):
        if node.unit == "£" and node.text.endswith("p"):
            return node.text.replace(" ", "")
        return (
            f"-{node.unit}{node.text[1:]}"
            if node.unit and node.text.startswith("-")
            else node.unit + node.text.replace(",", "")
        )
    if isinstance(node, Var):
        return node.name
    if isinstance(node, Neg):
        return f"-{_wrapped(node.inner, 3)}"
    if isinstance(node, Root):
        return f"√{_wrapped(node.inner, 5)}"
    rank = _RANK[node.sign]
    if node.sign == "^":
        power = render(node.right)
        base = _wrapped(node.left, 5)
        return base + {"2": "²", "3": "³"}.get(power, f"^{power}")
    if node.sign == "×" and not isinstance(node.right, Num) and not (isinstance(node.left, Var)):
        if isinstance(node.right, Var) and node.right.name != "__" and isinstance(node.left, Num):
            return f"{_wrapped(node.left, 3)}{node.right.name}"
        if isinstance(node.left, Num) and isinstance(node.right, Op) and letters(node.right):
            inner = render(node.right)
            return f"{node.left.text}{inner}" if node.right.sign == "^" else f"{node.left.text}({inner})"
    left, right = _wrapped(node.left, rank), _wrapped(node.right, rank + (node.sign in "-÷"))
    return f"{left} {node.sign} {right}"


def _wrapped(node: Node, rank: int) -> str:
    text = render(node)
    if isinstance(node, Op) and _RANK[node.sign] < rank:
        return f"({text})"
    if isinstance(node, Num) and node.text.startswith("-") and rank > 1:
        return f"({text})"
    if isinstance(node, Num) and "/" in node.text and rank >= 4:
        return f"({text})"
    return text
