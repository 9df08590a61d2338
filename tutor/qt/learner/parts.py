"""Small pieces of the chat: a row that folds in two, quiet buttons, the version switcher, announcements."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from tutor.i18n import tr
from tutor.qt import theme
from tutor.qt.icons import icon
from tutor.qt.widgets import label, tool


def announce(widget: QWidget, words: str, *, urgent: bool = False) -> None:
    """Have a screen reader say something that appeared without the focus moving there."""
    event = QAccessibleAnnouncementEvent(widget, words)
    politeness = QAccessible.AnnouncementPoliteness
    event.setPoliteness(politeness.Assertive if urgent else politeness.Polite)
    QAccessible.updateAccessibility(event)


def mini(name: str, icon_name: str, on_click: Callable[[], object] | None = None) -> QToolButton:
    """A small quiet button with an icon; `name` is its tooltip and its name for screen readers."""
    made = tool(name, icon_name, on_click)
    made.setProperty("kind", "mini")
    made.setIcon(icon(icon_name, "quiet"))
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return made


def small(text: str, on_click: Callable[[], object] | None = None) -> QPushButton:
    """A caption that can be pressed."""
    made = QPushButton(text)
    made.setProperty("kind", "small")
    made.setAutoDefault(False)
    if on_click is not None:
        made.clicked.connect(lambda _checked=False: on_click())
    return made


class FoldingRow(QWidget):
    """Two widgets at the two ends of a row, or one above the other where they do not fit."""

    def __init__(self, left: QWidget, right: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._left, self._right = left, right
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(4)
        self._box.addWidget(left)
        self._box.addStretch(1)
        self._box.addWidget(right)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fold()

    def fold(self) -> None:
        """Choose the direction by the width there is; call it when the content changed."""
        needed = self._left.sizeHint().width() + self._right.sizeHint().width() + 12
        fits = needed <= self.width()
        wanted = QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom
        if self._box.direction() != wanted:
            self._box.setDirection(wanted)
            side = Qt.AlignmentFlag.AlignLeft if not fits else Qt.AlignmentFlag(0)
            self._box.setAlignment(self._left, side)
            self._box.setAlignment(self._right, side)
        self._right.updateGeometry()
        self._box.activate()  # now, so that nothing is painted squeezed meanwhile

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.scale(60), super().minimumSizeHint().height())


class VersionSwitcher(QWidget):
    """‹ 2 / 3 ›: goes through the versions of a message. Hidden while there is one only."""

    def __init__(self, on_choose: Callable[[int], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ids: tuple[int, ...] = ()
        self._at = 0
        self._choose = on_choose
        self.back = mini(tr("Older version"), "chevron-left", lambda: self._step(-1))
        self.forth = mini(tr("Newer version"), "chevron-right", lambda: self._step(1))
        self.count: QLabel = label("", "count", wrap=False)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        for widget in (self.back, self.count, self.forth):
            box.addWidget(widget)
        self.hide()

    def show_versions(self, ids: tuple[int, ...], current: int) -> None:
        self._ids = ids
        self._at = ids.index(current) if current in ids else 0
        n, total = self._at + 1, len(ids)
        self.count.setText(tr("{n}/{total}", n=n, total=total))
        self.count.setAccessibleName(tr("Version {n} of {total}", n=n, total=total))
        self.back.setEnabled(self._at > 0)
        self.forth.setEnabled(self._at < total - 1)
        self.setVisible(total > 1)

    def _step(self, by: int) -> None:
        at = self._at + by
        if 0 <= at < len(self._ids):
            self._choose(self._ids[at])
