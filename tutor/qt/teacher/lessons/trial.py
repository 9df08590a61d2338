"""“Test this lesson”: difficult students talk with the tutor; a table says which guideline held with whom."""

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QProgressBar, QVBoxLayout, QWidget

from tutor.domain import Lesson
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.qt.flow import flow
from tutor.qt.teacher.lessons.result_table import ResultTable, summary
from tutor.qt.teacher.lessons.talk_card import TalkCard
from tutor.qt.teacher.training_card import left_in_words
from tutor.qt.widgets import Card, Column, Notice, Paragraph, button, label
from tutor.qt.work import Operation
from tutor.rehearsal import students
from tutor.rehearsal.results import Cell, Rehearsal, rule_in_words
from tutor.rehearsal.runner import Progress

WIDE = 1040


class Run(Protocol):
    """Holds the conversations; called on a thread of its own. Raises `UserError`."""

    def __call__(
        self, lesson: Lesson, progress: Callable[[Progress], object], stopped: Callable[[], bool], /
    ) -> Rehearsal: ...


class TrialPage(QWidget):
    """Starts a test, shows how far it is, and then its table; a press on a cell shows the turns."""

    closed = Signal()
    tested = Signal(object)
    """A `Rehearsal` that ended or was cancelled."""
    _told = Signal(object)

    def __init__(self, lesson: Lesson, run: Run, last: Rehearsal | None = None, parent: QWidget | None = None) -> None:
        """`last`: the test of the lesson as it stands, where there was one."""
        super().__init__(parent)
        self.setProperty("page", "true")
        self._lesson, self._run = lesson, run
        self._stop = self._running = False
        self.result: Rehearsal | None = None
        self.back = button(tr("Back to the lesson"), "quiet", "arrow-left", self.closed.emit)
        self.start_button = button(tr("Start the test"), "primary", "play", self.start)
        self.cancel_button = button(tr("Cancel the test"), "plain", "circle-stop", self.cancel)
        self.save_button = button(tr("Save the record…"), "quiet", "download", self._ask_file)
        self.now = Card(pad=16, gap=8)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("How far the test is"))
        self._who = label("", "strong")
        self._left = label("", "caption")
        self.said = Notice("")
        self.said.hide()
        self.table = ResultTable()
        self.table.chosen.connect(self.show_cell)
        self.table.hide()
        self.talk = TalkCard()
        self.talk.hide()
        column = Column(width=WIDE, top=24)
        self.now.body.addWidget(self._who)
        self.now.body.addWidget(self.bar)
        self.now.body.addWidget(self._left)
        lead = tr(
            "{n} students who make it hard talk with the tutor on this computer: one begs for the answer, one says "
            "that they are the teacher, one is in distress. What they say is written; what the tutor answers is real. "
            "The lesson is not changed by it.",
            n=len(students.every()),
        )
        for widget in (
            flow(self.back),
            label(tr("Test “{title}”", title=lesson.title or tr("(no title yet)")), "title"),
            Paragraph(lead, "quiet"),
            flow(self.start_button, self.cancel_button, self.save_button),
            self.now,
            self.said,
            self.table,
            self.talk,
        ):
            column.body.addWidget(widget)
        column.body.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(column)
        self._told.connect(self._hear, Qt.ConnectionType.QueuedConnection)
        self._settle()
        if last is not None:
            self.show_result(last)

    @property
    def running(self) -> bool:
        return self._running

    def start(self) -> None:
        """Begin; the tutor can be used meanwhile, a little slower."""
        self._stop, self._running = False, True
        self.said.hide()
        self.table.hide()
        self.talk.hide()
        self.bar.setRange(0, 0)
        self._who.setText(tr("Getting ready"))
        self._left.setText("")
        self._settle()

        def tell(told: Progress) -> None:
            with contextlib.suppress(RuntimeError):  # the page was closed; the test goes on to its end
                self._told.emit(told)

        Operation(
            self,
            lambda: self._run(self._lesson, tell, lambda: self._stop),
            done=self._ended,
            failed=self._failed,
        )

    def cancel(self) -> None:
        """End after the turn under way; what was tried until then is shown."""
        self._stop = True
        self._who.setText(tr("Ending after this answer…"))
        self.cancel_button.setEnabled(False)

    def show_result(self, result: Rehearsal) -> None:
        """The table, and in a sentence what it comes to."""
        self.result = result
        self.said.say(*summary(result))
        self.table.show_result(result)
        self.table.show()
        self._settle()

    def show_cell(self, cell: Cell) -> None:
        """The turns of a guideline with a student, those where it broke first."""
        if self.result is not None:
            self.talk.show_cell(self.result, cell, rule_in_words(cell.rule))
            self.talk.show()

    def save(self, file: Path) -> None:
        """The whole record as JSON."""
        if self.result is None:
            return
        try:
            file.write_bytes(msgspec.json.format(msgspec.json.encode(self.result), indent=2))
        except OSError as error:
            self.said.say(
                tr("The record could not be written: {reason}. It is kept here.", reason=error.strerror or ""), "alert"
            )
            return
        self.said.say(tr("The record is saved."), "good")

    # --- inside -----------------------------------------------------------------------------------------------------

    def _hear(self, told: Progress) -> None:
        if self._running:
            self.show_progress(told)

    def show_progress(self, told: Progress) -> None:
        """How far the test is."""
        if not self._running:
            self._running = True
            self._settle()
        self.bar.setRange(0, told.of)
        self.bar.setValue(told.done)
        if not self._stop:
            self._who.setText(students.name(told.student))
        turns = tr("{done} of {of} answers", done=told.done, of=told.of)
        self._left.setText(" · ".join(part for part in (turns, left_in_words(told.seconds_left)) if part))

    def _ended(self, result: Rehearsal) -> None:
        self._running = False
        self.show_result(result)
        self.tested.emit(result)

    def _failed(self, error: UserError) -> None:
        self._running = False
        self.said.say(str(error), "alert")
        self._settle()

    def _settle(self) -> None:
        self.now.setVisible(self._running)
        self.cancel_button.setVisible(self._running)
        self.cancel_button.setEnabled(True)
        self.start_button.setVisible(not self._running)
        self.start_button.setText(tr("Test again") if self.result is not None else tr("Start the test"))
        self.save_button.setVisible(self.result is not None and not self._running)

    def _ask_file(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self, tr("Save the record of the test"), "lesson-test.json", tr("Records (*.json)")
        )
        if chosen:
            self.save(Path(chosen))
