"""What is judged now: the conversation, and two answers beside each other (below each other where it is narrow)."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from tutor.i18n import tr
from tutor.qt import theme
from tutor.qt.learner import style
from tutor.qt.review.answer_card import AnswerCard
from tutor.qt.richtext.view import MessageView
from tutor.qt.widgets import Column, button, clear, label, row
from tutor.workshop.review.judgements import LEFT, RIGHT, SAME, Ratings
from tutor.workshop.review.sample import Line, Pair

WIDTH = 960
NARROW = 720
"""Pixels at 100%, below which the answers stand below each other."""
BUBBLE = 0.7
EARLIER = 6
"""Messages shown before the answers; what was said before them is seldom needed."""


class PairPage(QWidget):
    """`chosen` carries 1 (left is better), 2 (right) or 0 (the same)."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._before = QVBoxLayout()
        self._before.setSpacing(12)
        self.left = AnswerCard(tr("Answer 1"), "1")
        self.right = AnswerCard(tr("Answer 2"), "2")
        self.same = button(tr("They are the same"), "plain", "", self._same)
        self.same.setToolTip(tr("Key {key}", key="0"))
        self.left.chosen.connect(self._left)
        self.right.chosen.connect(self._right)
        self._beside = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._beside.setSpacing(16)
        self._beside.addWidget(self.left, 1)
        self._beside.addWidget(self.right, 1)
        self._column = Column(width=WIDTH, gap=16, top=24)
        self._column.body.addWidget(label(tr("The conversation so far"), "caption"))
        self._column.body.addLayout(self._before)
        self._column.body.addSpacing(8)
        self._column.body.addLayout(self._beside)
        self._column.body.addLayout(row(self.same))
        self._column.body.addWidget(
            label(tr("Keys: 1 and 2 for the better answer, 0 for the same. A question may be left out."), "caption")
        )
        self._column.body.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._column)
        self._bubbles: list[MessageView] = []
        theme.changed.connect(self._restyle)
        self._restyle()

    def show_pair(self, pair: Pair, reviewer: str, left: Ratings, right: Ratings) -> None:
        clear(self._before)
        self._bubbles = []
        for line in pair.before[-EARLIER:]:
            self._add(line)
        for card, text, ratings in zip((self.left, self.right), pair.shown(reviewer), (left, right), strict=True):
            card.show_answer(text, ratings)
        self._fit()
        self._column.verticalScrollBar().setValue(0)
        self._column.setFocus()

    def _add(self, line: Line) -> None:
        learner = line.role == "user"
        view = MessageView(learner=learner, fit=learner)
        view.setAccessibleName(tr("The learner said") if learner else tr("The tutor said"))
        view.show_text(line.content or tr("(no words)"))
        if learner:
            self._bubbles.append(view)
            self._before.addWidget(view, 0, Qt.AlignmentFlag.AlignRight)
        else:
            self._before.addWidget(view)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = min(self.width() - 64, theme.scale(WIDTH))
        for bubble in self._bubbles:
            bubble.set_room(int(room * BUBBLE))
        narrow = self.width() < theme.scale(NARROW)
        ways = QBoxLayout.Direction
        self._beside.setDirection(ways.TopToBottom if narrow else ways.LeftToRight)

    def _restyle(self) -> None:
        self.setStyleSheet(style.build())
        self._fit()

    def _left(self) -> None:
        self.chosen.emit(LEFT)

    def _right(self) -> None:
        self.chosen.emit(RIGHT)

    def _same(self) -> None:
        self.chosen.emit(SAME)
