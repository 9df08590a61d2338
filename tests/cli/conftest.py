"""A learner's session in memory, over an engine that says what a test wants."""

from collections.abc import Iterator

import pytest
from saying_engine import SayingEngine

from tutor.domain import AgeBand
from tutor.session import Session
from tutor.session_events import EngineState
from tutor.store import Store


@pytest.fixture
def engine() -> SayingEngine:
    return SayingEngine()


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open(None) as opened:
        opened.set_contact("Ms Reed", "room 4", confirmed=True)
        opened.add_learner("Amira", "owl", AgeBand.A8_10, "en-GB")
        yield opened


@pytest.fixture
def session(engine: SayingEngine, store: Store) -> Session:
    made = Session(store, engine, store.learners()[0])
    engine.hear = made.handle
    made.engine_changed(EngineState(state="ready"))
    return made
