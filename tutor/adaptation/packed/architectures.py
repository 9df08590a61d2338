"""From a GGUF file's metadata to the shape that training computes: the seven architectures, as llama.cpp runs them.

Queries and keys are turned in the file's own order of rows (neighbouring pairs for llama, smollm3 and granite, halves
for the others), so nothing is permuted here, and an adapter's rows are those of the tensor that it belongs to.
"""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from tutor.adaptation.packed.architectures_known import NEOX, check
from tutor.adaptation.packed.architectures_metadata import Metadata, refused
from tutor.adaptation.packed.architectures_rope import rope
from tutor.adaptation.packed.mapped import MappedFile
from tutor.adaptation.packed.shape import Layer, Rope, Shape, default_scale, frequencies
from tutor.engine import gguf_file, memory
from tutor.i18n import tr

_BIASED: Final = {"llama", "smollm3", "granite", "qwen2", "phi3"}
"""Those whose linears may have biases."""
_NO_ROPE_STEP: Final = 4
"""Every fourth layer of smollm3 turns nothing; llama.cpp has the number in its code, not from the file."""
_GEMMA3_PERIOD: Final = 6
"""Of so many layers of gemma3, the last sees everything, the others a window; the file may say another number."""
_GEMMA3_27B_LAYERS: Final = 62
"""By this number of layers llama.cpp tells the 27B model, whose attention is scaled by width / heads."""


def describe(file: MappedFile, *, context: int = 0) -> Shape:
    """What the file's model computes when llama.cpp gives it `context` tokens (0: what the engine would choose).

    Raises UserError: code `architecture` for a model that training does not know, `model_broken` where tensors are
    missing or of another size than the metadata say.
    """
    check(file.header)
    data = Metadata(file.header)
    context = context or memory.context_length(file.header)
    shape = _REFINED.get(file.header.architecture, _as_it_is)(_plain(file, data, context), file, data)
    _check_tensors(file, shape)
    return shape


