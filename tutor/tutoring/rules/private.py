"""The guidelines and the notes are for the tutor: they are not read out, whoever asks and in whatever role."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from tutor.domain import Lesson
from tutor.domain_lessons import Wish
from tutor.tutoring import brief
from tutor.tutoring.guidelines import DEFAULT, lesson_text
from tutor.tutoring.rules.patterns import compiled
from tutor.tutoring.rules.sight import Sight
from tutor.tutoring.rules.texts import plain_words

KIND: Final = "guidelines"
"""What a `RuleCheck` calls this rule, which holds in every lesson."""
_RUN: Final = 5
"""Words in a row that are no chance."""
_MARKS: Final = compiled("private", "marks")
_ASKS: Final = compiled("private", "asks")
_RULES_OF: Final = compiled("private", "rules_of_something")
_OVERRIDES: Final = compiled("private", "overrides")


def asks_to_read(words: str) -> bool:
    """Whether a learner's message asks for the guidelines themselves."""
    plain = words.casefold().replace("’", "'")[:2000]
    return _ASKS.search(plain) is not None and _RULES_OF.search(plain) is None


def overrides(words: str) -> bool:
    """Whether a message tries to put the guidelines out of force; they hold all the same."""
    return _OVERRIDES.search(words.casefold().replace("’", "'")[:2000]) is not None


def broken(text: str, before: Sequence[str], sight: Sight) -> str | None:
    """`words in a row` when a sentence, or it and the one before, repeats what is meant for the tutor alone."""
    if _MARKS.search(text):
        return "notes"
    runs = secret_runs(sight)
    if not runs.isdisjoint(_runs(plain_words(text))):
        return "words in a row"
    return None


def secret_runs(sight: Sight) -> frozenset[tuple[str, ...]]:
    return _private(_texts(sight.lesson))


def _texts(lesson: Lesson) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is private and what learners are shown anyway."""
    shown = [lesson.title, lesson.summary, *lesson.skills, *lesson.objectives, *lesson.fallbacks.values()]
    shown += [g.note for g in lesson.guidelines]
    shown += [
        t
        for i in lesson.items
        for t in (i.question, *i.hints, *i.steps, *i.choices, *(m.say for m in i.misconceptions))
    ]
    secret = [lesson_text(lesson)[len(DEFAULT) :], DEFAULT, *brief.ORDERS.values()]
    secret += [g.text for g in lesson.guidelines if isinstance(g, Wish)]
    secret += [m.why for i in lesson.items for m in i.misconceptions]
    return tuple(secret), tuple(shown)


@lru_cache(maxsize=16)
def _private(texts: tuple[tuple[str, ...], tuple[str, ...]]) -> frozenset[tuple[str, ...]]:
    secret, shown = texts
    runs = frozenset[tuple[str, ...]]().union(
        *(_runs(plain_words(line)) for text in secret for line in text.splitlines())
    )
    return runs.difference(*(_runs(plain_words(text)) for text in shown))


def _runs(words: Sequence[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(words[n : n + _RUN]) for n in range(len(words) - _RUN + 1))
