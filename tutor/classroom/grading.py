"""A sample of answers to be graded without knowing whose they are: by chance, spread over days and lessons."""

import random
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Final

from tutor.store.grades import Drawable

SAMPLE: Final = 20
DAYS: Final = 30
"""Answers of so many days are drawn from."""


def draw(
    found: Sequence[Drawable], count: int = SAMPLE, *, seed: int = 0, but: Collection[int] = ()
) -> tuple[int, ...]:
    """Ids of answers: each day with each lesson gives one before any gives a second. `but`: those passed over."""
    chance = random.Random(seed)
    parts: dict[tuple[str, int | None], list[int]] = defaultdict(list)
    for each in found:
        if each.message_id not in but:
            parts[each.day, each.lesson_version_id].append(each.message_id)
    piles = list(parts.values())
    for pile in piles:
        chance.shuffle(pile)
    drawn: list[int] = []
    while piles and len(drawn) < count:
        chance.shuffle(piles)
        for pile in piles[: count - len(drawn)]:
            drawn.append(pile.pop())
        piles = [pile for pile in piles if pile]
    chance.shuffle(drawn)
    return tuple(drawn)
