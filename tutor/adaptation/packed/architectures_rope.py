"""Rope as llama.cpp works it out from a file's metadata: base, linear scaling, yarn, and factors from tensors.

Sources: llama.cpp's llama-model.cpp (what it reads), llama-context.cpp (yarn's attention factor) and ggml's rope
(the ramp between scaled and unscaled turns; Peng et al., YaRN, arXiv 2309.00071).
"""

import math

from tutor.adaptation.packed.architectures_metadata import Metadata
from tutor.adaptation.packed.mapped import MappedFile
from tutor.adaptation.packed.shape import Rope, frequencies
from tutor.engine import gguf_file
from tutor.i18n import tr


def rope(file: MappedFile, data: Metadata, *, dimensions: int, neox: bool, context: int) -> Rope:
    """How the file's layers turn queries and keys, when llama.cpp gives `context` tokens of context.

    Long rope factors are taken where that is more than the model was first trained with, else the short ones.
    """
    base = data.real("rope.freq_base", 10_000.0)
    if base <= 1:  # 1 would turn all pairs alike, and yarn divides by its logarithm
        raise gguf_file.broken(file.header.path, tr("it does not say its {name}", name="rope.freq_base"))
    turns = frequencies(base, dimensions)
    original = data.whole("rope.scaling.original_context_length", data.whole("context_length"))
    factors = _factors(file, dimensions // 2, long=context > original)
    if factors:
        turns = tuple(turn / factor for turn, factor in zip(turns, factors, strict=True))
    kind = data.text("rope.scaling.type", "linear")
    factor = data.real("rope.scaling.factor", data.real("rope.scale_linear", 0.0)) or 1.0
    if factor < 0:
        raise gguf_file.broken(file.header.path, tr("it does not say its {name}", name="rope.scaling.factor"))
    magnitude = data.real("rope.scaling.attn_factor", 1.0)
    if kind == "none" or factor == 1.0:
        return Rope(turns, neox, magnitude)
    scaled = tuple(turn / factor for turn in turns)
    if kind != "yarn":
        return Rope(scaled, neox, magnitude)
    keep = _ramp(data, base, dimensions, original)
    mixed = tuple(s * (1 - k) + t * k for s, t, k in zip(scaled, turns, keep, strict=True))
    return Rope(mixed, neox, magnitude * (1.0 + 0.1 * math.log(factor)))


def _factors(file: MappedFile, pairs: int, *, long: bool) -> tuple[float, ...]:
    """Divisors of the turns of each pair; none where the file has none."""
    for name in ("rope_freqs.weight", f"rope_factors_{'long' if long else 'short'}.weight"):
        if name in file:
            factors = tuple(float(value) for value in file.values(name))
            if len(factors) != pairs or not all(0 < factor < math.inf for factor in factors):
                raise gguf_file.broken(file.header.path, tr("its tensor {name} is damaged", name=name))
            return factors
    return ()


def _ramp(data: Metadata, base: float, dimensions: int, original: int) -> tuple[float, ...]:
    """The share of the unscaled turn in each pair: 1 for fast pairs, 0 for slow ones."""

    def pair(rotations: float) -> float:
        """Which pair turns so often within the original context."""
        return dimensions * math.log(original / (rotations * 2 * math.pi)) / (2 * math.log(base))

    fast = data.real("rope.scaling.yarn_beta_fast", 32.0)
    slow = data.real("rope.scaling.yarn_beta_slow", 1.0)
    if min(fast, slow, original) <= 0:
        raise gguf_file.broken(data.header.path, tr("it does not say its {name}", name="rope.scaling"))
    low, high = max(0.0, math.floor(pair(fast))), min(dimensions - 1.0, math.ceil(pair(slow)))
    return tuple(1.0 - min(1.0, max(0.0, (i - low) / max(0.001, high - low))) for i in range(dimensions // 2))
