"""The people behind the tutor in the chat: offers, a teacher's answer, what is new in the sidebar, two questions."""

import msgspec
from chat_page import Chat
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from tutor.domain import Escalated
from tutor.qt.learner.chats import RICH
from tutor.session_events import MayPut, Put, SurveyOffered, TeacherAnswered


def words(widget: QWidget) -> str:
    return "\n".join(each.text() for each in widget.findChildren(QLabel) if each.isVisibleTo(widget))


def test_an_offer_is_sent_with_what_the_learner_adds_and_then_waits(qtbot: QtBot) -> None:
    chat = Chat(qtbot)
    answer = chat.answered()
    chat.session.tell(MayPut(message_id=answer.message.id, reason="tries", text="I can put this to your teacher."))
    chat.settle()
    assert answer.teacher.offering and "I can put this to your teacher." in words(answer.teacher)
    qtbot.keyClicks(answer.teacher.note, "why eighths")
    qtbot.keyClick(answer.teacher.note, Qt.Key.Key_Return)
    chat.settle()
    assert [(p.message_id, p.note) for p in chat.session.put] == [(answer.message.id, "why eighths")]
    assert "Your teacher has your question" in words(answer.teacher)


def test_an_offer_can_be_left_by_escape_and_comes_again_from_the_menu(qtbot: QtBot) -> None:
    chat = Chat(qtbot)
    answer = chat.answered()
    chat.session.tell(MayPut(message_id=answer.message.id, reason="tries", text="I can put this to your teacher."))
    chat.settle()
    qtbot.keyClick(answer.teacher.note, Qt.Key.Key_Escape)
    assert chat.session.declined == [answer.message.id] and answer.teacher.isHidden()
    assert answer.teacher_action.isVisible() and answer.teacher_action.text() == "Put this to my teacher"
    answer.teacher_action.trigger()
    answer.teacher.send_button.click()
    chat.settle()
    assert len(chat.session.put) == 1 and chat.session.put[0].note == ""


def test_the_teachers_answer_stands_under_the_tutors_as_theirs_also_after_coming_back(qtbot: QtBot) -> None:
    chat = Chat(qtbot)
    conversation = chat.session.fill(30)
    first = chat.session.messages()[1] if chat.session.messages() else None
    chat.session.open(conversation.id)
    chat.settle()
    first = chat.session.messages()[1]
    put = Escalated(
        id=1, message_id=first.id, learner_id=1, reason="asked", answer="<b>Draw</b> it.", answered_at="2026-01-01"
    )
    chat.session.tell(Put(escalated=put))
    chat.settle()
    assert chat.pane.messages.widget_of(first.id) is None  # far above, not made yet
    chat.pane.messages.show_earlier()
    widget = chat.pane.messages.widget_of(first.id)
    assert widget is not None
    said = words(widget.teacher)
    assert "Your teacher" in said and "<b>Draw</b> it." in said
    assert not widget.teacher_action.isEnabled()


def test_a_new_answer_is_told_in_the_sidebar_until_it_is_read(qtbot: QtBot) -> None:
    chat = Chat(qtbot)
    conversation = chat.session.fill(1)
    other = chat.session.fill(1, question="Other?")
    chat.session._list()
    chat.settle()
    chat.session.unread = (conversation.id,)
    chat.session.tell(TeacherAnswered(conversations=(conversation.id,)))
    chat.settle()
    item = chat.page.sidebar.chats._item(conversation.id)
    quiet = chat.page.sidebar.chats._item(other.id)
    assert item is not None and "New answer from your teacher" in item.data(RICH)
    assert "New answer" in item.data(Qt.ItemDataRole.AccessibleTextRole)
    assert quiet is not None and not quiet.data(RICH)
    chat.session.open(conversation.id)
    answer = chat.session.messages()[1]
    put = Escalated(id=1, message_id=answer.id, learner_id=1, reason="asked", answer="Yes.", answered_at="2026-01-01")
    chat.session.tell(Put(escalated=put))
    chat.settle()
    assert chat.session.unread == () and not item.data(RICH)
    read = msgspec.structs.replace(put, read_at="2026-01-02")
    chat.session.unread = (other.id,)
    chat.session.tell(Put(escalated=read))
    chat.settle()
    assert chat.session.unread == (other.id,)  # nothing new was shown


def test_two_taps_answer_the_survey_and_one_leaves_it(qtbot: QtBot) -> None:
    chat = Chat(qtbot)
    chat.session.tell(SurveyOffered())
    chat.settle()
    survey = chat.page.people.survey
    assert survey is not None and survey.isVisible() and "Did the tutor help you" in words(survey)
    survey.chips[3].click()
    survey.chips[4].click()
    chat.settle()
    assert chat.session.surveys == [(4, 5)] and "Thank you." in words(survey)


def test_a_declined_survey_goes(qtbot: QtBot) -> None:
    chat = Chat(qtbot)
    chat.session.tell(SurveyOffered())
    chat.settle()
    survey = chat.page.people.survey
    assert survey is not None
    survey.close_button.click()
    assert chat.session.surveys == [(0, 0)] and not survey.isVisible()
