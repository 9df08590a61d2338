"""Cube roots worked in steps; square roots are expressions."""

import re
from fractions import Fraction
from typing import Final

from tutor.domain import Fact
from tutor.tutoring import found

CUBE: Final = re.compile(
    r"(?:\b(?:cube|cubed|3rd) ?root (?:of )?|∛ ?)\(?(?P<n>\d{1,7})(?![\d/.])|\bcbrt ?\(?(?P<m>\d{1,7})(?![\d/.])"
)


def _cube(match: re.Match[str]) -> Fact | None:
    n = int(match["n"] or match["m"])
    root = round(n ** (1 / 3))
    if n < 1 or root**3 != n:
        return None
    steps = [f"{root} × {root} = {root * root}", f"{root * root} × {root} = {n}", f"{root}³ = {n}"]
    return found.fact(
        "expression", "roots", f"cube root of {n}", str(root), steps,
        hint="cube_root", answers=[Fraction(root)], given=[Fraction(n)], a=n,
    )  # fmt: skip


def found_in(text: str) -> found.Found:
    """Cube roots asked for in plain text, with their place."""
    return found.matched(text, [(CUBE, _cube)]) if "root" in text or "∛" in text or "cbrt" in text else []
