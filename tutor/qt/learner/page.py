"""The chat page: sidebar and conversation over a session bridge, with its shortcuts."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from tutor.domain import Conversation
from tutor.qt import theme
from tutor.qt.learner import style, tab_order
from tutor.qt.learner.pane import ConversationPane
from tutor.qt.learner.people import People
from tutor.qt.learner.sidebar import Sidebar
from tutor.session_events import Listed, Opened

if TYPE_CHECKING:
    from tutor.qt.bridge import SessionBridge


SIDEBAR_PART: Final = 0.32
"""The most of the page's width that the sidebar takes, so that large text leaves room for the conversation."""


class ChatPage(QWidget):
    """One learner's chat. `note` stands at the right of the header: what holds here."""

    def __init__(self, bridge: "SessionBridge", note: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("page", "true")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.bridge = bridge
        self.sidebar = Sidebar(bridge.learner)
        self.pane = ConversationPane(bridge, note)
        self._wanted: int | None = None
        """The message that a search hit leads to."""
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.sidebar)
        box.addWidget(self.pane, 1)
        self._connect()
        self._shortcuts()
        theme.changed.connect(self._restyle)
        self._restyle()
        self._titles: dict[int, str] = {}
        """Of the lessons that conversations began with, by version; those never change."""
        self._list(bridge.conversations())
        self.people = People(bridge, self.pane, self.sidebar, self)
        self.setFocusProxy(self.pane.composer.field)

    @property
    def learner_menu(self) -> QMenu:
        """For the shell to fill: switch learner, settings."""
        return self.sidebar.learner_menu

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.pane.focus_composer()

    def focusNextPrevChild(self, forward: bool) -> bool:
        found = tab_order.step(self, forward=forward)
        if found is None:
            return super().focusNextPrevChild(forward)
        found.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.sidebar.set_room(int(event.size().width() * SIDEBAR_PART))

    # --- what happens -------------------------------------------------------------------------------------------------

    @Slot(object)
    def _opened(self, event: Opened) -> None:
        self.sidebar.chats.mark(event.conversation.id if event.conversation else None)
        wanted, self._wanted = self._wanted, None
        if wanted is not None and any(message.id == wanted for message in event.messages):
            self.pane.messages.go_to(wanted)

    @Slot(object)
    def _listed(self, event: Listed) -> None:
        if not self.sidebar.search.text().strip():
            self._list(event.conversations)
        self.pane.header.show_conversation(self.bridge.conversation)

    @Slot(int, object)
    def _choose(self, conversation: int, message: int | None) -> None:
        self._wanted = message
        self.bridge.open(conversation, message)
        if message is None:
            self.pane.focus_composer()

    @Slot(str)
    def _search(self, words: str) -> None:
        chats = self.sidebar.chats
        if words:
            chats.show_hits(self.bridge.search(words))
        else:
            self._list(self.bridge.conversations())

    @Slot()
    def _new(self) -> None:
        self.sidebar.search.clear()
        self.bridge.new()
        self.pane.focus_composer()

    @Slot(int)
    def _delete(self, conversation: int) -> None:
        title = next((c.title for c in self.bridge.conversations() if c.id == conversation), "")
        self.bridge.delete(conversation)
        self.sidebar.offer_undo(title)
        if self.sidebar.search.text().strip():
            self._search(self.sidebar.search.text().strip())

    @Slot()
    def _delete_open(self) -> None:
        if (conversation := self._open_id()) is not None:
            self._delete(conversation)
            self.pane.focus_composer()

    @Slot()
    def _rename_open(self) -> None:
        self.sidebar.search.clear()
        self._search("")
        self.sidebar.chats.rename_current()

    @Slot()
    def _undo(self) -> None:
        self.sidebar.take_undo_back()
        self.bridge.undo_delete()

    def _list(self, conversations: Sequence[Conversation]) -> None:
        """The sidebar's list, each conversation with its lesson."""
        wanted = {c.lesson_version_id for c in conversations if c.lesson_version_id is not None}
        if unknown := wanted - self._titles.keys():
            self._titles.update(self.bridge.lesson_titles(unknown))
        self.sidebar.chats.show_conversations(conversations, self._open_id(), self._titles)

    # --- inside -------------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        sidebar, header = self.sidebar, self.pane.header
        self.bridge.opened.connect(self._opened)
        self.bridge.listed.connect(self._listed)
        sidebar.new_wanted.connect(self._new)
        sidebar.undo_wanted.connect(self._undo)
        sidebar.search.wanted.connect(self._search)
        sidebar.search.left.connect(self.pane.focus_composer)
        sidebar.chats.chosen.connect(self._choose)
        sidebar.chats.renamed.connect(self.bridge.rename)
        sidebar.chats.deleted.connect(self._delete)
        sidebar.chats.left.connect(self.pane.focus_composer)
        header.rename_wanted.connect(self._rename_open)
        header.delete_wanted.connect(self._delete_open)

    def _shortcuts(self) -> None:
        here = Qt.ShortcutContext.WidgetWithChildrenShortcut
        for keys, deed in (
            ("Ctrl+N", self._new),
            ("Ctrl+F", self._to_search),
            ("Ctrl+K", self._to_search),
        ):
            QShortcut(QKeySequence(keys), self, deed, context=here)
        undo = QShortcut(QKeySequence("Ctrl+Z"), self, self._undo, context=here)
        undo.setEnabled(False)
        self.sidebar.undo_offered.connect(undo.setEnabled)
        stop = QShortcut(QKeySequence("Esc"), self, self.pane.stop, context=here)
        # only while there is something to stop: Escape also leaves the search, the editor and the panels
        self.pane.busy_changed.connect(stop.setEnabled)
        stop.setEnabled(self.pane.answering)

    @Slot()
    def _to_search(self) -> None:
        self.sidebar.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.sidebar.search.selectAll()

    def _open_id(self) -> int | None:
        conversation = self.bridge.conversation
        return conversation.id if conversation else None

    def _restyle(self) -> None:
        self.setStyleSheet(style.build())
