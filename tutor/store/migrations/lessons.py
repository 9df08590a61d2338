"""The schema of lessons: every version as it was written, and which one a conversation keeps."""

from tutor.store.lean import Database
from tutor.store.migrations.base import step


@step("008_lessons")
def lessons(db: Database) -> None:
    # `key` identifies a lesson across computers; a lesson that is put away keeps its versions, since conversations
    # were held by them.
    db.execute(
        """
        CREATE TABLE lesson (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            key TEXT NOT NULL UNIQUE,
            created_at TEXT NOT NULL,
            archived_at TEXT
        )"""
    )
    # `body` is the whole lesson as JSON (tutor.domain.Lesson). One draft a lesson, which may change; a published
    # version never does. `why` is the written reason for publishing although a blocking rule broke in its test;
    # `tested` is the test's record as JSON.
    db.execute(
        """
        CREATE TABLE lesson_version (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            lesson_id INTEGER NOT NULL REFERENCES lesson(id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'retired')),
            title TEXT NOT NULL,
            subject TEXT NOT NULL,
            age_band TEXT NOT NULL,
            body TEXT NOT NULL,
            created_at TEXT NOT NULL,
            changed_at TEXT NOT NULL,
            published_at TEXT NOT NULL DEFAULT '',
            why TEXT NOT NULL DEFAULT '',
            tested TEXT NOT NULL DEFAULT '',
            UNIQUE (lesson_id, number)
        )"""
    )
    db.execute("CREATE UNIQUE INDEX lesson_draft ON lesson_version (lesson_id) WHERE state = 'draft'")
    db.execute("CREATE UNIQUE INDEX lesson_published ON lesson_version (lesson_id) WHERE state = 'published'")
    db.execute(
        "CREATE TRIGGER lesson_version_kept BEFORE UPDATE OF body, number, lesson_id ON lesson_version "
        "WHEN old.state != 'draft' BEGIN SELECT RAISE(ABORT, 'a published lesson does not change'); END"
    )
    # A conversation keeps the version it began with.
    db.execute(
        "ALTER TABLE conversation ADD COLUMN lesson_version_id INTEGER REFERENCES lesson_version(id) ON DELETE SET NULL"
    )
    db.execute("CREATE INDEX conversation_lesson ON conversation (lesson_version_id)")
