"""Corrections: what waits for a decision, what is in use, what was set aside; each decision can be taken back."""

import contextlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QButtonGroup, QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from tutor.corrections import transfer
from tutor.corrections.contradictions import Contradiction
from tutor.domain import Asked, Correction, CorrectionStatus
from tutor.errors import UserError
from tutor.i18n import tr, trn
from tutor.qt.flow import flow
from tutor.qt.teacher.asked_card import asked_cards, may_see
from tutor.qt.teacher.correction_card import CorrectionCard, CorrectionForm
from tutor.qt.teacher.section import Section, empty
from tutor.qt.widgets import Card, button, clear, label, row
from tutor.qt.work import Operation
from tutor.store import Store

if TYPE_CHECKING:
    from tutor.corrections.queue import Group, Queue

PAGE = 20
AT_ONCE = 200
"""Corrections that are compared while a page is drawn; more are compared on a thread of their own."""
SOON_MS = 300
"""Checks that end within this time are shown together."""
ASKED = "asked"
"""The view of what the tutor asks learners about."""
_VIEWS = {
    "waiting": (CorrectionStatus.PROPOSED,),
    "used": (CorrectionStatus.ACCEPTED,),
    "aside": (CorrectionStatus.REJECTED, CorrectionStatus.WITHDRAWN, CorrectionStatus.MERGED),
}


def why_in_words(why: str) -> str:
    return {
        "numbers": tr("They name different numbers."),
        "names": tr("They name different people or places."),
        "negation": tr("One says yes and the other says no."),
        "opposite": tr("They say opposite things."),
    }.get(why, tr("They do not fit together."))


