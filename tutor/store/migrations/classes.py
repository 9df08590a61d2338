"""The schema of classes: groups of learners, what is set for whom and when, what teachers may see."""

from tutor.store.lean import Database
from tutor.store.migrations.base import step


@step("010_classes")
def classes(db: Database) -> None:
    # Whole conversations are shown to teachers from the moment on from which learners were told so: when the class came
    # to show them, and when the learner came into the class. "": always.
    db.execute(
        """
        CREATE TABLE class (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL UNIQUE,
            visible TEXT NOT NULL DEFAULT 'flagged' CHECK (visible IN ('summary', 'flagged', 'all')),
            visible_since TEXT NOT NULL DEFAULT '',
            created_at TEXT NOT NULL,
            archived_at TEXT
        )"""
    )
    db.execute(
        """
        CREATE TABLE class_member (
            class_id INTEGER NOT NULL REFERENCES class(id) ON DELETE CASCADE,
            learner_id INTEGER NOT NULL REFERENCES learner(id) ON DELETE CASCADE,
            added_at TEXT NOT NULL DEFAULT '',
            PRIMARY KEY (class_id, learner_id)
        ) WITHOUT ROWID"""
    )
    db.execute("CREATE INDEX class_member_of ON class_member (learner_id)")
    # For a whole class or for one learner; dates are days (ISO 8601) in local time, "" for without an end.
    db.execute(
        """
        CREATE TABLE assignment (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            lesson_id INTEGER NOT NULL REFERENCES lesson(id) ON DELETE CASCADE,
            class_id INTEGER REFERENCES class(id) ON DELETE CASCADE,
            learner_id INTEGER REFERENCES learner(id) ON DELETE CASCADE,
            from_day TEXT NOT NULL,
            until_day TEXT NOT NULL DEFAULT '',
            note TEXT NOT NULL DEFAULT '',
            created_at TEXT NOT NULL,
            CHECK ((class_id IS NULL) != (learner_id IS NULL))
        )"""
    )
    db.execute("CREATE INDEX assignment_lesson ON assignment (lesson_id)")
    db.execute("CREATE INDEX assignment_class ON assignment (class_id)")
    db.execute("CREATE INDEX assignment_learner ON assignment (learner_id)")
    # A time limit is lifted by a grown-up, for a day, with a reason that stays.
    db.execute(
        """
        CREATE TABLE limit_lifted (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            learner_id INTEGER NOT NULL REFERENCES learner(id) ON DELETE CASCADE,
            day TEXT NOT NULL,
            minutes INTEGER NOT NULL,
            reason TEXT NOT NULL CHECK (trim(reason) != ''),
            lifted_by TEXT NOT NULL,
            created_at TEXT NOT NULL
        )"""
    )
    db.execute("CREATE INDEX limit_lifted_of ON limit_lifted (learner_id, day)")
    # The contact looks for what was marked or stopped; nearly all turns are neither.
    db.execute("CREATE INDEX moderation_serious ON moderation (id) WHERE action != 'allow' OR alert_id IS NOT NULL")
