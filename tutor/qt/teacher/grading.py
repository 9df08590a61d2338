"""Blind grading: an answer drawn by chance, three grades from 1 to 5, the next one. Keys 1 to 5 grade, S skips."""

import secrets
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QProgressBar, QVBoxLayout, QWidget

from tutor.classroom import grading
from tutor.errors import UserError
from tutor.i18n import tr, trn
from tutor.qt.flow import flow
from tutor.qt.teacher import review_words
from tutor.qt.teacher.section import empty
from tutor.qt.widgets import Card, Choice, button, clear, label, row, set_role
from tutor.store import Store

GRADES: Final = ("accurate", "kind", "level")


def grade_in_words(name: str) -> str:
    return {"accurate": tr("Accurate"), "kind": tr("Kind"), "level": tr("At the right level")}[name]


def one_decimal(grade: float) -> str:
    return QLocale().toString(grade, "f", 1)


class GradeLine(QWidget):
    """One grade: five chips, from bad to good."""

    chosen = Signal(int)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name, self.value = name, 0
        self._heading = label(grade_in_words(name), "strong")
        self.chips = [button(str(n), "chip", "", partial(self._choose, n)) for n in range(1, 6)]
        group = QButtonGroup(self)
        for number, chip in enumerate(self.chips, start=1):
            chip.setCheckable(True)
            chip.setAccessibleName(tr("{grade}: {n} of 5", grade=grade_in_words(name), n=number))
            group.addButton(chip)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addWidget(self._heading)
        box.addWidget(flow(*self.chips))

    def choose(self, value: int) -> None:
        self.chips[value - 1].setChecked(True)
        self._choose(value)

    def light(self, on: bool) -> None:
        """Keys go to this one."""
        set_role(self._heading, "role", "strong" if on else "quiet")

    def _choose(self, value: int) -> None:
        self.value = value
        self.chosen.emit(value)


class Grading(QWidget):
    """Nothing on it says whose answer it is, or of which model. `left`: back to the list."""

    left = Signal()

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self._sample: tuple[int, ...] = ()
        self._at = 0
        self._skipped: set[int] = set()
        self._graded: list[int] = []
        self.lines: dict[str, GradeLine] = {}
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(tr("Answers graded"))
        self._counted = label("", "caption")
        self._card = Card(pad=16, gap=12)
        self._left = button(tr("Back to the list"), "quiet", "arrow-left", self.left.emit)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        box.addLayout(row(self._left))
        box.addWidget(
            label(
                tr(
                    "Answers drawn by chance, spread over days and lessons. You do not see whose they are or which "
                    "model wrote them. Grade what you read: 1 is bad, 5 is very good."
                ),
                "quiet",
            )
        )
        box.addWidget(self._counted)
        box.addWidget(self.progress)
        box.addWidget(self._card)

    def begin(self) -> None:
        """Draw a sample."""
        since = (datetime.now().astimezone().date() - timedelta(days=grading.DAYS)).isoformat()
        self._sample = grading.draw(self._store.drawable(since), seed=secrets.randbits(32), but=self._skipped)
        self._at, self._graded = 0, []
        self._show()

    @property
    def message_id(self) -> int | None:
        """The answer that is graded now; None at the end."""
        return self._sample[self._at] if self._at < len(self._sample) else None

    def skip(self) -> None:
        if (now := self.message_id) is not None:
            self._skipped.add(now)
            self._at += 1
            self._show()

    def back(self) -> None:
        """Take the last grade back."""
        if self._graded:
            last = self._graded.pop()
            self._store.take_grade_back(last)
            self._at = self._sample.index(last)
            self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = event.key() - Qt.Key.Key_0
        waiting = next((line for line in self.lines.values() if not line.value), None)
        if 1 <= number <= 5 and waiting is not None and not event.modifiers():
            waiting.choose(number)
        elif event.key() == Qt.Key.Key_S and not event.modifiers():
            self.skip()
        elif event.key() == Qt.Key.Key_Z and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.back()
        else:
            super().keyPressEvent(event)

    def _show(self) -> None:
        clear(self._card.body)
        self.lines = {}
        self.progress.setMaximum(max(1, len(self._sample)))
        self.progress.setValue(self._at)
        self.progress.setVisible(bool(self._sample))
        self._counted.setText(tr("{n} of {total}", n=self._at, total=len(self._sample)) if self._sample else "")
        now = self.message_id
        if now is None:
            self._card.body.addWidget(empty(self._end()))
            if self._graded:
                self._card.body.addLayout(row(button(tr("Draw more"), "plain", "refresh-cw", self.begin)))
            return
        try:
            turn = self._store.turns_before(now, 1, told=True)
        except UserError:
            self.skip()
            return
        for message in turn:
            who = tr("The learner wrote:") if message.role.value == "learner" else tr("Tutor answered:")
            self._card.body.addWidget(label(who, "caption"))
            self._card.body.addWidget(label(message.text, select=True))
        for name in GRADES:
            line = self.lines[name] = GradeLine(name)
            line.chosen.connect(self._chosen)
            self._card.body.addWidget(line)
        self.error = Choice(review_words.errors())
        self.error.setAccessibleName(tr("Kind of error"))
        self._card.body.addLayout(row(label(tr("Kind of error"), "caption", wrap=False), self.error))
        acts = [button(tr("Skip"), "quiet", "", self.skip)]
        if self._graded:
            acts.append(button(tr("Back to the last one"), "quiet", "undo-2", self.back))
        self._card.body.addWidget(flow(*acts))
        self._card.body.addWidget(label(tr("Keys: 1 to 5 grade, S skips, Ctrl+Z goes back."), "caption"))
        self._light()
        self.lines[GRADES[0]].chips[0].setFocus()  # its keys come up to here

    def _light(self) -> None:
        waiting = next((line for line in self.lines.values() if not line.value), None)
        for line in self.lines.values():
            line.light(line is waiting)

    def _chosen(self, _value: int) -> None:
        self._light()
        now = self.message_id
        if now is None or not all(line.value for line in self.lines.values()):
            return
        accurate, kind, level = (self.lines[name].value for name in GRADES)
        self._store.grade(now, accurate, kind, level, by="teacher", error=self.error.value())
        self._graded.append(now)
        self._at += 1
        self._show()

    def _end(self) -> str:
        if self._sample:
            done = trn("{n} answer is graded.", "{n} answers are graded.", len(self._graded))
            return tr("{done} The trend stands under “Quality”.", done=done)
        return tr(
            "There is nothing to grade. Answers of the last {n} days are drawn, of learners whose whole conversations "
            "you may read (see “Learners”).",
            n=grading.DAYS,
        )
