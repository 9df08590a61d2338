"""Opening the database file: whole? ours? not newer than this program? Then migrated and ready to write."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tutor.errors import UserError
from tutor.i18n import tr
from tutor.store import sqlite_vec
from tutor.store.failures import explained
from tutor.store.lean import Database
from tutor.store.migrations import APPLICATION_ID, KNOWN, steps

BUSY_MS: Final = 5000


class Unreadable(Exception):
    """SQLite cannot read the file as a whole database. `str` is SQLite's own words, for the log."""


def connect(path: Path | None) -> Database:
    """A connection with our settings; None for a database in memory.

    WAL with `synchronous=FULL`: what was committed survives a power cut. `secure_delete` overwrites what is deleted.
    """
    if path is not None and not path.exists():
        path.touch(mode=0o600)  # learners' words: for this user account alone; SQLite gives its WAL the same rights
    with sqlite_vec.for_new_connections():
        connection = sqlite3.connect(":memory:" if path is None else str(path), timeout=BUSY_MS / 1000)
    db = Database(connection, execute_plugins=False)
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA secure_delete = ON")
    return db


def check(db: Database) -> None:
    """Raises `Unreadable` when the file is damaged. Reads only; a row of every table, since the check skips some."""
    try:
        found = [row[0] for row in db.execute("PRAGMA quick_check(1)").fetchall()]
        for table in db.table_names():
            db.execute(f"SELECT * FROM {db.quote(table)} LIMIT 1").fetchall()
    except UnicodeDecodeError as error:  # the damage quoted in SQLite's own message, or in a table's name
        raise Unreadable("the message about the damage cannot be read") from error
    except sqlite3.Error as error:
        told = explained(error)
        if told is not None and told.code != "damaged":
            raise
        raise Unreadable(str(error)) from error
    if found != ["ok"]:
        raise Unreadable("; ".join(str(line) for line in found))


def refuse_foreign(db: Database) -> None:
    """Raises `UserError` for another program's database (`not_ours`) and a newer Tutor's (`newer_database`)."""
    names = set(db.table_names())
    if not names:
        return
    ours = db.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
    if not ours and "learner" not in names and steps.migrations_table not in names:
        raise UserError(
            tr(
                "The file {file} belongs to another program. Nothing was changed. "
                "Move it away, or choose another folder with TUTOR_HOME.",
                file=_file_of(db),
            ),
            code="not_ours",
        )
    ahead = [step.name for step in steps.applied(db) if step.name not in KNOWN]
    if ahead:
        raise UserError(
            tr(
                "Tutor's data was last used by a newer Tutor (it has the step {step}, which this one does not know). "
                "Nothing was changed. Install that version or a later one, or choose another folder with TUTOR_HOME.",
                step=ahead[-1],
            ),
            code="newer_database",
        )


def make_ready(db: Database, before_migrating: Callable[[], object]) -> None:
    """Bring the schema up to date and set how the file is written.

    `before_migrating` is called when an older database is about to change; if it raises, nothing changes. Each step
    is a transaction of its own, so an interrupted migration goes on where it stopped.
    """
    db.execute("PRAGMA synchronous = FULL")
    if db.execute("PRAGMA journal_mode = WAL").fetchone()[0] not in ("wal", "memory"):
        db.execute("PRAGMA journal_mode = DELETE")  # a network folder: slower, as safe
    pending = steps.pending(db)
    if pending and steps.applied(db):
        before_migrating()
    if pending:
        steps.apply(db)


def _file_of(db: Database) -> str:
    return str(db.execute("PRAGMA database_list").fetchone()[2])
