"""How like an order, an insult or an answer given away a sentence is, by its meaning: for what no rule foresaw.

A linear layer over the text encoder's vectors, fitted on `orders_examples.toml` by `python -m tutor.bench.orders` and
kept in `order_likeness.npz`. Stands beside the rules of `tutor.moderation.orders`, never in their place.
"""

import hashlib
import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]
EXAMPLES: Final = Path(__file__).with_name("orders_examples.toml")
FILE: Final = Path(__file__).with_name("order_likeness.npz")
_ROUNDS: Final = 3000
_RATE: Final = 0.5
_DECAY: Final = 0.03
_SHARPER: Final = 8.0
"""Vectors have length 1; their products are small."""
_END: Final = re.compile(r"(?<=[.!?;:])\s+|\n+|,\s+(?:and|but|so|also|then)\s+")


class Layer(NamedTuple):
    """The fitted layer."""

    weights: Array
    """(384,)"""
    bias: float
    threshold: float
    """Log-odds from which a text is stopped."""
    digest: str
    """Of the examples that it was fitted on."""


def parts(text: str) -> tuple[str, ...]:
    """What is judged: the whole, and each sentence, so that none hides among others; none of one or two words."""
    pieces = (text.strip(), *(piece.strip() for piece in _END.split(text)))
    return tuple(dict.fromkeys(piece for piece in pieces if len(piece.split()) > 2))


def examples() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Hostile and honest ones."""
    read = tomllib.loads(EXAMPLES.read_text(encoding="utf-8"))
    return tuple(read["hostile"]), tuple(read["honest"])


def digest() -> str:
    """Of the examples as they are now."""
    return hashlib.sha256(EXAMPLES.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def scores(rows: Array, layer: Layer) -> Array:
    """Log-odds of each row (n, 384): above `layer.threshold` it is stopped. Shape (n,)."""
    found: Array = (_SHARPER * (rows @ layer.weights) + layer.bias).astype(np.float32)
    return found


def fit(rows: Array, hostile: npt.NDArray[np.bool_]) -> tuple[Array, float]:
    """Weights and bias of a logistic regression with both classes of equal weight; rows (n, 384), of length 1."""
    x, y = _SHARPER * rows.astype(np.float64), hostile.astype(np.float64)
    each = np.where(hostile, 0.5 / hostile.sum(), 0.5 / (~hostile).sum())
    weights, bias = np.zeros(rows.shape[1]), 0.0
    for _ in range(_ROUNDS):
        off = (1 / (1 + np.exp(-(x @ weights + bias))) - y) * each
        weights -= _RATE * (x.T @ off + _DECAY * weights)
        bias -= _RATE * float(off.sum())
    return weights.astype(np.float32), float(bias)


def save(layer: Layer) -> None:
    """Write the file that ships beside this module."""
    np.savez_compressed(
        FILE, weights=layer.weights, bias=layer.bias, threshold=layer.threshold, digest=np.array(layer.digest)
    )


@cache
def load() -> Layer:
    """Raises OSError, ValueError or KeyError when the file is missing or damaged."""
    with np.load(FILE, allow_pickle=False) as stored:
        return Layer(
            stored["weights"].astype(np.float32),
            float(stored["bias"]),
            float(stored["threshold"]),
            str(stored["digest"]),
        )


def stopped(vectors: Sequence[bytes]) -> bool:
    """Whether any of these encoded texts is too like the hostile ones. Raises ValueError for what is no vector."""
    layer = load()
    rows = np.frombuffer(b"".join(vectors), dtype="<f4").reshape(-1, len(layer.weights))
    return bool((scores(rows, layer) >= layer.threshold).any())
