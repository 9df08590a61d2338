"""The schema, as named steps in order. A step that has shipped never changes; a change is a new step."""

from collections.abc import Callable
from typing import Final

from tutor.store.lean import Database, Migrations

APPLICATION_ID: Final = 0x54555452
"""`TUTR` in the file's header, so that other programs' databases are not taken for ours."""

steps: Final = Migrations("tutor")
_Step = Callable[[Database], None]


def _step(name: str) -> Callable[[_Step], _Step]:
    """Register a step; each runs in a transaction together with the note that it was done."""
    register: Callable[[_Step], _Step] = steps(name=name)
    return register


@_step("001_people")
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


@_step("002_conversations")
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


@_step("003_safeguarding")
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


@_step("004_search")
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


@_step("005_corrections")
def corrections(db: Database) -> None:
    # Every flag becomes a row; one without an answer waits until somebody writes it. Nothing is accepted that was not
    # checked: the file itself refuses it. `findings` and `phrasings` are JSON.
    db.execute(
        """
        CREATE TABLE correction (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            question TEXT NOT NULL,
            answer TEXT NOT NULL,
            wrong TEXT NOT NULL DEFAULT '',
            kind TEXT NOT NULL CHECK (kind IN ('fact', 'method', 'explanation', 'style', 'scope')),
            phrasings TEXT NOT NULL DEFAULT '[]',
            scope TEXT NOT NULL CHECK (scope IN ('class', 'learner')),
            learner_id INTEGER REFERENCES learner(id) ON DELETE CASCADE,
            flag_id INTEGER REFERENCES flag(id) ON DELETE SET NULL,
            status TEXT NOT NULL CHECK (status IN ('proposed', 'accepted', 'rejected', 'withdrawn', 'merged')),
            merged_into INTEGER REFERENCES correction(id) ON DELETE SET NULL,
            decided_by TEXT NOT NULL DEFAULT '',
            why TEXT NOT NULL DEFAULT '',
            checked TEXT NOT NULL DEFAULT '' CHECK (checked IN ('', 'passed', 'stopped')),
            findings TEXT NOT NULL DEFAULT '[]',
            created_at TEXT NOT NULL,
            decided_at TEXT NOT NULL DEFAULT '',
            CHECK (status != 'accepted' OR (checked != '' AND trim(question) != '' AND trim(answer) != '')),
            CHECK (scope = 'class' OR learner_id IS NOT NULL)
        )"""
    )
    db.execute("CREATE INDEX correction_standing ON correction (status)")
    db.execute("CREATE INDEX correction_of ON correction (learner_id)")
    db.execute("CREATE INDEX correction_from ON correction (flag_id)")
    db.execute("CREATE INDEX correction_into ON correction (merged_into)")
    # What was merged into a correction stands for itself again once that one is erased with its learner.
    db.execute(
        "CREATE TRIGGER correction_alone AFTER DELETE ON correction BEGIN UPDATE correction SET status = 'proposed', "
        "merged_into = NULL WHERE status = 'merged' AND (merged_into IS NULL OR merged_into = old.id); END"
    )
    # The history only grows; it goes with its correction alone. `before` is what stood there, to be put back.
    db.execute(
        """
        CREATE TABLE correction_decision (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            correction_id INTEGER NOT NULL REFERENCES correction(id) ON DELETE CASCADE,
            at TEXT NOT NULL,
            decided_by TEXT NOT NULL,
            what TEXT NOT NULL CHECK (
                what IN ('proposed', 'accepted', 'edited', 'merged', 'rejected', 'withdrawn', 'undone')
            ),
            why TEXT NOT NULL DEFAULT '',
            before TEXT NOT NULL DEFAULT '{}',
            undoes INTEGER REFERENCES correction_decision(id)
        )"""
    )
    db.execute("CREATE INDEX correction_decision_of ON correction_decision (correction_id)")
    db.execute("CREATE INDEX correction_decision_undoes ON correction_decision (undoes)")
    db.execute(
        "CREATE TRIGGER correction_decision_kept BEFORE UPDATE ON correction_decision BEGIN "
        "SELECT RAISE(ABORT, 'the history of corrections only grows'); END"
    )
    db.execute(
        "CREATE TRIGGER correction_decision_stays BEFORE DELETE ON correction_decision "
        "WHEN EXISTS (SELECT 1 FROM correction WHERE id = old.correction_id) BEGIN "
        "SELECT RAISE(ABORT, 'the history of corrections only grows'); END"
    )
    # Which answers the program itself asked about, why, and what came of it: a few a day, never the same one twice.
    db.execute(
        """
        CREATE TABLE asked_about (
            message_id INTEGER PRIMARY KEY REFERENCES message(id) ON DELETE CASCADE,
            learner_id INTEGER NOT NULL REFERENCES learner(id) ON DELETE CASCADE,
            reason TEXT NOT NULL CHECK (reason IN ('uncertain', 'unfamiliar', 'near_correction')),
            score REAL NOT NULL,
            asked_at TEXT NOT NULL,
            said TEXT NOT NULL DEFAULT '' CHECK (said IN ('', 'right', 'not_right', 'not_now'))
        )"""
    )
    db.execute("CREATE INDEX asked_about_of ON asked_about (learner_id, asked_at)")


