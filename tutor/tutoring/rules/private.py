"""The guidelines and the notes are for the tutor: they are not read out, whoever asks and in whatever role."""

from collections.abc import Sequence
from typing import Final

from tutor.domain import Lesson
from tutor.domain_lessons import Wish
from tutor.tutoring import brief
from tutor.tutoring.guidelines import DEFAULT, lesson_text
from tutor.tutoring.once import once_a_lesson
from tutor.tutoring.rules import asking
from tutor.tutoring.rules.patterns import compiled
from tutor.tutoring.rules.sight import Encode, Sight
from tutor.tutoring.rules.texts import plain_words

KIND: Final = "guidelines"
"""What a `RuleCheck` calls this rule, which holds in every lesson."""
_RUN: Final = 5
"""Words in a row of a teacher's own that are no chance."""
_OUR_RUN: Final = 7
"""The same of the program's, which are made of common words."""
Runs = frozenset[tuple[str, ...]]
_MARKS: Final = compiled("private", "marks")
_ASKS: Final = compiled("private", "asks")
_RULES_OF: Final = compiled("private", "rules_of_something")
_OVERRIDES: Final = compiled("private", "overrides")


def asks_to_read(words: str, encode: Encode | None = None) -> bool:
    """Whether a learner's message asks for the guidelines themselves. `encode` finds it in more words."""
    plain = words.casefold().replace("’", "'")[:2000]
    if _RULES_OF.search(plain) is not None:
        return False
    return _ASKS.search(plain) is not None or asking.asks("read_out", words, encode)


def overrides(words: str, encode: Encode | None = None) -> bool:
    """Whether a message tries to put the guidelines out of force; they hold all the same."""
    plain = words.casefold().replace("’", "'")[:2000]
    return _OVERRIDES.search(plain) is not None or asking.asks("override", words, encode)


def broken(text: str, before: Sequence[str], sight: Sight) -> str | None:
    """`words in a row` when a sentence, or it and the one before, repeats what is meant for the tutor alone."""
    if _MARKS.search(text):
        return "notes"
    words = plain_words(text)
    theirs, ours = _private(sight.lesson)
    if not (theirs.isdisjoint(_runs(words, _RUN)) and ours.isdisjoint(_runs(words, _OUR_RUN))):
        return "words in a row"
    return None


@once_a_lesson
def _private(lesson: Lesson) -> tuple[Runs, Runs]:
    """Runs of what a teacher wrote for the tutor, and of what the program says to it; not what learners are shown."""
    shown = [lesson.title, lesson.summary, *lesson.skills, *lesson.objectives, *lesson.fallbacks.values()]
    shown += [g.note for g in lesson.guidelines]
    for i in lesson.items:
        shown += [i.question, *i.hints, *i.steps, *i.choices, *(m.say for m in i.misconceptions)]
    theirs = [g.text for g in lesson.guidelines if isinstance(g, Wish)]
    theirs += [m.why for i in lesson.items for m in i.misconceptions]
    ours = [lesson_text(lesson)[len(DEFAULT) :], DEFAULT, *brief.ORDERS.values()]
    return _all_runs(theirs, _RUN) - _all_runs(shown, _RUN), _all_runs(ours, _OUR_RUN) - _all_runs(shown, _OUR_RUN)


def _all_runs(texts: Sequence[str], length: int) -> Runs:
    lines = [line for text in texts for line in text.splitlines()]
    return frozenset[tuple[str, ...]]().union(*(_runs(plain_words(line), length) for line in lines))


def _runs(words: Sequence[str], length: int) -> Runs:
    return frozenset(tuple(words[n : n + length]) for n in range(len(words) - length + 1))
