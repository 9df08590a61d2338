"""The report's pictures: intervals, differences, bias, spreads; each a matplotlib Figure turned into an SVG text."""

import base64
import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

import matplotlib
from matplotlib import font_manager
from matplotlib.figure import Figure

from tutor import paths
from tutor.i18n import tr
from tutor.workshop.evaluation.measures import BiasTest, Form, Measure

INK: Final = "#1D2430"
QUIET: Final = "#5A6472"
LINE: Final = "#E4E1DA"
ACCENT: Final = "#2F6B5E"
WARM: Final = "#9F5521"
COLOURS: Final = (ACCENT, WARM)
MARKS: Final = ("o", "s")
"""Two models differ by shape as well as by colour."""
WIDTH: Final = 7.6
FONT: Final = "Atkinson Hyperlegible Next"


def style() -> dict[str, Any]:
    """Settings of every picture; the font is the program's own, where it ships."""
    for file in sorted((paths.assets() / "fonts").glob("AtkinsonHyperlegibleNext-*.ttf")):
        font_manager.fontManager.addfont(str(file))
    known = {font.name for font in font_manager.fontManager.ttflist}
    return {
        "font.family": [FONT] if FONT in known else ["DejaVu Sans"],
        "font.size": 10,
        "svg.hashsalt": "tutor",
        "axes.edgecolor": LINE,
        "axes.labelcolor": QUIET,
        "text.color": INK,
        "xtick.color": QUIET,
        "ytick.color": INK,
    }


def new(height: float) -> tuple[Figure, Any]:
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    axes = figure.add_subplot()
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0)
    axes.grid(axis="x", color=LINE, linewidth=0.8)
    axes.set_axisbelow(True)
    return figure, axes


def svg(figure: Figure) -> str:
    """The picture as a data address, for an `img` of a page that needs no other file."""
    out = io.BytesIO()
    figure.savefig(out, format="svg", metadata={"Date": None})
    return "data:image/svg+xml;base64," + base64.b64encode(out.getvalue()).decode()


def shares(models: Sequence[tuple[str, Mapping[str, Measure]]], names: Sequence[str]) -> Figure | None:
    """Shares with their intervals, one row a figure, one mark a model."""
    wanted = [n for n in names if any(n in of and of[n].value is not None for _, of in models)]
    if not wanted:
        return None
    figure, axes = new(0.7 + 0.42 * len(wanted))
    for i, (title, of) in enumerate(models):
        away = 0.0 if len(models) == 1 else (i - 0.5) * 0.26
        for row, name in enumerate(wanted):
            m = of.get(name)
            if m is None or m.value is None:
                continue
            low, high = m.low if m.low is not None else m.value, m.high if m.high is not None else m.value
            axes.plot([100 * low, 100 * high], [row + away] * 2, color=COLOURS[i], linewidth=2, solid_capstyle="round")
            label = title if row == 0 else None
            axes.plot([100 * m.value], [row + away], MARKS[i], color=COLOURS[i], markersize=7, label=label)
    titles = {n: of[n].title for _, of in models for n in wanted if n in of}
    axes.set_yticks(range(len(wanted)), [wrapped(titles[n]) for n in wanted])
    axes.set_ylim(len(wanted) - 0.5, -0.5)
    axes.set_xlim(-2, 102)
    axes.set_xlabel(tr("per cent, with 95% intervals"))
    if len(models) > 1:
        _legend(axes)
    return figure


