"""Pause, resume and stop, asked for by one thread and honoured by another between two steps."""

import threading
from collections.abc import Callable


class Stopped(Exception):
    """The job was asked to end."""


class Control:
    """What was asked for. `wait` is called by whoever works; the rest by whoever listens."""

    def __init__(self) -> None:
        self._go = threading.Event()
        self._go.set()
        self._stopping = threading.Event()
        self._on_stop: list[Callable[[], None]] = []

    @property
    def paused(self) -> bool:
        return not self._go.is_set()

    @property
    def stopping(self) -> bool:
        return self._stopping.is_set()

    def pause(self) -> None:
        if not self.stopping:
            self._go.clear()

    def resume(self) -> None:
        self._go.set()

    def stop(self) -> None:
        """End the job; also one that holds still."""
        self._stopping.set()
        for call in self._on_stop:
            call()
        self._go.set()

    def on_stop(self, call: Callable[[], None]) -> None:
        """`call` interrupts work that cannot look by itself; it may come from another thread."""
        self._on_stop.append(call)
        if self.stopping:
            call()

    def wait(self) -> None:
        """Returns at once, or when a pause is over. Raises Stopped."""
        self._go.wait()
        if self.stopping:
            raise Stopped
