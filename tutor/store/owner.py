"""The one thread that owns the database connection, and the two decorators that send methods there."""

import functools
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, TypeVar

from tutor.errors import BugError, UserError
from tutor.i18n import tr
from tutor.store.failures import explained

if TYPE_CHECKING:
    from tutor.store.lean import Database

P = ParamSpec("P")
R = TypeVar("R")
F = TypeVar("F", bound="Family")
ROUNDS: Final = "store-rounds"
"""Name of the thread that tidies up behind everyone's back; what it asks for does not count as use."""


class Owner:
    """A single-worker executor. SQLite's connection is made, used and closed on its thread alone."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        self._thread: int | None = None
        self._used = time.monotonic()

    def quiet_s(self) -> float:
        """Seconds since a thread other than that of the rounds asked for something."""
        return time.monotonic() - self._used

    def run(self, job: Callable[[], R]) -> R:
        """Run `job` on the owner thread and wait for it. From the owner thread itself: at once.

        Raises `UserError` for what the disk or the file caused, and when the store is closed.
        """
        if threading.get_ident() == self._thread:
            return job()
        if threading.current_thread().name != ROUNDS:
            self._used = time.monotonic()
        try:
            return self._pool.submit(self._guarded, job).result()
        except RuntimeError as error:
            if "after shutdown" not in str(error):
                raise
            raise UserError(tr("Tutor is closing. This was not stored."), code="closed") from None

    def later(self, job: Callable[[], None]) -> None:
        """Run `job` on the owner thread without waiting. The job handles its own errors."""
        self._pool.submit(self._guarded, job)

    def close(self) -> None:
        self._pool.shutdown(wait=True)

    def _guarded(self, job: Callable[[], R]) -> R:
        self._thread = threading.get_ident()
        try:
            return job()
        except sqlite3.Error as error:
            told = explained(error)
            if told is None:
                raise
            raise told from error


class Family:
    """Base of the table families: access to the connection for methods marked `reads` or `writes`."""

    _owner: Owner
    _open_db: "Database | None"

    @property
    def _db(self) -> "Database":
        if self._open_db is None:
            raise BugError("the store has no open database")
        return self._open_db

    def _do(self, sql: str, *values: Any) -> sqlite3.Cursor:
        cursor: sqlite3.Cursor = self._db.execute(sql, values)
        return cursor

    def _rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        return list(self._db.query(sql, values))

    def _row(self, sql: str, *values: Any) -> dict[str, Any] | None:
        rows: Sequence[dict[str, Any]] = self._rows(sql, *values)
        return rows[0] if rows else None


def reads(method: Callable[Concatenate[F, P], R]) -> Callable[Concatenate[F, P], R]:
    """Run the method on the owner thread."""

    @functools.wraps(method)
    def on_owner(self: F, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return self._owner.run(lambda: method(self, *args, **kwargs))

    return on_owner


def writes(method: Callable[Concatenate[F, P], R]) -> Callable[Concatenate[F, P], R]:
    """Run the method on the owner thread in one transaction, committed to the disk when it returns."""

    @functools.wraps(method)
    def on_owner(self: F, /, *args: P.args, **kwargs: P.kwargs) -> R:
        def job() -> R:
            with self._db.atomic():
                return method(self, *args, **kwargs)

        return self._owner.run(job)

    return on_owner


def now() -> str:
    """The time as it is stored: UTC, ISO 8601, milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
