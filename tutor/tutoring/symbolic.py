"""SymPy behind our own parser: what plain fractions cannot decide, such as letters and irrational roots.

Only trees of `expressions` come in, so SymPy never reads text; their size is bounded before it is asked. Sums of plain
numbers do not come here: Python's fractions give the same exact result a hundred times sooner.
"""

from fractions import Fraction
from typing import Any, Final

from tutor.tutoring import expressions as ex

MAX_DEGREE: Final = 6
MAX_LETTERS: Final = 3
MAX_POWER: Final = 4
"""Of one exponent on anything with a letter or root in it."""


def same(left: ex.Node, right: ex.Node) -> bool | None:
    """Whether two trees are equal for every value of their letters; None for letters that make it depend.

    Raises UnreadableError beyond the bounds, and for roots of negative numbers.
    """
    if len(ex.letters(left) | ex.letters(right)) > MAX_LETTERS:
        raise ex.UnreadableError("too many letters")
    if _degree(left) > MAX_DEGREE or _degree(right) > MAX_DEGREE:
        raise ex.UnreadableError("degree too high")
    import sympy  # costs half a second, and few sentences need it

    a, b = _expression(left), _expression(right)
    if any(side.has(sympy.zoo, sympy.nan, sympy.oo) or side.is_real is False for side in (a, b)):
        raise ex.UnreadableError("not a number")
    difference = sympy.fraction(sympy.together(a - b))[0]
    difference = sympy.expand(difference)
    if difference == 0:
        return True
    if difference.free_symbols:
        return None
    return bool(abs(difference.evalf(40)) < sympy.Float("1e-30", 40))


def rational_roots(factors: list[Fraction]) -> list[Fraction]:
    """The rational roots of a polynomial, smallest first; [] when some real root is irrational.

    `factors`: of the powers, highest first.
    """
    import sympy

    polynomial = sympy.Poly.from_list([_rational(c) for c in factors], sympy.Symbol("x"))
    found = sympy.roots(polynomial, filter="Q")
    if len(found) < polynomial.count_roots():
        return []
    return sorted(Fraction(int(r.p), int(r.q)) for r in found)


def _rational(value: Fraction) -> Any:
    import sympy

    return sympy.Rational(value.numerator, value.denominator)


def _expression(node: ex.Node) -> Any:
    import sympy

    if isinstance(node, ex.Num):
        return _rational(node.value)
    if isinstance(node, ex.Var):
        return sympy.Symbol(node.name, positive=True)
    if isinstance(node, ex.Neg):
        return -_expression(node.inner)
    if isinstance(node, ex.Root):
        return sympy.sqrt(_expression(node.inner))
    if not _plain(node):
        left, right = _expression(node.left), _expression(node.right)
        if node.sign == "^":
            return left**right
        return left + right if node.sign == "+" else left - right if node.sign == "-" else _times(node, left, right)
    return _rational(ex.evaluate(node))


def _times(node: ex.Op, left: Any, right: Any) -> Any:
    return left * right if node.sign == "×" else left / right


def _plain(node: ex.Node) -> bool:
    """Whether only numbers and the four operations are in it (then our own bounds hold for the value)."""
    if isinstance(node, ex.Num):
        return True
    if isinstance(node, ex.Op):
        return _plain(node.left) and _plain(node.right)
    return isinstance(node, ex.Neg) and _plain(node.inner)


def _degree(node: ex.Node) -> int:
    """An upper bound of the degree, roots counted like letters. Raises UnreadableError for exponents out of bounds."""
    if isinstance(node, ex.Num):
        return 0
    if isinstance(node, ex.Var):
        return 1
    if isinstance(node, ex.Neg):
        return _degree(node.inner)
    if isinstance(node, ex.Root):
        return max(1, _degree(node.inner))
    if node.sign == "^" and not _plain(node):
        exponent = ex.evaluate(node.right)
        if exponent.denominator != 1 or not 0 <= exponent <= MAX_POWER:
            raise ex.UnreadableError("an exponent beyond the bounds")
        return _degree(node.left) * int(exponent)
    if node.sign in "+-":
        return max(_degree(node.left), _degree(node.right))
    return _degree(node.left) + _degree(node.right)
