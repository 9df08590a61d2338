"""Corrections reach the very next question: found before it is sent, without making anybody wait in vain."""

from pathlib import Path

import numpy as np
from played_engine import READY, FakeEngine, Heard, ends, turn

from tutor.app import Guest
from tutor.domain import Correction, CorrectionStatus, Learner, Outcome, Reply
from tutor.engine import protocol
from tutor.session import Session
from tutor.session_events import EngineState, Finished
from tutor.store import Store

ASKED = "how early can you get into the library"


def accept(store: Store, question: str, answer: str, **details: object) -> Correction:
    made = store.propose_correction(question, answer, **details)  # type: ignore[arg-type]
    store.keep_check(store.own_words(made.id), made, True, ())
    return store.decide(made.id, CorrectionStatus.ACCEPTED, by="teacher")


def library(store: Store, **details: object) -> Correction:
    return accept(store, "How early does the school library open?", "At 8:15.", **details)


def embeds(engine: FakeEngine) -> list[protocol.Embed]:
    return [request for request in engine.requests if isinstance(request, protocol.Embed)]


def asks(engine: FakeEngine) -> list[protocol.Ask]:
    return [request for request in engine.requests if isinstance(request, protocol.Ask)]


def vector(number: float = 1.0) -> bytes:
    row = np.zeros(384, dtype="<f4")
    row[:2] = number, (1 - number**2) ** 0.5
    return row.tobytes()


def encoded(session: Session, request: protocol.Embed) -> None:
    session.handle(protocol.Embedded(id=request.id, vectors=tuple(vector() for _ in request.texts)))


def test_without_corrections_a_question_goes_straight_to_the_engine(session: Session, engine: FakeEngine) -> None:
    session.ask("When does the library open?")
    assert engine.ask.remembered == () and embeds(engine) == []


def test_a_question_waits_for_its_vector_and_goes_with_what_was_found(
    session: Session, engine: FakeEngine, store: Store, learner: Learner
) -> None:
    made = library(store, learner_id=learner.id)
    session.ask(ASKED)
    (request,) = embeds(engine)
    assert request.texts == (ASKED, "How early does the school library open?") and asks(engine) == []
    encoded(session, request)
    (known,) = engine.ask.remembered
    assert (known.correction_id, known.answer, known.own) == (made.id, "At 8:15.", True)
    assert [row.vector for row in store.memory_rows(None)] == [vector()]


def test_the_same_words_need_not_wait(session: Session, engine: FakeEngine, store: Store) -> None:
    library(store)
    session.ask("how early does the school library open")
    assert [known.answer for known in engine.ask.remembered] == ["At 8:15."] and embeds(engine) == []


def test_an_unlike_question_goes_without(session: Session, engine: FakeEngine, store: Store) -> None:
    library(store)
    session.ask("Why is the sky blue?")
    request = embeds(engine)[0]
    session.handle(protocol.Embedded(id=request.id, vectors=(vector(0.1), vector())))
    assert engine.ask.remembered == ()


def test_an_engine_that_cannot_encode_is_not_asked_again_and_words_decide(
    session: Session, engine: FakeEngine, store: Store
) -> None:
    library(store)
    session.ask("how early is the library opening")
    session.handle(protocol.Failed(id=embeds(engine)[0].id, code="no_embedder", message="none"))
    assert [known.answer for known in engine.ask.remembered] == ["At 8:15."]
    ends(session, engine, "At 8:15.")
    session.ask(ASKED)
    assert len(embeds(engine)) == 1 and engine.ask.text == ASKED and engine.ask.remembered == ()
    ends(session, engine, "I do not know.")
    session.engine_changed(EngineState(state="loading"))
    session.engine_changed(READY)
    session.ask(ASKED)
    assert len(embeds(engine)) == 2


