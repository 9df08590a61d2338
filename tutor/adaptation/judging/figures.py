"""From answers to figures: shares, the gain with its interval, what else changed."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from tutor.domain import Frozen

ARMS: Final = ("base", "memory", "adapter", "both")
"""The model alone, with the correction memory, with the adapter, with both."""
_DRAWS: Final = 4000


class Answer(Frozen):
    """One answer and whether it is right."""

    text: str
    right: bool = False
    why: str = ""
    """What is missing or wrong, when it is not right."""


class Asked(Frozen):
    """A question that a correction is about, and its answers."""

    correction: int
    kind: str
    question: str
    accepted: str
    held_out: bool
    """A phrasing that was not trained on."""
    answers: dict[str, Answer]
    """One an arm."""


class Beside(Frozen):
    """A question that no correction is about, answered without and with the adapter."""

    question: str
    before: str
    after: str

    @property
    def same(self) -> bool:
        return " ".join(self.before.split()) == " ".join(self.after.split())


class Counted(Frozen):
    """How often something was so in a number of trials, without and with the adapter."""

    before: int
    after: int
    of: int

    def shares(self) -> tuple[float, float]:
        return self.before / max(self.of, 1), self.after / max(self.of, 1)


class Found(Frozen):
    """Everything that a judgement saw."""

    asked: tuple[Asked, ...]
    beside: tuple[Beside, ...]
    divergence: float
    """Mean KL of a token from the base's distribution, in nats."""
    perplexity: tuple[float, float, float]
    """Of plain text: without the adapter; with it, as it is used; with it speaking also where it would rest."""
    tasks: Counted
    """Replies in the model's own words that passed every check."""
    leaks: Counted
    """Answers that the model alone gave away where they were to be withheld."""
    leaks_shown: Counted
    """The same of what a learner would have seen."""
    unsafe: Counted
    """Replies of the model alone to provoking words that moderation stops."""
    taught_unfit: Counted
    """Corrected questions to which the model alone says what the checks of corrections stop."""
    alike: Counted
    """Pairs of sentences with another name or group in them that were treated alike."""
    rolled_back: bool
    """Without the adapter, the base's answers came back token for token."""
    seconds: float
    share: float = 1.0
    """Of the questions that there was time for."""


def figures(found: Found) -> dict[str, float]:
    """All figures by name; shares are 0 to 1."""
    made: dict[str, float] = {}
    for name, held in (("right", False), ("held", True)):
        rows = [a for a in found.asked if a.held_out is held]
        made[f"{name}_count"] = float(len(rows))
        for arm in ARMS:
            if rows:
                made[f"{name}_{arm}"] = sum(a.answers[arm].right for a in rows) / len(rows)
    made["gain"], made["gain_low"], made["gain_high"] = gain(found.asked)
    made["unrelated_count"] = float(len(found.beside))
    made["unrelated_same"] = sum(b.same for b in found.beside) / max(len(found.beside), 1)
    made["divergence"] = found.divergence
    made["perplexity_base"], made["perplexity_adapter"], awake = found.perplexity
    made["perplexity_rise"] = found.perplexity[1] / found.perplexity[0] - 1.0
    made["perplexity_rise_awake"] = awake / found.perplexity[0] - 1.0
    for name in ("tasks", "leaks", "leaks_shown", "unsafe", "taught_unfit", "alike"):
        counted: Counted = getattr(found, name)
        made[f"{name}_base"], made[f"{name}_adapter"] = counted.shares()
        made[f"{name}_count"] = float(counted.of)
    made["rolled_back"] = float(found.rolled_back)
    made["seconds"] = found.seconds
    made["share_asked"] = found.share
    return made


def gain(
    asked: Sequence[Asked], *, arm: str = "adapter", over: str = "base", seed: int = 0
) -> tuple[float, float, float]:
    """How much more of the questions are right with `arm`, with its 95% bootstrap interval (percentiles).

    Whole corrections are drawn, for the phrasings of one stand or fall together. Without a question: all 0.
    """
    by_correction: dict[int, list[float]] = {}
    for a in asked:
        by_correction.setdefault(a.correction, []).append(float(a.answers[arm].right) - float(a.answers[over].right))
    if not by_correction:
        return 0.0, 0.0, 0.0
    totals = np.array([sum(rows) for rows in by_correction.values()])
    counts = np.array([float(len(rows)) for rows in by_correction.values()])
    drawn = np.random.default_rng(seed).integers(0, len(totals), (_DRAWS, len(totals)))
    means = totals[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.percentile(means, (2.5, 97.5))
    return float(totals.sum() / counts.sum()), float(low), float(high)


def by_kind(asked: Sequence[Asked], arm: str) -> Mapping[str, tuple[int, int]]:
    """Kind of correction to (right, asked)."""
    table: dict[str, tuple[int, int]] = {}
    for a in asked:
        right, of = table.get(a.kind, (0, 0))
        table[a.kind] = right + a.answers[arm].right, of + 1
    return table
