"""What a teacher sees first: who is stuck, what waits, whether the tutor does well, and how much was worked on what."""

import contextlib
import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from tutor.domain import CorrectionStatus, Frozen, Learner
from tutor.errors import UserError
from tutor.i18n import tr, trn
from tutor.intervals import wilson
from tutor.store.teaching import DayUse, Struggle

if TYPE_CHECKING:
    from tutor.store import Store

PERIODS: Final = (7, 30, 365)
"""Days."""
STUCK_DAYS: Final = 14
"""Who did not go on for so long has left the problem."""
WEEKLY: Final = 90
"""A longer period is shown by weeks."""
_WORDS: Final = re.compile(r"[^\W\d_]{4,}")
"""A problem with such words may be what a learner wrote; without them it is a sum."""


class Stuck(Frozen):
    """A learner who does not get on, and with what."""

    learner_id: int
    learner: str
    picture: str
    what: str
    """The item or problem."""
    lesson: str
    why: str
    """In words: tries, hints, turns."""
    message_id: int
    at: str


class Share(Frozen):
    """So many of so many, with the 95% interval."""

    count: int
    of: int

    @property
    def value(self) -> float:
        return self.count / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.count, self.of)


class Grid(Frozen):
    """Minutes of each learner in each part of the period."""

    parts: tuple[date, ...]
    """Days, or Mondays of weeks."""
    weekly: bool
    names: tuple[str, ...]
    learner_ids: tuple[int, ...]
    minutes: tuple[tuple[float, ...], ...]
    """One row a learner, who worked most first."""
    begged: tuple[Share, ...]
    """For each part."""


class Change(Frozen):
    """What is and has changed, as a sentence, and which turns its number counts."""

    words: str
    measure: str
    """See `tutor.store.counted.MEASURES`."""


class Overview(Frozen):
    """Everything on the page, in data."""

    days: int
    stuck: tuple[Stuck, ...]
    waiting: dict[str, int]
    """flag | escalation | unsure | alert | correction"""
    helped: Share
    """Thumbs up of all thumbs."""
    accurate: float
    """Mean blind grade for accuracy, 1 to 5; 0 without grades."""
    graded: int
    reports: int
    turns: int
    grid: Grid
    lessons: tuple[tuple[str, float], ...]
    """Title and minutes, most first; "" for work without a lesson."""
    lesson_ids: tuple[int | None, ...]
    """Of `lessons`."""
    trends: tuple["Change", ...]


def overview(store: "Store", days: int, class_id: int | None = None, today: date | None = None) -> Overview:
    """Of the last `days` days, compared with as many before. Raises `UserError` of the disk."""
    today = today or date.today()
    since, before = today - timedelta(days=days - 1), today - timedelta(days=2 * days - 1)
    both = store.day_use(before.isoformat(), class_id)
    now = [row for row in both if row.day >= since.isoformat()]
    then = [row for row in both if row.day < since.isoformat()]
    people = {learner.id: learner for learner in store.learners()}
    grades = store.grades(since.isoformat(), class_id)
    thumbs = store.thumbs(since.isoformat(), class_id)
    lessons = _lessons(store, since, class_id)
    stuck = store.struggles((today - timedelta(days=STUCK_DAYS)).isoformat(), class_id)
    return Overview(
        days=days,
        stuck=tuple(_stuck(store, each, people[each.learner_id]) for each in stuck if each.learner_id in people),
        waiting=waiting(store, class_id),
        helped=Share(count=thumbs[0], of=sum(thumbs)),
        accurate=sum(grade.accurate for grade in grades) / len(grades) if grades else 0.0,
        graded=len(grades),
        reports=store.reports_since(since.isoformat(), class_id),
        turns=sum(row.turns for row in now),
        grid=grid(now, {each.id: each.name for each in people.values()}, since, today),
        lessons=tuple((title, minutes) for title, minutes, _ in lessons),
        lesson_ids=tuple(lesson_id for _, _, lesson_id in lessons),
        trends=trends(now, then, days),
    )


def waiting(store: "Store", class_id: int | None = None) -> dict[str, int]:
    """What waits for a teacher; alerts and corrections are of the whole school."""
    return {
        **store.review_counts(class_id),
        "alert": len(store.alerts(unseen_only=True)),
        "correction": len(store.corrections(CorrectionStatus.PROPOSED)),
    }


def grid(rows: Sequence[DayUse], names: dict[int, str], since: date, until: date) -> Grid:
    """Minutes by learner and day, or week where there are many days."""
    weekly = (until - since).days + 1 > WEEKLY
    first = _monday(since) if weekly else since
    step = 7 if weekly else 1
    parts = tuple(first + timedelta(days=n) for n in range(0, (until - first).days + 1, step))
    minutes: dict[int, list[float]] = defaultdict(lambda: [0.0] * len(parts))
    begged, turns = [0] * len(parts), [0] * len(parts)
    for row in rows:
        at = (date.fromisoformat(row.day) - first).days // step
        if 0 <= at < len(parts) and row.learner_id in names:
            minutes[row.learner_id][at] += row.minutes
            begged[at] += row.begged
            turns[at] += row.turns
    order = sorted(minutes, key=lambda who: (-sum(minutes[who]), names[who]))
    return Grid(
        parts=parts,
        weekly=weekly,
        names=tuple(names[who] for who in order),
        learner_ids=tuple(order),
        minutes=tuple(tuple(minutes[who]) for who in order),
        begged=tuple(Share(count=b, of=t) for b, t in zip(begged, turns, strict=True)),
    )


