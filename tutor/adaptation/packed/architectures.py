"""From a GGUF file to the shape that training computes: the seven architectures, as llama.cpp runs them.

What a block is made of comes from transformers' class for the architecture; numbers, rope, scales and windows come from
the file's metadata, read as llama.cpp reads them. Queries and keys are turned in the file's own order of rows
(neighbouring pairs for llama, smollm3 and granite, halves for the others), so nothing is permuted here, and an
adapter's rows are those of the tensor that it belongs to.
"""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from tutor.adaptation.packed import architectures_class
from tutor.adaptation.packed.architectures_class import Made
from tutor.adaptation.packed.architectures_known import NEOX, check
from tutor.adaptation.packed.architectures_metadata import Metadata, refused
from tutor.adaptation.packed.architectures_rope import rope
from tutor.adaptation.packed.mapped import MappedFile
from tutor.adaptation.packed.shape import Layer, Rope, Shape, default_scale, frequencies
from tutor.engine import gguf_file, memory
from tutor.errors import UserError
from tutor.i18n import tr

_GEMMA3_27B_LAYERS: Final = 62
"""By this number of layers llama.cpp tells the 27B model, whose attention is scaled by width / heads."""


def describe(file: MappedFile, *, context: int = 0) -> Shape:
    """What the file's model computes when llama.cpp gives it `context` tokens (0: what the engine would choose).

    Imports transformers. Raises UserError: code `architecture` for a model that training does not know, `model_broken`
    where tensors are missing or of another size than the metadata say.
    """
    check(file.header)
    data = Metadata(file.header)
    shape = _numbers(file, data)
    _check_sizes(file, shape)
    dimensions = _dimensions(data, shape.head_width)
    turned = rope(
        file,
        data,
        dimensions=dimensions,
        neox=NEOX[shape.architecture],
        context=context or memory.context_length(file.header),
    )
    made = architectures_class.make(
        file.header.path, shape, tied="output.weight" not in file, period=_period(data, len(shape.layers))
    )
    shape = _as_made(shape, made, data, turned)
    if shape.architecture in _SCALES:
        shape = _SCALES[shape.architecture](shape, data)
    _check_tensors(file, shape, made)
    return shape


