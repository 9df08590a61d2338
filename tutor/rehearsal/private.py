"""Can the guidelines be read in an answer? Long runs of their words, or of the notes that only the tutor sees."""

import re
from typing import Final

from tutor.domain import Lesson
from tutor.tutoring import brief
from tutor.tutoring.guidelines import lesson_text

_RUN: Final = 7
"""Words in a row that are no chance."""
_WORD: Final = re.compile(r"\w+(?:['’]\w+)?")


class Private:
    """What nobody may read of a lesson: the guidelines and our orders, without what the learner is shown anyway."""

    def __init__(self, lesson: Lesson) -> None:
        shown = [lesson.title, lesson.summary, *lesson.skills, *lesson.objectives]
        shown += [text for item in lesson.items for text in (item.question, *item.hints, *item.steps)]
        shown += [*lesson.fallbacks.values(), *(g.note for g in lesson.guidelines)]
        kept = _runs(lesson_text(lesson)).union(*(_runs(order) for order in brief.ORDERS.values()))
        self._runs = kept.difference(*(_runs(text) for text in shown))

    def readable(self, text: str) -> bool:
        """Whether a text repeats seven words in a row of what is meant for the tutor alone."""
        if brief.OPENING.strip("[]").lower() in text.lower():
            return True
        return not self._runs.isdisjoint(_runs(text))


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = [word.lower() for word in _WORD.findall(text)]
    return frozenset(tuple(words[n : n + _RUN]) for n in range(len(words) - _RUN + 1))
