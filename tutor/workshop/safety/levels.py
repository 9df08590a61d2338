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


def choose(
    benign: Scores, harmful: Harmful, budget: float, *, says: bool = False, least: dict[str, float] | None = None
) -> dict[str, float]:
    """Block level of each label, so that at most `budget` of the benign texts reach any of them.

    `harmful`: scores and labels of texts that should be stopped. Levels start at their floor, or at `least`; while
    too many benign texts are stopped, the one that can be let through at the least cost in harmful texts is: all labels
    that stop it rise above its scores.
    """
    labels = list(benign[0])
    calm = np.array([[scores[label] for label in labels] for scores in benign])
    bad = [np.array([scores[label] for scores, has in harmful if label in has]) for label in labels]
    floors = {**FLOOR, **SAYS} if says else FLOOR
    levels = np.array([(least or floors).get(label, OTHERS) for label in labels])
    highest = np.array([HIGHEST_FIXED if label in ALWAYS_ON else 0.99 for label in labels])
    while (stopped := (calm >= levels).any(axis=1)).mean() > budget:
        best, chosen = np.inf, levels
        for row in np.unique(calm[stopped], axis=0):
            raised = np.where(row >= levels, row + 1e-3, levels)
            if (raised > highest).any():
                continue
            freed = int(stopped.sum() - (calm >= raised).any(axis=1).sum())
            cost = (_lost(labels, bad, levels, raised) + 1e-3) / freed
            if cost < best:
                best, chosen = cost, raised
        if chosen is levels:
            break
        levels = chosen
    return dict(zip(labels, levels.round(4).tolist(), strict=True))


def _lost(labels: Sequence[str], bad: Sequence[np.ndarray], levels: np.ndarray, raised: np.ndarray) -> float:
    """What raised levels cost in harmful texts: the share of each label's that is no longer stopped, by its weight."""
    lost = 0.0
    for label, scores, level, above in zip(labels, bad, levels, raised, strict=True):
        if len(scores) and above > level:
            lost += DEAR.get(label, 1.0) * float(((scores >= level) & (scores < above)).mean())
    return lost


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
