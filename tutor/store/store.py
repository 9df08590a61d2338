"""The store: everything that must outlive the program, in one SQLite file with one owner thread."""

import contextlib
import logging
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from tutor.errors import UserError
from tutor.i18n import tr
from tutor.store import backup, connection, recovery, retention
from tutor.store.adapters import Adapters
from tutor.store.asked import AskedAbout
from tutor.store.backup import BackupInfo
from tutor.store.classes import Classes
from tutor.store.conversations import UNDO_DAYS
from tutor.store.corrections import Corrections
from tutor.store.counted import CountedTurns
from tutor.store.credentials import CONTACT, Credentials
from tutor.store.escalations import Escalations
from tutor.store.failures import explained, read_only
from tutor.store.fairness import FairnessRuns
from tutor.store.flags import Flags
from tutor.store.grades import Grades
from tutor.store.guarded import Place
from tutor.store.instance_lock import InstanceLock
from tutor.store.keeping import Retention, Rounds
from tutor.store.learner_locks import LearnerLocks
from tutor.store.lessons import Lessons
from tutor.store.materials import Materials
from tutor.store.memory import CorrectionMemory
from tutor.store.owner import Owner, reads, writes
from tutor.store.passages import Passages
from tutor.store.reports import Reports
from tutor.store.reviews import Reviews
from tutor.store.search import Search
from tutor.store.surveys import Surveys
from tutor.store.transfer import Transfer

if TYPE_CHECKING:
    from tutor.store.lean import Database

_log = logging.getLogger(__name__)


