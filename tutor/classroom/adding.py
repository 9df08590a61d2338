"""One material on its way in: what it is, how far it is, how it ended."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from tutor.domain import Material
from tutor.errors import UserError
from tutor.frozen import Frozen

if TYPE_CHECKING:
    from tutor.materials.reading import Reading


class Step(Frozen):
    """How far an adding is."""

    stage: str
    """waiting | reading | encoding | done | failed | cancelled"""
    n: int = 0
    m: int = 0
    """`n` of `m` pages or passages; 0: not known."""
    words_only: bool = False
    """done, but passages are found by words alone until the engine can encode."""
    unread_pages: int = 0
    """Pages that are pictures; known from `encoding` on."""
    error: UserError | None = None
    """failed: what to tell."""

    @property
    def over(self) -> bool:
        return self.stage in ("done", "failed", "cancelled")


class Adding:
    """One text being added. May be looked at and cancelled from any thread."""

    def __init__(
        self, name: str, load: Callable[[], bytes], title: str, licence: str, told: Callable[["Adding"], None] | None
    ) -> None:
        """`load` gives the file's bytes; `told` hears of every step on the desk's thread."""
        self.name, self.title, self.licence = name, title, licence
        self.load = load
        self.step = Step(stage="waiting")
        self.material: Material | None = None
        """For the lesson's draft, as soon as its passages are stored."""
        self.cancelled = False
        self._told = told
        self._reading: Reading | None = None
        self._lock = threading.Lock()
        self._over = threading.Event()

    def cancel(self) -> None:
        """Stop; what was stored of it is taken away unless a lesson names it."""
        with self._lock:
            self.cancelled = True
            reading = self._reading
        if reading is not None:
            reading.cancel()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the end; False when it is not over after so many seconds."""
        return self._over.wait(seconds)

    # --- for the desk -----------------------------------------------------------------------------------------------

    def reads(self, reading: "Reading | None") -> None:
        """Which process reads it now."""
        with self._lock:
            self._reading = reading
            if reading is not None and self.cancelled:
                reading.cancel()

    def tell(self, step: Step) -> None:
        self.step = step
        if self._told is not None:
            self._told(self)
        if step.over:
            self._over.set()
