"""A small search over the learning rate and the number of epochs, as far as the time allows.

Each try is a whole training; what was finished before the process was killed is not done again. Tries are ranked by
what they are for: first the held-out wordings answered rightly in free generation, then the loss on them.
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from tutor.adaptation.training import checkpoint, loop
from tutor.adaptation.training.loop import Outcome
from tutor.adaptation.training.settings import Settings

FACTORS: Final = ((1.0, 1.0), (2.0, 1.0), (0.5, 1.5), (1.0, 2.0), (3.0, 1.0))
"""Of the learning rate and of the epochs; the given settings first, so that the search is never worse off."""
_OVER: Final = 1.1
"""A try may take this much longer than the one before."""


class Tried(msgspec.Struct, frozen=True):
    """One finished try."""

    rate: float
    epochs: int
    outcome: Outcome
    answered: float
    """Share of the held-out wordings that were answered rightly."""
    seconds: float


def variants(settings: Settings) -> list[Settings]:
    """The settings to be tried, in this order."""
    return [
        msgspec.structs.replace(settings, rate=settings.rate * rate, epochs=max(1, round(settings.epochs * epochs)))
        for rate, epochs in FACTORS
    ]


def best(
    train: Callable[[Settings, Path, str], Outcome],
    answered: Callable[[Path], float],
    settings: Settings,
    folder: Path,
    *,
    key: str,
    minutes: float,
) -> tuple[Path, Outcome, tuple[Tried, ...]]:
    """The folder of the best try, how it ended, and all tries.

    `train(settings, folder, key)` trains and leaves its adapter in the folder; `answered(folder)` is the share of
    held-out wordings that it answers rightly. No try is begun that would not end within `minutes` if its epochs took as
    long as the slowest before.
    """
    tried: list[Tried] = []
    places: list[Path] = []
    for number, chosen in enumerate(variants(settings)):
        if tried and not _fits(tried, chosen, minutes):
            continue
        place = folder / f"try-{number}"
        place.mkdir(parents=True, exist_ok=True)
        tried.append(_one(train, answered, chosen, place, loop.digest(key, chosen)))
        places.append(place)
    first = max(range(len(tried)), key=lambda i: (tried[i].answered, -tried[i].outcome.held_out))
    return places[first], tried[first].outcome, tuple(tried)


def _fits(tried: Sequence[Tried], chosen: Settings, minutes: float) -> bool:
    spent = sum(one.seconds for one in tried)
    an_epoch = max(one.seconds / max(one.outcome.epochs, 1) for one in tried)
    return spent + an_epoch * chosen.epochs * _OVER <= minutes * 60


def _one(
    train: Callable[[Settings, Path, str], Outcome],
    answered: Callable[[Path], float],
    chosen: Settings,
    place: Path,
    key: str,
) -> Tried:
    """A try that is finished already, or a new one."""
    path = place / "tried.bin"
    saved = checkpoint.read(path, key, Tried)
    if saved is not None:
        return saved
    began = time.monotonic()
    outcome = train(chosen, place, key)
    one = Tried(
        rate=chosen.rate,
        epochs=chosen.epochs,
        outcome=outcome,
        answered=answered(place),
        seconds=time.monotonic() - began,
    )
    checkpoint.keep(path, key, one)
    (place / checkpoint.STATE).unlink(missing_ok=True)
    return one
