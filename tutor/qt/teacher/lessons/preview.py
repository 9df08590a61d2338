"""The live preview: the chat as a learner would see it, on the draft as it stands, the record under each answer."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from tutor.domain import Lesson, Role
from tutor.i18n import tr
from tutor.qt import theme
from tutor.qt.bridge import SessionBridge
from tutor.qt.flow import flow
from tutor.qt.learner import style
from tutor.qt.learner.answer import AnswerWidget
from tutor.qt.learner.pane import ConversationPane
from tutor.qt.teacher.lessons.strip import Strip
from tutor.qt.widgets import button, label
from tutor.session_events import Finished, Opened

if TYPE_CHECKING:
    from tutor.app import App


class Preview(QFrame):
    """`begin` starts a conversation with the lesson as it is then; later changes are offered, not forced."""

    closed = Signal()
    wanted_again = Signal()

    def __init__(self, app: "App", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "beside")
        self._app = app
        self._lesson: Lesson | None = None
        self.session = app.preview()
        self.bridge = SessionBridge(self.session, self)
        self.pane = ConversationPane(self.bridge)
        self.pane.header.hide()
        self._stale = label(tr("The lesson has changed since."), "caption", wrap=False)
        self.again = button(tr("Start again"), "plain", "refresh-cw", self.wanted_again.emit)
        self.again.setToolTip(tr("Begin with the lesson as it is now (Ctrl+Enter)"))
        self._bar = flow(self._stale, self.again)
        holder = QWidget()
        box = QVBoxLayout(holder)
        box.setContentsMargins(24, 12, 16, 0)
        box.setSpacing(4)
        box.addWidget(label(tr("As a learner sees it · nothing of this is kept"), "caption"))
        box.addWidget(self._bar)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(holder)
        outer.addWidget(self.pane, 1)
        self.bridge.opened.connect(self._opened)
        self.bridge.finished.connect(self._finished)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.destroyed.connect(partial(app.end_preview, self.session))  # however the page is left

    def begin(self, lesson: Lesson) -> None:
        """A new conversation with this lesson."""
        self.session.stop()
        self._lesson = lesson
        self._app.begin_preview(lesson)
        self.show_changes(lesson)
        self.pane.focus_composer()

    def show_changes(self, lesson: Lesson) -> None:
        """Whether the conversation is about the lesson as it is now."""
        self._bar.setVisible(self._lesson is not None and lesson != self._lesson)

    def end(self) -> None:
        """Hear nothing more; the conversation is let go."""
        self.bridge.close()
        self._app.end_preview(self.session)

    def strips(self) -> list[Strip]:
        return self.findChildren(Strip)

    def _opened(self, event: Opened) -> None:
        for message in event.messages:
            if message.role is Role.TUTOR:
                self._mark(message.id)

    def _finished(self, event: Finished) -> None:
        self._mark(event.message.id)

    def _mark(self, message_id: int) -> None:
        widget = self.pane.messages.widget_of(message_id)
        if isinstance(widget, AnswerWidget) and widget.message.reply is not None:
            widget.put_below(Strip(widget.message.reply))

    def _restyle(self) -> None:
        self.setStyleSheet(style.build())
