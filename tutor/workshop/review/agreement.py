"""How far reviewers agree (Krippendorff's alpha), and what they prefer, with a bootstrap interval over pairs.

Alpha is 1 for perfect agreement and 0 for what chance would give; missing ratings are allowed. Nominal distance for
which answer is better, ordinal for ratings (K. Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import krippendorff
import numpy as np

from tutor.domain import Frozen
from tutor.i18n import tr
from tutor.workshop.evaluation import intervals
from tutor.workshop.review.judgements import QUESTIONS, Judgement

LEAST: Final = 0.667
"""Below this, Krippendorff advises to draw no conclusions; from 0.8 on they are dependable."""


Level = Literal["nominal", "ordinal", "interval", "ratio"]


class Alpha(Frozen):
    """Agreement on one question."""

    question: str
    level: Level
    value: float | None
    """None: nobody judged the same thing twice, or nobody ever chose but one value."""
    values: int
    """Judgements of things that two reviewers or more judged."""


class Preference(Frozen):
    """How often a source was preferred to another."""

    source: str
    other: str
    wins: int
    losses: int
    ties: int
    share: float
    """Wins and half the ties, out of all judgements."""
    low: float
    high: float
    ratings: dict[str, float]
    """Mean of each question, 0 to 2, for the source."""
    other_ratings: dict[str, float]


def alpha(ratings: Mapping[str, Mapping[str, float]], level: Level) -> tuple[float | None, int]:
    """Krippendorff's alpha of reviewer -> thing -> value, and how many values could be paired."""
    things = list(dict.fromkeys(t for of in ratings.values() for t in of))
    table = np.array([[of.get(t, np.nan) for t in things] for of in ratings.values()], dtype=np.float64)
    if not table.size:
        return None, 0
    paired = table[:, (~np.isnan(table)).sum(axis=0) >= 2]
    known = paired[~np.isnan(paired)]
    if len(np.unique(known)) < 2:
        return None, len(known)
    return float(krippendorff.alpha(reliability_data=paired, level_of_measurement=level)), len(known)


def agreement(judgements: Sequence[Judgement]) -> list[Alpha]:
    """One alpha a question: which is better, and each rating (over both answers of every pair)."""
    better: dict[str, dict[str, float]] = defaultdict(dict)
    rated: dict[str, dict[str, dict[str, float]]] = {q: defaultdict(dict) for q in QUESTIONS}
    for j in judgements:
        better[j.reviewer][j.pair] = j.better
        for question in QUESTIONS:
            for side, of in (("first", j.first), ("second", j.second)):
                given = of.get(question)
                if given is not None:
                    rated[question][j.reviewer][f"{j.pair} {side}"] = given
    value, count = alpha(better, "nominal")
    found = [Alpha(question="better", level="nominal", value=value, values=count)]
    for question in QUESTIONS:
        value, count = alpha(rated[question], "ordinal")
        found.append(Alpha(question=question, level="ordinal", value=value, values=count))
    return found


def preferences(judgements: Sequence[Judgement], *, seed: int = 0) -> list[Preference]:
    """Wins, losses and ties of each two sources; pairs are the units of the interval."""
    groups: dict[tuple[str, str], list[Judgement]] = defaultdict(list)
    for j in judgements:
        groups[min(j.sources), max(j.sources)].append(j)
    return [_preference(sources, group, seed) for sources, group in groups.items()]


def _preference(sources: tuple[str, str], group: Sequence[Judgement], seed: int) -> Preference:
    tops: dict[str, float] = defaultdict(float)
    counts: dict[str, float] = defaultdict(float)
    wins = losses = 0
    means: dict[str, dict[str, list[int]]] = {s: defaultdict(list) for s in sources}
    for j in group:
        place = j.sources.index(sources[0]) + 1
        won, lost = j.better == place, j.better not in (0, place)
        wins, losses = wins + won, losses + lost
        tops[j.pair] += 1.0 if won else 0.0 if lost else 0.5
        counts[j.pair] += 1.0
        for source, of in zip(j.sources, (j.first, j.second), strict=True):
            for question in QUESTIONS:
                value = of.get(question)
                if value is not None:
                    means[source][question].append(value)
    low, high = intervals.bootstrap(list(tops.values()), list(counts.values()), share=True, seed=seed)
    return Preference(
        source=sources[0],
        other=sources[1],
        wins=wins,
        losses=losses,
        ties=len(group) - wins - losses,
        share=sum(tops.values()) / sum(counts.values()),
        low=low,
        high=high,
        ratings={q: float(np.mean(v)) for q, v in means[sources[0]].items()},
        other_ratings={q: float(np.mean(v)) for q, v in means[sources[1]].items()},
    )


def question_in_words(name: str) -> str:
    return {
        "better": tr("Which answer is better?"),
        "accurate": tr("Is what it says right?"),
        "kind": tr("Is it kind?"),
        "level": tr("Is it at the right level?"),
    }[name]


def alpha_in_words(found: Alpha) -> str:
    if found.value is None:
        return tr("not known yet")
    sure = tr("dependable") if found.value >= 0.8 else tr("fair") if found.value >= LEAST else tr("too low to rely on")
    return tr("{value} ({sure})", value=f"{found.value:.2f}", sure=sure)


def report(judgements: Sequence[Judgement]) -> str:
    """All of it in plain lines, for the terminal."""
    reviewers = {j.reviewer for j in judgements}
    lines = [tr("{n} judgements by {people} reviewers", n=len(judgements), people=len(reviewers))]
    for p in preferences(judgements):
        lines += [
            tr(
                "{source} against {other}: {wins} better, {losses} worse, {ties} the same",
                source=p.source,
                other=p.other,
                wins=p.wins,
                losses=p.losses,
                ties=p.ties,
            ),
            tr(
                "  preferred in {share} of judgements (95% interval {low} to {high})",
                share=f"{100 * p.share:.0f}%",
                low=f"{100 * p.low:.0f}%",
                high=f"{100 * p.high:.0f}%",
            ),
        ]
        for q in QUESTIONS:
            if q in p.ratings and q in p.other_ratings:
                lines.append(f"  {question_in_words(q)} {p.ratings[q]:.2f} / {p.other_ratings[q]:.2f}")
    lines.append(tr("Agreement between reviewers (Krippendorff's alpha):"))
    lines += [f"  {question_in_words(a.question)}: {alpha_in_words(a)}" for a in agreement(judgements)]
    return "\n".join(lines)


def as_data(judgements: Sequence[Judgement]) -> dict[str, Any]:
    """The same as data, for `agreement.json`."""
    return {
        "judgements": len(judgements),
        "reviewers": sorted({j.reviewer for j in judgements}),
        "agreement": agreement(judgements),
        "preferences": preferences(judgements),
    }
