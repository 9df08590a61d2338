"""The teacher's strip under an answer: which guidelines were looked at, which fired, and what was done."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from tutor.domain import Move, Reply, RuleCheck
from tutor.i18n import tr, trn
from tutor.lessons.faults import guideline_name
from tutor.qt.teacher.lessons import words
from tutor.qt.widgets import Symbol, clear, label


def move_in_words(move: Move | None) -> str:
    """What the tutor did with the turn."""
    names = {
        Move.GREET: tr("greets"),
        Move.ACKNOWLEDGE: tr("takes it up"),
        Move.ASK_ATTEMPT: tr("asks for a try"),
        Move.HINT: tr("gives a hint"),
        Move.DIAGNOSE: tr("points at the step that is wrong"),
        Move.CONFIRM: tr("says that it is right"),
        Move.EXPLAIN: tr("explains in full"),
        Move.SET_UP: tr("sets the task up together"),
        Move.ADVISE: tr("advises on learning"),
        Move.RECALL: tr("uses a correction"),
        Move.CONVERSE: tr("answers briefly"),
        Move.REDIRECT: tr("leads back"),
        Move.REFUSE: tr("refuses"),
        Move.SIGNPOST: tr("points to people"),
    }
    return names.get(move, "") if move is not None else ""


def name_of(rule: str) -> str:
    """A guideline's name, as in the editor."""
    return guideline_name(rule)


def fired(check: RuleCheck) -> str:
    """One guideline that fired, as a line."""
    said = [words.done_in_words(check.done) if check.done else tr("noticed")]
    if check.times > 1:
        said.append(trn("{n} time", "{n} times", check.times))
    if check.detail:
        said.append(check.detail)
    return tr("{rule}: {what}", rule=name_of(check.rule), what=" · ".join(said))


class Strip(QFrame):
    """What the record keeps of one turn."""

    def __init__(self, reply: Reply | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "strip")
        self.setAccessibleName(tr("For you: what the guidelines did"))
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(12, 8, 12, 8)
        self._box.setSpacing(4)
        if reply is not None:
            self.show_reply(reply)

    def show_reply(self, reply: Reply) -> None:
        """The record of this reply."""
        clear(self._box)
        move = move_in_words(reply.move)
        head = tr("For you · the tutor {move}", move=move) if move else tr("For you")
        self._box.addWidget(label(head, "caption"))
        self.show_rules(reply.rules)
        if reply.escalate:
            self._line("hand-helping", "accent", tr("The question may be put to you."))
        if reply.alert:
            self._line("bell", "alert", tr("The safeguarding contact is told."))

    def show_rules(self, rules: Sequence[RuleCheck]) -> None:
        """Those that fired one by one, the others in one line."""
        held = [name_of(check.rule) for check in rules if not check.fired]
        for check in rules:
            if check.fired:
                self._line("triangle-alert", "warm", fired(check))
        if held:
            self._line("circle-check", "good", tr("Held: {rules}", rules=", ".join(dict.fromkeys(held))))
        if not rules:
            self._line("info", "quiet", tr("No guideline was looked at."))

    def texts(self) -> list[str]:
        """Its lines, for reading aloud and for tests."""
        from PySide6.QtWidgets import QLabel

        return [found.text() for found in self.findChildren(QLabel) if found.isVisibleTo(self)]

    def _line(self, icon_name: str, colour: str, text: str) -> None:
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(Symbol(icon_name, 16, colour), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(label(text, "caption"), 1)
        self._box.addWidget(holder)
