"""Choosing the thresholds of the safety classifier on held-out benign text, and writing them for people to read."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tutor.moderation.thresholds import ALWAYS_ON, HIGHEST_FIXED

Scores = Sequence[dict[str, float]]
Harmful = Sequence[tuple[dict[str, float], set[str]]]
"""Scores and the labels that should have been found."""
FLOOR = {"threat": 0.45, "self_harm": 0.35, "dangerous_request": 0.4, "sexual_explicit": 0.45}
SAYS = {"self_harm": 0.95}
"""For what the tutor says: words of comfort speak of pain too, and words that urge to harm have labels of their own."""
OTHERS = 0.6
"""The lowest block level, by label: clear abuse scores far above it, odd short words just above a half."""
DEAR = {"self_harm": 5.0, "dangerous_request": 2.0, "threat": 2.0}
"""A missed disclosure weighs more than a missed rude word."""
OLDER = {"obscene": 0.15, "toxicity": 0.1, "insult": 0.1, "identity_attack": 0.05}
"""How much of the way to 1 a level moves up for each step in age (11-13, 14-17, adults)."""
HEAD = """# When a text is marked (review) and when it is stopped (block), by direction, label and age band.
# input: what a learner writes. output: what the tutor writes. Both numbers are probabilities, 0 to 1:
# lower is stricter. "*" holds for every age band that has no line of its own.
# Chosen on held-out benign classroom text so that at most {budget:.1%} of it is blocked.
# A school may change any number; the program checks the file when it starts.
"""


def choose(benign: Scores, harmful: Harmful, budget: float, *, says: bool = False) -> dict[str, float]:
    """Block level of each label, so that at most `budget` of the benign texts reach any of them.

    `harmful`: scores and labels of texts that should be stopped. Levels start at their floor; while too many benign
    texts are stopped, the label rises to its next benign score where that loses the fewest harmful texts for each
    benign one that it frees.
    """
    labels = list(benign[0])
    calm = np.array([[scores[label] for label in labels] for scores in benign])
    bad = {k: np.array([scores[label] for scores, has in harmful if label in has]) for k, label in enumerate(labels)}
    floors = {**FLOOR, **SAYS} if says else FLOOR
    levels = np.array([floors.get(label, OTHERS) for label in labels])
    highest = np.array([HIGHEST_FIXED if label in ALWAYS_ON else 0.99 for label in labels])
    while (stopped := (calm >= levels).any(axis=1)).mean() > budget:
        best, chosen = np.inf, -1
        for k in range(len(labels)):
            if levels[k] >= highest[k] or not (calm[:, k] >= levels[k]).any():
                continue
            raised = levels.copy()
            raised[k] = _next(calm[:, k], levels[k])
            freed = int(stopped.sum() - (calm >= raised).any(axis=1).sum())
            lost = float(((bad[k] >= levels[k]) & (bad[k] < raised[k])).mean()) if len(bad[k]) else 0.0
            cost = (DEAR.get(labels[k], 1.0) * lost + 1e-3) / (freed + 0.05)
            if cost < best:
                best, chosen = cost, k
        if chosen < 0:
            break
        levels[chosen] = min(_next(calm[:, chosen], levels[chosen]), highest[chosen])
    return dict(zip(labels, levels.round(4).tolist(), strict=True))


def _next(scores: np.ndarray, level: float) -> float:
    """Just above the lowest score that still reaches the level."""
    return float(scores[scores >= level].min()) + 1e-3


def render(chosen: dict[str, dict[str, float]], budget: float) -> str:
    """The thresholds file. `chosen`: direction to label to block level."""
    lines = [HEAD.format(budget=budget)]
    for direction, levels in chosen.items():
        for label, block in levels.items():
            lines.append(f"[{direction}.{label}]")
            lines.append(f'"*" = [{round(block * 0.6, 3)}, {block}]')
            if label in OLDER:
                for step, band in enumerate(("11-13", "14-17", "18+"), start=1):
                    raised = round(min(0.99, block + (1 - block) * OLDER[label] * step), 3)
                    lines.append(f'"{band}" = [{round(raised * 0.6, 3)}, {raised}]')
            lines.append("")
    return "\n".join(lines)


def write(path: Path, chosen: dict[str, dict[str, float]], budget: float) -> None:
    """Write the file."""
    path.write_text(render(chosen, budget), encoding="utf-8")
