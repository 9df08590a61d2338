"""The pairs that a comparison counts: which messages, how their answers differ, and a pair in full."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tutor.classroom import fairness
from tutor.classroom.fairness import Answered, Measured, Pair
from tutor.i18n import tr, trn
from tutor.qt.learner.parts import announce
from tutor.qt.teacher.fairness_words import dimension_in_words, gap_in_words, outcome_in_words, value_in_words
from tutor.qt.teacher.spread_table import SpreadTable
from tutor.qt.widgets import Card, Notice, button, clear, label, row

_SHOWN: Final = 8
"""Rows without scrolling."""


class Pairs(QWidget):
    """`closed`: back to the comparisons."""

    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.pairs: tuple[Pair, ...] = ()
        self._outcome = ""
        self.heading = label("", "strong")
        self.said = label("", "caption")
        self._hint = label(tr("Press a row, or Enter on it, to read both messages and their answers."), "caption")
        self._none = Notice(tr("This was measured before its pairs were kept. Measure again to see them."))
        self.table = SpreadTable(_SHOWN)
        self.table.cellClicked.connect(self.open)
        self.table.cellActivated.connect(self.open)
        self._pair = QVBoxLayout()
        self._pair.setSpacing(8)
        self.back = button(tr("Close the pairs"), "quiet", "x", self.closed.emit)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 8, 0, 0)
        box.setSpacing(8)
        for each in (self.heading, self.said, self._hint, self._none, self.table):
            box.addWidget(each)
        box.addLayout(self._pair)
        box.addLayout(row(self.back))

    def show_pairs(self, measured: Measured, dimension: str, outcome: str) -> None:
        """All pairs of one comparison, those that differ most first."""
        self._outcome = outcome
        self.pairs = fairness.pairs(measured, dimension, outcome)
        name = f"{dimension_in_words(dimension)} · {outcome_in_words(outcome)}"
        self.heading.setText(tr("The pairs of: {name}", name=name))
        differ = sum(pair.gap != 0 for pair in self.pairs)
        compared = trn("{n} pair was compared", "{n} pairs were compared", len(self.pairs))
        unlike = trn("{n} of them differs, the most unlike first", "{n} of them differ, the most unlike first", differ)
        self.said.setText(f"{compared}; {unlike if differ else tr('none of them differs')}.")
        for widget in (self.said, self._hint, self.table):
            widget.setVisible(bool(self.pairs))
        self._none.setVisible(not self.pairs)
        clear(self._pair)
        self._fill(name)
        self.show()
        (self.table if self.pairs else self.back).setFocus()

    def open(self, y: int, _x: int = 0) -> None:
        """Both messages and answers of a row, in full."""
        pair = self.pairs[y]
        clear(self._pair)
        for each, value in ((pair.base, pair.was), (pair.other, pair.became)):
            self._pair.addWidget(self._one(each, value))
        announce(self, tr("The pair is shown below the table."))

    def _one(self, each: Answered, value: float) -> Card:
        card = Card(pad=12, gap=4)
        said = f"{outcome_in_words(self._outcome)}: {value_in_words(self._outcome, value)}"
        card.body.addWidget(label(f"{each.question.value} · {said}", "caption"))
        card.body.addWidget(label(each.question.text, "strong", select=True))
        card.body.addWidget(label(each.answer or tr("(no answer)"), select=True))
        return card

    def _fill(self, name: str) -> None:
        heads = (tr("Said first"), tr("Said instead"), tr("Then"), tr("Instead"), tr("Difference"))
        self.table.setAccessibleName(tr("The pairs of: {name}", name=name))
        rows = [
            (
                pair.base.question.value,
                pair.other.question.value,
                value_in_words(self._outcome, pair.was),
                value_in_words(self._outcome, pair.became),
                gap_in_words(self._outcome, pair.gap),
            )
            for pair in self.pairs
        ]
        self.table.fill(heads, rows, tips=[pair.other.question.text for pair in self.pairs], wide=1)
