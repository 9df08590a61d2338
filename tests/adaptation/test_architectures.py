"""The shape of a file is what transformers' class and llama.cpp make of it, or a refusal before anything starts."""

import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gguf
import llama_running
import numpy as np
import pytest
import tiny_ggufs
import torch
from packed_files import Files, apart, llama_logits, packed_logits
from transformers import AutoConfig, AutoModelForCausalLM
from transformers.modeling_gguf_pytorch_utils import load_gguf_checkpoint

from tutor.adaptation.packed import architectures, architectures_class, architectures_known
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


@pytest.mark.parametrize("name", tiny_ggufs.KINDS)
def test_the_class_has_the_tensors_that_llama_cpp_loads(files: Files, name: str) -> None:
    """llama.cpp refuses a file that lacks one of its tensors or has one more."""
    path = files.base(name)
    shape = shape_of(path)
    with MappedFile(path) as file:
        made = architectures_class.make(path, shape, tied="output.weight" not in file)
        found = {name: (file.tensor(name).columns, file.tensor(name).rows) for name in file.names()}
    biases = {name: sides for name, sides in found.items() if name.endswith(".bias")}
    assert made.weights == {n: sides for n, sides in found.items() if n not in biases and not n.startswith("rope_")}
    assert biases.items() <= made.biases.items()


SEPARATE, FUSED = ("attn_q", "attn_k", "attn_v"), ("attn_qkv",)
GATE_UP, BOTH = ("ffn_gate", "ffn_up"), ("ffn_up",)
NO, YES = False, True
TRUTH: dict[str, tuple[tuple[str, ...], tuple[str, ...], str, bool, bool, str, list[int]]] = {
    # what gives q, k, v; what gives gate, up; activation; head norms; post-norms; layers: - do not turn; windows
    "llama": (SEPARATE, GATE_UP, "silu", NO, NO, "rrr", [0] * 3),
    "qwen2": (SEPARATE, GATE_UP, "silu", NO, NO, "rrr", [0] * 3),
    "qwen3": (SEPARATE, GATE_UP, "silu", YES, NO, "rrr", [0] * 3),
    "gemma3": (SEPARATE, GATE_UP, "gelu", YES, YES, "rrrrrr", [24, 24, 24, 24, 24, 0]),
    "phi3": (FUSED, BOTH, "silu", NO, NO, "rrr", [0] * 3),  # its file has a window, which llama.cpp does not use
    "smollm3": (SEPARATE, GATE_UP, "silu", NO, NO, "rrr-r", [0] * 5),
    "granite": (SEPARATE, GATE_UP, "silu", NO, NO, "rrr", [0] * 3),
}
"""Of llama.cpp's code for each architecture."""
assert set(TRUTH) == set(architectures_known.NEOX)


@pytest.mark.parametrize("name", TRUTH)
def test_a_block_is_what_llama_cpp_computes(files: Files, name: str) -> None:
    shape = shape_of(files.base(name))
    turns = "".join("-" if layer.rope is None else "r" for layer in shape.layers)
    windows = [layer.window for layer in shape.layers]
    found = (shape.qkv_names, shape.gate_up_names, shape.activation, shape.qk_norms, shape.post_norms, turns, windows)
    assert found == TRUTH[name]


@pytest.mark.parametrize(("period", "windows"), [(0, [24] * 6), (2, [24, 0, 24, 0, 24, 0]), (9, [24] * 6)])
def test_gemma3_s_windows_are_those_that_its_file_says(
    files: Files, tmp_path: Path, period: int, windows: list[int]
) -> None:
    key = {"gemma3.attention.sliding_window_pattern": (period, [U32])}
    path = rewritten(files.base("gemma3"), tmp_path / "other.gguf", lambda _w, v: v.update(key))
    assert [layer.window for layer in shape_of(path).layers] == windows
    model = PackedModel.open(path, dtype=torch.float32, threads=1, context=llama_running.CONTEXT)
    mine = packed_logits(model, tiny_ggufs.texts())
    model.close()
    assert apart(mine, llama_logits(path)) < 0.01


@pytest.mark.parametrize(
    ("part", "grows", "named"),
    [("self_attn", "sinks", r"layers\.1\.self_attn\.sinks\.weight"), ("mlp", "gate", r"blk\.1\.ffn_gate_inp\.weight")],
)
def test_what_training_does_not_compute_of_a_class_is_refused(
    files: Files, monkeypatch: pytest.MonkeyPatch, part: str, grows: str, named: str
) -> None:
    """As of a later transformers whose class has grown, by a tensor that llama.cpp's names lack or know."""
    path, plain = files.base("llama"), AutoModelForCausalLM.from_config

    def grown(config: Any) -> Any:
        model = plain(config)
        setattr(getattr(model.model.layers[1], part), grows, torch.nn.Linear(tiny_ggufs.WIDTH, 4, bias=False))
        return model

    monkeypatch.setattr(AutoModelForCausalLM, "from_config", grown)
    with pytest.raises(UserError, match=named) as refusal:
        shape_of(path)
    assert refusal.value.code == "architecture"