def trends(now: Sequence[DayUse], before: Sequence[DayUse], days: int) -> tuple[Change, ...]:
    """What has changed, in plain words; a difference within its 95% interval is no change."""
    if not now:
        return ()
    minutes, then = sum(row.minutes for row in now), sum(row.minutes for row in before)
    who = len({row.learner_id for row in now})
    worked = tr(
        "{people} worked {minutes} with the tutor{compared}.",
        people=trn("{n} learner", "{n} learners", who),
        minutes=trn("{n} minute", "{n} minutes", round(minutes)),
        compared=_compared(minutes, then, days),
    )
    said = [Change(words=worked, measure="minutes")]
    turns, begged = sum(row.turns for row in now), sum(row.begged for row in now)
    turns_before, begged_before = sum(row.turns for row in before), sum(row.begged for row in before)
    share = round(100 * begged / turns)
    asked = tr("The answer was asked for without a try in {n} of 100 messages", n=share)
    oftener = _oftener(Share(count=begged, of=turns), Share(count=begged_before, of=turns_before))
    said.append(Change(words=f"{asked}{oftener}.", measure="begged"))
    felt = sum(row.emotional for row in now)
    if felt:
        words = trn(
            "{n} message was about feelings or distress. What was said is with the safeguarding contact, not here.",
            "{n} messages were about feelings or distress. What was said is with the safeguarding contact, not here.",
            felt,
        )
        said.append(Change(words=words, measure="emotional"))
    return tuple(said)


def _compared(now: float, before: float, days: int) -> str:
    if before < 1:
        return ""
    change = now / before - 1
    if abs(change) < 0.1:
        return tr(", about as much as in the {n} days before", n=days)
    percent = round(abs(change) * 100)
    if change > 0:
        return tr(", {percent} % more than in the {n} days before", percent=percent, n=days)
    return tr(", {percent} % less than in the {n} days before", percent=percent, n=days)


def _oftener(now: Share, before: Share) -> str:
    if not before.of:
        return ""
    (low, high), (low_before, high_before) = now.interval, before.interval
    share = round(100 * before.value)
    if low > high_before:
        return tr(", more often than before ({n})", n=share)
    if high < low_before:
        return tr(", less often than before ({n})", n=share)
    return tr(", about as often as before ({n})", n=share)


def _stuck(store: "Store", struggle: Struggle, learner: Learner) -> Stuck:
    what, lesson = "", ""
    with contextlib.suppress(UserError):
        if struggle.lesson_version_id is not None:
            version = store.lesson_version(struggle.lesson_version_id).lesson
            lesson = version.title
            what = next((item.question for item in version.items if item.id == struggle.item), "")
        if not what:
            reply = store.message(struggle.message_id).reply
            what = reply.state.problem.question if reply is not None and reply.state.problem is not None else ""
            if _WORDS.search(what) and not _may_read(store, learner.id, struggle.message_id, what):
                what = ""
    parts = [
        trn("{n} try", "{n} tries", struggle.attempts) if struggle.attempts else "",
        trn("{n} hint", "{n} hints", struggle.rung) if struggle.rung else "",
        trn("{n} turn", "{n} turns", struggle.turns),
    ]
    return Stuck(
        learner_id=struggle.learner_id,
        learner=learner.name,
        picture=learner.picture,
        what=what or tr("a problem of their own"),
        lesson=lesson,
        why=" · ".join(part for part in parts if part),
        message_id=struggle.message_id,
        at=struggle.at,
    )


def _may_read(store: "Store", learner_id: int, message_id: int, problem: str) -> bool:
    """Whether the learner knew that teachers read everything when the problem came up."""
    since = store.read_since(learner_id)
    first = next(
        message.created_at
        for message in store.path_to(message_id)
        if message.id == message_id
        or (message.reply is not None and message.reply.state.problem is not None
            and message.reply.state.problem.question == problem)
    )  # fmt: skip
    return since is not None and first >= since


def _lessons(store: "Store", since: date, class_id: int | None) -> list[tuple[str, float, int | None]]:
    """Title, minutes, id."""
    minutes: dict[str, float] = defaultdict(float)
    named: dict[int | None, tuple[str, int | None]] = {None: ("", None)}
    ids: dict[str, int | None] = {}
    for row in store.tallies(since.isoformat(), class_id):
        if row.lesson_version_id not in named:
            named[row.lesson_version_id] = lesson_named(store, row.lesson_version_id)
        title, lesson_id = named[row.lesson_version_id]
        minutes[title] += row.minutes
        ids[title] = lesson_id
    return [(title, amount, ids[title]) for title, amount in sorted(minutes.items(), key=lambda found: -found[1])]


def lesson_named(store: "Store", version_id: int | None) -> tuple[str, int | None]:
    """Title and lesson of a version that was used; nothing for none, or one that is gone."""
    with contextlib.suppress(UserError):
        if version_id is not None:
            version = store.lesson_version(version_id)
            return version.lesson.title, version.lesson_id
    return "", None


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
