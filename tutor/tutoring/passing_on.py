"""Where words that must be said go into a reply: a hint once it is led up to, steps before an explanation ends.

A small tutor is trained to lead up to a hint in words of its own, and to pass the hint on as it stands.
"""

import re
from collections.abc import Sequence
from typing import Final

_LED_UP: Final = re.compile(r"[.!:?…]\s*$")
_ENDED: Final = re.compile(r"[.!?…]\s*$")
NOT_RIGHT: Final = r"\bnot\b|n['’]t\b"
"""What is said of a wrong attempt before the step to check."""
_GOES_ON: Final = ("now", "then", "next", "after", "going", "first", "second", "here", "finally")
"""Words with which the next step is led up to."""
_SPACE: Final = re.compile(r"\s+")
_WORD: Final = re.compile(r"\S+")
_BEGUN: Final = 3
"""Words of a line by which one sees that it was begun."""


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


def steps_left(said: str, comes: str, steps: Sequence[str]) -> str:
    """The steps that an explanation left out, where it would end, or say its answer; "" elsewhere."""
    if comes and not (comes[:1] in " \n" and _ENDED.search(said)):
        return ""
    word = comes.strip().lower()
    if word and any(one.startswith(word) for one in _GOES_ON):
        return ""
    left = [step for step in steps if not _said(step, said)]
    if not left or len(left) == len(steps):
        return ""  # words of another kind, which the checks of the move are for
    stop = "" if not said.strip() or said.rstrip()[-1] in ".!?:;" else "."
    return f"{stop} Then {'; '.join(left)}."


def goes_in_circles(said: str, comes: str, steps: Sequence[str]) -> bool:
    """Whether another step is led up to, or a comma promises one, where an explanation has said them all."""
    pause = comes[:1] in (",", ";")
    if not steps or not (pause or comes.strip().lower() in _GOES_ON):
        return False
    if not all(_said(step, said) for step in steps):
        return False
    there = _SPACE.sub("", said)
    return not pause or any(there.endswith(_SPACE.sub("", step)) for step in steps)


def without(text: str, said: str, mark: str) -> str:
    """A text with `mark` in the place of what is said, once, where it stands whole."""
    begins = r"(?<![\w.,/:])" if said[:1].isalnum() else r"(?<![\w.,/])"
    ends = r"(?![\w²³%°]|[.,:/]\d)" if said[-1:].isalnum() else r"(?!\w)"
    return re.sub(rf"{begins}{re.escape(said)}{ends}", mark, text, count=1, flags=re.IGNORECASE)


def _said(step: str, text: str) -> bool:
    """Whether a step stands there whole: `x = 2` is not said where `x = 20` or `x = 2 × 5` is."""
    spaced = r"\s*".join(map(re.escape, _SPACE.sub("", step)))
    return re.search(rf"(?<![\w.]){spaced}(?!\w|[.,/:]\d|\s*[+×÷*/-])", text) is not None


def _begun(text: str, line: str) -> int:
    """Characters of the line with which the text ends, at a word's end."""
    ends = [word.end() for word in _WORD.finditer(line)]
    low, wanted = text.lower(), line.lower()
    for count in range(len(ends) - 1, _BEGUN - 1, -1):
        end = ends[count - 1]
        if low.endswith(wanted[:end]) and not low[:-end][-1:].isalnum():
            return end
    return 0
