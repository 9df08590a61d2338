"""Questions put to the teacher and their answers, and the two questions to learners, as a session tells them."""

import msgspec
from played_engine import FakeEngine, Heard, ends, says, turn

from tutor.classroom.escalations import Escalations
from tutor.domain import AgeBand, Learner, Lesson, Move, Outcome, Reply, RuleCheck, Severity
from tutor.domain_lessons import Escalation
from tutor.engine import protocol
from tutor.session import Session
from tutor.session_events import EngineState, MayPut, Noted, Problem, Put, SurveyOffered, TeacherAnswered
from tutor.store import Store

GENERAL = protocol.ModelInfo(
    path="general.gguf", name="general", architecture="llama", n_ctx=2048, n_ctx_train=2048, parameters=1, size=1
)


def gives_up(session: Session, engine: FakeEngine, reason: str = "tries") -> int:
    """A turn at whose end the tutor offers to ask a person. Returns the answer's id."""
    session.ask("I do not get it")
    answer = session.answering or 0
    says(session, engine, "That is hard.")
    reply = Reply(text="That is hard.", outcome=Outcome.DONE, escalate=reason)
    session.handle(protocol.Replied(id=engine.ask.id, reply=reply))
    return answer


def test_the_offer_stands_under_the_answer_until_it_is_taken_or_declined(
    session: Session, engine: FakeEngine, heard: Heard, store: Store
) -> None:
    answer = gives_up(session, engine)
    (offer,) = heard.of(MayPut)
    assert (offer.message_id, offer.reason) == (answer, "tries") and "grown-up" in offer.text
    conversation = store.message(answer).conversation_id
    session.new()
    session.open(conversation)
    assert len(heard.of(MayPut)) == 2
    session.not_to_teacher(answer)
    session.open(conversation)
    assert len(heard.of(MayPut)) == 2
    put = session.put_to_teacher(answer, "please ")
    assert put is not None and (put.reason, put.note) == ("tries", "please")
    assert heard.of(Put)[-1].escalated == put
    session.open(conversation)
    assert len(heard.of(MayPut)) == 2 and heard.of(Put)[-1].escalated == put


def test_any_answer_can_be_put_to_the_teacher_and_the_answer_comes_back_as_theirs(
    store: Store, engine: FakeEngine, learner: Learner
) -> None:
    store.set_setting("setting", "school")
    desk = Escalations(store)
    session = Session(store, engine, learner, desk=desk)
    heard = Heard(session)
    _, answer = turn(session, engine, "Why?", "Because.")
    put = session.put_to_teacher(answer)
    assert put is not None and put.reason == "asked" and not heard.of(MayPut)
    conversation = store.message(answer).conversation_id
    session.new()
    desk.answer(put.id, " Look at the picture. ")
    assert heard.of(TeacherAnswered)[-1].conversations == (conversation,) == session.unread_answers()
    session.open(conversation)
    shown = heard.of(Put)[-1].escalated
    assert (shown.message_id, shown.answer) == (answer, "Look at the picture.")
    session.read_answers()
    assert heard.of(TeacherAnswered)[-1].conversations == () == session.unread_answers()
    turn(session, engine, "And now?", "Try.")
    assert "picture" not in str(engine.ask)  # a person's words are shown, not fed to the model


def doubts(session: Session, engine: FakeEngine, doubt: float, **more: object) -> int:
    """An answer of which the model was so sure. Returns its id."""
    session.ask("And why is that?")
    answer = session.answering or 0
    says(session, engine, "Because.")
    fields = {"move": Move.CONVERSE, "model": "general", **more}
    reply = Reply(text="Because.", outcome=Outcome.DONE, doubt=doubt, **fields)  # type: ignore[arg-type]
    session.handle(protocol.Replied(id=engine.ask.id, reply=reply))
    return answer


def test_an_answer_far_less_sure_than_usual_offers_a_person(
    session: Session, engine: FakeEngine, heard: Heard, store: Store
) -> None:
    session.engine_changed(EngineState(state="ready", model=GENERAL))
    doubts(session, engine, 9.0)
    for number in range(20):
        doubts(session, engine, 0.5 + number / 100)
    assert not heard.of(MayPut), "nothing is offered while the usual is not known, nor for the usual"
    doubts(session, engine, 3.0, move=Move.HINT)
    assert not heard.of(MayPut)
    answer = doubts(session, engine, 3.0)
    assert [(offer.message_id, offer.reason) for offer in heard.of(MayPut)] == [(answer, "unsure")]
    put = session.put_to_teacher(answer)
    assert put is not None and put.reason == "unsure"
    session.engine_changed(EngineState(state="ready", model=msgspec.structs.replace(GENERAL, scope="primary-maths")))
    doubts(session, engine, 9.0)
    assert len(heard.of(MayPut)) == 1


