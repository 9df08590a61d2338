"""What is past the school's periods, in the database or in a backup, and deleting it without a trace.

Clocks are wrong now and then. A turn is no older than what was written before it, so a day with the clock set back
makes nothing look old; and nothing in a file can be younger than the file itself.
"""

import contextlib
import logging
import sqlite3
from calendar import monthrange
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from tutor.store import backup, recovery

_log = logging.getLogger(__name__)
LONGEST: Final = 60
"""Months."""
DAMAGED_DAYS: Final = 30
"""A damaged file that was set aside cannot be cleared of single conversations; where a period is set it goes whole."""
_STAMP: Final = "%Y%m%d-%H%M%S-%f"
_RECORD_PAST: Final = "created_at < ? AND coalesce(alert_id, 0) NOT IN (SELECT id FROM alert WHERE seen_at IS NULL)"
"""What an alert is about that nobody has seen is never past."""
NEVER: Final = "9999"
"""A moment that does not come."""
_NOT_ACCEPTED: Final = "('proposed', 'rejected', 'withdrawn')"


def stored(moment: datetime) -> str:
    """A moment as the database has it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def months_before(moment: datetime, months: int) -> datetime:
    """The same day so many calendar months earlier, or that month's last day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


def dated_before(connection: sqlite3.Connection, before: str, until: str) -> list[tuple[int, int]]:
    """(id, messages) of conversations dated before a moment, oldest first: those that `past` is to look at."""
    return connection.execute(
        "SELECT id, (SELECT count(*) FROM message WHERE conversation_id = c.id) FROM conversation AS c "
        "WHERE min(updated_at, ?2) < ?1 ORDER BY id",
        (before, until),
    ).fetchall()


def past(connection: sqlite3.Connection, before: str, until: str, among: Iterable[int]) -> list[int]:
    """Those whose last turn was before a moment. `until`: nothing in this file was written later than that.

    Not among them: what is being answered, and what an alert is about that nobody has seen.
    """
    facts = "turn_fact" in _tables(connection)
    # the first turn that was surely written after the moment: what came after it is not old, whatever its date says
    first = "SELECT message_id FROM turn_fact WHERE at >= ? AND at <= ? ORDER BY message_id LIMIT 1"
    found = connection.execute(first, (before, until)).fetchone() if facts else None
    return [
        each
        for each in among
        if connection.execute(
            "SELECT 1 FROM conversation AS c WHERE id = ?1 AND min(updated_at, ?3) < ?2 AND NOT EXISTS (SELECT 1 "
            "FROM message AS m LEFT JOIN alert AS a ON a.message_id = m.id AND a.seen_at IS NULL "
            "WHERE m.conversation_id = c.id AND (m.status = 'writing' OR m.id >= ?4 OR a.id))",
            (each, before, until, found[0] if found else 2**62),
        ).fetchone()
    ]


def delete(connection: sqlite3.Connection, conversation_id: int) -> None:
    """Delete a conversation with all that hangs on its turns, and what was proposed from it and never accepted.

    The safeguarding record and accepted corrections stay. Runs within the caller's transaction.
    """
    if "correction" in _tables(connection):
        connection.execute(
            f"DELETE FROM correction WHERE status IN {_NOT_ACCEPTED} AND flag_id IN (SELECT flag.id FROM flag "
            "JOIN message ON message.id = message_id WHERE conversation_id = ?)",
            (conversation_id,),
        )
    # newest first: a long chain of turns would otherwise be deeper than SQLite follows
    ids = connection.execute("SELECT id FROM message WHERE conversation_id = ? ORDER BY id DESC", (conversation_id,))
    connection.executemany("DELETE FROM message WHERE id = ?", ids.fetchall())
    connection.execute("DELETE FROM conversation WHERE id = ?", (conversation_id,))


