"""What is tried after the engine process died: again, with a smaller context, with nothing special, then no more.

Nothing special: on the processor alone, and without an adapter.
"""

import time
from pathlib import Path
from typing import Final

import msgspec

from tutor.engine.protocol import Load
from tutor.i18n import tr

TRIES: Final = 3
_SMALL_CONTEXT: Final = 2048
_STABLE_SECONDS: Final = 120.0
"""An engine that ran this long has recovered, also when nobody asked it anything."""


class Recovery:
    """Counts deaths since the last answer and changes the `Load` accordingly."""

    def __init__(self, load: Load) -> None:
        self._asked = load
        self._deaths = 0
        self._ready_at: float | None = None
        self._loading_model = False

    def start(self, load: Load) -> None:
        """A person chose what to load: begin counting anew."""
        self.__init__(load)  # type: ignore[misc]

    def use_adapter(self, path: str, sha256: str) -> None:
        """The engine answers with another adapter now; a new process shall do so, too."""
        self._asked = msgspec.structs.replace(self._asked, adapter=path, adapter_sha256=sha256)

    @property
    def load(self) -> Load:
        """What to load now."""
        load = self._asked
        if self._deaths >= 2:
            context = min(load.n_ctx, _SMALL_CONTEXT) if load.n_ctx else _SMALL_CONTEXT
            load = msgspec.structs.replace(load, n_ctx=max(512, context // (2 if load.n_ctx == context else 1)))
        if self._deaths >= 3:
            load = msgspec.structs.replace(load, gpu=False, adapter="", adapter_sha256="")
        return load

    def loading(self, stage: str) -> None:
        self._loading_model = stage == "model"

    def ready(self) -> None:
        self._ready_at, self._loading_model = time.monotonic(), False

    def answered(self) -> None:
        """Something was answered in full: all is well again."""
        self._deaths = 0

    def died(self) -> int:
        """Counts one death; gives the tries that are left (0: give up)."""
        if self._ready_at is not None and time.monotonic() - self._ready_at > _STABLE_SECONDS:
            self._deaths = 0
        self._ready_at = None
        self._deaths += 1
        return TRIES + 1 - self._deaths

    @property
    def plan(self) -> str:
        """What comes next, in words."""
        if self._deaths <= 1:
            return tr("Starting it again…")
        if self._deaths == 2:
            return tr("Starting it again with a shorter memory…")
        if self._asked.adapter:
            return tr("Starting it again on the processor alone and without what it learned from corrections…")
        return tr("Starting it again on the processor alone…")

    def last_words(self) -> str:
        """Why nothing more is tried."""
        if self._loading_model and self._asked.model:
            return tr(
                "The tutor stopped each time it opened the model file {path}. Nothing of yours is lost. The file is "
                "probably damaged or too big for this computer: choose another model.",
                path=Path(self._asked.model),
            )
        return tr(
            "The tutor stopped {n} times in a row and was not started again. Nothing of yours is lost. Restart the "
            "program; if it happens again, choose a smaller model.",
            n=TRIES + 1,
        )
