"""Equations with one unknown: undone step by step where the unknown stands once, collected where it stands often."""

from fractions import Fraction

from tutor.domain import Fact
from tutor.tutoring import expressions as ex
from tutor.tutoring import hints, symbolic
from tutor.tutoring.numbers import shown
from tutor.tutoring.worked import style

MAX_DEGREE = 4
Polynomial = dict[int, Fraction]
"""Power of the unknown to its factor."""


def polynomial(node: ex.Node) -> Polynomial:
    """The tree as polynomial in its one unknown. Raises UnreadableError when it is none, or of high degree."""
    if isinstance(node, ex.Num):
        return {0: node.value}
    if isinstance(node, ex.Var):
        return {1: Fraction(1)}
    if isinstance(node, ex.Neg):
        return {power: -c for power, c in polynomial(node.inner).items()}
    if isinstance(node, ex.Root):
        return {0: ex.evaluate(node)}
    left = polynomial(node.left)
    if node.sign == "^":
        exponent = ex.evaluate(node.right)
        if exponent.denominator != 1 or not 0 <= exponent <= MAX_DEGREE:
            raise ex.UnreadableError("an exponent beyond the bounds")
        result: Polynomial = {0: Fraction(1)}
        for _ in range(int(exponent)):
            result = _product(result, left)
        return result
    right = polynomial(node.right)
    if node.sign in "+-":
        sign = 1 if node.sign == "+" else -1
        return {p: left.get(p, Fraction(0)) + sign * right.get(p, Fraction(0)) for p in left.keys() | right.keys()}
    if node.sign == "×":
        return _product(left, right)
    if {p for p, c in right.items() if c} - {0} or not right.get(0):
        raise ex.UnreadableError("a letter below the line")
    return {p: c / right[0] for p, c in left.items()}


def _product(left: Polynomial, right: Polynomial) -> Polynomial:
    result: Polynomial = {}
    for p, c in left.items():
        for q, d in right.items():
            if p + q > MAX_DEGREE and c and d:
                raise ex.UnreadableError("degree too high")
            result[p + q] = result.get(p + q, Fraction(0)) + c * d
            if max(abs(result[p + q].numerator), result[p + q].denominator) > ex.MAX_RESULT:
                raise ex.UnreadableError("too big")
    return result


def solutions(left: ex.Node, right: ex.Node) -> list[Fraction]:
    """All rational solutions, smallest first; [] when there are none, all numbers or irrational ones."""
    a, b = polynomial(left), polynomial(right)
    difference = {p: a.get(p, Fraction(0)) - b.get(p, Fraction(0)) for p in a.keys() | b.keys()}
    difference = {p: c for p, c in difference.items() if c}
    degree = max(difference, default=0)
    if degree == 0:
        return []
    if degree == 1:
        return [-difference.get(0, Fraction(0)) / difference[1]]
    if degree == 2:
        return _quadratic(*(difference.get(p, Fraction(0)) for p in (2, 1, 0)))
    return symbolic.rational_roots([difference.get(p, Fraction(0)) for p in range(degree, -1, -1)])


def _quadratic(a: Fraction, b: Fraction, c: Fraction) -> list[Fraction]:
    try:
        spread = ex.root(b * b - 4 * a * c)
    except ex.UnreadableError:
        return []
    return sorted({(-b - spread) / (2 * a), (-b + spread) / (2 * a)})


def equation(left: ex.Node, right: ex.Node, question: str = "") -> Fact:
    """The fact for an equation with one unknown (a letter, or `__` for a gap). Raises UnreadableError."""
    names = ex.letters(left) | ex.letters(right)
    if len(names) != 1:
        raise ex.UnreadableError("not one unknown")
    (name,) = names
    question = question or f"{ex.render(left)} = {ex.render(right)}"
    form = _form(left, right)
    count = _count(left) + _count(right)
    if count == 1:
        holder, other = (left, right) if _count(left) else (right, left)
        topic = "missing" if name == "__" else "equations"
        value, lines, last = _undo(holder, ex.evaluate(other), form, name)
        values = [value]
        if _squared(holder) and value > 0 and name != "__":
            values = [-value, value]
    else:
        topic = "collected"
        values = solutions(left, right)
        if not values:
            raise ex.UnreadableError("no solution of ours")
        lines, last = _collect(left, right, values, form, name)
    if any(v.denominator > 1000 or abs(v) > 10**9 for v in values):
        raise ex.UnreadableError("too big")
    if len(values) > 1:
        answer = " or ".join(f"{name} = {shown(v, form)}" for v in reversed(values))
        lines = [line for line in lines if not line.startswith(f"{name} =")] + [answer]
    else:
        text = shown(values[0], form)
        answer = text if name == "__" else f"{name} = {text}"
    if name == "__":
        filled = question.replace("__", f"({shown(values[0], form)})" if values[0] < 0 else shown(values[0], form))
        lines = [line for line in lines if "__" not in line] + [filled]
    given = [leaf.value for leaf in ex.leaves(left) + ex.leaves(right)]
    if not last:
        topic = "swapped" if count == 1 else "collected"
    found = hints.graded(topic, question, values, given, x=name, last=last)
    return Fact(
        kind="equation", question=question, answer=answer, steps=tuple(lines[-7:]), hints=found, topic="equations"
    )


