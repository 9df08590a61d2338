"""Reports: a learner or a class in a period, in words for parents; to be saved as PDF or as a table."""

import math
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QLocale, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QVBoxLayout

from tutor.classroom import reports
from tutor.domain import Learner
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.qt import report_pdf
from tutor.qt.flow import flow
from tutor.qt.plots import whole
from tutor.qt.plots_trend import Line, Trend
from tutor.qt.teacher.counted import Counted
from tutor.qt.teacher.period import day_in_words
from tutor.qt.teacher.section import Section, empty
from tutor.qt.widgets import Card, Choice, Field, button, clear, label
from tutor.store.reports import LessonWork

if TYPE_CHECKING:
    from tutor.app import App

_SHOWN = 12
"""Learners of a class on the page; the saved report has all of them."""


def periods() -> list[tuple[str, str]]:
    return [
        ("7", tr("The last 7 days")),
        ("30", tr("The last 30 days")),
        ("90", tr("The last 90 days")),
        ("365", tr("The last year")),
    ]


class ReportsSection(Section):
    """Words first, then the plot; the files hold the same words."""

    def __init__(self, app: "App") -> None:
        super().__init__(
            tr("Reports"),
            tr("What was done, in words for parents. Nothing that a learner wrote or felt is in a report."),
        )
        self._store = app.store
        self.who = Choice([])
        self.period = Choice(periods(), "30")
        self.who.activated.connect(self._show)
        self.period.activated.connect(self._show)
        self._body = QVBoxLayout()
        self._body.setSpacing(12)
        self.save_pdf = button(tr("Save as PDF…"), "primary", "file-text", lambda: self._ask("pdf"))
        self.save_csv = button(tr("Save as a table (CSV)…"), "plain", "download", lambda: self._ask("csv"))
        self.body.addWidget(Field(tr("About"), self.who))
        self.body.addWidget(Field(tr("Time"), self.period))
        self.body.addWidget(flow(self.save_pdf, self.save_csv))
        self.body.addLayout(self._body)
        self.body.addStretch(1)
        self.reports: tuple[reports.LearnerReport, ...] = ()

    def enter(self) -> None:
        chosen = self.who.value()
        self.who.clear()
        for one in self._store.classes():
            self.who.addItem(tr("{name}: the whole class", name=one.name), f"class {one.id}")
        for learner in self._store.learners():
            self.who.addItem(learner.name, f"learner {learner.id}")
        self.who.choose(chosen)
        self._show()

    def about_class(self, class_id: int) -> None:
        """Show the report of a class."""
        self.who.choose(f"class {class_id}")
        self._show()

    def show_counted(self, counted: Counted) -> None:
        """The learner or class that a number of another page counts, over at least as many days."""
        if counted.learner_id is not None:
            self.who.choose(f"learner {counted.learner_id}")
        elif counted.class_id is not None:
            self.who.choose(f"class {counted.class_id}")
        if counted.days:
            self.period.choose(next((key for key, _ in periods() if int(key) >= counted.days), "365"))
        self._show()

    def title(self) -> str:
        return tr("{who}, {period}", who=self.who.currentText(), period=self.period.currentText().lower())

    def write(self, kind: str, file: Path) -> None:
        """Save what is shown, all of it. `kind`: pdf or csv."""
        try:
            if kind == "pdf":
                day = QLocale().toString(QDate.currentDate(), QLocale.FormatType.LongFormat)
                page = reports.as_html(self.title(), self.reports, made_on=day)
                report_pdf.write(page, file, title=self.title())
            else:
                self._write_csv(file)
        except UserError as error:
            self.complain(error)
            return
        self.tell(tr("The report is in {file}.", file=file))

    def _write_csv(self, file: Path) -> None:
        try:
            file.write_text("\ufeff" + reports.as_csv(self.reports), encoding="utf-8", newline="")
        except OSError as error:
            raise UserError(
                tr(
                    "The table could not be written to {file} ({reason}). Nothing else was changed. "
                    "Choose another place.",
                    file=file,
                    reason=error.strerror or error,
                ),
                code="not_written",
            ) from error

    def _learners(self) -> list[Learner]:
        kind, _, number = self.who.value().partition(" ")
        every = {learner.id: learner for learner in self._store.learners()}
        if kind == "class":
            return [every[each] for each in self._store.members(int(number)) if each in every]
        return [every[int(number)]] if kind == "learner" and int(number) in every else []

    def _show(self) -> None:
        clear(self._body)
        until = date.today()
        since = until - timedelta(days=int(self.period.value()) - 1)
        self.reports = reports.about(self._store, self._learners(), since, until)
        worked = any(report.days for report in self.reports)
        for made in (self.save_pdf, self.save_csv):
            made.setEnabled(bool(self.reports))
        if worked:
            self._body.addWidget(self._plot(since, until))
        for report in self.reports[:_SHOWN]:
            card = Card(pad=16, gap=4)
            card.body.addWidget(label(report.learner.name, "strong"))
            for line in reports.sentences(report):
                card.body.addWidget(label(line))
            for work in report.lessons[:3]:
                card.body.addWidget(label(_line(work), "caption"))
            self._body.addWidget(card)
        if len(self.reports) > _SHOWN:
            self._body.addWidget(label(tr("All {n} learners are in the saved report.", n=len(self.reports)), "quiet"))
        if not self.reports:
            self._body.addWidget(
                empty(tr("There is nobody to report about yet. Add learners, or put some into the class."))
            )

    def _plot(self, since: date, until: date) -> Trend:
        """Minutes of all of them, day by day, or week by week over a long time."""
        step = 1 if (until - since).days <= 90 else 7
        minutes: dict[int, float] = defaultdict(float)
        for report in self.reports:
            for day in report.days:
                minutes[(date.fromisoformat(day.day) - since).days // step] += day.minutes
        count = (until - since).days // step + 1
        parts = [day_in_words(since + timedelta(days=step * n)) for n in range(count)]
        line = Line(name=tr("Minutes of work"), values=tuple(minutes[n] for n in range(count)))
        most = max(4.0, *(value or 0.0 for value in line.values))
        nice = 4 * 10 ** int(math.log10(most / 4))  # the axis has four steps
        most = math.ceil(most / nice) * nice
        unit = tr("Day") if step == 1 else tr("Week from")
        return Trend(line.name, parts, [line], tr("Minutes"), whole, bounds=(0.0, most), when=unit)

    def _ask(self, kind: str) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        safe = "".join(c if c.isalnum() else "-" for c in self.who.currentText())
        kinds = tr("PDF (*.pdf)") if kind == "pdf" else tr("Tables (*.csv)")
        chosen, _ = QFileDialog.getSaveFileName(
            self, tr("Save the report"), str(Path(folder) / f"tutor-{safe}.{kind}"), kinds
        )
        if chosen:
            self.write(kind, Path(chosen))


def _line(work: LessonWork) -> str:
    """One lesson of one learner; where no problem was worked on, nothing is said of solving."""
    lesson, minutes = reports.lesson_name(work), reports.minutes_in_words(work.minutes)
    if not work.problems:
        return tr("{lesson}: {minutes}", lesson=lesson, minutes=minutes)
    return tr(
        "{lesson}: {minutes}, {solved} of {problems} solved",
        lesson=lesson,
        minutes=minutes,
        solved=work.solved,
        problems=work.problems,
    )
