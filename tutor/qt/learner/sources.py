"""What stands under an answer for a lesson: the quiet line of the teacher, and the passages that the answer cites."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from tutor.domain import Passage
from tutor.i18n import tr
from tutor.qt.flow import FlowLayout
from tutor.qt.icons import icon
from tutor.qt.learner.parts import mini, small
from tutor.qt.learner.passage import Around, PassageView
from tutor.qt.richtext.flat import flat
from tutor.qt.widgets import Symbol, clear, label


class QuietLine(QWidget):
    """One line that says what the teacher wants, such as “Your teacher wants you to try first”."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = label("", "caption")
        box = QHBoxLayout(self)
        box.setContentsMargins(2, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(Symbol("graduation-cap", 18, "quiet"), 0, Qt.AlignmentFlag.AlignTop)
        box.addWidget(self.words, 1)
        self.hide()

    def show_line(self, words: str) -> None:
        """ "" hides it."""
        self.words.setText(words)
        self.setVisible(bool(words))


class PassageCard(QFrame):
    """A passage of the lesson's materials, as plain text: whatever it says, it is never an order or a link."""

    closed = Signal()

    def __init__(self, passage: Passage, around: Around | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.passage = passage
        self.setProperty("panel", "card")
        self.setAccessibleName(tr("From the materials: {place}", place=place_in_words(passage)))
        head = QHBoxLayout()
        head.setSpacing(8)
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(label(flat(passage.material), "strong"))
        named = dict.fromkeys((passage.place, passage.heading))
        under = " · ".join(part for part in named if part and part != passage.material)
        if under:
            names.addWidget(label(flat(under), "caption"))
        head.addLayout(names, 1)
        self.away = mini(tr("Close the passage"), "x", self.closed.emit)
        head.addWidget(self.away, 0, Qt.AlignmentFlag.AlignTop)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 12, 12, 12)
        box.setSpacing(8)
        box.addLayout(head)
        self.view = PassageView(passage, around)
        box.addWidget(self.view)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)


class Sources(QWidget):
    """A small button for each passage; pressed, it shows the passage under it."""

    opened = Signal(QWidget)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.around: Around | None = None
        """Finds what stands around a passage, where there is anything to look it up in."""
        self._cites: tuple[Passage, ...] = ()
        self.card: PassageCard | None = None
        self._shown = -1
        self._line = QWidget()
        self._flow = FlowLayout(self._line, gap=8)
        self.buttons: list[QWidget] = []
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(4)
        self._box.addWidget(self._line)
        self.hide()

    def show_cites(self, cites: Sequence[Passage]) -> None:
        """The passages that the answer rests on."""
        wanted = tuple(cites)
        self.setVisible(bool(wanted))
        if wanted == self._cites:
            return
        self._cites = wanted
        self._close()
        clear(self._flow)
        self.buttons = []
        for number, passage in enumerate(wanted):
            made = small(tr("source: {place}", place=place_in_words(passage)), partial(self.toggle, number))
            made.setIcon(icon("book-open", "quiet"))
            made.setAccessibleName(tr("Show the source: {place}", place=place_in_words(passage)))
            self.buttons.append(made)
            self._flow.addWidget(made)

    def toggle(self, number: int) -> None:
        """Show the passage, or hide it when it is shown."""
        again = self._shown == number
        self._close()
        if again:
            return
        self._shown = number
        self.card = PassageCard(self._cites[number], self.around)
        self.card.closed.connect(partial(self._leave, number))
        self._box.addWidget(self.card)
        self.card.show()
        self.opened.emit(self.card)

    def _leave(self, number: int) -> None:
        self._close()
        self.buttons[number].setFocus(Qt.FocusReason.OtherFocusReason)

    def _close(self) -> None:
        self._shown = -1
        if self.card is not None:
            self.card.hide()
            self.card.deleteLater()
            self.card = None


def place_in_words(passage: Passage) -> str:
    """Where it stands: the material and the page or heading."""
    material, place = flat(passage.material), flat(passage.place)
    return ", ".join(part for part in (material, place) if part) or tr("the materials")
