"""The people behind the tutor on the chat page: offers under answers, their words, what is new, two questions."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from tutor.qt.learner.pane import ConversationPane
from tutor.qt.learner.sidebar import Sidebar
from tutor.qt.learner.survey_card import SurveyCard
from tutor.session_events import MayPut, Opened, Put, SurveyOffered, TeacherAnswered
from tutor.wording import people

if TYPE_CHECKING:
    from tutor.qt.bridge import SessionBridge


class People(QObject):
    """Passes what the session tells to the messages and the sidebar, and what the learner wants to the session."""

    def __init__(self, bridge: "SessionBridge", pane: ConversationPane, sidebar: Sidebar, page: QWidget) -> None:
        super().__init__(page)
        self._bridge, self._pane, self._chats, self._page = bridge, pane, sidebar.chats, page
        self.survey: SurveyCard | None = None
        if bridge.has_teacher:
            pane.messages.allow_teacher(school=bridge.at_school)
        pane.messages.put.connect(bridge.put_to_teacher)
        pane.messages.put_declined.connect(bridge.not_to_teacher)
        bridge.may_put.connect(self._may_put)
        bridge.put.connect(self._put)
        bridge.teacher_answered.connect(self._answered)
        bridge.survey_offered.connect(self._survey)
        bridge.opened.connect(self._opened)
        self.show_new(bridge.unread_answers())

    def show_new(self, conversations: tuple[int, ...]) -> None:
        self._chats.mark_new(conversations, people.new_answer(school=self._bridge.at_school))

    @Slot(object)
    def _may_put(self, event: MayPut) -> None:
        self._pane.messages.offer_teacher(event.message_id, event.text)

    @Slot(object)
    def _put(self, event: Put) -> None:
        self._pane.messages.show_put(event.escalated)
        if event.escalated.answer and not event.escalated.read_at:
            QTimer.singleShot(0, self, self._read)

    @Slot(object)
    def _answered(self, event: TeacherAnswered) -> None:
        self.show_new(event.conversations)

    @Slot(object)
    def _opened(self, event: Opened) -> None:
        if self.survey is not None and event.conversation is not None:
            self.survey.hide()  # the learner has gone on; the questions are not put again

    @Slot(object)
    def _survey(self, _event: SurveyOffered) -> None:
        if self.survey is None:
            self.survey = SurveyCard()
            self.survey.answered.connect(self._bridge.answer_survey)
            self._pane.put_above_composer(self.survey)

    @Slot()
    def _read(self) -> None:
        if self._page.isVisible():
            self._bridge.read_answers()
