"""One correction as a card: what was asked, what was answered, what is right, what the checks found, what to do."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from tutor.domain import Correction, CorrectionStatus
from tutor.i18n import tr
from tutor.qt import theme
from tutor.qt.flow import flow
from tutor.qt.teacher.section import when
from tutor.qt.widgets import Card, Choice, Field, Notice, button, clear, label

SHORTEST_REASON = 3


def kind_in_words(kind: str) -> str:
    return {
        "fact": tr("A fact"),
        "method": tr("A way of working"),
        "explanation": tr("An explanation"),
        "style": tr("How something is said"),
        "scope": tr("Something the tutor did not know"),
    }.get(kind, kind)


def status_in_words(correction: Correction) -> str:
    if correction.status is CorrectionStatus.PROPOSED:
        if not correction.checked:
            return tr("Being checked")
        return tr("Waits for you") if correction.answer.strip() else tr("Waits for the right answer")
    return {
        CorrectionStatus.ACCEPTED: tr("In use"),
        CorrectionStatus.REJECTED: tr("Rejected"),
        CorrectionStatus.WITHDRAWN: tr("Withdrawn"),
        CorrectionStatus.MERGED: tr("Same as another one"),
    }[correction.status]


def decided_in_words(correction: Correction) -> str:
    """Who decided, when and why; "" when nobody has."""
    if not correction.decided_at:
        return ""
    who = {"teacher": tr("by a teacher"), "learner": tr("by the learner, after the checks"), "import": tr("by import")}
    said = [status_in_words(correction), who.get(correction.by, ""), when(correction.decided_at), correction.why]
    return " · ".join(part for part in said if part)


class CorrectionForm(QWidget):
    """The words of a correction, to be changed or written."""

    def __init__(self, correction: Correction | None = None) -> None:
        super().__init__()
        self.question = QLineEdit(correction.question if correction else "")
        self.answer = _lines(correction.answer if correction else "", 3)
        self.phrasings = _lines("\n".join(correction.phrasings) if correction else "", 3)
        self.kind = Choice(
            [(key, kind_in_words(key)) for key in ("fact", "method", "explanation", "style", "scope")],
            correction.kind if correction else "fact",
        )
        self.fields = {
            "question": Field(tr("What is asked"), self.question),
            "answer": Field(
                tr("What is right"), self.answer, tr("In the words that a learner will read; short is best.")
            ),
            "phrasings": Field(
                tr("Other ways of asking the same"), self.phrasings, tr("One a line. They help to find it again.")
            ),
            "kind": Field(tr("What it is"), self.kind),
        }
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        for field in self.fields.values():
            box.addWidget(field)

    def problem_found(self) -> bool:
        """Marks what is missing and puts the focus there."""
        wrong = False
        for name, text in (("answer", self.answer.toPlainText()), ("question", self.question.text())):
            missing = not text.strip()
            self.fields[name].complain(tr("Please write this.") if missing else "")
            if missing:
                self.fields[name].control.setFocus()
            wrong = wrong or missing
        return wrong

    def values(self) -> dict[str, object]:
        lines = (line.strip() for line in self.phrasings.toPlainText().splitlines())
        return {
            "question": self.question.text().strip(),
            "answer": self.answer.toPlainText().strip(),
            "phrasings": tuple(line for line in lines if line),
            "kind": self.kind.value(),
        }


def _lines(text: str, count: int) -> QPlainTextEdit:
    made = QPlainTextEdit(text)
    made.setTabChangesFocus(True)
    made.setFixedHeight(theme.scale(24 * count + 20))
    return made


class CorrectionCard(Card):
    """Says by signals what the person wants; the section does it."""

    accepted = Signal(int, str, str)
    """Id, reason, scope ("" as it is)."""
    rejected = Signal(int)
    withdrawn = Signal(int)
    edited = Signal(int, object)
    merged = Signal(int, int)
    undone = Signal(int)

    def __init__(
        self,
        correction: Correction,
        *,
        learner: str = "",
        others: Sequence[Correction] = (),
        can_undo: bool = False,
    ) -> None:
        """`learner`: whose flag it came from. `others`: corrections that ask alike."""
        super().__init__(pad=16, gap=8)
        self.correction = correction
        self._others = tuple(others)
        self._learner = learner
        said = [kind_in_words(correction.kind), learner, when(correction.created_at)]
        if correction.scope == "learner":
            said.append(tr("for {name} alone", name=learner or tr("one learner")))
        self.body.addWidget(label(status_in_words(correction), "strong"))
        self.body.addWidget(label(" · ".join(part for part in said if part), "caption"))
        self._said = QVBoxLayout()
        self._said.setSpacing(8)
        self.body.addLayout(self._said)
        self._actions = QVBoxLayout()
        self._actions.setSpacing(8)
        self.body.addLayout(self._actions)
        self._can_undo = can_undo
        self.asking = False
        """A reason is being written."""
        self.show_words()

    def show_words(self) -> None:
        """As it stands, with what can be done."""
        clear(self._said)
        self.asking = False
        c = self.correction
        for heading, text in (
            (tr("Asked"), c.question),
            (tr("Answered"), c.wrong),
            (tr("What is right"), c.answer),
            (tr("Other ways of asking the same"), "\n".join(c.phrasings)),
        ):
            if text:
                self._said.addWidget(label(heading, "caption"))
                self._said.addWidget(label(text, select=True))
        for finding in c.findings:
            kind = "alert" if finding.firm else "warm" if finding.stops else "notice"
            self._said.addWidget(Notice(finding.reason, kind))
        if decided := decided_in_words(c):
            self._said.addWidget(label(decided, "caption"))
        self._show_actions()

    def _show_actions(self) -> None:
        clear(self._actions)
        c = self.correction
        if c.status is CorrectionStatus.PROPOSED:
            firm = any(finding.firm for finding in c.findings)
            may = bool(c.checked) and bool(c.answer.strip()) and not firm
            change = (tr("Edit") if c.answer.strip() else tr("Write the right answer"), "plain", self.edit)
            reject = (tr("Reject"), "plain", partial(self.rejected.emit, c.id))
            if may and c.scope == "learner":
                self._add(
                    (tr("Accept for everyone"), "primary", partial(self._accept, "class")),
                    (tr("Accept for {name}", name=self._learner or tr("one learner")), "plain", self._accept),
                )
                self._add(change, reject)
            elif may:
                self._add((tr("Accept"), "primary", self._accept), change, reject)
            else:
                self._add(change, reject)
            for other in self._others[:3]:
                words = tr("Same as: {question}", question=_short(other.question))
                self._add((words, "quiet", partial(self.merged.emit, c.id, other.id)))
        elif c.status is CorrectionStatus.ACCEPTED:
            self._add((tr("Edit"), "plain", self.edit), (tr("Withdraw"), "plain", partial(self.withdrawn.emit, c.id)))
        if self._can_undo:
            self._add((tr("Take the last decision back"), "quiet", partial(self.undone.emit, c.id)))

    def _add(self, *wanted: tuple[str, str, Callable[[], object]]) -> None:
        self._actions.addWidget(flow(*(button(words, kind, "", act) for words, kind, act in wanted)))

    def _accept(self, scope: str = "") -> None:
        if any(finding.stops for finding in self.correction.findings):
            self.ask_reason(scope)
        else:
            self.accepted.emit(self.correction.id, "", scope)

    def ask_reason(self, scope: str = "") -> None:
        """A check stopped it: a teacher may know better, and says why."""
        clear(self._actions)
        self.asking = True
        line = QLineEdit()
        field = Field(tr("Why is it right all the same?"), line, tr("The reason is kept with the correction."))
        self._actions.addWidget(field)

        def go() -> None:
            reason = line.text().strip()
            if len(reason) < SHORTEST_REASON:
                field.complain(tr("Please write a few words."))
                return
            self.accepted.emit(self.correction.id, reason, scope)

        line.returnPressed.connect(go)
        self._add((tr("Accept with this reason"), "primary", go), (tr("Leave it as it is"), "quiet", self.show_words))
        line.setFocus()

    def edit(self) -> None:
        """The words as a form in their place."""
        clear(self._said)
        clear(self._actions)
        self.form = CorrectionForm(self.correction)
        self._said.addWidget(self.form)
        self._add((tr("Keep"), "primary", self._keep), (tr("Leave it as it is"), "quiet", self.show_words))
        (self.form.answer if not self.correction.answer.strip() else self.form.question).setFocus()

    def _keep(self) -> None:
        if not self.form.problem_found():
            self.edited.emit(self.correction.id, self.form.values())


def _short(text: str, most: int = 48) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
