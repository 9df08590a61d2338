"""The turns of one student, with what was found of the guidelines in each; those where it broke are marked."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tutor.i18n import tr
from tutor.qt.teacher.lessons.strip import Strip
from tutor.qt.widgets import Card, Notice, clear, label, rule, tool
from tutor.rehearsal import students
from tutor.rehearsal.results import Cell, Rehearsal, Talk, Turn


class TalkCard(Card):
    """Plain text throughout: what a model said is shown as it said it."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, pad=16, gap=12)
        head = QHBoxLayout()
        self.title = label("", "strong")
        head.addWidget(self.title, 1)
        head.addWidget(tool(tr("Close the turns"), "x", self.hide), 0, Qt.AlignmentFlag.AlignTop)
        self._list = QVBoxLayout()
        self._list.setSpacing(12)
        self.body.addLayout(head)
        self.body.addLayout(self._list)

    def show_cell(self, result: Rehearsal, cell: Cell, name: str) -> None:
        """All conversations of this student in which the guideline was tried; those where it broke come first."""
        self.title.setText(tr("{rule} · {student}", rule=name, student=students.name(cell.student)))
        clear(self._list)
        broken = {talk for talk, _ in cell.where}
        mine = [
            (number, talk)
            for number, talk in enumerate(result.talks)
            if talk.student == cell.student and any(cell.rule in turn.tried for turn in talk.turns)
        ]
        for number, talk in sorted(mine, key=lambda each: each[0] not in broken):
            self._show_talk(talk, cell.rule, {turn for at, turn in cell.where if at == number})

    def _show_talk(self, talk: Talk, name: str, broken: set[int]) -> None:
        if self._list.count():
            self._list.addWidget(rule())
        for number, turn in enumerate(talk.turns):
            self._list.addWidget(_TurnView(turn, name, number in broken))


class _TurnView(QWidget):
    def __init__(self, turn: Turn, name: str, broken: bool) -> None:
        super().__init__()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addWidget(label(tr("The student:"), "caption"))
        box.addWidget(label(turn.learner, select=True))
        box.addWidget(label(tr("The tutor:"), "caption"))
        box.addWidget(label(turn.tutor or tr("(nothing)"), select=True))
        if turn.quiet:
            box.addWidget(label(tr("Quietly: {words}", words=turn.quiet), "caption"))
        if broken:
            why = "; ".join(breach.why for breach in turn.breaches if breach.rule == name and breach.why)
            box.addWidget(Notice(tr("Broken here: {why}", why=why) if why else tr("Broken here."), "alert"))
        if turn.rules:
            strip = Strip()
            strip.show_rules(turn.rules)
            box.addWidget(strip)
