"""The list behind a number: which turns it counts, newest first, a page at a time; a row opens what may be read."""

from functools import partial
from typing import Final

from PySide6.QtCore import QLocale, Qt, Signal

from tutor.errors import UserError
from tutor.i18n import tr
from tutor.qt.flow import flow
from tutor.qt.teacher import turns_words
from tutor.qt.teacher.counted import Counted
from tutor.qt.teacher.period import span_in_words
from tutor.qt.teacher.review_words import error_in_words
from tutor.qt.teacher.section import Section, empty
from tutor.qt.teacher.spread_table import SpreadTable
from tutor.qt.widgets import Paragraph, button, label
from tutor.store import Store
from tutor.store.counted import PAGE, CountedTurn, Counting

_SHOWN: Final = 14
"""Rows without scrolling."""


class TurnsSection(Section):
    """`wanted` carries what a row opens."""

    wanted = Signal(object)

    def __init__(self, store: Store) -> None:
        super().__init__(tr("What was counted"))
        self._store = store
        self.counting = Counting(measure="answers")
        self.turns: tuple[CountedTurn, ...] = ()
        self.total, self._from = 0, 0
        self._lead = Paragraph("", "quiet")
        self._narrow = label("", "strong")
        self._counted = label("", "caption")
        self._hint = label("", "caption")
        self.table = SpreadTable(_SHOWN)
        self.table.cellClicked.connect(self._press)
        self.table.cellActivated.connect(self._press)
        self.newer = button(tr("Newer"), "plain", "chevron-up", partial(self._turn, -PAGE))
        self.older = button(tr("Older"), "plain", "chevron-down", partial(self._turn, PAGE))
        self._none = empty(tr("There is nothing to list here."))
        for each in (self._lead, self._narrow, self._counted, self._hint, self._none, self.table):
            self.body.addWidget(each)
        self.body.addWidget(flow(self.newer, self.older))
        self.body.addStretch(1)

    def narrow_to(self, counting: Counting) -> None:
        """Show what was counted, from the newest on."""
        self.counting, self._from = counting, 0

    def enter(self) -> None:
        words = turns_words.listing(self.counting)
        self.page_name = words.title
        self._heading.setText(words.title)
        self._lead.setText(words.lead)
        self._lead.setVisible(bool(words.lead))
        try:
            self.total = self._store.count_counted(self.counting)
            self.turns = self._store.counted(self.counting, offset=self._from)
            narrow = self._narrowed()
        except UserError as error:
            self.complain(error)
            return
        self._narrow.setText(narrow)
        self._narrow.setVisible(bool(narrow))
        say = QLocale().toString
        self._counted.setText(
            tr("{first} to {last} of {n}, newest first", first=say(self._from + 1),
               last=say(self._from + len(self.turns)), n=say(self.total))
        )  # fmt: skip
        hint = {
            turns_words.READS: tr("Press a row, or Enter on it, to read the conversation; where the learner's class "
                                  "does not show it, the learner's report opens."),
            turns_words.REPORTS: tr("Press a row, or Enter on it, to open the learner's report."),
            turns_words.REVIEWS: tr("Press a row, or Enter on it, to open it in the review."),
        }.get(words.opens, "")  # fmt: skip
        self._hint.setText(hint)
        self._none.setVisible(not self.turns)
        for widget in (self.table, self._counted):
            widget.setVisible(bool(self.turns))
        self._hint.setVisible(bool(self.turns and hint))
        self.newer.setVisible(self._from > 0)
        self.older.setVisible(self._from + len(self.turns) < self.total)
        self._fill()

    def _narrowed(self) -> str:
        """Of which class, time, lesson and model, in words."""
        counting = self.counting
        parts = [span_in_words(counting.since, counting.until)]
        if counting.class_id is not None:
            parts.append(next((each.name for each in self._store.classes() if each.id == counting.class_id), ""))
        if counting.learner_id is not None:
            parts.append(self._store.learner(counting.learner_id).name)
        if counting.own:
            parts.append(tr("No lesson"))
        elif counting.lesson_id is not None:
            parts.append(next((line.title for line in self._store.lessons() if line.id == counting.lesson_id), ""))
        if counting.model is not None:
            parts.append(counting.model or tr("Unknown"))
        if counting.error:
            parts.append(error_in_words(counting.error))
        words = " · ".join(part for part in parts if part)
        return words[:1].upper() + words[1:]

    def _fill(self) -> None:
        heads = turns_words.heads(self.counting)
        self.table.setAccessibleName(self.page_name)
        rows = [turns_words.cells(self.counting, turn) for turn in self.turns]
        self.table.fill(heads, rows, wide=heads.index(tr("Lesson")))
        opens = bool(turns_words.listing(self.counting).opens)
        self.table.setCursor(Qt.CursorShape.PointingHandCursor if opens else Qt.CursorShape.ArrowCursor)

    def _turn(self, by: int) -> None:
        self._from = max(0, self._from + by)
        self.enter()
        self.table.setFocus()

    def _press(self, y: int, _x: int) -> None:
        turn, opens = self.turns[y], turns_words.listing(self.counting).opens
        if turn.learner_id is None or not opens:
            return
        if opens == turns_words.REVIEWS:
            counted = Counted(section="review", state="all", learner_id=turn.learner_id, error=turn.what,
                              since=turn.day, until=turn.day)  # fmt: skip
        elif opens == turns_words.REPORTS:
            counted = Counted(section="reports", learner_id=turn.learner_id, days=365)
        else:
            counted = Counted(section="learners", learner_id=turn.learner_id, message_id=turn.message_id, days=365)
        self.wanted.emit(counted)
