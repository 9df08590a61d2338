"""One thing that waits for a teacher: what was said, what came before, what was checked, and what can be done.

With the focus on the card: A answers, C writes the correction, Y accepts, D dismisses, O opens, Ctrl+Z takes back.
"""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from tutor.classroom.review import SHORTEST_REASON
from tutor.domain import Correction, CorrectionStatus, Message, Role
from tutor.i18n import tr
from tutor.qt import theme
from tutor.qt.flow import flow
from tutor.qt.pictures import Picture
from tutor.qt.teacher import review_words
from tutor.qt.teacher.correction_card import CorrectionForm
from tutor.qt.teacher.section import when
from tutor.qt.widgets import Card, Choice, Field, Notice, button, clear, label, row, rule, set_role
from tutor.store.reviews import ReviewItem


class ReviewCard(Card):
    """Says by signals what the person decides; the section does it."""

    answered = Signal(object, str, bool)
    """The item, the words, and whether they are sent although a check warned."""
    accepted = Signal(object)
    corrected = Signal(object, object)
    dismissed = Signal(object, str)
    classified = Signal(object, str)
    undone = Signal(object)
    moved = Signal(object, int)

    def __init__(
        self,
        item: ReviewItem,
        correction: Correction | None,
        turns: Callable[[ReviewItem], Sequence[Message]],
        parent: QWidget | None = None,
        *,
        written: Correction | None = None,
    ) -> None:
        """`turns` gives the item's answer with what came before; it is asked when the card is opened.

        `written`: a correction that was written for it alone, and that goes with its decision.
        """
        super().__init__(parent, pad=16, gap=8)
        self.item, self.correction, self.written, self._turns = item, correction, written, turns
        self.asking = ""
        """What is being written: answer | correction | reason, or nothing."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(f"{review_words.headline(item)}, {item.learner}, {item.question}")
        self._head()
        self._said = QVBoxLayout()
        self._said.setSpacing(6)
        self.body.addLayout(self._said)
        self._kind_of_error = item.error
        self.error: Choice
        self._form = QVBoxLayout()
        self._form.setSpacing(8)
        self.body.addLayout(self._form)
        self._buttons: dict[str, QPushButton] = {}
        self._show_pair()
        self.show_actions()

    # --- what is shown ------------------------------------------------------------------------------------------------

    def _head(self) -> None:
        item = self.item
        head = QHBoxLayout()
        head.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(review_words.headline(item), "strong"))
        parts = (item.learner, item.lesson or item.title, when(item.created_at))
        words.addWidget(label(" · ".join(part for part in parts if part), "caption"))
        head.addWidget(Picture(item.picture, 40), 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        self.body.addLayout(head)
        added = tr("What is wrong") if item.kind == "flag" else tr("The learner adds")
        for heading, text in ((added, item.note), (tr("What would be right"), item.better)):
            if text:
                self.body.addWidget(label(heading, "caption"))
                self.body.addWidget(label(text, select=True))
        self.body.addWidget(rule())

    def _show_pair(self) -> None:
        """The question and the answer; the rest is a press away."""
        clear(self._said)
        self._words(tr("The learner wrote:"), self.item.question)
        self._words(tr("Tutor answered:"), self.item.said)
        if self.item.answer:
            self._words(tr("You answered:"), self.item.answer)
        self._open = button(tr("What came before, and what was checked"), "quiet", "chevron-down", self.open)
        self._said.addLayout(row(self._open))

    def open(self) -> None:
        """The turns before that may be shown, and every check of the answer."""
        messages = list(self._turns(self.item))
        clear(self._said)
        for message in messages:
            who = tr("The learner wrote:") if message.role is Role.LEARNER else tr("Tutor answered:")
            self._words(who, message.text)
        if self.item.answer:
            self._words(tr("You answered:"), self.item.answer)
        reply = messages[-1].reply if messages else None
        if reply is not None:
            self._said.addWidget(label(tr("What was checked"), "strong"))
            for what, found in review_words.checked(reply):
                self._words(what, found, flip=True)
        self._said.addLayout(row(button(tr("Show less"), "quiet", "chevron-up", self._show_pair)))

    def _words(self, heading: str, text: str, *, flip: bool = False) -> None:
        self._said.addWidget(label(heading, "" if flip else "caption"))
        if text:
            self._said.addWidget(label(text, "caption" if flip else "", select=True))

    # --- what can be done ---------------------------------------------------------------------------------------------

    def show_actions(self) -> None:
        clear(self._form)
        self.asking = ""
        self._buttons = {}
        item, known = self.item, self.correction
        kind = Choice(review_words.errors(), self._kind_of_error)
        kind.setAccessibleName(tr("Kind of error"))
        kind.activated.connect(lambda _index: self.classified.emit(self.item, self.error.value()))
        self.error = kind
        if item.decision:
            self._form.addWidget(label(review_words.decision_in_words(item), "good"))
            words = tr("Take it back")
            if self.written is not None:
                self._form.addWidget(label(tr("Your correction: {answer}", answer=self.written.answer), select=True))
                used = self.written.status is CorrectionStatus.ACCEPTED
                words = tr("Withdraw the correction") if used else tr("Take the correction back")
            elif item.correction_id is not None:
                told = tr("The correction is not used any more, or others stand on it: see “Corrections”.")
                self._form.addWidget(label(told, "caption"))
            self._add("undo", words, "plain", partial(self.undone.emit, item))
        else:
            ready = known is not None and known.status is CorrectionStatus.PROPOSED and known.checked == "passed"
            may = ready and known is not None and bool(known.answer.strip())
            first = "answer" if item.kind == "escalation" else "accept" if may else "correct"
            if may:
                self._add("accept", tr("Accept what would be right"), first, partial(self.accepted.emit, item))
            self._add("answer", tr("Answer the learner"), first, self.write_answer)
            self._add("correct", tr("Write the correction"), first, self.write_correction)
            self._add("dismiss", tr("Dismiss…"), first, self.ask_reason)
        line = flow(*self._buttons.values())
        self._form.addWidget(line)
        self._form.addLayout(row(label(tr("Kind of error"), "caption", wrap=False), kind))

    def _add(self, key: str, words: str, first: str, act: Callable[[], object]) -> None:
        kind = "primary" if key == first else first if first == "plain" else "plain"
        self._buttons[key] = button(words, kind, "", act)

    def write_answer(self) -> None:
        """The teacher's words, to stand in the conversation as theirs."""
        self._begin("answer")
        self.words = QPlainTextEdit(self.item.answer)
        self.words.setTabChangesFocus(True)
        self.words.setFixedHeight(theme.scale(96))
        hint = tr("It stands in the conversation as yours. The tutor does not read it.")
        self._form.addWidget(Field(tr("Your answer"), self.words, hint))
        self.warning = Notice("", "warm")
        self.warning.hide()
        self._form.addWidget(self.warning)
        self.send = button(tr("Send"), "primary", "send", partial(self._send, False))
        self.send_anyway = button(tr("Send it all the same"), "plain", "", partial(self._send, True))
        self.send_anyway.hide()
        self._form.addWidget(flow(self.send, self.send_anyway, self._leave()))
        self.words.setFocus()

    def warn(self, words: str) -> None:
        """A check of what was written found something: the person decides."""
        if self.asking == "answer":
            self.warning.say(words, "warm")
            self.send_anyway.show()
            self.send.setEnabled(True)

    def _send(self, anyway: bool) -> None:
        if self.words.toPlainText().strip():
            self.send.setEnabled(False)
            self.answered.emit(self.item, self.words.toPlainText(), anyway)
        else:
            self.words.setFocus()

    def write_correction(self) -> None:
        """What would be right, handed to the corrections."""
        self._begin("correction")
        known = self.correction
        started = Correction(id=0, question=self.item.question, answer=self.item.better)
        self.form = CorrectionForm(known if known is not None else started)
        self._form.addWidget(self.form)
        self._form.addWidget(flow(button(tr("Keep"), "primary", "", self._keep), self._leave()))
        self.form.answer.setFocus()

    def _keep(self) -> None:
        if not self.form.problem_found():
            self.corrected.emit(self.item, self.form.values())

    def ask_reason(self) -> None:
        self._begin("reason")
        self.reason = QLineEdit()
        self.reason_field = Field(tr("Why?"), self.reason, tr("The reason is kept."))
        self._form.addWidget(self.reason_field)
        self.reason.returnPressed.connect(self._dismiss)
        self._form.addWidget(flow(button(tr("Dismiss"), "primary", "", self._dismiss), self._leave()))
        self.reason.setFocus()

    def _dismiss(self) -> None:
        if len(self.reason.text().strip()) < SHORTEST_REASON:
            self.reason_field.complain(tr("Please write a few words."))
        else:
            self.dismissed.emit(self.item, self.reason.text().strip())

    @property
    def kind_of_error(self) -> str:
        """As it is chosen; "" for not said."""
        return self._kind_of_error if self.asking else self.error.value()

    def _begin(self, what: str) -> None:
        self._kind_of_error = self.kind_of_error
        clear(self._form)
        self.asking = what

    def _leave(self) -> QPushButton:
        return button(tr("Leave it as it is"), "quiet", "", self._left)

    def _left(self) -> None:
        self.show_actions()
        self.setFocus()

    # --- keys ---------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.asking:
            if event.key() == Qt.Key.Key_Escape:
                self._left()
                return
            super().keyPressEvent(event)
            return
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_J: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_K: -1}
        keys = {
            Qt.Key.Key_A: "answer",
            Qt.Key.Key_C: "correct",
            Qt.Key.Key_Y: "accept",
            Qt.Key.Key_D: "dismiss",
            Qt.Key.Key_U: "undo",
        }
        key = Qt.Key(event.key())
        if key in steps:
            self.moved.emit(self, steps[key])
        elif key in (Qt.Key.Key_O, Qt.Key.Key_Return):
            self.open()
        elif (found := self._buttons.get(keys.get(key, ""))) is not None and not event.modifiers():
            found.click()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        set_role(self, "panel", "chosen")

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        set_role(self, "panel", "card")
