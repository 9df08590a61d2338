"""Reciprocal rank fusion: one order out of several searches."""

from collections.abc import Sequence
from typing import Final

CONSTANT: Final = 60
"""Cormack, Clarke and Buettcher (2009): large enough that no single first place decides."""


def fused(*lists: Sequence[int]) -> list[int]:
    """What the lists hold (best first each), best first: each place gives 1 / (60 + place)."""
    scores: dict[int, float] = {}
    for each in lists:
        for place, found in enumerate(each, start=1):
            scores[found] = scores.get(found, 0.0) + 1.0 / (CONSTANT + place)
    return sorted(scores, key=lambda found: (-scores[found], found))
