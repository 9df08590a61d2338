"""The lessons that a learner may begin with: those a teacher set first, each with what it is about."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDate, QLocale, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tutor.i18n import tr, trn
from tutor.qt.learner.parts import small
from tutor.qt.richtext.flat import flat
from tutor.qt.widgets import Card, Symbol, button, clear, label

if TYPE_CHECKING:
    from tutor.classroom.offered import Offered

FIRST: Final = 4
"""Lessons shown before the learner asks for all."""


def until_in_words(day: str) -> str:
    """The last day of a lesson that is set; "" for none."""
    date = QDate.fromString(day, Qt.DateFormat.ISODate)
    if not day or not date.isValid():
        return ""
    left = QDate.currentDate().daysTo(date)
    if left == 0:
        return tr("until today")
    if left == 1:
        return tr("until tomorrow")
    return tr("until {day}", day=QLocale().toString(date, "dddd d MMMM"))


class LessonCard(Card):
    """One lesson: `begun` says that the learner wants it."""

    begun = Signal(int)

    def __init__(self, offer: "Offered", *, first: bool = False, school: bool = True) -> None:
        """`first` of those to choose from; `school`: who sets lessons is a teacher, at home a grown-up."""
        super().__init__(pad=16, gap=4)
        self.offer = offer
        title = flat(offer.title)
        line = QHBoxLayout()
        line.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(title, "strong"))
        if offer.summary:
            words.addWidget(label(flat(offer.summary)))
        who = tr("Set by your teacher") if school else tr("Set by a grown-up")
        under = [who if offer.is_set else "", until_in_words(offer.until_day)]
        said = " · ".join(part for part in under if part)
        if said:
            words.addWidget(label(said, "caption"))
        if offer.note:
            words.addWidget(label(flat(offer.note), "caption"))
        line.addWidget(Symbol("book-open", 24, "accent"), 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        self.go = button(tr("Begin"), "primary" if first else "plain", "", partial(self.begun.emit, offer.version_id))
        self.go.setAccessibleName(tr("Begin the lesson {title}", title=title))
        line.addWidget(self.go, 0, Qt.AlignmentFlag.AlignVCenter)
        self.body.addLayout(line)
        if offer.off:
            self.go.setEnabled(False)
            words.addWidget(label(tr("Closed during the test"), "warm"))


class LessonChoice(QWidget):
    """Hidden while there is no lesson."""

    begun = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offers: tuple[Offered, ...] = ()
        self._all, self._school = False, True
        self.cards: list[LessonCard] = []
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(8)
        self.hide()

    def show_lessons(self, offers: "Sequence[Offered]", *, school: bool = True) -> None:
        """Set ones first, as they come."""
        self._offers, self._school = tuple(offers), school
        self._draw()

    def show_all(self) -> None:
        self._all = True
        self._draw()
        if len(self.cards) > FIRST:
            self.cards[FIRST].go.setFocus(Qt.FocusReason.OtherFocusReason)

    def _draw(self) -> None:
        clear(self._box)
        self.cards = []
        self.setVisible(bool(self._offers))
        heading = ""
        shown = self._offers if self._all else self._offers[:FIRST]
        for number, offer in enumerate(shown):
            wanted = tr("Your lessons") if offer.is_set else tr("Lessons for you to choose")
            if wanted != heading:
                heading = wanted
                self._box.addWidget(label(heading, "strong"))
            card = LessonCard(offer, first=number == 0 and not offer.off, school=self._school)
            card.begun.connect(self.begun)
            self.cards.append(card)
            self._box.addWidget(card)
        more = len(self._offers) - len(shown)
        if more:
            self._box.addWidget(
                small(trn("Show {n} more lesson", "Show {n} more lessons", more), self.show_all),
                0,
                Qt.AlignmentFlag.AlignLeft,
            )
