"""Whether the safety checks have looked at the word to learners that goes with a lesson that is set."""

from tutor.store.lean import Database
from tutor.store.migrations.base import step


@step("017_note_looked")
def note_looked(db: Database) -> None:
    # Words from before this step count as not looked at: learners are not shown them until they were.
    db.execute(
        "ALTER TABLE assignment ADD COLUMN looked TEXT NOT NULL DEFAULT '' "
        "CHECK (looked IN ('', 'fine', 'doubtful', 'read'))"
    )
