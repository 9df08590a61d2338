"""The plain twin says what llama.cpp says, and with one thing wrong it does not: the parity tests can tell."""

from collections.abc import Callable
from dataclasses import replace

import llama_running
import pytest
import tiny_ggufs
import torch
from packed_files import Array, Files, apart, llama_logits, same_top
from plain_twin import logits, weights

from tutor.adaptation.packed import architectures
from tutor.adaptation.packed.mapped import MappedFile
from tutor.adaptation.packed.shape import Rope, Shape

Change = Callable[[Shape], Shape]


def turning(change: Callable[[Rope], Rope | None]) -> Change:
    """Every layer's rope changed."""

    def changed(shape: Shape) -> Shape:
        layers = (replace(layer, rope=change(layer.rope) if layer.rope else None) for layer in shape.layers)
        return replace(shape, layers=tuple(layers))

    return changed


def with_fields(**fields: object) -> Change:
    return lambda shape: replace(shape, **fields)


no_rope = turning(lambda _rope: None)
other_pairs = turning(lambda rope: replace(rope, neox=not rope.neox))
evenly = turning(lambda rope: replace(rope, frequencies=tuple(f * 1.3 for f in rope.frequencies)))
weaker = turning(lambda rope: replace(rope, magnitude=1.0))
WRONG: dict[str, dict[str, Change]] = {
    "llama": {"no rope": no_rope, "pairs": other_pairs},
    "llama, rope factors": {"turns": evenly},
    "llama, linear scaling": {"turns": evenly},
    "qwen2": {"pairs": other_pairs},
    "qwen2, yarn": {"turns": evenly, "magnitude": weaker},
    "qwen3": {"pairs": other_pairs, "no head norms": with_fields(qk_norms=False)},
    "gemma3": {
        "one rope": lambda s: replace(s, layers=tuple(replace(one, rope=s.layers[-1].rope) for one in s.layers)),
        "no window": lambda s: replace(s, layers=tuple(replace(one, window=0) for one in s.layers)),
        "window by one": lambda s: replace(
            s, layers=tuple(replace(one, window=one.window and one.window + 1) for one in s.layers)
        ),
        "silu": with_fields(activation="silu"),
        "no post-norms": with_fields(post_norms=False),
        "embedding": with_fields(embedding_scale=1.0),
        "scale": with_fields(attention_scale=0.0625),
    },
    "gemma3, scaled and capped": {"no cap": with_fields(logit_softcap=0.0)},
    "phi3": {"turns": evenly, "magnitude": weaker, "pairs": other_pairs},
    "phi3, partly turned": {"turns": evenly},
    "smollm3": {
        "rope everywhere": lambda s: replace(s, layers=(s.layers[0],) * len(s.layers)),
        "pairs": other_pairs,
    },
    "granite": {
        "embedding": with_fields(embedding_scale=1.0),
        "residual": with_fields(residual_scale=1.0),
        "attention": with_fields(attention_scale=0.125),
        "logits": with_fields(logit_scale=1.0),
        "pairs": other_pairs,
    },
}
assert WRONG.keys() == tiny_ggufs.KINDS.keys()


@pytest.mark.parametrize("name", WRONG)
def test_one_thing_wrong_is_seen(files: Files, name: str) -> None:
    path = files.base(name)
    with MappedFile(path) as file:
        shape = architectures.describe(file, context=llama_running.CONTEXT)
    found, theirs = weights(path), llama_logits(path)

    def twin(shape: Shape) -> Array:
        with torch.no_grad():
            each = [logits(shape, found, text, {}, 1.0) for text in tiny_ggufs.texts()]
        made: Array = torch.cat(each).numpy()
        return made

    right = twin(shape)
    assert apart(right, theirs) < 0.01
    assert same_top(right, theirs) >= 0.99
    for what, change in WRONG[name].items():
        assert apart(twin(change(shape)), theirs) > 0.02, what
