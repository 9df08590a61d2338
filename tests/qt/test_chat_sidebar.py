"""The sidebar: list by day, search, renaming, deleting with undo, shortcuts."""

import msgspec
import pytest
from chat_page import Chat
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from tutor.qt.learner.chats import CONVERSATION, MESSAGE, ChatList
from tutor.session_events import Listed


@pytest.fixture
def chat(qtbot: QtBot) -> Chat:
    made = Chat(qtbot)
    made.session.fill(1, question="Adding fractions")
    made.session.fill(1, question="What is a prime?", answer="A prime has exactly two factors.")
    old = made.session.fill(1, question="Area of a rectangle")
    made.session.chats[old.id] = msgspec.structs.replace(old, updated_at="2020-05-05T10:00:00+00:00")
    made.session.tell(Listed(conversations=made.session.conversations()))
    made.settle()
    return made


def rows(chats: ChatList) -> list[str]:
    return [chats.item(row).text() for row in range(chats.count())]


def row_of(chats: ChatList, title: str) -> int:
    return next(row for row in range(chats.count()) if chats.item(row).text().startswith(title))


def test_conversations_stand_under_today_and_earlier(chat: Chat) -> None:
    chats = chat.page.sidebar.chats
    assert rows(chats) == ["Today", "What is a prime?", "Adding fractions", "Earlier", "Area of a rectangle"]
    assert not chats.item(0).flags() & Qt.ItemFlag.ItemIsSelectable


def test_enter_opens_a_conversation_by_keyboard_alone(chat: Chat) -> None:
    chats = chat.page.sidebar.chats
    chats.first()
    QTest.keyClick(chats, Qt.Key.Key_Down)
    QTest.keyClick(chats, Qt.Key.Key_Return)
    chat.settle()
    assert chat.texts()[0] == "Adding fractions (1)"
    assert chat.pane.header.title.text() == "Adding fractions"


def test_search_shows_hits_and_leads_to_the_message(chat: Chat) -> None:
    chat.press(Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    search = chat.page.sidebar.search
    assert search.hasFocus()
    QTest.keyClicks(search, "two factors")
    chat.settle(250)
    assert rows(chat.page.sidebar.chats) == ["What is a prime?\nA prime has exactly two factors."]
    QTest.keyClick(search, Qt.Key.Key_Return)
    chat.settle(120)
    assert chat.answers()[0].view.hasFocus()
    QTest.keyClick(chat.answers()[0].view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(search, Qt.Key.Key_Escape)
    chat.settle(250)
    assert rows(chat.page.sidebar.chats)[0] == "Today"


def test_a_search_without_hits_says_so(chat: Chat) -> None:
    QTest.keyClicks(chat.page.sidebar.search, "zebra")
    chat.settle(250)
    assert rows(chat.page.sidebar.chats) == ["Nothing found. Try another word."]


def test_a_hit_on_another_branch_has_that_branch_shown(chat: Chat) -> None:
    chat.session.open(1)
    chat.settle()
    chat.answers()[0].again_action.trigger()
    chat.settle()
    chat.session.answer("A newer answer.")
    chat.settle()
    assert chat.pane.messages.messages[-1].id != 2
    QTest.keyClicks(chat.page.sidebar.search, "It is $7$")
    chat.settle(250)
    chats = chat.page.sidebar.chats
    chats.setCurrentRow(next(row for row in range(chats.count()) if chats.item(row).data(MESSAGE) == 2))
    QTest.keyClick(chats, Qt.Key.Key_Return)
    chat.settle(120)
    assert chat.pane.messages.messages[-1].id == 2
    assert chat.answers()[-1].view.hasFocus()


def test_delete_says_so_and_control_z_brings_it_back(chat: Chat) -> None:
    chats = chat.page.sidebar.chats
    chats.setCurrentRow(row_of(chats, "Adding fractions"))
    chats.setFocus()
    QTest.keyClick(chats, Qt.Key.Key_Delete)
    chat.settle()
    undo = chat.page.sidebar.undo
    assert undo.isVisible() and "Adding fractions" in undo.text.text()
    assert "Adding fractions" not in rows(chats)
    QTest.keyClick(chats, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    chat.settle()
    assert not undo.isVisible()
    assert "Adding fractions" in rows(chats)
    assert chat.texts()[0] == "Adding fractions (1)"


def test_control_z_works_from_an_untouched_field_too(chat: Chat) -> None:
    chat.session.open(1)
    chat.settle()
    chat.pane.header.delete_action.trigger()
    chat.settle()
    assert chat.pane.composer.field.hasFocus()
    QTest.keyClick(chat.pane.composer.field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    chat.settle()
    assert 1 in chat.session.chats


def test_control_z_in_a_field_with_words_undoes_the_words(chat: Chat) -> None:
    chat.type("abc")
    QTest.keyClick(chat.pane.composer.field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert chat.pane.composer.words() == ""


def test_f2_renames_in_place(chat: Chat) -> None:
    chats = chat.page.sidebar.chats
    row = row_of(chats, "Adding fractions")
    chats.setCurrentRow(row)
    chats.setFocus()
    QTest.keyClick(chats, Qt.Key.Key_F2)
    editor = chats.findChild(QLineEdit)
    assert editor is not None
    editor.setText("Fractions")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    chat.settle()
    assert chat.session.chats[1].title == "Fractions"
    assert "Fractions" in rows(chats)


def test_control_n_shows_an_empty_conversation(chat: Chat) -> None:
    chat.session.open(1)
    chat.settle()
    chat.press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    chat.settle()
    assert chat.pane.messages.messages == ()
    assert chat.pane.welcome.isVisible()
    assert chat.pane.composer.field.hasFocus()


def test_the_open_conversation_is_marked_in_the_list(chat: Chat) -> None:
    chat.session.open(2)
    chat.settle()
    item = chat.page.sidebar.chats.currentItem()
    assert item is not None and item.data(CONVERSATION) == 2


def test_what_is_said_in_an_empty_list_is_wrapped_and_not_cut(qtbot: QtBot) -> None:
    empty = Chat(qtbot)
    chats = empty.page.sidebar.chats
    qtbot.waitUntil(lambda: chats.viewport().width() > 100)
    one_line = chats.fontMetrics().height()
    said = chats.visualItemRect(chats.item(0))
    assert chats.item(0).text() == "Your conversations will be listed here."
    assert said.width() <= chats.viewport().width() and said.height() > 2 * one_line
