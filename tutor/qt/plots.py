"""Plots for the teacher's pages: bars with their intervals, and curves; each with its numbers as a table behind it.

pyqtgraph is imported when the first plot is made, so that a learner's window does not carry it.
"""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QLocale, QPointF, Qt, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem, QToolTip, QVBoxLayout, QWidget

from tutor.domain import Frozen
from tutor.i18n import tr
from tutor.qt import theme
from tutor.qt.widgets import button, label, row

HEIGHT = 220
"""Pixels at 100%."""
_BAR = 0.6


class Bar(Frozen):
    """One bar: a share from 0 to 1 and its interval."""

    name: str
    value: float
    low: float
    high: float


class Curve(Frozen):
    """One line: its name and its points."""

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]


def percent(value: float) -> str:
    return f"{QLocale().toString(100 * value, 'f', 0)} %"


def whole(value: float) -> str:
    return QLocale().toString(round(value))


class Plot(QWidget):
    """A picture with its table behind it. Subclasses draw into `self._plot` and say what the table holds.

    `chosen`: row and column of the table's field that a click, or Enter in the table, was on; see `let_choose`.
    """

    chosen = Signal(int, int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        import pyqtgraph

        self._pg: Any = pyqtgraph
        self._name = name
        self._plot: Any = pyqtgraph.PlotWidget(enableMenu=False)  # its menus cost more than the rest of it
        self._plot.setMouseEnabled(x=False, y=False)
        self._plot.hideButtons()
        self._plot.setAccessibleName(name)
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.table = QTableWidget()
        self.table.setAccessibleName(name)
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.hide()
        self._plot.scene().sigMouseMoved.connect(self._moved)
        self.turn = button(tr("Show as a table"), "quiet", "", self.toggle)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addWidget(self._plot)
        box.addWidget(self.table)
        box.addLayout(row(self.turn))
        theme.changed.connect(self._dress)

    def toggle(self) -> None:
        """The picture or its numbers."""
        as_table = self.table.isHidden()
        if as_table and not self.table.rowCount():
            self.fill_table()
        self.table.setVisible(as_table)
        self._plot.setVisible(not as_table)
        self.turn.setText(tr("Show as a picture") if as_table else tr("Show as a table"))

    def hover(self, x: float, y: float) -> str:
        """What stands at a place of the plot, in its own units; "" for nothing."""
        return ""

    def height(self) -> int:
        """Pixels at 100%."""
        return HEIGHT

    def fill_table(self) -> None:
        """The table is wanted for the first time; a plot with few numbers has filled it already."""

    def let_choose(self, hint: str) -> None:
        """From now on a press on a value says so by `chosen`; `hint` tells people what that does."""
        self._plot.scene().sigMouseClicked.connect(self._clicked)
        self._plot.setCursor(Qt.CursorShape.PointingHandCursor)
        self.table.cellClicked.connect(self.chosen)
        self.table.cellActivated.connect(self.chosen)
        self.table.setToolTip(hint)
        words = label(hint, "caption")
        below = self.layout()
        if isinstance(below, QVBoxLayout):
            below.insertWidget(below.count() - 1, words)

    def place(self, x: float, y: float) -> tuple[int, int] | None:
        """Row and column of the table for what stands at a place of the plot; None for nothing."""
        return None

    def _clicked(self, event: Any) -> None:
        box = self._plot.getPlotItem().vb
        if event.button() != Qt.MouseButton.LeftButton or not box.sceneBoundingRect().contains(event.scenePos()):
            return
        at = box.mapSceneToView(event.scenePos())
        if (found := self.place(at.x(), at.y())) is not None:
            event.accept()
            QToolTip.hideText()
            self.chosen.emit(*found)

    def _moved(self, at: QPointF) -> None:
        box = self._plot.getPlotItem().vb
        words = ""
        if box.sceneBoundingRect().contains(at):
            place = box.mapSceneToView(at)
            words = self.hover(place.x(), place.y())
        if words:
            QToolTip.showText(QCursor.pos(), words, self._plot)
        else:
            QToolTip.hideText()

    def _dress(self) -> None:
        """Colours and sizes of the theme in force; draws again."""
        colours = theme.current()
        self._plot.setBackground(colours.surface)
        for side in ("left", "bottom"):
            axis = self._plot.getAxis(side)
            axis.setPen(colours.line)
            axis.setTextPen(colours.quiet)
            axis.setStyle(tickFont=theme.font(13))
        self._plot.setFixedHeight(theme.scale(self.height()))
        self.table.setFixedHeight(theme.scale(max(HEIGHT, min(self.height(), 2 * HEIGHT))))
        self._plot.clear()
        self._draw()

    def _axis_name(self, side: str, words: str) -> None:
        self._plot.setLabel(side, words, color=theme.current().quiet, **{"font-size": f"{theme.scale(13)}px"})

    def _draw(self) -> None:
        raise AssertionError("a plot says how it is drawn")

    def _fill(self, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self.table.setColumnCount(len(heads))
        self.table.setHorizontalHeaderLabels(list(heads))
        self.table.setRowCount(len(rows))
        for y, cells in enumerate(rows):
            for x, text in enumerate(cells):
                self.table.setItem(y, x, QTableWidgetItem(text))


class Bars(Plot):
    """Shares side by side, each with a line for its 95% interval."""

    def __init__(self, name: str, bars: Sequence[Bar], axis: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._bars, self._axis = tuple(bars), axis
        self._fill(
            (tr("Way of answering"), tr("Right"), tr("95% interval")),
            [(b.name, percent(b.value), f"{percent(b.low)} – {percent(b.high)}") for b in self._bars],
        )
        self._plot.setAccessibleDescription(", ".join(f"{b.name}: {percent(b.value)}" for b in self._bars))
        self._dress()

    def hover(self, x: float, y: float) -> str:
        at = round(x)
        if not 0 <= at < len(self._bars):
            return ""
        bar = self._bars[at]
        return f"{bar.name}: {percent(bar.value)} ({percent(bar.low)} – {percent(bar.high)})"

    def _draw(self) -> None:
        colours = theme.current()
        places = list(range(len(self._bars)))
        values = [bar.value * 100 for bar in self._bars]
        self._plot.addItem(
            self._pg.BarGraphItem(x=places, height=values, width=_BAR, brush=colours.accent, pen=colours.accent)
        )
        for place, bar in zip(places, self._bars, strict=True):
            self._plot.plot(
                [place, place], [bar.low * 100, bar.high * 100], pen=self._pg.mkPen(colours.ink, width=theme.scale(2))
            )
            words = self._pg.TextItem(percent(bar.value), color=colours.ink, anchor=(0.5, 1.1))
            words.setFont(theme.font(13, bold=True))
            words.setPos(place, max(bar.high, bar.value) * 100)
            self._plot.addItem(words)
        self._plot.getAxis("bottom").setTicks([[(p, b.name) for p, b in zip(places, self._bars, strict=True)]])
        self._plot.setYRange(0, 112, padding=0)
        self._plot.getAxis("left").setTicks([[(v, str(v)) for v in (0, 25, 50, 75, 100)]])
        self._plot.setXRange(-0.6, len(self._bars) - 0.4, padding=0)
        self._axis_name("left", self._axis)


class Curves(Plot):
    """Lines over steps or time; `show_curves` again as more comes."""

    def __init__(self, name: str, x: str, y: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._x, self._y = x, y
        self._curves: tuple[Curve, ...] = ()
        self._legend: Any = self._plot.addLegend(offset=(-8, 8))
        self._dress()

    def show_curves(self, curves: Sequence[Curve]) -> None:
        self._curves = tuple(curves)
        self._fill(
            (self._x, *(curve.name for curve in curves)),
            [
                (f"{x:g}", *(f"{dict(zip(c.x, c.y, strict=True)).get(x, float('nan')):.3f}" for c in curves))
                for x in sorted({x for c in curves for x in c.x})
            ],
        )
        self._dress()

    def hover(self, x: float, y: float) -> str:
        """Every line's value at the nearest place that has one."""
        places = sorted({place for curve in self._curves for place in curve.x}, key=lambda place: abs(place - x))
        if not places:
            return ""
        values = ((c.name, dict(zip(c.x, c.y, strict=True)).get(places[0])) for c in self._curves)
        said = [f"{name}: {value:.3g}" for name, value in values if value is not None]
        return "\n".join((f"{self._x} {places[0]:g}", *said))

    def _draw(self) -> None:
        colours = theme.current()
        self._legend.clear()
        self._legend.setLabelTextColor(colours.ink)
        self._legend.setLabelTextSize(f"{theme.scale(13)}px")
        self._legend.setVisible(len(self._curves) > 1)  # one line is named by the axis
        pens = (
            self._pg.mkPen(colours.accent, width=theme.scale(2)),
            self._pg.mkPen(colours.warm, width=theme.scale(2), style=Qt.PenStyle.DashLine),
        )
        for number, curve in enumerate(self._curves):
            self._plot.plot(list(curve.x), list(curve.y), pen=pens[number % len(pens)], name=curve.name)
        self._axis_name("bottom", self._x)
        self._axis_name("left", self._y)
