"""Sequences laid end to end, so that no token of a step is padding; attention never crosses from one to the next.

What all prompts begin with, the guidelines, is read once a step, and each sequence goes on after it.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import torch

from tutor.adaptation.packed.model import Batch
from tutor.adaptation.training.examples import Examples, Pair

_PLAIN: Final = "plain"


def lead(examples: Examples) -> tuple[int, ...]:
    """The tokens that all prompts of conversations begin with; each has at least one of its own."""
    lessons = (
        pair.prompt for item in examples.lessons for pair in (*item.sure, *item.drawn, *item.recalled, *item.held)
    )
    replay = (item.prompt for item in examples.replay if item.kind != _PLAIN)
    return _common((*lessons, *replay))


def own(pair: Pair, before: Sequence[int]) -> int:
    """Tokens of a pair that are read for it alone; the last one of the answer is only predicted."""
    shared = len(before) if _goes_on(pair, before) else 0
    return len(pair.prompt) + len(pair.answer) - 1 - shared


def batch(pairs: Sequence[Pair], before: Sequence[int] = (), device: str = "cpu") -> tuple[Batch, list[slice]]:
    """All pairs as one batch, and for each the slice of the batch's `rows` that predicts its answer.

    `before`: see `lead`; it stands first, and those that begin with it go on after it.
    """
    first_one = list(before) if any(_goes_on(pair, before) for pair in pairs) else []
    tokens, positions = list(first_one), list(range(len(first_one)))
    rows: list[int] = []
    targets: list[int] = []
    starts, spans = [0, len(first_one)] if first_one else [0], []
    for pair in pairs:
        shared = len(before) if _goes_on(pair, before) else 0
        first = len(tokens) + len(pair.prompt) - shared - 1
        tokens += [*pair.prompt[shared:], *pair.answer[:-1]]
        positions += range(shared, shared + len(tokens) - starts[-1])
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


def _goes_on(pair: Pair, before: Sequence[int]) -> bool:
    return bool(before) and len(pair.prompt) > len(before) and pair.prompt[: len(before)] == tuple(before)


def _common(prompts: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    """What all begin with, but for the last token of the shortest."""
    every = [prompt[:-1] for prompt in prompts]
    if not every:
        return ()
    least, most = min(every), max(every)  # what these two begin with, all in between do
    return least[: next((i for i, (a, b) in enumerate(zip(least, most, strict=False)) if a != b), len(least))]