def test_a_lesson_says_whether_an_unsure_answer_offers_a_person(
    session: Session, engine: FakeEngine, heard: Heard, store: Store
) -> None:
    session.engine_changed(EngineState(state="ready", model=GENERAL))
    for number in range(20):
        doubts(session, engine, 0.5 + number / 100)
    looked = RuleCheck(rule="escalation", severity=Severity.WARN, where="policy")
    for triggers in (("unsure",), ("tries",)):
        lesson = Lesson(key=triggers[0], title="Fractions", guidelines=(Escalation(triggers=triggers),))
        version = store.publish_draft(store.create_lesson(lesson).lesson_id)
        session.new(version.id)
        answer = doubts(session, engine, 3.0, lesson_version_id=version.id, rules=(looked,))
        reply = store.message(answer).reply
        assert reply is not None
        offers = triggers == ("unsure",)
        assert reply.escalate == ("unsure" if offers else "")
        assert [c.done for c in reply.rules] == (["offered"] if offers else [""])
    assert len(heard.of(MayPut)) == 1


def test_the_lesson_names_whom_a_question_goes_to(
    session: Session, engine: FakeEngine, heard: Heard, store: Store
) -> None:
    lesson = Lesson(key="k", title="Fractions", guidelines=(Escalation(to="Ms Okafor"),))
    version = store.publish_draft(store.create_lesson(lesson).lesson_id)
    session.new(version.id)
    gives_up(session, engine)
    assert heard.of(MayPut)[-1].text == "I can put this to Ms Okafor."


def test_another_learners_answer_cannot_be_put(
    session: Session, engine: FakeEngine, store: Store, heard: Heard
) -> None:
    other = Session(store, engine, store.add_learner("Other", "fox", AgeBand.A8_10, "en-GB"))
    _, answer = turn(session, engine, "Why?", "Because.")
    refused = Heard(other)
    assert other.put_to_teacher(answer) is None and refused.of(Problem)[-1].code == "not_found"
    assert store.open_escalations() == 0
    session.put_to_teacher(answer)
    assert not refused.of(Put)


def test_a_guest_has_nobody_to_ask(store: Store, engine: FakeEngine) -> None:
    guest = Session(store, engine, None)
    heard = Heard(guest)
    answer = gives_up(guest, engine)
    assert not guest.has_teacher and guest.put_to_teacher(answer) is None and not heard.of(MayPut)


def test_two_questions_come_after_a_conversation_and_not_again(
    session: Session, engine: FakeEngine, heard: Heard, store: Store
) -> None:
    for number in range(4):
        turn(session, engine, f"q{number}", "a")
    assert not heard.of(SurveyOffered)
    session.new()
    assert len(heard.of(SurveyOffered)) == 1
    session.answer_survey(4, 5)
    for number in range(4):
        turn(session, engine, f"q{number}", "a")
    session.new()
    assert len(heard.of(SurveyOffered)) == 1 and not store.survey_due(session.learner.id)


def test_no_questions_are_asked_where_they_are_switched_off(
    session: Session, engine: FakeEngine, heard: Heard, store: Store
) -> None:
    store.set_setting("survey", False)
    for number in range(4):
        turn(session, engine, f"q{number}", "a")
    session.new()
    assert not heard.of(SurveyOffered)


def test_an_answer_that_failed_offers_nothing(session: Session, engine: FakeEngine, heard: Heard) -> None:
    session.ask("Why?")
    ends(session, engine, "", outcome=Outcome.FAILED)
    assert not heard.of(MayPut)


def test_distress_in_words_to_a_person_reaches_the_contact_too(
    session: Session, engine: FakeEngine, heard: Heard, store: Store, learner: Learner
) -> None:
    _, answer = turn(session, engine, "Why?", "Because.")
    session.put_to_teacher(answer, "I do not see why")
    assert store.alerts() == () and not heard.of(Noted)
    session.put_to_teacher(answer, "please help, i want to kill myself")
    (alert,) = store.alerts(unseen_only=True)
    assert alert.learner_id == learner.id and alert.severity == 3
    (entry,) = store.moderation_log(alert_id=alert.id)
    assert entry.prompt == "please help, i want to kill myself"
    assert "call 999" in heard.of(Noted)[-1].text
    session.flag(answer, "other", "my dad hits me every night")
    assert len(store.alerts(unseen_only=True)) == 2
    assert store.moderation_log(serious=True, limit=1)[0].prompt == "my dad hits me every night"
