"""Tiny GGUF files of every architecture, whose likeliest next tokens are clear, and a tiny adapter for each.

Weights are random, so every part of a block matters to the result. A random head would leave near-ties between the
likeliest tokens, and a test for the same likeliest token would then count rounding errors. So the head is fitted: one
group of tokens that no text contains stands for the places of `texts()` without the adapter, a second for the places
with it. The fit takes the states that llama.cpp itself gives; nothing that is under test takes part.
"""

import ctypes
import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import gguf
import llama_cpp
import numpy as np
from llama_running import Array, quiet, running

from tutor.bench import shapes

WIDTH, FEED, HEADS, KV_HEADS = 256, 512, 4, 2
TEXT_TOKENS, CLASSES = 256, 96
"""Texts are made of the first tokens; two groups of CLASSES tokens after them are what the head answers."""
RANK, ALPHA = 4, 8.0
_LENGTHS = (90, 41, 7)
TYPES = {
    name: getattr(llama_cpp, f"LLAMA_FTYPE_MOSTLY_{name}")
    for name in (
        "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q2_K", "Q3_K_M", "Q4_K_M", "Q5_K_M", "Q6_K", "IQ4_XS", "IQ4_NL"
    )
} | {"F32": llama_cpp.LLAMA_FTYPE_ALL_F32}  # fmt: skip
"""What llama.cpp's own quantizer makes of an F16 file."""


@dataclass(frozen=True)
class Kind:
    """One architecture's file."""

    architecture: str
    layers: int = 3
    head_width: int = WIDTH // HEADS
    tied: bool = False
    biases: tuple[str, ...] = ()
    fused: bool = False
    qk_norms: bool = False
    post_norms: bool = False
    metadata: Mapping[str, float | int | str | bool] = field(default_factory=dict)
    """Under the architecture's prefix."""
    factors: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """Rope factor tensors: the first and the last pair's, evenly spaced between."""


_GEMMA3 = {"rope.freq_base": 100_000.0, "attention.sliding_window": 24}
KINDS = {
    "llama": Kind("llama", biases=("attn_output", "ffn_up"), metadata={"rope.freq_base": 500_000.0}),
    "llama, rope factors": Kind("llama", tied=True, factors={"rope_freqs": (1.0, 8.0)}),
    "llama, linear scaling": Kind("llama", metadata={"rope.scaling.type": "linear", "rope.scaling.factor": 4.0}),
    "qwen2": Kind("qwen2", biases=("attn_q", "attn_k", "attn_v"), metadata={"rope.freq_base": 1e6}),
    "qwen2, yarn": Kind(
        "qwen2",
        biases=("attn_q", "attn_k", "attn_v"),
        metadata={
            "rope.scaling.type": "yarn",
            "rope.scaling.factor": 4.0,
            "rope.scaling.original_context_length": 128,
        },
    ),
    "qwen3": Kind("qwen3", head_width=128, qk_norms=True, tied=True, metadata={"rope.freq_base": 1e6}),
    "gemma3": Kind("gemma3", layers=6, tied=True, head_width=128, qk_norms=True, post_norms=True, metadata=_GEMMA3),
    "gemma3, scaled and capped": Kind(
        "gemma3",
        layers=6,
        tied=True,
        qk_norms=True,
        post_norms=True,
        metadata={
            **_GEMMA3,
            "rope.scaling.type": "linear",
            "rope.scaling.factor": 8.0,
            "final_logit_softcapping": 5.0,
        },
    ),
    "phi3": Kind(
        "phi3",
        fused=True,
        metadata={
            "rope.scaling.original_context_length": 128,
            "rope.scaling.attn_factor": 1.19,
            "attention.sliding_window": 16,
        },
        factors={"rope_factors_long": (1.2, 12.0), "rope_factors_short": (1.0, 2.0)},
    ),
    "phi3, partly turned": Kind(
        "phi3",
        fused=True,
        tied=True,
        metadata={"rope.dimension_count": 48, "rope.scaling.original_context_length": 1024},
        factors={"rope_factors_long": (1.2, 12.0), "rope_factors_short": (1.0, 2.0)},
    ),
    "smollm3": Kind("smollm3", layers=5, tied=True, metadata={"rope.freq_base": 50_000.0}),
    "granite": Kind(
        "granite",
        tied=True,
        metadata={
            "embedding_scale": 12.0,
            "residual_scale": 0.22,
            "attention.scale": 0.2,
            "logit_scale": 8.0,
        },
    ),
}


