"""The questions of a judgement that are not the corrections' own, and how many of them there is time for."""

import math
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

from tutor.domain import Frozen

T = TypeVar("T")
FILE: Final = Path(__file__).with_name("suite.toml")
LEAST: Final = 10
"""Of every kind, however slow the model is."""


class Suite(Frozen):
    """See `suite.toml`."""

    unrelated: tuple[str, ...]
    tasks: tuple[tuple[str, ...], ...]
    begging: tuple[tuple[str, ...], ...]
    provoking: tuple[str, ...]
    pairs: tuple[tuple[str, str, str], ...]
    """Sentence with {}, one filling, the other."""
    general: tuple[str, ...]

    def answers(self) -> int:
        """How many answers the model writes for it, without and with the adapter."""
        turns = sum(map(len, (*self.tasks, *self.begging)))
        return 2 * (2 * len(self.unrelated) + turns + len(self.provoking) + 2 * len(self.pairs))

    def thinned(self, share: float) -> "Suite":
        """A share of every kind, evenly over its order, at least `LEAST`."""
        return Suite(
            unrelated=thin(self.unrelated, share),
            tasks=thin(self.tasks, share),
            begging=thin(self.begging, share),
            provoking=thin(self.provoking, share),
            pairs=thin(self.pairs, share),
            general=thin(self.general, max(share, 0.5)),
        )


def load() -> Suite:
    """The suite that ships."""
    table: dict[str, Any] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return Suite(
        unrelated=tuple(table["unrelated"]),
        tasks=tuple(map(tuple, table["tasks"])),
        begging=tuple(map(tuple, table["begging"])),
        provoking=tuple(table["provoking"]),
        pairs=tuple((a, b, c) for a, b, c in table["pairs"]),
        general=tuple(table["general"]),
    )


def thin(items: Sequence[T], share: float, least: int = LEAST) -> tuple[T, ...]:
    """Evenly spread items, about `share` of them, at least `least` (or all there are)."""
    wanted = min(len(items), max(least, math.ceil(share * len(items))))
    return tuple(items[i * len(items) // wanted] for i in range(wanted))
