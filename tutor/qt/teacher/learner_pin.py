"""A learner's PIN, for grown-ups: give one, give another, take a forgotten one away."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tutor.domain import Learner
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.qt import strength
from tutor.qt.flow import FlowLayout
from tutor.qt.learner.pin_door import pin_line
from tutor.qt.widgets import Field, Notice, Paragraph, button, label
from tutor.qt.work import Operation
from tutor.store.guarded import wait_in_words

if TYPE_CHECKING:
    from tutor.store import Store


class PinForm(QWidget):
    """`done` carries what was done, in words; `left`: nothing was changed."""

    done = Signal(str)
    left = Signal()

    def __init__(self, store: "Store", learner: Learner) -> None:
        super().__init__()
        self._store, self._learner = store, learner
        name, has_one = learner.name, store.has_pin(learner.id)
        self.notice = Notice("", "warm")
        self.notice.hide()
        self.first = pin_line(tr("New PIN"))
        self.first_field = Field(tr("New PIN"), self.first, tr("Four to six digits, not a birthday."))
        self.second = pin_line(tr("Once more"))
        self.second_field = Field(tr("Once more"), self.second)
        self.keep_button = button(tr("Change the PIN") if has_one else tr("Set the PIN"), "primary", "check", self.keep)
        self.second.line.returnPressed.connect(self.keep)
        self.remove_button = button(tr("Take the PIN away"), "danger", "lock-open", self.remove)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(16)
        box.addWidget(label(tr("PIN of {name}", name=name), "heading"))
        box.addWidget(
            Paragraph(
                tr(
                    "It is asked for before the conversations of {name} open, so that other learners stay out. Whoever "
                    "has forgotten it comes to you: take it away here, or give another one.",
                    name=name,
                ),
                "quiet",
            )
        )
        box.addWidget(self.notice)
        box.addWidget(self.first_field)
        box.addWidget(self.second_field)
        leave = button(tr("Leave it as it is"), "quiet", "", self.left.emit)
        choices = QWidget()
        flow = FlowLayout(choices, gap=8)
        for made in (self.keep_button, self.remove_button, leave) if has_one else (self.keep_button, leave):
            flow.addWidget(made)
        box.addWidget(choices)
        wait = store.pin_locked_for(learner.id)
        if wait > 0:
            self.notice.say(
                tr(
                    "Somebody typed a wrong PIN too many times. The next try is possible in {when}; another PIN ends "
                    "the wait.",
                    when=wait_in_words(wait),
                ),
                "warm",
            )
        self.first.line.textEdited.connect(lambda: self.first_field.complain(""))
        self.second.line.textEdited.connect(lambda: self.second_field.complain(""))

    def keep(self) -> None:
        """Keep what was typed twice."""
        pin = self.first.text()
        judged = strength.judge(pin)
        if judged is strength.Strength.SHORT:
            self.first_field.complain(tr("Too short: four to six digits."))
        elif judged is strength.Strength.EASY:
            self.first_field.complain(tr("Too easy to guess. Choose digits without a pattern."))
        elif pin != self.second.text():
            self.second_field.complain(tr("The two are not the same. Type it once more."))
            self.second.clear()
            self.second.line.setFocus()
            return
        elif self.keep_button.isEnabled():
            self._do(
                lambda: self._store.set_pin(self._learner.id, pin),
                tr("{name} has a PIN now. Tell it to nobody else.", name=self._learner.name),
            )
            return
        self.first.line.setFocus()

    def remove(self) -> None:
        """Whoever chooses this learner comes in without a PIN from now on."""
        self._do(
            lambda: self._store.remove_pin(self._learner.id),
            tr("The PIN of {name} was taken away.", name=self._learner.name),
        )

    def _do(self, job: Callable[[], None], told: str) -> None:
        for made in (self.keep_button, self.remove_button):
            made.setEnabled(False)
        Operation(self, job, done=lambda _: self.done.emit(told), failed=self._failed)

    def _failed(self, error: UserError) -> None:
        for made in (self.keep_button, self.remove_button):
            made.setEnabled(True)
        self.notice.say(str(error), "alert")
