"""Errors that teachers named: by kind and by month, of everything or of one lesson or model; each opens its answers."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem, QVBoxLayout

from tutor.classroom.quality import Quality, Row, errors_of
from tutor.i18n import tr, trn
from tutor.qt import theme
from tutor.qt.flow import flow
from tutor.qt.plots import whole
from tutor.qt.plots_amounts import Amounts
from tutor.qt.plots_trend import Line, Trend
from tutor.qt.teacher.counted import Counted
from tutor.qt.teacher.grading import one_decimal
from tutor.qt.teacher.period import days_of, month_in_words
from tutor.qt.teacher.review_words import error_in_words
from tutor.qt.teacher.speaking_card import choices, chosen
from tutor.qt.widgets import Card, Choice, clear, label

_ROW: Final = 34
_COUNTS: Final = ("", "answers", "errors", "errors", "grades")
"""What each column of the tables counts; the first one names the row."""
_WORST: Final = 3
_LINES: Final = 3
"""Kinds of error in the trend; the bars show all."""


class ErrorsCard(Card):
    """`wanted`: errors were pressed, to be opened in the review; `listed`: what a number counts, as for `SpeakingCard`,
    with the kind of error."""

    wanted = Signal(object)
    listed = Signal(str, str, object, object, str)

    def __init__(self, shown: Quality, class_id: int | None) -> None:
        super().__init__(pad=16, gap=8)
        self._shown, self._class_id = shown, class_id
        self.lesson, self.model = choices(shown)
        for choice in (self.lesson, self.model):
            choice.activated.connect(lambda _index: self.fill())
        self._plots = QVBoxLayout()
        self._plots.setSpacing(8)
        self.body.addWidget(label(tr("Errors that you named"), "heading"))
        self.body.addWidget(label(tr("In the review and in blind grades."), "caption"))
        self.body.addWidget(flow(self.lesson, self.model))
        self.body.addLayout(self._plots)
        hint = tr("Press a name to see its errors by month above, a number to open what it counts; Enter does, too.")
        for heading, first, rows, nameless, choice in (
            (tr("By lesson"), tr("Lesson"), shown.lessons, tr("No lesson"), self.lesson),
            (tr("By model"), tr("Model"), shown.models, tr("Unknown"), self.model),
        ):
            self.body.addWidget(label(heading, "strong"))
            self.body.addWidget(label(hint, "caption"))
            table = _table(heading, first, rows, nameless)
            table.cellClicked.connect(partial(self._pick, table, choice, rows))
            table.cellActivated.connect(partial(self._pick, table, choice, rows))
            self.body.addWidget(table)
        self.fill()

    def fill(self) -> None:
        """The plots of what is chosen."""
        clear(self._plots)
        lesson, model = chosen(self._shown, self.lesson, self.model)
        by_month = errors_of(
            self._shown.errors, lesson=lesson.name if lesson else None, model=model.name if model else None
        )
        totals: dict[str, int] = {}
        for counted in by_month.values():
            for error, count in counted.items():
                totals[error] = totals.get(error, 0) + count
        if not totals:
            words = tr("None yet. In the review you can say what kind of error it was.")
            if self._shown.errors:
                words = tr("None were named here in this time.")
            self._plots.addWidget(label(words, "quiet"))
            return
        kinds = sorted(totals, key=lambda each: -totals[each])
        hint = tr("Press a value to see the answers that the review named; in the table, Enter does.")
        bars = Amounts(
            tr("Errors by kind"), [(error_in_words(each), float(totals[each])) for each in kinds], tr("Answers"),
            (tr("Kind of error"), tr("Answers")), whole,
        )  # fmt: skip
        bars.let_choose(hint)
        bars.chosen.connect(lambda at, _column: self._open(kinds[at]))
        months = [month.month for month in self._shown.months]
        lines = [
            Line(
                name=error_in_words(each),
                values=tuple(float(by_month[m][each] if m in by_month else 0) for m in months),
            )
            for each in kinds[:_LINES]
        ]
        most = max(value or 0.0 for line in lines for value in line.values)
        trend = Trend(
            tr("Errors by month"), [month_in_words(month) for month in months], lines, tr("Answers"), whole,
            bounds=(0.0, max(4.0, most)), when=tr("Month"),
        )  # fmt: skip
        trend.let_choose(hint)
        trend.chosen.connect(lambda at, column: self._open(kinds[column - 1] if column else "", months[at]))
        self._plots.addWidget(bars)
        self._plots.addWidget(trend)

    def _pick(self, table: QTableWidget, choice: Choice, rows: Sequence[Row], y: int, x: int) -> None:
        """The name narrows the plots; a number opens what it counts."""
        item = table.item(y, 0)
        if item is None:
            return
        at = int(item.data(Qt.ItemDataRole.UserRole))
        picked = rows[at]
        measure, error = _COUNTS[x], ""
        if x == _WORST and picked.errors:
            error = max(picked.errors, key=lambda each: picked.errors[each])
        if not measure:
            choice.choose(str(at))
            self.fill()
        elif choice is self.lesson:
            self.listed.emit(measure, "", picked, None, error)
        else:
            self.listed.emit(measure, "", None, picked, error)

    def _open(self, error: str, month: str = "") -> None:
        lesson, model = chosen(self._shown, self.lesson, self.model)
        if model is not None or (lesson is not None and lesson.lesson_id is None):
            self.listed.emit("errors", month, lesson, model, error)  # the review does not know models
            return
        first, last = days_of(month) if month else (f"{self._shown.months[0].month}-01", "")
        counted = Counted(
            section="review",
            state="all",
            error=error,
            lesson_id=lesson.lesson_id if lesson else None,
            class_id=self._class_id,
            since=first,
            until=last,
        )
        self.wanted.emit(counted)


def _table(name: str, first: str, rows: tuple[Row, ...], nameless: str) -> QTableWidget:
    heads = (first, tr("Answers"), tr("Errors"), tr("Most often"), tr("Accuracy"))
    made = QTableWidget(len(rows), len(heads))
    made.setAccessibleName(name)
    made.setHorizontalHeaderLabels(list(heads))
    made.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    made.verticalHeader().hide()
    made.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    for y, each in enumerate(rows):
        worst = max(each.errors, key=lambda error: each.errors[error]) if each.errors else ""
        mean = each.graded
        graded = f"{one_decimal(mean.value)} ({one_decimal(mean.low)} – {one_decimal(mean.high)})" if mean else "–"
        cells: tuple[str | int, ...] = (each.name or nameless, each.turns, sum(each.errors.values()),
                                        error_in_words(worst) if worst else "–", graded)  # fmt: skip
        for x, value in enumerate(cells):
            item = QTableWidgetItem()
            item.setData(Qt.ItemDataRole.DisplayRole, value)  # numbers stay numbers, so that they sort as such
            item.setToolTip(trn("{n} grade", "{n} grades", mean.count) if mean and value == graded else str(value))
            if not x:
                item.setData(Qt.ItemDataRole.UserRole, y)  # where it stands before it is sorted
            made.setItem(y, x, item)
    made.setSortingEnabled(True)
    made.horizontalHeader().setSortIndicator(-1, made.horizontalHeader().sortIndicatorOrder())
    made.setFixedHeight(theme.scale(_ROW * (min(len(rows), 6) + 1) + 8))
    return made
