"""Writing: keys, growing, signs, examples and the chips under the last answer."""

import pytest
from chat_page import Chat
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tutor.qt.learner.welcome import examples


@pytest.fixture
def chat(qtbot: QtBot) -> Chat:
    return Chat(qtbot)


def test_shift_and_enter_begin_a_new_line(chat: Chat) -> None:
    field = chat.pane.composer.field
    chat.type("one")
    QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    chat.type("two")
    assert chat.pane.composer.words() == "one\ntwo"
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert chat.session.asked == ["one\ntwo"]


def test_white_space_alone_is_not_sent(chat: Chat) -> None:
    chat.type("   ")
    QTest.keyClick(chat.pane.composer.field, Qt.Key.Key_Return)
    assert chat.session.asked == []
    assert not chat.pane.composer.send.isEnabled()


def test_the_field_grows_to_six_lines_and_no_further(chat: Chat) -> None:
    field = chat.pane.composer.field
    heights = []
    for lines in (1, 2, 6, 7, 30):
        field.put("\n".join(["line"] * lines))
        chat.settle(20)
        heights.append(field.height())
    line = field.fontMetrics().lineSpacing()
    assert heights[0] < heights[1] < heights[2] == heights[3] == heights[4]
    assert heights[2] - heights[0] == pytest.approx(5 * line, abs=6)


def test_words_that_wrap_make_it_grow_too(chat: Chat) -> None:
    field = chat.pane.composer.field
    before = field.height()
    field.put("many words " * 30)
    chat.settle(20)
    assert field.height() > before + field.fontMetrics().lineSpacing()


def test_only_words_are_pasted_and_no_nul(chat: Chat) -> None:
    data = QMimeData()
    data.setHtml('<img src="file:///etc/passwd"><b>bold</b>')
    data.setText("a\x00b")
    chat.pane.composer.field.insertFromMimeData(data)
    assert chat.pane.composer.words() == "ab"


def test_signs_are_inserted_where_the_cursor_is(chat: Chat) -> None:
    composer = chat.pane.composer
    chat.type("7 ")
    QTest.mouseClick(composer.sigma, Qt.MouseButton.LeftButton)
    assert composer.symbols.isVisible() and composer.sigma.isChecked()
    times = next(b for b in composer.symbols.buttons if b.accessibleName() == "times")
    QTest.mouseClick(times, Qt.MouseButton.LeftButton)
    chat.type(" 8")
    assert composer.words() == "7 × 8"
    QTest.keyClick(composer.field, Qt.Key.Key_Escape)
    assert not composer.symbols.isVisible()


def test_a_formula_is_inserted_with_the_cursor_in_its_first_place(chat: Chat) -> None:
    composer = chat.pane.composer
    fraction = next(b for b in composer.symbols.buttons if b.accessibleName() == "a fraction as a formula")
    composer.toggle_symbols()
    QTest.mouseClick(fraction, Qt.MouseButton.LeftButton)
    chat.type("3")
    assert composer.words() == r"$\frac{3}{}$"


def test_examples_are_offered_while_field_and_conversation_are_empty(chat: Chat) -> None:
    welcome = chat.pane.welcome
    assert welcome.isVisible() and "Amira" in welcome.greeting.text()
    QTest.mouseClick(welcome.buttons[0], Qt.MouseButton.LeftButton)
    assert chat.pane.composer.words() == examples()[0]
    assert not welcome.ways.isVisible()
    chat.pane.composer.field.clear()
    assert welcome.ways.isVisible()
    chat.answered()
    assert not welcome.isVisible()


def test_chips_stand_under_a_finished_answer_and_ask(chat: Chat) -> None:
    chips = chat.pane.chips
    assert not chips.isVisible()
    chat.ask()
    assert not chips.isVisible()
    chat.session.answer("Try it.")
    chat.settle()
    assert chips.isVisible()
    QTest.mouseClick(chips.hint, Qt.MouseButton.LeftButton)
    chat.settle()
    assert chat.session.asked[-1] == "Give me a hint, please."
    chat.session.answer("Look at the denominators.")
    chat.settle()
    QTest.mouseClick(chips.tried, Qt.MouseButton.LeftButton)
    assert chat.pane.composer.words() == "I tried "
    assert chat.pane.composer.field.hasFocus()
