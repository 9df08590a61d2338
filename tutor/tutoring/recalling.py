"""Which remembered correction may be said now, and whether a reply says it: nothing that must be withheld gets through.

Exact facts come before corrections. What a correction says about the way to do a problem may go with a hint.
"""

import re
from collections.abc import Sequence
from typing import Final

from tutor.domain import Fact, Move, Remembered
from tutor.tutoring import brief, reading
from tutor.tutoring.reveals import reveals_answer

WAYS: Final = frozenset({"method", "explanation", "style"})
"""Kinds of corrections that say how something is done or said, not what the answer is."""
WITH_A_WAY: Final = frozenset({Move.ASK_ATTEMPT, Move.HINT, Move.EXPLAIN})
"""Moves that the way to do it may go with."""

_NOT: Final = re.compile(r"\b(?:not|no|never|nobody|none|nothing|without|cannot)\b|n['’]t\b", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\d+(?:[.,:/]\d+)*")
_NAME: Final = re.compile(r"(?<=[a-z0-9,;] )[A-Z][\w'’-]+")
_LONGER: Final = 1.6
_ROOM: Final = 15
"""A reply may have so many times the words of what it passes on, and so many more."""


def answering(
    remembered: Sequence[Remembered], facts: Sequence[Fact], problem: Fact | None, *, story: bool, give_answers: bool
) -> Remembered | None:
    """The likeliest correction that answers the message itself; None where exact facts or the open `problem` forbid it.

    `story`: a word problem that nobody could work; only how to go about it is told, unless answers may be given.
    """
    for known in remembered:
        if facts and (known.kind != "scope" or any(_tells(known.answer, fact) for fact in facts)):
            continue
        if story and not give_answers and known.kind not in WAYS:
            continue
        if problem is not None and _tells(known.answer, problem):
            continue
        return known
    return None


def our_way(remembered: Sequence[Remembered], move: Move, fact: Fact | None) -> Remembered | None:
    """The likeliest correction about the way to do it that may go with this move; it must not hold the answer."""
    if fact is None or move not in WITH_A_WAY:
        return None
    ways = (known for known in remembered if known.kind in WAYS)
    return next((known for known in ways if move is Move.EXPLAIN or not _tells(known.answer, fact)), None)


def _tells(answer: str, fact: Fact) -> bool:
    return bool(fact.answer) and reveals_answer(answer, fact)


def one_line(answer: str) -> str:
    """An accepted answer as one line of the notes, whatever its line breaks."""
    return " ".join(answer.split())


def passes_on(reply: str, answer: str) -> bool:
    """Whether a reply says what an accepted answer says: its words, numbers and names, no denial more or less.

    And little beside: a reply that goes on says things that nobody accepted.
    """
    plain, wanted = reading.signs(reply), reading.signs(answer)
    if not brief.says(plain, wanted) or len(reply.split()) > _LONGER * len(answer.split()) + _ROOM:
        return False
    if set(_NUMBER.findall(reply)) != set(_NUMBER.findall(answer)):
        return False
    if len(_NOT.findall(reply)) != len(_NOT.findall(answer)):
        return False
    said = reply.casefold()
    return all(name.casefold() in said for name in _NAME.findall(answer))
