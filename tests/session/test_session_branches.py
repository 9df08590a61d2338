"""Versions: regenerate, edit, navigation; conversations: open, rename, delete with undo, search."""

from played_engine import FakeEngine, Heard, ends, says, turn

from tutor.domain import Action, AgeBand, Learner, TutoringState
from tutor.engine import protocol
from tutor.session import Session
from tutor.session_events import Added, Listed, Noted, Opened, Problem
from tutor.store import Store


def texts(session: Session) -> list[str]:
    return [message.text for message in session.messages()]


def test_regenerate_keeps_the_older_answer_and_starts_from_the_state_before(
    session: Session, engine: FakeEngine, heard: Heard
) -> None:
    before, after = TutoringState(rung=1), TutoringState(rung=2)
    turn(session, engine, "one", "First.", state=before)
    _, old = turn(session, engine, "two", "Second.", state=after)
    new = session.regenerate(old)
    assert new is not None
    assert (engine.ask.text, engine.ask.retry, engine.ask.state) == ("two", 1, before)
    assert [past.learner for past in engine.ask.history] == ["one"]
    assert [message.text for message in heard.of(Opened)[-1].messages] == ["one", "First.", "two"]
    assert heard.of(Added)[-1].message.id == new.id
    ends(session, engine, "Another second.")
    assert texts(session) == ["one", "First.", "two", "Another second."]
    assert [version.text for version in session.versions(new.id)] == ["Second.", "Another second."]


def test_edit_keeps_the_old_branch(session: Session, engine: FakeEngine, heard: Heard) -> None:
    question, _ = turn(session, engine, "2 + 2", "Try it.", state=TutoringState(rung=1))
    turn(session, engine, "4?", "Right.", state=TutoringState(solved=True))
    edited = session.edit(question, "2 + 3")
    assert edited is not None
    assert engine.ask.history == () and engine.ask.state == TutoringState()
    assert heard.of(Opened)[-1].messages == ()
    ends(session, engine, "Try this one.")
    assert texts(session) == ["2 + 3", "Try this one."]
    assert [version.text for version in session.versions(edited.id)] == ["2 + 2", "2 + 3"]
    session.show_version(question)
    assert texts(session) == ["2 + 2", "Try it.", "4?", "Right."]
    session.ask("and now?")
    assert engine.ask.state == TutoringState(solved=True)
    assert [past.learner for past in engine.ask.history] == ["2 + 2", "4?"]


def test_an_edit_that_is_too_long_brings_the_old_branch_back(session: Session, engine: FakeEngine) -> None:
    question, _ = turn(session, engine, "one", "First.")
    session.edit(question, "very long")
    session.handle(protocol.Failed(id=engine.ask.id, code="too_long", message="too long"))
    assert texts(session) == ["one", "First."] and len(session.versions(question)) == 1


def test_rating_and_flag_are_stored(session: Session, engine: FakeEngine, store: Store) -> None:
    _, answer = turn(session, engine, "one", "First.")
    session.rate(answer, -1)
    assert session.messages()[-1].rating == -1
    session.rate(answer, 0)
    assert session.messages()[-1].rating == 0
    flag = session.flag(answer, "wrong", "It is 7/8", "Say 7/8")
    assert flag is not None and store.flags() == (flag,)


def test_new_open_and_list(session: Session, engine: FakeEngine, heard: Heard) -> None:
    turn(session, engine, "one", "First.")
    session.new()
    assert heard.of(Opened)[-1] == Opened(conversation=None) and session.messages() == ()
    turn(session, engine, "two", "Second.")
    titles = [conversation.title for conversation in heard.of(Listed)[-1].conversations]
    assert titles == ["two", "one"]
    session.open(session.conversations()[1].id)
    assert texts(session) == ["one", "First."]


def test_an_answer_goes_on_while_another_conversation_is_looked_at(session: Session, engine: FakeEngine) -> None:
    turn(session, engine, "one", "First.")
    first = session.conversations()[0].id
    session.new()
    session.ask("two")
    second = session.conversations()[0].id
    session.open(first)
    says(session, engine, "Second.")
    ends(session, engine, "Second.")
    assert texts(session) == ["one", "First."]
    session.open(second)
    assert texts(session) == ["two", "Second."]


def test_rename_and_search(session: Session, engine: FakeEngine) -> None:
    turn(session, engine, "How do I add fractions?", "Find a common denominator first.")
    conversation = session.conversations()[0].id
    session.rename(conversation, "  Sums \n")
    assert session.conversations()[0].title == "Sums"
    session.rename(conversation, "   ")
    assert session.conversations()[0].title == "Sums"
    assert session.search("sums")[0].message_id is None
    (hit,) = session.search("denomin")
    assert [hit.snippet[start:end] for start, end in hit.marks] == ["denominator"]


def test_open_at_a_found_message_shows_its_branch(session: Session, engine: FakeEngine) -> None:
    question, _ = turn(session, engine, "zebra", "First.")
    session.edit(question, "lion")
    ends(session, engine, "Second.")
    (hit,) = session.search("zebra")[1:] or session.search("zebra")
    session.open(hit.conversation.id, at=question)
    assert texts(session) == ["zebra", "First."]


def test_delete_and_undo(session: Session, engine: FakeEngine, heard: Heard) -> None:
    turn(session, engine, "one", "First.")
    conversation = session.conversations()[0]
    session.delete(conversation.id)
    assert session.conversations() == () and session.search("one") == ()
    assert heard.of(Opened)[-1] == Opened(conversation=None)
    restored = session.undo_delete()
    assert restored is not None and restored.id == conversation.id
    assert texts(session) == ["one", "First."] and session.search("first")
    assert session.undo_delete() is None


def test_deleting_the_conversation_being_answered_stops_the_answer(session: Session, engine: FakeEngine) -> None:
    session.ask("one")
    session.delete(session.conversations()[0].id)
    assert engine.cancelled[-1] == engine.ask.id
    ends(session, engine, "Late.")
    assert session.conversations() == () and session.answering is None


def test_another_learners_conversation_cannot_be_opened(
    session: Session, engine: FakeEngine, store: Store, heard: Heard
) -> None:
    other = store.add_learner("Other", "owl", AgeBand.A8_10, "en-GB")
    conversation, question, _ = store.begin_conversation(other.id, "theirs", "theirs")
    for attempt in (
        lambda: session.open(conversation.id),
        lambda: session.delete(conversation.id),
        lambda: session.rename(conversation.id, "mine"),
        lambda: session.edit(question.id, "mine"),
        lambda: session.flag(question.id, "other"),
        lambda: session.show_version(question.id),
    ):
        attempt()
        assert heard.of(Problem)[-1].code == "not_found"
    assert len(heard.of(Problem)) == 6
    assert store.conversation(conversation.id) == conversation and session.search("theirs") == ()


def test_an_answer_that_a_crash_interrupted_is_failed_with_a_note(
    store: Store, engine: FakeEngine, learner: Learner, session: Session
) -> None:
    session.ask("one")
    says(session, engine, "Half of it.")
    path = store._path
    store.close()
    with Store.open(path) as again:
        later = Session(again, engine, learner)
        heard = Heard(later)
        later.open(later.conversations()[0].id)
        answer = later.messages()[-1]
        assert (answer.text, answer.status) == ("Half of it.", "failed")
        assert answer.reply is not None and len(answer.reply.sentences) == 1
        assert "Try again" in heard.of(Noted)[0].text
        (entry,) = again.moderation_log()
        assert (entry.prompt, entry.answer, entry.action) == ("one", "Half of it.", Action.REVIEW)
        later.regenerate(answer.id)
        assert engine.ask.text == "one"