def known(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    """Conversations by what tells them apart in any backup: their learner's key, and when they began."""
    return set(
        connection.execute(
            "SELECT learner.key, conversation.created_at FROM conversation JOIN learner ON learner.id = learner_id"
        )
    )


def clear_backup(
    info: backup.BackupInfo,
    before: str,
    record_before: str,
    still: set[tuple[str, str]],
    since: str,
    overdue: str | None = None,
) -> None:
    """Write a backup anew without what is past its period. One with nothing of that stays as it is.

    `still`: conversations of the database, which are in use although the backup knows their older turns alone.
    `record_before`: the same for the safeguarding record; "": it is kept always. `since`: when deleting began; a
    backup made later may hold remains of it. `overdue`: the record alone is reason enough only for what is older than
    that; by default for anything past. A backup that is damaged is deleted.

    Raises `sqlite3.Error` or OSError for a disk that is full or not there; then the backup is as it was.
    """
    temporary = info.path.with_name(f"clearing-{info.path.name}.part")
    try:
        with contextlib.closing(sqlite3.connect(f"{info.path.resolve().as_uri()}?mode=ro", uri=True)) as old:
            ids = _past_in(old, info, before, still)
            reason = record_before if overdue is None else overdue
            if not ids and not _record_past(old, reason) and info.made_at < since:
                return
            temporary.touch(mode=0o600)
            with contextlib.closing(sqlite3.connect(temporary)) as copy:
                old.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")
                copy.execute("PRAGMA foreign_keys = ON")
                copy.execute("PRAGMA secure_delete = ON")
                with copy:
                    for conversation_id in ids:
                        delete(copy, conversation_id)
                    if record_before:
                        purge_record(copy, record_before)
                    rebuild_indexes(copy)
                copy.execute("VACUUM")
                backup.verify(copy)
        if info.path.exists():  # it may have been the oldest of its kind meanwhile
            backup.put(temporary, info.path)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        _log.warning("a damaged backup could not be cleared of old conversations and was deleted (%s)", error)
        info.path.unlink(missing_ok=True)
    finally:
        for left in info.path.parent.glob(f"{temporary.name}*"):
            left.unlink(missing_ok=True)


def purge_record(connection: sqlite3.Connection, before: str, *, most: int = -1) -> bool:
    """Delete what is older than a moment from the record; an alert that nobody has seen stays.

    At most so many turns; gives whether there may be more. Runs within the caller's transaction.
    """
    past = f"SELECT id FROM moderation WHERE {_RECORD_PAST} LIMIT ?"
    deleted = connection.execute(f"DELETE FROM moderation WHERE id IN ({past})", (before, most)).rowcount
    if deleted == most:
        return True
    connection.execute(
        "DELETE FROM alert WHERE created_at < ? AND seen_at IS NOT NULL "
        "AND id NOT IN (SELECT alert_id FROM moderation WHERE alert_id IS NOT NULL)",
        (before,),
    )
    return False


def clear_beside(path: Path, snapshots: Path | None, now: datetime) -> None:
    """Saved prefixes go, they are made anew when needed; so do damaged files that were set aside a month ago."""
    clear_snapshots(snapshots)
    oldest = (now - timedelta(days=DAMAGED_DAYS)).strftime(_STAMP)
    for file in recovery.set_aside_files(path):
        if file.name.removeprefix(f"{path.stem}.damaged-") < oldest:
            file.unlink(missing_ok=True)


def clear_snapshots(folder: Path | None) -> None:
    """Delete every saved prefix: nobody can tell from a file whose words are in it."""
    for file in folder.glob("*") if folder else ():
        if file.is_file():
            file.unlink(missing_ok=True)


def clear_unfinished(folder: Path) -> None:
    """What a backup that was being cleared left when the program was killed."""
    for left in folder.glob("clearing-*"):
        left.unlink(missing_ok=True)


def indexes(connection: sqlite3.Connection) -> list[str]:
    """The full-text indexes; deleted words linger in their segments."""
    rows = connection.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%fts5%'")
    return [row[0] for row in rows.fetchall()]


def rebuild_indexes(connection: sqlite3.Connection) -> None:
    """Build them anew, without what lingers. Runs within the caller's transaction."""
    for index in indexes(connection):
        connection.execute(f"INSERT INTO {index}({index}) VALUES ('rebuild')")


def _past_in(old: sqlite3.Connection, info: backup.BackupInfo, before: str, still: set[tuple[str, str]]) -> list[int]:
    names = {
        row[0]: (row[1], row[2])
        for row in old.execute(
            "SELECT conversation.id, learner.key, conversation.created_at FROM conversation "
            "JOIN learner ON learner.id = learner_id"
        )
    }
    dated = (each for each, _ in dated_before(old, before, info.made_at) if names.get(each) not in still)
    return past(old, before, info.made_at, dated)


def _record_past(old: sqlite3.Connection, before: str) -> bool:
    found = old.execute(f"SELECT 1 FROM moderation WHERE {_RECORD_PAST} LIMIT 1", (before,))
    return bool(before) and found.fetchone() is not None


def _tables(connection: sqlite3.Connection) -> set[str]:
    return {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
