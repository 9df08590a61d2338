"""The table of a test: a row for each guideline, a column for each student, held or broken in words and signs."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from tutor.domain import Severity
from tutor.i18n import tr, trn
from tutor.qt import theme
from tutor.qt.icons import icon
from tutor.qt.teacher.lessons.words import severities
from tutor.rehearsal import students
from tutor.rehearsal.results import BROKEN, HELD, Cell, Rehearsal, rule_in_words

_CELL = Qt.ItemDataRole.UserRole
_COLUMN, _FIRST = 108, 220
"""Pixels at 100%."""


def state_in_words(cell: Cell | None) -> str:
    """What a cell says."""
    if cell is None or cell.state not in (HELD, BROKEN):
        return tr("not tried")
    return tr("held") if cell.state == HELD else tr("broken ({n})", n=len(cell.where))


def summary(result: Rehearsal) -> tuple[str, str]:
    """What the table comes to, and the kind of notice that it is."""
    tried = [cell for cell in result.cells if cell.state in (HELD, BROKEN)]
    held = sum(cell.state == HELD for cell in tried)
    said = [tr("{held} of {tried} held.", held=held, tried=len(tried))]
    broken = result.broken_blocking
    if broken:
        rules = ", ".join(rule_in_words(rule) for rule in broken)
        said.append(tr("What must never be shown was shown at: {rules}.", rules=rules))
        said.append(tr("Press “broken” to read the turns."))
    elif held < len(tried):
        said.append(tr("Nothing that is never to be shown was shown."))
    if not result.finished:
        said.append(tr("The test was cancelled: what was not reached was not tried."))
    kind = "alert" if broken else "good" if held == len(tried) and result.finished else "warm"
    if not tried:
        return tr("Nothing was tried yet."), "notice"
    minutes = round(result.seconds / 60)
    took = trn("It took {n} minute.", "It took {n} minutes.", minutes) if minutes else ""
    return " ".join(part for part in (*said, took) if part), kind


class ResultTable(QTableWidget):
    """`chosen` carries the cell that was pressed, or on which Enter was pressed."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Guidelines by students"))
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QTableWidget.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        head = self.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setSectionsClickable(False)
        head.setHighlightSections(False)
        self.verticalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        )
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setSectionsClickable(False)
        self.verticalHeader().setHighlightSections(False)
        self.cellClicked.connect(self._press)
        theme.changed.connect(self._fit)

    def show_result(self, result: Rehearsal) -> None:
        """Every guideline with every student."""
        rules, who = result.rules, result.students
        self.setRowCount(len(rules))
        self.setColumnCount(len(who))
        self.setHorizontalHeaderLabels([students.name(student) for student in who])
        for y, rule in enumerate(rules):
            self.setVerticalHeaderItem(y, QTableWidgetItem(self._row_name(result, rule)))
            for x, student in enumerate(who):
                self.setItem(y, x, self._item(result.cell(rule, student), rule, student))
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._press(self.currentRow(), self.currentColumn())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def sizeHint(self) -> QSize:
        height = self.horizontalHeader().height() + self.verticalHeader().length() + 2 * self.frameWidth() + 12
        if self.horizontalHeader().length() + self.verticalHeader().width() > self.width():
            height += self.horizontalScrollBar().sizeHint().height()
        return QSize(theme.scale(400), height)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.scale(200), self.sizeHint().height())

    def _row_name(self, result: Rehearsal, rule: str) -> str:
        name = rule_in_words(rule)
        severity = result.severities.get(rule, Severity.BLOCK)
        return name if severity is Severity.BLOCK else f"{name}\n({dict(severities())[severity.value].lower()})"

    def _item(self, cell: Cell | None, rule: str, student: str) -> QTableWidgetItem:
        state = cell.state if cell is not None else ""
        sign, colour = {HELD: ("circle-check", "good"), BROKEN: ("circle-alert", "alert")}.get(
            state, ("minus", "quiet")
        )
        item = QTableWidgetItem(icon(sign, colour), state_in_words(cell))
        item.setData(_CELL, cell)
        spoken = f"{rule_in_words(rule)}, {students.name(student)}: {state_in_words(cell)}"
        item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
        item.setToolTip(spoken)
        return item

    def _press(self, y: int, x: int) -> None:
        item = self.item(y, x)
        cell = item.data(_CELL) if item is not None else None
        if isinstance(cell, Cell) and cell.talks:
            self.chosen.emit(cell)

    def _fit(self) -> None:
        self.setIconSize(QSize(theme.scale(16), theme.scale(16)))
        self.setFont(theme.font(13))
        small = QFontMetrics(theme.font(13))
        widest = theme.scale(_COLUMN)
        heads = (self.horizontalHeaderItem(x) for x in range(self.columnCount()))
        names = [head.text() for head in heads if head is not None]
        box = [small.boundingRect(0, 0, widest - 16, 1000, Qt.TextFlag.TextWordWrap, name) for name in names]
        self.horizontalHeader().setFixedHeight(max((r.height() for r in box), default=20) + theme.scale(20))
        self.horizontalHeader().setDefaultSectionSize(widest)
        self.verticalHeader().setFixedWidth(min(theme.scale(_FIRST), max(160, self.width() * 2 // 5)))
        self.verticalHeader().setDefaultSectionSize(theme.scale(48))
        self.updateGeometry()