def texts() -> list[list[int]]:
    """Token sequences of different lengths."""
    chance = np.random.default_rng(5)
    return [chance.integers(0, TEXT_TOKENS, length).tolist() for length in _LENGTHS]


@functools.cache
def words() -> shapes.Vocabulary:
    """Bytes, a token for each class, and the control tokens."""
    syllables = ("ba", "do", "fi", "gu", "ke", "la", "mi", "no", "pu", "re", "sa", "ti", "vo", "xe", "zu")
    made = shapes.vocabulary([f" {a}{b}" for a in syllables for b in syllables], TEXT_TOKENS + 2 * CLASSES + 3)
    assert len(made.tokens) == TEXT_TOKENS + 2 * CLASSES + 3
    return made


def shapes_of(kind: Kind) -> dict[str, tuple[int, int]]:
    """(outputs, inputs) of a block's linears."""
    q, kv = HEADS * kind.head_width, KV_HEADS * kind.head_width
    if kind.fused:
        into = {"attn_qkv": (q + 2 * kv, WIDTH), "ffn_up": (2 * FEED, WIDTH)}
    else:
        into = {"attn_q": (q, WIDTH), "attn_k": (kv, WIDTH), "attn_v": (kv, WIDTH)}
        into |= {"ffn_gate": (FEED, WIDTH), "ffn_up": (FEED, WIDTH)}
    return {**into, "attn_output": (WIDTH, q), "ffn_down": (WIDTH, FEED)}


def adapter_of(kind: Kind, *, rank: int = RANK) -> dict[str, tuple[Array, Array]]:
    """A random adapter that changes much: A (rank, inputs) and B (outputs, rank) by the base tensor's name."""
    chance = np.random.default_rng(11)
    return {
        f"blk.{i}.{name}.weight": (
            (chance.standard_normal((rank, inputs)) / np.sqrt(inputs)).astype(np.float16).astype(np.float32),
            (0.3 * chance.standard_normal((outputs, rank))).astype(np.float16).astype(np.float32),
        )
        for i in range(kind.layers)
        for name, (outputs, inputs) in shapes_of(kind).items()
    }


def write_adapter(path: Path, kind: Kind) -> Path:
    """`adapter_of` as a file that llama.cpp reads, in plain steps of its own."""
    writer = gguf.GGUFWriter(path, kind.architecture)
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", ALPHA)
    for name, (a, b) in adapter_of(kind).items():
        writer.add_tensor(f"{name}.lora_a", a)
        writer.add_tensor(f"{name}.lora_b", b)
    finish(writer)
    return path


def write(path: Path, kind: Kind) -> Path:
    """A file with random weights alone, the head among them."""
    _write(path, kind, _random(kind))
    return path


def make(folder: Path, name: str, kind: str = "F16") -> Path:
    """The file of one of KINDS in F16 or one of TYPES, with the head fitted to that very file's states (see above)."""
    what = KINDS[name]
    weights = _random(what)
    path = _written(folder / f"{name}.{kind}.gguf", what, weights, kind)
    adapter = write_adapter(folder / f"{name}.adapter.gguf", what)
    with running(path, embeddings=True) as model:
        plain = np.concatenate([model.states(text) for text in texts()])
    with running(path, adapter, embeddings=True) as model:
        changed = np.concatenate([model.states(text) for text in texts()])
    head = "token_embd.weight" if what.tied else "output.weight"
    rows = _fitted(plain, changed) * float(what.metadata.get("logit_scale", 1.0))
    weights[head][TEXT_TOKENS : TEXT_TOKENS + 2 * CLASSES] = rows
    return _written(path, what, weights, kind)


def _written(path: Path, what: Kind, weights: Mapping[str, Array], kind: str) -> Path:
    if kind == "F16":
        _write(path, what, weights)
        return path
    source = path.with_suffix(".F16")
    _write(source, what, weights)
    params = llama_cpp.llama_model_quantize_default_params()
    params.ftype, params.nthread = TYPES[kind], 1
    llama_cpp.llama_log_set(quiet, ctypes.c_void_p(0))
    if llama_cpp.llama_model_quantize(str(source).encode(), str(path).encode(), params) != 0:
        raise RuntimeError(f"llama.cpp could not quantize {source.name}")
    source.unlink()
    return path


