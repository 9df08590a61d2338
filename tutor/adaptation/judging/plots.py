"""The report's pictures: how often answers are right in the four arms, and what else changed against its margin."""

import base64
import io
from collections.abc import Mapping
from typing import Any, Final

import matplotlib
from matplotlib.figure import Figure

from tutor.adaptation.judging import gate
from tutor.adaptation.judging.figures import ARMS
from tutor.i18n import tr
from tutor.intervals import wilson

INK, QUIET, LINE, ACCENT, WARM = "#1D2430", "#5A6472", "#E4E1DA", "#2F6B5E", "#9F5521"
_WIDTH: Final = 7.6
_STYLE: Final = {
    "font.size": 10,
    "svg.hashsalt": "tutor",
    "axes.edgecolor": LINE,
    "axes.labelcolor": QUIET,
    "text.color": INK,
    "xtick.color": QUIET,
    "ytick.color": INK,
}


def arm(name: str) -> str:
    return {
        "base": tr("as it was"),
        "memory": tr("with memory"),
        "adapter": tr("with the adapter"),
        "both": tr("with both"),
    }[name]


def right(figures: Mapping[str, float]) -> str:
    """Shares of right answers with their intervals, in the four arms."""
    kinds = [k for k in ("right", "held") if figures.get(f"{k}_count")]
    names = {"right": tr("the corrected questions"), "held": tr("the same in other words")}
    with matplotlib.rc_context(_STYLE):
        figure, axes = _new(0.9 + 0.34 * len(ARMS) * len(kinds))
        rows: list[str] = []
        for k, kind in enumerate(kinds):
            for name in ARMS:
                share, count = figures[f"{kind}_{name}"], figures[f"{kind}_count"]
                low, high = wilson(share * count, count)
                row = len(rows) + 0.6 * k
                rows.append(f"{names[kind]}, {arm(name)}")
                axes.plot([100 * low, 100 * high], [row, row], color=(ACCENT, WARM)[k], linewidth=2)
                axes.plot([100 * share], [row], "os"[k], color=(ACCENT, WARM)[k], markersize=7)
        places = [i + 0.6 * (i // len(ARMS)) for i in range(len(rows))]
        axes.set_yticks(places, rows)
        axes.set_ylim(places[-1] + 0.6, -0.6)
        axes.set_xlim(-2, 102)
        axes.set_xlabel(tr("per cent right, with 95% intervals"))
        return _data(figure)


def margins(figures: Mapping[str, float]) -> str:
    """How much of its margin each check used; beyond the line the adapter is not used."""
    rows = [(m, m.worse_by(figures)) for m in gate.MARGINS]
    with matplotlib.rc_context(_STYLE):
        figure, axes = _new(0.9 + 0.42 * len(rows))
        axes.axvline(1, color=WARM, linewidth=1.5)
        axes.axvline(0, color=QUIET, linewidth=1)
        for i, (margin, worse) in enumerate(rows):
            if worse is None:
                continue
            allowed = margin.allowed(figures)
            used = worse / allowed if allowed else (0.0 if worse <= 0 else 2.0)
            used = max(-1.5, min(2.0, used))
            over = worse > allowed + 1e-9
            axes.plot([used], [i], "D" if over else "o", color=WARM if over else ACCENT, markersize=7)
        axes.set_yticks(range(len(rows)), [_wrapped(gate.title(m.name)) for m, _ in rows])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlim(-1.6, 2.1)
        axes.set_xticks([0, 1], [tr("as before"), tr("margin")])
        axes.set_xlabel(tr("worse to the right; beyond the margin: a diamond"))
        return _data(figure)


def _new(height: float) -> tuple[Figure, Any]:
    figure = Figure(figsize=(_WIDTH, height), layout="constrained")
    axes = figure.add_subplot()
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0)
    axes.grid(axis="x", color=LINE, linewidth=0.8)
    axes.set_axisbelow(True)
    return figure, axes


def _wrapped(text: str, width: int = 44) -> str:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) + 1 > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def _data(figure: Figure) -> str:
    """The picture as a data address, for a page that needs no other file."""
    out = io.BytesIO()
    figure.savefig(out, format="svg", metadata={"Date": None})
    return "data:image/svg+xml;base64," + base64.b64encode(out.getvalue()).decode()
