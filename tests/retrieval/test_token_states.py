"""Token states of the text encoder: those of the encoder itself without changes, others with them."""

import numpy as np
import pytest
import torch

from tutor.retrieval.embedder import DIMENSIONS, Embedder
from tutor.retrieval.token_states import LOWER, TokenStates

TEXT = "tom has 20 pens. how many pens has he?"


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return Embedder.load()


def test_without_changes_they_are_the_encoder_s_own(embedder: Embedder) -> None:
    states, offsets = TokenStates(embedder, {}).encode(TEXT)
    assert states.shape == (len(offsets), 2 * DIMENSIONS) and states.dtype == np.float32
    tokens = embedder.tokenizer([TEXT], return_tensors="pt")
    with torch.inference_mode():
        made = embedder.encoder(**tokens, output_hidden_states=True).hidden_states
    wanted = torch.cat([made[-1], made[LOWER]], -1)[0].numpy()
    likeness = (states * wanted).sum(1) / np.linalg.norm(states, axis=1) / np.linalg.norm(wanted, axis=1)
    assert likeness.min() > 0.995


def test_each_token_says_where_it_stands(embedder: Embedder) -> None:
    _, offsets = TokenStates(embedder, {}).encode(TEXT)
    words = [TEXT[first:end] for first, end in offsets]
    assert words[0] == words[-1] == "" and words[1:5] == ["tom", "has", "20", "pens"]


def test_changes_move_the_states_and_leave_the_encoder_alone(embedder: Embedder) -> None:
    before = embedder.embed([TEXT])
    rng = np.random.default_rng(1)
    change = {"4.attention.self.query": (rng.normal(size=(2, DIMENSIONS)), rng.normal(size=(DIMENSIONS, 2)))}
    changed, _ = TokenStates(embedder, change).encode(TEXT)
    assert not np.allclose(changed, TokenStates(embedder, {}).encode(TEXT)[0], atol=0.05)
    assert np.array_equal(before, embedder.embed([TEXT]))


def test_a_long_text_is_cut(embedder: Embedder) -> None:
    states, _ = TokenStates(embedder, {}).encode("more and more " * 300)
    assert len(states) == 256 and np.isfinite(states).all()
