"""Ordered delivery of events to listeners, never while a lock of the sender is held."""

import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


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
                        callback(event)
            finally:
                self._delivering.release()
