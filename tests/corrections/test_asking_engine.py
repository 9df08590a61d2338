"""The whole way of a second sample: session, engine process, model, and the question whether it was right."""

import queue
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from engine_talk import QUICK
from played_engine import READY

from tutor.bench import shapes
from tutor.domain import Learner
from tutor.engine.client import EngineClient, EngineDied, EngineGone
from tutor.engine.protocol import Event, Load, Ready
from tutor.session import Session
from tutor.session_events import AskedAbout, Finished, SessionEvent
from tutor.store import Store

LINES = ("It opened in 1887 and many people came.", "Nobody came in 1931 to see it.")


class Asked:
    """A session on a real engine process whose model has two opinions."""

    def __init__(self, store: Store, learner: Learner, model: Path) -> None:
        self.heard: queue.Queue[SessionEvent] = queue.Queue()
        self.ready: queue.Queue[Ready] = queue.Queue()
        self.client = EngineClient(Load(model=str(model), safety=".", gpu=False, threads=1), self._event, command=QUICK)
        self.session = Session(store, self.client, learner)
        self.session.listen(self.heard.put)
        self.client.start()
        self.ready.get(timeout=60)
        self.session.engine_changed(READY)

    def _event(self, event: Event | EngineDied | EngineGone) -> None:
        if isinstance(event, Ready):
            self.ready.put(event)
        elif not isinstance(event, EngineDied | EngineGone):
            self.session.handle(event)

    def wait(self, kind: type[SessionEvent], seconds: float) -> SessionEvent | None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                event = self.heard.get(timeout=left)
            except queue.Empty:
                return None
            if isinstance(event, kind):
                return event
        return None


@pytest.fixture
def asked(store: Store, learner: Learner, tmp_path: Path) -> Iterator[Asked]:
    made = Asked(store, learner, shapes.speaking_model(tmp_path / "guessing.gguf", LINES))
    yield made
    made.client.close()


def test_an_answer_that_would_be_another_the_next_time_is_asked_about(asked: Asked, store: Store) -> None:
    for seed in range(12):
        store.set_setting("seed", seed)
        asked.session.new()
        asked.session.ask("When did the old bridge open?")
        assert asked.wait(Finished, 60) is not None
        told = asked.wait(AskedAbout, 3)
        if told is not None:
            break
    assert isinstance(told, AskedAbout) and told.asked.reason == "disagreeing"
    message = store.message(told.message_id)
    second = next(line for line in LINES if line != message.text)
    every = [m.text for c in store.conversations(asked.session.learner.id) for m in store.path(c.id)]
    assert store.asked_about() == (told.asked,) and message.text in LINES
    assert asked.session.messages()[-1].text == message.text != second
    assert all(text in (*LINES, "When did the old bridge open?") for text in every)
