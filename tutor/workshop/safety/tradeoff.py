"""What each threshold trades, as a picture and as numbers: harmless texts stopped, against harmful ones that pass."""

import json
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from tutor.i18n import tr
from tutor.workshop.safety.levels import Harmful, Scores
from tutor.workshop.safety.sources import LABELS

FILE = "thresholds.png"
NUMBERS = "tradeoff.json"
"""Beside it: by label the levels, the share of harmless texts stopped and of harmful ones that pass, and counts."""


def draw(path: Path, benign: Scores, harmful: Harmful, levels: dict[str, float], budget: float) -> None:
    """One small graph a label over its level; the dotted line is the level chosen for what learners write.

    The numbers are written beside it, for the page on which a school looks at them.
    """
    figure = Figure(figsize=(9, 7), layout="constrained")
    grid = np.linspace(0.02, 0.99, 98)
    numbers: dict[str, object] = {}
    for axes, label in zip(figure.subplots(3, 3, sharex=True, sharey=True).flat, LABELS, strict=True):
        calm = np.array([scores[label] for scores in benign])
        bad = np.array([scores[label] for scores, has in harmful if label in has])
        stopped = [100 * (calm >= level).mean() for level in grid]
        missed = [100 * (bad < level).mean() if len(bad) else np.nan for level in grid]
        numbers[label] = {
            "levels": [round(float(level), 3) for level in grid],
            "stopped": [round(float(share) / 100, 4) for share in stopped],
            "passed": [round(float(share) / 100, 4) if len(bad) else None for share in missed],
            "harmless": len(calm),
            "harmful": len(bad),
        }
        axes.plot(grid, missed, color="#1f5fa8", label=tr("harmful texts that pass"))
        axes.plot(grid, stopped, color="#b3541e", label=tr("harmless texts stopped"))
        axes.axhline(100 * budget, color="grey", linewidth=0.6)
        axes.axvline(levels[label], color="black", linestyle=":", label=tr("chosen"))
        axes.set_yscale("symlog", linthresh=1)
        axes.set_ylim(0, 100)
        axes.set_yticks([0, 1, 10, 100], ["0", "1%", "10%", "100%"])
        axes.set_title(f"{label} (n={len(bad)})", fontsize=9)
        axes.tick_params(labelsize=7)
    figure.axes[0].legend(fontsize=7, loc="center left")
    figure.supxlabel(tr("block level"), fontsize=9)
    figure.savefig(path, dpi=80, metadata={"Software": None})
    path.with_name(NUMBERS).write_text(json.dumps(numbers) + "\n", encoding="utf-8")
