"""Secrets that people type: argon2, tries that are counted before they are checked, a lock-out that outlives a restart.

One rule for the teacher's passphrase, the contact's key and the learners' PINs, each in a table of its own.
"""

import math
import threading
import time
from collections.abc import Callable
from typing import Any, Final

from tutor.domain import Frozen
from tutor.errors import UserError
from tutor.i18n import tr, trn
from tutor.store.owner import Family, writes

FREE_TRIES: Final = 4
"""Wrong tries in a row before the first wait."""
FIRST_WAIT: Final = 30.0
LONGEST_WAIT: Final = 3600.0


class Place(Frozen):
    """Whose secret it is: the row of `table` where `column` is `of`.

    The table has `failed`, `locked_at` (by the computer's clock) and `locked_for` (seconds), and one column a hash.
    """

    table: str
    column: str
    of: str | int


def wait_after(failed: int) -> float:
    """Seconds to wait after `failed` wrong tries in a row: none at first, then 30 s doubling up to an hour."""
    over = failed - FREE_TRIES
    return 0.0 if over <= 0 else min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(over - 1, 20))


def wait_in_words(seconds: float) -> str:
    """How long a wait still is; never less than it is."""
    left = math.ceil(seconds)
    if left < 90:
        return trn("{n} second", "{n} seconds", left)
    return trn("{n} minute", "{n} minutes", math.ceil(left / 60))


def too_many(wait: float) -> UserError:
    """What a grown-up is told who must wait (`locked`)."""
    return UserError(
        tr("Too many wrong tries. Nothing was changed. Try again in {when}.", when=wait_in_words(wait)), code="locked"
    )


class Guarded(Family):
    """A try is counted before it is checked, so ending the program wins no free guess."""

    _clock: Callable[[], float]
    _trying: threading.Lock
    _not_before: dict[Place, float]
    """On this process's own clock: setting the computer's clock forward wins nothing while Tutor runs."""

    def _try(
        self,
        place: Place,
        given: str,
        *,
        column: str = "secret_hash",
        locked: Callable[[float], UserError] = too_many,
    ) -> bool:
        """Whether what is `given` fits the hash in `column`. Raises what `locked` makes while nobody may try."""
        with self._trying:
            wait = self._wait_of(place)
            if wait > 0:
                raise locked(wait)
            stored = self._count_try(place, column)
            if stored is None:
                return False
            if _verify(stored[0], given):
                self._forget_tries(place)
                self._not_before[place] = 0.0
                return True
            self._not_before[place] = time.monotonic() + stored[1]
            return False

    def _wait_of(self, place: Place) -> float:
        """Seconds until the next try is allowed; 0 when it is now."""
        return max(self._stored_wait(place), self._not_before.get(place, 0.0) - time.monotonic(), 0.0)

    @writes
    def _stored_wait(self, place: Place) -> float:
        row = self._row(f"SELECT failed, locked_at, locked_for FROM {place.table} WHERE {place.column} = ?", place.of)
        if row is None or row["locked_for"] <= 0:
            return 0.0
        at = self._clock()
        if at < row["locked_at"]:
            # the computer's clock was set back: the wait begins again rather than ending early or never
            self._do(f"UPDATE {place.table} SET locked_at = ? WHERE {place.column} = ?", at, place.of)
            return float(row["locked_for"])
        return float(max(0.0, row["locked_at"] + row["locked_for"] - at))

    @writes
    def _count_try(self, place: Place, column: str) -> tuple[str, float] | None:
        """Count one more wrong try, to be forgiven if it is right. Returns the hash and the wait it costs."""
        row: dict[str, Any] | None = self._row(f"SELECT * FROM {place.table} WHERE {place.column} = ?", place.of)
        if row is None:
            return None
        failed = row["failed"] + 1
        wait = wait_after(failed)
        self._do(
            f"UPDATE {place.table} SET failed = ?, locked_at = ?, locked_for = ? WHERE {place.column} = ?",
            failed,
            self._clock(),
            wait,
            place.of,
        )
        return str(row[column]), wait

    @writes
    def _forget_tries(self, place: Place) -> None:
        self._do(
            f"UPDATE {place.table} SET failed = 0, locked_at = 0, locked_for = 0 WHERE {place.column} = ?", place.of
        )


def hashed(secret: str) -> str:
    """What is stored of a secret; spaces around it do not count."""
    from argon2 import PasswordHasher

    return PasswordHasher().hash(_bytes(secret))


def _bytes(secret: str) -> bytes:
    return secret.strip().encode("utf-8", "replace")


def _verify(stored: str, given: str) -> bool:
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return PasswordHasher().verify(stored, _bytes(given))
    except (VerificationError, InvalidHashError):
        return False