@_step("006_memory")
def memory(db: Database) -> None:
    # Every way of asking an accepted correction, or one merged into another, and how the text encoder sees it (384
    # numbers of 32 bits, filled in when the engine runs). Triggers alone add and remove rows, so that a correction
    # that is withdrawn is forgotten at once.
    db.execute(
        """
        CREATE TABLE memory (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            correction_id INTEGER NOT NULL REFERENCES correction(id) ON DELETE CASCADE,
            text TEXT NOT NULL,
            vector BLOB,
            UNIQUE (correction_id, text)
        )"""
    )
    db.execute(
        "CREATE VIRTUAL TABLE memory_fts USING fts5(text, content='memory', content_rowid='id', "
        "tokenize='porter unicode61 remove_diacritics 2')"
    )
    remove = "INSERT INTO memory_fts(memory_fts, rowid, text) VALUES ('delete', old.id, old.text);"
    add = "INSERT INTO memory_fts(rowid, text) VALUES (new.id, new.text);"
    db.execute(f"CREATE TRIGGER memory_indexed AFTER INSERT ON memory BEGIN {add} END")
    db.execute(f"CREATE TRIGGER memory_unindexed AFTER DELETE ON memory BEGIN {remove} END")
    asked = "SELECT new.question AS value UNION SELECT value FROM json_each(new.phrasings)"
    fill = (
        f"INSERT OR IGNORE INTO memory (correction_id, text) SELECT new.id, value FROM ({asked}) "
        "WHERE new.status IN ('accepted', 'merged') AND trim(value) != '';"
    )
    clear = (
        "DELETE FROM memory WHERE correction_id = new.id "
        f"AND NOT (new.status IN ('accepted', 'merged') AND text IN (SELECT value FROM ({asked})));"
    )
    db.execute(f"CREATE TRIGGER correction_remembered AFTER INSERT ON correction BEGIN {fill} END")
    db.execute(
        "CREATE TRIGGER correction_remembered_anew AFTER UPDATE OF status, question, phrasings ON correction "
        f"BEGIN {clear} {fill} END"
    )
    db.execute(
        "INSERT OR IGNORE INTO memory (correction_id, text) SELECT id, question FROM correction "
        "WHERE status IN ('accepted', 'merged') "
        "UNION SELECT correction.id, value FROM correction, json_each(phrasings) "
        "WHERE status IN ('accepted', 'merged') AND trim(value) != ''"
    )


@_step("007_adapters")
def adapters(db: Database) -> None:
    # What was trained, on what, and what came of it. One may be in use for a base and scope, and only one that its
    # judgement allows: the file itself refuses another. `replaced_id` is what going back leads to.
    db.execute(
        """
        CREATE TABLE adapter (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            file TEXT NOT NULL DEFAULT '',
            file_sha256 TEXT NOT NULL DEFAULT '',
            base TEXT NOT NULL,
            base_sha256 TEXT NOT NULL,
            ledger_sha256 TEXT NOT NULL,
            scope TEXT NOT NULL CHECK (scope IN ('class', 'learner')),
            learner_id INTEGER REFERENCES learner(id) ON DELETE CASCADE,
            state TEXT NOT NULL CHECK (state IN ('training', 'judged', 'active', 'retired', 'failed')),
            promoted INTEGER NOT NULL DEFAULT 0,
            stale INTEGER NOT NULL DEFAULT 0,
            figures TEXT NOT NULL DEFAULT '{}',
            report TEXT NOT NULL DEFAULT '',
            why TEXT NOT NULL DEFAULT '',
            replaced_id INTEGER REFERENCES adapter(id) ON DELETE SET NULL,
            created_at TEXT NOT NULL,
            changed_at TEXT NOT NULL,
            CHECK (state NOT IN ('active', 'retired') OR (promoted AND file != '' AND file_sha256 != '')),
            CHECK ((scope = 'class') = (learner_id IS NULL))
        )"""
    )
    db.execute(
        "CREATE UNIQUE INDEX adapter_active ON adapter (base_sha256, scope, coalesce(learner_id, 0)) "
        "WHERE state = 'active'"
    )
    db.execute("CREATE INDEX adapter_of ON adapter (learner_id)")
    db.execute("CREATE INDEX adapter_replaced ON adapter (replaced_id)")
    # No reference: what an adapter was trained on must be known also when the correction is gone.
    db.execute(
        """
        CREATE TABLE adapter_correction (
            adapter_id INTEGER NOT NULL REFERENCES adapter(id) ON DELETE CASCADE,
            correction_id INTEGER NOT NULL,
            PRIMARY KEY (adapter_id, correction_id)
        ) WITHOUT ROWID"""
    )
    db.execute("CREATE INDEX adapter_correction_of ON adapter_correction (correction_id)")
    stale = (
        "UPDATE adapter SET stale = 1 WHERE state != 'failed' AND id IN "
        "(SELECT adapter_id FROM adapter_correction WHERE correction_id IN (old.id, old.merged_into));"
    )
    db.execute(f"CREATE TRIGGER adapter_outlived AFTER DELETE ON correction BEGIN {stale} END")
    db.execute(
        "CREATE TRIGGER adapter_outdated AFTER UPDATE OF status, question, answer ON correction "
        "WHEN new.status NOT IN ('accepted', 'merged') OR new.question IS NOT old.question "
        f"OR new.answer IS NOT old.answer BEGIN {stale} END"
    )


KNOWN: Final = frozenset(step.name for step in steps._migrations)
"""The steps of this version; a database with others was written by a newer one."""
