"""Worked steps for fractions: common denominators, products, turning the divisor over, mixed numbers."""

from fractions import Fraction
from math import gcd

from tutor.tutoring.numbers import mixed


def _over(top: int, bottom: int) -> str:
    return f"{top}/{bottom}"


def improper(value: Fraction) -> str:
    """A fraction without whole part: 5/4; whole numbers as they are."""
    return str(value.numerator) if value.denominator == 1 else _over(value.numerator, value.denominator)


def tidy(top: int, bottom: int) -> list[str]:
    """From a fraction as computed to its simplest, mixed form."""
    value = Fraction(top, bottom)
    steps = []
    if gcd(top, bottom) > 1:
        steps.append(f"{_over(top, bottom)} = {improper(value)}")
    if value.denominator != 1 and abs(value) > 1:
        steps.append(f"{improper(value)} = {mixed(value)}")
    return steps


def _as_improper(a: Fraction, text: str) -> list[str]:
    return [f"{text} = {improper(a)}"] if " " in text else []


def work(sign: str, a: Fraction, b: Fraction, left: str = "", right: str = "") -> list[str]:
    """One operation on two fractions or whole numbers; the last step ends in the simplest form."""
    left, right = left or mixed(a), right or mixed(b)
    result = mixed(a + b if sign == "+" else a - b if sign == "-" else a * b if sign == "×" else a / b)
    if a < 0 or b < 0:
        return [f"{left} {sign} {f'({right})' if right.startswith('-') else right} = {result}"]
    steps = _as_improper(a, left) + _as_improper(b, right)
    if sign in "+-":
        steps += _sum(sign, a, b, left, right)
    elif sign == "×":
        top, bottom = a.numerator * b.numerator, a.denominator * b.denominator
        steps.append(f"{improper(a)} × {improper(b)} = {_over(top, bottom) if bottom > 1 else top}")
        steps += tidy(top, bottom) if bottom > 1 else []
    else:
        top, bottom = a.numerator * b.denominator, a.denominator * b.numerator
        turned = _over(b.denominator, b.numerator)
        steps.append(f"{improper(a)} ÷ {improper(b)} = {improper(a)} × {turned}")
        steps.append(f"{improper(a)} × {turned} = {_over(top, bottom)}")
        steps += tidy(top, bottom) if bottom > 1 else [f"{_over(top, bottom)} = {top}"]
    return steps


def _sum(sign: str, a: Fraction, b: Fraction, left: str, right: str) -> list[str]:
    bottom = a.denominator * b.denominator // gcd(a.denominator, b.denominator)
    x, y = int(a * bottom), int(b * bottom)
    steps = []
    for text, value, top in ((left, a, x), (right, b, y)):
        written = improper(value) if " " in text else text
        if bottom > 1 and written != _over(top, bottom):
            steps.append(f"{written} = {_over(top, bottom)}")
    top = x + y if sign == "+" else x - y
    line = f"{_over(x, bottom)} {sign} {_over(y, bottom)} = {_over(top, bottom)}"
    if bottom == 1:
        return [f"{x} {sign} {y} = {top}"]
    if top == 0:
        return [*steps, f"{_over(x, bottom)} {sign} {_over(y, bottom)} = 0"]
    return [*steps, line, *tidy(top, bottom)]


def of(part: Fraction, whole: Fraction, result: str, left: str, right: str) -> list[str]:
    """`2/3 of 12`: divide by the bottom, multiply by the top."""
    one = whole / part.denominator
    if part.denominator == 1 or one.denominator != 1:
        return [f"{improper(part)} × {right} = {improper(part * whole)}", f"{left} of {right} = {result}"]
    steps = [f"{right} ÷ {part.denominator} = {one}"]
    if part.numerator != 1:
        steps.append(f"{one} × {part.numerator} = {part * whole}")
    return [*steps, f"{left} of {right} = {result}"]
