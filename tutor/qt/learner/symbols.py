"""The Σ panel: signs that are hard to type, and a place for a formula."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QToolButton, QVBoxLayout, QWidget

from tutor.i18n import tr
from tutor.qt.flow import FlowLayout
from tutor.qt.widgets import label

CURSOR = "▮"
"""Where the cursor goes in what is inserted."""


def signs() -> tuple[tuple[str, str, str], ...]:
    """What is on the button, what it inserts, what it is called."""
    return (
        ("×", "×", tr("times")),
        ("÷", "÷", tr("divided by")),
        ("−", "−", tr("minus")),
        ("±", "±", tr("plus or minus")),
        ("=", "=", tr("equals")),
        ("≠", "≠", tr("is not equal to")),
        ("<", "<", tr("is less than")),
        (">", ">", tr("is greater than")),
        ("≤", "≤", tr("is at most")),
        ("≥", "≥", tr("is at least")),
        ("½", "1/2", tr("one half")),
        ("¼", "1/4", tr("one quarter")),
        ("¾", "3/4", tr("three quarters")),
        ("x²", "²", tr("squared")),
        ("x³", "³", tr("cubed")),
        ("√", "√", tr("square root")),
        ("%", "%", tr("percent")),
        ("°", "°", tr("degrees")),
        ("π", "π", tr("pi")),
        ("£", "£", tr("pounds")),
        ("€", "€", tr("euros")),
        ("a⁄b", rf"$\frac{{{CURSOR}}}{{}}$", tr("a fraction as a formula")),
        ("√x", rf"$\sqrt{{{CURSOR}}}$", tr("a square root as a formula")),
        ("$…$", f"${CURSOR}$", tr("a formula in LaTeX")),
    )


class SymbolPanel(QFrame):
    """Emits `chosen` with the text to insert, the place of the cursor marked."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "card")
        grid = QWidget()
        flow = FlowLayout(grid, gap=4)
        self.buttons: list[QToolButton] = []
        for sign, insert, name in signs():
            made = QToolButton()
            made.setText(sign)
            made.setProperty("kind", "symbol")
            made.setProperty("insert", insert)
            made.setToolTip(name)
            made.setAccessibleName(name)
            made.clicked.connect(self._clicked)
            self.buttons.append(made)
            flow.addWidget(made)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 10, 12, 10)
        box.setSpacing(8)
        box.addWidget(label(tr("Put a sign into your question"), "caption"))
        box.addWidget(grid)

    def _clicked(self) -> None:
        self.chosen.emit(str(self.sender().property("insert")))
