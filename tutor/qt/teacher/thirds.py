"""Cards side by side, or below each other where they do not fit."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from tutor.qt import theme

_LEAST: Final = 216
"""Pixels at 100% that a card needs."""


class Thirds(QWidget):
    """Equal widths in a row while each has `_LEAST`."""

    def __init__(self, cards: Sequence[QWidget]) -> None:
        super().__init__()
        self._count = len(cards)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(12)
        for card in cards:
            self._box.addWidget(card, 1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        fits = self.width() >= self._count * theme.scale(_LEAST) + 12 * (self._count - 1)
        wanted = QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom
        if self._box.direction() != wanted:
            self._box.setDirection(wanted)
            self._box.activate()
            self.updateGeometry()
