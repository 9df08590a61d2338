"""Whether a lesson is fit to be published: every problem, at its field, in words. Quick enough for every key press."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from tutor.domain import AgeBand, Lesson, Move
from tutor.i18n import tr
from tutor.lessons import check_guidelines, check_items
from tutor.lessons.faults import Fault
from tutor.lessons.sameness import holds, number_of, tidy

SUBJECTS: Final = ("maths", "science", "language", "history", "geography", "study_skills", "other")
MOST: Final = {
    "skills": 30,
    "objectives": 30,
    "guidelines": 40,
    "materials": 20,
    "items": 200,
    "accepted": 60,
    "choices": 12,
    "hints": 12,
    "steps": 30,
    "misconceptions": 20,
    "topics": 100,
    "required": 100,
    "avoid": 200,
    "words": 100,
}
"""Of a list."""
LONGEST: Final = {"title": 120, "summary": 600, "id": 40, "key": 80, "language": 20, "name": 120}
LONGEST_TEXT: Final = 2_000
"""Characters of any other text."""
_KEY: Final = re.compile(r"^[a-z0-9][a-z0-9-]{0,79}$")
LANGUAGE: Final = re.compile(r"^[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|\d{3}))?$")
MATERIAL_NAME: Final = re.compile(r"^[^\W_][\w .()-]{0,110}\.(?:pdf|docx|md|markdown|txt|html|htm)$")
_WORDED: Final = frozenset(move.value for move in Move) - {"refuse", "signpost"}
"""Moves that a lesson may have words of its own for; the others are written by people for everyone."""
_TELLING: Final = frozenset({"explain", "confirm", "recall", "converse"})
_BIDI: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def check(lesson: Lesson) -> tuple[Fault, ...]:
    """All problems, in the order of the fields. Empty for a lesson that has none."""
    return tuple(_faults(lesson))


def _faults(lesson: Lesson) -> Iterator[Fault]:
    yield from _head(lesson)
    yield from _sizes(lesson)
    yield from check_guidelines.faults(lesson)
    yield from _materials(lesson)
    yield from check_items.faults(lesson)
    yield from _fallbacks(lesson)


def _head(lesson: Lesson) -> Iterator[Fault]:
    if not lesson.title.strip():
        yield Fault(field="title", text=tr("The lesson has no title. Write one that learners understand."))
    if not _KEY.match(lesson.key):
        yield Fault(
            field="key",
            text=tr("The key is not one. Use small letters without accents, digits and “-”, such as “a-1”."),
        )
    if lesson.subject not in SUBJECTS:
        yield Fault(field="subject", text=tr("Choose a subject: {all}.", all=", ".join(SUBJECTS)))
    if lesson.age_band not in [band.value for band in AgeBand]:
        yield Fault(field="age_band", text=tr("Choose an age: {all}.", all=", ".join(band.value for band in AgeBand)))
    if not LANGUAGE.match(lesson.language):
        yield Fault(field="language", text=tr("This is no language tag. Write one such as “en-GB” or “fr”."))
    if not lesson.summary.strip():
        yield Fault(field="summary", text=tr("Say in a sentence what it is about; learners read it."), stops=False)
    if not lesson.objectives:
        yield Fault(field="objectives", text=tr("Say what learners should be able to do afterwards."), stops=False)
    for name in ("skills", "objectives"):
        seen: set[str] = set()
        for at, text in enumerate(getattr(lesson, name)):
            if not text.strip():
                yield Fault(field=f"{name}.{at}", text=tr("This line is empty. Fill it, or take it out."))
            elif tidy(text) in seen:
                yield Fault(field=f"{name}.{at}", text=tr("This stands here twice."), stops=False)
            seen.add(tidy(text))


def _materials(lesson: Lesson) -> Iterator[Fault]:
    seen: set[str] = set()
    for at, material in enumerate(lesson.materials):
        field = f"materials.{at}.name"
        if not MATERIAL_NAME.match(material.name) or ".." in material.name:
            yield Fault(
                field=field,
                text=tr(
                    "“{name}” is no name for a material here. Use letters, digits and one ending.", name=material.name
                ),
            )
        elif material.name.casefold() in seen:
            yield Fault(field=field, text=tr("Two materials are called “{name}”.", name=material.name))
        seen.add(material.name.casefold())
        if not material.title.strip():
            yield Fault(field=f"materials.{at}.title", text=tr("The material has no title. Learners see it."))


def _fallbacks(lesson: Lesson) -> Iterator[Fault]:
    for move, text in lesson.fallbacks.items():
        field = f"fallbacks.{move}"
        if move not in _WORDED:
            yield Fault(
                field=field,
                text=tr("“{name}” is no move that a lesson has words for. There are: {all}.", name=move, all=_moves()),
            )
        elif not text.strip():
            yield Fault(field=field, text=tr("The words are missing. Write them, or take the line out."))
        elif move not in _TELLING:
            told = next((item for item in lesson.items if _telling(item.answer) and holds(text, item.answer)), None)
            if told is not None:
                yield Fault(
                    field=field,
                    text=tr("These words hold the answer of item {id}. Say it without.", id=told.id),
                    stops=_words_alone(told.answer),
                )


def _sizes(value: Any, field: str = "") -> Iterator[Fault]:
    """Of every text and list, however deep."""
    name = next((part for part in reversed(field.split(".")) if not part.isdigit()), "")
    if isinstance(value, str):
        most = LONGEST.get(name, LONGEST_TEXT)
        if len(value) > most:
            yield Fault(
                field=field,
                text=tr("This has {n} characters; the most is {most}. Shorten it.", n=len(value), most=most),
            )
        if any(sign in _BIDI or (unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t") for sign in value):
            yield Fault(field=field, text=tr("There are signs in it that nobody sees. Write it again."))
    elif isinstance(value, tuple):
        most = MOST.get(name, max(MOST.values()))
        if len(value) > most:
            yield Fault(field=field, text=tr("There are {n}; the most is {most}.", n=len(value), most=most))
        for at, one in enumerate(value[:most]):
            yield from _sizes(one, f"{field}.{at}")
    elif isinstance(value, dict):
        for key, one in list(value.items())[: max(MOST.values())]:
            yield from _sizes(one, f"{field}.{key}")
    elif isinstance(value, msgspec.Struct):
        for key in value.__struct_fields__:
            yield from _sizes(getattr(value, key), f"{field}.{key}" if field else key)


def _telling(answer: str) -> bool:
    """Whether finding an answer in a sentence means something: small numbers and letters stand anywhere."""
    return len(tidy(answer)) > 2


def _words_alone(answer: str) -> bool:
    return number_of(answer) is None and len(tidy(answer)) > 3


def _moves() -> str:
    return ", ".join(move.value for move in Move if move.value in _WORDED)
