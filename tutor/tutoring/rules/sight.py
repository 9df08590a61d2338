"""What the checks of guidelines see besides the text: the lesson, where the turn stands, the passages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tutor.domain import Fact, Lesson, Move, Passage, TutoringState
from tutor.domain_lessons import Scope, Words
from tutor.tutoring.once import once_a_lesson
from tutor.tutoring.rules.answers import Key, key_of
from tutor.tutoring.rules.texts import plain_words, stems

Encode = Callable[[Sequence[str]], Any]
"""Texts to rows of length 1, so that products are cosines."""


@dataclass(frozen=True)
class Sight:
    """One turn. Made once, read by every check of it."""

    lesson: Lesson
    state: TutoringState = field(default_factory=TutoringState)
    """Before the turn for what comes in, after it for what goes out."""
    move: Move | None = None
    words: str = ""
    """The learner's."""
    facts: tuple[Fact, ...] = ()
    passages: tuple[Passage, ...] = ()
    unlocked: frozenset[str] = frozenset()
    """Items whose answers may be said."""
    right: bool | None = None
    """Whether the learner's attempt of this turn is right; None where there was none."""
    given: str = ""
    """Words of people that the turn passes on: a hint, a correction, the item's text."""
    encode: Encode | None = field(default=None, compare=False)

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """Of the items whose answers must not be said, the one that is worked on first."""
        locked = [item for item in self.lesson.items if item.id not in self.unlocked]
        locked.sort(key=lambda item: item.id != self.state.item)
        return tuple(key_of(item) for item in locked)

    def passes_on(self, text: str) -> bool:
        """Whether a text is word for word of what people gave the turn to say."""
        said = " ".join(plain_words(text))
        return bool(said) and said in " ".join(plain_words(self.given))

    @property
    def open_work(self) -> bool:
        """Whether a problem waits for the learner."""
        return self.state.problem is not None and not self.state.solved

    @property
    def vocabulary(self) -> frozenset[str]:
        """Stems of everything that the lesson is about."""
        return vocabulary_of(self.lesson)

    @cached_property
    def passage_stems(self) -> tuple[frozenset[str], ...]:
        return tuple(stems(f"{p.heading} {p.text}") for p in self.passages)


@once_a_lesson
def vocabulary_of(lesson: Lesson) -> frozenset[str]:
    """Stems of everything that a lesson is about."""
    texts = [lesson.title, lesson.summary, *lesson.skills, *lesson.objectives]
    texts += [m.title for m in lesson.materials]
    for item in lesson.items:
        texts += [item.question, item.skill, item.answer, *item.choices, *item.accepted, *item.hints, *item.steps]
    for guideline in lesson.guidelines:
        texts += guideline.topics if isinstance(guideline, Scope) else ()
        texts += guideline.required if isinstance(guideline, Words) else ()
    return frozenset().union(*(stems(text) for text in texts))
