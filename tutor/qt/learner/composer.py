"""Where a learner writes: the growing field, Σ for signs, and Send, which is Stop while the tutor answers."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from tutor.i18n import tr
from tutor.qt.learner.growing import GrowingField
from tutor.qt.learner.parts import mini
from tutor.qt.learner.symbols import CURSOR, SymbolPanel
from tutor.qt.widgets import button, set_role


class Composer(QWidget):
    """Emits `asked` with the words; they leave the field then and come back by `give_back` if they were refused."""

    asked = Signal(str)
    stopped = Signal()
    edit_last = Signal()
    paged = Signal(int)
    emptied = Signal(bool)
    """True: the field is empty now; False: there is something in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._answering = False
        self._was_empty = True
        self.field = GrowingField(lines=6)
        self.field.setProperty("field", "composer")
        self.field.setPlaceholderText(tr("Write your question"))
        self.field.setAccessibleName(tr("Your question"))
        self.field.setAccessibleDescription(tr("Enter sends, Shift and Enter begin a new line."))
        self.sigma = mini(tr("Signs and formulas"), "sigma", self.toggle_symbols)
        self.sigma.setCheckable(True)
        self.send = button(tr("Send"), "primary", "send", self._send)
        self.stop = button(tr("Stop"), "plain", "circle-stop", self.stopped.emit)
        for each in (self.send, self.stop):
            each.setProperty("place", "composer")
        self.symbols = SymbolPanel()
        self.symbols.hide()
        self._frame = QFrame()
        self._frame.setProperty("panel", "composer")
        inside = QHBoxLayout(self._frame)
        inside.setContentsMargins(14, 4, 8, 4)
        inside.setSpacing(8)
        inside.addWidget(self.field, 1, Qt.AlignmentFlag.AlignVCenter)
        inside.addWidget(self.sigma, 0, Qt.AlignmentFlag.AlignVCenter)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._frame, 1)
        line.addWidget(self.send, 0, Qt.AlignmentFlag.AlignBottom)
        line.addWidget(self.stop, 0, Qt.AlignmentFlag.AlignBottom)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(self.symbols)
        box.addLayout(line)

        self.field.entered.connect(self._send)
        self.field.upped.connect(self.edit_last)
        self.field.paged.connect(self.paged)
        self.field.focused.connect(self._lit)
        self.field.textChanged.connect(self._changed)
        self.field.escaped.connect(self._escaped)
        self.symbols.chosen.connect(self._insert)
        self.set_answering(False)

    def words(self) -> str:
        return self.field.toPlainText()

    def put(self, words: str) -> None:
        """Show these words and take the focus."""
        self.field.put(words)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def give_back(self, words: str) -> None:
        """Words that were not stored; what has been typed meanwhile stays after them."""
        typed = self.words()
        self.put(f"{words}\n{typed}" if typed.strip() else words)

    def set_answering(self, answering: bool) -> None:
        """Stop replaces Send while the tutor answers."""
        had_focus = self.send.hasFocus() or self.stop.hasFocus()
        self._answering = answering
        self.send.setVisible(not answering)
        self.stop.setVisible(answering)
        if had_focus:
            (self.stop if answering else self.field).setFocus(Qt.FocusReason.OtherFocusReason)
        self._changed()

    def toggle_symbols(self) -> None:
        showing = self.symbols.isHidden()
        self.symbols.setVisible(showing)
        self.sigma.setChecked(showing)
        if not showing:
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _send(self) -> None:
        words = self.words().strip()
        if words and not self._answering:
            self.field.clear()
            self.asked.emit(words)

    def _insert(self, text: str) -> None:
        before, _, after = text.partition(CURSOR)
        cursor = self.field.textCursor()
        cursor.insertText(before + after)
        cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.MoveAnchor, len(after))
        self.field.setTextCursor(cursor)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _changed(self) -> None:
        empty = not self.words().strip()
        self.send.setEnabled(not empty)
        if empty != self._was_empty:
            self._was_empty = empty
            self.emptied.emit(empty)

    def _lit(self, focused: bool) -> None:
        set_role(self._frame, "lit", "true" if focused else "false")

    def _escaped(self) -> None:
        if self._answering:
            self.stopped.emit()
        elif not self.symbols.isHidden():
            self.toggle_symbols()
