"""A stored learner with a confirmed contact, and a queue on an engine played by the test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from played_engine import READY, FakeEngine, Heard

from tutor.domain import AgeBand, Learner
from tutor.session import Session
from tutor.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "tutor.db") as opened:
        opened.set_contact("The head of year", "room 12", confirmed=True)
        yield opened


@pytest.fixture
def learner(store: Store) -> Learner:
    return store.add_learner("Amira Khan", "fox", AgeBand.A11_13, "en-GB")


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def session(store: Store, engine: FakeEngine, learner: Learner) -> Session:
    made = Session(store, engine, learner)
    made.engine_changed(READY)
    return made


@pytest.fixture
def heard(session: Session) -> Heard:
    return Heard(session)
