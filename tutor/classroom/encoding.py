"""Texts to vectors by the engine, from a thread that may wait; learners' answers go first."""

import threading
import time
from collections.abc import Callable
from typing import Final, Protocol

from tutor.engine import protocol

_TRIES: Final = 3
_MAY_PASS: Final = ("engine_died", "no_embedder")
"""Failures after which it is tried again: a new process starts; the encoder, loaded last, was waited for in vain."""
_PATIENCE: Final = 120.0
"""Seconds for a batch; an engine that loads a big model takes that long."""
_STAND_BACK: Final = 10.0
"""Seconds that encoding waits for an answer to end; then one batch goes all the same."""
_LOOK: Final = 0.05


class Engine(Protocol):
    """What this needs of the engine's client."""

    def next_id(self) -> int: ...

    def send(self, request: protocol.Embed, /) -> None: ...


class Encoder:
    """One batch at a time. `handle` is called with the engine's events on another thread."""

    def __init__(self, engine: Engine, busy: Callable[[], bool]) -> None:
        self._engine, self._busy = engine, busy
        self._changed = threading.Condition()
        self._waiting: dict[int, protocol.Embedded | protocol.Failed | None] = {}
        self._gave_up = self._closing = False

    def vectors(
        self, texts: tuple[str, ...], *, patience: float = _PATIENCE, stands_back: bool = False
    ) -> tuple[bytes, ...] | None:
        """One row a text; None when the engine cannot encode now. Blocks at most about `patience` seconds."""
        for _ in range(_TRIES):
            if self._gave_up or self._closing or (stands_back and not self._stood_back()):
                return None
            event = self._ask(texts, patience)
            if isinstance(event, protocol.Embedded) and len(event.vectors) == len(texts):
                return event.vectors
            if not (isinstance(event, protocol.Failed) and event.code in _MAY_PASS):
                break
        self._gave_up = not self._closing
        return None

    def handle(self, event: protocol.Event) -> bool:
        if not isinstance(event, protocol.Embedded | protocol.Failed):
            return False
        with self._changed:
            if event.id not in self._waiting:
                return False
            self._waiting[event.id] = event
            self._changed.notify_all()
        return True

    def engine_ended(self) -> None:
        """Whatever was asked is not answered any more."""
        with self._changed:
            self._waiting.clear()
            self._changed.notify_all()

    def renew(self) -> None:
        """An engine is ready; it may be able to encode where another one was not."""
        self._gave_up = False

    def close(self) -> None:
        self._closing = True
        self.engine_ended()

    def _ask(self, texts: tuple[str, ...], patience: float) -> protocol.Embedded | protocol.Failed | None:
        request = self._engine.next_id()
        with self._changed:
            self._waiting[request] = None
        self._engine.send(protocol.Embed(id=request, texts=texts))
        with self._changed:
            self._changed.wait_for(
                lambda: self._closing or request not in self._waiting or self._waiting[request] is not None, patience
            )
            return self._waiting.pop(request, None)

    def _stood_back(self) -> bool:
        """Wait while a learner's answer is under way; False when the program ends meanwhile."""
        until = time.monotonic() + _STAND_BACK
        while self._busy() and time.monotonic() < until and not self._closing:
            time.sleep(_LOOK)
        return not self._closing
