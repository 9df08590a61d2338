"""The list of lessons as a table: sorted by any column, filtered by words, subject, age and state."""

import re
from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QDateTime,
    QLocale,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from tutor.domain import LessonState
from tutor.i18n import tr, trn
from tutor.qt import choices, theme
from tutor.qt.teacher.lessons import words
from tutor.qt.teacher.section import when
from tutor.store.lessons import LessonLine

Index = QModelIndex | QPersistentModelIndex
SORT: Final = Qt.ItemDataRole.UserRole
LINE: Final = SORT + 1
TITLE, SUBJECT, AGE, STATE, CHANGED, USED = range(6)
ARCHIVED: Final = "archived"
"""Shown only when asked for."""
TITLE_LEAST: Final = 220
"""Pixels at 100%."""


def state_of(line: LessonLine) -> str:
    """draft | published | changed (a draft beside what is published) | retired | archived"""
    if line.archived_at:
        return ARCHIVED
    if line.state is LessonState.PUBLISHED and line.draft_id is not None:
        return "changed"
    return line.state.value


def states() -> list[tuple[str, str]]:
    return [
        ("draft", tr("Draft")),
        ("published", tr("Published")),
        ("changed", tr("Changed since")),
        ("retired", tr("Withdrawn")),
        (ARCHIVED, tr("Put away")),
    ]


class LessonModel(QAbstractTableModel):
    """The lines of the desk, read-only."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines: tuple[LessonLine, ...] = ()

    def show_lines(self, lines: Sequence[LessonLine]) -> None:
        self.beginResetModel()
        self.lines = tuple(lines)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index | None = None) -> int:
        return 6

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role != Qt.ItemDataRole.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        return (
            tr("Title"), tr("Subject"), tr("Age"), tr("State"), tr("Changed"), tr("Used by")
        )[section]  # fmt: skip

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self.lines[index.row()]
        if role == LINE:
            return line
        if role == SORT:
            return self._key(line, index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words(line, index.column())
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._long(line, index.column())
        return None

    def _long(self, line: LessonLine, column: int) -> str:
        """The same, with nothing left out."""
        match column:
            case 3:
                changed = tr("Published, and changed since: the draft is not published")
                return changed if state_of(line) == "changed" else self._words(line, column)
            case 4:
                return tr("Changed {time}", time=when(line.changed_at))
            case 5:
                return trn("Used by {n} conversation", "Used by {n} conversations", line.conversations)
            case _:
                return self._words(line, column)

    def _words(self, line: LessonLine, column: int) -> str:
        match column:
            case 0:
                return line.title
            case 1:
                return words.subject_in_words(line.subject)
            case 2:
                return line.age_band.replace("-", "–")
            case 3:
                return dict(states())[state_of(line)]
            case 4:
                return _day(line.changed_at)
            case _:
                return str(line.conversations)

    def _key(self, line: LessonLine, column: int) -> Any:
        bands = [band for band, _ in choices.age_bands()]
        match column:
            case 2:
                return bands.index(line.age_band) if line.age_band in bands else len(bands)
            case 4:
                return line.changed_at
            case 5:
                return line.conversations
            case _:
                return _natural(self._words(line, column))


class LessonFilter(QSortFilterProxyModel):
    """Words anywhere in the title or subject, and what the choices say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wanted = ("", "", "", "")
        self.setSortRole(SORT)
        self.setDynamicSortFilter(True)

    def want(self, text: str, subject: str, age: str, state: str) -> None:
        """ "" wants all but what was put away."""
        self._wanted = (text.strip().casefold(), subject, age, state)
        self.invalidate()

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        model = self.sourceModel()
        assert isinstance(model, LessonModel)
        line = model.lines[row]
        text, subject, age, state = self._wanted
        said = f"{line.title} {words.subject_in_words(line.subject)}".casefold()
        return (
            all(word in said for word in text.split())
            and subject in ("", line.subject)
            and age in ("", line.age_band)
            and (state == state_of(line) or (not state and not line.archived_at))
        )


class LessonTable(QTableView):
    """As high as its rows; the page scrolls. `opened` on a double press or Enter, `picked` with the row's lesson."""

    opened = Signal(object)
    picked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model_of_lines = LessonModel(self)
        self.filter = LessonFilter(self)
        self.filter.setSourceModel(self.model_of_lines)
        self.setModel(self.filter)
        self.setAccessibleName(tr("Lessons"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSortingEnabled(True)
        self.sortByColumn(TITLE, Qt.SortOrder.AscendingOrder)
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        head = self.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setHighlightSections(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(TITLE, QHeaderView.ResizeMode.Fixed)
        self.doubleClicked.connect(lambda index: self._open(index))
        self.selectionModel().selectionChanged.connect(lambda *_: self.picked.emit(self.line))
        theme.changed.connect(self._fit)
        self._fit()

    @property
    def line(self) -> LessonLine | None:
        """The lesson of the row that is chosen."""
        rows = self.selectionModel().selectedRows()
        return self.filter.data(rows[0], LINE) if rows else None

    def show_lines(self, lines: Sequence[LessonLine]) -> None:
        """Keeps the chosen lesson where it is still there."""
        before = self.line
        self.model_of_lines.show_lines(lines)
        if before is not None:
            self.choose(before.id)
        self._fit()

    def choose(self, lesson_id: int) -> None:
        for row in range(self.filter.rowCount()):
            if self.filter.index(row, 0).data(LINE).id == lesson_id:
                self.selectRow(row)

    def fit(self) -> None:
        """After the filter changed."""
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        rows = self.verticalHeader().length()
        bar = self.horizontalScrollBar().sizeHint().height() if self.horizontalScrollBar().maximum() > 0 else 0
        return QSize(theme.scale(400), self.horizontalHeader().sizeHint().height() + rows + bar + 16)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.scale(200), self.sizeHint().height())

    def _open(self, index: Index) -> None:
        if index.isValid():
            self.opened.emit(self.filter.data(index, LINE))

    def _fit(self) -> None:
        # the title gets the room that is left, and never less than can be read: then the table scrolls
        head = self.horizontalHeader()
        others = sum(head.sectionSize(column) for column in range(1, head.count()))
        head.resizeSection(TITLE, max(theme.scale(TITLE_LEAST), self.viewport().width() - others))
        self.verticalHeader().setDefaultSectionSize(QFontMetrics(theme.font(16)).height() + theme.scale(20))
        self.updateGeometry()


def _natural(words: str) -> str:
    """So that “Lesson 2” comes before “Lesson 10”."""
    return re.sub(r"\d+", lambda found: found[0].zfill(8), words.casefold())


def _day(stored: str) -> str:
    """The day of a stored moment, in short."""
    moment = QDateTime.fromString(stored, Qt.DateFormat.ISODateWithMs).toLocalTime()
    return QLocale().toString(moment.date(), QLocale.FormatType.ShortFormat) if moment.isValid() else when(stored)
