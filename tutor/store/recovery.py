"""A damaged data file: nothing is touched until a person chooses; the file itself is always kept."""

import contextlib
import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tutor.errors import UserError
from tutor.i18n import tr
from tutor.store import backup
from tutor.store.backup import BackupInfo
from tutor.store.credentials import CONTACT, put_key
from tutor.store.instance_lock import InstanceLock


class DamagedDatabase(UserError):
    """Raised by `Store.open`. `restore()` or `start_new()`, then open again; without either all stays as it is."""

    def __init__(self, path: Path, found: str, newest: BackupInfo | None) -> None:
        self.path = path
        self.found = found
        """SQLite's own words."""
        self.backup = newest
        """The newest backup that passed its integrity check."""
        super().__init__(_message(path, newest), code="damaged")

    def restore(self) -> Path:
        """Set the damaged file aside and put the backup in its place. Returns where the damaged file is kept now.

        The safeguarding contact's own key comes along where the damaged file still gives it.
        Raises `UserError` (`no_backup`, `already_open`, `disk_error`).
        """
        if self.backup is None:
            raise UserError(
                tr("There is no good backup. The damaged file is kept. Start anew, or copy a backup of your own here."),
                code="no_backup",
            )
        return self._replace_by(self.backup.path)

    def start_new(self) -> Path:
        """Set the damaged file aside, so that the next `Store.open` begins an empty one."""
        return self._replace_by(None)

    def _replace_by(self, good: Path | None) -> Path:
        lock = InstanceLock(lock_path(self.path))
        try:
            copied = self.path.with_name(self.path.name + ".part")
            if good is not None:
                copied.touch(mode=0o600)
                shutil.copyfile(good, copied)
                _carry_key(self.path, copied)
            aside = set_aside(self.path)
            if good is not None:
                backup.put(copied, self.path)
            return aside
        except OSError as error:
            raise UserError(
                tr(
                    "The backup could not be put in place. The damaged file and all backups are kept. "
                    "Check that the disk is not full, then try again."
                ),
                code="disk_error",
            ) from error
        finally:
            lock.release()


def _carry_key(damaged: Path, copied: Path) -> None:
    """The contact's key from the damaged file into the copy, where it can still be read and is the newer one.

    Otherwise an older backup without it would leave the record to the teacher's passphrase.
    """
    key = _key_in(damaged, "mode=ro") or _key_in(damaged, "immutable=1")  # the second: without its -shm file
    if key is None:
        return  # none, or too damaged for that; the message says what to look at
    with contextlib.closing(sqlite3.connect(copied)) as new, contextlib.suppress(sqlite3.Error), new:
        put_key(new, key)


def _key_in(damaged: Path, how: str) -> dict[str, Any] | None:
    try:
        with contextlib.closing(sqlite3.connect(f"{damaged.absolute().as_uri()}?{how}", uri=True)) as file:
            file.row_factory = sqlite3.Row
            row = file.execute("SELECT * FROM credential WHERE role = ?", (CONTACT,)).fetchone()
            return dict(row) if row is not None else None
    except sqlite3.Error:
        return None


def lock_path(path: Path) -> Path:
    return path.with_name(path.name + ".lock")


def set_aside(path: Path) -> Path:
    """Rename the database with its companions. Returns the new name."""
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    aside = path.with_name(f"{path.stem}.damaged-{stamp}{path.suffix}")
    for companion in ("-wal", "-shm", ""):
        old = path.with_name(path.name + companion)
        if old.exists():
            old.rename(aside.with_name(aside.name + companion))
    return aside


def set_aside_files(path: Path) -> list[Path]:
    """Everything that was set aside from this database."""
    return sorted(path.parent.glob(f"{path.stem}.damaged-*"))


def _message(path: Path, newest: BackupInfo | None) -> str:
    if newest is None:
        return tr(
            "Tutor's data file {file} is damaged and there is no good backup. Nothing was changed. Start anew (the "
            "damaged file is kept beside it), or put a backup of your own in its place.",
            file=path,
        )
    return tr(
        "Tutor's data file {file} is damaged. Nothing was changed. The newest good backup is from {when} (UTC): "
        "restore it, or start anew. The damaged file is kept either way. Then the safeguarding contact should look "
        "whether their own key is still asked for, and set it again where it is not.",
        file=path,
        when=newest.made_at[:16].replace("T", " "),
    )
