"""Reciprocal rank fusion: one order out of several searches."""

from collections.abc import Sequence
from typing import Final

CONSTANT: Final = 60
"""Cormack, Clarke and Buettcher (2009): large enough that no single first place decides."""


def fused(*lists: Sequence[int], weights: Sequence[float] = (), constant: int = CONSTANT) -> list[int]:
    """What the lists hold (best first each), best first: each place gives weight / (constant + place).

    `weights`: one a list; none: all count alike.
    """
    scores: dict[int, float] = {}
    for each, weight in zip(lists, weights or (1.0,) * len(lists), strict=True):
        for place, found in enumerate(each, start=1):
            scores[found] = scores.get(found, 0.0) + weight / (constant + place)
    return sorted(scores, key=lambda found: (-scores[found], found))