def _plain(file: MappedFile, data: Metadata, context: int) -> Shape:
    """What all of them have in common."""
    header, name = file.header, file.header.architecture
    width, heads, layers = data.whole("embedding_length"), data.whole("attention.head_count"), data.whole("block_count")
    kv_heads = data.whole("attention.head_count_kv", heads)
    if not heads or not kv_heads or heads % kv_heads:
        raise gguf_file.broken(header.path, tr("it does not say its {name}", name="attention.head_count"))
    head_width = data.whole("attention.key_length", width // heads)
    if data.whole("attention.value_length", head_width) != head_width:
        raise refused(header.path, tr("its keys and values differ in length"))
    dimensions = data.whole("rope.dimension_count", head_width)
    if not 0 < dimensions <= head_width or dimensions % 2:
        raise gguf_file.broken(header.path, tr("it does not say its {name}", name="rope.dimension_count"))
    turned = rope(file, data, dimensions=dimensions, neox=NEOX[name], context=context)
    return Shape(
        architecture=name,
        width=width,
        feed_forward=data.whole("feed_forward_length"),
        heads=heads,
        kv_heads=kv_heads,
        head_width=head_width,
        vocabulary=file.tensor("token_embd.weight").rows,
        context=data.whole("context_length"),
        eps=data.real("attention.layer_norm_rms_epsilon"),
        layers=(Layer(turned),) * layers,
        attention_scale=default_scale(head_width),
        fused_qkv="blk.0.attn_qkv.weight" in file,
    )


def _as_it_is(shape: Shape, _file: MappedFile, _data: Metadata) -> Shape:
    return shape


def _qwen3(shape: Shape, _file: MappedFile, _data: Metadata) -> Shape:
    return replace(shape, qk_norms=True)


def _phi3(shape: Shape, _file: MappedFile, _data: Metadata) -> Shape:
    # the file may speak of a sliding window; llama.cpp does not use it
    return replace(shape, fused_gate_up=True)


def _smollm3(shape: Shape, _file: MappedFile, _data: Metadata) -> Shape:
    layers = tuple(Layer(None) if (i + 1) % _NO_ROPE_STEP == 0 else layer for i, layer in enumerate(shape.layers))
    return replace(shape, layers=layers)


def _granite(shape: Shape, _file: MappedFile, data: Metadata) -> Shape:
    if not data.true("rope.scaling.finetuned", default=True):  # granite's switch for rope
        shape = replace(shape, layers=(Layer(None),) * len(shape.layers))
    divisor = data.real("logit_scale")
    if divisor == 0:
        raise gguf_file.broken(data.header.path, tr("it does not say its {name}", name="logit_scale"))
    return replace(
        shape,
        attention_scale=data.real("attention.scale", 0.0) or shape.attention_scale,
        embedding_scale=data.real("embedding_scale", 0.0) or 1.0,
        residual_scale=data.real("residual_scale", 0.0) or 1.0,
        logit_scale=1.0 / divisor,
    )


def _gemma3(shape: Shape, _file: MappedFile, data: Metadata) -> Shape:
    count = len(shape.layers)
    scale = 1.0 / math.sqrt(shape.width // shape.heads) if count == _GEMMA3_27B_LAYERS else shape.attention_scale
    layers = shape.layers
    window = data.whole("attention.sliding_window", 0)
    if window:
        period = data.whole("attention.sliding_window_pattern", _GEMMA3_PERIOD)
        dimensions = data.whole("rope.dimension_count", shape.head_width)
        local = Layer(Rope(frequencies(data.real("rope.freq_base_swa", 10_000.0), dimensions)), window)
        layers = tuple(local if period == 0 or i % period < period - 1 else layers[i] for i in range(count))
    return replace(
        shape,
        layers=layers,
        attention_scale=scale,
        activation="gelu",
        qk_norms=True,
        post_norms=True,
        embedding_scale=math.sqrt(shape.width),
        logit_softcap=data.real("final_logit_softcapping", 0.0),
    )


_REFINED: Final[dict[str, Callable[[Shape, MappedFile, Metadata], Shape]]] = {
    "qwen3": _qwen3,
    "phi3": _phi3,
    "smollm3": _smollm3,
    "granite": _granite,
    "gemma3": _gemma3,
}


def tensors(shape: Shape) -> dict[str, tuple[int, int]]:
    """(inputs, outputs) of each linear of a block, by its name within the block."""
    q, kv, wide = shape.q_rows, shape.kv_rows, shape.feed_forward
    qkv = (q + 2 * kv,) if shape.fused_qkv else (q, kv, kv)
    gate_up = (2 * wide,) if shape.fused_gate_up else (wide, wide)
    return {
        **{name: (shape.width, rows) for name, rows in zip(shape.qkv_names, qkv, strict=True)},
        "attn_output": (q, shape.width),
        **{name: (shape.width, rows) for name, rows in zip(shape.gate_up_names, gate_up, strict=True)},
        "ffn_down": (wide, shape.width),
    }


def _expected(shape: Shape, *, biased: bool) -> tuple[dict[str, tuple[int, int]], dict[str, tuple[int, int]]]:
    """(inputs, outputs) of all tensors that the file must have, and of those that it may have."""
    vector, linears = (shape.width, 1), tensors(shape)
    needed = {"token_embd.weight": (shape.width, shape.vocabulary), "output_norm.weight": vector}
    pairs = next((len(layer.rope.frequencies) for layer in shape.layers if layer.rope), 0)
    may = {f"rope_{name}.weight": (pairs, 1) for name in ("freqs", "factors_long", "factors_short")}
    may["output.weight"] = (shape.width, shape.vocabulary)
    for i in range(len(shape.layers)):
        block = {"attn_norm": vector, "ffn_norm": vector, **linears}
        if shape.qk_norms:
            block |= {"attn_q_norm": (shape.head_width, 1), "attn_k_norm": (shape.head_width, 1)}
        if shape.post_norms:
            block |= {"post_attention_norm": vector, "post_ffw_norm": vector}
        needed |= {f"blk.{i}.{name}.weight": sides for name, sides in block.items()}
        if biased:
            may |= {f"blk.{i}.{name}.bias": (outputs, 1) for name, (_, outputs) in linears.items()}
    return needed, may


def _check_tensors(file: MappedFile, shape: Shape) -> None:
    """Every tensor is one that training computes with, and of the size that the metadata say."""
    needed, may = _expected(shape, biased=shape.architecture in _BIASED)
    every = needed | may
    for name in file.names():
        if name not in every:
            raise refused(file.header.path, tr("training does not know its tensor {name}", name=name))
    for name in needed:
        file.tensor(name)
    for name in file.names():
        tensor = file.tensor(name)
        if (tensor.columns, tensor.rows) != every[name]:
            raise gguf_file.broken(file.header.path, tr("its tensor {name} has the wrong size", name=name))
