"""Parts of a page that are made one after another, so that what is seen first is painted first."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QObject, QTimer

PART_MS: Final = 15
"""Between two parts."""


class InParts(QObject):
    """Makes what it is given, a part at a time; begun again, it drops what is left."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._left: list[Callable[[], object]] = []
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.setInterval(PART_MS)
        self._next.timeout.connect(self._go_on)

    @property
    def done(self) -> bool:
        return not self._left

    def begin(self, parts: Sequence[Callable[[], object]]) -> None:
        self._left = list(parts)
        self._next.start()

    def _go_on(self) -> None:
        if self._left:
            self._left.pop(0)()
            self._next.start()
