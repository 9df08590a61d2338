"""The schema of what is kept how long: when a round looked last, why one waits, how much was deleted."""

from tutor.store.lean import Database
from tutor.store.migrations.base import step


@step("015_keeping")
def keeping(db: Database) -> None:
    # `seen_at` is when a round looked last, so that a clock that leaps is noticed; until `wait_until` nothing is
    # deleted. `pending` is the moment up to which files and backups are still to be cleared, "" for none.
    db.execute(
        """
        CREATE TABLE keeping (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            seen_at TEXT NOT NULL,
            wait_until TEXT NOT NULL DEFAULT '',
            pending TEXT NOT NULL DEFAULT ''
        )"""
    )
    # Numbers alone, one row a round that deleted something: what the teacher is told.
    db.execute(
        """
        CREATE TABLE purge (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at TEXT NOT NULL,
            written_before TEXT NOT NULL,
            conversations INTEGER NOT NULL
        )"""
    )
