"""Being asked to stop: by Ctrl+C or SIGTERM in this process, by a file or by the builder's end in one of several."""

import os
import signal
import threading
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

import psutil

from tutor.workshop.stages import BUILDER

SIGNALS = (signal.SIGINT, signal.SIGTERM)
REQUEST = "stop"
"""A file of this name in the results' folder asks all readers to stop."""


class Stopped(KeyboardInterrupt):
    """A training stage ended early, its state saved."""

    def __init__(self, name: str, step: int, steps: int) -> None:
        super().__init__(name, step, steps)
        self.name, self.step, self.steps = name, step, steps


class Stopping:
    """While it is open, Ctrl+C and SIGTERM are noted instead of breaking a step in two."""

    def __init__(self, request: Path | None = None) -> None:
        self.request, self.noted = request, False
        self.builder = int(os.environ.get(BUILDER, "0"))
        self.before: list[Any] = []

    def __enter__(self) -> "Stopping":
        if threading.current_thread() is threading.main_thread():
            self.before = [signal.signal(number, self._note) for number in SIGNALS]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        for number, before in zip(SIGNALS, self.before, strict=False):
            signal.signal(number, before)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.noted = True

    def asked(self) -> bool:
        """Whether this process should stop (in a group, one that says yes stops all)."""
        return (
            self.noted
            or (self.request is not None and self.request.exists())
            or (self.builder > 0 and not psutil.pid_exists(self.builder))
        )