def _form(left: ex.Node, right: ex.Node) -> str:
    forms = {style(left), style(right)}
    return "decimal" if "decimal" in forms else "fraction"


def _count(node: ex.Node) -> int:
    if isinstance(node, ex.Var):
        return 1
    if isinstance(node, (ex.Neg, ex.Root)):
        return _count(node.inner)
    return _count(node.left) + _count(node.right) if isinstance(node, ex.Op) else 0


def _squared(node: ex.Node) -> bool:
    return (
        isinstance(node, ex.Op) and node.sign == "^" and isinstance(node.left, ex.Var) and ex.evaluate(node.right) == 2
    )


_UNDO = {"+": "-", "-": "+", "×": "÷", "÷": "×"}
_WORDS = {"+": "adding {n}", "-": "taking away {n}", "×": "multiplying by {n}", "÷": "dividing by {n}"}


def _undo(node: ex.Node, value: Fraction, form: str, name: str) -> tuple[Fraction, list[str], str]:
    """Peel the operations off the unknown. Returns its value, the lines, and the first operation to undo in words."""
    lines: list[str] = []
    first = ""

    def text(v: Fraction) -> str:
        words = shown(v, form)
        return f"({words})" if words.startswith("-") else words

    while not isinstance(node, ex.Var):
        if isinstance(node, ex.Neg):
            node, value = node.inner, -value
            lines.append(f"{ex.render(node)} = {shown(value, form)}")
            continue
        if not isinstance(node, ex.Op):
            raise ex.UnreadableError("a root of the unknown")
        if node.sign == "^":
            if not _squared(node):
                raise ex.UnreadableError("a power of the unknown")
            value = ex.root(value)
            lines += [
                f"{shown(value, form)} × {shown(value, form)} = {shown(value * value, form)}",
                f"{name} = {shown(value, form)}",
            ]
            return value, lines, first if lines[2:] else "squaring"
        in_left = bool(_count(node.left))
        inner, known = (node.left, node.right) if in_left else (node.right, node.left)
        n = ex.evaluate(known)
        if in_left or node.sign in "+×":
            sign, x, y = _UNDO[node.sign], value, n
            words = _WORDS[node.sign].format(n=ex.render(known))
        else:  # 10 - x = 4 and 24 ÷ x = 6
            sign, x, y = node.sign, n, value
            words = ""
        if not lines:
            first = words
        result = ex.apply(sign, x, y)
        sum_words = f"{shown(x, form)} {sign} {text(y)}"
        letter = ex.render(inner)
        if name == "__":
            lines.append(f"{sum_words} = {shown(result, form)}")
        else:
            lines += [f"{letter} = {sum_words}", f"{letter} = {shown(result, form)}"]
        node, value = inner, result
    return value, lines, first


def _term(p: Polynomial, form: str, name: str) -> str:
    """A polynomial as written in class: `2x² - 3x + 6`."""
    words = ""
    for power in sorted(p, reverse=True):
        c = p[power]
        if not c:
            continue
        size = shown(abs(c), form)
        letter = "" if power == 0 else name if power == 1 else name + {2: "²", 3: "³"}.get(power, f"^{power}")
        if letter and abs(c) == 1:
            size = ""
        elif letter and "/" in size:
            size += " × "
        words += (" - " if c < 0 else " + ") + size + letter if words else ("-" if c < 0 else "") + size + letter
    return words or "0"


def _collect(left: ex.Node, right: ex.Node, values: list[Fraction], form: str, name: str) -> tuple[list[str], str]:
    """Lines for an unknown that stands more than once."""
    a, b = polynomial(left), polynomial(right)
    lines = []
    expanded = f"{_term(a, form, name)} = {_term(b, form, name)}"
    if expanded != f"{ex.render(left)} = {ex.render(right)}":
        lines.append(expanded)
    difference = {p: a.get(p, Fraction(0)) - b.get(p, Fraction(0)) for p in a.keys() | b.keys()}
    if max((p for p, c in difference.items() if c), default=0) == 1:
        c, d = difference[1], -difference.get(0, Fraction(0))
        if c < 0:
            c, d = -c, -d
        lines.append(f"{_term({1: c}, form, name)} = {shown(d, form)}")
        if c != 1:
            lines.append(f"{name} = {shown(d, form)} ÷ {shown(c, form)}")
            lines.append(f"{name} = {shown(values[0], form)}")
        return lines, ""
    zero = f"{_term(difference, form, name)} = 0"
    if zero not in (*lines, f"{ex.render(left)} = {ex.render(right)}"):
        lines.append(zero)
    if len(values) == 2 and difference.get(2) == 1 and all(v.denominator == 1 for v in values) and len(difference) == 3:
        lines.append("".join(f"({_term({1: Fraction(1), 0: -v}, form, name)})" for v in reversed(values)) + " = 0")
    if len(values) == 1:
        lines.append(f"{name} = {shown(values[0], form)}")
    return lines, ""
