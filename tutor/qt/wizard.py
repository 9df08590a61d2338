"""The first run: a few small steps in the main window, from "home or school" to the first learner."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from tutor.errors import UserError
from tutor.i18n import tr
from tutor.qt import theme
from tutor.qt.widgets import Column, Notice, Paragraph, button, label
from tutor.qt.wizard_steps import (
    ContactStep,
    DoneStep,
    LearnerStep,
    PassphraseStep,
    RecoveryStep,
    Step,
    UseStep,
)

if TYPE_CHECKING:
    from tutor.store import Store

WIDTH = 600


class Wizard(QWidget):
    """`finished` is emitted once everything that a chat needs is stored."""

    finished = Signal()

    def __init__(self, store: "Store", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("page", "true")
        passphrase = PassphraseStep(store)
        self.steps: list[Step] = [
            UseStep(store),
            ContactStep(store),
            passphrase,
            RecoveryStep(store, passphrase),
            LearnerStep(store),
            DoneStep(store),
        ]
        self._index = 0
        self._count = label("", "caption")
        self._title = label("", "title")
        self._lead = Paragraph("", "quiet")
        self._problem = Notice("", "alert")
        self._problem.hide()
        self._column = Column(width=WIDTH, top=48)
        for widget in (self._count, self._title, self._lead, self._problem, *self.steps):
            self._column.body.addWidget(widget)
        self._column.body.addStretch(1)
        self.back = button(tr("Back"), "quiet", "arrow-left", self.go_back)
        self.next = button(tr("Next"), "primary", "", self.go_on)
        self.next.setDefault(True)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._column, 1)
        outer.addWidget(self._foot())
        theme.changed.connect(self._fit)
        self._fit()
        self._show(0)

    def _fit(self) -> None:
        self._foot_inside.setMaximumWidth(theme.scale(WIDTH))

    def _foot(self) -> QFrame:
        foot = QFrame()
        foot.setProperty("panel", "foot")
        line = QHBoxLayout(foot)
        line.setContentsMargins(24, 12, 24, 12)
        line.addStretch(1)
        inner = self._foot_inside = QWidget()
        inside = QHBoxLayout(inner)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.back)
        inside.addStretch(1)
        inside.addWidget(self.next)
        line.addWidget(inner, 1000)
        line.addStretch(1)
        return foot

    @property
    def step(self) -> Step:
        return self.steps[self._index]

    def go_on(self) -> None:
        """Check and store this step, then show the next one."""
        self._problem.hide()
        try:
            if not self.step.leave():
                return
        except UserError as error:
            self._problem.say(str(error), "alert")
            return
        if self._index + 1 == len(self.steps):
            self.finished.emit()
        else:
            self._show(self._index + 1)

    def go_back(self) -> None:
        self._problem.hide()
        if self._index > 0 and self.step.can_go_back:
            self._show(self._index - 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.go_on()
        else:
            super().keyPressEvent(event)

    def _show(self, index: int) -> None:
        self._index = index
        step = self.steps[index]
        step.enter()
        self._count.setText(tr("Step {n} of {all}", n=index + 1, all=len(self.steps)))
        self._title.setText(step.title)
        self._lead.setText(step.lead)
        self._lead.setVisible(bool(step.lead))
        for other in self.steps:
            other.setVisible(other is step)
        self.back.setVisible(index > 0 and step.can_go_back)
        self.next.setText(tr("Start") if index + 1 == len(self.steps) else tr("Next"))
        self._column.verticalScrollBar().setValue(0)
        QTimer.singleShot(0, self._focus_first)

    def _focus_first(self) -> None:
        first = next(
            (w for w in self.step.findChildren(QWidget) if w.isVisible() and w.focusPolicy() & Qt.FocusPolicy.TabFocus),
            self.next,
        )
        first.setFocus(Qt.FocusReason.OtherFocusReason)
