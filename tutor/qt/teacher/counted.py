"""What a number on a page of figures counts, and the button that opens it."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tutor.domain import Frozen
from tutor.qt.widgets import Button, label
from tutor.store.counted import Counting


class Counted(Frozen):
    """Which section shows it, and what of that section."""

    section: str
    """A key of the rail, or `turns`: the list of what was counted."""
    counting: Counting | None = None
    """Of `turns`."""
    kind: str = ""
    """Of the review: flag | escalation | unsure; "" for every kind."""
    state: str = "waiting"
    error: str = ""
    since: str = ""
    until: str = ""
    """First and last day of the answers."""
    lesson_id: int | None = None
    learner_id: int | None = None
    class_id: int | None = None
    message_id: int | None = None
    """The answer that a learner is stuck at."""
    days: int = 0
    """How long the time is that was counted; 0 for no matter."""


class Tile(Button):
    """A button as large as what stands in it; its words wrap."""

    def __init__(self, name: str, inside: QWidget, on_click: Callable[[], object]) -> None:
        """`name` says to a screen reader what it opens."""
        super().__init__("")
        self.setProperty("kind", "tile")
        self.setAutoDefault(False)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(4, 4, 4, 4)
        self._box.addWidget(inside)
        for each in (inside, *inside.findChildren(QWidget)):
            each.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.clicked.connect(lambda _checked=False: on_click())

    def sizeHint(self) -> QSize:
        return self._box.totalSizeHint()

    def minimumSizeHint(self) -> QSize:
        return self._box.totalMinimumSize()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._box.totalHeightForWidth(width)


def number(words: str, name: str, on_click: Callable[[], object], role: str = "opens") -> Tile:
    """Words with a number, which open what it counts."""
    return Tile(name, label(words, role), on_click)
