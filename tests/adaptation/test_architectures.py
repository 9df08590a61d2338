"""What a file's metadata say of its shape: the same as transformers reads, or a refusal before anything starts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import gguf
import llama_running
import numpy as np
import pytest
import tiny_ggufs
import torch
from packed_files import Files
from transformers import AutoConfig, AutoModelForCausalLM
from transformers.modeling_gguf_pytorch_utils import load_gguf_checkpoint

from tutor.adaptation.packed import architectures
from tutor.adaptation.packed.mapped import MappedFile
from tutor.adaptation.packed.model import PackedModel
from tutor.adaptation.packed.shape import Shape
from tutor.errors import UserError


def shape_of(path: Path, context: int = llama_running.CONTEXT) -> Shape:
    with MappedFile(path) as file:
        return architectures.describe(file, context=context)


@pytest.mark.parametrize("name", ["llama", "qwen2", "qwen3", "gemma3", "phi3"])
def test_shape_is_what_transformers_reads(files: Files, name: str) -> None:
    path = files.base(name)
    shape = shape_of(path)
    found = load_gguf_checkpoint(str(path), return_tensors=False)["config"]
    config = AutoConfig.for_model(found.pop("model_type"), **found)
    assert shape.width == config.hidden_size
    assert shape.feed_forward == config.intermediate_size
    assert len(shape.layers) == config.num_hidden_layers
    assert (shape.heads, shape.kv_heads) == (config.num_attention_heads, config.num_key_value_heads)
    assert shape.eps == pytest.approx(config.rms_norm_eps)
    assert shape.head_width == (getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads)
    assert shape.vocabulary == config.vocab_size


def _config(shape: Shape, path: Path) -> Any:
    """As transformers reads it from the file; where it cannot read the architecture yet, of the shape's numbers."""
    if shape.architecture not in ("smollm3", "granite"):
        found = load_gguf_checkpoint(str(path), return_tensors=False)["config"]
        return AutoConfig.for_model(found.pop("model_type"), **{**found, "pad_token_id": 0})
    return AutoConfig.for_model(
        shape.architecture,
        hidden_size=shape.width,
        intermediate_size=shape.feed_forward,
        num_hidden_layers=len(shape.layers),
        num_attention_heads=shape.heads,
        num_key_value_heads=shape.kv_heads,
        vocab_size=shape.vocabulary,
        pad_token_id=0,
    )


@pytest.mark.parametrize("name", ["llama", "qwen2", "qwen3", "gemma3", "phi3", "smollm3", "granite"])
def test_the_linears_are_those_of_transformers_model_class(files: Files, name: str) -> None:
    """The class is made on the meta device: its parameters, under llama.cpp's names, are the tensors of the file."""
    path = files.base(name)
    shape = shape_of(path)
    config = _config(shape, path)
    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(config)
    architecture = {of: number for number, of in gguf.MODEL_ARCH_NAMES.items()}[name]
    names = gguf.get_tensor_name_map(architecture, len(shape.layers))
    linears = set()
    with MappedFile(path) as file:
        for theirs, parameter in model.named_parameters():
            ours = names.get_name(theirs, try_suffixes=(".weight", ".bias"))
            assert ours is not None, theirs
            if ours == "output.weight" and ours not in file:
                continue  # tied to the embedding
            assert ours in file, ours
            if parameter.dim() == 2 and ours.startswith("blk."):
                tensor = file.tensor(ours)
                assert (tensor.rows, tensor.columns) == tuple(parameter.shape), ours
                linears.add(ours.removeprefix("blk.0.").removesuffix(".weight"))
    assert {linear for linear in linears if not linear.startswith("blk.")} == set(shape.linear_names)
    if name == "smollm3":
        assert [layer.rope is not None for layer in shape.layers] == [bool(uses) for uses in config.no_rope_layers]


def test_long_rope_factors_are_for_long_contexts(files: Files) -> None:
    path = files.base("phi3")
    short, long = shape_of(path, 128).layers[0].rope, shape_of(path, 129).layers[0].rope
    assert short is not None
    assert long is not None
    assert short.frequencies[0] == pytest.approx(long.frequencies[0] * 1.2)
    assert short.magnitude == long.magnitude == pytest.approx(1.19)


