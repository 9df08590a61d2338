"""The sidebar's list: conversations by day, or what a search found. Arrow keys, Enter, F2 and Delete work in it."""

import html
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QTextDocument
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from tutor.domain import Conversation
from tutor.i18n import tr
from tutor.qt import theme
from tutor.qt.icons import icon
from tutor.qt.richtext.flat import flat

if TYPE_CHECKING:
    from tutor.store import SearchHit

CONVERSATION: Final = int(Qt.ItemDataRole.UserRole)
MESSAGE: Final = CONVERSATION + 1
RICH: Final = CONVERSATION + 2
LESSON: Final = CONVERSATION + 3
Index = QModelIndex | QPersistentModelIndex


class ChatList(QListWidget):
    """Emits what is wanted; the page does it."""

    chosen = Signal(int, object)
    """Conversation, and the message to go to or None."""
    renamed = Signal(int, str)
    deleted = Signal(int)
    left = Signal()
    """Escape: back to where one writes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("list", "chats")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setUniformItemSizes(False)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)  # what is wrapped needs another height at another width
        self.setAccessibleName(tr("Conversations"))
        self.setItemDelegate(_Delegate(self))
        self._current: int | None = None
        self._filling = False
        self._new: frozenset[int] = frozenset()
        self._new_words = ""
        self.itemClicked.connect(self._choose)
        self.itemChanged.connect(self._changed)
        self.customContextMenuRequested.connect(self._menu)
        theme.changed.connect(self._resized)

    # --- content ------------------------------------------------------------------------------------------------------

    def show_conversations(
        self, conversations: Sequence[Conversation], current: int | None, lessons: Mapping[int, str] | None = None
    ) -> None:
        """Conversations, newest first, under Today and Earlier. `lessons`: titles by version."""
        self._current = current
        self._filling = True
        self.clear()
        today = datetime.now().astimezone().date()
        heading = ""
        for conversation in conversations:
            group = tr("Today") if _day(conversation.updated_at) == today else tr("Earlier")
            if group != heading:
                heading = group
                self._heading(group)
            item = QListWidgetItem(flat(conversation.title))
            item.setData(CONVERSATION, conversation.id)
            item.setToolTip(flat(conversation.title))
            lesson = flat((lessons or {}).get(conversation.lesson_version_id or 0, ""))
            item.setData(LESSON, lesson)
            self._second_line(item)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            self.addItem(item)
        if not conversations:
            self._say(tr("Your conversations will be listed here."))
        self._filling = False
        self.mark(current)

    def show_hits(self, hits: "Sequence[SearchHit]") -> None:
        """What a search found: the title, and the words around the match."""
        self._filling = True
        self.clear()
        if not hits:
            self._say(tr("Nothing found. Try another word."))
        for hit in hits:
            title = flat(hit.conversation.title)
            item = QListWidgetItem(title if hit.message_id is None else f"{title}\n{hit.snippet}")
            item.setData(CONVERSATION, hit.conversation.id)
            item.setData(MESSAGE, hit.message_id)
            marked = _marked(hit.snippet, hit.marks)
            item.setData(RICH, marked if hit.message_id is None else f"{html.escape(title)}<br>{marked}")
            self.addItem(item)
        self._filling = False

    def mark_new(self, conversations: Collection[int], words: str) -> None:
        """In which conversations something is new, and what: a line of its own until it is read."""
        self._new, self._new_words = frozenset(conversations), words
        self._filling = True
        for row in range(self.count()):
            if self.item(row).data(CONVERSATION) is not None and self.item(row).data(MESSAGE) is None:
                self._second_line(self.item(row))
        self._filling = False
        self.scheduleDelayedItemsLayout()

    def mark(self, conversation_id: int | None) -> None:
        """Show which conversation is open."""
        self._current = conversation_id
        item = self._item(conversation_id)
        self._filling = True
        self.setCurrentItem(item)  # type: ignore[arg-type]  # None takes the mark away
        self._filling = False

    def rename_current(self) -> None:
        """Edit the title of the open conversation in its place."""
        item = self._item(self._current)
        if item is not None:
            self.setCurrentItem(item)
            self.editItem(item)

    def first(self) -> None:
        """Take the focus, on the first entry if none is current."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.currentItem() is None:
            for row in range(self.count()):
                if self.item(row).data(CONVERSATION) is not None:
                    self.setCurrentRow(row)
                    return

    def open_first(self) -> None:
        for row in range(self.count()):
            if self.item(row).data(CONVERSATION) is not None:
                self._choose(self.item(row))
                return

    # --- Qt -----------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        editing = self.state() == QAbstractItemView.State.EditingState
        if item is not None and not editing:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose(item)
                return
            if event.key() == Qt.Key.Key_Delete:
                self.deleted.emit(int(item.data(CONVERSATION)))
                return
        if event.key() == Qt.Key.Key_Escape and not editing:
            self.left.emit()
            return
        super().keyPressEvent(event)

    # --- inside -------------------------------------------------------------------------------------------------------

    def _heading(self, words: str) -> None:
        item = QListWidgetItem(words)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setFont(theme.font(13))
        self.addItem(item)

    def _say(self, words: str) -> None:
        """What stands where there is no conversation: wrapped, not cut."""
        self._heading(words)
        self.item(self.count() - 1).setData(RICH, html.escape(words))

    def _second_line(self, item: QListWidgetItem) -> None:
        """Under the title: the lesson, and what is new."""
        new = self._new_words if item.data(CONVERSATION) in self._new else ""
        lesson = item.data(LESSON) or ""
        small = f'<span style="font-size:{theme.scale(12)}px">'
        under = [f"{small}{html.escape(lesson)}</span>"] if lesson else []
        under += [f"{small}<b>{html.escape(new)}</b></span>"] if new else []
        item.setData(RICH, "<br>".join((html.escape(item.text()), *under)) if under else None)
        spoken = ", ".join(part for part in (item.text(), lesson, new) if part)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)

    def _item(self, conversation_id: int | None) -> QListWidgetItem | None:
        if conversation_id is None:
            return None
        found = (self.item(row) for row in range(self.count()))
        return next((item for item in found if item.data(CONVERSATION) == conversation_id), None)

    def _choose(self, item: QListWidgetItem) -> None:
        if item.data(CONVERSATION) is not None:
            self.chosen.emit(int(item.data(CONVERSATION)), item.data(MESSAGE))

    def _changed(self, item: QListWidgetItem) -> None:
        if not self._filling and item.data(CONVERSATION) is not None:
            self.renamed.emit(int(item.data(CONVERSATION)), item.text())

    def _menu(self, at: QPoint) -> None:
        item = self.itemAt(at)
        if item is None or item.data(CONVERSATION) is None:
            return
        menu = QMenu(self)
        rename = menu.addAction(icon("pencil"), tr("Rename"))
        rename.setEnabled(bool(item.flags() & Qt.ItemFlag.ItemIsEditable))
        delete = menu.addAction(icon("trash-2"), tr("Delete"))
        picked = menu.exec(self.viewport().mapToGlobal(at))
        if picked is rename:
            self.editItem(item)
        elif picked is delete:
            self.deleted.emit(int(item.data(CONVERSATION)))

    def _resized(self) -> None:
        for row in range(self.count()):
            if self.item(row).data(CONVERSATION) is None:
                self.item(row).setFont(theme.font(13))
        self.scheduleDelayedItemsLayout()


