"""Lucide outline icons from assets/icons, drawn in the theme's colours at the moment of painting.

A theme change therefore recolours every icon without anyone replacing it.
"""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from tutor import paths
from tutor.errors import BugError
from tutor.qt import theme


def icon(name: str, colour: str = "ink") -> QIcon:
    """The icon `name` (a file of assets/icons, without .svg) in the colour of a theme token.

    Raises BugError when there is no such icon.
    """
    _source(name)
    return QIcon(_Engine(name, colour))


def pixmap(name: str, px: float, colour: str = "ink", ratio: float = 1.0) -> QPixmap:
    """The icon drawn now, `px` wide at 100% text size; for labels."""
    side = theme.scale(px)
    made = QPixmap(QSize(side, side) * ratio)
    if made.isNull():
        return made
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    _renderer(name, _colour(colour)).render(painter, QRectF(0, 0, side, side))
    painter.end()
    return made


def _colour(token: str) -> str:
    return token if token.startswith("#") else str(getattr(theme.current(), token))


@lru_cache(maxsize=256)
def _source(name: str) -> str:
    file = paths.assets() / "icons" / f"{name}.svg"
    if not file.is_file():
        raise BugError(f"no icon {name!r}")
    return file.read_text(encoding="utf-8")


@lru_cache(maxsize=256)
def _renderer(name: str, colour: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))


class _Engine(QIconEngine):
    """Draws one SVG; disabled icons in the quiet colour, others in their token's."""

    def __init__(self, name: str, token: str) -> None:
        super().__init__()
        self.name = name
        self.token = token

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        off = "off" if theme.current().contrast else "edge"
        token = off if mode == QIcon.Mode.Disabled else self.token
        side = min(rect.width(), rect.height())
        box = QRectF(0, 0, side, side)
        if rect.width() > rect.height():
            box.moveTopLeft(QRectF(rect).topLeft())
        else:
            box.moveCenter(QRectF(rect).center())
        _renderer(self.name, _colour(token)).render(painter, box)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        made = QPixmap(size)
        if size.isEmpty():
            return made
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return made

    def clone(self) -> QIconEngine:
        return _Engine(self.name, self.token)
