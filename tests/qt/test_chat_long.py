"""Long conversations: what is built at once is bounded, and the reader stays where they are."""

import time

import pytest
from chat_fakes import sentence
from chat_page import Chat
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tutor.qt.learner import message_list
from tutor.qt.richtext import document


@pytest.fixture
def chat(qtbot: QtBot) -> Chat:
    return Chat(qtbot)


def long(chat: Chat, turns: int = 150) -> None:
    conversation = chat.session.fill(turns, answer="It is $7$, because four and three more make seven.")
    chat.session.open(conversation.id)
    bar = chat.pane.messages.verticalScrollBar()
    chat.bot.waitUntil(lambda: len(chat.pane.messages.messages) == 2 * turns and bar.maximum() > 1_000)
    chat.settle(50)


def test_three_hundred_messages_open_with_bounded_work(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    filled = 0
    real = document.fill

    def counted(*arguments: object) -> object:
        nonlocal filled
        filled += 1
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(document, "fill", counted)
    started = time.perf_counter()
    long(chat)
    assert len(chat.pane.messages.messages) == 300
    assert len(chat.pane.messages.shown()) == message_list.PAGE
    assert filled == message_list.PAGE
    assert time.perf_counter() - started < 10


def test_it_opens_at_its_end(chat: Chat) -> None:
    long(chat)
    bar = chat.pane.messages.verticalScrollBar()
    assert bar.maximum() > 0 and bar.value() == bar.maximum()


def test_earlier_messages_come_by_keyboard_and_the_view_stays(chat: Chat) -> None:
    long(chat)
    messages = chat.pane.messages
    assert messages.earlier.text() == "Show 40 earlier messages"
    first = messages.shown()[0]
    messages.verticalScrollBar().setValue(0)
    chat.settle()

    def place() -> int:
        return first.mapTo(messages, first.rect().topLeft()).y()

    top = place()
    messages.earlier.setFocus()
    QTest.keyClick(messages.earlier, Qt.Key.Key_Space)
    assert len(messages.shown()) == 80
    bar = messages.verticalScrollBar()
    chat.bot.waitUntil(lambda: bar.value() > 1_000 and abs(place() - top) < 40)


def test_all_of_it_can_be_reached(chat: Chat) -> None:
    long(chat, 50)
    while chat.pane.messages.earlier.isVisible():
        chat.pane.messages.show_earlier()
        chat.settle(20)
    assert len(chat.pane.messages.shown()) == 100
    assert chat.texts()[0] == "What is 3 + 4? (1)"


def test_a_reader_further_up_is_left_there_while_an_answer_grows(chat: Chat) -> None:
    long(chat, 20)
    chat.ask()
    messages = chat.pane.messages
    bar = messages.verticalScrollBar()
    read = messages.shown()[20]
    bar.setValue(read.mapTo(messages, read.rect().topLeft()).y() + bar.value())
    chat.settle()
    before = bar.maximum()
    chat.session.say(*(sentence(f"Sentence number {n} of a long answer.\n\n") for n in range(30)))
    chat.bot.waitUntil(lambda: bar.maximum() > before + 500)
    chat.settle(50)
    assert abs(read.mapTo(messages, read.rect().topLeft()).y()) < 60
    assert bar.value() < bar.maximum() - 500


def test_a_reader_at_the_end_stays_at_the_end(chat: Chat) -> None:
    long(chat, 20)
    chat.ask()
    bar = chat.pane.messages.verticalScrollBar()
    before = bar.maximum()
    chat.session.say(*(sentence(f"Sentence number {n} of a long answer.\n\n") for n in range(30)))
    chat.bot.waitUntil(lambda: bar.maximum() > before + 500)
    chat.settle(50)
    assert bar.value() == bar.maximum()


def test_a_search_hit_far_up_is_shown(chat: Chat) -> None:
    long(chat, 60)
    chat.page.sidebar.chats.chosen.emit(1, 3)
    chat.bot.waitUntil(lambda: chat.pane.messages.widget_of(3) is not None)
    widget = chat.pane.messages.widget_of(3)
    assert widget is not None
    chat.bot.waitUntil(lambda: widget.view.hasFocus() and not widget.visibleRegion().isEmpty())
