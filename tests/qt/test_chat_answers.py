"""A question and its answer on the page: sentence by sentence, stopped, failed, announced."""

import msgspec
import pytest
from chat_fakes import sentence
from chat_page import Chat
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tutor.domain import Move
from tutor.qt.learner import answer as answer_module
from tutor.session_events import EngineState, Noted, Problem, StageChanged


@pytest.fixture
def chat(qtbot: QtBot) -> Chat:
    return Chat(qtbot)


def test_enter_sends_and_the_question_stands_at_the_right(chat: Chat) -> None:
    chat.ask("What is 3/4 + 1/8?")
    assert chat.session.asked == ["What is 3/4 + 1/8?"]
    assert chat.pane.composer.words() == ""
    bubble = chat.questions()[0].view
    column = chat.questions()[0]
    assert bubble.toPlainText() == "What is 3/4 + 1/8?"
    chat.bot.waitUntil(lambda: bubble.width() < column.width() * 0.5)
    assert bubble.geometry().right() >= column.width() - 2


def test_a_long_question_is_at_most_seven_tenths_wide(chat: Chat) -> None:
    chat.ask("Please help me with this very long question about sharing sweets between many children. " * 4)
    bubble, column = chat.questions()[0].view, chat.questions()[0]
    chat.bot.waitUntil(lambda: bubble.width() < column.width())
    assert 0.5 * column.width() < bubble.width() <= 0.7 * column.width() + 1
    assert bubble.height() > 3 * bubble.fontMetrics().height()


def test_sentences_appear_as_they_come_and_the_dots_go_at_the_end(chat: Chat) -> None:
    widget = chat.ask()
    assert widget.thinking is not None and widget.thinking.isVisible()
    chat.session.say(sentence("First sentence."))
    chat.settle(100)
    assert chat.texts()[-1] == "First sentence."
    chat.session.say(sentence("Second sentence."))
    chat.settle(100)
    assert chat.texts()[-1] == "First sentence. Second sentence."
    assert not widget.tools.isVisible()
    chat.session.finish()
    chat.settle()
    assert widget.thinking is None
    assert widget.tools.isVisible()


def test_sentences_that_come_together_are_laid_out_once(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    widget = chat.ask()
    filled: list[str] = []
    real = widget.view.show_text
    monkeypatch.setattr(widget.view, "show_text", lambda text: (filled.append(text), real(text)))
    chat.session.say(*(sentence(f"Sentence {n}.") for n in range(20)))
    chat.settle(150)
    assert chat.texts()[-1].endswith("Sentence 19.")
    assert len(filled) <= 3


def test_what_the_tutor_does_is_said_after_two_seconds(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    widget = chat.ask()
    assert widget.thinking is not None
    chat.session.tell(StageChanged(message_id=widget.message.id, stage="checking"))
    chat.settle()
    assert not widget.thinking.words.isVisible()
    assert widget.thinking.words.text() == "checking the sums and the words…"
    chat.settle(2_100)
    assert widget.thinking.words.isVisible()


def test_stop_replaces_send_and_escape_stops(chat: Chat) -> None:
    chat.ask()
    composer = chat.pane.composer
    assert composer.stop.isVisible() and not composer.send.isVisible()
    chat.session.say(sentence("The beginning."))
    chat.settle()
    QTest.keyClick(composer.field, Qt.Key.Key_Escape)
    chat.settle()
    assert chat.session.answering is None
    assert composer.send.isVisible() and not composer.stop.isVisible()
    widget = chat.answers()[-1]
    assert widget.message.status == "stopped"
    assert widget.view.toPlainText() == "The beginning."
    assert widget.try_again is not None and widget.try_again.isVisible()


def test_while_it_answers_nothing_else_can_be_asked(chat: Chat) -> None:
    chat.ask("One?")
    chat.type("Two?")
    QTest.keyClick(chat.pane.composer.field, Qt.Key.Key_Return)
    chat.settle()
    assert chat.session.asked == ["One?"]
    assert chat.pane.composer.words() == "Two?"
    assert not chat.questions()[0].edit.isEnabled()


def test_a_failed_answer_keeps_what_was_checked_and_can_be_tried_again(chat: Chat) -> None:
    chat.ask()
    chat.session.say(sentence("A checked sentence."))
    chat.session.finish("failed")
    chat.settle()
    widget = chat.answers()[-1]
    assert widget.view.toPlainText() == "A checked sentence."
    assert widget.try_again is not None
    QTest.mouseClick(widget.try_again, Qt.MouseButton.LeftButton)
    chat.settle()
    assert chat.session.answering is not None
    chat.session.answer("Now it works.")
    chat.settle()
    assert chat.texts()[-1] == "Now it works."


def test_a_refused_question_comes_back_with_the_reason(chat: Chat) -> None:
    chat.session.refuse = "This message has 30,000 characters; the most is 20,000. Your words are kept."
    chat.type("A question")
    QTest.keyClick(chat.pane.composer.field, Qt.Key.Key_Return)
    chat.settle()
    assert chat.pane.composer.words() == "A question"
    assert chat.pane.problem.isVisible()
    assert "the most is 20,000" in chat.pane.problem.text.text()


def test_words_typed_meanwhile_stay_when_others_come_back(chat: Chat) -> None:
    chat.type("new words")
    chat.session.tell(Problem(code="too_long", text="Too long.", kept_text="old words"))
    chat.settle()
    assert chat.pane.composer.words() == "old words\nnew words"


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        (EngineState(state="loading", stage="model", fraction=0.4), "Waking up the tutor"),
        (EngineState(state="restarting"), "Your question is kept. Starting it again"),
        (EngineState(state="failed", text="The model file is damaged. Choose another."), "The model file is damaged"),
    ],
)
def test_the_engine_line_says_where_the_engine_stands(chat: Chat, state: EngineState, shown: str) -> None:
    line = chat.pane.engine_line
    assert not line.isVisible()
    chat.session.tell(state)
    chat.settle()
    assert line.isVisible() and shown in line.words.text()
    assert line.progress.isVisible() == (state.state != "failed")
    chat.session.tell(EngineState(state="ready"))
    chat.settle()
    assert not line.isVisible()


