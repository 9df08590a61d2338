"""A table of rows that are pressed: every column as wide as what stands in it, one takes the room that is left."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QTableWidget, QTableWidgetItem

from tutor.qt import theme

_ROW: Final = 34
_BOLDER: Final = 8
"""What is chosen is written bolder, and wider by so much."""


class SpreadTable(QTableWidget):
    """`cellClicked` and `cellActivated` (Enter) carry the row. It grows with the text, and scrolls where need be."""

    def __init__(self, shown: int) -> None:
        """`shown`: rows without scrolling."""
        super().__init__()
        self._shown, self._wide = shown, 0
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.verticalHeader().hide()
        theme.changed.connect(self.fit)

    def fill(
        self, heads: Sequence[str], rows: Sequence[Sequence[str]], tips: Sequence[str] = (), wide: int = 0
    ) -> None:
        """Show these cells, the first row chosen. `tips`: one a row, else the cell itself. `wide`: takes the rest."""
        self._wide = wide
        self.setColumnCount(len(heads))
        self.setHorizontalHeaderLabels(list(heads))
        self.setRowCount(len(rows))
        for y, cells in enumerate(rows):
            for x, text in enumerate(cells):
                item = QTableWidgetItem(text)
                item.setToolTip(tips[y] if tips else text)
                self.setItem(y, x, item)
        if rows:
            self.setCurrentCell(0, 0)
        self.fit()

    def fit(self) -> None:
        """As high as its rows, up to those that are shown without scrolling."""
        self.verticalHeader().setDefaultSectionSize(theme.scale(_ROW))
        self.resizeColumnsToContents()
        rows = min(max(1, self.rowCount()), self._shown)
        head = max(theme.scale(_ROW), self.horizontalHeader().sizeHint().height())
        self.setFixedHeight(head + theme.scale(_ROW) * rows + theme.scale(16))
        self._spread()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._spread()

    def _spread(self) -> None:
        head = self.horizontalHeader()
        if not head.count():
            return
        self.resizeColumnsToContents()
        for at in range(head.count()):
            head.resizeSection(at, head.sectionSize(at) + theme.scale(_BOLDER))
        if (room := self.viewport().width() - head.length()) > 0 and self.rowCount():
            head.resizeSection(self._wide, head.sectionSize(self._wide) + room)
