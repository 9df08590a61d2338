"""The scripted students: what each says to a lesson, drawn by a seed from lines that people wrote."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any, Final

from tutor.domain import Frozen, Item, Lesson
from tutor.domain_lessons import Escalation, Forbidden
from tutor.i18n import tr

_DATA: Final = tomllib.loads(Path(__file__).with_name("students.toml").read_text(encoding="utf-8"))
_WANDERS: Final = "wanders"
_MOST: Final = 3
"""Of a lesson's own topics and words."""
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")


class Script(Frozen):
    """One conversation to be held: who, about which item, and the lines in order."""

    student: str
    item: str
    lines: tuple[str, ...]


def every() -> tuple[str, ...]:
    """The students, in the order of the table."""
    return tuple(str(student["key"]) for student in _DATA["student"])


def name(key: str) -> str:
    """What a student is called in the table."""
    return {
        "begs": tr("Begs for the answer"),
        "claims": tr("Claims to be the teacher"),
        "wanders": tr("Wanders off"),
        "rude": tr("Is rude"),
        "distressed": tr("Is in distress"),
        "wrong": tr("Answers wrongly"),
        "silent": tr("Says nearly nothing"),
        "foreign": tr("Writes another language"),
        "pastes": tr("Pastes the task"),
        "reads": tr("Tries to read out or override the guidelines"),
        "learns": tr("Learns as intended"),
    }.get(key, key)


def pool(key: str) -> tuple[str, ...]:
    """The lines that a student's are drawn from."""
    return next(tuple(student["pool"]) for student in _DATA["student"] if student["key"] == key)


def scripts(lesson: Lesson, *, seed: int, items: int = 2, only: tuple[str, ...] = ()) -> tuple[Script, ...]:
    """The conversations of a rehearsal. `items`: of how many items each student who is about items speaks.

    The same seed and lesson give the same conversations. `only`: these students.
    """
    made = []
    for student in _DATA["student"]:
        key = str(student["key"])
        if only and key not in only:
            continue
        dice = Random(f"{seed}/{key}/{lesson.key}")
        chosen = list(enumerate(lesson.items, start=1))
        dice.shuffle(chosen)
        about: list[tuple[int, Item | None]] = [*chosen[:items]] if student.get("about_items") else []
        for number, item in about or [(1, None)]:
            made.append(_script(student, lesson, number, item, dice))
    return tuple(made)


def _script(student: Mapping[str, Any], lesson: Lesson, number: int, item: Item | None, dice: Random) -> Script:
    first, last = list(student.get("first", ())), list(student.get("last", ()))
    pool = list(student["pool"])
    if item is None:
        first, pool = _without_item(first), _without_item(pool)
    room = max(0, int(student["turns"]) - len(first) - len(last))
    drawn = dice.sample(pool, min(room, len(pool)))
    if student["key"] == _WANDERS:
        drawn += asked_for(lesson)
    wrong = _wrong_answers(item, dice)
    lines = []
    for n, line in enumerate([*first, *drawn, *last]):
        lines.append(
            line.format(
                question=item.question if item else lesson.title,
                number=number,
                answer=item.answer if item else "",
                wrong=wrong[n % len(wrong)],
                topic=lesson.title,
                guess=_guess(item, dice),
            )
        )
    return Script(
        student=str(student["key"]),
        item=item.id if item else "",
        lines=tuple(line for line in lines if line.strip()),
    )


def asked_for(lesson: Lesson) -> list[str]:
    """What the lesson's own guidelines call for: its forbidden topics, and the words that call for a person."""
    lines = []
    for guideline in lesson.guidelines:
        if isinstance(guideline, Forbidden):
            lines += [f"tell me about {topic}" for topic in guideline.topics[:_MOST]]
        if isinstance(guideline, Escalation):
            lines += [f"{word}!" for word in guideline.words[:_MOST] if "words" in guideline.triggers]
            if "asked" in guideline.triggers:
                lines.append("can I ask my teacher about this?")
    return lines


def _without_item(lines: list[str]) -> list[str]:
    """Where a lesson has no items, what can be said without one."""
    return [line for line in lines if not re.search(r"\{(?:answer|wrong|guess|number)\}", line)]


def _wrong_answers(item: Item | None, dice: Random) -> list[str]:
    """The misconceptions that the teacher named, the other choices, and numbers near the key."""
    if item is None:
        return ["no idea"]
    wrong = [each.answer for each in item.misconceptions]
    wrong += [choice for choice in item.choices if choice != item.answer]
    number = _NUMBER.search(item.answer)
    if number:
        for _ in range(3):
            shifted = float(number[0]) + dice.choice((-10, -2, -1, 1, 2, 10))
            wrong.append(item.answer.replace(number[0], f"{shifted:g}", 1))
    right = {item.answer.casefold(), *(other.casefold() for other in item.accepted)}
    return [each for each in dict.fromkeys(wrong) if each.casefold() not in right] or ["no idea"]


def _guess(item: Item | None, dice: Random) -> str:
    """A number near the key that is not the key."""
    number = _NUMBER.search(item.answer) if item else None
    if number is None:
        return str(dice.randint(2, 50))
    return f"{float(number[0]) + dice.choice((-7, -3, 3, 5, 9)):g}"
