"""Fairness on a lesson: measured on a press, with progress and a way to stop, then told in words and in a table.

Each row of the table opens the pairs that it counts.
"""

import contextlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QProgressBar

from tutor.classroom import fairness
from tutor.classroom.fairness import Difference, Ended, Fairness, Measured, Progress
from tutor.domain import LessonVersion
from tutor.errors import UserError
from tutor.i18n import tr, trn
from tutor.qt.flow import flow
from tutor.qt.plots import percent
from tutor.qt.teacher.fairness_pairs import Pairs
from tutor.qt.teacher.fairness_words import dimension_in_words, outcome_in_words
from tutor.qt.teacher.section import when
from tutor.qt.teacher.spread_table import SpreadTable
from tutor.qt.widgets import Card, Choice, Notice, button, label

if TYPE_CHECKING:
    from tutor.app import App


_ROWS = 10


class FairnessCard(Card):
    """The measurement runs in the engine that answers learners; it takes a few minutes and can be stopped."""

    _heard = Signal(object)

    def __init__(self, app: "App") -> None:
        super().__init__(pad=16, gap=8)
        self._app = app
        self.desk = Fairness(app, app.store)
        self.destroyed.connect(app.hear(self.desk.handle))
        self._heard.connect(self._show, Qt.ConnectionType.QueuedConnection)
        self.lesson = Choice([("", tr("Without a lesson"))])
        self.lesson.setAccessibleName(tr("Lesson"))
        self.start_button = button(tr("Measure now"), "plain", "play", self.start)
        self.stop_button = button(tr("Stop"), "plain", "circle-stop", self.desk.cancel)
        self.lesson.activated.connect(lambda _index: self._show_kept())
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(tr("Messages answered"))
        self.said = Notice("")
        self.when = label("", "caption")
        self.table = SpreadTable(_ROWS)
        self.table.setAccessibleName(tr("Differences"))
        self.table.cellClicked.connect(self.open_pairs)
        self.table.cellActivated.connect(self.open_pairs)
        self.hint = label(tr("Press a row, or Enter on it, to see the pairs that it counts."), "caption")
        self.pairs = Pairs()
        self.pairs.closed.connect(self._close_pairs)
        self._shown: Measured | None = None
        self.body.addWidget(label(tr("Is it fair on this lesson?"), "heading"))
        count = len(fairness.questions(None))
        self.body.addWidget(
            label(
                tr(
                    "{n} messages are asked that differ in one thing alone: a name, gender, faith, origin or "
                    "disability. The answers should not differ. Nothing of it is kept with any learner.",
                    n=count,
                ),
                "caption",
            )
        )
        self.body.addWidget(flow(self.lesson, self.start_button, self.stop_button))
        for widget in (self.progress, self.said, self.when, self.hint, self.table, self.pairs):
            self.body.addWidget(widget)
            widget.hide()
        self.stop_button.hide()

    def refresh(self) -> None:
        """The lessons that are published now."""
        wanted = self.lesson.value()
        self.lesson.clear()
        self.lesson.addItem(tr("Without a lesson"), "")
        for line in self._app.store.lessons():
            if line.state.value == "published":
                self.lesson.addItem(line.title, str(line.id))
        self.lesson.choose(wanted if self.lesson.findData(wanted) >= 0 else "")
        if not wanted and self.lesson.count() > 1:
            self.lesson.setCurrentIndex(1)
        self._show_kept()

    def _version(self) -> LessonVersion | None:
        """The version of the chosen lesson that is published; None for none. Raises `UserError`."""
        return self._app.store.published_lesson(int(self.lesson.value())) if self.lesson.value() else None

    def _show_kept(self) -> None:
        """What was measured of the chosen lesson as it stands; nothing where that was not done."""
        if self.desk.running:
            return
        found = None
        with contextlib.suppress(UserError):
            version = self._version()
            found = fairness.kept(self._app.store, version.id if version else None)
        self._measured_at("")
        if found is None:
            self.said.hide()
            self._hide_table()
            return
        self._result(found.measured)
        self._measured_at(found.at, found.model)

    def _measured_at(self, at: str, model: str = "") -> None:
        if at:
            parts = (tr("Measured {when}", when=when(at)), model)
            self.when.setText(" · ".join(part for part in parts if part))
        self.when.setVisible(bool(at))

    def start(self) -> None:
        if self._app.engine_state.state != "ready":
            self.said.say(tr("The tutor is not ready yet. Wait until it is, then measure."), "warm")
            return
        try:
            version = self._version()
            self.desk.start(version.lesson if version else None, version.id if version else None, self._tell)
        except UserError as error:
            self.said.say(str(error), "alert")
            return
        self._hide_table()
        self._measured_at("")
        self.lesson.setEnabled(False)
        self.progress.setValue(0)
        self.progress.show()
        self.stop_button.show()
        self.start_button.setEnabled(False)
        self.said.say(tr("Asking… Learners can go on meanwhile; it takes a few minutes."))

    def _tell(self, told: Progress | Measured | Ended) -> None:
        with contextlib.suppress(RuntimeError):  # the page was closed meanwhile
            self._heard.emit(told)

    def _show(self, told: Progress | Measured | Ended) -> None:
        if isinstance(told, Progress):
            self.progress.setMaximum(told.of)
            self.progress.setValue(told.done)
            return
        self.progress.hide()
        self.stop_button.hide()
        self.start_button.setEnabled(True)
        self.lesson.setEnabled(True)
        if isinstance(told, Ended):
            self.said.say(told.words or tr("Stopped. Nothing was kept."), "warm" if told.words else "notice")
            return
        self._result(told)
        self._measured_at(datetime.now(UTC).isoformat())

    def open_pairs(self, y: int, _x: int = 0) -> None:
        """What the comparison of a row counts."""
        if self._shown is not None:
            one = self._shown.differences[y]
            self.table.setCurrentCell(y, 0)
            self.pairs.show_pairs(self._shown, one.dimension, one.outcome)

    def _close_pairs(self) -> None:
        self.pairs.hide()
        self.table.setFocus()

    def _hide_table(self) -> None:
        for widget in (self.hint, self.table, self.pairs):
            widget.hide()

    def _result(self, told: Measured) -> None:
        self._shown = told
        self.pairs.hide()
        found = [each for each in told.differences if each.found]
        changed = sum(each.changed > 0 for each in told.differences)
        if found:
            worst = "; ".join(
                f"{dimension_in_words(each.dimension)}: {outcome_in_words(each.outcome)} ({each.widest})"
                for each in found
            )
            self.said.say(
                tr(
                    "A difference that chance does not explain: {what}. Look at the table, then at the lesson's words.",
                    what=worst,
                ),
                "warm",
            )
        else:
            words = trn(
                "No difference that chance does not explain, in {n} comparison.",
                "No difference that chance does not explain, in {n} comparisons.",
                len(told.differences),
            )
            small = tr("Answers did differ here and there; the table says where.") if changed else ""
            self.said.say(" ".join(part for part in (words, small) if part), "good")
        self._fill(told.differences)

    def _fill(self, differences: tuple[Difference, ...]) -> None:
        heads = (tr("What differs"), tr("Compared"), tr("Difference"), tr("Pairs that differ"), tr("p (Holm)"))
        rows = [
            (
                dimension_in_words(each.dimension),
                outcome_in_words(each.outcome),
                QLocale().toString(each.mean, "f", 2),
                f"{percent(each.changed)} ({each.pairs})",
                QLocale().toString(each.holm, "f", 3),
            )
            for each in differences
        ]
        self.table.fill(heads, rows)
        self.hint.show()
        self.table.show()
