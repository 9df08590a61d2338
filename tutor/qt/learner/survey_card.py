"""Two questions after a conversation now and then: two taps, or none."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from tutor.i18n import tr
from tutor.qt.flow import flow
from tutor.qt.learner.parts import announce, mini
from tutor.qt.widgets import button, clear, label


def scale() -> tuple[str, ...]:
    """Words for 1 to 5."""
    return (tr("Not at all"), tr("A little"), tr("Some"), tr("Quite"), tr("A lot"))


class SurveyCard(QFrame):
    """Emits `answered` with both answers, 1 to 5; 0 for what was not said. Then it thanks, or goes."""

    answered = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "card")
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(16, 12, 12, 12)
        self._box.setSpacing(8)
        self._helped = 0
        self._ask(tr("Did the tutor help you this week?"), self._first)

    def _ask(self, question: str, then: Callable[[int], None]) -> None:
        clear(self._box)
        top = QHBoxLayout()
        self.close_button = mini(tr("Not now"), "x", self._decline)
        top.addWidget(label(question, "strong"), 1)
        top.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self._box.addLayout(top)
        self.chips = [button(words, "chip", "", partial(then, n)) for n, words in enumerate(scale(), start=1)]
        self._box.addWidget(flow(*self.chips))
        announce(self, question)

    def _first(self, helped: int) -> None:
        self._helped = helped
        self._ask(tr("Would you like to ask it again?"), self._second)

    def _second(self, again: int) -> None:
        self.answered.emit(self._helped, again)
        clear(self._box)
        words = tr("Thank you.")
        self._box.addWidget(label(words, "quiet"))
        announce(self, words)

    def _decline(self) -> None:
        self.answered.emit(self._helped, 0)
        self.hide()
