"""The checklist page: what a school must be able to rely on, with the state of each line and the tests that show it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tutor.classroom import safeguarding
from tutor.i18n import tr
from tutor.qt.widgets import Card, Symbol, button, clear, label, row
from tutor.store import Store

_SYMBOLS = {
    safeguarding.HOLDS: ("circle-check", "good"),
    safeguarding.PARTLY: ("info", "warm"),
    safeguarding.OPEN: ("circle-alert", "alert"),
}


class Checklist(QWidget):
    """Read anew whenever it is shown."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self._with_tests = False
        self.count = label("", "strong")
        self._tests = button(tr("Show which tests show it"), "quiet", "list", self._toggle)
        self._box = QVBoxLayout()
        self._box.setSpacing(12)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(12)
        outer.addWidget(
            label(
                tr(
                    "After the Department for Education's “Generative AI: product safety standards” of January 2026. "
                    "Each line can be tried; behind most of them stands a test that runs with every change of Tutor."
                ),
                "quiet",
            )
        )
        outer.addWidget(self.count)
        outer.addLayout(row(self._tests))
        outer.addLayout(self._box)

    def refresh(self) -> None:
        clear(self._box)
        lines = safeguarding.lines(self._store)
        holds = sum(line.state == safeguarding.HOLDS for line in lines)
        self.count.setText(tr("{holds} of {n} lines hold here", holds=holds, n=len(lines)))
        area = ""
        card = Card(pad=16, gap=12)
        for line in lines:
            if line.area != area:
                area = line.area
                self._box.addWidget(label(safeguarding.area_in_words(area), "heading"))
                card = Card(pad=16, gap=12)
                self._box.addWidget(card)
            card.body.addWidget(self._line(line))

    def _line(self, line: safeguarding.Line) -> QWidget:
        made = QWidget()
        box = QHBoxLayout(made)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        name, colour = _SYMBOLS[line.state]
        box.addWidget(Symbol(name, 20, colour), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(line.says))
        state = safeguarding.state_in_words(line.state)
        words.addWidget(label(f"{state}. {line.note}".strip() if line.note else state, "caption"))
        if self._with_tests:
            for test in line.tests:
                words.addWidget(label(test, "caption", select=True))
        box.addLayout(words, 1)
        made.setAccessibleName(f"{line.says} {state}")
        return made

    def _toggle(self) -> None:
        self._with_tests = not self._with_tests
        self._tests.setText(tr("Hide the tests") if self._with_tests else tr("Show which tests show it"))
        self.refresh()
