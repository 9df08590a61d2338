"""Whether guidelines can be kept: parameters within reason, and none against another one or against the lesson."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

from tutor.domain import Lesson, Severity, kind_of
from tutor.domain_lessons import (
    Assessment,
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
from tutor.i18n import tr
from tutor.lessons.assessment import moment_of
from tutor.lessons.faults import Fault, guideline_name
from tutor.lessons.sameness import holds, tidy

TONE_FAULTS: Final = ("harsh", "sarcasm", "shouting", "flattery", "feelings", "guilt")
TRIGGERS: Final = ("tries", "unsure", "outside", "asked", "words")
GRADES: Final = (1.0, 18.0)
"""Of Flesch and Kincaid: below the first, hardly a sentence can be written; above the last, it bounds nothing."""
_SEVERAL: Final = ("wish", "assessment")
"""Kinds that may stand in a lesson more than once."""
_TAG: Final = re.compile(r"^[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|\d{3}))?$")
Found = Iterator[Fault]


def faults(lesson: Lesson) -> Found:
    seen: set[str] = set()
    for at, guideline in enumerate(lesson.guidelines):
        field, kind = f"guidelines.{at}", kind_of(guideline)
        if kind in seen and kind not in _SEVERAL:
            yield Fault(field=field, text=tr("“{name}” stands here twice. Keep one.", name=guideline_name(kind)))
        seen.add(kind)
        looks = _CHECKS.get(kind)
        if looks is not None:
            yield from looks(guideline, lesson, field)


def _scope(rule: Scope, lesson: Lesson, field: str) -> Found:
    yield from _lines(rule.topics, f"{field}.topics")
    known = rule.topics or lesson.skills or lesson.objectives or lesson.items
    if not known:
        yield Fault(
            field=f"{field}.topics", text=tr("Nothing says what the lesson is about. Name topics, skills or items.")
        )


def _withhold(rule: Withhold, lesson: Lesson, field: str) -> Found:
    yield from _between(rule.attempts, 0, 20, f"{field}.attempts")
    if not 0 <= rule.mastery <= 1:
        yield Fault(field=f"{field}.mastery", text=tr("A share is a number from 0 to 1."))
    if not lesson.items:
        yield Fault(field=field, text=tr("There is no item whose answer could be withheld."), stops=False)
    if rule.attempts == 0 and rule.mastery == 0:
        yield Fault(field=field, text=tr("Nothing unlocks the answers: they are never said."), stops=False)
    if rule.severity is not Severity.BLOCK:
        yield Fault(
            field=f"{field}.severity", text=tr("Answers are held back for sure only with “block”."), stops=False
        )


def _hints(rule: HintLadder, lesson: Lesson, field: str) -> Found:
    yield from _between(rule.rungs, 1, 12, f"{field}.rungs")
    yield from _between(rule.dwell_turns, 0, 20, f"{field}.dwell_turns")
    yield from _between(rule.dwell_seconds, 0, 3600, f"{field}.dwell_seconds")
    short = [item.id for item in lesson.items if item.hints and len(item.hints) < rule.rungs]
    if short:
        yield Fault(
            field=f"{field}.rungs",
            text=tr("These items have fewer hints than the ladder has rungs: {ids}.", ids=", ".join(short[:8])),
            stops=False,
        )


def _questions(rule: Questions, _lesson: Lesson, field: str) -> Found:
    yield from _between(rule.most, 0, 10, f"{field}.most")
    if rule.most == 0 and rule.end_with:
        yield Fault(field=field, text=tr("A turn cannot end with a question where none is allowed."))


def _reading_level(rule: ReadingLevel, _lesson: Lesson, field: str) -> Found:
    low, high = GRADES
    if not low <= rule.grade <= high:
        yield Fault(
            field=f"{field}.grade",
            text=tr(
                "No turn can be held to this. Choose a grade from {low} to {high}.", low=f"{low:g}", high=f"{high:g}"
            ),
        )


def _length(rule: Length, _lesson: Lesson, field: str) -> Found:
    yield from _between(rule.most_words, 0, 1000, f"{field}.most_words")
    yield from _between(rule.least_words, 0, 500, f"{field}.least_words")
    if 0 < rule.most_words < rule.least_words:
        yield Fault(field=f"{field}.least_words", text=tr("The least is more than the most."))
    elif 0 < rule.most_words < 8:
        yield Fault(field=f"{field}.most_words", text=tr("Hardly anything can be said in so few words. Allow more."))


def _words(rule: Words, _lesson: Lesson, field: str) -> Found:
    if not rule.required and not rule.avoid:
        yield Fault(field=field, text=tr("No word is named. Name some, or take the guideline out."))
    yield from _lines(rule.required, f"{field}.required")
    yield from _lines(rule.avoid, f"{field}.avoid")
    avoided = {tidy(word) for word in rule.avoid}
    for at, line in enumerate(rule.required):
        ways = [tidy(way) for way in line.split("|") if way.strip()]
        both = [way for way in ways if any(way == word or holds(way, word) for word in avoided)]
        if both:
            yield Fault(
                field=f"{field}.required.{at}",
                text=tr("“{word}” is required, and also to be avoided.", word=both[0]),
                stops=len(both) == len(ways),
            )


def _sources(_rule: Sources, lesson: Lesson, field: str) -> Found:
    if not lesson.materials:
        yield Fault(field=field, text=tr("The lesson has no material to speak from. Add one first."))


def _tone(rule: Tone, _lesson: Lesson, field: str) -> Found:
    yield from _known(rule.faults, TONE_FAULTS, f"{field}.faults")
    if not rule.faults:
        yield Fault(field=f"{field}.faults", text=tr("No fault is named. Name some, or take the guideline out."))


def _language(rule: Language, lesson: Lesson, field: str) -> Found:
    if not _TAG.match(rule.language):
        yield Fault(field=f"{field}.language", text=tr("This is no language tag. Write one such as “en-GB” or “fr”."))
    elif rule.language.split("-")[0] != lesson.language.split("-")[0]:
        yield Fault(field=f"{field}.language", text=tr("The lesson itself is in another language."), stops=False)


def _forbidden(rule: Forbidden, lesson: Lesson, field: str) -> Found:
    if not rule.topics:
        yield Fault(field=f"{field}.topics", text=tr("No topic is named. Name some, or take the guideline out."))
    yield from _lines(rule.topics, f"{field}.topics")
    scope = [topic for rule in lesson.guidelines if isinstance(rule, Scope) for topic in rule.topics]
    about = [lesson.title, *lesson.skills, *lesson.objectives, *scope]
    about += [text for item in lesson.items for text in (item.question, item.answer, *item.hints)]
    for at, topic in enumerate(rule.topics):
        if topic.strip() and any(holds(text, topic) for text in about):
            yield Fault(
                field=f"{field}.topics.{at}", text=tr("“{topic}” is what the lesson itself speaks of.", topic=topic)
            )


def _escalation(rule: Escalation, _lesson: Lesson, field: str) -> Found:
    yield from _known(rule.triggers, TRIGGERS, f"{field}.triggers")
    yield from _between(rule.tries, 1, 20, f"{field}.tries")
    yield from _lines(rule.words, f"{field}.words")
    if not rule.triggers:
        yield Fault(field=f"{field}.triggers", text=tr("Nothing triggers it. Choose when the tutor offers a person."))
    if "words" in rule.triggers and not rule.words:
        yield Fault(field=f"{field}.words", text=tr("Which words call for a person? Name them."))
    if rule.words and "words" not in rule.triggers:
        yield Fault(
            field=f"{field}.words", text=tr("These words trigger nothing. Add the trigger “words”."), stops=False
        )


def _assessment(rule: Assessment, _lesson: Lesson, field: str) -> Found:
    times: dict[str, datetime] = {}
    for name in ("begins", "ends"):
        text = getattr(rule, name)
        if not text.strip():
            yield Fault(field=f"{field}.{name}", text=tr("The time is missing. Without it the chat would stay off."))
            continue
        try:
            times[name] = moment_of(text)
        except ValueError:
            yield Fault(
                field=f"{field}.{name}",
                text=tr("“{text}” is no time. Write it in UTC, such as 2027-01-15T09:00.", text=text),
            )
    if len(times) == 2 and times["ends"] <= times["begins"]:
        yield Fault(field=f"{field}.ends", text=tr("The window ends before it begins. Turn the times round."))
    elif "ends" in times and times["ends"] < datetime.now(UTC):
        yield Fault(field=f"{field}.ends", text=tr("This window is over already."), stops=False)


def _correctness(rule: Correctness, lesson: Lesson, field: str) -> Found:
    if not 0 <= rule.tolerance < float("inf"):
        yield Fault(field=f"{field}.tolerance", text=tr("The tolerance is a number that is not below 0."))
    if not lesson.items:
        yield Fault(field=field, text=tr("There is no item with an answer to agree with."), stops=False)


def _wish(rule: Wish, _lesson: Lesson, field: str) -> Found:
    if not rule.text.strip():
        yield Fault(field=f"{field}.text", text=tr("The wish says nothing. Write it, or take it out."))


def _lines(lines: tuple[str, ...], field: str) -> Found:
    for at, line in enumerate(lines):
        if not line.replace("|", "").strip():
            yield Fault(field=f"{field}.{at}", text=tr("This line is empty. Fill it, or take it out."))


def _known(given: tuple[str, ...], known: tuple[str, ...], field: str) -> Found:
    for at, name in enumerate(given):
        if name not in known:
            yield Fault(
                field=f"{field}.{at}",
                text=tr("“{name}” is not known. There are: {all}.", name=name, all=", ".join(known)),
            )


def _between(value: int, low: int, high: int, field: str) -> Found:
    if not low <= value <= high:
        yield Fault(
            field=field, text=tr("{n} is out of bounds. Choose from {low} to {high}.", n=value, low=low, high=high)
        )


_CHECKS: Final[dict[str, Callable[[Any, Lesson, str], Found]]] = {
    "scope": _scope,
    "withhold": _withhold,
    "hints": _hints,
    "questions": _questions,
    "reading_level": _reading_level,
    "length": _length,
    "words": _words,
    "sources": _sources,
    "tone": _tone,
    "language": _language,
    "forbidden": _forbidden,
    "escalation": _escalation,
    "assessment": _assessment,
    "correctness": _correctness,
    "wish": _wish,
}
