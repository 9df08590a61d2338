"""“Something is wrong”: a panel under the answer, not a dialog. Chips, what is wrong, what would be right, Send."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from tutor.domain import Correction, CorrectionStatus
from tutor.i18n import tr
from tutor.qt.flow import FlowLayout
from tutor.qt.learner.parts import announce
from tutor.qt.widgets import Field, Symbol, button, label, row

MAX_WORDS = 2_000


def categories() -> tuple[tuple[str, str], ...]:
    """Key as stored, words as shown."""
    return (
        ("wrong", tr("It is wrong")),
        ("confusing", tr("I do not understand it")),
        ("level", tr("Too easy or too hard")),
        ("off_lesson", tr("Not what I asked")),
        ("unfair", tr("Unfair or unkind")),
        ("unsafe", tr("It worries me")),
        ("other", tr("Something else")),
    )


class FlagPanel(QFrame):
    """Emits `sent` with category, what is wrong and what would be right; then says thank you."""

    sent = Signal(str, str, str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "card")
        self.chips = QButtonGroup(self)
        chips = QWidget()
        flow = FlowLayout(chips, gap=8)
        for index, (_, words) in enumerate(categories()):
            chip = button(words, "chip")
            chip.setCheckable(True)
            self.chips.addButton(chip, index)
            flow.addWidget(chip)
        self.what = QLineEdit(maxLength=MAX_WORDS)
        self.better = QLineEdit(maxLength=MAX_WORDS)
        self.send = button(tr("Send"), "primary", "send", self._send)
        self.cancel = button(tr("Cancel"), "quiet", "", self._close)
        self.send.setEnabled(False)
        self.chips.idToggled.connect(self._may_send)

        self._form = QWidget()
        form = QVBoxLayout(self._form)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(12)
        form.addWidget(label(tr("What is wrong with this answer?"), "strong"))
        form.addWidget(chips)
        form.addWidget(Field(tr("What is wrong? (if you like)"), self.what))
        form.addWidget(Field(tr("What would be right? (if you know)"), self.better))
        form.addLayout(row(self.send, self.cancel))

        self._thanks = QWidget()
        thanks = QHBoxLayout(self._thanks)
        thanks.setContentsMargins(0, 0, 0, 0)
        thanks.setSpacing(10)
        self.thank_you = label("")
        thanks.addWidget(Symbol("circle-check", 20, "good"), 0, Qt.AlignmentFlag.AlignTop)
        thanks.addWidget(self.thank_you, 1)
        self._thanks.hide()

        box = QVBoxLayout(self)
        box.setContentsMargins(16, 14, 16, 14)
        box.addWidget(self._form)
        box.addWidget(self._thanks)

    def start(self) -> None:
        """Show the form anew with the focus on the first chip."""
        self._thanks.hide()
        self._form.show()
        self.show()
        self.chips.button(0).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_corrected(self, correction: Correction) -> None:
        """The checks have looked at what would be right: it is used, or a grown-up looks at it."""
        if correction.status is CorrectionStatus.ACCEPTED:
            words = tr("Thank you. The tutor answers so from now on.")
        else:
            words = tr("Thank you. A grown-up will look at it.")
        self.thank_you.setText(words)
        if self._thanks.isVisible():
            announce(self, words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._close()
            return
        super().keyPressEvent(event)

    def _may_send(self) -> None:
        self.send.setEnabled(self.chips.checkedId() >= 0)

    def _send(self) -> None:
        key = categories()[self.chips.checkedId()][0]
        self.sent.emit(key, self.what.text().strip(), self.better.text().strip())
        self.thank_you.setText(
            tr("Thank you. It is being checked.")
            if self.better.text().strip()
            else tr("Thank you. A grown-up will look at it.")
        )
        self._form.hide()
        self._thanks.show()
        self.what.clear()
        self.better.clear()
        announce(self, self.thank_you.text())

    def _close(self) -> None:
        self.hide()
        self.closed.emit()
