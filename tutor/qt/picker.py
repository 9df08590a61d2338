"""Who is learning today? Pictures and names, and the quiet doors for grown-ups."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from tutor.domain import Learner
from tutor.i18n import tr, trn
from tutor.qt import pictures, theme
from tutor.qt.engine_line import EngineLine
from tutor.qt.flow import FlowLayout
from tutor.qt.icons import icon
from tutor.qt.widgets import Column, Notice, button, clear, label
from tutor.session_events import EngineState

if TYPE_CHECKING:
    from tutor.store import Store

MANY = 12
"""From so many learners on there is a box to find one by name."""


class LearnerCard(QAbstractButton):
    """One learner's picture and name; the name wraps to two lines and is then cut with an ellipsis.

    A small lock tells that a PIN is asked for.
    """

    def __init__(self, learner: Learner, has_pin: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.learner = learner
        self.has_pin = has_pin
        if has_pin:
            self.setAccessibleDescription(tr("A PIN is asked for."))
        self.setText(learner.name)
        self.setAccessibleName(learner.name)
        self.setToolTip(learner.name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return QSize(theme.scale(168), theme.scale(184))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = theme.current()
        box = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        active = self.underMouse() or self.isDown()
        painter.setBrush(QColor(tokens.accent_soft if active else tokens.surface))
        painter.setPen(QPen(QColor(tokens.accent if active else tokens.line), 2 if tokens.contrast else 1))
        if self.hasFocus():
            painter.setPen(QPen(QColor(tokens.accent), 3))
        painter.drawRoundedRect(box, 10, 10)
        side = theme.scale(96)
        pictures.draw(painter, self.learner.picture, QRectF((self.width() - side) / 2, theme.scale(16), side, side))
        self._name(painter, QRectF(8, theme.scale(120), self.width() - 16, theme.scale(56)))
        if self.has_pin:
            small = theme.scale(20)
            icon("lock", "quiet").paint(painter, QRect(self.width() - small - 12, 12, small, small))
        painter.end()

    def _name(self, painter: QPainter, box: QRectF) -> None:
        font = theme.font(16, bold=True)
        painter.setFont(font)
        painter.setPen(QColor(theme.current().ink))
        painter.drawText(
            box,
            int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextWordWrap),
            fitting(self.learner.name, QFontMetrics(font), int(box.width())),
        )


def fitting(name: str, metrics: QFontMetrics, width: int) -> str:
    """The name in at most two lines of `width` pixels."""
    if metrics.horizontalAdvance(name) <= width:
        return name
    first = ""
    words = name.split()
    while words and metrics.horizontalAdvance(f"{first} {words[0]}".strip()) <= width:
        first = f"{first} {words.pop(0)}".strip()
    if not first:
        return metrics.elidedText(name, Qt.TextElideMode.ElideRight, width)
    return first + "\n" + metrics.elidedText(" ".join(words), Qt.TextElideMode.ElideRight, width)


class Picker(QWidget):
    """`chosen` carries the Learner."""

    chosen = Signal(object)
    wants_teacher = Signal()
    wants_new_learner = Signal()
    wants_privacy = Signal()
    wants_preferences = Signal()

    def __init__(self, store: "Store", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("page", "true")
        self._store = store
        self._title = label(tr("Who is learning today?"), "title")
        self._title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.finder = QLineEdit()
        self.finder.setPlaceholderText(tr("Find a name"))
        self.finder.setAccessibleName(tr("Find a name"))
        self.finder.setClearButtonEnabled(True)
        self.finder.setMaximumWidth(360)
        self.finder.textChanged.connect(self._show_matching)
        self._notice = Notice("", "warm")
        self._notice.hide()
        self._nobody = label(tr("Nobody has this name. Look again, or ask a grown-up to add you."), "quiet")
        self._nobody.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._cards = QWidget()
        self._flow = FlowLayout(self._cards, gap=16, centred=True)
        self._empty = label(tr("There are no learners yet. A grown-up adds one with “Add a learner”."), "quiet")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.engine_line = EngineLine()
        column = Column(width=780, gap=24, top=64)
        column.body.addWidget(self._title)
        column.body.addWidget(self._notice)
        column.body.addWidget(self.finder, 0, Qt.AlignmentFlag.AlignHCenter)
        column.body.addWidget(self._cards)
        column.body.addWidget(self._nobody)
        column.body.addWidget(self._empty)
        column.body.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(column, 1)
        outer.addWidget(self._doors())
        outer.addWidget(self.engine_line)
        self.refresh()

    def _doors(self) -> QWidget:
        doors = QWidget()
        outer = QHBoxLayout(doors)
        outer.setContentsMargins(24, 0, 24, 16)
        holder = QWidget()
        flow = FlowLayout(holder, gap=8, centred=True)
        flow.addWidget(button(tr("Add a learner"), "quiet", "circle-plus", self.wants_new_learner.emit))
        flow.addWidget(button(tr("For grown-ups"), "quiet", "lock", self.wants_teacher.emit))
        flow.addWidget(button(tr("How it looks"), "quiet", "a-large-small", self.wants_preferences.emit))
        flow.addWidget(button(tr("What happens with my words?"), "quiet", "shield-check", self.wants_privacy.emit))
        outer.addWidget(holder)
        return doors

    def refresh(self) -> None:
        """Show the learners that are stored now."""
        clear(self._flow)
        learners, with_pin = self._store.learners(), self._store.learners_with_pin()
        for learner in learners:
            card = LearnerCard(learner, learner.id in with_pin)
            card.clicked.connect(self._choose)
            self._flow.addWidget(card)
        self.finder.setVisible(len(learners) >= MANY)
        self.finder.clear()
        self._empty.setVisible(not learners)
        self._nobody.hide()
        self._cards.setVisible(bool(learners))
        unseen = len(self._store.alerts(unseen_only=True))
        self._notice.setVisible(unseen > 0)
        if unseen:
            # says that there is something, never what or about whom: children read this page
            self._notice.say(
                trn(
                    "For the safeguarding contact: {n} note waits behind “For grown-ups”.",
                    "For the safeguarding contact: {n} notes wait behind “For grown-ups”.",
                    unseen,
                ),
                "warm",
            )

    def show_engine(self, state: EngineState) -> None:
        self.engine_line.show_state(state)

    def cards(self) -> list[LearnerCard]:
        return [card for card in self._cards.findChildren(LearnerCard) if self._flow.indexOf(card) >= 0]

    def _choose(self) -> None:
        card = self.sender()
        if isinstance(card, LearnerCard):
            self.chosen.emit(card.learner)

    def _show_matching(self, text: str) -> None:
        wanted = text.strip().casefold()
        shown = 0
        for card in self.cards():
            fits = wanted in card.learner.name.casefold()
            card.setVisible(fits)
            shown += fits
        self._nobody.setVisible(bool(wanted) and not shown)
        self._flow.invalidate()
