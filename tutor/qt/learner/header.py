"""The header line: the conversation's title, what holds in it, and its menu."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from tutor.domain import Conversation, Lesson
from tutor.i18n import tr
from tutor.qt import choices
from tutor.qt.icons import icon
from tutor.qt.learner.parts import mini
from tutor.qt.richtext.flat import flat
from tutor.qt.widgets import label


class Header(QFrame):
    """`note` stands at the right: what a learner should know about this place."""

    rename_wanted = Signal()
    delete_wanted = Signal()

    def __init__(self, note: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "bar")
        self.title = label("", "strong")
        self.lesson = label("", "caption")
        self.lesson.hide()
        self.note = label(note or tr("Hints first · Your teacher sees what you report"), "caption")
        self.note.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.more = mini(tr("This conversation"), "ellipsis")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.more)
        self.rename_action = QAction(icon("pencil"), tr("Rename"), menu)
        self.rename_action.triggered.connect(self.rename_wanted)
        self.delete_action = QAction(icon("trash-2"), tr("Delete"), menu)
        self.delete_action.triggered.connect(self.delete_wanted)
        menu.addActions([self.rename_action, self.delete_action])
        self.more.setMenu(menu)
        box = QHBoxLayout(self)
        box.setContentsMargins(24, 10, 16, 10)
        box.setSpacing(16)
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self.title)
        names.addWidget(self.lesson)
        box.addLayout(names, 1)
        box.addWidget(self.note, 1)
        box.addWidget(self.more)
        self.show_conversation(None)

    def show_conversation(self, conversation: Conversation | None) -> None:
        self.title.setText(flat(conversation.title) if conversation else tr("New conversation"))
        self.more.setVisible(conversation is not None)

    def show_lesson(self, lesson: Lesson | None) -> None:
        """The lesson that holds here, and for which age it was written."""
        age = dict(choices.age_bands()).get(lesson.age_band, "") if lesson is not None else ""
        parts = (flat(lesson.title), age) if lesson is not None else ()
        self.lesson.setText(tr("Lesson: {what}", what=" · ".join(part for part in parts if part)) if parts else "")
        self.lesson.setVisible(bool(parts))
