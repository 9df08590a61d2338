"""Which time and which class a page of figures is about."""

from calendar import monthrange
from datetime import date
from functools import partial

from PySide6.QtCore import QDate, QLocale, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from tutor.classroom.overview import PERIODS
from tutor.i18n import tr
from tutor.qt.flow import flow
from tutor.qt.widgets import Choice, button
from tutor.store import Store


def period_in_words(days: int) -> str:
    return {7: tr("7 days"), 30: tr("30 days"), 365: tr("A year")}[days]


def day_in_words(day: date) -> str:
    """Short, as on an axis: 3 Mar."""
    return QLocale().toString(QDate(day.year, day.month, day.day), "d MMM")


def month_in_words(month: str) -> str:
    """`2026-03` as on an axis: Mar 2026."""
    year, number = (int(part) for part in month.split("-"))
    return QLocale().toString(QDate(year, number, 1), "MMM yyyy")


def span_in_words(since: str, until: str) -> str:
    """Two stored days as people write them here; "" where there is no first one."""
    if not since:
        return ""
    first, last = (QLocale().toString(QDate.fromString(day, Qt.DateFormat.ISODate), "d MMM yyyy")
                   for day in (since, until or since))  # fmt: skip
    return f"{first} – {last}" if until else tr("since {day}", day=first)


def days_of(month: str) -> tuple[str, str]:
    """First and last day of `2026-03`."""
    year, number = (int(part) for part in month.split("-"))
    return f"{month}-01", f"{month}-{monthrange(year, number)[1]:02}"


class Period(QWidget):
    """`changed`: another time or class is wanted."""

    changed = Signal()

    def __init__(self, store: Store, days: int = PERIODS[0]) -> None:
        super().__init__()
        self._store = store
        self.days = days
        self._group = QButtonGroup(self)
        self.chips = {}
        for each in PERIODS:
            chip = button(period_in_words(each), "chip", "", partial(self._choose, each))
            chip.setCheckable(True)
            chip.setChecked(each == days)
            self._group.addButton(chip)
            self.chips[each] = chip
        self.school_class = Choice([("", tr("Everyone"))])
        self.school_class.setAccessibleName(tr("Class"))
        self.school_class.activated.connect(lambda _index: self.changed.emit())
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(flow(*self.chips.values(), self.school_class))

    @property
    def class_id(self) -> int | None:
        return int(self.school_class.value()) if self.school_class.value() else None

    def refresh(self) -> None:
        """The classes that there are now; the choice is hidden where there are none."""
        wanted = self.school_class.value()
        self.school_class.clear()
        self.school_class.addItem(tr("Everyone"), "")
        for each in self._store.classes():
            self.school_class.addItem(each.name, str(each.id))
        self.school_class.choose(wanted if self.school_class.findData(wanted) >= 0 else "")
        self.school_class.setVisible(self.school_class.count() > 1)

    def _choose(self, days: int) -> None:
        self.days = days
        self.changed.emit()
