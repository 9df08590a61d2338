"""The wait after wrong tries, counted down on a page: how long it still is, and that it is over."""

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget


class Countdown(QTimer):
    """Looks twice a second while there is a wait; the store keeps it, so a new page finds the same one."""

    waiting = Signal(str)
    """The wait in words."""
    over = Signal()

    def __init__(self, wait: Callable[[], float], parent: QWidget) -> None:
        """`wait` gives the seconds until the next try is allowed, 0 when it is now."""
        super().__init__(parent)
        self._wait = wait
        self.setInterval(500)
        self.timeout.connect(self.look)

    def look(self) -> bool:
        """Tell of the wait, or that one ended. Whether there is one now."""
        from tutor.store.guarded import wait_in_words

        wait = self._wait()
        if wait > 0:
            self.start()
            self.waiting.emit(wait_in_words(wait))
        elif self.isActive():
            self.stop()
            self.over.emit()
        return wait > 0
