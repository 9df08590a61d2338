"""Lines of a page made into paragraphs again: where a line goes on in the next one, and where it ends."""

import re
from collections.abc import Sequence
from typing import Final

_ENDS: Final = (".", "!", "?", ":", ";", "”", "’", '"', ")", "…")
_BULLET: Final = re.compile(r"^(?:[•‣▪◦●○■□–—*·-]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+")
_FULL: Final = 0.75
"""Of the usual width; a shorter line is the last of its paragraph."""


def paragraphs(lines: Sequence[str]) -> list[str]:
    """Lines (empty ones part paragraphs) to paragraphs, each with its own line breaks still inside.

    Rows of a table and of a list stay lines of their own.
    """
    width = _usual(lines)
    made: list[list[str]] = []
    before = ""
    for line in lines:
        if not line.strip():
            before = ""
            continue
        if before and _goes_on(before, line, width):
            made[-1].append(line)
        else:
            made.append([line])
        before = line
    return ["\n".join(each) for each in made]


def _usual(lines: Sequence[str]) -> int:
    """Characters of a full line: the longest but for a few."""
    lengths = sorted(len(line) for line in lines if line.strip())
    return lengths[int(len(lengths) * 0.9)] if lengths else 0


def _goes_on(before: str, line: str, width: int) -> bool:
    if _BULLET.match(line):
        return False
    if before.endswith(("-", "‐")) and line[:1].islower():
        return True
    full = len(before) >= _FULL * width
    if line[:1].islower():
        return full or not before.endswith(_ENDS)
    return full and not (before.endswith((".", "!", "?", ":")) and len(before) < 0.9 * width)
