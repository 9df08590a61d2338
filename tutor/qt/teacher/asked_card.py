"""One answer that the tutor asked a learner about: why it was chosen, what the learner said, and the turn itself."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tutor.corrections.asking import reason_in_words, said_in_words
from tutor.domain import Asked, Correction, Message, Role, Visible
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.qt.flow import flow
from tutor.qt.teacher.correction_card import CorrectionForm, status_in_words
from tutor.qt.teacher.section import when
from tutor.qt.widgets import Card, button, clear, label
from tutor.store import Store


class AskedCard(Card):
    """Says by a signal what a person wrote; the section keeps it."""

    written = Signal(object)
    """Fields of a correction."""

    def __init__(self, asked: Asked, turn: tuple[Message, ...], *, learner: str, correction: Correction | None) -> None:
        """`turn`: question and answer. `correction`: what came of the learner's word, if anything did."""
        super().__init__(pad=16, gap=8)
        self.asked, self._turn = asked, turn
        self._may_write = correction is None
        self.body.addWidget(label(reason_in_words(asked), "strong"))
        self.body.addWidget(label(" · ".join(part for part in (learner, when(asked.asked_at)) if part), "caption"))
        self.body.addWidget(label(said_in_words(asked)))
        if correction is not None:
            self.body.addWidget(label(tr("A correction came of it: {status}", status=status_in_words(correction))))
        self._words = QVBoxLayout()
        self._words.setSpacing(8)
        self.body.addLayout(self._words)
        self._actions = QVBoxLayout()
        self.body.addLayout(self._actions)
        self._show_actions(opened=False)

    def open_turn(self) -> None:
        """Question and answer, only when asked for: nobody reads them over a shoulder by chance."""
        clear(self._words)
        for message in self._turn:
            who = tr("The learner wrote:") if message.role is Role.LEARNER else tr("Tutor answered:")
            self._words.addWidget(label(who, "caption"))
            self._words.addWidget(label(message.text, select=True))
        self._show_actions(opened=True)

    def write(self) -> None:
        """What would be right, under the turn that it is about."""
        self.open_turn()
        self.form = CorrectionForm(Correction(id=0, question=self._turn[0].text, answer=""))
        self._words.addWidget(self.form)
        clear(self._actions)
        keep = button(tr("Keep"), "primary", "", self._keep)
        self._actions.addWidget(flow(keep, button(tr("Leave it as it is"), "quiet", "", self.open_turn)))
        self.form.answer.setFocus()

    def _show_actions(self, *, opened: bool) -> None:
        clear(self._actions)
        shown: list[QWidget] = [] if opened else [button(tr("Open the turn"), "plain", "eye", self.open_turn)]
        if self._may_write:
            shown.append(button(tr("Write the correction"), "plain", "square-pen", self.write))
        if shown:
            self._actions.addWidget(flow(*shown))

    def _keep(self) -> None:
        if not self.form.problem_found():
            self.written.emit({**self.form.values(), "wrong": self._turn[-1].text})


def may_see(store: Store, asked: Sequence[Asked]) -> list[Asked]:
    """Those that teachers may look at: whole conversations are shown to them, or the learner called it wrong."""
    learners = {one.learner_id for one in asked}
    flagged = {learner_id for learner_id in learners if store.visible_of(learner_id) is not Visible.SUMMARY}
    since = {learner_id: store.read_since(learner_id) for learner_id in learners}
    return [
        one
        for one in asked
        if (one.said == "not_right" and one.learner_id in flagged)
        or ((told := since[one.learner_id]) is not None and one.asked_at >= told)
    ]


def asked_cards(store: Store, asked: Sequence[Asked], wanted: str, most: int) -> list[AskedCard]:
    """Up to `most`, in their order, of turns that have the `wanted` words; what is gone meanwhile is left out."""
    cards: list[AskedCard] = []
    for one in asked:
        if len(cards) == most:
            break
        try:
            turn = store.path_to(one.message_id)[-2:]
            learner = store.learner(one.learner_id).name
        except UserError:
            continue
        if wanted and wanted not in " ".join(message.text for message in turn).casefold():
            continue
        flags = store.flags(message_id=one.message_id)
        came = next((c for flag in flags if (c := store.correction_of_flag(flag.id)) is not None), None)
        cards.append(AskedCard(one, turn, learner=learner, correction=came))
    return cards
