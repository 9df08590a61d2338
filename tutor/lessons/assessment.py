"""Assessment windows: whether a lesson has the chat off at a moment, and what the learner is told then."""

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from tutor.domain import Lesson
from tutor.domain_lessons import Assessment
from tutor.i18n import tr

MayShow = Callable[[Lesson, str], bool]
"""Whether the safety checks have looked at words of a lesson, and would show them."""


def in_force(lesson: Lesson, moment: datetime) -> Assessment | None:
    """The window that has the chat off at this moment, if any. One that cannot be read is in force: it fails closed."""
    for guideline in lesson.guidelines:
        if isinstance(guideline, Assessment) and _is_in_force(guideline, moment):
            return guideline
    return None


def moment_of(text: str) -> datetime:
    """A moment as it stands in a guideline: ISO 8601, in UTC where it names no zone. Raises ValueError."""
    read = datetime.fromisoformat(text.strip())
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def judged_message(lesson: Lesson, window: Assessment, may_show: MayShow | None) -> str:
    """As `message`; words of the lesson that may not be shown give way to the program's."""
    if may_show is not None and window.message.strip() and not may_show(lesson, window.message.strip()):
        return message(msgspec.structs.replace(window, message=""))
    return message(window)


def message(window: Assessment) -> str:
    """What the learner is told: the teacher's words, else the program's with the end in local time."""
    if window.message.strip():
        return window.message.strip()
    try:
        end = moment_of(window.ends).astimezone()
    except ValueError:
        return tr("Your teacher has set an assessment, so the tutor is off. Your words are kept. Ask your teacher.")
    return tr(
        "Your teacher has set an assessment, so the tutor is off until {time} on {day}. Your words are kept. "
        "If you need help now, ask your teacher.",
        time=end.strftime("%H:%M"),
        day=end.strftime("%d.%m."),
    )


def _is_in_force(window: Assessment, moment: datetime) -> bool:
    try:
        begun = not window.begins.strip() or moment >= moment_of(window.begins)
        over = bool(window.ends.strip()) and moment >= moment_of(window.ends)
    except ValueError:
        return True
    return begun and not over
