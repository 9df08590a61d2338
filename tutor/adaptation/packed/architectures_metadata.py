"""A model's numbers from its GGUF metadata, checked as they are read, and the refusals of what cannot be trained."""

import math
from pathlib import Path
from typing import Any

from tutor.engine import gguf_file
from tutor.engine.gguf_file import Header
from tutor.errors import UserError
from tutor.i18n import tr


def refused(path: Path, reason: str) -> UserError:
    """The one error for a model that is sound, but of a make that training does not know (code `architecture`)."""
    return UserError(
        tr(
            "The model {name} cannot be trained: {reason}. Nothing was changed; it can still be used as it is. Choose "
            "another model.",
            name=path.name,
            reason=reason,
        ),
        code="architecture",
    )


class Metadata:
    """Values under the architecture's prefix. Where a list of equal numbers stands for one number, it is one.

    Raises UserError: code `model_broken` for a value that is missing or of the wrong kind, `architecture` where layers
    differ in a number that they must share.
    """

    def __init__(self, header: Header) -> None:
        self.header = header
        self._prefix = header.architecture + "."

    def __contains__(self, name: str) -> bool:
        return self._prefix + name in self.header.metadata

    def whole(self, name: str, default: int | None = None) -> int:
        value = self._value(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1 << 31:
            raise self._broken(name)
        return value

    def real(self, name: str, default: float | None = None) -> float:
        value = self._value(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self._broken(name)
        return float(value)

    def text(self, name: str, default: str) -> str:
        value = self._value(name, default)
        if not isinstance(value, str):
            raise self._broken(name)
        return value

    def true(self, name: str, *, default: bool) -> bool:
        value = self._value(name, default)
        if not isinstance(value, bool):
            raise self._broken(name)
        return value

    def _value(self, name: str, default: Any) -> Any:
        value = self.header.metadata.get(self._prefix + name, default)
        if not isinstance(value, list):
            if value is None:
                raise self._broken(name)
            return value
        if not value:
            raise self._broken(name)
        if any(one != value[0] for one in value):
            raise refused(self.header.path, tr("its layers differ in {name}", name=name))
        return value[0]

    def _broken(self, name: str) -> UserError:
        return gguf_file.broken(self.header.path, tr("it does not say its {name}", name=name))
