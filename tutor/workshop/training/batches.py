"""Batches for reading: windows cut across documents, or whole documents. The same for any number of processes."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from tutor.errors import UserError
from tutor.i18n import tr

Batch = tuple[Any, Any, Any]
"""Inputs, targets (both (rows, length), int64) and the targets' weights (float32)."""
Batches = Iterator[Batch]
"""Endless; one for every step."""


def windows(
    tokens: np.ndarray, weights: np.ndarray, *, context: int, batch: int, seed: int, rank: int = 0, world: int = 1
) -> Batches:
    """Windows of `context` tokens cut across documents, in random order; a new cut every round.

    `batch` is shared by all `world` processes: each gets its own part. Raises UserError where the text does not fill a
    window.
    """
    if len(tokens) <= context:
        raise UserError(
            tr(
                "The text has {tokens} tokens, and the network reads {n} at once. Nothing was trained. Add text, or "
                "make [network] context smaller.",
                tokens=len(tokens),
                n=context,
            ),
            code="too-little-text",
        )
    rng = np.random.default_rng(seed)
    part = batch // world
    while True:
        offset = int(rng.integers(0, context))
        starts = np.arange(offset, len(tokens) - context - 1, context)
        if len(starts) < batch:
            starts = np.resize(np.arange(0, max(1, len(tokens) - context - 1), max(1, context // 4)), batch)
        rng.shuffle(starts)
        for i in range(rank * part, len(starts) - (world - rank) * part + 1, batch):
            yield cut(tokens, weights, starts[i : i + part], context)


def cut(tokens: np.ndarray, weights: np.ndarray, starts: np.ndarray, context: int) -> Batch:
    """The windows that begin at `starts`."""
    chosen = starts[:, None] + np.arange(context + 1)[None]
    rows = torch.from_numpy(tokens[chosen].astype(np.int64))
    return rows[:, :-1], rows[:, 1:], torch.from_numpy(weights[chosen[:, 1:]])


def in_order(
    tokens: np.ndarray, weights: np.ndarray, *, context: int, most: int, rank: int = 0, world: int = 1
) -> list[Batch]:
    """The first windows, about `most` tokens, one after the other: what a held-out loss is measured on."""
    starts = np.arange(0, min(len(tokens) - context - 1, most), context)
    return [cut(tokens, weights, starts[i : i + 1], context) for i in range(rank, len(starts), world)]


def documents(
    tokens: np.ndarray,
    weights: np.ndarray,
    *,
    end: int,
    context: int,
    batch: int,
    seed: int,
    rank: int = 0,
    world: int = 1,
) -> Batches:
    """Whole documents, each from its own beginning as at run time, filled up to one length where they stand together.

    Documents of like length make a group of at most `context` tokens; a step reads `batch` groups, shared by all
    `world` processes. `end` is the token that ends a document; longer ones than `context` are left out. Raises
    UserError where that leaves none.
    """
    rng = np.random.default_rng(seed)
    ends = [int(i) + 1 for i in np.flatnonzero(tokens == end)]
    bounds = [(a, b) for a, b in zip([0, *ends[:-1]], ends, strict=True) if b - a <= context + 1]
    if not bounds:
        raise UserError(
            tr(
                "Not one text fits into the {n} tokens that the network reads at once. Nothing was trained. Make "
                "[network] context greater, or the texts shorter.",
                n=context,
            ),
            code="texts-too-long",
        )
    part = batch // world
    while True:
        order = sorted(bounds, key=lambda bound: bound[1] - bound[0] + int(rng.integers(0, 40)))
        groups = grouped(order, context + 1)
        groups += groups[: -len(groups) % batch] if len(groups) > batch else groups * batch
        rounds = [groups[i : i + batch] for i in range(0, len(groups) - batch + 1, batch)]
        for which in rng.permutation(len(rounds)):
            mine = [bound for group in rounds[which][rank * part : (rank + 1) * part] for bound in group]
            yield padded(tokens, weights, mine, end)


Bound = tuple[int, int]


def grouped(order: list[Bound], room: int) -> list[list[Bound]]:
    """Neighbours together, as long as the longest times their number fits into `room`."""
    groups: list[list[Bound]] = [[]]
    longest = 0
    for a, b in order:
        longest = max(longest, b - a)
        if groups[-1] and (len(groups[-1]) + 1) * longest > room:
            groups.append([])
            longest = b - a
        groups[-1].append((a, b))
    return groups


def padded(tokens: np.ndarray, weights: np.ndarray, bounds: list[Bound], end: int) -> Batch:
    """The documents as one rectangle; what fills it up has no weight."""
    length = max(b - a for a, b in bounds)
    rows = np.full((len(bounds), length), end, dtype=np.int64)
    counts = np.zeros((len(bounds), length), dtype=np.float32)
    for i, (a, b) in enumerate(bounds):
        rows[i, : b - a], counts[i, : b - a] = tokens[a:b], weights[a:b]
    inputs = torch.from_numpy(rows)
    return inputs[:, :-1], inputs[:, 1:], torch.from_numpy(counts[:, 1:])
