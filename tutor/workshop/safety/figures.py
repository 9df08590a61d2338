"""Measures of the safety classifier and their bootstrap intervals."""

from collections.abc import Callable, Sequence

import numpy as np

from tutor.domain import Action, Direction
from tutor.moderation import spelling
from tutor.moderation.moderator import Moderator, ToJudge
from tutor.workshop.safety.sources import Row

Measure = Callable[[np.ndarray, np.ndarray], float]
STOPPED = frozenset({Action.BLOCK, Action.REFUSE, Action.SIGNPOST})


def auc(positive: np.ndarray, scores: np.ndarray) -> float:
    """Area under the ROC curve by ranks (ties count half); nan without both classes."""
    n_pos, n_neg = int(positive.sum()), int((~positive).sum())
    if not n_pos or not n_neg:
        return float("nan")
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    return float((ranks[positive].sum() - n_pos * (n_pos + 1) / 2) / (n_pos * n_neg))


def balanced(positive: np.ndarray, scores: np.ndarray, level: float = 0.5) -> float:
    """Balanced accuracy at a level; nan without both classes."""
    if not positive.any() or positive.all():
        return float("nan")
    said = scores >= level
    return float((said[positive].mean() + (~said[~positive]).mean()) / 2)


def best_level(positive: np.ndarray, scores: np.ndarray) -> float:
    """The level with the greatest balanced accuracy."""
    levels = np.linspace(0.02, 0.98, 49)
    return float(levels[int(np.argmax([balanced(positive, scores, level) for level in levels]))])


def interval(positive: np.ndarray, scores: np.ndarray, measure: Measure, seed: int = 0) -> tuple[float, float]:
    """95% bootstrap interval over rows; nan where a measure is."""
    rng = np.random.default_rng(seed)
    draws = [rng.integers(0, len(scores), len(scores)) for _ in range(200)] if len(scores) else []
    values = np.array([measure(positive[d], scores[d]) for d in draws])
    values = values[~np.isnan(values)]
    if not len(values):
        return float("nan"), float("nan")
    return float(np.quantile(values, 0.025)), float(np.quantile(values, 0.975))


def rate(hits: Sequence[bool], seed: int = 0) -> dict[str, float]:
    """A share with its 95% bootstrap interval and the number of rows."""
    values = np.array(hits, float)
    if not len(values):
        return {"share": float("nan"), "low": float("nan"), "high": float("nan"), "rows": 0}
    means = np.random.default_rng(seed).choice(values, (500, len(values))).mean(1)
    low, high = np.quantile(means, (0.025, 0.975))
    return {"share": float(values.mean()), "low": float(low), "high": float(high), "rows": len(values)}


def score(moderator: Moderator, rows: Sequence[Row]) -> list[dict[str, float]]:
    """Shipped classifier's scores: the text alone, or with its context where the row has one."""
    return [moderator.classifier.scores([(spelling.clean(r.text), r.context)])[0] for r in rows]


def verdicts(moderator: Moderator, rows: Sequence[Row], direction: Direction) -> list[Action]:
    """What the product does with each row."""
    items = [ToJudge(text=r.text, direction=direction, context=(r.context,) if r.context else ()) for r in rows]
    return [v.action for v in moderator.judge_many(items)]


def share(actions: Sequence[Action], wanted: frozenset[Action]) -> float:
    """The part of the actions that is among the wanted ones."""
    return sum(a in wanted for a in actions) / max(1, len(actions))
