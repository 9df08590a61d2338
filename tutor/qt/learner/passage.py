"""A passage that an answer cites, between its neighbours in the text: more to read, always as plain text."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from tutor.domain import Passage
from tutor.i18n import tr
from tutor.qt.learner.parts import announce, small
from tutor.qt.richtext.flat import flat
from tutor.qt.widgets import Paragraph, clear, label

Around = Callable[[int], Sequence[Passage]]
"""By a passage's id: it and its neighbours in the order of the text; empty when the text is gone."""


class PassageView(QWidget):
    """The words of a passage. `around` None, or a text that is gone: these alone."""

    def __init__(self, passage: Passage, around: Around | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.passage, self._around = passage, around
        self.wider = False
        self._words = QVBoxLayout()
        self._words.setSpacing(8)
        self.more = small(tr("Read what stands around it"), partial(self.widen))
        self.more.setVisible(around is not None)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addLayout(self._words)
        box.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self._show((passage,))

    def widen(self) -> None:
        """Show the neighbours too, or the passage alone again."""
        if self.wider or self._around is None:
            self.wider = False
            self.more.setText(tr("Read what stands around it"))
            self._show((self.passage,))
            return
        found = tuple(self._around(self.passage.id))
        here = any(each.id == self.passage.id and each.text == self.passage.text for each in found)
        if len(found) < 2 or not here:
            self.more.setEnabled(False)
            self.more.setText(tr("There is no more of this text here"))
            return
        self.wider = True
        self.more.setText(tr("Show the passage alone"))
        self._show(found)
        announce(self, tr("Shown with what stands before and after it"))

    def _show(self, passages: Sequence[Passage]) -> None:
        clear(self._words)
        for each in passages:
            mine = each.id == self.passage.id
            if not mine or not self.wider:
                self._words.addWidget(_plain(each, self.wider))
            else:
                self._words.addWidget(_marked(each))


def _plain(passage: Passage, named: bool) -> QWidget:
    shown = QWidget()
    box = QVBoxLayout(shown)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(2)
    if named:
        box.addWidget(label(flat(passage.heading or passage.place), "caption"))
    box.addWidget(Paragraph(passage.text))
    return shown


def _marked(passage: Passage) -> QWidget:
    """The passage that is cited, so that it is seen among its neighbours, and not by colour alone."""
    shown = QFrame()
    shown.setProperty("panel", "notice")
    box = QVBoxLayout(shown)
    box.setContentsMargins(12, 8, 12, 8)
    box.setSpacing(2)
    box.addWidget(label(tr("The answer rests on this: {place}", place=flat(passage.place)), "caption"))
    box.addWidget(Paragraph(passage.text))
    return shown
