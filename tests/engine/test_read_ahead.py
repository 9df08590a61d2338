"""After a reply the engine reads on for the next one, and leaves that for any request."""

import threading
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest

from tutor.domain import Outcome, Reply, TutoringState
from tutor.engine.checking import Checker
from tutor.engine.llama import Interrupt
from tutor.engine.protocol import Ask, Measure, Request, Shutdown, Warm
from tutor.engine.worker import Worker

HELLO = Ask(id=1, text="hello"), Reply(text="Good.", outcome=Outcome.DONE, state=TutoringState(), in_history=True)


class Wire:
    """Requests that come when they are let."""

    def __init__(self, *requests: Request) -> None:
        self._coming, self.let, self.sent = requests, threading.Event(), list[object]()

    def requests(self) -> Iterator[Request]:
        self.let.wait(10)
        yield from self._coming

    def send(self, event: object) -> None:
        self.sent.append(event)


class Reading:
    """A model that reads ahead until it is interrupted."""

    def __init__(self, wire: Wire, interrupt: Interrupt) -> None:
        self._wire, self._interrupt, self.ended, self.asked = wire, interrupt, False, 0
        self.model = self

    def read_ahead(self, _ask: Ask, _reply: Reply) -> None:
        self.asked += 1
        self._wire.let.set()
        for _ in range(500):
            if self._interrupt.is_set():
                self.ended = True
                return
            threading.Event().wait(0.01)

    def cut(self, length: int) -> None:
        self.left = length


@pytest.fixture
def engine() -> Iterator[Callable[..., tuple[Worker, Reading, Wire]]]:
    wires = []

    def made(*requests: Request) -> tuple[Worker, Reading, Wire]:
        wire = Wire(*requests)
        wires.append(wire)
        worker = Worker(cast(Any, wire), Checker())
        worker._last_call = lambda: None  # type: ignore[method-assign]  # it would end this process
        reading = Reading(wire, worker._interrupt)
        worker._loaded, worker._answered = cast(Any, reading), HELLO
        threading.Thread(target=worker._read, daemon=True).start()
        return worker, reading, wire

    yield made
    for wire in wires:
        wire.let.set()


@pytest.mark.parametrize("request_", [Ask(id=2, text="more"), Measure(id=2, text="x"), Warm(id=2), Shutdown()])
def test_any_request_for_the_model_ends_it(engine: Callable[..., Any], request_: Request) -> None:
    worker, reading, _ = engine(request_)
    worker._read_ahead()
    assert reading.ended


def test_nothing_is_read_ahead_where_somebody_waits_or_nothing_was_answered(engine: Callable[..., Any]) -> None:
    worker, reading, _ = engine()
    worker._queue.put(Measure(id=2, text="x"))
    worker._read_ahead()
    assert not reading.asked and not worker._ahead
    worker._queue.get()
    worker._answered = None
    worker._read_ahead()
    assert not reading.asked


def test_what_goes_wrong_in_it_is_nobodys_failure(
    engine: Callable[..., Any], capfd: pytest.CaptureFixture[str]
) -> None:
    worker, reading, wire = engine()

    def fails(_ask: Ask, _reply: Reply) -> None:
        raise ValueError("a secret")

    reading.read_ahead = fails
    worker._read_ahead()
    assert not wire.sent and reading.left == 0
    worker._read_ahead()
    assert "reading ahead" in (said := capfd.readouterr().err) and "secret" not in said
