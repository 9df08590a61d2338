"""Trying the search: which passages a learner's question would be answered from."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QVBoxLayout

from tutor.domain import Material, Passage
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.qt.teacher.lessons.stored_card import passage_shown
from tutor.qt.widgets import Card, Notice, button, clear, label, row
from tutor.qt.work import Operation

if TYPE_CHECKING:
    from tutor.classroom.materials import MaterialsDesk

OTHERS = 3
"""Passages that are shown although they are not like enough."""


class SearchCard(Card):
    """`materials` are those of the draft as it is now."""

    def __init__(self, desk: "MaterialsDesk", materials: Callable[[], tuple[Material, ...]]) -> None:
        super().__init__(pad=16, gap=12)
        self._desk, self._materials = desk, materials
        self.line = QLineEdit()
        self.line.setPlaceholderText(tr("A question as a learner would ask it"))
        self.line.setAccessibleName(tr("A question to try"))
        self.line.returnPressed.connect(self.look)
        self.go = button(tr("Look"), "plain", "search", self.look)
        top = row(self.line, self.go, stretch=False)
        top.setStretch(0, 1)
        self.found = QVBoxLayout()
        self.found.setSpacing(12)
        self.body.addWidget(label(tr("Try what is found"), "strong"))
        self.body.addLayout(top)
        self.body.addLayout(self.found)

    def look(self) -> None:
        """Search, off the window's thread."""
        question = self.line.text().strip()
        if not question:
            return
        self.go.setEnabled(False)
        materials = self._materials()
        Operation(self, lambda: self._desk.try_out(question, materials), done=self._show, failed=self._complain)

    def _show(self, result: tuple[tuple[Passage, ...], int]) -> None:
        passages, given = result
        self.go.setEnabled(True)
        clear(self.found)
        if not given:
            words = tr("Nothing in the materials is about this, so the tutor would be given none of it.")
            self.found.addWidget(Notice(words, "notice"))
        for number, passage in enumerate(passages[: given + OTHERS]):
            if number in (0, given):
                words = tr("Given to the tutor") if number < given else tr("Not like enough, the nearest first")
                self.found.addWidget(label(words, "quiet"))
            self.found.addWidget(passage_shown(passage, source=True))

    def _complain(self, error: UserError) -> None:
        self.go.setEnabled(True)
        clear(self.found)
        self.found.addWidget(Notice(str(error), "alert"))
