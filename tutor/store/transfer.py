"""Everything of one learner: exported to one open file, or erased really, backups and saved prefixes included."""

import contextlib
import logging
import sqlite3
import time
from pathlib import Path
from typing import Any, Final

import msgspec

from tutor.errors import UserError
from tutor.i18n import tr
from tutor.store import backup, recovery, retention
from tutor.store.owner import Family, now, reads, writes

_log = logging.getLogger(__name__)
_OF_LEARNER: Final = {
    "settings": "SELECT key, value, changed_at FROM setting WHERE learner_id = ?",
    "conversations": "SELECT conversation.*, lesson.key AS lesson_key, v.title AS lesson_title, "
    "v.number AS lesson_number FROM conversation LEFT JOIN lesson_version AS v ON v.id = lesson_version_id "
    "LEFT JOIN lesson ON lesson.id = v.lesson_id WHERE learner_id = ?",
    "messages": "SELECT message.* FROM message JOIN conversation ON conversation.id = conversation_id "
    "WHERE learner_id = ?",
    "ratings": "SELECT rating.* FROM rating JOIN message ON message.id = message_id "
    "JOIN conversation ON conversation.id = conversation_id WHERE learner_id = ?",
    "flags": "SELECT flag.* FROM flag JOIN message ON message.id = message_id "
    "JOIN conversation ON conversation.id = conversation_id WHERE learner_id = ?",
    "corrections": "SELECT * FROM correction WHERE learner_id = ?",
    "decisions": "SELECT d.* FROM correction_decision AS d JOIN correction ON correction.id = correction_id "
    "WHERE learner_id = ?",
    "asked_about": "SELECT * FROM asked_about WHERE learner_id = ?",
    "turn_facts": "SELECT * FROM turn_fact WHERE learner_id = ?",
    "rules_fired": "SELECT rule_fired.* FROM rule_fired JOIN turn_fact USING (message_id) WHERE learner_id = ?",
    "put_to_teacher": "SELECT * FROM escalation WHERE learner_id = ?",
    "reviews": "SELECT review.* FROM review LEFT JOIN flag ON flag.id = flag_id LEFT JOIN escalation AS e "
    "ON e.id = escalation_id JOIN turn_fact AS t ON t.message_id = coalesce(flag.message_id, e.message_id, asked_id) "
    "WHERE t.learner_id = ?",
    "grades": "SELECT grade.* FROM grade JOIN turn_fact USING (message_id) WHERE learner_id = ?",
    "surveys": "SELECT * FROM survey WHERE learner_id = ?",
    "classes": "SELECT class.name, class.visible, class.archived_at FROM class_member JOIN class "
    "ON class.id = class_id WHERE learner_id = ?",
    "lessons_set": "SELECT lesson.key AS lesson_key, a.from_day, a.until_day, a.note, a.created_at "
    "FROM assignment AS a JOIN lesson ON lesson.id = a.lesson_id WHERE learner_id = ?1 OR class_id IN "
    "(SELECT class_id FROM class_member WHERE learner_id = ?1)",
    "limits_lifted": "SELECT * FROM limit_lifted WHERE learner_id = ?",
    "alerts": "SELECT * FROM alert WHERE learner_id = ?",
    "moderation": "SELECT * FROM moderation WHERE learner_id = ?",
}
_PATIENCE: Final = 50
"""Tenths of a second that another reader of the file is waited for."""
_JSON_COLUMNS: Final = ("reply", "value", "input_verdict", "output_verdicts", "phrasings", "findings", "before")


class Transfer(Family):
    """Export and erasure."""

    _path: Path | None
    _backups: Path | None
    _snapshots: Path | None

    def export_learner(self, learner_id: int, target: Path) -> Path:
        """Write one JSON file with everything stored about a learner, deleted conversations included.

        Raises `UserError` (`not_found`, `export_failed`); a file that was there before is then kept.
        """
        data = {
            "format": "tutor-learner",
            "version": 1,
            "exported_at": now(),
            **self._everything(learner_id),
        }
        temporary = target.with_name(target.name + ".part")
        try:
            temporary.write_bytes(msgspec.json.format(msgspec.json.encode(data), indent=2))
            backup.put(temporary, target)
        except OSError as error:
            raise UserError(
                tr(
                    "The export could not be written to {file}. Nothing was changed. Choose another folder, or free "
                    "some space.",
                    file=target,
                ),
                code="export_failed",
            ) from error
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
        return target

    def erase_learner(self, learner_id: int) -> None:
        """Erase everything of one learner, so that no file of Tutor's holds it any more. It cannot be undone.

        The database is overwritten and compacted, every backup rewritten without the learner (one that cannot be is
        deleted), damaged files that were set aside and saved prefixes are deleted. Files that a person exported stay.
        """
        key = self._key_of(learner_id)
        self._erase_here(key)
        if self._path is not None:
            for path in recovery.set_aside_files(self._path):
                path.unlink(missing_ok=True)
        for info in backup.listed(self._backups) if self._backups else ():
            _erase_in_copy(info.path, key)
        retention.clear_snapshots(self._snapshots)

    @reads
    def _everything(self, learner_id: int) -> dict[str, Any]:
        learner = self._row("SELECT * FROM learner WHERE id = ?", learner_id)
        if learner is None:
            raise UserError(tr("This learner is not there any more. Choose another one."), code="not_found")
        tables = {name: [_open_json(row) for row in self._rows(sql, learner_id)] for name, sql in _OF_LEARNER.items()}
        return {"learner": learner, **tables}

    @writes
    def _key_of(self, learner_id: int) -> str:
        row = self._row("SELECT key FROM learner WHERE id = ?", learner_id)
        if row is None:
            raise UserError(tr("This learner is not there any more. Choose another one."), code="not_found")
        return str(row["key"])

    @reads
    def _erase_here(self, key: str) -> None:
        erase(self._db.conn, key)


def erase(connection: sqlite3.Connection, key: str) -> None:
    """Delete a learner with all that hangs on them, and leave no trace in free pages, search index or WAL."""
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("DELETE FROM learner WHERE key = ?", (key,))
        retention.rebuild_indexes(connection)
    connection.execute("VACUUM")
    for _ in range(_PATIENCE):
        if connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0:
            return
        time.sleep(0.1)
    raise UserError(
        tr(
            "The learner is erased, but another program reads the data file, so old bytes are still in it. Close that "
            "program, then close Tutor and start it again: that clears them."
        ),
        code="in_use",
    )


def _erase_in_copy(path: Path, key: str) -> None:
    temporary = path.with_suffix(".part")
    try:
        temporary.touch(mode=0o600)
        with (
            contextlib.closing(sqlite3.connect(path)) as old,
            contextlib.closing(sqlite3.connect(temporary)) as copy,
        ):
            old.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
            erase(copy, key)
            backup.verify(copy)
        backup.put(temporary, path)
    except sqlite3.Error as error:
        _log.warning("a backup could not be rewritten and was deleted (%s)", error)
        path.unlink(missing_ok=True)
    finally:
        temporary.unlink(missing_ok=True)


def _open_json(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: msgspec.json.decode(value) if name in _JSON_COLUMNS and value is not None else value
        for name, value in row.items()
    }
