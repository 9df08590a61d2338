"""Figures of the safety classifier on held-out rows: by label, by source, and what the product would do."""

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from tutor.domain import Action, Direction
from tutor.moderation import crisis, spelling
from tutor.moderation.moderator import Moderator, ToJudge
from tutor.workshop.safety.sources import LABELS, Row

Measure = Callable[[np.ndarray, np.ndarray], float]


def auc(positive: np.ndarray, scores: np.ndarray) -> float:
    """Area under the ROC curve by ranks (ties count half); nan without both classes."""
    n_pos, n_neg = int(positive.sum()), int((~positive).sum())
    if not n_pos or not n_neg:
        return float("nan")
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    return float((ranks[positive].sum() - n_pos * (n_pos + 1) / 2) / (n_pos * n_neg))


def balanced(positive: np.ndarray, scores: np.ndarray) -> float:
    """Balanced accuracy at 0.5; nan without both classes."""
    if not positive.any() or positive.all():
        return float("nan")
    said = scores >= 0.5
    return float((said[positive].mean() + (~said[~positive]).mean()) / 2)


def interval(positive: np.ndarray, scores: np.ndarray, measure: Measure, seed: int = 0) -> tuple[float, float]:
    """95% bootstrap interval over rows."""
    rng = np.random.default_rng(seed)
    draws = [rng.integers(0, len(scores), len(scores)) for _ in range(200)]
    values = [measure(positive[d], scores[d]) for d in draws]
    return float(np.nanquantile(values, 0.025)), float(np.nanquantile(values, 0.975))


def score(moderator: Moderator, rows: Sequence[Row]) -> list[dict[str, float]]:
    """Shipped classifier's scores: the text alone, or with its context where the row has one."""
    return [moderator.classifier.scores([(spelling.clean(r.text), r.context)])[0] for r in rows]


def by_label(rows: Sequence[Row], scored: Sequence[dict[str, float]]) -> list[dict[str, Any]]:
    """AUC with its interval for each label over all held-out rows that say something about it."""
    table = []
    for label in LABELS:
        known = [i for i, r in enumerate(rows) if label in r.labels]
        positive = np.array([rows[i].labels[label] > 0.5 for i in known])
        values = np.array([scored[i][label] for i in known])
        low, high = interval(positive, values, auc)
        table.append({"label": label, "rows": len(known), "positive": int(positive.sum())})
        table[-1] |= {"auc": auc(positive, values), "low": low, "high": high, "balanced": balanced(positive, values)}
    return table


def by_source(rows: Sequence[Row], scored: Sequence[dict[str, float]], label: str = "toxicity") -> list[dict[str, Any]]:
    """AUC and balanced accuracy of one label for each source that has both classes."""
    groups: dict[str, list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        if label in row.labels:
            groups[row.source.split(":")[0]].append(i)
    table = []
    for source, members in sorted(groups.items()):
        positive = np.array([rows[i].labels[label] > 0.5 for i in members])
        values = np.array([scored[i][label] for i in members])
        if positive.any() and not positive.all():
            low, high = interval(positive, values, auc)
            table.append({"source": source, "rows": len(members), "auc": auc(positive, values)})
            table[-1] |= {"low": low, "high": high, "balanced": balanced(positive, values)}
    return table


def verdicts(moderator: Moderator, rows: Sequence[Row], direction: Direction) -> list[Action]:
    """What the product does with each row."""
    items = [ToJudge(text=r.text, direction=direction, context=(r.context,) if r.context else ()) for r in rows]
    return [v.action for v in moderator.judge_many(items)]


def share(actions: Sequence[Action], wanted: set[Action]) -> float:
    """The part of the actions that is among the wanted ones."""
    return sum(a in wanted for a in actions) / max(1, len(actions))


def product(moderator: Moderator, rows: Sequence[Row], at_most: int = 600, seed: int = 0) -> dict[str, float]:
    """Rates that matter: false blocks of benign text, caught requests, disclosures, abuse. Held-out rows only."""
    rng = random.Random(seed)

    def pick(test: Callable[[Row], bool]) -> list[Row]:
        found = [r for r in rows if test(r)]
        return rng.sample(found, min(at_most, len(found)))

    benign = [r for r in rows if r.source.startswith(("own", "gsm8k")) and not any(r.labels.values())]
    stopped = {Action.BLOCK, Action.REFUSE, Action.SIGNPOST}
    said = [r for r in benign if r.source.startswith("own:tutor")]
    typed = [r for r in benign if not r.source.startswith("own:tutor") and not r.context]
    plain = [r for r in rows if r.source.startswith("own:") and "spelt" not in r.source and not r.context]
    told = [r for r in plain if r.labels.get("self_harm")]
    asked = [r for r in plain if r.labels.get("dangerous_request")]
    abuse = [r for r in plain if r.labels.get("toxicity")]
    figures = {
        "false blocks, tutor's sentences": share(verdicts(moderator, said, Direction.OUTPUT), stopped),
        "false blocks, learners and lessons": share(verdicts(moderator, typed, Direction.INPUT), stopped),
        "false marks, learners and lessons": share(verdicts(moderator, typed, Direction.INPUT), {Action.REVIEW}),
        "disclosures signposted": share(verdicts(moderator, told, Direction.INPUT), {Action.SIGNPOST}),
        "disclosures found by rules alone": sum(crisis.signs(r.text) is not None for r in told) / max(1, len(told)),
        "dangerous requests stopped, own": share(verdicts(moderator, asked, Direction.INPUT), stopped),
        "abuse stopped, own": share(verdicts(moderator, abuse, Direction.INPUT), stopped),
    }
    for source in ("aart", "ailuminate"):
        wanted = pick(lambda r, s=source: r.source == s and r.labels.get("dangerous_request") == 1.0)  # type: ignore[misc]
        figures[f"dangerous requests stopped, {source}"] = share(verdicts(moderator, wanted, Direction.INPUT), stopped)
    spelt = [r for r in rows if r.source.endswith(":spelt") and any(r.labels.values())]
    figures["disguised harm stopped, own"] = share(verdicts(moderator, spelt, Direction.INPUT), stopped)
    return figures
