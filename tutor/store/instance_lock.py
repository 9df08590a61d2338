"""One Tutor on one data folder: a lock that the system takes away when the process ends, however it ends."""

import errno
import os
import sys
from pathlib import Path
from typing import Final

from tutor.errors import UserError
from tutor.i18n import tr
from tutor.store.failures import read_only

_NO_LOCKS: Final = (errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS)
"""A network folder without locks: SQLite's own locking still keeps the file whole."""


class InstanceLock:
    """Held from construction to `release`. Raises `UserError` (`already_open`, `read_only`)."""

    def __init__(self, path: Path) -> None:
        try:
            self._file: int | None = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise read_only(str(path.parent)) from error
        try:
            _lock(self._file)
        except OSError as error:
            if error.errno in _NO_LOCKS:
                return
            self.release()
            raise UserError(
                tr(
                    "Tutor is already open on this computer with this data folder. Nothing was changed. "
                    "Go on in the window that is open, or close it first."
                ),
                code="already_open",
            ) from error

    def release(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
