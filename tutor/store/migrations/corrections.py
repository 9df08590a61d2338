"""The schema of learning from corrections: the queue, the memory, the adapters."""

from tutor.store.lean import Database
from tutor.store.migrations.base import step


@step("005_corrections")
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


@step("006_memory")
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


@step("007_adapters")
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
