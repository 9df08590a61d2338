"""A lesson in order, with every kind of guideline, for tests to spoil."""

from typing import Any

import msgspec

from tutor.domain import Item, Lesson, Material, Misconception, Severity
from tutor.domain_lessons import (
    Assessment,
    AttemptFirst,
    Correctness,
    Escalation,
    Forbidden,
    HintLadder,
    Language,
    Length,
    Questions,
    ReadingLevel,
    Scope,
    Sources,
    Tone,
    Wish,
    Withhold,
    Words,
)

ITEM = Item(
    id="q1",
    question="What is half of 64?",
    answer="32",
    accepted=("thirty-two",),
    skill="halving",
    hints=("Share it into two equal parts.", "Halve the tens, then the ones."),
    steps=("Half of 60 is 30, half of 4 is 2.", "30 + 2 = 32"),
    misconceptions=(Misconception(answer="128", why="Doubled instead.", say="Should it get bigger or smaller?"),),
)
CHOICE = Item(
    id="q2",
    question="What turns a puddle into vapour?",
    answer="evaporation",
    choices=("evaporation", "condensation", "freezing"),
    hints=("Where does the water of a puddle go on a warm day?", "Think of what the sun does to it."),
)
LESSON = Lesson(
    key="halves",
    title="Halves and quarters",
    subject="maths",
    age_band="8-10",
    summary="You halve numbers and find quarters.",
    skills=("halving",),
    objectives=("Halve a two-digit number.",),
    guidelines=(
        Scope(topics=("fractions",)),
        Withhold(attempts=2, mastery=0.8),
        HintLadder(rungs=2),
        AttemptFirst(),
        Questions(),
        ReadingLevel(grade=5.0),
        Length(most_words=60),
        Words(required=("half|halve",), avoid=("stupid",)),
        Sources(severity=Severity.WARN),
        Tone(),
        Language(),
        Forbidden(topics=("football",)),
        Escalation(triggers=("tries", "words"), words=("I give up",), to="Ms Reed"),
        Assessment(begins="2040-01-15T09:00", ends="2040-01-15T10:00"),
        Correctness(),
        Wish(text="Use examples with food."),
    ),
    materials=(Material(name="halves.md", title="All about halves", licence="CC BY 4.0"),),
    items=(ITEM, CHOICE),
    fallbacks={"hint": "Look at the tens first. What is half of them?"},
    author="The maths team",
    licence="CC BY 4.0",
)


def changed(lesson: Lesson = LESSON, /, **fields: Any) -> Lesson:
    return msgspec.structs.replace(lesson, **fields)


def with_item(**fields: Any) -> Lesson:
    """The lesson with its first item spoilt."""
    return changed(items=(msgspec.structs.replace(ITEM, **fields), CHOICE))


def with_rules(*rules: Any) -> Lesson:
    return changed(guidelines=rules)
