"""The teacher's passphrase and the contact's own key: argon2, a lock-out that outlives a restart, recovery codes."""

import secrets
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from tutor.errors import UserError
from tutor.i18n import tr, trn
from tutor.store.owner import Family, now, reads, writes

if TYPE_CHECKING:
    from tutor.store.lean import Database

FREE_TRIES: Final = 4
"""Wrong tries in a row before the first wait."""
FIRST_WAIT: Final = 30.0
LONGEST_WAIT: Final = 3600.0
SHORTEST: Final = 4
"""Characters of a PIN or passphrase, at least."""
_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without letters and digits that are mistaken for each other."""
TEACHER: Final = "teacher"
CONTACT: Final = "contact"
"""Whose key opens the record; no other key, and no recovery code of another role, does."""


def wait_after(failed: int) -> float:
    """Seconds to wait after `failed` wrong tries in a row: none at first, then 30 s doubling up to an hour."""
    over = failed - FREE_TRIES
    return 0.0 if over <= 0 else min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(over - 1, 20))


class Credentials(Family):
    """Table `credential`. A try is counted before it is checked, so ending the program wins no free guess."""

    _clock: Callable[[], float]
    _trying: threading.Lock
    _not_before: dict[str, float]
    """By role, on this process's own clock: setting the computer's clock forward wins nothing while Tutor runs."""

    @reads
    def has_passphrase(self, role: str = TEACHER) -> bool:
        return self._row("SELECT 1 FROM credential WHERE role = ?", role) is not None

    def set_passphrase(self, secret: str, role: str = TEACHER) -> str:
        """Store a new passphrase or PIN. Returns the new recovery code, which is shown once and kept nowhere.

        Raises `UserError` (`too_short`).
        """
        if len(secret.strip()) < SHORTEST:
            raise UserError(
                tr("A PIN or passphrase needs at least {n} characters. Nothing was changed.", n=SHORTEST),
                code="too_short",
            )
        code = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))
        self._keep(_hash(secret), _hash(_plain(code)), role)
        self._not_before[role] = 0.0
        return code

    def check_passphrase(self, secret: str, role: str = TEACHER) -> bool:
        """Whether this is the passphrase of a role. Raises `UserError` (`locked`) while nobody may try."""
        return self._try("secret_hash", secret, role)

    def use_recovery_code(self, code: str, new_secret: str, role: str = TEACHER) -> str:
        """Set a new passphrase by the recovery code. Returns the next recovery code.

        Raises `UserError` (`wrong_code`, `too_short`, `locked`).
        """
        if len(new_secret.strip()) < SHORTEST:
            return self.set_passphrase(new_secret, role)
        if not self._try("recovery_hash", _plain(code), role):
            raise UserError(
                tr("This is not the recovery code. Nothing was changed. It is on the paper from the set-up."),
                code="wrong_code",
            )
        return self.set_passphrase(new_secret, role)

    def locked_for(self, role: str = TEACHER) -> float:
        """Seconds until the next try is allowed; 0 when it is now."""
        return max(self._stored_wait(role), self._not_before.get(role, 0.0) - time.monotonic(), 0.0)

    def _take_key_along(self, copy: "Database", role: str) -> None:
        """Into a copy of a backup that has no key of this role, or an older one; with the wrong tries that were made.

        Runs on the owner thread.
        """
        key = self._row("SELECT * FROM credential WHERE role = ?", role)
        if key is None:
            return
        names = ", ".join(key)
        with copy.atomic():
            copy.execute("DELETE FROM credential WHERE role = ? AND changed_at <= ?", (role, key["changed_at"]))
            copy.execute(
                f"INSERT OR IGNORE INTO credential ({names}) VALUES ({', '.join('?' * len(key))})", tuple(key.values())
            )

    def _try(self, column: str, given: str, role: str) -> bool:
        with self._trying:
            wait = self.locked_for(role)
            if wait > 0:
                raise _locked(wait)
            stored = self._count_try(column, role)
            if stored is None:
                return False
            if _verify(stored[0], given):
                self._forget_tries(role)
                self._not_before[role] = 0.0
                return True
            self._not_before[role] = time.monotonic() + stored[1]
            return False

    @writes
    def _stored_wait(self, role: str) -> float:
        row = self._row("SELECT failed, locked_at, locked_for FROM credential WHERE role = ?", role)
        if row is None or row["locked_for"] <= 0:
            return 0.0
        at = self._clock()
        if at < row["locked_at"]:
            # the computer's clock was set back: the wait begins again rather than ending early or never
            self._do("UPDATE credential SET locked_at = ? WHERE role = ?", at, role)
            return float(row["locked_for"])
        return float(max(0.0, row["locked_at"] + row["locked_for"] - at))

    @writes
    def _count_try(self, column: str, role: str) -> tuple[str, float] | None:
        """Count one more wrong try, to be forgiven if it is right. Returns the hash and the wait it costs."""
        row: dict[str, Any] | None = self._row("SELECT * FROM credential WHERE role = ?", role)
        if row is None:
            return None
        failed = row["failed"] + 1
        wait = wait_after(failed)
        self._do(
            "UPDATE credential SET failed = ?, locked_at = ?, locked_for = ? WHERE role = ?",
            failed,
            self._clock(),
            wait,
            role,
        )
        return str(row[column]), wait

    @writes
    def _forget_tries(self, role: str) -> None:
        self._do("UPDATE credential SET failed = 0, locked_at = 0, locked_for = 0 WHERE role = ?", role)

    @writes
    def _keep(self, secret_hash: str, recovery_hash: str, role: str) -> None:
        self._do("DELETE FROM credential WHERE role = ?", role)
        self._do(
            "INSERT INTO credential (role, secret_hash, recovery_hash, changed_at) VALUES (?, ?, ?, ?)",
            role,
            secret_hash,
            recovery_hash,
            now(),
        )


def _plain(code: str) -> str:
    """The code however it was typed."""
    return "".join(character for character in code.upper() if character.isalnum())


def _bytes(secret: str) -> bytes:
    return secret.strip().encode("utf-8", "replace")


def _hash(secret: str) -> str:
    from argon2 import PasswordHasher

    return PasswordHasher().hash(_bytes(secret))


def _verify(stored: str, given: str) -> bool:
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return PasswordHasher().verify(stored, _bytes(given))
    except (VerificationError, InvalidHashError):
        return False


def _locked(wait: float) -> UserError:
    minutes = round(wait / 60)
    when = trn("{n} minute", "{n} minutes", minutes) if wait > 90 else trn("{n} second", "{n} seconds", int(wait) + 1)
    return UserError(tr("Too many wrong tries. Nothing was changed. Try again in {when}.", when=when), code="locked")
