"""Bootstrap intervals for figures and for differences between two models, and Holm's correction of several tests.

A figure is a ratio of sums over units (conversations, or pairs of sentences): the units are drawn again with
replacement, so that replies of one conversation, which resemble each other, stay together.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

LEVEL: Final = 0.95
DRAWS: Final = 2000
EXACT: Final = 14
"""Up to so many units every assignment of signs is counted instead of a sample of them."""


def resampled(tops: Numbers, bottoms: Numbers, *, draws: int = DRAWS, seed: int = 0) -> Numbers:
    """The ratio sum(tops) / sum(bottoms) in `draws` samples of the units with replacement; nan where 0 / 0."""
    rng = np.random.default_rng(seed)
    chosen = rng.integers(0, len(tops), (draws, len(tops)))
    below = bottoms[chosen].sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(below > 0, tops[chosen].sum(axis=1) / below, np.nan), dtype=np.float64)


def percentiles(values: Numbers) -> tuple[float, float]:
    """The middle 95% of the values that are numbers; nan without any."""
    known = values[~np.isnan(values)]
    if not len(known):
        return float("nan"), float("nan")
    outside = (1 - LEVEL) / 2
    return float(np.quantile(known, outside)), float(np.quantile(known, 1 - outside))


def bootstrap(
    tops: Sequence[float], bottoms: Sequence[float], *, share: bool = False, draws: int = DRAWS, seed: int = 0
) -> tuple[float, float]:
    """The 95% percentile interval of sum(tops) / sum(bottoms) over units.

    Where a `share` is 0 or 1 in every unit, drawing again cannot show any doubt; the end is then the rule of three
    (Hanley and Lippman-Hand, JAMA 1983): 3 / n, with n the number of units.
    """
    top, bottom = np.asarray(tops, dtype=np.float64), np.asarray(bottoms, dtype=np.float64)
    used = bottom > 0
    if not used.any():
        return float("nan"), float("nan")
    top, bottom = top[used], bottom[used]
    if share and (not top.any() or np.array_equal(top, bottom)):
        doubt = min(1.0, 3 / len(top))
        return (0.0, doubt) if not top.any() else (1 - doubt, 1.0)
    return percentiles(resampled(top, bottom, draws=draws, seed=seed))


def difference(
    ours: tuple[Sequence[float], Sequence[float]],
    theirs: tuple[Sequence[float], Sequence[float]],
    *,
    exponential: bool = False,
    share: bool = False,
    draws: int = DRAWS,
    seed: int = 0,
) -> tuple[float, float, float]:
    """Theirs minus ours with its 95% interval; both are (tops, bottoms) of the same units in the same order, and each
    draw takes the same units for both (a paired bootstrap).

    Where a `share` differs by as much in every unit, by nothing for instance, the ends are that and 3 / n to both
    sides, as for a single share: two units that agree are no proof that all would.
    """
    sets = [[np.asarray(part, dtype=np.float64) for part in side] for side in (ours, theirs)]
    turned = np.exp if exponential else np.asarray
    point = [turned(top.sum() / bottom.sum()) if bottom.sum() else np.nan for top, bottom in sets]
    drawn = [turned(resampled(top, bottom, draws=draws, seed=seed)) for top, bottom in sets]
    gap = float(point[1] - point[0])
    if share and (each := _gaps(sets)).size and np.ptp(each) == 0:
        doubt = 3 / len(each)
        return gap, max(-1.0, gap - doubt), min(1.0, gap + doubt)
    low, high = percentiles(np.asarray(drawn[1] - drawn[0]))
    return gap, low, high


def _gaps(sets: Sequence[Sequence[Numbers]]) -> Numbers:
    """Theirs minus ours in each unit that both have anything of."""
    (tops, bottoms), (their_tops, their_bottoms) = sets
    both = (bottoms > 0) & (their_bottoms > 0)
    return np.asarray(their_tops[both] / their_bottoms[both] - tops[both] / bottoms[both], dtype=np.float64)


def permutation(differences: Sequence[float], *, draws: int = 10_000, seed: int = 0) -> float:
    """Two-sided p of a paired permutation test: how often signs turned at random give a mean this far from 0.

    With at most `EXACT` differences that are not 0, every assignment of signs is counted; otherwise `draws` random
    ones, the observed among them (Phipson and Smyth, 2010), so that p is never 0. Without any difference: 1.
    """
    known: Any = np.asarray(differences, dtype=np.float64)
    known = known[known != 0]
    if not len(known):
        return 1.0
    seen = abs(known.sum()) * (1 - 1e-12)
    if len(known) <= EXACT:
        bits = np.arange(2 ** len(known))[:, None] >> np.arange(len(known))
        sums = (np.where(bits & 1, 1.0, -1.0) * known).sum(axis=1)
        return float((np.abs(sums) >= seen).mean())
    rng = np.random.default_rng(seed)
    signs = rng.choice((-1.0, 1.0), (draws, len(known)))
    return float((1 + (np.abs(signs @ known) >= seen).sum()) / (draws + 1))


def holm(values: Sequence[float]) -> list[float]:
    """Adjusted p values for several tests (Holm, 1979), in the order given."""
    order = sorted(range(len(values)), key=values.__getitem__)
    adjusted = [0.0] * len(values)
    highest = 0.0
    for place, index in enumerate(order):
        highest = max(highest, min(1.0, (len(values) - place) * values[index]))
        adjusted[index] = highest
    return adjusted
