"""Review: what learners reported, what they put to their teacher, what the tutor doubts; decided here, and undone."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QPushButton, QVBoxLayout

from tutor.classroom.review import Group, ReviewDesk
from tutor.classroom.screening import DOUBTFUL, FINE, Screening
from tutor.errors import UserError
from tutor.i18n import tr, trn
from tutor.qt.flow import flow
from tutor.qt.teacher.counted import Counted
from tutor.qt.teacher.grading import Grading
from tutor.qt.teacher.review_card import ReviewCard
from tutor.qt.teacher.review_filter import ReviewFilter
from tutor.qt.teacher.section import Section, empty
from tutor.qt.widgets import button, clear, label, row
from tutor.store.reviews import ReviewItem

if TYPE_CHECKING:
    from tutor.app import App

PAGE: Final = 8
"""Cards at a time."""
FEW: Final = 3
"""Cards of many that are alike, before the others are asked for."""
SCREEN_MS: Final = 8_000
"""So long a look at what a teacher writes is waited for; then it counts as not made."""
STATES: Final = ("waiting", "done", "all")


class Review(Section):
    """`changed`: something was decided. `grading`: the blind grades, in the place of the list."""

    changed = Signal()
    _looked = Signal(object, str)

    def __init__(self, app: "App") -> None:
        super().__init__(
            tr("Review"),
            tr(
                "What learners reported, what they ask you, and answers that the tutor doubts. What you decide can be "
                "taken back. Nothing is learnt from it by itself."
            ),
        )
        self._app, self._store = app, app.store
        self.desk = ReviewDesk(app.store, app.corrections, app.escalations)
        self._screening = Screening(app)
        self.destroyed.connect(app.hear(self._screening.handle))
        self._state, self._next, self._shown = "waiting", 0, PAGE
        self._last: list[ReviewItem] = []
        self._cards: list[ReviewCard] = []
        self._for_all: dict[int, tuple[QCheckBox, Group]] = {}
        self._looking: dict[int, tuple[ReviewCard, str]] = {}
        """By number of the look: the card, and the words that are looked at."""
        self._looks = 0
        self._opened: set[int] = set()
        """The first items of groups that are shown whole."""
        self._chips: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        for state in STATES:
            chip = button("", "chip", "", partial(self.show_state, state))
            chip.setCheckable(True)
            self._group.addButton(chip)
            self._chips[state] = chip
        self._grade = button(tr("Grade answers blind"), "plain", "star", self.grade)
        self.filter = ReviewFilter(app.store)
        self.filter.changed.connect(self._changed_filter)
        self._undo = button(tr("Take it back"), "link", "", self.take_back)
        self._undo.hide()
        self.said.body.addLayout(row(self._undo))
        here = Qt.ShortcutContext.WidgetWithChildrenShortcut
        QShortcut(QKeySequence.StandardKey.Undo, self, self.take_back, context=here)
        self._list = QVBoxLayout()
        self._list.setSpacing(12)
        self._more = button(tr("Show more"), "plain", "chevron-down", self._show_more)
        self._keys = label(
            tr("Keys on a card: ↓ ↑ go on, A answer, C correct, Y accept, D dismiss, O open, Ctrl+Z take back."),
            "caption",
        )
        self.grading = Grading(app.store)
        self.grading.left.connect(self.enter)
        self.grading.hide()
        self.body.addWidget(flow(*self._chips.values(), self._grade))
        self.body.addWidget(self.filter)
        self.body.addWidget(self._keys)
        self.body.addLayout(self._list)
        self.body.addLayout(row(self._more))
        self.body.addWidget(self.grading)
        self.body.addStretch(1)
        self._looked.connect(self._screened, Qt.ConnectionType.QueuedConnection)

    # --- what is shown ------------------------------------------------------------------------------------------------

    def enter(self) -> None:
        self._listing(True)
        self.filter.refresh()
        self._refill()

    def show_counted(self, counted: Counted) -> None:
        """What a number of another page counts."""
        self.filter.narrow_to(counted)
        self.show_state(counted.state)

    def show_state(self, state: str) -> None:
        self._state, self._shown = state, PAGE
        self.enter()

    def grade(self) -> None:
        """Blind grades of a sample of answers."""
        self._listing(False)
        self.said.hide()
        self.grading.begin()

    def _listing(self, on: bool) -> None:
        for widget in (self.filter, self._keys, self._more):
            widget.setVisible(on)
        self.grading.setVisible(not on)
        self._grade.setVisible(on)
        if not on:
            clear(self._list)
            self._cards = []

    def _refill(self) -> None:
        counts = self._store.review_counts(self.filter.class_id)
        waiting = sum(counts.values())
        names = {
            "waiting": tr("Waiting ({n})", n=waiting) if waiting else tr("Waiting"),
            "done": tr("Done"),
            "all": tr("All"),
        }
        for state, chip in self._chips.items():
            chip.setText(names[state])
            chip.setChecked(state == self._state)
        clear(self._list)
        self._cards, self._for_all = [], {}
        groups, more = self.desk.groups(self._state, **self.filter.wanted())
        left = self._shown
        while groups:
            for group in groups:
                if left <= 0:
                    break
                left -= self._add_group(group)
            if left <= 0 or not more:
                break
            groups, more = self.desk.groups(self._state, offset=more, **self.filter.wanted())
        self._more.setVisible(left <= 0)
        blind = self._named_blind()
        if not self._cards:
            self._list.addWidget(empty(blind or self._nothing()))
        elif blind:
            self._list.addWidget(label(blind, "caption"))
        self._keys.setVisible(bool(self._cards))

    def _named_blind(self) -> str:
        """Answers with the wanted kind of error that are not in the list, since blind grades hide whose they are."""
        wanted = self.filter.wanted()
        if not wanted["error"] or wanted["kind"] or wanted["learner_id"] or wanted["words"]:
            return ""
        count = self._store.graded_errors(
            wanted["error"], wanted["since"], wanted["until"], wanted["lesson_id"], wanted["class_id"]
        )
        if not count:
            return ""
        return trn(
            "{n} such answer was named in blind grades, which do not show whose it is.",
            "{n} such answers were named in blind grades, which do not show whose they are.",
            count,
        )

    def _nothing(self) -> str:
        if self.filter.narrow:
            return tr("Nothing is found.")
        if self._state == "waiting":
            return tr(
                "Nothing waits for you. When a learner finds an answer wrong, or puts a question to you, it comes here."
            )
        return tr("Nothing was decided yet.")

    def _add_group(self, group: Group) -> int:
        many = len(group.items) > 1
        if many:
            words = trn("{n} that are alike", "{n} that are alike", len(group.items))
            self._list.addWidget(label(words, "strong"))
            if self._state == "waiting":
                box = QCheckBox(tr("What I decide about one of them holds for all"))
                self._list.addWidget(box)
                for item in group.items:
                    self._for_all[id(item)] = (box, group)
        shown = group.items if group.items[0].id in self._opened else group.items[:FEW]
        for item in shown:
            self._list.addWidget(self._card(item))
        if len(shown) < len(group.items):
            others = len(group.items) - len(shown)
            words = trn("Show the other one", "Show the other {n}", others)
            open_group = button(words, "quiet", "chevron-down", partial(self._open_group, group))
            self._list.addLayout(row(open_group))
        return min(len(shown), FEW)

    def _open_group(self, group: Group) -> None:
        self._opened.add(group.items[0].id)
        self._refill()

    def _card(self, item: ReviewItem) -> ReviewCard:
        written = self.desk.written(item)
        card = ReviewCard(item, self.desk.correction_of(item), self.desk.turns, written=written)
        card.answered.connect(self._answer)
        card.accepted.connect(self._accept)
        card.corrected.connect(self._correct)
        card.dismissed.connect(self._dismiss)
        card.classified.connect(self._classify)
        card.undone.connect(self._undo_one)
        card.moved.connect(self._move)
        self._cards.append(card)
        return card

    # --- what is done -------------------------------------------------------------------------------------------------

    def _alike(self, item: ReviewItem) -> tuple[ReviewItem, ...]:
        box, group = self._for_all.get(id(item), (None, None))
        return group.items if box is not None and group is not None and box.isChecked() else (item,)

    def _error(self, item: ReviewItem) -> str:
        return next((card.kind_of_error for card in self._cards if card.item is item), "")

    def _answer(self, item: ReviewItem, words: str, anyway: bool) -> None:
        card = next((card for card in self._cards if card.item is item), None)
        if anyway or card is None:
            error = self._error(item)
            self._do(
                lambda each: self.desk.answer(each, words, error), item, tr("Sent. It stands in the conversation.")
            )
            return
        self._looks = number = self._looks + 1
        self._looking[number] = (card, words)
        try:
            band = self._store.learner(item.learner_id).age_band
            if self._app.engine_state.state != "ready":
                self._looked.emit(number, "unchecked")
                return
            self._screening.look(words, band, partial(self._looked.emit, number))
            QTimer.singleShot(SCREEN_MS, self, partial(self._screened, number, "unchecked"))
        except UserError as error:
            self._looking.pop(number)
            self.complain(error)

    def _screened(self, number: int, found: str) -> None:
        """The checks have looked at what was written, or could not."""
        card, words = self._looking.pop(number, (None, ""))
        if card is None or card not in self._cards or card.asking != "answer":
            return
        if card.words.toPlainText() != words:  # written on meanwhile: these words are looked at, too
            self._answer(card.item, card.words.toPlainText(), False)
        elif found == FINE:
            self._answer(card.item, words, True)
        elif found == DOUBTFUL:
            card.warn(tr("The checks would not show these words to a learner of this age. Read them once more."))
        else:
            card.warn(tr("These words could not be checked now, because the tutor is not ready. Read them once more."))

    def _accept(self, item: ReviewItem) -> None:
        error = self._error(item)
        self._do(
            lambda each: self.desk.accept(each, error), item, tr("Accepted. It is used from the next question on.")
        )

    def _correct(self, item: ReviewItem, values: dict[str, Any]) -> None:
        error = self._error(item)
        words = tr("It is being checked, and then used. It stands under “Corrections”.")
        first, *others = self._alike(item)

        def correct(each: ReviewItem) -> None:
            if each is first:  # one correction for all of them
                self.desk.correct(each, values, error, others)

        self._do(correct, item, words)

    def _dismiss(self, item: ReviewItem, why: str) -> None:
        error = self._error(item)
        self._do(lambda each: self.desk.dismiss(each, why, error), item, tr("Dismissed."))

    def _classify(self, item: ReviewItem, error: str) -> None:
        if item.decision:
            self._do(lambda each: self.desk.classify(each, error), item, tr("Kept."), undo=False)

    def _undo_one(self, item: ReviewItem) -> None:
        self._do(self.desk.undo, item, tr("Taken back. It waits again."), undo=False)

    def take_back(self) -> None:
        """Undo what was decided last, or the last grade."""
        if self.grading.isVisible():
            self.grading.back()
            return
        last, self._last = self._last, []
        try:
            for item in last:
                now = self._store.review_items("done", kind=item.kind, learner_id=item.learner_id, limit=-1)
                known = next((each for each in now if each.id == item.id), None)
                if known is not None:
                    self.desk.undo(known)
        except UserError as error:
            self.complain(error)
        if last:
            self._undo.hide()
            self._refill()
            self.tell(tr("Taken back. It waits again."))
            self.changed.emit()

    def _do(self, act: Callable[[ReviewItem], object], item: ReviewItem, words: str, *, undo: bool = True) -> None:
        items = self._alike(item) if undo else (item,)
        at = next((n for n, card in enumerate(self._cards) if card.item is item), 0)
        try:
            for each in items:
                act(each)
        except UserError as error:
            self._undo.hide()
            self.complain(error)
            return
        self._last = list(items) if undo else []
        self._undo.setVisible(undo)
        self._refill()
        self.tell(words if len(items) == 1 else f"{words} ({len(items)})")
        self.changed.emit()
        if self._cards:
            self._cards[min(at, len(self._cards) - 1)].setFocus()

    def _move(self, card: ReviewCard, by: int) -> None:
        at = self._cards.index(card) + by
        if 0 <= at < len(self._cards):
            self._cards[at].setFocus()
            self._column.ensureWidgetVisible(self._cards[at], 0, 40)

    def _changed_filter(self) -> None:
        self._shown = PAGE
        self._refill()

    def _show_more(self) -> None:
        self._shown += PAGE
        self._refill()
