"""A plain text field that grows with its lines, up to a few; Enter is done, Shift+Enter a new line."""

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QKeySequence, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

from tutor.qt import theme


class GrowingField(QPlainTextEdit):
    """Emits `entered` for Enter, `escaped` for Escape, `upped` for Up in an empty field, `focused` with the focus."""

    entered = Signal()
    escaped = Signal()
    upped = Signal()
    paged = Signal(int)
    focused = Signal(bool)

    def __init__(self, *, lines: int = 6, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = lines
        self._height = theme.scale(24)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(2)
        self.textChanged.connect(self._grow)
        theme.changed.connect(self._grow)
        self._grow()

    def put(self, words: str) -> None:
        """Show these words, cursor at the end."""
        self.setPlainText(words)
        self.moveCursor(QTextCursor.MoveOperation.End)

    def sizeHint(self) -> QSize:
        return QSize(theme.scale(200), self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.scale(80), self._height)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        plain = not event.modifiers() & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
            self.entered.emit()
        elif key == Qt.Key.Key_Escape:
            self.escaped.emit()
        elif key == Qt.Key.Key_Up and not self.toPlainText():
            self.upped.emit()
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.paged.emit(-1 if key == Qt.Key.Key_PageUp else 1)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Offers Ctrl+Z to the page first while the field is empty."""
        undo = isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Undo)
        if undo and event.type() == QEvent.Type.ShortcutOverride and not self.toPlainText():
            event.ignore()
            return False
        return super().event(event)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Words only; NUL is no word."""
        if source.hasText():
            self.insertPlainText(source.text().replace("\x00", ""))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focused.emit(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._grow()

    def _grow(self) -> None:
        # a plain text document measures its height in lines
        lines = max(1, min(self._lines, int(self.document().size().height())))
        edges = self.height() - self.viewport().height() if self.isVisible() else 0
        height = round(lines * QFontMetricsF(self.font()).lineSpacing()) + 2 * int(self.document().documentMargin()) + 2
        height += max(0, edges)
        if height != self._height:
            self._height = height
            self.updateGeometry()
