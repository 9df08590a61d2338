"""Reads the sum of a story with the text encoder: `word_reader.npz` holds what was learned, and how sure is sure.

Made by `tutor workshop reader starter`. Needs no language model; the encoder is handed in.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from tutor.tutoring import sum_reader
from tutor.tutoring.story_numbers import slotted, told

Array = npt.NDArray[np.float32]
Changes = Mapping[str, tuple[Array, Array]]
Encode = Callable[[str], tuple[Array, list[tuple[int, int]]]]
"""A text's token states (tokens, 768), and each token's first and last character (the same for special ones)."""

FILE: Final = Path(__file__).with_name("word_reader.npz")
_HEADS: Final = ("head.", "second.")
_CHANGE: Final = "encoder."


class Learned(NamedTuple):
    """What the file holds."""

    heads: tuple[dict[str, Array], ...]
    """Two: one reads words in their sentences, one words that hardly know the others."""
    changes: dict[str, tuple[Array, Array]]
    """Of the encoder: A and B by the layer they belong to."""


def load(path: Path = FILE) -> Learned:
    """Raises OSError or ValueError when the file cannot be read."""
    with np.load(path, allow_pickle=False) as saved:
        arrays = {name: saved[name].astype(np.float32) for name in saved.files}
    heads = tuple(
        {name.removeprefix(head): array for name, array in arrays.items() if name.startswith(head)} for head in _HEADS
    )
    if not all(heads):
        raise ValueError("a head of the sum reader is missing")
    layers = sorted({name[len(_CHANGE) : -2] for name in arrays if name.startswith(_CHANGE)})
    return Learned(heads, {name: (arrays[f"{_CHANGE}{name}.a"], arrays[f"{_CHANGE}{name}.b"]) for name in layers})


def save(heads: Mapping[str, Array], changes: Changes, path: Path = FILE) -> None:
    """Write what `load` reads. `heads`: arrays named `head...` and `second...`."""
    arrays = dict(heads)
    for name, (a, b) in changes.items():
        arrays[f"{_CHANGE}{name}.a"], arrays[f"{_CHANGE}{name}.b"] = a, b
    halves: dict[str, Any] = {name: _short(array) for name, array in arrays.items()}
    np.savez_compressed(path, **halves)


def _short(array: Array) -> npt.NDArray[np.float16]:
    """In half precision with eight bits of mantissa: the file shrinks by a tenth, no probability by a hundredth."""
    bits = np.asarray(array, dtype=np.float16).view(np.uint16).astype(np.uint32)
    return ((bits + 2) & 0xFFFC).astype(np.uint16).view(np.float16)


class WordReader:
    """Belongs to the thread of its encoder."""

    def __init__(self, heads: Sequence[Mapping[str, Array]], encode: Encode) -> None:
        self._heads, self._encode = [sum_reader.Head(head) for head in heads], encode

    @classmethod
    def load(cls, encoder: Callable[[Changes], Encode], path: Path = FILE) -> Self:
        """`encoder` makes the function that encodes, with the changes that were learned. Raises as `load`."""
        learned = load(path)
        return cls(learned.heads, encoder(learned.changes))

    def read(self, story: str) -> list[sum_reader.Candidate]:
        """Results that the story (normal or not) may ask for, the likeliest first; none where it has no two numbers."""
        plain = told(story)
        seen = slotted(plain)
        if len(seen.quantities) < 2:
            return []
        tokens, offsets = self._encode(seen.text)
        half = tokens.shape[1] // 2
        words = np.concatenate([tokens[:, half:], tokens[:, half:]], axis=1)
        return sum_reader.candidates(self._heads, plain, seen, (tokens, words), sum_reader.places(seen, offsets))