def _numbers(file: MappedFile, data: Metadata) -> Shape:
    """A shape of the file's numbers alone, whose layers are empty."""
    header = file.header
    width, heads, layers = data.whole("embedding_length"), data.whole("attention.head_count"), data.whole("block_count")
    kv_heads = data.whole("attention.head_count_kv", heads)
    if not heads or not kv_heads or heads % kv_heads:
        raise gguf_file.broken(header.path, tr("it does not say its {name}", name="attention.head_count"))
    head_width = data.whole("attention.key_length", width // heads)
    if not head_width:
        raise gguf_file.broken(header.path, tr("it does not say its {name}", name="attention.key_length"))
    if data.whole("attention.value_length", head_width) != head_width:
        raise refused(header.path, tr("its keys and values differ in length"))
    return Shape(
        architecture=header.architecture,
        width=width,
        feed_forward=data.whole("feed_forward_length"),
        heads=heads,
        kv_heads=kv_heads,
        head_width=head_width,
        vocabulary=file.tensor("token_embd.weight").rows,
        context=data.whole("context_length"),
        eps=data.real("attention.layer_norm_rms_epsilon"),
        layers=(Layer(None),) * layers,
        attention_scale=default_scale(head_width),
    )


def _dimensions(data: Metadata, head_width: int) -> int:
    """How many of a head's numbers are turned."""
    dimensions = data.whole("rope.dimension_count", head_width)
    if not 0 < dimensions <= head_width or dimensions % 2:
        raise gguf_file.broken(data.header.path, tr("it does not say its {name}", name="rope.dimension_count"))
    return dimensions


def _period(data: Metadata, layers: int) -> int | None:
    """Of so many layers the last sees everything; None: what the class supposes. Of the seven, gemma3 alone has it."""
    if data.header.architecture != "gemma3" or "attention.sliding_window_pattern" not in data:
        return None
    return data.whole("attention.sliding_window_pattern") or layers + 1  # 0: none sees everything


def _as_made(shape: Shape, made: Made, data: Metadata, everywhere: Rope) -> Shape:
    """The shape with what transformers' class says of a block, and of each layer. `everywhere`: how layers turn."""
    # the files of other architectures may speak of a window, too (phi3's do); llama.cpp does not use it
    window = data.whole("attention.sliding_window", 0) if any(made.windowed) else 0
    local = _local(data, shape.head_width) if window else everywhere
    return replace(
        shape,
        layers=tuple(
            Layer((local if windowed else everywhere) if turned else None, window if windowed else 0)
            for turned, windowed in zip(made.turned, made.windowed, strict=True)
        ),
        activation=made.activation,
        fused_qkv="attn_qkv" in made.block,
        fused_gate_up="ffn_gate" not in made.block,
        qk_norms="attn_q_norm" in made.block,
        post_norms="post_attention_norm" in made.block,
    )


def _local(data: Metadata, head_width: int) -> Rope:
    """How gemma3's layers with a window turn."""
    base = data.real("rope.freq_base_swa", 10_000.0)
    if base <= 1:
        raise gguf_file.broken(data.header.path, tr("it does not say its {name}", name="rope.freq_base_swa"))
    return Rope(frequencies(base, _dimensions(data, head_width)))


def _granite(shape: Shape, data: Metadata) -> Shape:
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


def _gemma3(shape: Shape, data: Metadata) -> Shape:
    large = len(shape.layers) == _GEMMA3_27B_LAYERS
    return replace(
        shape,
        attention_scale=default_scale(shape.width // shape.heads) if large else shape.attention_scale,
        embedding_scale=math.sqrt(shape.width),
        logit_softcap=data.real("final_logit_softcapping", 0.0),
    )


_SCALES: Final[dict[str, Callable[[Shape, Metadata], Shape]]] = {"granite": _granite, "gemma3": _gemma3}
"""Factors that llama.cpp reads from a file, or has in its code."""


def _check_sizes(file: MappedFile, shape: Shape) -> None:
    """The numbers from which all sizes follow are those of tensors in the file: no class is made huge for nothing."""
    if file.tensor("token_embd.weight").columns != shape.width:
        raise _wrong_size(file, "token_embd.weight")
    for i in range(len(shape.layers)):
        for name, inputs in (("attn_output", shape.q_rows), ("ffn_down", shape.feed_forward)):
            tensor = file.tensor(f"blk.{i}.{name}.weight")
            if (tensor.columns, tensor.rows) != (inputs, shape.width):
                raise _wrong_size(file, tensor.name)


def _check_tensors(file: MappedFile, shape: Shape, made: Made) -> None:
    """Training computes with all that the class has, and the file has that and nothing else, of the same sizes."""
    pairs = next((len(layer.rope.frequencies) for layer in shape.layers if layer.rope), 0)
    factors = {f"rope_{name}.weight": (pairs, 1) for name in ("freqs", "factors_long", "factors_short")}
    every = made.weights | made.biases | factors
    names = file.names()
    computed = _computed(shape)
    unknown = [name for name in made.weights | made.biases if name not in computed]
    unknown += [name for name in names if name not in every]
    if unknown:
        raise refused(file.header.path, tr("training does not know its tensor {name}", name=unknown[0]))
    for name in made.weights:
        file.tensor(name)
    for name in names:
        tensor = file.tensor(name)
        if (tensor.columns, tensor.rows) != every[name]:
            raise _wrong_size(file, name)


def _computed(shape: Shape) -> frozenset[str]:
    """The tensors that training reads where they exist, beside factors of rope."""
    norms = [
        *("attn_norm", "ffn_norm"),
        *(("attn_q_norm", "attn_k_norm") if shape.qk_norms else ()),
        *(("post_attention_norm", "post_ffw_norm") if shape.post_norms else ()),
    ]
    linears = [f"{name}.{kind}" for name in shape.linear_names for kind in ("weight", "bias")]
    block = [*linears, *(f"{name}.weight" for name in norms)]
    outside = ("token_embd.weight", "output_norm.weight", "output.weight")
    return frozenset((*outside, *(f"blk.{i}.{name}" for i in range(len(shape.layers)) for name in block)))


def _wrong_size(file: MappedFile, name: str) -> UserError:
    return gguf_file.broken(file.header.path, tr("its tensor {name} has the wrong size", name=name))