class Store(
    Classes,
    Reports,
    Retention,
    Credentials,
    LearnerLocks,
    Reviews,
    Flags,
    Corrections,
    CorrectionMemory,
    AskedAbout,
    Escalations,
    Grades,
    Surveys,
    CountedTurns,
    FairnessRuns,
    Adapters,
    Lessons,
    Materials,
    Passages,
    Search,
    Transfer,
):
    """All table families on one connection. Methods may be called from any thread; each is committed when it returns.

    They raise `UserError` for what the disk or the file caused (`disk_full`, `disk_error`, `read_only`, `in_use`,
    `damaged`, `closed`) and for what is not there (`not_found`).
    """

    def __init__(self, path: Path | None, backups: Path | None, snapshots: Path | None) -> None:
        """Use `Store.open`."""
        self._owner = Owner()
        self._open_db: Database | None = None
        self._path = path
        self._backups = backups
        self._snapshots = snapshots
        self._lock: InstanceLock | None = None
        self._rounds: Rounds | None = None
        self._clock: Callable[[], float] = time.time
        self._trying = threading.Lock()
        self._not_before: dict[Place, float] = {}
        self._seal = secrets.token_hex(16)

    @classmethod
    def open(
        cls,
        path: Path | None,
        *,
        backups: Path | None = None,
        snapshots: Path | None = None,
        clock: Callable[[], float] = time.time,
    ) -> Self:
        """Open the database file, or an empty one in memory for guests (None).

        Checks the file, refuses a newer or foreign one, backs up before migrating, marks answers that a crash
        interrupted as failed, purges what was deleted long ago. Behind the caller's back it makes the daily backup and
        deletes conversations and the record past the school's periods (`tutor/store/keeping.py`).
        Without a folder for `backups` there are none, also not before migrating.

        Raises `UserError`: `already_open`, `read_only`, `newer_database`, `not_ours`, `disk_full`, ... and
        `DamagedDatabase` (`damaged`), which can restore the newest good backup. In each case nothing was changed.
        """
        store = cls(path, backups, snapshots)
        store._clock = clock
        try:
            if path is not None:
                try:
                    path.parent.mkdir(parents=True, exist_ok=True)
                except OSError as error:
                    raise read_only(str(path.parent)) from error
                store._lock = InstanceLock(recovery.lock_path(path))
            store._owner.run(store._start)
        except BaseException:
            store.close()
            raise
        if backups is not None:
            store._owner.later(store._daily_backup)
            if path is not None:
                store._rounds = Rounds(store)
                store._rounds.start()
        return store

    def close(self) -> None:
        """Wait for what is under way, close the file, let another Tutor open it. May be called twice."""
        if self._rounds is not None:
            self._rounds.end()
            self._rounds = None
        if self._open_db is not None:
            self._owner.run(self._end)
        self._owner.close()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @reads
    def is_set_up(self) -> bool:
        """Whether the first run is complete: contact confirmed, passphrase set, a learner there."""
        contact = self.contact()
        return bool(contact and contact.confirmed_at) and self.has_passphrase() and bool(self.learners())

    # --- backups --------------------------------------------------------------------------------------------------

    def backup(self, reason: str = "asked") -> BackupInfo:
        """Make a backup now. Raises `UserError` (`backup_failed`, `disk_full`); older backups are then kept."""
        return self._owner.run(lambda: self._backup(reason))

    def list_backups(self) -> tuple[BackupInfo, ...]:
        """Newest first."""
        return backup.listed(self._backups) if self._backups else ()

    @reads
    def restore_backup(self, info: BackupInfo) -> None:
        """Put a backup in the place of what is stored, after a backup of that.

        The safeguarding contact's key stays where the backup has none or an older one: what was closed to teachers
        since is not opened again. Learners' PINs stay as they are now. Raises `UserError` (`no_backup`,
        `newer_database`) when the file is not whole or was made by a newer Tutor; then nothing was changed.
        """
        if not backup.is_good(info.path):
            raise UserError(tr("This backup is damaged. Nothing was changed. Choose another one."), code="no_backup")
        self._backup("restore")
        if self._backups is None:
            return  # `_backup` has complained
        with backup.opened(info, self._backups) as copy:
            connection.refuse_foreign(copy)
            connection.make_ready(copy, lambda: None)
            self._take_key_along(copy, CONTACT)
            self._take_pins_along(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, whole in itself
            copy.conn.backup(self._db.conn)
        connection.make_ready(self._db, lambda: None)
        self._tidy()

    # --- inside ---------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        """On the owner thread: see `open`."""
        empty = self._path is not None and self._path.exists() and self._path.stat().st_size == 0
        if empty and self._path and self._backups and backup.newest_good(self._backups):
            raise recovery.DamagedDatabase(self._path, "empty file", backup.newest_good(self._backups))
        db = self._open_db = connection.connect(self._path)
        try:
            connection.check(db)
        except connection.Unreadable as error:
            if self._path is None:
                raise
            raise recovery.DamagedDatabase(self._path, str(error), backup.newest_good(self._backups)) from error
        connection.refuse_foreign(db)
        connection.make_ready(db, lambda: self._backup("migration") if self._backups else None)
        if self._backups is not None:
            backup.clear_unfinished(self._backups)
            retention.clear_unfinished(self._backups)
        try:
            self._tidy()
        except sqlite3.OperationalError as error:
            told = explained(error)
            if told is None or told.code not in ("disk_full", "disk_error"):
                raise
            _log.warning("no room to tidy up; what is stored can be read: %s", error)
        except UserError as error:
            if error.code != "not_found" or self._path is None:
                raise  # a row names another one that is not there: SQLite's own check does not look at that
            raise recovery.DamagedDatabase(self._path, "a row is missing", backup.newest_good(self._backups)) from error

    def _end(self) -> None:
        if self._open_db is not None:
            if self._compact_at_end:
                with contextlib.suppress(sqlite3.Error):  # the next round does it
                    self._compact()
            self._daily_backup()
            self._open_db.close()
            self._open_db = None

    @writes
    def _tidy(self) -> None:
        """What a crash left, and what was deleted long ago. What has an alert not yet seen stays."""
        self._end_interrupted()
        before = (datetime.now(UTC) - timedelta(days=UNDO_DAYS)).isoformat(timespec="milliseconds")
        self._do(
            "DELETE FROM conversation WHERE deleted_at < ? AND NOT EXISTS (SELECT 1 FROM alert JOIN message "
            "ON message.id = alert.message_id WHERE message.conversation_id = conversation.id AND seen_at IS NULL)",
            before,
        )

    def _backup(self, reason: str) -> BackupInfo:
        if self._backups is None:
            raise UserError(tr("There is no folder for backups. Nothing was changed."), code="backup_failed")
        try:
            return backup.make(self._db.conn, self._backups, reason)
        except OSError as error:
            raise UserError(
                tr("The backup could not be written. Your data and older backups are kept. Free some space."),
                code="backup_failed",
            ) from error

    def _daily_backup(self) -> None:
        """When the last one is a day old: at the start, and at the end of the day on which Tutor was set up."""
        try:
            if self._backups is None or self._path is None or not backup.is_due(self._backups):
                return
            if self.learners() and backup.has_room(self._backups, self._path):
                self._backup("daily")
        except (UserError, sqlite3.Error, OSError) as error:
            _log.warning("the daily backup was not made: %s", error)


def stored_settings(path: Path) -> dict[str, Any]:
    """The school's settings for a guest, read beside a Tutor that is open; the defaults where there are none."""
    from tutor.settings import DECLARED, read

    found: dict[str, str] = {}
    if path.exists():
        try:
            source = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=1)
            try:
                found = dict(source.execute("SELECT key, value FROM setting WHERE learner_id IS NULL").fetchall())
            finally:
                source.close()
        except sqlite3.Error as error:
            _log.warning("the stored settings cannot be read, the defaults are used: %s", error)
    return {declared.key: read(declared.key, found.get(declared.key)) for declared in DECLARED}
