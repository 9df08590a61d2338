"""The safeguarding record by date, so that what is past its period is found at once."""

from tutor.store.lean import Database
from tutor.store.migrations.base import step


@step("018_record_dates")
def record_dates(db: Database) -> None:
    db.execute("CREATE INDEX moderation_dated ON moderation (created_at)")
