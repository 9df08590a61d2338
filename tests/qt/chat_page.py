"""The chat page over a fake session, as the chat's tests drive it."""

import time

from chat_fakes import FakeSession
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tutor.qt import theme
from tutor.qt.bridge import SessionBridge
from tutor.qt.learner.answer import AnswerWidget
from tutor.qt.learner.page import ChatPage
from tutor.qt.learner.question import QuestionWidget


class Chat:
    """A page that is shown, its session, and short ways to what is on it."""

    def __init__(self, bot: QtBot, *, percent: int = 100, look: str = "light", width: int = 1100) -> None:
        theme.apply(theme=look, percent=percent, reduced_motion=True)
        self.bot = bot
        self.session = FakeSession()
        self.bridge = SessionBridge(self.session)  # type: ignore[arg-type]
        self.bridge.engine_state = self.session.engine_state
        self.page = ChatPage(self.bridge)
        self.page.resize(width, 800)
        bot.addWidget(self.page)
        self.page.show()
        bot.waitExposed(self.page)

    @property
    def pane(self):
        return self.page.pane

    def settle(self, ms: int = 60) -> None:
        """Let queued events arrive and be painted: at least so long, and so many rounds on a busy machine."""
        end = time.monotonic() + ms / 1000
        rounds = 0
        while time.monotonic() < end or rounds < ms // 5:
            QTest.qWait(5)
            rounds += 1

    def type(self, words: str) -> None:
        QTest.keyClicks(self.pane.composer.field, words)

    def press(self, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
        held = Qt.KeyboardModifier.NoModifier
        for modifier in modifiers:
            held |= modifier
        focused = self.page.window().focusWidget() or self.page
        QTest.keyClick(focused, key, held)

    def ask(self, words: str = "What is 3/4 + 1/8?") -> AnswerWidget:
        """A question by keyboard; the answer under way."""
        self.pane.composer.field.setFocus()
        self.type(words)
        QTest.keyClick(self.pane.composer.field, Qt.Key.Key_Return)
        self.settle()
        return self.answers()[-1]

    def answered(self, words: str = "Try it first.") -> AnswerWidget:
        """A question with its finished answer."""
        self.ask()
        self.session.answer(words)
        self.settle()
        return self.answers()[-1]

    def answers(self) -> list[AnswerWidget]:
        return [w for w in self.pane.messages.shown() if isinstance(w, AnswerWidget)]

    def questions(self) -> list[QuestionWidget]:
        return [w for w in self.pane.messages.shown() if isinstance(w, QuestionWidget)]

    def texts(self) -> list[str]:
        """What is shown, oldest first."""
        return [w.view.toPlainText() for w in self.pane.messages.shown()]
