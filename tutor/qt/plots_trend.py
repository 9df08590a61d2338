"""Values over time with the band in which they may lie, named on the axis by day, week or month."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from tutor.domain import Frozen
from tutor.i18n import tr
from tutor.qt import theme
from tutor.qt.plots import Plot

_TICKS = 8
"""Names below the plot at 100% text; larger ones are fewer, so that they do not run into each other."""
_STEPS = 4
"""Between the numbers of the upright axis."""
_LEGEND = 0.22
"""Of the height: what the names of the lines need above them."""
_FAINT = 60
"""Of 255: how strong the band is."""


class Line(Frozen):
    """One line: a value for each part of the time, None where there was nothing; and its interval."""

    name: str
    values: tuple[float | None, ...]
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()
    counts: tuple[int, ...] = ()
    """How many each value rests on."""


class Trend(Plot):
    """Lines with points; where a line has an interval, a soft band, and the numbers on hover and in the table."""

    def __init__(
        self,
        name: str,
        parts: Sequence[str],
        lines: Sequence[Line],
        axis: str,
        words: Callable[[float], str],
        *,
        bounds: tuple[float, float],
        when: str = "",
    ) -> None:
        """`bounds`: the lowest and highest value that there can be, for the axis."""
        super().__init__(name)
        self._parts, self._lines = tuple(parts), tuple(lines)
        self._axis, self._say, self._bounds = axis, words, bounds
        self._when = when or tr("When")
        self._legend: Any = (
            self._plot.addLegend(offset=(-8, 1), colCount=len(self._lines)) if len(self._lines) > 1 else None
        )
        last = [next((v for v in reversed(line.values) if v is not None), None) for line in self._lines]
        said = (f"{line.name}: {words(v)}" for line, v in zip(self._lines, last, strict=True) if v is not None)
        self._plot.setAccessibleDescription(", ".join(said))
        self._dress()

    def fill_table(self) -> None:
        rows = [(part, *(self._cell(line, n) for line in self._lines)) for n, part in enumerate(self._parts)]
        self._fill((self._when, *(line.name for line in self._lines)), rows)

    def hover(self, x: float, y: float) -> str:
        at = round(x)
        if not 0 <= at < len(self._parts):
            return ""
        said = [f"{line.name}: {cell}" for line in self._lines if (cell := self._cell(line, at))]
        return "\n".join((self._parts[at], *said)) if said else ""

    def place(self, x: float, y: float) -> tuple[int, int] | None:
        at = round(x)
        if not 0 <= at < len(self._parts):
            return None
        known = [(abs(value - y), n) for n, line in enumerate(self._lines) if (value := line.values[at]) is not None]
        return (at, 1 + min(known)[1]) if known else None

    def _cell(self, line: Line, at: int) -> str:
        value = line.values[at]
        if value is None:
            return ""
        low = line.low[at] if line.low else None
        high = line.high[at] if line.high else None
        words = self._say(value)
        if low is not None and high is not None:
            words += f" ({self._say(low)} – {self._say(high)})"
        return f"{words}, n = {line.counts[at]}" if line.counts else words

    def _draw(self) -> None:
        colours = theme.current()
        if self._legend is not None:
            self._legend.clear()
            self._legend.setLabelTextColor(colours.ink)
            self._legend.setLabelTextSize(f"{theme.scale(13)}px")
        shades = (colours.accent, colours.warm, colours.quiet)
        styles = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)
        for number, line in enumerate(self._lines):
            colour, style = shades[number % len(shades)], styles[number % len(styles)]
            known = [(n, value) for n, value in enumerate(line.values) if value is not None]
            x, y = [n for n, _ in known], [value for _, value in known]
            if line.low and line.high:
                self._band(line, x, colour)
            pen = self._pg.mkPen(colour, width=theme.scale(2), style=style)
            self._plot.plot(x, y, pen=pen, symbol="osd"[number % 3], symbolSize=theme.scale(7), symbolBrush=colour,
                            symbolPen=colour, name=line.name)  # fmt: skip
        room = max(2, _TICKS * 100 // theme.scale(100))
        every = max(1, -(-len(self._parts) // room))
        ticks = [(n, self._parts[n]) for n in range(0, len(self._parts), every)]
        self._plot.getAxis("bottom").setTicks([ticks])
        self._plot.setXRange(-0.6, max(1, len(self._parts)) - 0.4, padding=0)
        low, high = self._bounds
        steps = [low + (high - low) * n / _STEPS for n in range(_STEPS + 1)]
        self._plot.getAxis("left").setTicks([[(step, self._say(step)) for step in steps]])
        above = _LEGEND if self._legend is not None else 0.0
        self._plot.setYRange(low, high + above * (high - low), padding=0.04)
        self._axis_name("left", self._axis)

    def _band(self, line: Line, x: list[int], colour: str) -> None:
        faint = QColor(colour)
        faint.setAlpha(_FAINT)
        low, high = (self._pg.PlotCurveItem(x, [bound[n] for n in x], pen=None) for bound in (line.low, line.high))
        self._plot.addItem(self._pg.FillBetweenItem(low, high, brush=faint))
