"""A real database file in a temporary folder, and a learner in it."""

import multiprocessing
from collections.abc import Iterator
from pathlib import Path

import pytest

from tutor.domain import AgeBand, Learner
from tutor.store import Store

# processes that tests kill start from one that has imported this already: fifty of them in seconds
multiprocessing.set_forkserver_preload(["tutor.store"])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "tutor.db"


@pytest.fixture
def backups(tmp_path: Path) -> Path:
    return tmp_path / "data" / "backups"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store.open(path) as opened:
        yield opened


@pytest.fixture
def learner(store: Store) -> Learner:
    return store.add_learner("Learner", "fox", AgeBand.A8_10, "en-GB")
