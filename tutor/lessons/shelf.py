"""The files of materials as they came, known by their checksum, so that a lesson can be passed on with them."""

import hashlib
import os
import re
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import Final

from tutor.errors import UserError
from tutor.i18n import tr

_SHA256: Final = re.compile(r"^[0-9a-f]{64}$")


class Shelf:
    """A folder with one file for each material, named by nothing but its checksum."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, data: bytes) -> str:
        """Keep a file; gives its SHA-256. Raises UserError (`disk_full`)."""
        sha256 = hashlib.sha256(data).hexdigest()
        target = self._folder / sha256
        if target.is_file():
            return sha256
        temporary = ""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._folder, prefix=".", suffix=".part", delete=False) as file:
                temporary = file.name
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(target)
        except OSError as error:
            if temporary:
                Path(temporary).unlink(missing_ok=True)
            raise UserError(
                tr("The material could not be kept. Nothing was changed. Free some space, and try again."),
                code="disk_full",
            ) from error
        return sha256

    def holds(self, sha256: str) -> bool:
        """Whether there is a file for this checksum, which `get` may still find damaged."""
        return bool(_SHA256.match(sha256)) and (self._folder / sha256).is_file()

    def get(self, sha256: str) -> bytes | None:
        """The file with this checksum; None when it is not here or is not whole any more."""
        if not _SHA256.match(sha256):
            return None
        try:
            data = (self._folder / sha256).read_bytes()
        except OSError:
            return None
        return data if hashlib.sha256(data).hexdigest() == sha256 else None

    def keep_only(self, wanted: Collection[str]) -> None:
        """Let the files go that nothing names any more, and what a crash left."""
        for path in self._folder.glob("*"):
            if path.is_file() and path.name not in wanted:
                path.unlink(missing_ok=True)
