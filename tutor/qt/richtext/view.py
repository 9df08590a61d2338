"""One message as a read-only text that is as high as its content. It loads nothing and follows nothing by itself."""

import math
from typing import Any

from PySide6.QtCore import QMimeData, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QFocusEvent, QImage, QKeyEvent, QKeySequence, QResizeEvent, QTextCursor, QWheelEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser, QWidget

from tutor.qt import theme
from tutor.qt.richtext import document, markdown

_SCROLLING = (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Space)


class MessageView(QTextBrowser):
    """Shows a tutor's Markdown or a learner's words. `fit`: no wider than its words need (bubbles)."""

    link_clicked = Signal(str)

    def __init__(self, *, learner: bool = False, fit: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.written = ""
        self.placed: tuple[document.Placed, ...] = ()
        self._learner = learner
        self._fit = fit
        self._room = 0
        self._size = QSize(theme.scale(40), theme.scale(24))
        self._painter = document.FormulaObject(self)
        self.setDocument(document.new(self, self._painter))
        self.setProperty("message", "learner" if learner else "tutor")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setUndoRedoEnabled(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        across = QSizePolicy.Policy.Fixed if fit else QSizePolicy.Policy.Expanding
        self.setSizePolicy(across, QSizePolicy.Policy.Fixed)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
            | Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.anchorClicked.connect(self._clicked)
        theme.changed.connect(self._restyle)

    def show_text(self, source: str) -> None:
        """Show this text instead of what was shown; does nothing when it is the same."""
        if source != self.written:
            self.written = source
            self._fill()

    def spoken(self) -> str:
        """What a screen reader says: the words, formulas read out."""
        return document.text(self.document(), self.placed, 0, self._end(), aloud=True)

    def copied(self) -> str:
        """The selected words with formulas as LaTeX; everything when nothing is selected."""
        cursor = self.textCursor()
        start, end = (cursor.selectionStart(), cursor.selectionEnd()) if cursor.hasSelection() else (0, self._end())
        return document.text(self.document(), self.placed, start, end)

    def set_room(self, width: int) -> None:
        """How wide a bubble may become (with `fit`)."""
        if width != self._room:
            self._room = width
            self._layout()

    # --- Qt ---------------------------------------------------------------------------------------------------------

    def loadResource(self, _kind: int, _name: QUrl | str) -> Any:
        """An empty picture for whatever is asked: no message can reach a file or an address."""
        return QImage()

    def createMimeDataFromSelection(self) -> QMimeData:
        data = QMimeData()
        data.setText(self.copied())
        return data

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._layout()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _SCROLLING and not event.matches(QKeySequence.StandardKey.Copy):
            event.ignore()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            cursor = self.textCursor()
            cursor.clearSelection()
            self.setTextCursor(cursor)

    def sizeHint(self) -> QSize:
        return self._size

    def minimumSizeHint(self) -> QSize:
        return self._size if self._fit else QSize(theme.scale(40), self._size.height())

    # --- inside -----------------------------------------------------------------------------------------------------

    def _end(self) -> int:
        return max(0, self.document().characterCount() - 1)

    def _fill(self) -> None:
        prepare = markdown.question if self._learner else markdown.answer
        # laid out once, at its width: while being filled, Qt would do it at every step, often at no width at all
        self.document().setLayoutEnabled(False)
        self.placed = document.fill(self.document(), prepare(self.written))
        if self.document().isEmpty():  # nothing but marks: shown as they were written
            self.placed = document.fill(self.document(), markdown.question(self.written))
        self.document().setTextWidth(max(self._room if self._fit else self.viewport().width(), theme.scale(120)))
        self.document().setLayoutEnabled(True)
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self.setAccessibleDescription(self.spoken() if self.placed else "")
        self._layout()

    def _restyle(self) -> None:
        if self.written:
            self._fill()

    def _layout(self) -> None:
        """Ask for the height (and with `fit` the width) that the content needs."""
        doc = self.document()
        edges = self.width() - self.viewport().width()
        if self._fit and self._room > 0:
            doc.setTextWidth(self._room - edges)
            width = min(self._room, math.ceil(doc.idealWidth()) + edges + 2)
            doc.setTextWidth(width - edges)
        else:
            doc.setTextWidth(self.viewport().width())
            width = theme.scale(40)
        height = math.ceil(doc.size().height()) + self.height() - self.viewport().height()
        if self._size != QSize(width, height):
            self._size = QSize(width, height)
            self.updateGeometry()

    def _clicked(self, url: QUrl) -> None:
        address = url.toString()
        if address.startswith(markdown.ALLOWED_SCHEMES):
            self.link_clicked.emit(address)
