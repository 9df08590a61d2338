"""What SQLite's errors mean for a person: full disk, read-only folder, damaged file, another program at work."""

import sqlite3

from tutor.errors import UserError
from tutor.i18n import tr


def explained(error: sqlite3.Error) -> UserError | None:
    """The `UserError` for an error of the machine or the file; None for a mistake of our own."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None and "decode" not in str(error):
        return None  # misuse of Python's module; text in the file that is no UTF-8 is the file's fault
    primary = sqlite3.SQLITE_CORRUPT if code is None else code & 0xFF
    if primary == sqlite3.SQLITE_FULL:
        return UserError(
            tr(
                "The disk is full, so this could not be stored. Everything that was stored before is kept. "
                "Free some space and try again."
            ),
            code="disk_full",
        )
    if primary == sqlite3.SQLITE_IOERR:
        return UserError(
            tr(
                "The disk could not be read or written, so this could not be stored. What was stored before is kept. "
                "Check that the disk is connected and not full, then try again."
            ),
            code="disk_error",
        )
    if primary in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return read_only()
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return UserError(
            tr("Another program is using Tutor's data. Nothing was changed. Close that program and try again."),
            code="in_use",
        )
    if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return UserError(
            tr(
                "The data file is damaged, so this could not be done. Close Tutor and start it again: "
                "it will offer the newest good backup."
            ),
            code="damaged",
        )
    return None


def read_only(where: str = "") -> UserError:
    """The folder or the file cannot be written."""
    return UserError(
        tr(
            "Tutor cannot write to its data folder {where}. Nothing was changed. Give this user account the right to "
            "write there, or choose another folder with TUTOR_HOME.",
            where=f"({where})" if where else "",
        ).replace("  ", " "),
        code="read_only",
    )
