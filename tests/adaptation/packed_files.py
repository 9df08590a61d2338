"""Tiny files made once a test run, and what the packed model and llama.cpp each make of the same texts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import llama_running
import numpy as np
import tiny_ggufs
import torch

from tutor.adaptation.packed.model import Batch, PackedModel

Array = np.ndarray[Any, Any]


class Files:
    """The files of `tiny_ggufs.KINDS`, each made when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def base(self, name: str, kind: str = "F16") -> Path:
        path = self._folder / f"{name}.{kind}.gguf"
        return path if path.exists() else tiny_ggufs.make(self._folder, name, kind)

    def adapter(self, name: str) -> Path:
        """The adapter that the heads of these files are fitted to."""
        self.base(name)
        return self._folder / f"{name}.adapter.gguf"


def opened(path: Path, name: str, **settings: Any) -> PackedModel:
    """The packed model with the random adapter of one of the KINDS on it."""
    model = PackedModel.open(
        path, rank=tiny_ggufs.RANK, alpha=tiny_ggufs.ALPHA, threads=1, context=llama_running.CONTEXT, **settings
    )
    model.load_state(
        {
            f"{base}.lora_{end}": torch.from_numpy(matrix)
            for base, pair in tiny_ggufs.adapter_of(tiny_ggufs.KINDS[name]).items()
            for end, matrix in zip("ab", pair, strict=True)
        }
    )
    return model


def batch(texts: list[list[int]], *, rows: Callable[[int], bool] = lambda _i: True) -> Batch:
    """The texts packed; the tokens at `rows` predict, and their targets are the ones that follow (0 after the last)."""
    tokens = torch.tensor([token for text in texts for token in text])
    places = torch.cat([torch.arange(len(text)) for text in texts])
    starts = torch.tensor([0, *np.cumsum([len(text) for text in texts]).tolist()])
    wanted = torch.tensor([i for i in range(len(tokens)) if rows(i)])
    following = torch.tensor([token for text in texts for token in [*text[1:], 0]])
    return Batch(tokens, places, starts, wanted, following[wanted])


def packed_logits(model: PackedModel, texts: list[list[int]]) -> Array:
    """(tokens of all texts, vocabulary) float32."""
    with torch.no_grad():
        found: Array = model.logits(model.hidden(batch(texts))).numpy()
    return found


def llama_logits(path: Path, adapter: Path | None = None) -> Array:
    """The same of `tiny_ggufs.texts()`, by llama.cpp, one text at a time."""
    with llama_running.running(path, adapter) as model:
        return np.concatenate([model.logits(text) for text in tiny_ggufs.texts()])


def same_top(mine: Array, theirs: Array) -> float:
    """Share of places with the same likeliest token."""
    return float((mine.argmax(1) == theirs.argmax(1)).mean())


def apart(mine: Array, theirs: Array) -> float:
    """Length of the difference as a share of the length."""
    return float(np.linalg.norm(mine - theirs) / np.linalg.norm(theirs))