def test_a_question_stopped_while_it_waits_is_never_sent(
    session: Session, engine: FakeEngine, store: Store, heard: Heard
) -> None:
    library(store)
    session.ask(ASKED)
    session.stop()
    assert [event.message.status for event in heard.of(Finished)] == ["stopped"] and session.answering is None
    encoded(session, embeds(engine)[0])
    assert asks(engine) == []
    session.ask("how early does the school library open")
    assert engine.ask.remembered != ()


def test_an_engine_that_dies_meanwhile_costs_the_vector_alone(
    session: Session, engine: FakeEngine, store: Store
) -> None:
    library(store)
    session.ask(ASKED)
    session.handle(protocol.Failed(id=embeds(engine)[0].id, code="engine_died", message="gone"))
    assert engine.ask.text == ASKED
    ends(session, engine, "I do not know.")
    assert embeds(engine)[-1].texts == ("How early does the school library open?",)


def test_an_engine_that_is_gone_ends_the_answer_once(
    session: Session, engine: FakeEngine, store: Store, heard: Heard
) -> None:
    library(store)
    session.ask(ASKED)
    session.engine_changed(EngineState(state="failed", text="It is gone."))
    session.handle(protocol.Failed(id=embeds(engine)[0].id, code="engine_gone", message="gone"))
    assert asks(engine) == [] and [event.message.status for event in heard.of(Finished)] == ["failed"]


def test_what_is_withdrawn_is_gone_from_the_next_question(session: Session, engine: FakeEngine, store: Store) -> None:
    made = library(store)
    turn(session, engine, "how early does the school library open", "At 8:15.")
    store.decide(made.id, CorrectionStatus.WITHDRAWN, by="teacher")
    session.ask("how early does the school library open")
    assert engine.ask.remembered == ()


def test_what_was_withdrawn_is_gone_from_the_history_too(session: Session, engine: FakeEngine, store: Store) -> None:
    made, kept = library(store), accept(store, "When is the school fair?", "In May.")
    for used, question in (((made.id,), "how early does the library open"), ((kept.id,), "when is the fair")):
        session.ask(question)
        if embeds(engine):
            encoded(session, embeds(engine)[-1])
        reply = Reply(text="It is so.", outcome=Outcome.DONE, used=used, notes="Known: It is so.")
        session.handle(protocol.Replied(id=engine.ask.id, reply=reply))
    store.decide(made.id, CorrectionStatus.WITHDRAWN, by="teacher")
    session.ask("thanks")
    encoded(session, embeds(engine)[-1])
    assert [past.learner for past in engine.ask.history] == ["when is the fair"]


def test_texts_are_encoded_between_answers_until_none_is_left(
    session: Session, engine: FakeEngine, store: Store
) -> None:
    for number in range(20):
        accept(store, f"Where is the museum room {number}?", "There.")
    turn(session, engine, "where is the museum room 3", "There.")
    assert len(embeds(engine)[0].texts) == 16
    encoded(session, embeds(engine)[0])
    assert len(embeds(engine)[1].texts) == 4
    encoded(session, embeds(engine)[1])
    assert len(embeds(engine)) == 2 and all(row.vector for row in store.memory_rows(None))


def test_a_guest_is_answered_from_what_is_for_everyone(
    store: Store, learner: Learner, tmp_path: Path, own_home: Path
) -> None:
    library(store, learner_id=learner.id)
    accept(store, "What do I write first?", "Your name.", scope="learner", learner_id=learner.id)
    engine = FakeEngine()

    class Quiet(Guest):
        def start_engine(self, overrides: object = None) -> None:
            """No process: the test plays the engine."""

    with Quiet({"country": "GB"}, database=tmp_path / "tutor.db") as guest:
        session = Session(guest.store, engine, None, guest._values)
        session.engine_changed(READY)
        session.ask("how early does the school library open")
        assert [(known.answer, known.own) for known in engine.ask.remembered] == [("At 8:15.", False)]
        ends(session, engine, "At 8:15.")
        session.ask("what do i write first")
        encoded(session, embeds(engine)[-1])
        assert engine.ask.remembered == ()
