"""What is wrong with a lesson: at which field, in words, and whether it may be published all the same."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from tutor.domain import Frozen, Lesson, kind_of
from tutor.errors import UserError
from tutor.i18n import tr, trn

SHOWN: Final = 12
"""Problems that a message names; the whole list is in `LessonFault.faults`."""
GUIDELINES: Final = {
    "scope": "Topic of the lesson",
    "withhold": "Withholding answers",
    "hints": "Hint ladder",
    "attempt_first": "Attempt first",
    "questions": "Questions in a turn",
    "reading_level": "Reading level",
    "length": "Length of a turn",
    "words": "Words to use and to avoid",
    "sources": "Only from the materials",
    "tone": "Tone of voice",
    "language": "Language of instruction",
    "forbidden": "Forbidden topics",
    "escalation": "Putting questions to a person",
    "assessment": "Assessment window",
    "correctness": "Agreement with the answer key",
    "wish": "Wish in free words",
}
"""What each kind of guideline is called."""


class Fault(Frozen):
    """One thing that is wrong, or that might be better."""

    field: str
    """Where, as a path: `title`, `items.2.hints.0`, `guidelines.1.topics`. Lists count from 0."""
    text: str
    stops: bool = True
    """False: worth a look, but the lesson can be published."""
    line: int = 0
    """In the file that it came from; 0 where there is none."""


class LessonFault(UserError):
    """A lesson or a file of one that cannot be taken as it is, with everything that was found."""

    def __init__(self, message: str, faults: Sequence[Fault] = (), *, code: str = "lesson_file") -> None:
        super().__init__(message, code=code)
        self.faults = tuple(faults)


def stopping(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    return tuple(fault for fault in faults if fault.stops)


def listed(faults: Sequence[Fault], lesson: Lesson | None = None) -> str:
    """The problems, one a line, the first `SHOWN` of them."""
    lines = [f"- {sentence(fault, lesson)}" for fault in faults[:SHOWN]]
    more = len(faults) - SHOWN
    if more > 0:
        lines.append(trn("… and {n} more problem.", "… and {n} more problems.", more))
    return "\n".join(lines)


def sentence(fault: Fault, lesson: Lesson | None = None) -> str:
    """A problem with its place."""
    where = place(fault.field, lesson)
    if fault.line:
        where = tr("line {n}, {where}", n=fault.line, where=where) if where else tr("line {n}", n=fault.line)
    return f"{where}: {fault.text}" if where else fault.text


def place(field: str, lesson: Lesson | None = None) -> str:
    """A field in words, such as `item q3, hint 2`. Fields that have no words are named as they are."""
    parts = field.split(".") if field else []
    words: list[str] = []
    while parts:
        name, number = parts.pop(0), None
        if parts and parts[0].isdigit():
            number = int(parts.pop(0))
        words.append(_named(name, number, lesson if not words else None))
        if name == "fallbacks" and parts:
            words.append(f"“{parts.pop(0)}”")
    return ", ".join(words)


def guideline_name(kind: str) -> str:
    return tr(GUIDELINES[kind]) if kind in GUIDELINES else kind


def _named(name: str, number: int | None, lesson: Lesson | None) -> str:
    if number is None:
        return _fields().get(name, name)
    if name == "items" and lesson is not None and number < len(lesson.items) and lesson.items[number].id.strip():
        return tr("item {id}", id=lesson.items[number].id)
    if name == "guidelines" and lesson is not None and number < len(lesson.guidelines):
        return tr("guideline “{name}”", name=guideline_name(kind_of(lesson.guidelines[number])))
    return f"{_singles().get(name, name)} {number + 1}"


def _singles() -> Mapping[str, str]:
    return {
        "items": tr("item"),
        "guidelines": tr("guideline"),
        "materials": tr("material"),
        "skills": tr("skill"),
        "objectives": tr("objective"),
        "hints": tr("hint"),
        "steps": tr("step"),
        "choices": tr("choice"),
        "accepted": tr("accepted answer"),
        "misconceptions": tr("misconception"),
        "topics": tr("topic"),
    }


def _fields() -> Mapping[str, str]:
    return {
        "title": tr("title"),
        "subject": tr("subject"),
        "age_band": tr("age"),
        "language": tr("language"),
        "summary": tr("summary"),
        "skills": tr("skills"),
        "objectives": tr("objectives"),
        "guidelines": tr("guidelines"),
        "materials": tr("materials"),
        "items": tr("items"),
        "fallbacks": tr("words of your own"),
        "question": tr("question"),
        "answer": tr("answer"),
        "accepted": tr("accepted answers"),
        "choices": tr("choices"),
        "hints": tr("hints"),
        "steps": tr("steps"),
        "misconceptions": tr("misconceptions"),
        "tolerance": tr("tolerance"),
        "skill": tr("skill"),
        "why": tr("what they were thinking"),
        "say": tr("what helps then"),
        "author": tr("author"),
        "licence": tr("licence"),
        "severity": tr("severity"),
    }
