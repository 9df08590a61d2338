"""The encoder loads by path without network and gives rows of length 1 in which like lies near like."""

import subprocess
import sys
import time

import numpy as np
import pytest

from tutor.errors import UserError
from tutor.retrieval import embedder
from tutor.retrieval.embedder import DIMENSIONS, Embedder


@pytest.fixture(scope="module")
def loaded() -> Embedder:
    return Embedder.load()


def test_rows_are_normalised_single_precision(loaded: Embedder) -> None:
    rows = loaded.embed(["three quarters", "hello there", ""])
    assert rows.dtype == np.float32
    assert rows.shape == (3, DIMENSIONS)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-4)
    assert loaded.embed([]).shape == (0, DIMENSIONS)


def test_like_texts_lie_nearer_than_unlike_ones(loaded: Embedder) -> None:
    stuck, lost, cake = loaded.embed(
        ["I am stuck on this problem", "I can't work this question out", "my favourite cake is chocolate"]
    )
    assert stuck @ lost > stuck @ cake + 0.2


def test_any_text_can_be_encoded(loaded: Embedder) -> None:
    rows = loaded.embed(["x" * 1_000_000, "\x00\x01", "😀" * 5000, "\u202e" * 100])
    assert np.isfinite(rows).all()


@pytest.mark.parametrize("text", ["", "hi", "How do I work out 25% of 60?", "one more time, " * 300])
def test_one_text_alone_is_encoded_as_among_others(loaded: Embedder, text: str) -> None:
    assert loaded.embed([text])[0] @ loaded.embed([text, "another"])[0] > 0.999


def test_a_short_text_costs_milliseconds(loaded: Embedder) -> None:
    loaded.embed(["warm"])
    times = []
    for _ in range(8):
        started = time.perf_counter()
        loaded.embed(["can you give me a hint please"])
        times.append(time.perf_counter() - started)
    assert min(times) < 0.2


def test_the_heavy_packages_are_imported_only_by_load() -> None:
    code = (
        "import sys, tutor.retrieval.embedder; print('torch' in sys.modules or 'sentence_transformers' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "False"


def test_a_missing_package_is_said_in_plain_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedder, "_PACKAGE", "no_such_package_for_this_test")
    with pytest.raises(UserError, match="by rules alone") as error:
        Embedder.load()
    assert error.value.code == "no_embedder"