def _fitted(plain: Array, changed: Array) -> Array:
    """Rows of the head for both groups of classes: ridge regression from states to the place's class."""
    states = np.concatenate([plain, changed]).astype(np.float64)
    places = len(plain)
    wanted = np.zeros((2 * places, 2 * CLASSES))
    wanted[np.arange(places), np.arange(places) % CLASSES] = 1.0
    wanted[places + np.arange(places), CLASSES + np.arange(places) % CLASSES] = 1.0
    scale = float(np.square(states).sum(1).mean())
    inner = states @ states.T + 0.05 * scale * np.eye(2 * places)
    rows = (states.T @ np.linalg.solve(inner, wanted)).T
    return (rows * (12.0 / np.sqrt(np.square(rows).sum(1).mean() * scale))).astype(np.float32)


def _random(kind: Kind) -> dict[str, Array]:
    chance = np.random.default_rng(3)

    def matrix(rows: int, columns: int, size: float = 1.0) -> Array:
        return (size * chance.standard_normal((rows, columns)) / np.sqrt(columns)).astype(np.float32)

    def around(middle: float, spread: float, length: int) -> Array:
        return (middle + spread * chance.standard_normal(length)).astype(np.float32)

    tokens = len(words().tokens)
    # gemma and granite multiply the embedding by about 16 and 12
    inflated = {"gemma3": 16.0, "granite": 12.0 * 0.22}.get(kind.architecture, 1.0)
    size = (0.01 if kind.tied else 1.0) * 16.0 / inflated  # small beside the fitted rows where it is the head, too
    weights = {"token_embd.weight": matrix(tokens, WIDTH, size), "output_norm.weight": around(1, 0.2, WIDTH)}
    if not kind.tied:
        weights["output.weight"] = matrix(tokens, WIDTH, 0.1)
    for name, (first, last) in kind.factors.items():
        pairs = int(kind.metadata.get("rope.dimension_count", kind.head_width)) // 2
        weights[f"{name}.weight"] = np.linspace(first, last, pairs, dtype=np.float32)
    for i in range(kind.layers):
        block = f"blk.{i}."
        norms = ["attn_norm", "ffn_norm", *(["post_attention_norm", "post_ffw_norm"] if kind.post_norms else [])]
        weights |= {f"{block}{name}.weight": around(1, 0.2, WIDTH) for name in norms}
        if kind.qk_norms:
            weights |= {f"{block}attn_{n}_norm.weight": around(1.5, 0.2, kind.head_width) for n in "qk"}
        for name, (rows, columns) in shapes_of(kind).items():
            weights[f"{block}{name}.weight"] = matrix(rows, columns, 1.2)
            if name in kind.biases:
                weights[f"{block}{name}.bias"] = around(0, 0.3, rows)
    return weights


def _write(path: Path, kind: Kind, weights: Mapping[str, Array]) -> None:
    writer = gguf.GGUFWriter(path, kind.architecture)
    writer.add_name("tiny")  # a name with phi3 in it makes llama.cpp look for phi3's own control tokens
    writer.add_context_length(2048)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(kind.layers)
    writer.add_feed_forward_length(FEED)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_key_length(kind.head_width)
    writer.add_value_length(kind.head_width)
    if "rope.dimension_count" not in kind.metadata:
        writer.add_rope_dimension_count(kind.head_width)
    for key, value in kind.metadata.items():
        _add(writer, f"{kind.architecture}.{key}", value)
    vocabulary = words()
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(vocabulary.tokens)
    writer.add_token_types([3 if token in vocabulary.control else 1 for token in vocabulary.tokens])
    writer.add_token_merges(vocabulary.merges)
    writer.add_bos_token_id(vocabulary.tokens.index(shapes.STOP))
    writer.add_eos_token_id(vocabulary.tokens.index(shapes.END))
    writer.add_add_bos_token(False)
    writer.add_chat_template(shapes.CHATML)
    for name, tensor in weights.items():
        writer.add_tensor(name, tensor if tensor.ndim == 1 else tensor.astype(np.float16))
    finish(writer)


def _add(writer: gguf.GGUFWriter, key: str, value: float | str) -> None:
    if isinstance(value, bool):
        writer.add_bool(key, value)
    elif isinstance(value, int):
        writer.add_uint32(key, value)
    elif isinstance(value, float):
        writer.add_float32(key, value)
    else:
        writer.add_string(key, value)


def finish(writer: gguf.GGUFWriter) -> None:
    """Write all that was added, and close."""
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