def test_dropped_turns_are_noted_under_the_last_message(chat: Chat) -> None:
    chat.answered()
    words = "This conversation is long: the tutor no longer sees its first 3 questions and answers."
    chat.session.tell(Noted(text=words))
    chat.settle()
    assert [line.text() for line in chat.pane.messages.notes] == [words]


def test_a_finished_answer_is_announced_with_its_formulas_read_out(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(answer_module, "announce", lambda _widget, words: said.append(words))
    chat.answered(r"It is $\frac{7}{8}$.")
    assert said == ["The tutor says: It is 7 over 8."]


def test_opening_a_conversation_that_is_being_answered_shows_each_sentence_once(chat: Chat) -> None:
    chat.ask()
    chat.session.say(sentence("One."))
    assert chat.session.conversation is not None
    chat.session.open(chat.session.conversation.id)
    chat.session.say(sentence("Two."))
    chat.settle(120)
    assert chat.texts()[-1] == "One. Two."


def test_a_stopped_engine_is_told_once(chat: Chat) -> None:
    chat.session.tell(Problem(code="engine_died", text="The tutor stopped."))
    chat.settle()
    assert chat.pane.problem.isVisible()
    chat.session.tell(EngineState(state="restarting", text="Starting it again (try 2 of 3)…"))
    chat.settle()
    assert chat.pane.engine_line.isVisible() and not chat.pane.problem.isVisible()
    chat.session.tell(Problem(code="engine_died", text="The tutor stopped."))
    chat.settle()
    assert not chat.pane.problem.isVisible()


def test_words_that_could_not_be_sent_are_kept_and_the_trouble_is_said_once(chat: Chat) -> None:
    failed = EngineState(state="failed", text="The model file cannot be used.")
    chat.session.tell(failed)
    chat.session.tell(Problem(code="engine_failed", text=failed.text, kept_text="my question"))
    chat.settle()
    assert chat.pane.composer.words() == "my question"
    assert chat.pane.problem.isVisible() and "not sent" in chat.pane.problem.text.text()
    assert failed.text not in chat.pane.problem.text.text()
    chat.session.tell(EngineState(state="ready"))
    chat.settle()
    assert not chat.pane.problem.isVisible()
    assert chat.pane.composer.words() == "my question"


@pytest.mark.parametrize("move", [Move.SIGNPOST, Move.REFUSE])
def test_no_hint_is_offered_after_words_that_point_to_a_person(chat: Chat, move: Move) -> None:
    chat.answered("Try it first.")
    assert chat.pane.chips.isVisible()
    chat.ask("I feel terrible")
    chat.session.say(sentence("Please tell a grown-up you trust."))
    at = chat.session.answering
    old = chat.session.tree[at]
    chat.session.tree[at] = msgspec.structs.replace(old, reply=msgspec.structs.replace(old.reply, move=move))
    chat.session.finish()
    chat.settle()
    assert not chat.pane.chips.isVisible()
