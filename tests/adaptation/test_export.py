"""An adapter's file: what is written is read again, and a file that is not what it should be is refused."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest
import tiny_ggufs
import torch
from packed_files import Files, opened

from tutor.adaptation.packed import export
from tutor.adaptation.packed.model import PackedModel
from tutor.engine import gguf_file
from tutor.errors import BugError, UserError

NAME = "phi3"


@pytest.fixture
def model(files: Files) -> Iterator[PackedModel]:
    model = opened(files.base(NAME), NAME)
    yield model
    model.close()


@pytest.fixture
def base(files: Files) -> gguf_file.Header:
    return gguf_file.read(files.base(NAME))


@pytest.fixture
def sha256(files: Files) -> str:
    return hashlib.sha256(files.base(NAME).read_bytes()).hexdigest()


@pytest.fixture
def written(model: PackedModel, sha256: str, tmp_path: Path) -> Path:
    metadata = {
        "tutor.base.sha256": sha256,
        "tutor.ledger.sha256": "a" * 64,
        "tutor.recipe": '{"epochs": 3}',
        "tutor.figures": '{"right": 0.9}',
    }
    return export.write(tmp_path / "adapter.gguf", model, metadata=metadata)


def test_header_tells_what_was_written(written: Path, base: gguf_file.Header, sha256: str) -> None:
    header = export.read_header(written, base=base, base_sha256=sha256)
    assert (header.architecture, header.alpha, header.rank) == ("phi3", tiny_ggufs.ALPHA, tiny_ggufs.RANK)
    assert (header.base_sha256, header.ledger_sha256) == (sha256, "a" * 64)
    assert (header.recipe, header.figures) == ('{"epochs": 3}', '{"right": 0.9}')
    assert header.sha256 == hashlib.sha256(written.read_bytes()).hexdigest()


def test_matrices_are_written_as_they_are(written: Path, model: PackedModel) -> None:
    found = {tensor.name: np.array(tensor.data) for tensor in gguf.GGUFReader(written).tensors}
    assert found.keys() == model.state().keys()
    for name, values in model.state().items():
        assert np.array_equal(found[name], values.numpy())
        assert not name.startswith(("token_embd", "output"))
    rank, width = tiny_ggufs.RANK, tiny_ggufs.WIDTH
    assert found["blk.0.ffn_up.weight.lora_a"].shape == (rank, width)
    assert found["blk.0.ffn_up.weight.lora_b"].shape == (2 * tiny_ggufs.FEED, rank)


def test_a_tied_head_gets_no_adapter(files: Files) -> None:
    model = opened(files.base("granite"), "granite")
    assert "output.weight" not in model.file
    assert all(name.startswith("blk.") for name in model.adapter)
    model.close()


def test_numbers_that_are_none_are_not_written(model: PackedModel, tmp_path: Path) -> None:
    with torch.no_grad():
        model.parameters()[3][0, 0] = torch.nan
    with pytest.raises(BugError, match="not numbers"):
        export.write(tmp_path / "adapter.gguf", model, metadata={"tutor.base.sha256": "0" * 64})
    assert list(tmp_path.iterdir()) == []


def test_another_base_is_refused(written: Path, base: gguf_file.Header, files: Files) -> None:
    for other, sha256 in ((base, "1" * 64), (gguf_file.read(files.base("llama")), "")):
        with pytest.raises(UserError) as refusal:
            export.read_header(written, base=other, base_sha256=sha256)
        assert refusal.value.code == "adapter"


Pairs = dict[str, Any]
"""Tensors by name."""
MISFITS: dict[str, Callable[[Pairs], object]] = {
    "a tensor that the base has not": lambda t: t.update(
        {"blk.9.ffn_up.weight.lora_a": t["blk.0.ffn_up.weight.lora_a"],
         "blk.9.ffn_up.weight.lora_b": t["blk.0.ffn_up.weight.lora_b"]}
    ),
    "inputs of another length": lambda t: t.update(
        {"blk.0.ffn_up.weight.lora_a": np.zeros((tiny_ggufs.RANK, 32), dtype=np.float32)}
    ),
    "outputs of another length": lambda t: t.update(
        {"blk.0.ffn_up.weight.lora_b": np.zeros((32, tiny_ggufs.RANK), dtype=np.float32)}
    ),
    "a norm": lambda t: t.update(
        {"blk.0.attn_norm.weight.lora_a": np.zeros((1, tiny_ggufs.WIDTH), dtype=np.float32),
         "blk.0.attn_norm.weight.lora_b": np.zeros((1, 1), dtype=np.float32)}
    ),
    "the embedding": lambda t: t.update(
        {"token_embd.weight.lora_a": np.zeros((tiny_ggufs.RANK, tiny_ggufs.WIDTH), dtype=np.float32),
         "token_embd.weight.lora_b": np.zeros((len(tiny_ggufs.words().tokens), tiny_ggufs.RANK), dtype=np.float32)}
    ),
    "half a pair": lambda t: t.pop("blk.0.ffn_up.weight.lora_a"),
    "not a number": lambda t: t.update({"blk.0.ffn_up.weight.lora_a": np.full((4, 256), np.inf, dtype=np.float32)}),
}  # fmt: skip


@pytest.mark.parametrize("what", MISFITS)
def test_what_does_not_fit_the_base_is_refused(
    model: PackedModel, base: gguf_file.Header, tmp_path: Path, what: str
) -> None:
    tensors: Pairs = {name: values.numpy() for name, values in model.state().items()}
    MISFITS[what](tensors)
    path = tmp_path / "other.gguf"
    writer = gguf.GGUFWriter(path, "phi3")
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", 8.0)
    writer.add_string("tutor.base.sha256", "0" * 64)
    for name, values in tensors.items():
        writer.add_tensor(name, values)
    tiny_ggufs.finish(writer)
    with pytest.raises(UserError) as refusal:
        export.read_header(path, base=base, base_sha256="0" * 64)
    assert refusal.value.code == "adapter"


def test_no_damage_gets_past(written: Path, base: gguf_file.Header, sha256: str) -> None:
    """Cut off anywhere, or with bytes changed anywhere in its header: a plain refusal, or a header that still fits."""
    whole = written.read_bytes()
    chance = np.random.default_rng(2)
    damaged = [whole[:length] for length in range(0, len(whole), len(whole) // 60)]
    ends = whole.index(b"blk.2.ffn_down.weight.lora_b") + 64
    for place in chance.integers(0, ends, 400):
        one = bytearray(whole)
        one[place] = int(chance.choice([0, 1, 127, 128, 255, whole[place] ^ 1]))
        damaged.append(bytes(one))
    refused = 0
    for data in damaged:
        written.write_bytes(data)
        try:
            header = export.read_header(written, base=base, base_sha256=sha256)
        except UserError as error:
            assert error.code == "adapter"
            refused += 1
        else:
            assert (header.architecture, header.base_sha256) == ("phi3", sha256)
    assert refused > 300
