"""Which answers a learner is asked about: few, chosen with a reason, and never where it would hurt or nag."""

import struct
from datetime import UTC, datetime

import pytest
from played_engine import FINE, READY, FakeEngine, Heard, check, says

from tutor.domain import Action, CorrectionStatus, Intent, Move, Outcome, Reply, Timings, Verdict
from tutor.engine import protocol
from tutor.session import Session
from tutor.session_events import AskedAbout, Finished
from tutor.store import Store


def vector(place: int) -> bytes:
    """An encoded text that is like no other place's."""
    return struct.pack("<384f", *(float(i == place) for i in range(384)))


def answered(
    session: Session,
    engine: FakeEngine,
    question: str = "Why do leaves fall?",
    *,
    place: int = 0,
    again: dict[str, object] | None = None,
    **reply: object,
) -> int:
    """A whole turn, what the engine encodes afterwards, and what a second sample shows. Gives the answer's id."""
    session.ask(question)
    answer_id = session.answering or 0
    says(session, engine, "Because.")
    given = {"move": Move.CONVERSE, "outcome": Outcome.DONE, "doubt": 0.2, "model": "m", "input_verdict": FINE, **reply}
    whole = Reply(text="Because.", sentences=(check("Because."),), **given)  # type: ignore[arg-type]
    session.handle(protocol.Replied(id=engine.ask.id, reply=whole))
    last = engine.requests[-1]
    if isinstance(last, protocol.Embed):
        vectors = tuple(vector(place if text == question else 300 + i) for i, text in enumerate(last.texts))
        session.handle(protocol.Embedded(id=last.id, vectors=vectors))
    last = engine.requests[-1]
    if isinstance(last, protocol.Resample):
        assert last.of == engine.ask.id
        session.handle(protocol.Resampled(id=last.id, **(again or {})))  # type: ignore[arg-type]
    return answer_id


def test_an_uncertain_answer_is_asked_about_with_the_reason(
    session: Session, engine: FakeEngine, heard: Heard, store: Store
) -> None:
    answered(session, engine)
    assert not heard.of(AskedAbout)
    unsure = answered(session, engine, doubt=1.7)
    (told,) = heard.of(AskedAbout)
    assert (told.message_id, told.asked.reason, told.asked.score) == (unsure, "uncertain", 1.7)
    assert "not sure" in told.text and store.asked_about() == (told.asked,)
    assert heard.events.index(told) > heard.events.index(heard.of(Finished)[-1])
    session.say_of(unsure, "right")
    assert store.asked_about()[0].said == "right"


def test_unsure_is_measured_against_the_models_other_answers(
    session: Session, engine: FakeEngine, heard: Heard, store: Store
) -> None:
    _, question, _ = store.begin_conversation(session.learner.id, "old", "old")
    for n in range(40):
        answer = store.begin_answer(question.id)
        reply = Reply(text="x", outcome=Outcome.DONE, doubt=0.3 + n / 100, model="m")
        store.finish_message(answer.id, reply, "done")
    answered(session, engine, doubt=0.5)
    assert not heard.of(AskedAbout)
    answered(session, engine, doubt=0.68)
    assert [told.asked.reason for told in heard.of(AskedAbout)] == ["uncertain"]


def test_an_answer_that_comes_out_otherwise_the_second_time_is_asked_about(
    session: Session, engine: FakeEngine, heard: Heard, store: Store
) -> None:
    answered(session, engine, again={"score": 0.0})
    assert not heard.of(AskedAbout)
    apart = answered(session, engine, again={"score": 0.8, "why": "names"})
    (told,) = heard.of(AskedAbout)
    assert (told.message_id, told.asked.reason, told.asked.score) == (apart, "disagreeing", 0.8)
    assert "two different things" in told.text and store.asked_about() == (told.asked,)


def test_it_is_not_said_once_more_when_that_would_keep_anybody_waiting(
    session: Session, engine: FakeEngine, heard: Heard
) -> None:
    for n in range(10):
        answered(session, engine, f"What is {n} and {n}?", place=1)
    answered(session, engine, "Do whales sing?", place=7, again={"cut": True})
    assert not heard.of(AskedAbout), "the learner asked on: it is not this answer that matters now"
    requests = len(engine.requests)
    answered(session, engine, "Do whales sing again?", place=1, timings=Timings(decode_ms=9000.0))
    assert not any(isinstance(r, protocol.Resample) for r in engine.requests[requests:])
    failed = answered(session, engine, "Do bats sing?", place=8, timings=Timings(decode_ms=9000.0))
    assert [told.message_id for told in heard.of(AskedAbout)] == [failed]