class _Delegate(QStyledItemDelegate):
    """Search hits get two lines with their matches in bold; everything else is drawn as always."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        rich = index.data(RICH)
        if not rich:
            return super().sizeHint(option, index)
        view = self.parent()
        assert isinstance(view, ChatList)
        width = view.viewport().width() - theme.scale(20)
        return QSize(width, int(self._document(rich, width).size().height()) + theme.scale(12))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rich = index.data(RICH)
        if not rich:
            super().paint(painter, option, index)
            return
        self.initStyleOption(option, index)
        option.text = ""
        widget = option.widget
        widget.style().drawControl(widget.style().ControlElement.CE_ItemViewItem, option, painter, widget)
        painter.save()
        painter.translate(option.rect.left() + theme.scale(10), option.rect.top() + theme.scale(6))
        self._document(rich, option.rect.width() - theme.scale(20)).drawContents(painter)
        painter.restore()

    def _document(self, rich: str, width: int) -> QTextDocument:
        document = QTextDocument()
        document.setDocumentMargin(0)
        document.setDefaultFont(theme.font(14))
        document.setTextWidth(width)
        document.setHtml(f'<div style="color:{theme.current().ink}">{rich}</div>')
        return document


def _day(moment: str) -> object:
    """The local day of a UTC time; None when it cannot be read."""
    try:
        parsed = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone().date()


def _marked(snippet: str, marks: Sequence[tuple[int, int]]) -> str:
    parts: list[str] = []
    at = 0
    for start, end in marks:
        parts += [html.escape(snippet[at:start]), "<b>", html.escape(snippet[start:end]), "</b>"]
        at = end
    parts.append(html.escape(snippet[at:]))
    return "".join(parts).replace("\n", " ")
