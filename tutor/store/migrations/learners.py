"""The schema of learners: people, conversations, the safeguarding record, search."""

from tutor.store.lean import Database
from tutor.store.migrations.base import APPLICATION_ID, step


@step("001_people")
def people(db: Database) -> None:
    # Who uses the program. AUTOINCREMENT everywhere: an id must never come back for somebody else, since alerts,
    # exports and saved prompt prefixes name it. `key` identifies a learner across backups, where ids may differ.
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(
        """
        CREATE TABLE learner (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            key TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            picture TEXT NOT NULL,
            age_band TEXT NOT NULL,
            language TEXT NOT NULL,
            created_at TEXT NOT NULL,
            removed_at TEXT
        )"""
    )
    # One safeguarding contact; nobody chats before `confirmed_at` is set.
    db.execute(
        """
        CREATE TABLE contact (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            name TEXT NOT NULL,
            reach TEXT NOT NULL,
            confirmed_at TEXT
        )"""
    )
    # Failed tries are counted here, not in memory, so that a restart gives no fresh guesses.
    db.execute(
        """
        CREATE TABLE credential (
            role TEXT PRIMARY KEY,
            secret_hash TEXT NOT NULL,
            recovery_hash TEXT NOT NULL,
            failed INTEGER NOT NULL DEFAULT 0,
            locked_at REAL NOT NULL DEFAULT 0,
            locked_for REAL NOT NULL DEFAULT 0,
            changed_at TEXT NOT NULL
        )"""
    )
    # Values as JSON, checked against tutor/settings.py when read. No learner: the school's.
    db.execute(
        """
        CREATE TABLE setting (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            learner_id INTEGER REFERENCES learner(id) ON DELETE CASCADE,
            key TEXT NOT NULL,
            value TEXT NOT NULL,
            changed_at TEXT NOT NULL
        )"""
    )
    db.execute("CREATE UNIQUE INDEX setting_of ON setting (coalesce(learner_id, 0), key)")


@step("002_conversations")
def conversations(db: Database) -> None:
    # Messages form a tree: siblings are versions (an edited question, another answer), `head_id` the branch shown.
    db.execute(
        """
        CREATE TABLE conversation (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            learner_id INTEGER NOT NULL REFERENCES learner(id) ON DELETE CASCADE,
            title TEXT NOT NULL,
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL,
            head_id INTEGER REFERENCES message(id) ON DELETE SET NULL,
            deleted_at TEXT
        )"""
    )
    db.execute("CREATE INDEX conversation_of ON conversation (learner_id, updated_at)")
    db.execute("CREATE INDEX conversation_head ON conversation (head_id)")
    # `reply` is the whole checked reply as JSON (tutor.domain.Reply); while `writing` it holds what has been shown.
    db.execute(
        """
        CREATE TABLE message (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            conversation_id INTEGER NOT NULL REFERENCES conversation(id) ON DELETE CASCADE,
            parent_id INTEGER REFERENCES message(id) ON DELETE CASCADE,
            role TEXT NOT NULL CHECK (role IN ('learner', 'tutor')),
            text TEXT NOT NULL,
            created_at TEXT NOT NULL,
            reply TEXT,
            status TEXT NOT NULL CHECK (status IN ('writing', 'done', 'stopped', 'failed'))
        )"""
    )
    db.execute("CREATE INDEX message_of ON message (conversation_id)")
    db.execute("CREATE INDEX message_under ON message (parent_id)")
    db.execute("CREATE INDEX message_writing ON message (status) WHERE status = 'writing'")
    db.execute(
        """
        CREATE TABLE rating (
            message_id INTEGER PRIMARY KEY REFERENCES message(id) ON DELETE CASCADE,
            rating INTEGER NOT NULL CHECK (rating IN (-1, 1)),
            rated_at TEXT NOT NULL
        )"""
    )
    db.execute(
        """
        CREATE TABLE flag (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            message_id INTEGER NOT NULL REFERENCES message(id) ON DELETE CASCADE,
            category TEXT NOT NULL,
            what TEXT NOT NULL,
            better TEXT NOT NULL,
            created_at TEXT NOT NULL
        )"""
    )
    db.execute("CREATE INDEX flag_of ON flag (message_id)")


@step("003_safeguarding")
def safeguarding(db: Database) -> None:
    # An alert stays "not yet seen" until somebody acknowledges it; it outlives the conversation that caused it.
    db.execute(
        """
        CREATE TABLE alert (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            message_id INTEGER REFERENCES message(id) ON DELETE SET NULL,
            learner_id INTEGER REFERENCES learner(id) ON DELETE CASCADE,
            kind TEXT NOT NULL,
            severity INTEGER NOT NULL,
            created_at TEXT NOT NULL,
            seen_at TEXT,
            seen_by TEXT NOT NULL DEFAULT ''
        )"""
    )
    db.execute("CREATE INDEX alert_of ON alert (learner_id)")
    db.execute("CREATE INDEX alert_about ON alert (message_id)")
    # A copy of the words, since a learner who deletes a conversation must not delete the contact's record.
    db.execute(
        """
        CREATE TABLE moderation (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            learner_id INTEGER REFERENCES learner(id) ON DELETE CASCADE,
            message_id INTEGER REFERENCES message(id) ON DELETE SET NULL,
            alert_id INTEGER REFERENCES alert(id) ON DELETE SET NULL,
            created_at TEXT NOT NULL,
            prompt TEXT NOT NULL,
            answer TEXT NOT NULL,
            input_verdict TEXT,
            output_verdicts TEXT NOT NULL,
            action TEXT NOT NULL
        )"""
    )
    db.execute("CREATE INDEX moderation_of ON moderation (learner_id)")
    db.execute("CREATE INDEX moderation_about ON moderation (message_id)")
    db.execute("CREATE INDEX moderation_for ON moderation (alert_id)")


@step("004_search")
def search(db: Database) -> None:
    # External content: the words are stored once. Triggers on the text columns alone, so that a rating or a new head
    # does not index a message again. Accents do not matter; a vowel point or accent never splits a word.
    for table, column in (("message", "text"), ("conversation", "title")):
        index = f"{table}_fts"
        db.execute(
            f"CREATE VIRTUAL TABLE {index} USING fts5({column}, content='{table}', content_rowid='id', "
            "tokenize=\"unicode61 remove_diacritics 2 categories 'L* N* M* Co So'\")"
        )
        remove = f"INSERT INTO {index}({index}, rowid, {column}) VALUES ('delete', old.id, old.{column});"
        add = f"INSERT INTO {index}(rowid, {column}) VALUES (new.id, new.{column});"
        db.execute(f"CREATE TRIGGER {table}_indexed AFTER INSERT ON {table} BEGIN {add} END")
        db.execute(f"CREATE TRIGGER {table}_unindexed AFTER DELETE ON {table} BEGIN {remove} END")
        db.execute(
            f"CREATE TRIGGER {table}_reindexed AFTER UPDATE OF {column} ON {table} "
            f"WHEN old.{column} IS NOT new.{column} BEGIN {remove} {add} END"
        )
