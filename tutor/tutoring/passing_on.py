"""Where a line that must be said goes into a reply: once it is led up to, or begun.

A small tutor is trained to lead up to a hint in words of its own, and to pass the hint on as it stands.
"""

import re
from typing import Final

_LED_UP: Final = re.compile(r"[.!:?…]\s*$")
NOT_RIGHT: Final = r"\bnot\b|n['’]t\b"
"""What is said of a wrong attempt before the step to check."""
_WORD: Final = re.compile(r"\S+")
BEGUN: Final = 3
"""Words of a line by which one sees that it was begun."""
SAID: Final = "\N{BLACK SQUARE}"
"""Stands where something of the notes was said."""
_OWN: Final = re.compile(r"[a-z]+(?:'[a-z]+)?|[^\s,.?!;:'\"]")
"""A word, or a sign that words have none of."""


def rest(said: str, comes: str, line: str, until: str = "") -> str:
    """What is still to be put down of a line at this place, "" where it is not this place.

    `said`: the reply so far; `comes`: what would be said next, "" for its end. `until`: words one of which has to
    stand before the line, as a regular expression.
    """
    text = said.rstrip()
    if comes[:1] not in ("", " ", "\n"):
        return ""  # in the middle of a word or a number
    if begun := _begun(text, line):
        return line[begun:]
    if (comes and not _LED_UP.search(text)) or (until and not re.search(until, text, re.IGNORECASE)):
        return ""
    return line if said[-1:].isspace() else f" {line}"


def without(text: str, said: str, mark: str) -> str:
    """A text with `mark` in the place of what is said, once, where it stands whole."""
    begins = r"(?<![\w.,/:])" if said[:1].isalnum() else r"(?<![\w.,/])"
    ends = r"(?![\w²³%°]|[.,:/]\d)" if said[-1:].isalnum() else r"(?!\w)"
    return re.sub(rf"{begins}{re.escape(said)}{ends}", mark, text, count=1, flags=re.IGNORECASE)


def foreign(rest: str, own: frozenset[str]) -> bool:
    """Whether words or signs besides `own` are left of a text in small letters."""
    return any(word not in own for word in _OWN.findall(rest))


def _begun(text: str, line: str) -> int:
    """Characters of the line with which the text ends, at a word's end."""
    ends = [word.end() for word in _WORD.finditer(line)]
    low, wanted = text.lower(), line.lower()
    for count in range(len(ends) - 1, BEGUN - 1, -1):
        end = ends[count - 1]
        if low.endswith(wanted[:end]) and not low[:-end][-1:].isalnum():
            return end
    return 0
