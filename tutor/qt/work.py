"""One shape for work off the window's thread: a job, what to do when it is done, what to do when it failed."""

import logging
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from tutor.errors import UserError
from tutor.i18n import tr

T = TypeVar("T")
_log = logging.getLogger(__name__)


class Operation(QObject, Generic[T]):
    """Runs `job` on a thread of its own and calls `done` or `failed` on the window's thread.

    It lives as a child of `parent`: when the page is gone nobody is called. Errors that are not a `UserError` are
    logged by their kind and place (never their text, which may hold a learner's words) and shown in plain words.
    """

    _ended = Signal(object, object)

    def __init__(
        self,
        parent: QObject,
        job: Callable[[], T],
        *,
        done: Callable[[T], object],
        failed: Callable[[UserError], object],
    ) -> None:
        super().__init__(parent)
        self._job, self._done, self._failed = job, done, failed
        self._ended.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        threading.Thread(target=self._run, name="operation", daemon=True).start()

    def _run(self) -> None:
        value: T | None = None
        error: UserError | None = None
        try:
            value = self._job()
        except UserError as raised:
            error = raised
        except Exception as raised:  # noqa: BLE001 - the boundary of a thread: nobody above could hear of it
            error = unexpected(raised)
        try:
            self._ended.emit(value, error)
        except RuntimeError:
            _log.info("an operation ended after its page was closed")

    @Slot(object, object)
    def _deliver(self, value: T, error: UserError | None) -> None:
        if error is None:
            self._done(value)
        else:
            self._failed(error)
        self.deleteLater()


def unexpected(error: BaseException) -> UserError:
    """Words for one of our own mistakes; the log gets its kind and where it happened."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place is not None else "?"
    _log.error("%s at %s", type(error).__name__, where)
    return UserError(
        tr(
            "Something in Tutor went wrong, and this could not be done. Everything that was stored is kept. "
            "Try again; if it happens again, start Tutor anew and tell whoever looks after it."
        ),
        code="bug",
    )
