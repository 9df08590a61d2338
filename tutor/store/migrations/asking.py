"""The schema of asking learners about answers: one reason more."""

from tutor.store.lean import Database
from tutor.store.migrations.base import step


@step("012_disagreeing")
def disagreeing(db: Database) -> None:
    # The model said it once more and said something else. SQLite changes a CHECK only by making the table anew.
    db.execute(
        """
        CREATE TABLE asked_anew (
            message_id INTEGER PRIMARY KEY REFERENCES message(id) ON DELETE CASCADE,
            learner_id INTEGER NOT NULL REFERENCES learner(id) ON DELETE CASCADE,
            reason TEXT NOT NULL CHECK (reason IN ('uncertain', 'unfamiliar', 'near_correction', 'disagreeing')),
            score REAL NOT NULL,
            asked_at TEXT NOT NULL,
            said TEXT NOT NULL DEFAULT '' CHECK (said IN ('', 'right', 'not_right', 'not_now'))
        )"""
    )
    db.execute("INSERT INTO asked_anew SELECT message_id, learner_id, reason, score, asked_at, said FROM asked_about")
    db.execute("DROP TABLE asked_about")
    db.execute("ALTER TABLE asked_anew RENAME TO asked_about")
    db.execute("CREATE INDEX asked_about_of ON asked_about (learner_id, asked_at)")
    db.execute("CREATE INDEX asked_open ON asked_about (asked_at) WHERE said != 'right'")
