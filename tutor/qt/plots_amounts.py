"""More plots for the teacher's pages: amounts by name, and a grid of amounts by name and day; values on hover."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import QRectF

from tutor.qt import theme
from tutor.qt.plots import Plot

_ROW: Final = 24
"""Pixels of a row at 100%."""
_MARGIN: Final = 72
_BAR: Final = 0.62
_MOST_NAME: Final = 22
_STEPS: Final = 64


class Amounts(Plot):
    """One bar a name, the longest first, with its amount beside it."""

    def __init__(
        self,
        name: str,
        amounts: Sequence[tuple[str, float]],
        axis: str,
        heads: tuple[str, str],
        words: Callable[[float], str],
    ) -> None:
        """`words` says an amount; `heads` names the table's columns."""
        super().__init__(name)
        self._amounts, self._axis, self._say = tuple(amounts), axis, words
        self._fill(heads, [(label, words(amount)) for label, amount in self._amounts])
        self._plot.setAccessibleDescription(", ".join(f"{label}: {words(amount)}" for label, amount in self._amounts))
        self._dress()

    def hover(self, x: float, y: float) -> str:
        row = len(self._amounts) - 1 - round(y)
        if not 0 <= row < len(self._amounts):
            return ""
        label, amount = self._amounts[row]
        return f"{label}: {self._say(amount)}"

    def place(self, x: float, y: float) -> tuple[int, int] | None:
        row = len(self._amounts) - 1 - round(y)
        return (row, 1) if 0 <= row < len(self._amounts) else None

    def height(self) -> int:
        return _ROW * max(2, len(self._amounts)) + _MARGIN

    def _draw(self) -> None:
        colours = theme.current()
        places = [len(self._amounts) - 1 - n for n in range(len(self._amounts))]
        longest = max((amount for _, amount in self._amounts), default=1.0) or 1.0
        self._plot.addItem(
            self._pg.BarGraphItem(
                x0=0,
                y=places,
                height=_BAR,
                width=[amount for _, amount in self._amounts],
                brush=colours.accent,
                pen=colours.accent,
            )
        )
        for place, (_, amount) in zip(places, self._amounts, strict=True):
            words = self._pg.TextItem(self._say(amount), color=colours.ink, anchor=(0, 0.5))
            words.setFont(theme.font(13))
            words.setPos(amount, place)
            self._plot.addItem(words)
        left = self._plot.getAxis("left")
        left.setTicks([[(place, short(label)) for place, (label, _) in zip(places, self._amounts, strict=True)]])
        self._plot.setXRange(0, longest * 1.2, padding=0)
        self._plot.setYRange(-0.6, len(self._amounts) - 0.4, padding=0)
        self._axis_name("bottom", self._axis)


class Heat(Plot):
    """A field for each name and day: the more, the stronger. The numbers come on hover and in the table."""

    def __init__(
        self,
        name: str,
        names: Sequence[str],
        parts: Sequence[str],
        amounts: Sequence[Sequence[float]],
        axis: str,
        heads: str,
        words: Callable[[float], str],
    ) -> None:
        """`amounts`: one row a name, one column a part; `heads` names the table's first column."""
        super().__init__(name)
        self._names, self._parts, self._amounts = tuple(names), tuple(parts), tuple(tuple(row) for row in amounts)
        self._axis, self._say = axis, words
        self._heads = (heads, *self._parts)
        self._dress()

    def fill_table(self) -> None:
        rows = zip(self._names, self._amounts, strict=True)
        self._fill(
            self._heads, [(name, *(self._say(amount) if amount else "" for amount in row)) for name, row in rows]
        )

    def hover(self, x: float, y: float) -> str:
        row, column = len(self._names) - 1 - int(y), int(x)
        if not (0 <= row < len(self._names) and 0 <= column < len(self._parts) and x >= 0 and y >= 0):
            return ""
        return f"{self._names[row]}, {self._parts[column]}: {self._say(self._amounts[row][column])}"

    def place(self, x: float, y: float) -> tuple[int, int] | None:
        return (len(self._names) - 1 - int(y), 1 + int(x)) if self.hover(x, y) else None

    def height(self) -> int:
        return _ROW * max(2, len(self._names)) + _MARGIN

    def _draw(self) -> None:
        import numpy as np

        colours = theme.current()
        most = max((amount for row in self._amounts for amount in row), default=0.0) or 1.0
        image: Any = self._pg.ImageItem(axisOrder="row-major")
        image.setImage(np.array(self._amounts[::-1] or [[0.0]], dtype=float), levels=(0.0, most))
        image.setRect(QRectF(0, 0, max(1, len(self._parts)), max(1, len(self._names))))
        image.setLookupTable(_shades(colours.surface, colours.accent))
        self._plot.addItem(image)
        line = self._pg.mkPen(colours.line if not colours.contrast else colours.edge)
        rows = [y for y in range(len(self._names) + 1) for _ in range(2)]
        self._plot.plot([0, len(self._parts)] * (len(self._names) + 1), rows, pen=line, connect="pairs")
        self._plot.getAxis("left").setTicks([
            [(len(self._names) - n - 0.5, short(name)) for n, name in enumerate(self._names)]
        ])  # fmt: skip
        every = max(1, round(len(self._parts) / max(2, 8 * 100 // theme.scale(100))))
        self._plot.getAxis("bottom").setTicks([[(n + 0.5, self._parts[n]) for n in range(0, len(self._parts), every)]])
        self._plot.setXRange(0, max(1, len(self._parts)), padding=0)
        self._plot.setYRange(0, max(1, len(self._names)), padding=0)
        self._axis_name("bottom", self._axis)


def short(name: str) -> str:
    """A name that leaves room for the plot."""
    return name if len(name) <= _MOST_NAME else name[: _MOST_NAME - 1].rstrip() + "…"


def _shades(empty: str, full: str) -> Any:
    """From nothing to all, as an image's table of colours: red, green, blue, 0 to 255."""
    import numpy as np

    low, high = (np.array([int(colour[n : n + 2], 16) for n in (1, 3, 5)], dtype=float) for colour in (empty, full))
    steps = np.linspace(0.0, 1.0, _STEPS)[:, None]
    steps[1:] = 0.12 + 0.88 * steps[1:]  # a little is not nothing
    return (low + (high - low) * steps).astype(np.ubyte)