def test_gemma3_27b_scales_attention_by_another_width(tmp_path: Path) -> None:
    """llama.cpp knows that model by its 62 layers."""
    kind = tiny_ggufs.Kind("gemma3", layers=62, head_width=128, qk_norms=True, post_norms=True)
    path = tiny_ggufs.write(tmp_path / "many.gguf", kind)
    assert shape_of(path).attention_scale == pytest.approx((tiny_ggufs.WIDTH // tiny_ggufs.HEADS) ** -0.5)


def rewritten(source: Path, target: Path, change: Callable[[gguf.GGUFWriter, dict[str, Any]], None]) -> Path:
    """The file again with `change` made to its values (by key) or to its writer."""
    reader = gguf.GGUFReader(source)
    values = {key: (field.contents(), field.types) for key, field in reader.fields.items()}
    architecture = values.pop("general.architecture")[0]
    values = {key: value for key, value in values.items() if not key.startswith("GGUF.")}
    writer = gguf.GGUFWriter(target, "")
    change(writer, values)
    writer.add_string("general.architecture", values.pop("named", (architecture, None))[0])
    for key, (value, types) in values.items():
        writer.add_key_value(key, value, types[0], types[-1] if len(types) > 1 else None)
    for tensor in reader.tensors:
        writer.add_tensor(tensor.name, tensor.data, raw_dtype=tensor.tensor_type)
    tiny_ggufs.finish(writer)
    return target


U32, F32, STRING, ARRAY = (gguf.GGUFValueType[name] for name in ("UINT32", "FLOAT32", "STRING", "ARRAY"))
REFUSED: dict[str, tuple[Callable[[gguf.GGUFWriter, dict[str, Any]], object], str]] = {
    "another architecture": (lambda _w, v: v.update(named=("falcon", None)), "falcon"),
    "experts": (lambda _w, v: v.update({"llama.expert_count": (8, [U32])}), "mixture of experts"),
    "another scaling": (lambda _w, v: v.update({"llama.rope.scaling.type": ("dynamic", [STRING])}), "dynamic"),
    "values of another length": (lambda _w, v: v.update({"llama.attention.value_length": (32, [U32])}), "length"),
    "layers of their own": (
        lambda _w, v: v.update({"llama.attention.head_count_kv": ([2, 1, 2], [ARRAY, U32])}),
        "attention.head_count_kv",
    ),
    "an unknown tensor": (
        lambda w, _v: w.add_tensor("blk.1.attn_sinks.weight", np.ones(4, dtype=np.float32)),
        "blk.1.attn_sinks.weight",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_trained_is_refused_by_name(files: Files, tmp_path: Path, what: str) -> None:
    change, named = REFUSED[what]
    path = rewritten(files.base("llama"), tmp_path / "other.gguf", lambda w, v: (change(w, v), None)[1])
    if what == "another architecture":  # its numbers stand under its own name
        again = {"llama": "falcon"}
        path = rewritten(path, tmp_path / "falcon.gguf", lambda _w, v: _renamed(v, again))
    with pytest.raises(UserError, match=named) as refusal:
        PackedModel.open(path)
    assert refusal.value.code == "architecture"
    assert "Nothing was changed" in str(refusal.value)


def _renamed(values: dict[str, Any], names: dict[str, str]) -> None:
    for key in list(values):
        prefix, _, rest = key.partition(".")
        if prefix in names:
            values[f"{names[prefix]}.{rest}"] = values.pop(key)


BROKEN: dict[str, Callable[[gguf.GGUFWriter, dict[str, Any]], object]] = {
    "no norm's epsilon": lambda _w, v: v.pop("llama.attention.layer_norm_rms_epsilon"),
    "a width that the tensors have not": lambda _w, v: v.update({"llama.feed_forward_length": (1024, [U32])}),
    "a layer more": lambda _w, v: v.update({"llama.block_count": (4, [U32])}),
    "no heads": lambda _w, v: v.update({"llama.attention.head_count_kv": (0, [U32])}),
    "a text for a number": lambda _w, v: v.update({"llama.rope.freq_base": ("much", [STRING])}),
    "a base that is no number": lambda _w, v: v.update({"llama.rope.freq_base": (float("nan"), [F32])}),
    "half a pair turned": lambda _w, v: v.update({"llama.rope.dimension_count": (33, [U32])}),
    "rope factors of another length": lambda w, _v: w.add_tensor("rope_freqs.weight", np.ones(7, dtype=np.float32)),
    "rope factors of zero": lambda w, _v: w.add_tensor("rope_freqs.weight", np.zeros(32, dtype=np.float32)),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_file_that_contradicts_itself_is_broken(files: Files, tmp_path: Path, what: str) -> None:
    change = BROKEN[what]
    path = rewritten(files.base("llama"), tmp_path / "other.gguf", lambda w, v: (change(w, v), None)[1])
    with pytest.raises(UserError) as refusal:
        PackedModel.open(path)
    assert refusal.value.code == "model_broken"
