"""Exact numbers in the forms that children write: whole numbers, decimals, fractions, mixed numbers, money."""

import re
from fractions import Fraction
from typing import Final

MAX_DIGITS: Final = 12
"""Longest number that is read, in digits."""

PLAIN: Final = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
"""A number without a sign: 12, 1,250, 3.5, .5"""

NUMBER: Final = rf"-?(?:\d{{1,6}} \d{{1,4}}/\d{{1,4}}|\d{{1,9}}/\d{{1,9}}|{PLAIN})"
"""Any number: also 3/4, 2 1/2, -7."""

_MIXED = re.compile(r"(-?)(\d+) (\d+)/(\d+)")
_RATIO = re.compile(r"(-?)(\d+)/(\d+)")


def number(text: str) -> Fraction | None:
    """The exact value of a written number, None when it is not one or too long."""
    text = text.strip()
    if not text or sum(c.isdigit() for c in text) > 2 * MAX_DIGITS or len(text) > 40:
        return None
    if match := _MIXED.fullmatch(text):
        sign, whole, top, bottom = match.groups()
        if int(bottom) == 0:
            return None
        value = int(whole) + Fraction(int(top), int(bottom))
        return -value if sign else value
    if match := _RATIO.fullmatch(text):
        sign, top, bottom = match.groups()
        if int(bottom) == 0:
            return None
        return Fraction(int(sign + top), int(bottom))
    if not re.fullmatch(rf"-?(?:{PLAIN})", text):
        return None
    return Fraction(text.replace(",", ""))


def style_of(text: str) -> str:
    """whole | decimal | fraction: the form that a number was written in."""
    return "fraction" if "/" in text else "decimal" if "." in text else "whole"


def terminates(value: Fraction, places: int = 6) -> bool:
    """Whether a value can be written with at most `places` decimals."""
    return bool((value * 10**places).denominator == 1)


def decimal(value: Fraction, places: int = 0) -> str:
    """A terminating value as decimal with at least `places` decimals: 3.5, 0.25, 12, 3.50."""
    scale = max(places, 0)
    while (value * 10**scale).denominator != 1:
        scale += 1
        if scale > 30:
            raise ValueError("not a terminating decimal")
    digits = str(abs(int(value * 10**scale))).rjust(scale + 1, "0")
    sign = "-" if value < 0 else ""
    return sign + (f"{digits[:-scale]}.{digits[-scale:]}" if scale else digits)


def mixed(value: Fraction) -> str:
    """A value as whole number, fraction or mixed number: 7/8, 1 1/4, -2 1/2."""
    if value.denominator == 1:
        return str(value.numerator)
    whole, rest = divmod(abs(value.numerator), value.denominator)
    sign = "-" if value < 0 else ""
    return sign + (f"{whole} {rest}/{value.denominator}" if whole else f"{rest}/{value.denominator}")


def ratio(top: int, bottom: int) -> str:
    """A fraction exactly as given, not reduced."""
    return f"{top}/{bottom}"


def shown(value: Fraction, style: str) -> str:
    """A value in the form that fits the problem: decimals stay decimals, fractions fractions."""
    if value.denominator == 1:
        return str(value.numerator)
    if style != "fraction" and terminates(value, 4):
        return decimal(value)
    return mixed(value)


def money(pounds: Fraction, sign: str = "£") -> str:
    """Money: £4.75, 45p, £12. A value that is no whole number of pence is written as a plain decimal or fraction."""
    if pounds < 0:
        return "-" + money(-pounds, sign)
    if sign == "£" and 0 < pounds < 1 and (pounds * 100).denominator == 1:
        return f"{pounds * 100}p"
    if pounds.denominator == 1:
        return f"{sign}{pounds}"
    if (pounds * 100).denominator == 1:
        return sign + decimal(pounds, 2)
    return sign + shown(pounds, "decimal")
