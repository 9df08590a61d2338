"""The state of a training on disk: written whole or not at all, and only ever read back by the same training."""

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import msgspec
import torch

from tutor.errors import UserError
from tutor.i18n import tr

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

T = TypeVar("T", bound=msgspec.Struct)
STATE: Final = "state.pt"
_SHARE: Final = 0.05
"""Part of the time that saving may take."""
_LEAST_SECONDS: Final = 4.0


def save(path: Path, state: dict[str, Any]) -> None:
    """Write a state. Raises UserError (code `disk`) when it cannot be written; the one before stays."""
    memory = io.BytesIO()
    torch.save(state, memory)
    write(path, memory.getbuffer())


def write(path: Path, data: "Buffer") -> None:
    """Write a file, whole or not at all, and see it on the disk. Raises UserError (code `disk`)."""
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        if os.name == "posix":
            folder = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise full(path.parent, error) from None


def full(folder: Path, error: OSError) -> UserError:
    """The one message for a disk that takes no more."""
    return UserError(
        tr(
            "The training cannot write to {folder} ({reason}). What was learned until the last save is kept there. "
            "Make room on the disk, then start the training again: it goes on where it was.",
            folder=folder,
            reason=error.strerror or type(error).__name__,
        ),
        code="disk",
    )


def load(path: Path, key: str) -> dict[str, Any] | None:
    """The state saved under the same key; None when there is none, it is of another training, or it is damaged."""
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, ValueError, EOFError, KeyError, AttributeError) as error:
        if not isinstance(error, FileNotFoundError):
            path.unlink(missing_ok=True)
        return None
    return state if isinstance(state, dict) and state.get("key") == key else None


def keep(path: Path, key: str, value: msgspec.Struct) -> None:
    """Keep plain data under a key. Raises UserError (code `disk`)."""
    write(path, msgspec.msgpack.encode((key, value)))


def read(path: Path, key: str, kind: type[T]) -> T | None:
    """What `keep` kept under the same key; None when there is none, it is of another training, or it is damaged."""
    try:
        saved_key, value = msgspec.msgpack.decode(path.read_bytes(), type=tuple[str, kind])  # type: ignore[valid-type]
    except (OSError, msgspec.DecodeError):
        return None
    return value if saved_key == key else None


class Due:
    """Says when to save again: every few seconds, but never so often that it costs more than a twentieth."""

    def __init__(self) -> None:
        self._next = 0.0

    def __call__(self, now: float) -> bool:
        return now >= self._next

    def saved(self, began: float, ended: float) -> None:
        self._next = ended + max(_LEAST_SECONDS, (ended - began) / _SHARE)
