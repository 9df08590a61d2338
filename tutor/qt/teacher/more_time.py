"""More time for a learner on this day, with the reason, which is kept."""

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QSpinBox, QVBoxLayout, QWidget

from tutor.classroom.reports import minutes_in_words
from tutor.domain import Learner
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.qt.widgets import Field, button, label, row

if TYPE_CHECKING:
    from tutor.store import Store


class MoreTime(QWidget):
    """`done` carries what was done, in words; `failed` the error; `left`: nothing was changed."""

    done = Signal(str)
    failed = Signal(object)
    left = Signal()

    def __init__(self, store: "Store", learner: Learner) -> None:
        super().__init__()
        self._store, self._learner = store, learner
        self.minutes = QSpinBox()
        self.minutes.setRange(5, 600)
        self.minutes.setSingleStep(5)
        self.minutes.setValue(15)
        self.reason = QLineEdit()
        self.reason.setMaxLength(200)
        self.reason_field = Field(tr("Why"), self.reason, tr("It is kept with your decision."))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        box.addWidget(label(tr("More time today for {name}", name=learner.name), "heading"))
        box.addWidget(Field(tr("Minutes more"), self.minutes))
        box.addWidget(self.reason_field)
        for each in store.lifted(learner.id)[:5]:
            box.addWidget(
                label(f"{each.day} · {minutes_in_words(each.minutes)} · {each.reason} · {each.lifted_by}", "caption")
            )
        self.give_button = button(tr("Give the time"), "primary", "check", self.give)
        box.addLayout(row(self.give_button, button(tr("Leave it as it is"), "quiet", "", self.left.emit)))

    def give(self) -> None:
        """Add the minutes to today's, where a reason is written."""
        missing = not self.reason.text().strip()
        self.reason_field.complain(tr("Write why; it is kept.") if missing else "")
        if missing:
            return
        day, minutes = date.today().isoformat(), self.minutes.value()
        try:
            self._store.lift_limit(self._learner.id, day, minutes, self.reason.text(), tr("a teacher"))
        except UserError as error:
            self.failed.emit(error)
            return
        told = tr("{name} has {minutes} more today.", name=self._learner.name, minutes=minutes_in_words(minutes))
        self.done.emit(told)
