"""A PIN for a learner, where a grown-up gave them one."""

from tutor.store.lean import Database
from tutor.store.migrations.base import step


@step("016_learner_pin")
def learner_pin(db: Database) -> None:
    # A table of its own, not columns of `learner`: what is exported of a learner must not hold the hash.
    db.execute(
        """
        CREATE TABLE learner_lock (
            learner_id INTEGER PRIMARY KEY REFERENCES learner(id) ON DELETE CASCADE,
            secret_hash TEXT NOT NULL,
            failed INTEGER NOT NULL DEFAULT 0,
            locked_at REAL NOT NULL DEFAULT 0,
            locked_for REAL NOT NULL DEFAULT 0,
            changed_at TEXT NOT NULL
        )"""
    )
