"""Balance: no topic, intent or answer type may outweigh the others more than the recipe allows."""

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from random import Random
from typing import Final

import msgspec

from tutor.workshop.collect.settings import CollectSettings

SIDES: Final = ("topic", "intent", "kind")

Labels = tuple[str, str, str]


class Balance(msgspec.Struct, frozen=True):
    """Which pairs stay, and how the groups stood before and after."""

    kept: frozenset[int]
    caps: dict[str, int]
    """The most pairs that a group may have, by side."""
    before: dict[str, dict[str, int]]
    after: dict[str, dict[str, int]]


def cap(sizes: Sequence[int], settings: CollectSettings) -> int:
    """The most pairs of one group: the recipe's ratio times the median group, never below its floor."""
    if not sizes or settings.balance_ratio <= 0:
        return sum(sizes)
    return max(int(settings.balance_ratio * statistics.median_low(sizes)), settings.balance_floor)


def balanced(labels: Sequence[Labels], settings: CollectSettings) -> Balance:
    """Pairs drawn in a seeded random order as long as all three of their groups have room."""
    before = _counts(labels)
    caps = {side: cap(list(before[side].values()), settings) for side in SIDES}
    order = list(range(len(labels)))
    Random(settings.seed).shuffle(order)
    counts: dict[str, Counter[str]] = {side: Counter() for side in SIDES}
    kept = []
    for number in order:
        groups = list(zip(SIDES, labels[number], strict=True))
        if all(counts[side][group] < caps[side] for side, group in groups):
            kept.append(number)
            for side, group in groups:
                counts[side][group] += 1
    return Balance(frozenset(kept), caps, before, _counts([labels[number] for number in kept]))


def _counts(labels: Sequence[Labels]) -> dict[str, dict[str, int]]:
    sides: Mapping[str, Counter[str]] = {side: Counter() for side in SIDES}
    for row in labels:
        for side, group in zip(SIDES, row, strict=True):
            sides[side][group] += 1
    return {side: dict(counter.most_common()) for side, counter in sides.items()}
