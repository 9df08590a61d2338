"""Reads the sum of a story with the text encoder: `word_reader.npz` holds what was learned, and how sure is sure.

Made by `python -m tutor.workshop.reader`. Needs no language model; the encoder is handed in.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from tutor.tutoring import sum_reader, word_sums
from tutor.tutoring.story_numbers import slotted

Array = npt.NDArray[np.float32]
Changes = Mapping[str, tuple[Array, Array]]
Encode = Callable[[str], tuple[Array, list[tuple[int, int]]]]
"""A text's token states (tokens, 384), and each token's first and last character (the same for special ones)."""

FILE: Final = Path(__file__).with_name("word_reader.npz")
_HEAD: Final = "head."
_CHANGE: Final = "encoder."


def load(path: Path = FILE) -> tuple[dict[str, Array], dict[str, tuple[Array, Array]]]:
    """The head's arrays, and the encoder's changes as A and B by the layer they belong to."""
    with np.load(path, allow_pickle=False) as saved:
        arrays = {name: saved[name].astype(np.float32) for name in saved.files}
    head = {name.removeprefix(_HEAD): array for name, array in arrays.items() if name.startswith(_HEAD)}
    layers = {name[len(_CHANGE) : -2] for name in arrays if name.startswith(_CHANGE)}
    return head, {name: (arrays[f"{_CHANGE}{name}.a"], arrays[f"{_CHANGE}{name}.b"]) for name in sorted(layers)}


def save(head: Mapping[str, Array], changes: Changes, path: Path = FILE) -> None:
    """Write what `load` reads, in half precision."""
    arrays = {f"{_HEAD}{name}": array for name, array in head.items()}
    for name, (a, b) in changes.items():
        arrays[f"{_CHANGE}{name}.a"], arrays[f"{_CHANGE}{name}.b"] = a, b
    halves: dict[str, Any] = {name: np.asarray(array, dtype=np.float16) for name, array in arrays.items()}
    np.savez_compressed(path, **halves)


class WordReader:
    """Belongs to the thread of its encoder."""

    def __init__(self, head: Mapping[str, Array], encode: Encode) -> None:
        self._head, self._encode = sum_reader.Head(head), encode

    @classmethod
    def load(cls, encoder: Callable[[Changes], Encode], path: Path = FILE) -> Self:
        """`encoder` makes the function that encodes, with the changes that were learned."""
        head, changes = load(path)
        return cls(head, encoder(changes))

    def read(self, story: str) -> list[sum_reader.Candidate]:
        """Results that the story (normal or not) may ask for, the likeliest first; none where it has no two numbers."""
        told = word_sums.normal(story)
        seen = slotted(told)
        if len(seen.quantities) < 2:
            return []
        tokens, offsets = self._encode(seen.text)
        return sum_reader.candidates(self._head, told, seen, tokens, sum_reader.places(seen, offsets))
