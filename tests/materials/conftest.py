"""A desk with a real store, a shelf, and an engine that encodes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from encoding_engine import EncodingEngine

from tutor.classroom.materials import MaterialsDesk
from tutor.lessons.shelf import Shelf
from tutor.retrieval.embedder import Embedder
from tutor.store import Store


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    return Embedder.load()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "tutor.db") as opened:
        yield opened


@pytest.fixture
def engine(embedder: Embedder) -> Iterator[EncodingEngine]:
    made = EncodingEngine(embedder)
    yield made
    made.close()


@pytest.fixture
def desk(store: Store, engine: EncodingEngine, tmp_path: Path) -> Iterator[MaterialsDesk]:
    made = MaterialsDesk(store, engine, Shelf(tmp_path / "materials"))
    engine.tell = made.hear
    yield made
    made.close()
