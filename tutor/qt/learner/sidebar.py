"""The sidebar: who is learning, new conversation, search, the list, and the notice after deleting."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QMenu, QSizePolicy, QVBoxLayout, QWidget

from tutor.domain import Learner
from tutor.i18n import tr
from tutor.qt import theme
from tutor.qt.learner.chats import ChatList
from tutor.qt.learner.parts import announce
from tutor.qt.pictures import Picture
from tutor.qt.richtext.flat import flat
from tutor.qt.widgets import Notice, Symbol, button, row

WIDTH = 260
MARGIN = 12
SEARCH_MS = 150
UNDO_MS = 30_000


class SearchField(QLineEdit):
    """Emits `wanted` a moment after the last key, `left` for Escape, `down` for the arrow into the results."""

    wanted = Signal(str)
    left = Signal()
    down = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(tr("Search"))
        self.setAccessibleName(tr("Search your conversations"))
        self.setClearButtonEnabled(False)
        self.setMaxLength(200)
        self.setProperty("field", "search")
        self._symbol = Symbol("search", 18, "quiet", self)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(SEARCH_MS)
        self._pause.timeout.connect(self._ask)
        self.textChanged.connect(lambda _text: self._pause.start())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = self._symbol.sizeHint()
        self._symbol.resize(side)
        self._symbol.move(theme.scale(11), (self.height() - side.height()) // 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.left.emit()
        elif event.key() == Qt.Key.Key_Down:
            self.down.emit()
        else:
            super().keyPressEvent(event)

    def _ask(self) -> None:
        self.wanted.emit(self.text().strip())


class Sidebar(QFrame):
    """260 pixels at 100%. `learner_menu` is for the shell to fill (switch learner, settings)."""

    new_wanted = Signal()
    undo_wanted = Signal()
    undo_offered = Signal(bool)
    """Whether there is something deleted to bring back."""

    def __init__(self, learner: Learner | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "sidebar")
        self._room = theme.scale(WIDTH)
        self.learner = button("", "quiet")
        self.learner.setProperty("place", "learner")
        self.learner.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.learner_menu = QMenu(self.learner)
        self.learner.setMenu(self.learner_menu)
        self.picture = Picture(learner.picture if learner else "", 36)
        self.new = button(tr("New conversation"), "plain", "plus", self.new_wanted.emit)
        self.new.setToolTip(tr("New conversation (Ctrl+N)"))
        self.search = SearchField()
        self.search.setToolTip(tr("Search (Ctrl+F)"))
        self.chats = ChatList()
        self.undo = Notice("", "notice")
        self.undo_button = button(tr("Undo"), "plain", "undo-2", self.undo_wanted.emit)
        self.undo_button.setToolTip(tr("Undo (Ctrl+Z)"))
        self.undo.body.addLayout(row(self.undo_button))
        self.undo.hide()
        self._undo_time = QTimer(self)
        self._undo_time.setSingleShot(True)
        self._undo_time.setInterval(UNDO_MS)
        self._undo_time.timeout.connect(self.take_undo_back)

        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self.picture)
        top.addWidget(self.learner, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(MARGIN, 16, MARGIN, 12)
        box.setSpacing(8)
        box.addLayout(top)
        box.addSpacing(8)
        box.addWidget(self.new)
        box.addWidget(self.search)
        box.addWidget(self.chats, 1)
        box.addWidget(self.undo)
        self.search.down.connect(self.chats.first)
        self.search.returnPressed.connect(self.chats.open_first)
        theme.changed.connect(self._fit)
        self._fit()
        self.show_learner(learner)

    def show_learner(self, learner: Learner | None) -> None:
        name = learner.name if learner else tr("Guest")
        self.learner.setText(f"{name} ▾")
        self.learner.setAccessibleName(tr("{name}, menu", name=name))
        self.picture.show_picture(learner.picture if learner else "")

    def offer_undo(self, title: str) -> None:
        """Say what was deleted, with the way back."""
        words = tr("“{title}” was deleted.", title=flat(title))
        self.undo.say(words)
        self._undo_time.start()
        self.undo_offered.emit(True)
        announce(self, words + " " + tr("Press Ctrl+Z to bring it back."))

    def take_undo_back(self) -> None:
        self._undo_time.stop()
        self.undo.hide()
        self.undo_offered.emit(False)

    def set_room(self, width: int) -> None:
        """How wide the sidebar may be, whatever the text size."""
        self._room = width
        self._fit()

    def _fit(self) -> None:
        needed = self.new.sizeHint().width() + 2 * MARGIN
        self.setFixedWidth(max(WIDTH, needed, min(theme.scale(WIDTH), self._room)))
