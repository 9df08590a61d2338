"""Sequences laid end to end, so that no token of a step is padding; attention never crosses from one to the next."""

from collections.abc import Sequence
from typing import Any

import torch

from tutor.adaptation.packed.model import Batch
from tutor.adaptation.training.examples import Pair


def batch(pairs: Sequence[Pair], device: str = "cpu") -> tuple[Batch, list[slice]]:
    """All pairs as one batch, and for each the slice of the batch's `rows` that predicts its answer."""
    tokens: list[int] = []
    positions: list[int] = []
    rows: list[int] = []
    targets: list[int] = []
    starts, spans = [0], []
    for pair in pairs:
        first = len(tokens) + len(pair.prompt) - 1
        tokens += [*pair.prompt, *pair.answer[:-1]]
        positions += range(len(tokens) - starts[-1])
        starts.append(len(tokens))
        spans.append(slice(len(rows), len(rows) + len(pair.answer)))
        rows += range(first, len(tokens))
        targets += pair.answer

    def long(values: list[int]) -> Any:
        return torch.tensor(values, dtype=torch.long, device=device)

    made = Batch(
        tokens=long(tokens), positions=long(positions), starts=long(starts), rows=long(rows), targets=long(targets)
    )
    return made, spans
