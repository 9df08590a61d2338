"""The pictures that learners choose from, drawn by their SVGs in assets/pictures."""

from functools import lru_cache

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

from tutor import paths
from tutor.i18n import tr
from tutor.qt import theme

NAMES = ("fox", "cat", "owl", "whale", "turtle", "bee", "rabbit", "bear", "fish", "rocket", "tree", "boat")


def words(name: str) -> str:
    """The picture in words, for screen readers and tooltips."""
    return {
        "fox": tr("Fox"),
        "cat": tr("Cat"),
        "owl": tr("Owl"),
        "whale": tr("Whale"),
        "turtle": tr("Turtle"),
        "bee": tr("Bee"),
        "rabbit": tr("Rabbit"),
        "bear": tr("Bear"),
        "fish": tr("Fish"),
        "rocket": tr("Rocket"),
        "tree": tr("Tree"),
        "boat": tr("Boat"),
    }[name]


@lru_cache(maxsize=32)
def _renderer(name: str) -> QSvgRenderer:
    return QSvgRenderer(str(paths.assets() / "pictures" / f"{name}.svg"))


def draw(painter: QPainter, name: str, box: QRectF) -> None:
    """Draw a picture; a name that does not exist (any more) gets the first one."""
    _renderer(name if name in NAMES else NAMES[0]).render(painter, box)


class Picture(QWidget):
    """A learner's picture, `px` wide at 100% text size."""

    def __init__(self, name: str, px: float = 40, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._px = name, px
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def show_picture(self, name: str) -> None:
        self._name = name
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.scale(self._px), theme.scale(self._px))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw(painter, self._name, QRectF(self.rect()))
        painter.end()