def test_an_activation_that_training_does_not_know_is_refused(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    path, made = files.base("llama"), AutoConfig.for_model
    monkeypatch.setattr(AutoConfig, "for_model", lambda name, **numbers: made(name, **numbers, hidden_act="relu2"))
    with pytest.raises(UserError, match="relu2") as refusal:
        shape_of(path)
    assert refusal.value.code == "architecture"


def test_numbers_that_the_class_refuses_are_refused(tmp_path: Path) -> None:
    """Six heads do not share a width of 256 evenly; llama's class insists that they do."""
    source = tiny_ggufs.write(tmp_path / "plain.gguf", tiny_ggufs.Kind("llama", head_width=96))
    heads = {"head_count": 6, "head_count_kv": 3, "key_length": 64, "value_length": 64}
    changes = {f"llama.attention.{key}": (value, [U32]) for key, value in heads.items()}
    changes["llama.rope.dimension_count"] = (64, [U32])
    path = rewritten(source, tmp_path / "other.gguf", lambda _w, v: v.update(changes))
    with pytest.raises(UserError, match=r"do not fit its architecture\. Nothing was changed") as refusal:
        PackedModel.open(path)
    assert refusal.value.code == "architecture"


def test_transformers_is_loaded_by_a_description_alone() -> None:
    code = (
        "import sys; from tutor.adaptation.packed import architectures_known; light = 'torch' not in sys.modules; "
        "import tutor.adaptation.packed.model, tutor.adaptation.process; print(light, 'transformers' in sys.modules)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.split() == ["True", "False"]


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
    "a bias of a norm": (
        lambda w, _v: w.add_tensor("blk.1.ffn_norm.bias", np.ones(tiny_ggufs.WIDTH, dtype=np.float32)),
        "blk.1.ffn_norm.bias",
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


def test_a_bias_that_the_class_cannot_have_is_refused_by_name(files: Files, tmp_path: Path) -> None:
    bias = np.ones(tiny_ggufs.FEED, dtype=np.float32)
    path = rewritten(
        files.base("qwen2"), tmp_path / "other.gguf", lambda w, _v: w.add_tensor("blk.2.ffn_up.bias", bias)
    )
    with pytest.raises(UserError, match=r"blk\.2\.ffn_up\.bias") as refusal:
        PackedModel.open(path)
    assert refusal.value.code == "architecture"


HUGE: dict[str, dict[str, int]] = {
    "layers": {"block_count": 2048},
    "a feed-forward": {"feed_forward_length": (1 << 31) - 1},
    "heads": {"attention.key_length": 1 << 30, "attention.value_length": 1 << 30, "rope.dimension_count": 1 << 30},
    "many heads": {"attention.head_count": 65_536, "attention.head_count_kv": 65_536},
    "a width": {"embedding_length": 1 << 20},
}


@pytest.mark.parametrize("what", HUGE)
def test_sizes_that_the_file_does_not_bear_out_are_refused_before_anything_is_made(
    files: Files, tmp_path: Path, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []
    monkeypatch.setattr(architectures_class, "make", lambda *numbers, **more: made.append(numbers))
    changes = {f"llama.{key}": (value, [U32]) for key, value in HUGE[what].items()}
    path = rewritten(files.base("llama"), tmp_path / "other.gguf", lambda _w, v: v.update(changes))
    tracemalloc.start()
    with pytest.raises(UserError) as refusal:
        PackedModel.open(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refusal.value.code == "model_broken"
    assert not made
    assert peak < 10e6


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


YARN = {"qwen2.rope.scaling.type": ("yarn", [STRING]), "qwen2.rope.scaling.factor": (4.0, [F32])}
ODD: dict[str, tuple[str, dict[str, Any]]] = {
    "no head width": ("qwen2", {"qwen2.attention.key_length": (0, [U32])}),
    "a base of one": ("qwen2", {"qwen2.rope.freq_base": (1.0, [F32])}),
    "stretched backwards": ("qwen2", {**YARN, "qwen2.rope.scaling.factor": (-4.0, [F32])}),
    "yarn from no context": ("qwen2", {**YARN, "qwen2.rope.scaling.original_context_length": (0, [U32])}),
    "yarn without a ramp": ("qwen2", {**YARN, "qwen2.rope.scaling.yarn_beta_fast": (0.0, [F32])}),
    "a base of zero for windows": ("gemma3", {"gemma3.rope.freq_base_swa": (0.0, [F32])}),
    "no divisor of logits": ("granite", {"granite.logit_scale": (0.0, [F32])}),
}


@pytest.mark.parametrize("what", [*BROKEN, *ODD])
def test_a_file_that_contradicts_itself_is_broken(files: Files, tmp_path: Path, what: str) -> None:
    name, keys = ODD.get(what, ("llama", {}))
    change = BROKEN.get(what, lambda _w, v: v.update(keys))
    path = rewritten(files.base(name), tmp_path / "other.gguf", lambda w, v: (change(w, v), None)[1])
    with pytest.raises(UserError) as refusal:
        PackedModel.open(path)
    assert refusal.value.code == "model_broken"