def test_a_question_near_a_correction_that_was_not_used_is_asked_about(
    session: Session, engine: FakeEngine, heard: Heard, store: Store
) -> None:
    made = store.propose_correction("Why do autumn leaves fall down?", "The tree saves water.")
    own = store.own_words(made.id)
    store.keep_check(own, own, True, ())
    store.decide(made.id, CorrectionStatus.ACCEPTED, by="teacher")
    session.ask("Why do leaves fall?")
    encode = engine.requests[-1]
    if isinstance(encode, protocol.Embed):  # the memory looks first, and finds nothing that means the same
        session.handle(protocol.Failed(id=encode.id, code="no_embedder", message=""))
    answer_id = session.answering or 0
    reply = Reply(text="Because.", outcome=Outcome.DONE, move=Move.CONVERSE, input_verdict=FINE, model="m")
    session.handle(protocol.Replied(id=engine.ask.id, reply=reply))
    for request in [r for r in engine.requests if isinstance(r, protocol.Embed)]:
        session.handle(protocol.Failed(id=request.id, code="no_embedder", message=""))
    (told,) = heard.of(AskedAbout)
    assert (told.message_id, told.asked.reason) == (answer_id, "near_correction")


def test_a_question_unlike_all_before_is_asked_about(session: Session, engine: FakeEngine, heard: Heard) -> None:
    for n in range(10):
        answered(session, engine, f"What is {n} and {n}?", place=1)
    assert not heard.of(AskedAbout)
    strange = answered(session, engine, "Do whales sing?", place=7)
    (told,) = heard.of(AskedAbout)
    assert (told.message_id, told.asked.reason) == (strange, "unfamiliar")


UNFIT = {
    "a hint": {"move": Move.HINT},
    "a question back": {"move": Move.ASK_ATTEMPT},
    "written by people": {"outcome": Outcome.WRITTEN},
    "an alert": {"alert": "self_harm", "severity": 2},
    "a refusal": {"move": Move.REFUSE},
    "distress": {"intent": Intent.DISTRESS},
    "marked words": {"input_verdict": Verdict(action=Action.REVIEW, labels=("insult",))},
}


@pytest.mark.parametrize("unfit", UNFIT.values(), ids=UNFIT.keys())
def test_never_in_a_hint_nor_after_distress_or_a_refusal_in_that_conversation(
    session: Session, engine: FakeEngine, heard: Heard, unfit: dict[str, object]
) -> None:
    answered(session, engine, **{"doubt": 2.0, **unfit})
    assert not heard.of(AskedAbout)
    if unfit.keys() & {"alert", "intent", "input_verdict"} or unfit.get("move") is Move.REFUSE:
        answered(session, engine, doubt=2.0)
        assert not heard.of(AskedAbout)


def test_a_few_a_day_and_no_more_once_not_now_was_said(
    session: Session, engine: FakeEngine, heard: Heard, store: Store
) -> None:
    for _ in range(5):
        answer = answered(session, engine, doubt=2.0)
        session.say_of(answer, "right")
    assert len(heard.of(AskedAbout)) == 3
    store._owner.run(lambda: store._do("UPDATE asked_about SET asked_at = '2020-01-01T00:00:00.000+00:00'"))
    session.say_of(answered(session, engine, doubt=2.0), "not_now")
    answered(session, engine, doubt=2.0)
    assert len(heard.of(AskedAbout)) == 4
    since = datetime.now(UTC).date().isoformat()
    assert [one.said for one in store.asked_since(session.learner.id, since)] == ["not_now"]


def test_one_that_was_not_answered_is_not_followed_by_another(
    session: Session, engine: FakeEngine, heard: Heard
) -> None:
    answered(session, engine, doubt=2.0)
    answered(session, engine, doubt=2.0)
    assert len(heard.of(AskedAbout)) == 1


def test_it_can_be_switched_off_and_a_guest_is_never_asked(
    session: Session, engine: FakeEngine, heard: Heard, store: Store
) -> None:
    store.set_setting("asks_a_day", 0)
    answered(session, engine, doubt=2.0)
    asking = (protocol.Embed, protocol.Resample)
    assert not heard.of(AskedAbout) and not any(isinstance(r, asking) for r in engine.requests)
    with Store.open(None) as memory:
        guest = Session(memory, engine, None)
        guest.engine_changed(READY)
        told = Heard(guest)
        answered(guest, engine, doubt=2.0)
        assert not told.of(AskedAbout)
