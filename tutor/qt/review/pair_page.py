"""What is judged now: the conversation, and two answers beside each other (below each other where it is narrow)."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QVBoxLayout, QWidget

from tutor.i18n import tr
from tutor.qt import theme
from tutor.qt.flow import FlowLayout
from tutor.qt.learner import style
from tutor.qt.review.answer_card import AnswerCard
from tutor.qt.richtext.view import MessageView
from tutor.qt.widgets import Column, button, clear, label
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
        self.left = AnswerCard(tr("Answer 1"))
        self.right = AnswerCard(tr("Answer 2"))
        self._beside = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._beside.setSpacing(16)
        self._beside.addWidget(self.left, 1)
        self._beside.addWidget(self.right, 1)
        self._column = Column(width=WIDTH, gap=16, top=24)
        self._column.body.addWidget(label(tr("The conversation so far"), "caption"))
        self._column.body.addLayout(self._before)
        self._column.body.addSpacing(8)
        self._column.body.addLayout(self._beside)
        self._column.body.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._column, 1)
        outer.addWidget(self._foot())
        self._bubbles: list[MessageView] = []
        theme.changed.connect(self._restyle)
        self._restyle()

    def _foot(self) -> QWidget:
        """The three choices, in sight however long the answers are."""
        self.first = button(tr("1   Answer 1 is better"), "plain", "", self._left)
        self.same = button(tr("0   They are the same"), "plain", "", self._same)
        self.second = button(tr("2   Answer 2 is better"), "plain", "", self._right)
        holder = QWidget()
        flow = FlowLayout(holder, gap=12, centred=True)
        for made in (self.first, self.same, self.second):
            flow.addWidget(made)
        for made in (self.first, self.same, self.second):
            made.setAccessibleName(made.text())
        hint = label(tr("The keys 1, 0 and 2 do the same. A question about an answer may be left out."), "caption")
        hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._hint = hint
        foot = QFrame()
        foot.setProperty("panel", "foot")
        box = QVBoxLayout(foot)
        box.setContentsMargins(24, 16, 24, 12)
        box.setSpacing(8)
        box.addWidget(holder)
        box.addWidget(hint)
        return foot

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
        # where there is little room it is for the answers
        self._hint.setVisible(not narrow)
        for made, short in (
            (self.first, tr("1   Answer 1")),
            (self.same, tr("0   The same")),
            (self.second, tr("2   Answer 2")),
        ):
            made.setText(short if narrow else made.accessibleName())

    def _restyle(self) -> None:
        self.setStyleSheet(style.build())
        self._fit()

    def _left(self) -> None:
        self.chosen.emit(LEFT)

    def _right(self) -> None:
        self.chosen.emit(RIGHT)

    def _same(self) -> None:
        self.chosen.emit(SAME)
