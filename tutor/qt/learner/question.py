"""One message of the learner: a bubble at the right, its tools, and changing it in place."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from tutor.domain import Message
from tutor.i18n import tr
from tutor.qt.learner.growing import GrowingField
from tutor.qt.learner.parts import VersionSwitcher, announce, mini
from tutor.qt.richtext.view import MessageView
from tutor.qt.widgets import button, label

WIDEST: Final = 0.70
"""Of the column."""


class QuestionWidget(QWidget):
    """The learner's words. `edited` carries the new words; the old ones stay as a version."""

    edited = Signal(int, str)
    version_chosen = Signal(int)

    def __init__(self, message: Message, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.message = message
        self.view = MessageView(learner=True, fit=True)
        self.view.setAccessibleName(tr("You said"))
        self.versions = VersionSwitcher(self.version_chosen.emit)
        self.edit = mini(tr("Edit my question"), "pencil", self.start_editing)
        self.copy = mini(tr("Copy my question"), "copy", self._copy)
        self.editor: QFrame | None = None
        self.tools = QWidget()
        tools = QHBoxLayout(self.tools)
        tools.setContentsMargins(0, 0, 0, 0)
        tools.setSpacing(2)
        tools.addStretch(1)
        for widget in (self.versions, self.copy, self.edit):
            tools.addWidget(widget)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(2)
        self._box.addWidget(self.view, 0, Qt.AlignmentFlag.AlignRight)
        self._box.addWidget(self.tools)
        self.view.show_text(message.text)

    def spoken(self) -> str:
        return self.view.spoken()

    def set_busy(self, busy: bool) -> None:
        """While an answer is written nothing can be asked in the place of this."""
        self.edit.setEnabled(not busy)
        if busy:
            self.stop_editing()

    def start_editing(self) -> None:
        """Put a field in the place of the bubble, with the words in it."""
        if not self.edit.isEnabled():
            return
        if self.editor is None:
            self._make_editor()
        assert self.editor is not None
        self.field.put(self.message.text)
        self.view.hide()
        self.tools.hide()
        self.editor.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def stop_editing(self) -> None:
        if self.editor is not None and not self.editor.isHidden():
            focus = QApplication.focusWidget()
            focused = focus is not None and self.editor.isAncestorOf(focus)
            self.editor.hide()
            self.view.show()
            self.tools.show()
            if focused:
                self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.view.set_room(int(self.width() * WIDEST))

    def _make_editor(self) -> None:
        self.field = GrowingField(lines=6)
        self.field.setProperty("field", "composer")
        self.field.setAccessibleName(tr("Your question"))
        self.field.entered.connect(self._save)
        self.field.escaped.connect(self.stop_editing)
        self.save = button(tr("Ask this instead"), "primary", "", self._save)
        self.cancel = button(tr("Cancel"), "quiet", "", self.stop_editing)
        self.editor = QFrame()
        self.editor.setProperty("panel", "composer")
        box = QVBoxLayout(self.editor)
        box.setContentsMargins(14, 12, 14, 12)
        box.setSpacing(10)
        box.addWidget(self.field)
        box.addWidget(label(tr("Your first question and its answer are kept. The arrows bring them back."), "caption"))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.save)
        box.addLayout(buttons)
        self._box.insertWidget(0, self.editor)

    def _save(self) -> None:
        words = self.field.toPlainText().strip()
        self.stop_editing()
        if words and words != self.message.text:
            self.edited.emit(self.message.id, words)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.message.text)
        announce(self, tr("Copied"))
