"""Reports about a learner or a class, in words that a parent understands: as plain data, as CSV, as a page of HTML."""

import csv
import html
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, TypeVar

from tutor.domain import Frozen, Learner
from tutor.i18n import tr, trn
from tutor.store import Store
from tutor.store.reports import DayWork, LessonWork

W = TypeVar("W", DayWork, LessonWork)
_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet would take a cell that begins so for a formula."""


class LearnerReport(Frozen):
    """One learner in a period."""

    learner: Learner
    since: str
    until: str
    """Local days, both included."""
    days: tuple[DayWork, ...]
    lessons: tuple[LessonWork, ...]
    asked_teacher: int
    """Questions put to the teacher."""
    answered: int

    @property
    def minutes(self) -> int:
        return round(sum(day.minutes for day in self.days))

    @property
    def problems(self) -> int:
        return sum(lesson.problems for lesson in self.lessons)

    @property
    def solved(self) -> int:
        return sum(lesson.solved for lesson in self.lessons)

    @property
    def hinted(self) -> int:
        return sum(lesson.hinted for lesson in self.lessons)


def about(store: Store, learners: Sequence[Learner], since: date, until: date) -> tuple[LearnerReport, ...]:
    """A report for each of the learners, in the order given."""
    ids = tuple(learner.id for learner in learners)
    first, last = since.isoformat(), until.isoformat()
    days = _by_learner(store.day_work(ids, first, last))
    lessons = _by_learner(store.lesson_work(ids, first, last))
    asked = store.asked_between(ids, first, last)
    return tuple(
        LearnerReport(
            learner=learner,
            since=first,
            until=last,
            days=tuple(days.get(learner.id, ())),
            lessons=tuple(lessons.get(learner.id, ())),
            asked_teacher=asked.get(learner.id, (0, 0))[0],
            answered=asked.get(learner.id, (0, 0))[1],
        )
        for learner in learners
    )


def sentences(report: LearnerReport) -> tuple[str, ...]:
    """What a parent wants to know, a sentence each; nothing of what was written, and nothing of what was felt."""
    name = report.learner.name
    if not report.days:
        return (tr("{name} has not worked with the tutor in this time.", name=name),)
    told = [
        trn(
            "{name} worked with the tutor on {n} day, {minutes} in all.",
            "{name} worked with the tutor on {n} days, {minutes} in all.",
            len(report.days),
            name=name,
            minutes=minutes_in_words(report.minutes),
        )
    ]
    if report.problems:
        told.append(
            trn(
                "{name} tried {n} problem and solved {solved}.",
                "{name} tried {n} problems and solved {solved} of them.",
                report.problems,
                name=name,
                solved=report.solved,
            )
        )
    if report.solved:
        alone = report.solved - report.hinted
        told.append(
            trn("{n} was solved without a hint.", "{n} were solved without a hint.", alone)
            if alone
            else tr("All of them were solved with hints, which is how they are meant to be used.")
        )
    if report.asked_teacher:
        told.append(
            trn(
                "{name} put {n} question to the teacher; {answered} answered.",
                "{name} put {n} questions to the teacher; {answered} answered.",
                report.asked_teacher,
                name=name,
                answered=report.answered,
            )
        )
    if report.problems >= 3 and report.solved == report.problems:
        told.append(tr("It may be time for something harder."))
    elif report.problems >= 4 and report.solved * 2 < report.problems:
        told.append(tr("It may help to look at one of these together."))
    return tuple(told)


def minutes_in_words(minutes: float) -> str:
    return trn("{n} minute", "{n} minutes", round(minutes))


def lesson_name(work: LessonWork) -> str:
    return work.title or tr("Own questions, without a lesson")


def as_csv(reports: Iterable[LearnerReport]) -> str:
    """One line for each learner and lesson, for a spreadsheet; minutes rounded to whole ones."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        [tr("learner"), tr("from"), tr("until"), tr("lesson"), tr("days"), tr("minutes"), tr("problems tried"),
         tr("solved"), tr("solved with hints"), tr("asked for the answer")]
    )  # fmt: skip
    for report in reports:
        for work in report.lessons or (None,):
            writer.writerow(
                [
                    _cell(report.learner.name),
                    report.since,
                    report.until,
                    _cell(lesson_name(work)) if work else "",
                    len(report.days),
                    round(work.minutes) if work else 0,
                    work.problems if work else 0,
                    work.solved if work else 0,
                    work.hinted if work else 0,
                    work.begged if work else 0,
                ]
            )
    return out.getvalue()


def as_html(title: str, reports: Sequence[LearnerReport], *, made_on: str) -> str:
    """A page to print: one block for each learner. `made_on`: the day in words."""
    parts = [f"<h1>{html.escape(title)}</h1>"]
    for report in reports:
        parts.append(f"<h2>{html.escape(report.learner.name)}</h2>")
        parts.append("<p>" + "<br>".join(html.escape(line) for line in sentences(report)) + "</p>")
        if report.lessons:
            parts.append(_table(report.lessons))
    parts.append(
        "<p class='small'>"
        + html.escape(
            tr(
                "Made by Tutor on {day}, from the work on this computer. Times are counted from message to message; "
                "pauses are left out.",
                day=made_on,
            )
        )
        + "</p>"
    )
    return "<html><body>" + "".join(parts) + "</body></html>"


def _table(lessons: Sequence[LessonWork]) -> str:
    heads = (tr("Lesson"), tr("Minutes"), tr("Problems tried"), tr("Solved"), tr("With hints"))
    rows = [
        (lesson_name(work), f"{work.minutes:.0f}", str(work.problems), str(work.solved), str(work.hinted))
        for work in lessons
    ]
    head = "".join(f"<th align='{'left' if n == 0 else 'right'}'>{html.escape(h)}</th>" for n, h in enumerate(heads))
    body = "".join(
        "<tr>"
        + "".join(f"<td align='{'left' if n == 0 else 'right'}'>{html.escape(cell)}</td>" for n, cell in enumerate(row))
        + "</tr>"
        for row in rows
    )
    return f"<table width='100%' cellpadding='4' cellspacing='0' border='0'><tr>{head}</tr>{body}</table>"


def _cell(text: str) -> str:
    """Text that no spreadsheet runs as a formula."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def _by_learner(rows: Iterable[W]) -> dict[int, list[W]]:
    found: dict[int, list[W]] = {}
    for row in rows:
        found.setdefault(row.learner_id, []).append(row)
    return found