class CorrectionsSection(Section):
    """`changed`: something was decided."""

    changed = Signal()
    _checked = Signal()

    def __init__(self, store: Store, queue: "Queue") -> None:
        super().__init__(
            tr("Corrections"),
            tr(
                "What learners say would be right. What you accept is used from the next question on, and the tutor "
                "can be trained on it under “Learning”."
            ),
        )
        self._store, self._queue = store, queue
        self._view = "waiting"
        self._shown = PAGE
        self._drawing = 0
        """Counts what was drawn: a comparison that ends after something else was shown is left out."""
        self._chips: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        for view in (*_VIEWS, ASKED):
            chip = button("", "chip", "", partial(self.show_view, view))
            chip.setCheckable(True)
            self._group.addButton(chip)
            self._chips[view] = chip
        self._find = QLineEdit()
        self._find.setPlaceholderText(tr("Find in questions and answers"))
        self._find.setAccessibleName(tr("Find in questions and answers"))
        self._find.setClearButtonEnabled(True)
        self._find.textChanged.connect(self._found)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON_MS)
        self._soon.timeout.connect(self.refresh)
        self._checked.connect(self._soon.start, Qt.ConnectionType.QueuedConnection)
        self.destroyed.connect(queue.listen(self._heard))
        self._list = QVBoxLayout()
        self._list.setSpacing(12)
        self._more = button(tr("Show more"), "plain", "chevron-down", self._show_more)
        self._write = button(tr("Write a correction"), "plain", "plus", self.write)
        self._undo = button(tr("Take it back"), "link", "", self._take_back)
        self._undo.hide()
        self._last = 0
        self.said.body.addLayout(row(self._undo))
        self.body.addWidget(flow(*self._chips.values()))
        self.body.addWidget(self._find)
        bring = button(tr("Bring in…"), "quiet", "", self._ask_import)
        save = button(tr("Save to a file…"), "quiet", "", self._ask_export)
        self.body.addWidget(flow(self._write, bring, save))
        self.body.addLayout(self._list)
        self.body.addLayout(row(self._more))
        self.body.addStretch(1)

    def enter(self) -> None:
        every = self._store.corrections()
        asked = may_see(self._store, self._store.asked_about())
        names = {
            "waiting": tr("Waiting ({n})", n=_count(every, "waiting")),
            "used": tr("In use ({n})", n=_count(every, "used")),
            "aside": tr("Set aside ({n})", n=_count(every, "aside")),
            ASKED: tr("Asked about ({n})", n=len(asked)),
        }
        for view, chip in self._chips.items():
            chip.setText(names[view])
            chip.setChecked(view == self._view)
        self._drawing += 1
        if self._view == "waiting":
            self._compare(len(every))
        elif self._view == ASKED:
            self._draw(self._asked(asked))
        else:
            self._draw(self._others(every))

    def _compare(self, count: int) -> None:
        """What waits is compared with everything else: among thousands that takes a while."""
        drawing = self._drawing

        def compared() -> tuple[Sequence[Contradiction], Sequence["Group"]]:
            return self._queue.contradictions(), self._queue.waiting()

        def done(found: tuple[Sequence[Contradiction], Sequence["Group"]]) -> None:
            if drawing == self._drawing:
                self._draw(self._waiting(*found))

        if count <= AT_ONCE:
            done(compared())
            return
        self._draw([empty(tr("Comparing {n} corrections with each other…", n=count))])
        Operation(self, compared, done=done, failed=self.complain)

    def _draw(self, drawn: list[QWidget]) -> None:
        clear(self._list)
        wanted = self._find.text().strip().casefold()
        if not drawn:
            self._list.addWidget(empty(tr("Nothing is found.") if wanted else self._nothing()))
        for widget in drawn[: self._shown]:
            self._list.addWidget(widget)
        for widget in drawn[self._shown :]:
            widget.deleteLater()
        self._more.setVisible(len(drawn) > self._shown)

    def show_view(self, view: str) -> None:
        self._view, self._shown = view, PAGE
        self.enter()

    def _heard(self, _correction: Correction) -> None:
        """A check ended. On the thread that hears of it."""
        with contextlib.suppress(RuntimeError):  # the page was closed meanwhile
            self._checked.emit()

    def refresh(self) -> None:
        """Checks ended; whatever a person is in the middle of is left alone."""
        if not self.isVisible():
            return
        self.changed.emit()
        if not (self.findChildren(CorrectionForm) or any(card.asking for card in self.findChildren(CorrectionCard))):
            self.enter()

    def write(self) -> None:
        """A teacher's own correction."""
        card = Card(pad=16)
        form = CorrectionForm()

        def keep() -> None:
            if not form.problem_found():
                self._keep_written(form.values())

        card.body.addWidget(form)
        card.body.addLayout(
            row(button(tr("Keep"), "primary", "", keep), button(tr("Leave it"), "quiet", "", self.enter))
        )
        self._drawing += 1
        clear(self._list)
        self._list.addWidget(card)
        self._more.hide()
        form.question.setFocus()

    # --- what is shown --------------------------------------------------------------------------------------------

    def _waiting(self, pairs: Sequence[Contradiction], groups: Sequence["Group"]) -> list[QWidget]:
        drawn: list[QWidget] = []
        for pair in pairs:
            if len(drawn) <= self._shown and self._fits(pair.one):
                drawn.append(self._pair(pair))
        for group in groups:
            fitting = [c for c in group.waiting if self._fits(c)]
            if not fitting or len(drawn) > self._shown:
                continue
            if len(group.waiting) > 1:
                words = trn("{n} that ask alike", "{n} that ask alike", len(group.waiting))
                drawn.append(label(words, "caption"))
            for correction in fitting:
                others = [c for c in (*group.in_use, *group.waiting) if c.id != correction.id and c.answer.strip()]
                drawn.append(self._card(correction, others))
        return drawn

    def _asked(self, asked: Sequence[Asked]) -> list[QWidget]:
        wanted = self._find.text().strip().casefold()
        cards = asked_cards(self._store, asked, wanted, self._shown + 1)
        for card in cards:
            card.written.connect(self._keep_written)
        return [*cards]

    def _others(self, every: tuple[Correction, ...]) -> list[QWidget]:
        fitting = [c for c in every if c.status in _VIEWS[self._view] and self._fits(c)]
        return [self._card(c) for c in list(reversed(fitting))[: self._shown + 1]]

    def _fits(self, correction: Correction) -> bool:
        wanted = self._find.text().strip().casefold()
        words = " ".join((correction.question, correction.answer, correction.wrong, *correction.phrasings))
        return not wanted or wanted in words.casefold()

    def _card(self, correction: Correction, others: list[Correction] | None = None) -> CorrectionCard:
        made = CorrectionCard(
            correction,
            learner=self._name(correction),
            others=others or (),
            can_undo=correction.status is not CorrectionStatus.PROPOSED,
        )
        made.accepted.connect(self._accept)
        made.rejected.connect(self._reject)
        made.withdrawn.connect(self._withdraw)
        made.edited.connect(self._edit)
        made.merged.connect(self._merge)
        made.undone.connect(self._undo_one)
        return made

    def _pair(self, pair: Contradiction) -> Card:
        """Two that cannot both be right, side by side."""
        card = Card(pad=16, gap=8)
        card.body.addWidget(label(tr("These two contradict each other"), "strong"))
        card.body.addWidget(label(why_in_words(pair.why), "caption"))
        sides = QHBoxLayout()
        sides.setSpacing(16)
        for mine, other in ((pair.one, pair.other), (pair.other, pair.one)):
            side = QVBoxLayout()
            side.setSpacing(4)
            side.addWidget(label(mine.question, "caption"))
            side.addWidget(label(mine.answer, select=True))
            side.addStretch(1)
            side.addLayout(row(button(tr("Keep this one"), "plain", "", partial(self._keep, mine, other))))
            sides.addLayout(side, 1)
        card.body.addLayout(sides)
        return card

    def _name(self, correction: Correction) -> str:
        if correction.learner_id is None:
            return ""
        try:
            return self._store.learner(correction.learner_id).name
        except UserError:
            return ""

    def _nothing(self) -> str:
        return {
            "waiting": tr(
                "Nothing waits. When a learner says “Something is wrong” and what would be right, it comes here."
            ),
            "used": tr("No correction is in use yet. Accept one, or write one yourself."),
            "aside": tr("Nothing was rejected or withdrawn."),
            ASKED: tr(
                "Now and then the tutor asks a learner whether an answer was right: where it was unsure, would say "
                "something else the next time, or was asked something new. Those answers are listed here."
            ),
        }[self._view]

    # --- what is done ---------------------------------------------------------------------------------------------

    def _accept(self, correction_id: int, why: str, scope: str) -> None:
        self._do(
            lambda: self._queue.accept(correction_id, why=why, scope=scope),
            tr("Accepted. It is used from the next question on."),
            correction_id,
        )

    def _reject(self, correction_id: int) -> None:
        self._do(lambda: self._queue.reject(correction_id), tr("Rejected. Nothing is learnt from it."), correction_id)

    def _withdraw(self, correction_id: int) -> None:
        words = tr("Withdrawn. It is not used any more; an adapter that learnt from it is marked for retraining.")
        self._do(lambda: self._queue.withdraw(correction_id), words, correction_id)

    def _merge(self, correction_id: int, into: int) -> None:
        self._do(
            lambda: self._queue.merge(correction_id, into),
            tr("Merged. Both ways of asking lead to the same answer."),
            correction_id,
        )

    def _edit(self, correction_id: int, values: dict[str, Any]) -> None:
        self._do(
            lambda: self._queue.edit(correction_id, accept=True, **values),
            tr("Changed. It is being checked again, and then used."),
            correction_id,
        )

    def _keep(self, mine: Correction, other: Correction) -> None:
        used = other.status is CorrectionStatus.ACCEPTED
        why = tr("contradicts another correction")
        drop = self._queue.withdraw if used else self._queue.reject
        self._do(lambda: drop(other.id, why=why), tr("The other one is set aside."), other.id)

    def _keep_written(self, values: dict[str, Any]) -> None:
        """A correction that a teacher wrote."""
        self._do(
            lambda: self._queue.add(str(values.pop("question")), str(values.pop("answer")), **values),
            tr("It is being checked, and then used."),
        )

    def _undo_one(self, correction_id: int) -> None:
        self._do(lambda: self._queue.undo(correction_id), tr("The last decision is taken back."))

    def _take_back(self) -> None:
        self._undo_one(self._last)

    def _do(self, act: Callable[[], object], words: str, correction_id: int = 0) -> None:
        try:
            act()
        except UserError as error:
            self._undo.hide()
            self.complain(error)
            return
        self._last = correction_id
        self._undo.setVisible(bool(correction_id))
        self.enter()
        self.tell(words)
        self.changed.emit()

    # --- files ----------------------------------------------------------------------------------------------------

    def bring_in(self, file: Path) -> None:
        """Corrections from elsewhere: read strictly, checked, and then they wait like any other."""

        def read() -> int:
            return len(transfer.take_in(self._store, transfer.read(file)))

        def done(count: int) -> None:
            self._queue.check_all()
            self.show_view("waiting")
            self.tell(
                trn("{n} correction waits for you.", "{n} corrections wait for you.", count)
                if count
                else tr("Nothing in this file is new.")
            )
            self.changed.emit()

        Operation(self, read, done=done, failed=self.complain)

    def save(self, file: Path) -> None:
        """What is in use for everyone, as a file that another Tutor can bring in. No learner is named in it."""

        def done(count: int) -> None:
            self.tell(trn("{n} correction is saved.", "{n} corrections are saved.", count))

        Operation(self, lambda: transfer.export(self._store, file), done=done, failed=self.complain)

    def _ask_import(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, tr("Bring in corrections"), "", tr("Corrections (*.jsonl)"))
        if chosen:
            self.bring_in(Path(chosen))

    def _ask_export(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self, tr("Save the corrections"), "corrections.jsonl", tr("Corrections (*.jsonl)")
        )
        if chosen:
            self.save(Path(chosen))

    def _show_more(self) -> None:
        self._shown += PAGE
        self.enter()

    def _found(self) -> None:
        self._shown = PAGE
        self.enter()


def _count(every: tuple[Correction, ...], view: str) -> int:
    return sum(c.status in _VIEWS[view] for c in every)
