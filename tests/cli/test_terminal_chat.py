"""The terminal chat: answers as they come, every command, Ctrl+C, and who is chatting."""

import os
import signal
import threading

import pytest
from saying_engine import SayingEngine

from tutor.cli import chat
from tutor.cli.chat import Chat
from tutor.cli.render import Terminal
from tutor.domain import AgeBand, Item, Lesson, Message, Outcome, Passage, Reply, Role
from tutor.engine.protocol import Failed
from tutor.errors import UserError
from tutor.session import Session
from tutor.session_events import Finished
from tutor.store import Store


@pytest.fixture
def say(session: Session, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Types lines into the chat, then ends the input; gives what the chat printed."""

    def run(*lines: str) -> str:
        left = list(lines)

        def typed(_prompt: str = "") -> str:
            if not left:
                raise EOFError
            return left.pop(0)

        monkeypatch.setattr("builtins.input", typed)
        Chat(session, session.learner).run()
        return capsys.readouterr().out

    return run


def test_an_answer_is_shown_with_what_was_checked(say, session: Session) -> None:
    said = say("What is 3/4 + 1/8?")
    assert "Hello Amira" in said
    assert "What have you tried so far? 3/4 is 6/8." in said
    assert "checked: sums ✓ · safe words ✓" in said
    assert [m.role for m in session.messages()] == [Role.LEARNER, Role.TUTOR]


def test_new_list_and_open_move_between_conversations(say) -> None:
    said = say("What is 1/2 + 1/3?", "/new", "Explain primes", "/list", "/open 2")
    listed = said.split("A new conversation")[1]
    assert listed.index("1  Explain primes") < listed.index("2  What is 1/2 + 1/3?")
    assert "> What is 1/2 + 1/3?" in listed.split("2  What is")[1]


def test_retry_asks_for_another_answer_and_keeps_the_old_one(say, session: Session, engine: SayingEngine) -> None:
    say("What is 1/2 + 1/3?", "/retry")
    assert [ask.retry for ask in engine.asked] == [0, 1]
    assert len(session.versions(session.messages()[-1].id)) == 2


def test_edit_asks_in_other_words_and_keeps_the_old_branch(say, session: Session, engine: SayingEngine) -> None:
    say("What is 1/2 + 1/3?", "/edit What is 1/2 + 1/4?", "/edit", "And 1/2 + 1/5?")
    assert [ask.text[-4:-1] for ask in engine.asked] == ["1/3", "1/4", "1/5"]
    assert all(ask.history == () for ask in engine.asked)
    assert len(session.versions(session.messages()[0].id)) == 3


def test_flag_stores_what_is_wrong_and_what_would_be_right(say, store: Store, session: Session) -> None:
    said = say("What is 1/2 + 1/3?", "/flag", "1", "the sum", "5/6", "/flag 99")
    assert "A grown-up will look at it" in said and "Nothing was sent" in said
    (flag,) = store.flags()
    assert (flag.category, flag.what, flag.better) == ("wrong", "the sum", "5/6")
    assert flag.message_id == session.messages()[-1].id


def test_teacher_puts_the_question_and_the_answer_is_shown_as_theirs(say, store: Store, session: Session) -> None:
    said = say("/teacher", "What is 1/2 + 1/3?", "/teacher I do not see why")
    assert "There is no message yet" in said and "Your grown-up has your question" in said
    (item,) = store.review_items(kind="escalation")
    assert (item.note, item.reason) == ("I do not see why", "asked")
    store.answer_escalation(item.id, "Make them \x1b[31msixths.", "teacher")
    said = say("/list", "/open 1", "/list")
    assert said.startswith("Hello") and "New answer from your grown-up: /list shows where." in said
    assert "1  What is 1/2 + 1/3? (New answer from your grown-up)" in said
    assert "Your grown-up says: Make them [31msixths." in said
    assert said.count("(New answer") == 1 and session.unread_answers() == ()


def test_the_two_questions_are_asked_after_a_conversation_and_answered_in_one_line(say, store: Store) -> None:
    asked = [f"What is 1/2 + 1/{n}?" for n in range(3, 7)]
    said = say("/survey 4 5", *asked, "/new", "/survey very", "/survey 4 5", "/survey 1 1")
    before, after = said.split("Did the tutor help you this week?")
    assert "Nothing is asked now." in before
    assert "Two numbers from 1 to 5" in after and "Thank you." in after and "Nothing is asked now." in after
    (month,) = store.ratings_by_month("2000-01-01")
    assert (month.surveys, month.helped, month.again) == (1, 4, 5)


def test_help_names_every_command_and_others_are_refused(say) -> None:
    said = say("/help", "/dance", "/retry", "/edit", "/flag", "/open 7", "/list")
    assert all(f"/{word}" in said for word in ("new", "list", "open", "retry", "edit", "flag", "help", "quit"))
    assert "There is no /dance" in said
    assert said.count("There is no message yet") == 3
    assert "Which one?" in said and "No conversation yet" in said


def test_lessons_are_listed_and_begun(say, store: Store, session: Session, engine: SayingEngine) -> None:
    assert "no lesson for you yet" in say("/lesson")
    store.create_lesson(Lesson(key="halves", title="Halves", age_band="8-10", summary="You halve numbers."))
    version = store.publish_draft(1)
    said = say("/lesson", "/lesson 1", "What is half of 64?")
    assert "1  Halves  You halve numbers." in said and "Halves. Write your question." in said
    assert engine.asked[-1].lesson_version_id == version.id
    say("/new", "What is 2 + 3?")
    assert engine.asked[-1].lesson is None


def test_a_question_of_a_lesson_is_asked_by_its_number(say, store: Store, engine: SayingEngine) -> None:
    items = (
        Item(id="q1", question="What is half of 64?", answer="32"),
        Item(id="q2", question="Which is half of 6?", answer="3", choices=("3", "4")),
    )
    store.create_lesson(Lesson(key="halves", title="Halves", age_band="8-10", items=items))
    store.publish_draft(1)
    said = say("/try 1", "/lessons", "/lesson 1", "/try 7", "/try 2")
    assert said.count("2  Which is half of 6? 3 / 4") == 2 and "This is no lesson with questions." in said
    assert [ask.text for ask in engine.asked] == ["Which is half of 6?\n3 / 4"]


def test_the_quiet_line_and_the_places_stand_under_an_answer(capsys: pytest.CaptureFixture[str]) -> None:
    cited = Passage(id=1, material="The water cycle", place="Evaporation", text="…")
    reply = Reply(text="Yes.", outcome=Outcome.DONE, quiet="Your teacher wants you to try first", cites=(cited,))
    message = Message(id=1, conversation_id=1, parent_id=None, role=Role.TUTOR, text="Yes.", created_at="", reply=reply)
    Terminal().show([Finished(message=message)])
    said = capsys.readouterr().out
    assert "Your teacher wants you to try first" in said and "The water cycle, Evaporation" in said


def test_quit_leaves_and_what_follows_is_not_read(say, engine: SayingEngine) -> None:
    assert "Goodbye" in say("/quit", "What is 1/2 + 1/3?")
    assert engine.asked == []


def test_a_refused_question_says_why_and_the_chat_goes_on(say, engine: SayingEngine) -> None:
    engine.fails = Failed(id=0, code="engine_died", message="The tutor stopped. Your question is kept.")
    said = say("What is 1/2 + 1/3?", "x" * 30_000, "/list")
    assert "The tutor stopped. Your question is kept." in said
    assert "30,000 characters" in said
    assert "1  What is 1/2 + 1/3?" in said


def test_ctrl_c_stops_the_answer_and_not_the_chat(say, session: Session, engine: SayingEngine) -> None:
    engine.holds = True
    handler = signal.getsignal(signal.SIGINT)
    timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    said = say("What is 1/2 + 1/3?", "/list")
    assert session.messages()[-1].status == "stopped"
    assert session.messages()[-1].text == "What have you tried so far?"
    assert "1  What is 1/2 + 1/3?" in said
    assert signal.getsignal(signal.SIGINT) is handler


def test_ctrl_c_twice_at_the_prompt_leaves(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    presses = 0

    def pressed(_prompt: str = "") -> str:
        nonlocal presses
        presses += 1
        raise KeyboardInterrupt

    monkeypatch.setattr("builtins.input", pressed)
    Chat(session, session.learner).run()
    assert presses == 2


def test_the_learner_is_found_by_name_or_picked(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assert chat.choose(store, "").name == "Amira"
    store.add_learner("Ben", "fox", AgeBand.A5_7, "en-GB")
    assert chat.choose(store, "  bEN ").name == "Ben"
    with pytest.raises(UserError, match="There are: Amira, Ben"):
        chat.choose(store, "Cara")
    answers = iter(["9", "nobody", "2"])
    monkeypatch.setattr("builtins.input", lambda _prompt="": next(answers))
    assert chat.choose(store, "").name == "Ben"


def test_nobody_chats_before_the_set_up(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from tutor.cli.main import main

    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    assert main(["chat"]) == 1
    assert "tutor setup" in capsys.readouterr().err


def test_the_privacy_notice_is_shown_once_a_term_and_can_be_asked_for(
    session: Session, say, capsys: pytest.CaptureFixture[str]
) -> None:
    store, learner = session._store, session.learner
    chat.notice(store, learner)
    first = capsys.readouterr().out
    chat.notice(store, learner)
    assert "Your words stay on this computer" in first
    assert capsys.readouterr().out == ""
    assert "Your words stay on this computer" in say("/privacy")
