"""A turn from question to stored answer: what is committed, sent, shown and told."""

import time
from pathlib import Path

import pytest
from played_engine import READY, FakeEngine, Heard, ends, says, turn

from tutor import session_turns
from tutor.domain import Action, AgeBand, Fact, Learner, Outcome, Role, SentenceCheck, TutoringState, Verdict
from tutor.engine import protocol
from tutor.errors import UserError
from tutor.session import Session
from tutor.session_events import Added, EngineState, Finished, Listed, Noted, Opened, Problem, Shown, StageChanged
from tutor.store import Store


class CheckingEngine(FakeEngine):
    """Looks into the database file at the moment a question arrives."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.store = store
        self.stored_when_asked: list[str] = []

    def send(self, request: protocol.Request, /) -> None:
        if isinstance(request, protocol.Ask):
            conversation = int(request.conversation.removeprefix("conversation-"))
            self.stored_when_asked = [message.text for message in self.store.messages(conversation)]
        super().send(request)


def test_the_question_is_stored_before_the_engine_sees_it(store: Store, learner: Learner) -> None:
    engine = CheckingEngine(store)
    Session(store, engine, learner).ask("What is 3/4 + 1/8?")
    assert engine.stored_when_asked == ["What is 3/4 + 1/8?", ""]


def test_a_turn_is_told_in_order_and_stored(session: Session, engine: FakeEngine, heard: Heard) -> None:
    session.ask("What is 3/4 + 1/8?")
    says(session, engine, "Try it first.", "What is the same in both?")
    ends(session, engine, "Try it first. What is the same in both?", notes="[n]")
    names = [type(event).__name__ for event in heard.events]
    assert names == ["Added", "Added", "Listed", "Shown", "Shown", "Finished"]
    question, answer = session.messages()
    assert (question.role, question.text) == (Role.LEARNER, "What is 3/4 + 1/8?")
    assert (answer.text, answer.status) == ("Try it first. What is the same in both?", "done")
    assert answer.reply is not None and answer.reply.notes == "[n]"
    assert heard.of(Finished)[0].message == answer
    assert session.conversations()[0].title == "What is 3/4 + 1/8?"


def test_a_shown_sentence_is_on_the_disk_when_it_is_shown(
    session: Session, engine: FakeEngine, store: Store, heard: Heard
) -> None:
    at_showing: list[str] = []
    session.listen(
        lambda event: at_showing.append(store.message(event.message_id).text) if isinstance(event, Shown) else None
    )
    session.ask("Hello")
    says(session, engine, "Hello.", "What shall we do?")
    assert at_showing[0].startswith("Hello.") and at_showing[1] == "Hello. What shall we do?"


def test_history_carries_notes_and_leaves_out_what_was_blocked(session: Session, engine: FakeEngine) -> None:
    turn(session, engine, "one", "First.", notes="[a]")
    turn(session, engine, "something rude", "Let us stay kind.", outcome=Outcome.WRITTEN, in_history=False)
    turn(session, engine, "three", "Third.")
    session.ask("four")
    assert engine.ask.history == (
        protocol.Past(learner="one", notes="[a]", tutor="First."),
        protocol.Past(learner="three", notes="", tutor="Third."),
    )


def test_the_state_of_the_branch_travels_with_the_next_question(session: Session, engine: FakeEngine) -> None:
    state = TutoringState(problem=Fact(kind="expression", question="2 + 2", answer="4"), attempts=1, rung=2)
    turn(session, engine, "2 + 2", "Try it.", state=state)
    session.ask("Is it 5?")
    assert engine.ask.state == state


def test_settings_and_learner_reach_the_engine(store: Store, session: Session, engine: FakeEngine) -> None:
    store.set_setting("temperature", 0.7)
    store.set_setting("country", "IE")
    store.set_setting("give_answers_reason", "Revision week")
    store.set_setting("give_answers", True)
    session.ask("Hi")
    ask = engine.ask
    assert (ask.generation.temperature, ask.country, ask.policy.give_answers) == (0.7, "IE", True)
    assert (ask.age_band, ask.language) == (AgeBand.A11_13, "en-GB")
    assert ask.guidelines
    assert ask.conversation


def test_nobody_chats_before_the_contact_is_confirmed(tmp_path: Path, engine: FakeEngine) -> None:
    with Store.open(tmp_path / "other.db") as store:
        store.set_contact("The head of year", "room 12", confirmed=False)
        session = Session(store, engine, store.add_learner("Learner", "fox", AgeBand.A8_10, "en-GB"))
        heard = Heard(session)
        assert session.ask("Hello there") is None
        assert [(p.code, p.kept_text) for p in heard.of(Problem)] == [("no_contact", "Hello there")]
        assert engine.requests == [] and session.conversations() == ()
        store.set_contact("The head of year", "room 12", confirmed=True)
        assert session.ask("Hello there") is not None


def test_a_guest_chats_at_once_and_leaves_no_prefix_behind(engine: FakeEngine) -> None:
    with Store.open(None) as store:
        session = Session(store, engine, None)
        assert session.ask("Hello") is not None
        assert engine.ask.conversation == ""


def test_a_pasted_novel_is_refused_with_length_limit_and_the_words_back(
    session: Session, engine: FakeEngine, heard: Heard
) -> None:
    novel = "word " * 200_000
    began = time.monotonic()
    assert session.ask(novel) is None
    assert time.monotonic() - began < 2.0, "the window waits for this"
    problem = heard.of(Problem)[0]
    assert problem.code == "too_long" and problem.kept_text == novel.strip()
    assert "999,999" in problem.text and "20,000" in problem.text
    assert session.conversations() == () and not any(isinstance(r, protocol.Ask) for r in engine.requests)


def test_too_many_tokens_take_the_question_back(session: Session, engine: FakeEngine, heard: Heard) -> None:
    turn(session, engine, "one", "First.")
    before = session.messages()
    session.ask("long " * 1000)
    session.handle(protocol.Failed(id=engine.ask.id, code="too_long", message="1,002 of at most 400 tokens"))
    assert session.messages() == before
    problem = heard.of(Problem)[0]
    assert (problem.code, problem.text) == ("too_long", "1,002 of at most 400 tokens")
    assert problem.kept_text == ("long " * 1000).strip()
    assert heard.of(Opened)[-1].messages == before and session.answering is None


def test_too_many_tokens_in_the_first_question_leave_no_conversation(
    session: Session, engine: FakeEngine, heard: Heard
) -> None:
    session.ask("long " * 1000)
    session.handle(protocol.Failed(id=engine.ask.id, code="too_long", message="too long"))
    assert session.conversations() == () and session.conversation is None
    assert heard.of(Listed)[-1].conversations == ()


def test_one_answer_at_a_time(session: Session, engine: FakeEngine, heard: Heard) -> None:
    session.ask("one")
    assert session.ask("two") is None
    assert [(p.code, p.kept_text) for p in heard.of(Problem)] == [("busy", "two")]
    ends(session, engine, "Done.")
    assert session.ask("two") is not None


def test_stop_keeps_what_was_shown(session: Session, engine: FakeEngine, heard: Heard) -> None:
    session.ask("one")
    says(session, engine, "First.")
    session.stop()
    assert engine.cancelled[-1] == engine.ask.id
    session.handle(protocol.Sentence(id=engine.ask.id, index=1, space=" ", check=heard.of(Shown)[0].check))
    assert len(heard.of(Shown)) == 1
    ends(session, engine, "First.", outcome=Outcome.STOPPED)
    assert (session.messages()[-1].text, session.messages()[-1].status) == ("First.", "stopped")
    assert [event.stage for event in heard.of(StageChanged)] == ["stopping"]


def test_stop_while_the_engine_restarts_ends_at_once_and_is_told_later(
    session: Session, engine: FakeEngine, heard: Heard
) -> None:
    session.ask("one")
    says(session, engine, "First.")
    session.engine_changed(EngineState(state="restarting"))
    session.stop()
    assert session.answering is None
    assert (session.messages()[-1].text, session.messages()[-1].status) == ("First.", "stopped")
    engine.cancelled.clear()
    session.engine_changed(READY)
    assert engine.cancelled == [engine.ask.id]
    ends(session, engine, "Late.")
    assert session.messages()[-1].text == "First."


def test_an_engine_that_dies_costs_the_answer_and_not_what_was_shown(
    session: Session, engine: FakeEngine, heard: Heard
) -> None:
    turn(session, engine, "one", "First.", state=TutoringState(attempts=2))
    session.ask("two")
    says(session, engine, "Half.")
    session.handle(protocol.Failed(id=engine.ask.id, code="engine_died", message="The tutor stopped."))
    answer = session.messages()[-1]
    assert (answer.text, answer.status) == ("Half.", "failed")
    assert heard.of(Finished)[-1].message == answer
    assert (heard.of(Problem)[-1].code, heard.of(Problem)[-1].text) == ("engine_died", "The tutor stopped.")
    session.regenerate(answer.id)
    assert engine.ask.text == "two" and engine.ask.state == TutoringState(attempts=2) and engine.ask.retry == 0
    assert [past.learner for past in engine.ask.history] == ["one"]


def test_a_failed_turn_stays_out_of_the_history(session: Session, engine: FakeEngine) -> None:
    session.ask("one")
    says(session, engine, "Half.")
    session.handle(protocol.Failed(id=engine.ask.id, code="engine_died", message="stopped"))
    session.ask("two")
    assert engine.ask.history == ()


def test_an_engine_that_is_gone_refuses_questions_with_the_words_back(
    session: Session, engine: FakeEngine, heard: Heard
) -> None:
    session.ask("one")
    session.engine_changed(EngineState(state="failed", text="The model file is damaged."))
    assert session.answering is None and session.messages()[-1].status == "failed"
    assert session.ask("two") is None
    assert (heard.of(Problem)[-1].text, heard.of(Problem)[-1].kept_text) == ("The model file is damaged.", "two")


def test_a_question_while_the_model_loads_is_stored_and_waits(
    store: Store, learner: Learner, engine: FakeEngine
) -> None:
    session = Session(store, engine, learner)
    heard = Heard(session)
    session.ask("one")
    assert engine.ask.text == "one" and heard.of(StageChanged)[0].stage == "waiting"


def test_events_of_other_requests_are_ignored(session: Session, engine: FakeEngine, heard: Heard) -> None:
    session.ask("one")
    told = len(heard.events)
    session.handle(protocol.Failed(id=999, code="engine", message="not ours"))
    session.handle(protocol.Stage(id=engine.ask.id, stage="thinking"))
    assert [type(event) for event in heard.events[told:]] == [StageChanged]


def test_an_alert_and_a_record_come_with_the_answer(session: Session, engine: FakeEngine, store: Store) -> None:
    question_id, answer_id = turn(
        session, engine, "I want to disappear", "Please talk to somebody.", alert="self_harm", severity=3
    )
    (alert,) = store.alerts()
    assert (alert.kind, alert.severity, alert.message_id) == ("self_harm", 3, question_id)
    assert alert.seen_at is None
    (entry,) = store.moderation_log(alert_id=alert.id)
    assert (entry.prompt, entry.answer, entry.message_id) == (
        "I want to disappear",
        "Please talk to somebody.",
        answer_id,
    )


def test_dropped_turns_are_told_once(session: Session, engine: FakeEngine, heard: Heard) -> None:
    turn(session, engine, "one", "First.")
    turn(session, engine, "two", "Second.", dropped_turns=1)
    turn(session, engine, "three", "Third.", dropped_turns=1)
    assert len(heard.of(Noted)) == 1
    assert "first question" in heard.of(Noted)[0].text


def test_opening_warms_the_prompt_of_that_branch(session: Session, engine: FakeEngine, learner: Learner) -> None:
    turn(session, engine, "one", "First.", notes="[n]")
    first = session.conversations()[0].id
    session.new()
    assert engine.warm.history == ()
    session.open(first)
    assert engine.warm.history == (protocol.Past(learner="one", notes="[n]", tutor="First."),)
    assert engine.warm.conversation == engine.ask.conversation
    session.engine_changed(EngineState(state="restarting"))
    sent = len(engine.requests)
    session.engine_changed(READY)
    assert len(engine.requests) == sent + 1 and engine.warm.history != ()


def test_what_cannot_be_stored_is_not_shown(
    session: Session, engine: FakeEngine, heard: Heard, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise UserError("The disk is full.", code="disk_full")

    session.ask("one")
    says(session, engine, "First.")
    monkeypatch.setattr(store, "keep_partial", full)
    monkeypatch.setattr(store, "finish_message", full)
    session.handle(protocol.Sentence(id=engine.ask.id, index=1, space=" ", check=heard.of(Shown)[0].check))
    assert len(heard.of(Shown)) == 1 and engine.cancelled[-1] == engine.ask.id
    assert heard.of(Problem)[-1].code == "disk_full"
    ends(session, engine, "First. Second.", outcome=Outcome.STOPPED)
    assert session.answering is None
    assert (heard.of(Finished)[-1].message.text, heard.of(Finished)[-1].message.status) == ("First.", "failed")
    monkeypatch.undo()
    assert session.ask("two") is not None


def test_hostile_characters_are_stored_as_valid_text(session: Session, engine: FakeEngine) -> None:
    session.ask("  nul\x00 surrogate\ud800 right-to-left \u202e كتاب 🦊‍ e\u0301  ")
    assert session.messages()[0].text == "nul surrogate? right-to-left \u202e كتاب 🦊‍ e\u0301"
    assert engine.ask.text == session.messages()[0].text


def test_blank_words_are_no_question(session: Session, engine: FakeEngine, heard: Heard) -> None:
    assert session.ask(" \n\t ") is None
    assert heard.events == [] and session.conversations() == ()


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("What is a prime?", "What is a prime?"),
        ("\n\n  # Fractions  \nmore", "Fractions"),
        ("x" * 100, "x" * 48 + "…"),
        (
            "Can you please explain to me how I add two fractions that differ",
            "Can you please explain to me how I add two…",
        ),
        ("***", ""),
    ],
)
def test_a_title_is_made_from_the_first_line(question: str, title: str) -> None:
    assert session_turns.title_from(question) == title


def test_a_listener_may_ask_from_within_an_event(session: Session, engine: FakeEngine, heard: Heard) -> None:
    def go_on(event: object) -> None:
        if isinstance(event, Finished) and len(session.messages()) == 2:
            session.ask("two")

    session.listen(go_on)
    turn(session, engine, "one", "First.")
    kinds = [type(event) for event in heard.events]
    assert kinds.index(Finished) < len(kinds) - 3
    assert [event.message.text for event in heard.of(Added)] == ["one", "", "two", ""]


def written(session: Session, engine: FakeEngine) -> None:
    """The engine shows words written by people, and says no more."""
    said = SentenceCheck(text="Please tell a grown-up.", verdict=Verdict(action=Action.ALLOW), done="written")
    session.handle(protocol.Sentence(id=engine.ask.id, index=0, space="", check=said))


@pytest.mark.parametrize(
    ("words", "kind", "severity"),
    [("I want to kill myself", "self_harm", 3), ("grey words that only the classifier understood", "unclear", 1)],
)
def test_an_engine_that_dies_after_a_signpost_still_raises_its_alert(
    session: Session, engine: FakeEngine, store: Store, words: str, kind: str, severity: int
) -> None:
    question = session.ask(words)
    assert question is not None
    written(session, engine)
    session.handle(protocol.Failed(id=engine.ask.id, code="engine_died", message="It stopped."))
    assert [(a.kind, a.severity, a.message_id, a.seen_at) for a in store.alerts()] == [
        (kind, severity, question.id, None)
    ]


def test_an_app_that_dies_after_a_signpost_raises_its_alert_at_the_next_start(tmp_path: Path) -> None:
    file, engine = tmp_path / "killed.db", FakeEngine()
    with Store.open(file) as store:
        store.set_contact("The head of year", "room 12", confirmed=True)
        session = Session(store, engine, store.add_learner("Learner", "fox", AgeBand.A8_10, "en-GB"))
        session.ask("I want to kill myself")
        written(session, engine)
        assert store.alerts() == ()
    with Store.open(file) as store:
        assert [(alert.kind, alert.severity) for alert in store.alerts()] == [("self_harm", 3)]


def test_a_signpost_that_came_whole_raises_one_alert(session: Session, engine: FakeEngine, store: Store) -> None:
    session.ask("I want to kill myself")
    written(session, engine)
    ends(session, engine, "Please tell a grown-up.", outcome=Outcome.WRITTEN, alert="self_harm", severity=3)
    assert len(store.alerts()) == 1


def test_an_engine_that_dies_after_an_ordinary_sentence_raises_none(
    session: Session, engine: FakeEngine, store: Store
) -> None:
    session.ask("What is 3 + 4?")
    says(session, engine, "Try it first.")
    session.handle(protocol.Failed(id=engine.ask.id, code="engine_died", message="It stopped."))
    assert store.alerts() == ()


def test_asking_for_versions_of_a_question_that_was_taken_back_is_no_problem(
    session: Session, engine: FakeEngine, heard: Heard
) -> None:
    question = session.ask("😀" * 10_000)
    assert question is not None
    session.handle(protocol.Failed(id=engine.ask.id, code="too_long", message="Too long: 40,000 of 800."))
    assert session.versions(question.id) == ()
    assert [problem.code for problem in heard.of(Problem)] == ["too_long"]
