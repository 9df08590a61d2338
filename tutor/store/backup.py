"""Rotating backups by SQLite's backup API: temporary file, integrity check, then put in place at once."""

import contextlib
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from tutor.domain import Frozen
from tutor.store import connection
from tutor.store.lean import Database

KEPT: Final = {"daily": 7, "migration": 3, "restore": 3, "asked": 5}
"""How many backups of each reason stay; the oldest go."""
SPARE: Final = 16 * 1024 * 1024
_NAME: Final = re.compile(r"tutor-(\d{8}-\d{6}-\d{6})-([a-z]+)\.db")
_STAMP: Final = "%Y%m%d-%H%M%S-%f"


class BackupInfo(Frozen):
    """One backup file."""

    path: Path
    made_at: str
    """UTC, ISO 8601."""
    size: int
    """Bytes."""
    reason: str
    """daily | migration (before one) | restore (before one) | asked (by a person)"""


def make(source: sqlite3.Connection, folder: Path, reason: str) -> BackupInfo:
    """Copy the whole database, check the copy, put it in place, and let the oldest ones go.

    Raises `sqlite3.Error` or OSError; then no backup was added and none was removed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made_at = datetime.now(UTC)
    final = folder / f"tutor-{made_at.strftime(_STAMP)}-{reason}.db"
    temporary = final.with_suffix(".part")
    try:
        temporary.touch(mode=0o600)
        with contextlib.closing(sqlite3.connect(temporary)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, whole in itself
            verify(copy)
        put(temporary, final)
    finally:
        temporary.unlink(missing_ok=True)
    for old in [info for info in listed(folder) if info.reason == reason][KEPT[reason] :]:
        old.path.unlink(missing_ok=True)
    return BackupInfo(path=final, made_at=made_at.isoformat(), size=final.stat().st_size, reason=reason)


@contextlib.contextmanager
def opened(info: BackupInfo, folder: Path) -> Iterator[Database]:
    """A copy of a backup to be changed before it is put in place of what is stored; it is gone afterwards."""
    temporary = folder / "tutor-restore.part"
    clear_unfinished(folder)
    try:
        shutil.copyfile(info.path, temporary)
        temporary.chmod(0o600)
        with contextlib.closing(connection.connect(temporary)) as db:
            yield db
    finally:
        clear_unfinished(folder)


def listed(folder: Path) -> tuple[BackupInfo, ...]:
    """All backups, newest first."""
    found = []
    for path in folder.glob("tutor-*.db"):
        if match := _NAME.fullmatch(path.name):
            made_at = datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC)
            size = path.stat().st_size
            found.append(BackupInfo(path=path, made_at=made_at.isoformat(), size=size, reason=match[2]))
    return tuple(sorted(found, key=lambda info: info.made_at, reverse=True))


def newest_good(folder: Path | None) -> BackupInfo | None:
    """The newest backup that passes a full integrity check."""
    return next((info for info in listed(folder) if is_good(info.path)), None) if folder else None


def clear_unfinished(folder: Path) -> None:
    """Delete what a backup that was killed halfway left behind; it holds learners' words."""
    for path in folder.glob("tutor-*.part*"):
        path.unlink(missing_ok=True)


def is_good(path: Path) -> bool:
    """Whether this file is a whole database."""
    try:
        with contextlib.closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as copy:
            verify(copy)
            return bool(copy.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
    except sqlite3.Error:
        return False


def is_due(folder: Path, every: timedelta = timedelta(days=1)) -> bool:
    """Whether the newest daily backup is older than `every`."""
    newest = next((info for info in listed(folder) if info.reason == "daily"), None)
    return newest is None or datetime.now(UTC) - datetime.fromisoformat(newest.made_at) >= every


def has_room(folder: Path, database: Path) -> bool:
    """Whether a backup leaves room for the work itself: a backup must never be what fills the disk."""
    folder.mkdir(parents=True, exist_ok=True)
    return shutil.disk_usage(folder).free > 3 * database.stat().st_size + SPARE


def verify(copy: sqlite3.Connection) -> None:
    """Raises `sqlite3.DatabaseError` unless SQLite's full integrity check passes."""
    found = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise sqlite3.DatabaseError(f"integrity check: {found}")


def put(temporary: Path, final: Path) -> None:
    """Replace `final` by a finished file, safely against a power cut."""
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())
    temporary.replace(final)
    if os.name == "posix":
        folder = os.open(final.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
