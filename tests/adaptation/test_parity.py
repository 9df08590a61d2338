"""Packed training computes what llama.cpp computes: every architecture, with and without an adapter, and every type."""

from pathlib import Path

import llama_running
import numpy as np
import pytest
import tiny_ggufs
import torch
from packed_files import Files, apart, llama_logits, opened, packed_logits, same_top

from tutor.adaptation.packed import export
from tutor.adaptation.packed.dequantize import TYPES
from tutor.adaptation.packed.model import PackedModel
from tutor.engine import gguf_file

pytestmark = pytest.mark.usefixtures("one_thread")
TEXTS = tiny_ggufs.texts()


@pytest.fixture(params=tiny_ggufs.KINDS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def written(model: PackedModel, path: Path) -> Path:
    return export.write(path, model, metadata={"tutor.base.sha256": "0" * 64})


@pytest.mark.parametrize("kind", ["F16", "Q4_K_M"])
def test_same_likeliest_tokens_as_llama_cpp(files: Files, name: str, kind: str, tmp_path: Path) -> None:
    path = files.base(name, kind)
    model = opened(path, name)
    changed = packed_logits(model, TEXTS)
    with model.off():
        plain = packed_logits(model, TEXTS)
    adapter = written(model, tmp_path / "adapter.gguf")
    model.close()
    theirs, theirs_changed = llama_logits(path), llama_logits(path, adapter)
    assert same_top(plain, theirs) >= 0.99
    assert same_top(changed, theirs_changed) >= 0.99
    # the adapter matters: nearly every place is another one with it
    assert same_top(theirs, theirs_changed) < 0.1


def test_in_float32_the_logits_are_those_of_llama_cpp(files: Files, name: str) -> None:
    """The rest is llama.cpp's: it rounds what F16 weights are multiplied with to float16."""
    model = opened(files.base(name), name, dtype=torch.float32)
    changed = packed_logits(model, TEXTS)
    with model.off():
        plain = packed_logits(model, TEXTS)
    model.close()
    assert apart(plain, llama_logits(files.base(name))) < 0.01
    assert apart(changed, llama_logits(files.base(name), files.adapter(name))) < 0.01


def test_it_stays_so_over_a_long_text(files: Files, name: str) -> None:
    """Turns grow with the place, and windows leave more behind."""
    text = np.random.default_rng(8).integers(0, tiny_ggufs.TEXT_TOKENS, llama_running.CONTEXT).tolist()
    model = opened(files.base(name), name, dtype=torch.float32)
    mine = packed_logits(model, [text])
    model.close()
    with llama_running.running(files.base(name), files.adapter(name)) as llama:
        theirs = llama.logits(text)
    assert apart(mine[-64:], theirs[-64:]) < 0.02


@pytest.mark.parametrize("kind", tiny_ggufs.TYPES)
def test_every_type_of_weights(files: Files, kind: str) -> None:
    path = files.base("qwen2", kind)
    types = {TYPES[place.kind] for place in gguf_file.read(path).places.values() if len(place.shape) == 2}
    assert kind.removesuffix("_M") in types
    model = opened(path, "qwen2")
    changed = packed_logits(model, TEXTS)
    with model.off():
        plain = packed_logits(model, TEXTS)
    model.close()
    assert same_top(plain, llama_logits(path)) >= 0.99
    assert same_top(changed, llama_logits(path, files.adapter("qwen2"))) >= 0.99


def test_packed_sequences_do_not_see_each_other(files: Files, name: str) -> None:
    model = opened(files.base(name), name, dtype=torch.float32)
    together = packed_logits(model, TEXTS)
    alone = np.concatenate([packed_logits(model, [text]) for text in TEXTS])
    turned_round = packed_logits(model, TEXTS[::-1])
    model.close()
    assert apart(together, alone) < 1e-4
    assert apart(turned_round[: len(TEXTS[-1])], alone[-len(TEXTS[-1]) :]) < 1e-4
