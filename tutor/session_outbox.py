"""Ordered delivery of events to listeners, never while a lock of the sender is held."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")
_log = logging.getLogger(__name__)


class Outbox(Generic[T]):
    """Collects events under the owner's lock and hands them out afterwards, in order, one at a time.

    A listener may call the owner again: what that causes is delivered after the event in hand.
    """

    def __init__(self) -> None:
        self._waiting: deque[T] = deque()
        self._delivering = threading.Lock()
        self._listeners: tuple[Callable[[T], None], ...] = ()

    def listen(self, callback: Callable[[T], None]) -> Callable[[], None]:
        """Call `callback` with every later event. Returns the function that ends it."""
        self._listeners = (*self._listeners, callback)

        def end() -> None:
            self._listeners = tuple(known for known in self._listeners if known is not callback)

        return end

    def put(self, event: T) -> None:
        self._waiting.append(event)

    def deliver(self) -> None:
        """Hand out what waits. When another thread is at it already, that thread hands out ours too."""
        while self._waiting:
            if not self._delivering.acquire(blocking=False):
                return
            try:
                while self._waiting:
                    event = self._waiting.popleft()
                    for callback in self._listeners:
                        _call(callback, event)
            finally:
                self._delivering.release()


def _call(callback: Callable[[T], None], event: T) -> None:
    """One listener's mistake (a window that is gone) must not end the thread that reads the engine's answers."""
    try:
        callback(event)
    except Exception as error:  # noqa: BLE001 - the boundary to viewers; the event's words never reach the log
        _log.error("a listener failed over %s: %s", type(event).__name__, place_of(error))


def place_of(error: BaseException) -> str:
    """Kind and place of an error for the log; not its text, which may hold a learner's words."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else "?"
    return f"{type(error).__name__} at {where}"
