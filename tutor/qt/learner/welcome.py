"""An empty conversation: a greeting and examples of how to ask; the chips under the last answer."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tutor.i18n import tr
from tutor.qt.flow import FlowLayout
from tutor.qt.widgets import button, label


def examples() -> tuple[str, ...]:
    """Ways to ask, from easy to hard, and one that shows that saying what one tried is welcome."""
    return (
        tr("What is 3/4 + 1/8?"),
        tr("How do I find 15% of 60?"),
        tr("I tried 7 × 8 and got 54. Is it right?"),
        tr("Can you give me a hint for 2x + 3 = 11?"),
        tr("How many centimetres are 2.5 metres?"),
    )


class Welcome(QWidget):
    """Emits `chosen` with an example; it is put into the field, so that it can be changed."""

    chosen = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        words = tr("Hello {name}. What shall we work on?", name=name) if name else tr("Hello. What shall we work on?")
        self.greeting = label(words, "title")
        self.ways = QWidget()
        keep = self.ways.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self.ways.setSizePolicy(keep)
        ways = QVBoxLayout(self.ways)
        ways.setContentsMargins(0, 0, 0, 0)
        ways.setSpacing(12)
        ways.addWidget(label(tr("You could ask:"), "strong"))
        self.buttons = [button(words, "chip") for words in examples()]
        chips = QWidget()
        flow = FlowLayout(chips, gap=8)
        for each in self.buttons:
            each.clicked.connect(self._clicked)
            flow.addWidget(each)
        ways.addWidget(chips)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 32, 0, 0)
        box.setSpacing(12)
        box.addWidget(self.greeting)
        box.addWidget(
            label(tr("I help you find the answer yourself, step by step. I check every sum before I show it."), "quiet")
        )
        box.addSpacing(12)
        box.addWidget(self.ways)
        box.addStretch(1)

    def _clicked(self) -> None:
        at = self.buttons.index(self.sender())  # type: ignore[arg-type]
        self.chosen.emit(examples()[at])


class QuickChips(QWidget):
    """[Give me a hint] [Explain again] [I tried…] under the last answer. `asks` sends, `begins` starts a sentence."""

    asks = Signal(str)
    begins = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hint = button(tr("Give me a hint"), "chip", "lightbulb", self._hint)
        self.explain = button(tr("Explain again"), "chip", "rotate-ccw", self._explain)
        self.tried = button(tr("I tried…"), "chip", "pencil", self._tried)
        flow = FlowLayout(self, gap=8)
        for each in (self.hint, self.explain, self.tried):
            flow.addWidget(each)

    def _hint(self) -> None:
        self.asks.emit(tr("Give me a hint, please."))

    def _explain(self) -> None:
        self.asks.emit(tr("Explain it again, please."))

    def _tried(self) -> None:
        self.begins.emit(tr("I tried") + " ")
