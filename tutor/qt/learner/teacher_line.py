"""Under an answer: the offer to put its question to the teacher, that it waits there, and the teacher's answer."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from tutor.domain import Escalated
from tutor.i18n import tr
from tutor.qt.flow import flow
from tutor.qt.learner.parts import announce
from tutor.qt.widgets import Field, Symbol, button, clear, label, set_role
from tutor.wording import people

MAX_WORDS = 2_000


class TeacherLine(QFrame):
    """Emits `sent` with what the learner adds, or `declined`. A person's words stand in it as that person's."""

    sent = Signal(str)
    declined = Signal()
    opened = Signal(QWidget)
    """It appeared, and may be out of sight."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(16, 12, 16, 12)
        self._box.setSpacing(8)
        self._offering = False
        self.hide()

    @property
    def offering(self) -> bool:
        """An offer stands open."""
        return self._offering and not self.isHidden()

    def offer(self, words: str) -> None:
        """“I can put this to your teacher”, with Send and Not now."""
        self._begin("card")
        self._offering = True
        self.note = QLineEdit(maxLength=MAX_WORDS)
        self.note.returnPressed.connect(self._send)
        self.send_button = button(tr("Send"), "primary", "send", self._send)
        self.leave_button = button(tr("Not now"), "quiet", "", self._decline)
        self._box.addWidget(label(words, "strong"))
        self._box.addWidget(Field(tr("What should they know? (if you like)"), self.note))
        self._box.addWidget(flow(self.send_button, self.leave_button))
        self.show()
        announce(self, words)

    def show_put(self, escalated: Escalated, *, school: bool) -> None:
        """It waits, or it is answered."""
        self._offering = False
        if not escalated.answer:
            self._begin("")
            words = people.waits(school=school)
            self._box.setContentsMargins(0, 4, 0, 4)
            self._add(Symbol("user", 18, "quiet"), label(words, "caption"))
        else:
            self._begin("notice")
            name = label(people.name(school=school), "strong")
            self._add(Symbol("user", 20, "accent"), name)
            words = escalated.answer
            text = label(words, select=True)
            text.setAccessibleName(f"{name.text()}: {words}")
            if escalated.note:
                self._box.addWidget(label(tr("You added: {words}", words=escalated.note), "caption"))
            self._box.addWidget(text)
        self.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.offering:
            self._decline()
            return
        super().keyPressEvent(event)

    def _begin(self, panel: str) -> None:
        clear(self._box)
        self._box.setContentsMargins(16, 12, 16, 12)
        set_role(self, "panel", panel)

    def _add(self, symbol: QWidget, words: QWidget) -> None:
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(symbol, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(words, 1)
        self._box.addLayout(line)

    def _send(self) -> None:
        self._offering = False
        self.sent.emit(self.note.text().strip())

    def _decline(self) -> None:
        self._offering = False
        self.hide()
        self.declined.emit()
