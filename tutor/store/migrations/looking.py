"""More of what teachers look at: how politely the tutor spoke, and which correction a decision made."""

from tutor.store.lean import Database
from tutor.store.migrations.base import step


@step("013_politeness")
def politeness(db: Database) -> None:
    # Of answers from before it is NULL: it was not measured, which is something else than neither polite nor blunt.
    db.execute("ALTER TABLE turn_fact ADD COLUMN politeness REAL")
    # The index of months holds all that is summed up, so it is made anew with this column.
    db.execute("DROP INDEX turn_fact_month")
    db.execute(
        "CREATE INDEX turn_fact_month ON turn_fact (substr(day, 1, 7), lesson_version_id, model, day, learner_id, "
        "stopped, revealed, rules_fired, learner_words, tutor_words, tutor_questions, sentiment, active, politeness)"
    )


@step("014_review_correction")
def review_correction(db: Database) -> None:
    # So that a correction can be taken back with the decision that wrote it, however long ago that was.
    db.execute("ALTER TABLE review ADD COLUMN correction_id INTEGER REFERENCES correction(id) ON DELETE SET NULL")
    db.execute("CREATE INDEX review_correction ON review (correction_id) WHERE correction_id IS NOT NULL")
