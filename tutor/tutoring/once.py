"""What follows from a lesson's words alone, made once while they are the same."""

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import Final, TypeVar

from tutor.domain import Lesson
from tutor.lessons import content

T = TypeVar("T")

_MOST: Final = 16
"""Lessons that are kept."""


def once_a_lesson(make: Callable[[Lesson], T]) -> Callable[[Lesson], T]:
    """Keep what `make` gives for the lessons that were asked for last."""
    kept: OrderedDict[bytes, T] = OrderedDict()

    @wraps(make)
    def made(lesson: Lesson) -> T:
        key = content.to_json(lesson)
        if key in kept:
            return kept[key]
        found = make(lesson)
        kept[key] = found
        while len(kept) > _MOST:
            kept.pop(next(iter(kept)), None)
        return found

    return made
