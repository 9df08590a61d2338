"""What an epoch reads, in which order and which packs: the same again for the same seed, also after a restart."""

from collections.abc import Sequence
from random import Random

import msgspec

from tutor.adaptation.training.examples import Examples, Pair
from tutor.adaptation.training.packing import own
from tutor.adaptation.training.settings import Settings


class Item(msgspec.Struct, frozen=True):
    """One sequence of a step and what it is there for."""

    pair: Pair
    role: str
    """right | wrong (follows the right answer that it is compared with) | replay"""
    replay: int = -1
    """Number of the replay answer, whose base probabilities are kept."""


def epoch(examples: Examples, settings: Settings, number: int, before: Sequence[int] = ()) -> list[list[Item]]:
    """The steps of one epoch; each holds `settings.tokens` tokens or more, unless all together are fewer.

    `before`: tokens that are read once a step (`packing.lead`) and not counted, here as below.
    """
    rng = Random(f"{settings.seed} epoch {number}")
    groups = _taught(examples, settings, rng)
    kept = _replayed(examples, round(len(groups) * max(1.0, settings.replay)), settings, rng)
    rng.shuffle(groups)
    return _packed(_mixed(groups, kept), settings.tokens, before)


def held_out(examples: Examples, settings: Settings, before: Sequence[int] = ()) -> list[list[Item]]:
    """The held-out wordings in packs."""
    groups = [[Item(pair=pair, role="right")] for lesson in examples.lessons for pair in lesson.held]
    return _packed(groups, settings.tokens, before)


def all_replay(examples: Examples, settings: Settings, before: Sequence[int] = ()) -> list[list[Item]]:
    """Every replay answer once, in packs."""
    groups = [[_kept(examples, i)] for i in range(len(examples.replay))]
    return _packed(groups, settings.tokens, before)


def _taught(examples: Examples, settings: Settings, rng: Random) -> list[list[Item]]:
    """All accepted wordings of each correction, others drawn anew, and one with the answer in its notes."""
    groups = []
    for lesson in examples.lessons:
        more = max(0, settings.wordings - len(lesson.sure))
        pairs = [*lesson.sure, *rng.sample(lesson.drawn, min(more, len(lesson.drawn)))]
        groups += [[Item(pair=pair, role="right")] for pair in pairs]
        if lesson.recalled:
            groups.append([Item(pair=rng.choice(lesson.recalled), role="right")])
        if lesson.wrong is not None:
            groups.append([Item(pair=lesson.sure[0], role="right"), Item(pair=lesson.wrong, role="wrong")])
    return groups


def _replayed(examples: Examples, count: int, settings: Settings, rng: Random) -> list[list[Item]]:
    """`count` replay answers, every one before any comes again, and `settings.plain` plain texts besides."""
    kinds: dict[bool, list[int]] = {True: [], False: []}
    for i, exchange in enumerate(examples.replay):
        kinds[exchange.kind == "plain"].append(i)
    order: list[int] = []
    while kinds[False] and len(order) < count:
        order += rng.sample(kinds[False], len(kinds[False]))
    chosen = order[:count] + rng.sample(kinds[True], min(settings.plain, len(kinds[True])))
    rng.shuffle(chosen)
    return [[_kept(examples, i)] for i in chosen]


def _kept(examples: Examples, number: int) -> Item:
    exchange = examples.replay[number]
    return Item(pair=Pair(prompt=exchange.prompt, answer=exchange.answer), role="replay", replay=number)


def _mixed(one: Sequence[list[Item]], other: Sequence[list[Item]]) -> list[list[Item]]:
    """Both, spread evenly, so that each step has its share of either."""
    places = [((i + 0.5) / len(part), group) for part in (one, other) for i, group in enumerate(part)]
    return [group for _, group in sorted(places, key=lambda place: place[0])]


def _packed(groups: Sequence[list[Item]], least: int, before: Sequence[int]) -> list[list[Item]]:
    """Groups in steps of about equal size, none of fewer than `least` tokens unless there are no more."""
    sizes = [sum(own(item.pair, before) for item in group) for group in groups]
    count = max(1, sum(sizes) // (least + max(sizes, default=0)))
    each = sum(sizes) / count
    steps: list[list[Item]] = []
    taken, step = 0, list[Item]()
    for group, size in zip(groups, sizes, strict=True):
        step += group
        taken += size
        if taken >= each * (len(steps) + 1) - 0.5:
            steps.append(step)
            step = []
    return steps
