"""The schema of lesson materials: texts in passages, searched by words and by vectors."""

from tutor.store.lean import Database
from tutor.store.migrations.base import step


@step("009_materials")
def materials(db: Database) -> None:
    # A material is known by the hash of its file, so that lessons share it. It is `ready` once every passage has its
    # vector; what was interrupted goes on from there.
    db.execute(
        """
        CREATE TABLE material (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            sha256 TEXT NOT NULL UNIQUE,
            title TEXT NOT NULL,
            name TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('pdf', 'docx', 'markdown', 'html', 'text')),
            licence TEXT NOT NULL DEFAULT '',
            pages INTEGER NOT NULL DEFAULT 0,
            unread_pages INTEGER NOT NULL DEFAULT 0,
            size INTEGER NOT NULL DEFAULT 0,
            state TEXT NOT NULL CHECK (state IN ('reading', 'ready')),
            added_at TEXT NOT NULL
        )"""
    )
    # `place` is what an answer cites: "p. 12", or the heading.
    db.execute(
        """
        CREATE TABLE passage (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            material_id INTEGER NOT NULL REFERENCES material(id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            place TEXT NOT NULL,
            heading TEXT NOT NULL DEFAULT '',
            text TEXT NOT NULL,
            vector BLOB,
            UNIQUE (material_id, number)
        )"""
    )
    db.execute(
        "CREATE VIRTUAL TABLE passage_fts USING fts5(heading, text, content='passage', content_rowid='id', "
        "tokenize='porter unicode61 remove_diacritics 2')"
    )
    remove = (
        "INSERT INTO passage_fts(passage_fts, rowid, heading, text) VALUES ('delete', old.id, old.heading, old.text);"
    )
    add = "INSERT INTO passage_fts(rowid, heading, text) VALUES (new.id, new.heading, new.text);"
    db.execute(f"CREATE TRIGGER passage_indexed AFTER INSERT ON passage BEGIN {add} END")
    db.execute(f"CREATE TRIGGER passage_unindexed AFTER DELETE ON passage BEGIN {remove} END")
    db.execute("CREATE INDEX passage_waiting ON passage (material_id) WHERE vector IS NULL")
