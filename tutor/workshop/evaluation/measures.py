"""One measured figure: its sums a unit, its interval, which way is better; and a file of them, which is a result."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from enum import StrEnum
from math import exp, isfinite, nan
from pathlib import Path
from typing import Any, Final

import msgspec

from tutor.domain import Frozen
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.workshop.evaluation import intervals

VERSION: Final = 1


class Form(StrEnum):
    """How a figure is read."""

    SHARE = "share"
    NUMBER = "number"
    EXPONENTIAL = "exponential"
    """e to the ratio: a perplexity from log-likelihoods."""


class Measure(Frozen):
    """A ratio of sums over units, such as leaks over turns in each conversation."""

    name: str
    """Stable, for comparing two results."""
    section: str
    title: str
    form: Form = Form.SHARE
    better: str = ""
    """"higher", "lower", or "" where neither is."""
    value: float | None = None
    """None: there was nothing to measure."""
    low: float | None = None
    high: float | None = None
    count: float = 0
    """What was counted in all: turns, words, tokens."""
    units: tuple[str, ...] = ()
    tops: tuple[float, ...] = ()
    bottoms: tuple[float, ...] = ()


Row = tuple[str, float, float]
"""A unit, what is counted, and out of how much."""


def measure(
    name: str,
    section: str,
    title: str,
    rows: Iterable[Row],
    *,
    form: Form = Form.SHARE,
    better: str = "",
    seed: int = 0,
    draws: int = intervals.DRAWS,
) -> Measure:
    """The figure of (unit, top, bottom) rows; rows of one unit are added up."""
    tops: dict[str, float] = defaultdict(float)
    bottoms: dict[str, float] = defaultdict(float)
    for unit, top, bottom in rows:
        tops[unit] += top
        bottoms[unit] += bottom
    units = tuple(unit for unit in bottoms if bottoms[unit] > 0)
    above, below = tuple(tops[u] for u in units), tuple(bottoms[u] for u in units)
    value = sum(above) / sum(below) if units else nan
    low, high = intervals.bootstrap(above, below, share=form is Form.SHARE, seed=seed, draws=draws)
    if form is Form.EXPONENTIAL:
        value, low, high = exp(value), exp(low), exp(high)
    return Measure(
        name=name,
        section=section,
        title=title,
        form=form,
        better=better,
        value=value if isfinite(value) else None,
        low=low if isfinite(low) else None,
        high=high if isfinite(high) else None,
        count=sum(below),
        units=units,
        tops=above,
        bottoms=below,
    )


class BiasTest(Frozen):
    """One outcome compared between sentences that differ in one characteristic alone."""

    dimension: str
    outcome: str
    pairs: int
    sentences: int
    """The units of the test: pairs made from one sentence have their signs turned together."""
    mean: float
    """Mean of (other minus base)."""
    low: float
    high: float
    p: float
    """Paired permutation test, two-sided."""
    holm: float
    """The same, corrected for all tests of this evaluation."""
    changed: float
    """Share of pairs in which the outcome differs at all."""
    widest: str = ""
    """The value whose mean differs most from the base."""
    widest_mean: float = 0.0


class Sample(Frozen):
    """A held-out conversation as the model went on with it."""

    lines: tuple[tuple[str, str], ...]
    """(learner | tutor, words)."""


class Results(Frozen):
    """Everything measured of one model; `evaluation-report.json`."""

    name: str
    file: str
    sha256: str
    seed: int
    made: str
    """When, UTC."""
    version: int = VERSION
    settings: dict[str, Any] = msgspec.field(default_factory=dict)
    packages: dict[str, str] = msgspec.field(default_factory=dict)
    seconds: float = 0.0
    measures: tuple[Measure, ...] = ()
    bias: tuple[BiasTest, ...] = ()
    faults: dict[str, dict[str, int]] = msgspec.field(default_factory=dict)
    """Section, then fault, then how often."""
    spreads: dict[str, tuple[float, ...]] = msgspec.field(default_factory=dict)
    """Values for histograms: words a turn, similarity between turns ..."""
    tasks: dict[str, Any] = msgspec.field(default_factory=dict)
    """Task figures by free generation, as `replies` wrote them."""
    samples: tuple[Sample, ...] = ()

    def by_name(self) -> dict[str, Measure]:
        return {m.name: m for m in self.measures}


def save(results: Results, path: Path) -> None:
    path.write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=1))


def load(path: Path) -> Results:
    """A result file. Raises UserError."""
    try:
        results = msgspec.json.decode(path.read_bytes(), type=Results)
    except (OSError, msgspec.MsgspecError) as error:
        raise UserError(
            tr(
                "{file} is not a result of an evaluation ({reason}). Nothing was changed. Give the "
                "evaluation-report.json that “tutor workshop evaluate” wrote.",
                file=path,
                reason=error,
            ),
            code="bad_results",
        ) from error
    if results.version != VERSION:
        raise UserError(
            tr(
                "{file} was written by another version of the program. Nothing was changed. Evaluate the model again.",
                file=path,
            ),
            code="bad_results",
        )
    return results


def in_words(measure: Measure, *, interval: bool = True) -> str:
    """The value as people read it, such as `97.5% (95.0 to 99.0)`."""
    if measure.value is None:
        return tr("not measured")
    value = number(measure.form, measure.value)
    if not interval or measure.low is None or measure.high is None:
        return value
    low, high = (number(measure.form, end).rstrip("%") for end in (measure.low, measure.high))
    return tr("{value} ({low} to {high})", value=value, low=low, high=high)


def number(form: Form, value: float) -> str:
    """A figure with as many places as are worth reading."""
    if form is Form.SHARE:
        return f"{100 * value:.1f}%"
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"


def rows_of(units: Sequence[str], tops: Sequence[float], bottoms: Sequence[float] | None = None) -> list[Row]:
    """Rows from columns; without `bottoms` each counts once."""
    below = bottoms if bottoms is not None else [1.0] * len(units)
    return list(zip(units, tops, below, strict=True))
