"""Example messages as vectors, with a linear layer fitted on them: how like each intent a message is.

The score of an intent is the mean similarity of its nearest examples plus the layer's output. Encoded examples and
layer are kept in `intent_model.npz`; examples that changed since are encoded again when the recogniser is made.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from tutor.tutoring import intent_rules

Embed = Callable[[Sequence[str]], npt.NDArray[np.float32]]
Array = npt.NDArray[np.float32]

SAD_SOUNDING: Final = "sad_sounding"
"""Examples that sound like distress and are none; no intent of its own."""

NEAREST: Final = 3
SIMILARITY: Final = np.float32(10.0)
"""Weight of the nearest examples beside the layer."""
_ROUNDS: Final = 300
_RATE: Final = 2.0
_DECAY: Final = 1e-3

_FILE: Final = Path(__file__).with_name("intent_model.npz")


@dataclass(frozen=True, slots=True)
class Model:
    """Encoded examples (n, 384), the index of each one's name, and the layer (384, names) with its bias (names,)."""

    names: tuple[str, ...]
    rows: Array
    labels: npt.NDArray[np.int64]
    layer: Array
    bias: Array
    digest: str

    def scores(self, row: Array) -> dict[str, float]:
        """A score for each name."""
        similar = self.rows @ row
        linear = row @ self.layer + self.bias
        found = {}
        for index, name in enumerate(self.names):
            nearest = np.sort(similar[self.labels == index])[-NEAREST:].mean()
            found[name] = float(SIMILARITY * nearest + linear[index])
        return found

    def save(self) -> None:
        """Write the file that ships beside this module."""
        np.savez_compressed(
            _FILE,
            names=np.array(self.names),
            rows=self.rows.astype(np.float16),
            labels=self.labels.astype(np.int8),
            layer=self.layer,
            bias=self.bias,
            digest=np.array(self.digest),
        )


def digest_of(examples: dict[str, list[str]]) -> str:
    """Changes whenever an example, its intent, or the spelling that is applied to it changes."""
    lines = [f"{name}\t{intent_rules.tidy(text)}" for name, texts in examples.items() for text in texts]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def load(examples: dict[str, list[str]], embed: Embed) -> Model:
    """The saved model when it fits the examples, else one fitted now."""
    if _FILE.is_file():
        with np.load(_FILE, allow_pickle=False) as saved:
            if str(saved["digest"]) == digest_of(examples):
                return Model(
                    names=tuple(str(name) for name in saved["names"]),
                    rows=saved["rows"].astype(np.float32),
                    labels=saved["labels"].astype(np.int64),
                    layer=saved["layer"],
                    bias=saved["bias"],
                    digest=str(saved["digest"]),
                )
    return fit(examples, embed)


def fit(examples: dict[str, list[str]], embed: Embed) -> Model:
    """Encode the examples and fit the layer by gradient descent with momentum on the softmax loss."""
    names = tuple(examples)
    texts = [intent_rules.tidy(text) for name in names for text in examples[name]]
    labels = np.array([index for index, name in enumerate(names) for _ in examples[name]], dtype=np.int64)
    rows = embed(texts)
    centre = rows.mean(axis=0)
    x = rows - centre
    wanted = np.eye(len(names), dtype=np.float32)[labels]
    layer = np.zeros((rows.shape[1], len(names)), dtype=np.float32)
    bias = np.zeros(len(names), dtype=np.float32)
    speed = np.zeros_like(layer)
    for _ in range(_ROUNDS):
        z = x @ layer + bias
        p = np.exp(z - z.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        speed = 0.9 * speed - _RATE * (x.T @ (p - wanted) / len(x) + _DECAY * layer)
        layer += speed
        bias -= _RATE * (p - wanted).mean(axis=0)
    return Model(
        names=names,
        rows=rows,
        labels=labels,
        layer=layer.astype(np.float32),
        bias=(bias - centre @ layer).astype(np.float32),
        digest=digest_of(examples),
    )
