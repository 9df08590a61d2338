"""What stands on every page and is no text of its own: running heads, feet, page numbers."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

_EDGE: Final = 2
"""Lines at the top and at the bottom of a page that may be such."""
_SHARE: Final = 0.4
"""Of the pages; a book's left and right pages differ."""
_FEWEST: Final = 3
_DIGITS: Final = re.compile(r"\d+")
_NUMBER: Final = re.compile(
    r"^\W*(?:(?:page|seite|p\.)\s*)?(?:\d{1,4}|[ivxlc]{1,7})(?:\s*(?:/|of|von)\s*\d{1,4})?\W*$", re.IGNORECASE
)


def without(pages: Sequence[Sequence[str]], large: frozenset[str] = frozenset()) -> list[list[int]]:
    """For each page the numbers of the lines that are text. `pages`: lines, none of them empty.

    `large`: lines in large type, such as `Chapter 3`; their numbers tell them apart.
    """

    def key(line: str) -> str:
        return line.casefold() if line in large else _DIGITS.sub("#", line.casefold())

    seen = Counter(each for lines in pages for each in {key(lines[at]) for at in _edges(lines)})
    numbered = sum(any(_NUMBER.match(lines[at]) for at in _edges(lines)) for lines in pages)
    most = max(_FEWEST, round(_SHARE * len(pages)))
    numbers_go = len(pages) > 1 and numbered * 2 > len(pages)
    kept = []
    for lines in pages:
        edges = _edges(lines)
        dropped = {
            at
            for at in edges
            if (len(pages) >= _FEWEST and seen[key(lines[at])] >= most) or (numbers_go and _NUMBER.match(lines[at]))
        }
        kept.append([at for at in range(len(lines)) if at not in dropped])
    return kept


def _edges(lines: Sequence[str]) -> set[int]:
    last = len(lines)
    return {at for at in (*range(_EDGE), *range(last - _EDGE, last)) if 0 <= at < last}
