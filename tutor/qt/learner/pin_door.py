"""The door to a learner's conversations, where they have a PIN: type it, wait after wrong ones, or ask for help."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tutor.domain import Learner
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.qt.countdown import Countdown
from tutor.qt.pictures import Picture
from tutor.qt.widgets import Column, Field, Notice, Secret, button, label, row
from tutor.qt.work import Operation
from tutor.store.learner_locks import LONGEST_PIN
from tutor.wording import pins

if TYPE_CHECKING:
    from tutor.store import Store
    from tutor.store.learner_locks import LetIn


def pin_line(name: str) -> Secret:
    """A line that takes up to six digits and nothing else."""
    made = Secret(name)
    made.line.setMaxLength(LONGEST_PIN)
    made.line.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly | Qt.InputMethodHint.ImhSensitiveData)
    made.line.setValidator(QRegularExpressionValidator(QRegularExpression("[0-9]*"), made.line))
    return made


class PinDoor(QWidget):
    """`opened` carries the learner and the proof once the PIN was right, `cancelled` goes back to who is learning."""

    opened = Signal(object, object)
    cancelled = Signal()

    def __init__(self, store: "Store", learner: Learner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("page", "true")
        self._store, self._learner = store, learner
        self._school = store.setting("setting") == "school"
        self.busy = False
        """A PIN is being checked."""
        self.notice = Notice("", "warm")
        self.notice.hide()
        self.pin = pin_line(tr("Your PIN"))
        self.field = Field(tr("Your PIN"), self.pin)
        self.pin.line.returnPressed.connect(self.try_it)
        self.pin.line.textEdited.connect(lambda: self.field.complain(""))
        self.open_button = button(tr("Open"), "primary", "lock-open", self.try_it)
        self.back = button(tr("Back"), "quiet", "arrow-left", self.cancelled.emit)
        self.forgotten = button(tr("I have forgotten it"), "link", "", self.help)
        self._lay_out()
        self._countdown = Countdown(lambda: store.pin_locked_for(learner.id), self)
        self._countdown.waiting.connect(self._wait)
        self._countdown.over.connect(self._wait_is_over)
        self.start()

    def _lay_out(self) -> None:
        greeting = label(tr("Hello {name}", name=self._learner.name), "title")
        greeting.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column = Column(width=400, top=64)
        column.body.addWidget(Picture(self._learner.picture, 96), 0, Qt.AlignmentFlag.AlignHCenter)
        column.body.addWidget(greeting)
        column.body.addWidget(self.notice)
        column.body.addWidget(self.field)
        column.body.addLayout(row(self.open_button, self.back))
        column.body.addLayout(row(self.forgotten))
        column.body.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(column)

    def start(self) -> None:
        """The cursor where it is needed: in the line, or while there is a wait on the way back."""
        if self._countdown.look():
            self.back.setFocus()
        else:
            self.pin.line.setFocus()

    def try_it(self) -> None:
        pin = self.pin.text()
        if not self.open_button.isEnabled():
            return
        if not pin:
            self.field.complain(tr("Type your PIN."))
            return
        self._busy(True)
        Operation(self, lambda: self._store.let_in(self._learner.id, pin), done=self.tried, failed=self._failed)

    def tried(self, let_in: "LetIn | None") -> None:
        self._busy(False)
        self.pin.clear()
        if let_in is not None:
            self.opened.emit(self._learner, let_in)
            return
        self.notice.hide()
        self.field.complain(pins.wrong(school=self._school))
        self.start()

    def help(self) -> None:
        """Who takes a forgotten PIN away."""
        self.field.complain("")
        self.notice.say(pins.forgotten(school=self._school), "notice")

    def _failed(self, error: UserError) -> None:
        self._busy(False)
        self.pin.clear()
        if error.code == "locked":
            self.start()
        else:
            self.notice.say(str(error), "alert")

    def _busy(self, busy: bool) -> None:
        self.busy = busy
        self.open_button.setEnabled(not busy)

    def _wait(self, when: str) -> None:
        self._let_type(False)
        self.field.complain("")
        self.notice.say(pins.wait(when, school=self._school), "warm")

    def _wait_is_over(self) -> None:
        self._let_type(True)
        self.notice.hide()
        self.pin.line.setFocus()

    def _let_type(self, may: bool) -> None:
        self.pin.setEnabled(may)
        self.open_button.setEnabled(may)
        self.forgotten.setVisible(may)  # the notice of the wait says it already
