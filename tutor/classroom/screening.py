"""What a grown-up writes to a learner is looked at by the same checks; they warn, and the person decides.

A check that cannot be made warns too: silence is never taken for a yes.
"""

import threading
from collections.abc import Callable
from typing import Final, Protocol

from tutor.domain import Action, AgeBand, Direction
from tutor.engine import protocol

FINE: Final = "fine"
DOUBTFUL: Final = "doubtful"
UNCHECKED: Final = "unchecked"


class Engine(Protocol):
    """What a look at words needs of the engine's client."""

    def next_id(self) -> int: ...

    def send(self, request: protocol.Screen, /) -> None: ...


class Screening:
    """One look at a time. `told` hears `fine`, `doubtful` or `unchecked` on the thread that hands in the event."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._asked: dict[int, Callable[[str], object]] = {}

    def look(self, text: str, band: AgeBand, told: Callable[[str], object]) -> None:
        """Have words looked at as they would be shown to a learner of this age."""
        number = self._engine.next_id()
        with self._lock:
            self._asked[number] = told
        item = protocol.ScreenItem(text=text, direction=Direction.OUTPUT)
        self._engine.send(protocol.Screen(id=number, items=(item,), age_band=band))

    def give_up(self) -> None:
        """Whoever asked does not wait any longer: their words are unchecked."""
        with self._lock:
            asked, self._asked = self._asked, {}
        for told in asked.values():
            told(UNCHECKED)

    def handle(self, event: object) -> None:
        """An event of the engine, or its end; those of other requests are passed over."""
        if isinstance(event, protocol.Screened | protocol.Failed):
            with self._lock:
                told = self._asked.pop(event.id, None)
            if told is not None:
                told(_found(event))
        elif not isinstance(event, protocol.Event):
            self.give_up()


def _found(event: protocol.Screened | protocol.Failed) -> str:
    if isinstance(event, protocol.Failed) or not event.verdicts:
        return UNCHECKED
    return FINE if all(verdict.action is Action.ALLOW for verdict in event.verdicts) else DOUBTFUL
