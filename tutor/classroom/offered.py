"""What a learner may begin with: the lessons set for them, then the other published ones for their age."""

from datetime import datetime
from typing import TYPE_CHECKING

from tutor.domain import Frozen, Learner, LessonVersion
from tutor.lessons import assessment

if TYPE_CHECKING:
    from tutor.store import Store


class Offered(Frozen):
    """A lesson as a learner finds it."""

    version_id: int
    title: str
    summary: str
    subject: str
    is_set: bool = False
    """A teacher set it for this learner or their class."""
    until_day: str = ""
    """The last day on which it is set (local date, ISO 8601); "" for no end."""
    note: str = ""
    """A teacher's word to the learner."""
    off: str = ""
    """Non-empty: the chat is off in it now, and what the learner is told."""


def offered(
    store: "Store", learner: Learner, moment: datetime, may_show: assessment.MayShow | None = None
) -> tuple[Offered, ...]:
    """Set ones first, those that end soonest at the top; then the published ones for the age, by title.

    `may_show` judges what an assessment says.
    """
    day = moment.astimezone().date().isoformat()
    made = []
    known = set()
    for each in store.assigned_to(learner.id, day):
        known.add(each.lesson_id)
        version = store.lesson_version(each.lesson_version_id)
        made.append(_offer(version, moment, may_show, is_set=True, until_day=each.until_day, note=each.note))
    for line in store.lessons():
        fits = line.age_band in ("", learner.age_band.value)
        if line.published_id is not None and line.id not in known and fits:
            made.append(_offer(store.lesson_version(line.published_id), moment, may_show))
    return tuple(made)


def _offer(
    version: LessonVersion,
    moment: datetime,
    may_show: assessment.MayShow | None,
    *,
    is_set: bool = False,
    until_day: str = "",
    note: str = "",
) -> Offered:
    lesson = version.lesson
    window = assessment.in_force(lesson, moment)
    return Offered(
        version_id=version.id,
        title=lesson.title,
        summary=lesson.summary,
        subject=lesson.subject,
        is_set=is_set,
        until_day=until_day,
        note=note,
        off=assessment.judged_message(lesson, window, may_show) if window is not None else "",
    )
