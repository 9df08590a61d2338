"""The teacher's passphrase and the contact's own key, with the recovery code of each."""

import secrets
import sqlite3
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from tutor.errors import UserError
from tutor.i18n import tr
from tutor.store.guarded import Guarded, Place, hashed
from tutor.store.owner import now, reads, writes

if TYPE_CHECKING:
    from tutor.store.lean import Database

SHORTEST: Final = 4
"""Characters of a PIN or passphrase, at least."""
_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without letters and digits that are mistaken for each other."""
TEACHER: Final = "teacher"
CONTACT: Final = "contact"
"""Whose key opens the record; no other key, and no recovery code of another role, does."""


class Credentials(Guarded):
    """Table `credential`, one row a role."""

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
        self._keep(hashed(secret), hashed(_plain(code)), role)
        self._not_before[_of(role)] = 0.0
        return code

    def check_passphrase(self, secret: str, role: str = TEACHER) -> bool:
        """Whether this is the passphrase of a role. Raises `UserError` (`locked`) while nobody may try."""
        return self._try(_of(role), secret)

    def use_recovery_code(self, code: str, new_secret: str, role: str = TEACHER) -> str:
        """Set a new passphrase by the recovery code. Returns the next recovery code.

        Raises `UserError` (`wrong_code`, `too_short`, `locked`).
        """
        if len(new_secret.strip()) < SHORTEST:
            return self.set_passphrase(new_secret, role)
        if not self._try(_of(role), _plain(code), column="recovery_hash"):
            raise UserError(
                tr("This is not the recovery code. Nothing was changed. It is on the paper from the set-up."),
                code="wrong_code",
            )
        return self.set_passphrase(new_secret, role)

    def locked_for(self, role: str = TEACHER) -> float:
        """Seconds until the next try is allowed; 0 when it is now."""
        return self._wait_of(_of(role))

    def _take_key_along(self, copy: "Database", role: str) -> None:
        """Into a copy of a backup that has no key of this role, or an older one; with the wrong tries that were made.

        Runs on the owner thread.
        """
        key = self._row("SELECT * FROM credential WHERE role = ?", role)
        if key is None:
            return
        with copy.atomic():
            put_key(copy.conn, key)

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


def put_key(connection: sqlite3.Connection, key: Mapping[str, Any]) -> None:
    """A row of `credential` into a database that has no key of its role, or an older one, as far as it has the columns.

    Runs within the caller's transaction.
    """
    known = {name for _n, name, *_rest in connection.execute("PRAGMA table_info(credential)")}
    fields = {name: value for name, value in key.items() if name in known}
    connection.execute("DELETE FROM credential WHERE role = ? AND changed_at <= ?", (key["role"], key["changed_at"]))
    connection.execute(
        f"INSERT OR IGNORE INTO credential ({', '.join(fields)}) VALUES ({', '.join('?' * len(fields))})",
        tuple(fields.values()),
    )


def _of(role: str) -> Place:
    return Place(table="credential", column="role", of=role)


def _plain(code: str) -> str:
    """The code however it was typed."""
    return "".join(character for character in code.upper() if character.isalnum())
