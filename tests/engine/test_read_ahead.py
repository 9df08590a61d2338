"""After a reply the engine reads on for the next one, and leaves that for any request."""

import threading
from collections.abc import Iterator
from typing import Any, cast

import pytest

from tutor.domain import Outcome, Reply, TutoringState
from tutor.engine.checking import Checker
from tutor.engine.llama import Interrupt
from tutor.engine.protocol import Ask, Embed, Measure, Request, Shutdown, Warm
from tutor.engine.worker import Worker

REPLY = Reply(text="Good.", outcome=Outcome.DONE, state=TutoringState(), in_history=True)


class Wire:
    """Requests that come when they are let."""

    def __init__(self, *requests: Request) -> None:
        self._coming, self.let = requests, threading.Event()

    def requests(self) -> Iterator[Request]:
        assert self.let.wait(10)
        yield from self._coming

    def send(self, _event: object) -> None: ...


class Reading:
    """A model that reads ahead until it is interrupted."""

    def __init__(self, wire: Wire, interrupt: Interrupt) -> None:
        self._wire, self._interrupt, self.ended = wire, interrupt, False

    def read_ahead(self, _ask: Ask, _reply: Reply) -> None:
        self._wire.let.set()
        for _ in range(500):
            if self._interrupt.is_set():
                self.ended = True
                return
            threading.Event().wait(0.01)


@pytest.mark.parametrize("request_", [Ask(id=2, text="more"), Measure(id=2, text="x"), Warm(id=2), Shutdown()])
def test_any_request_for_the_model_ends_it(request_: Request) -> None:
    worker, reading = _worker(request_)
    worker._read_ahead(cast(Any, reading), Ask(id=1, text="hello"), REPLY)
    assert reading.ended


def test_nothing_is_read_ahead_where_somebody_waits() -> None:
    worker, reading = _worker(Embed(id=1, texts=()))
    worker._queue.put(Measure(id=2, text="x"))
    worker._read_ahead(cast(Any, reading), Ask(id=1, text="hello"), REPLY)
    assert not reading.ended and not worker._ahead


def _worker(request_: Request) -> tuple[Worker, Reading]:
    wire = Wire(request_)
    worker = Worker(cast(Any, wire), Checker())
    worker._last_call = lambda: None  # type: ignore[method-assign]  # it would end this process
    threading.Thread(target=worker._read, daemon=True).start()
    return worker, Reading(wire, worker._interrupt)