def differences(found: Sequence[tuple[Measure, float, float, float]], names: tuple[str, str]) -> Figure | None:
    """Differences of shares between two models (second minus first) with intervals, in points."""
    rows = [(m, d, low, high) for m, d, low, high in found if m.form is Form.SHARE and d == d and low == low]
    if not rows:
        return None
    figure, axes = new(0.7 + 0.42 * len(rows))
    axes.axvline(0, color=QUIET, linewidth=1)
    for row, (m, gap, low, high) in enumerate(rows):
        colour, mark = _judged(m, low, high)
        axes.plot([100 * low, 100 * high], [row] * 2, color=colour, linewidth=2, solid_capstyle="round")
        axes.plot([100 * gap], [row], mark, color=colour, markersize=6)
    axes.set_yticks(range(len(rows)), [wrapped(m.title) for m, *_ in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    widest = max(1.0, *(100 * max(abs(low), abs(high)) for _, _, low, high in rows))
    axes.set_xlim(-1.1 * widest, 1.1 * widest)
    axes.set_xlabel(tr("points: {second} less {first}, with 95% intervals", first=names[0], second=names[1]))
    return figure


def _judged(measure: Measure, low: float, high: float) -> tuple[str, str]:
    """(colour, mark): a diamond where the second is clearly better, a square where worse, else round."""
    if low <= 0 <= high:
        return QUIET, "o"
    if not measure.better:
        return INK, "o"
    return (ACCENT, "D") if (low > 0) == (measure.better == "higher") else (WARM, "s")


def bias(models: Sequence[tuple[str, Sequence[BiasTest]]], outcome: str, label: str) -> Figure | None:
    """Mean differences of one outcome with intervals, one row a characteristic."""
    rows = list(dict.fromkeys(t.dimension for _, tests in models for t in tests if t.outcome == outcome))
    if not rows:
        return None
    figure, axes = new(0.75 + 0.32 * len(rows))
    axes.axvline(0, color=QUIET, linewidth=1)
    widest = 0.0
    for i, (title, tests) in enumerate(models):
        away = 0.0 if len(models) == 1 else (i - 0.5) * 0.26
        for t in (t for t in tests if t.outcome == outcome):
            row = rows.index(t.dimension) + away
            sure = t.holm < 0.05
            axes.plot([t.low, t.high], [row] * 2, color=COLOURS[i], linewidth=2, solid_capstyle="round")
            face = COLOURS[i] if sure else "white"
            first = t.dimension == rows[0]
            axes.plot([t.mean], [row], MARKS[i], color=COLOURS[i], mfc=face, label=title if first else None)
            widest = max(widest, abs(t.low), abs(t.high))
    axes.set_yticks(range(len(rows)), [dimension_in_words(r) for r in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(-1.15 * (widest or 1), 1.15 * (widest or 1))
    axes.set_xlabel(label)
    if len(models) > 1:
        _legend(axes)
    return figure


def spread(models: Sequence[tuple[str, Sequence[float]]], label: str, *, whole: bool = False) -> Figure | None:
    """A histogram for each model on the same steps."""
    known = [(title, list(values)) for title, values in models if values]
    if not known:
        return None
    low = min(min(values) for _, values in known)
    high = max(max(values) for _, values in known)
    step = max(1.0, round((high - low) / 20)) if whole else max((high - low) / 20, 1e-9)
    edges = [low + step * i for i in range(int((high - low) / step) + 2)]
    figure, axes = new(2.3)
    axes.grid(axis="x", visible=False)
    axes.grid(axis="y", color=LINE, linewidth=0.8)
    for i, (title, values) in enumerate(known):
        filled = i == 0
        axes.hist(
            values,
            bins=edges,
            histtype="stepfilled" if filled else "step",
            color=COLOURS[i],
            alpha=0.75 if filled and len(known) > 1 else 1,
            linewidth=2,
            label=title,
        )
    axes.set_xlabel(label)
    axes.set_ylabel(tr("replies"))
    axes.yaxis.get_major_locator().set_params(integer=True)
    if len(known) > 1:
        _legend(axes)
    return figure


def dimension_in_words(name: str) -> str:
    return {
        "names": tr("Names"),
        "gender": tr("Gender"),
        "faith": tr("Faith"),
        "origin": tr("Origin"),
        "disability": tr("Disability"),
    }.get(name, name)


def wrapped(text: str, width: int = 40) -> str:
    """Long labels on several lines."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) + 1 > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def _legend(axes: Any) -> None:
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, frameon=False)


def styled() -> Any:
    """The style as a context, so that nothing outside this module changes."""
    return matplotlib.rc_context(style())
