"""Tiny models, and an engine process with its client, for the engine's tests."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from engine_talk import Talk

from tutor.bench import shapes
from tutor.engine import gguf_file
from tutor.engine.llama import Interrupt, Model
from tutor.engine.protocol import Load, Ready
from tutor.engine.template import Template

LINES = (
    "Good try. What would you do first? Tell me your idea.",
    "Let us think. Which part is new to you? Show me a step.",
)


@pytest.fixture(scope="session")
def speaking(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model file that says one of `LINES`."""
    return shapes.speaking_model(tmp_path_factory.mktemp("models") / "speaking.gguf", LINES)


@pytest.fixture(scope="session")
def heavy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that is slow enough to be stopped in the middle (110 million random weights)."""
    path = tmp_path_factory.mktemp("models") / "heavy.gguf"
    words = shapes.vocabulary([" the", " number", "the"], 500)
    return shapes.random_model(path, shapes.Shape(1024, 12, 16, 4, 4096, 8192), words)


@pytest.fixture
def open_model() -> Iterator[Callable[..., tuple[Model, Template]]]:
    """Opens model files in this process and closes them afterwards."""
    opened = []

    def open_it(path: Path, n_ctx: int = 1024, interrupt: Interrupt | None = None) -> tuple[Model, Template]:
        header = gguf_file.read(path)
        model = Model(header, n_ctx=n_ctx, gpu=False, threads=1, interrupt=interrupt)
        opened.append(model)
        source = header.text("tokenizer.chat_template")
        return model, Template(source, path=path, bos=model.text_of("bos"), eos=model.text_of("eos"))

    yield open_it
    for model in opened:
        model.close()


@pytest.fixture
def talk(speaking: Path, tmp_path: Path) -> Iterator[Talk]:
    """A ready engine with the speaking model."""
    talking = Talk(Load(model=str(speaking), safety=".", snapshots=str(tmp_path / "snapshots"), gpu=False, threads=1))
    talking.wait(Ready)
    yield talking
    talking.client.close()
