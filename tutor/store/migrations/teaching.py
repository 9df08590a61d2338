"""The schema of what teachers look at: facts of every turn, questions put to them, decisions, grades, surveys."""

from tutor.store.lean import Database
from tutor.store.migrations.base import step


@step("011_teaching")
def teaching(db: Database) -> None:
    # One narrow row for each finished answer, so that a page about a class's year is one scan and no reading of
    # words. It holds no words: `problem` is the lesson's item, or a hash that tells one problem from another. `active`
    # is how many seconds of use the turn stands for.
    db.execute(
        """
        CREATE TABLE turn_fact (
            message_id INTEGER PRIMARY KEY REFERENCES message(id) ON DELETE CASCADE,
            learner_id INTEGER NOT NULL REFERENCES learner(id) ON DELETE CASCADE,
            lesson_version_id INTEGER REFERENCES lesson_version(id) ON DELETE SET NULL,
            day TEXT NOT NULL,
            at TEXT NOT NULL,
            model TEXT NOT NULL DEFAULT '',
            intent TEXT NOT NULL DEFAULT '',
            move TEXT NOT NULL DEFAULT '',
            outcome TEXT NOT NULL DEFAULT '',
            item TEXT NOT NULL DEFAULT '',
            problem TEXT NOT NULL DEFAULT '',
            attempts INTEGER NOT NULL DEFAULT 0,
            rung INTEGER NOT NULL DEFAULT 0,
            solved INTEGER NOT NULL DEFAULT 0,
            begged INTEGER NOT NULL DEFAULT 0,
            emotional INTEGER NOT NULL DEFAULT 0,
            rules_fired INTEGER NOT NULL DEFAULT 0,
            revealed INTEGER NOT NULL DEFAULT 0,
            stopped INTEGER NOT NULL DEFAULT 0,
            learner_words INTEGER NOT NULL DEFAULT 0,
            tutor_words INTEGER NOT NULL DEFAULT 0,
            tutor_questions INTEGER NOT NULL DEFAULT 0,
            sentiment REAL,
            seconds REAL NOT NULL DEFAULT 0,
            active REAL NOT NULL DEFAULT 0
        )"""
    )
    db.execute("CREATE INDEX turn_fact_learner ON turn_fact (learner_id, at)")
    db.execute("CREATE INDEX turn_fact_lesson ON turn_fact (lesson_version_id, day)")
    # These two hold all that a year's page sums up, so that it reads nothing else.
    db.execute("CREATE INDEX turn_fact_day ON turn_fact (day, learner_id, active, begged, emotional)")
    db.execute(
        "CREATE INDEX turn_fact_month ON turn_fact (substr(day, 1, 7), lesson_version_id, model, day, learner_id, "
        "stopped, revealed, rules_fired, learner_words, tutor_words, tutor_questions, sentiment, active)"
    )
    # Answers from before these facts were kept: what their record says, in SQL alone, so that this step means the same
    # for ever. How learners sounded, and free problems, were not kept.
    db.execute(
        """
        INSERT INTO turn_fact (message_id, learner_id, day, at, model, intent, move, outcome, begged, emotional,
            revealed, stopped, learner_words, tutor_words, tutor_questions, seconds, active)
        SELECT m.id, c.learner_id, date(m.created_at, 'localtime'), m.created_at,
            coalesce(json_extract(m.reply, '$.model'), ''), coalesce(json_extract(m.reply, '$.intent'), ''),
            coalesce(json_extract(m.reply, '$.move'), ''), coalesce(json_extract(m.reply, '$.outcome'), ''),
            coalesce(json_extract(m.reply, '$.intent') = 'asks_answer'
                AND coalesce(json_extract(m.reply, '$.state.begs'), 0) > 0, 0),
            coalesce(json_extract(m.reply, '$.move') = 'signpost' OR json_extract(m.reply, '$.intent') = 'distress', 0),
            coalesce(json_extract(m.reply, '$.move') = 'explain', 0), m.status = 'stopped',
            coalesce(length(trim(q.text)) - length(replace(trim(q.text), ' ', '')) + 1, 0),
            length(trim(m.text)) - length(replace(trim(m.text), ' ', '')) + (trim(m.text) != ''),
            length(m.text) - length(replace(m.text, '?', '')),
            coalesce(json_extract(m.reply, '$.timings.total_ms'), 0) / 1000.0, 60
        FROM message AS m JOIN conversation AS c ON c.id = m.conversation_id
        LEFT JOIN message AS q ON q.id = m.parent_id
        WHERE m.role = 'tutor' AND m.status != 'writing' AND m.reply IS NOT NULL AND json_valid(m.reply)
        ORDER BY m.id"""
    )
    # Which guidelines fired, for the teacher's record: kind, what was done.
    db.execute(
        """
        CREATE TABLE rule_fired (
            message_id INTEGER NOT NULL REFERENCES message(id) ON DELETE CASCADE,
            rule TEXT NOT NULL,
            severity TEXT NOT NULL,
            done TEXT NOT NULL,
            times INTEGER NOT NULL DEFAULT 1,
            PRIMARY KEY (message_id, rule, done)
        ) WITHOUT ROWID"""
    )
    # A question that the learner put to the teacher, and the teacher's answer, shown in the conversation as theirs.
    db.execute(
        """
        CREATE TABLE escalation (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            message_id INTEGER NOT NULL UNIQUE REFERENCES message(id) ON DELETE CASCADE,
            learner_id INTEGER NOT NULL REFERENCES learner(id) ON DELETE CASCADE,
            reason TEXT NOT NULL CHECK (reason IN ('tries', 'unsure', 'outside', 'asked', 'words')),
            note TEXT NOT NULL DEFAULT '',
            created_at TEXT NOT NULL,
            answer TEXT NOT NULL DEFAULT '',
            answered_by TEXT NOT NULL DEFAULT '',
            answered_at TEXT NOT NULL DEFAULT '',
            read_at TEXT NOT NULL DEFAULT ''
        )"""
    )
    db.execute("CREATE INDEX escalation_of ON escalation (learner_id)")
    db.execute("CREATE INDEX escalation_open ON escalation (created_at) WHERE answered_at = ''")
    db.execute("CREATE INDEX escalation_unread ON escalation (learner_id) WHERE answered_at != '' AND read_at = ''")
    # What a teacher decided about a flag, an escalation, or an answer that the program asked about: dismissed with a
    # reason, or dealt with; and which kind of error it was. Undone by deleting the row.
    db.execute(
        """
        CREATE TABLE review (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            flag_id INTEGER UNIQUE REFERENCES flag(id) ON DELETE CASCADE,
            escalation_id INTEGER UNIQUE REFERENCES escalation(id) ON DELETE CASCADE,
            asked_id INTEGER UNIQUE REFERENCES asked_about(message_id) ON DELETE CASCADE,
            what TEXT NOT NULL CHECK (what IN ('dismissed', 'corrected', 'answered')),
            error TEXT NOT NULL DEFAULT '' CHECK (error IN ('', 'maths', 'fact', 'confusing', 'level', 'leaked',
                'refused', 'blocked', 'none')),
            why TEXT NOT NULL DEFAULT '',
            decided_by TEXT NOT NULL,
            decided_at TEXT NOT NULL,
            CHECK ((flag_id IS NOT NULL) + (escalation_id IS NOT NULL) + (asked_id IS NOT NULL) = 1),
            CHECK (what != 'dismissed' OR trim(why) != '')
        )"""
    )
    db.execute("CREATE INDEX review_decided ON review (decided_at)")
    db.execute("CREATE INDEX asked_open ON asked_about (asked_at) WHERE said != 'right'")
    # Blind grades of answers drawn by chance, 1 to 5 each.
    db.execute(
        """
        CREATE TABLE grade (
            message_id INTEGER PRIMARY KEY REFERENCES message(id) ON DELETE CASCADE,
            accurate INTEGER NOT NULL CHECK (accurate BETWEEN 1 AND 5),
            kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 5),
            level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 5),
            error TEXT NOT NULL DEFAULT '',
            graded_by TEXT NOT NULL,
            graded_at TEXT NOT NULL
        )"""
    )
    db.execute("CREATE INDEX grade_when ON grade (graded_at)")
    # Two questions now and then: did it help (1 to 5), would you ask it again (1 to 5). 0: not answered. A row is also
    # kept where a learner declined, so that nobody is asked twice in a week.
    db.execute(
        """
        CREATE TABLE survey (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            learner_id INTEGER NOT NULL REFERENCES learner(id) ON DELETE CASCADE,
            lesson_version_id INTEGER REFERENCES lesson_version(id) ON DELETE SET NULL,
            helped INTEGER NOT NULL DEFAULT 0 CHECK (helped BETWEEN 0 AND 5),
            again INTEGER NOT NULL DEFAULT 0 CHECK (again BETWEEN 0 AND 5),
            asked_at TEXT NOT NULL
        )"""
    )
    db.execute("CREATE INDEX survey_of ON survey (learner_id, asked_at)")
    # The last fairness measurement of each version of a lesson (NULL: without a lesson): figures of made-up messages.
    db.execute(
        """
        CREATE TABLE fairness_run (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            lesson_version_id INTEGER UNIQUE REFERENCES lesson_version(id) ON DELETE CASCADE,
            model TEXT NOT NULL DEFAULT '',
            measured_at TEXT NOT NULL,
            result TEXT NOT NULL
        )"""
    )
