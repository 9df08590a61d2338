"""Words that a teacher writes to learners, looked at by the safety checks before they are kept, for any page.

The answer comes on the window's thread, and always comes: what could not be looked at in time is unchecked.
"""

import contextlib
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from tutor.classroom.screening import DOUBTFUL, UNCHECKED, Screening
from tutor.domain import AgeBand
from tutor.i18n import tr

if TYPE_CHECKING:
    from tutor.app import App

SCREEN_MS: Final = 8_000
"""So long a look is waited for."""


class Looking(QObject):
    """A child of the page that asks, and gone with it."""

    _looked = Signal(int, str)

    def __init__(self, app: "App", band: AgeBand, parent: QObject) -> None:
        """`band`: the age of the youngest who would be shown the words."""
        super().__init__(parent)
        self._app, self._band = app, band
        self._waiting: dict[int, Callable[[str], object]] = {}
        self._last = 0
        self._screening = Screening(app)
        self.destroyed.connect(app.hear(self._screening.handle))
        self._looked.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def look(self, words: str, told: Callable[[str], object]) -> None:
        """`told` hears `fine`, `doubtful` or `unchecked`, once."""
        if self._app.engine_state.state != "ready":
            told(UNCHECKED)
            return
        self._last += 1
        self._waiting[self._last] = told
        self._screening.look(words, self._band, partial(self._found, self._last))
        QTimer.singleShot(SCREEN_MS, self, partial(self._tell, self._last, UNCHECKED))

    def _found(self, number: int, found: str) -> None:
        """On the engine's thread; the page may be gone by then."""
        with contextlib.suppress(RuntimeError):
            self._looked.emit(number, found)

    def _tell(self, number: int, found: str) -> None:
        told = self._waiting.pop(number, None)
        if told is not None:
            told(found)


def warning(found: str) -> str:
    """What the teacher is told of words that were not found fine."""
    if found == DOUBTFUL:
        return tr("The checks would not show these words to a learner of this age. Read them once more.")
    return tr("These words could not be checked now, because the tutor is not ready. Read them once more.")
