"""Versions of questions and answers: answering again, editing, going back to an older one."""

import pytest
from chat_page import Chat
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot


@pytest.fixture
def chat(qtbot: QtBot) -> Chat:
    return Chat(qtbot)


def test_answering_again_keeps_the_older_answer_reachable(chat: Chat) -> None:
    widget = chat.answered("The first answer.")
    assert not widget.versions.isVisible()
    widget.again_action.trigger()
    chat.settle()
    chat.session.answer("The second answer.")
    chat.settle()
    newer = chat.answers()[-1]
    assert newer.view.toPlainText() == "The second answer."
    assert newer.versions.isVisible() and newer.versions.count.text() == "2/2"
    QTest.mouseClick(newer.versions.back, Qt.MouseButton.LeftButton)
    chat.settle()
    assert chat.texts() == ["What is 3/4 + 1/8?", "The first answer."]
    older = chat.answers()[-1]
    assert older.versions.count.text() == "1/2"
    assert not older.versions.back.isEnabled() and older.versions.forth.isEnabled()


def test_an_edited_question_starts_a_branch_and_the_old_one_is_reachable(chat: Chat) -> None:
    chat.answered("First.")
    question = chat.questions()[0]
    QTest.mouseClick(question.edit, Qt.MouseButton.LeftButton)
    assert question.editor is not None and question.editor.isVisible()
    assert question.field.toPlainText() == "What is 3/4 + 1/8?"
    question.field.put("What is 1/2 + 1/8?")
    QTest.keyClick(question.field, Qt.Key.Key_Return)
    chat.settle()
    chat.session.answer("Second.")
    chat.settle()
    assert chat.texts() == ["What is 1/2 + 1/8?", "Second."]
    edited = chat.questions()[0]
    assert edited.versions.count.text() == "2/2"
    QTest.mouseClick(edited.versions.back, Qt.MouseButton.LeftButton)
    chat.settle()
    assert chat.texts() == ["What is 3/4 + 1/8?", "First."]


def test_escape_leaves_the_editor_and_changes_nothing(chat: Chat) -> None:
    chat.answered()
    question = chat.questions()[0]
    question.start_editing()
    question.field.put("Something else")
    QTest.keyClick(question.field, Qt.Key.Key_Escape)
    chat.settle()
    assert question.editor is not None and not question.editor.isVisible()
    assert question.view.isVisible()
    assert len(chat.session.asked) == 1


def test_saving_the_same_words_asks_nothing(chat: Chat) -> None:
    chat.answered()
    question = chat.questions()[0]
    question.start_editing()
    QTest.mouseClick(question.save, Qt.MouseButton.LeftButton)
    chat.settle()
    assert len(chat.session.tree) == 2


def test_up_in_an_empty_field_edits_the_last_question(chat: Chat) -> None:
    chat.answered()
    field = chat.pane.composer.field
    chat.type("x")
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert chat.questions()[-1].editor is None
    field.clear()
    QTest.keyClick(field, Qt.Key.Key_Up)
    editor = chat.questions()[-1].editor
    assert editor is not None and editor.isVisible()


def test_messages_before_the_branch_keep_their_widgets(chat: Chat) -> None:
    chat.answered("One.")
    first = chat.answers()[0]
    chat.answered("Two.")
    chat.answers()[-1].again_action.trigger()
    chat.settle()
    assert chat.answers()[0] is first
