"""A question of a lesson with materials reaches the engine with the passages that it is about, and others with none."""

import numpy as np
import pytest
from played_engine import READY, FakeEngine, Heard, ends

from tutor.domain import CorrectionStatus, Learner, Lesson, LessonVersion, Material
from tutor.engine import protocol
from tutor.session import Session
from tutor.session_events import Finished
from tutor.store import Store

TEXTS = {
    "Condensation": "When vapour meets something cold it turns into drops.",
    "Evaporation": "A puddle dries because its water goes into the air.",
}


def vector(*numbers: float) -> bytes:
    row = np.zeros(384, dtype="<f4")
    row[: len(numbers)] = numbers
    return (row / np.linalg.norm(row)).tobytes()


VECTORS = {"Condensation": vector(1, 0, 0), "Evaporation": vector(0, 1, 0)}
NEAR_CONDENSATION, FAR = vector(0.8, 0.2, 0.5), vector(0, 0, 1)


@pytest.fixture
def lesson(store: Store) -> LessonVersion:
    stored = store.add_material(
        "a" * 64,
        [(heading, heading, text) for heading, text in TEXTS.items()],
        title="Water",
        name="water.md",
        kind="markdown",
    )
    passages = store.passages_of("a" * 64)
    store.keep_passage_vectors(stored.id, [(each.id, VECTORS[each.heading]) for each in passages])
    material = Material(name="water.md", title="Water", sha256="a" * 64)
    draft = store.create_lesson(Lesson(key="water", title="Water", materials=(material,)))
    return store.publish_draft(draft.lesson_id)


def embeds(engine: FakeEngine) -> list[protocol.Embed]:
    return [request for request in engine.requests if isinstance(request, protocol.Embed)]


def asked(engine: FakeEngine) -> list[protocol.Ask]:
    return [request for request in engine.requests if isinstance(request, protocol.Ask)]


def encode(session: Session, engine: FakeEngine, row: bytes) -> None:
    request = embeds(engine)[-1]
    session.handle(protocol.Embedded(id=request.id, vectors=(row,) * len(request.texts)))


def test_a_question_goes_with_its_passages(session: Session, engine: FakeEngine, lesson: LessonVersion) -> None:
    session.new(lesson.id)
    session.ask("why is my can of lemonade wet?")
    assert embeds(engine)[-1].texts == ("why is my can of lemonade wet?",) and asked(engine) == []
    encode(session, engine, NEAR_CONDENSATION)
    (passage,) = engine.ask.passages
    assert (passage.material, passage.place, passage.text) == ("Water", "Condensation", TEXTS["Condensation"])


def test_an_unrelated_question_goes_with_none(session: Session, engine: FakeEngine, lesson: LessonVersion) -> None:
    session.new(lesson.id)
    session.ask("who won the cup final?")
    encode(session, engine, FAR)
    assert engine.ask.passages == () and engine.ask.lesson is not None


def test_a_question_that_points_back_is_looked_for_with_the_one_before(
    session: Session, engine: FakeEngine, lesson: LessonVersion
) -> None:
    session.new(lesson.id)
    session.ask("why is my can of lemonade wet?")
    encode(session, engine, NEAR_CONDENSATION)
    ends(session, engine, "Drops have formed on it.")
    session.ask("but why does it?")
    assert embeds(engine)[-1].texts == ("why is my can of lemonade wet? but why does it?",)


def test_without_a_lesson_nothing_waits(session: Session, engine: FakeEngine, lesson: LessonVersion) -> None:
    session.ask("why is my can of lemonade wet?")
    assert embeds(engine) == [] and engine.ask.passages == ()


def test_an_engine_that_cannot_encode_leaves_it_to_words(
    session: Session, engine: FakeEngine, lesson: LessonVersion
) -> None:
    session.new(lesson.id)
    session.ask("where does the water of a puddle go?")
    session.handle(protocol.Failed(id=embeds(engine)[0].id, code="no_embedder", message="none"))
    assert [passage.place for passage in engine.ask.passages] == ["Evaporation"]
    ends(session, engine, "Its water goes into the air.")
    session.ask("what about vapour and drops?")
    assert len(embeds(engine)) == 1 and [passage.place for passage in engine.ask.passages] == ["Condensation"]


def test_memory_and_passages_share_one_request(
    session: Session, engine: FakeEngine, store: Store, lesson: LessonVersion, learner: Learner
) -> None:
    made = store.propose_correction("When does the pool open?", "At nine.", learner_id=learner.id)
    store.keep_check(store.own_words(made.id), made, True, ())
    store.decide(made.id, CorrectionStatus.ACCEPTED, by="teacher")
    session.new(lesson.id)
    session.ask("why is my can of lemonade wet?")
    (request,) = embeds(engine)
    assert request.texts[0] == request.texts[-1] == "why is my can of lemonade wet?" and len(request.texts) == 3
    rows = (FAR, VECTORS["Evaporation"], NEAR_CONDENSATION)
    session.handle(protocol.Embedded(id=request.id, vectors=rows))
    assert [passage.place for passage in engine.ask.passages] == ["Condensation"] and engine.ask.remembered == ()
    assert [row.vector for row in store.memory_rows(learner.id)] == [VECTORS["Evaporation"]]


def test_a_question_stopped_while_it_waits_is_never_sent(
    session: Session, engine: FakeEngine, lesson: LessonVersion
) -> None:
    heard = Heard(session)
    session.new(lesson.id)
    session.ask("why is my can of lemonade wet?")
    session.stop()
    encode(session, engine, NEAR_CONDENSATION)
    assert asked(engine) == [] and [event.message.status for event in heard.of(Finished)] == ["stopped"]


def test_a_material_that_is_gone_costs_nothing_but_its_passages(
    session: Session, engine: FakeEngine, store: Store
) -> None:
    material = Material(name="water.md", title="Water", sha256="c" * 64)
    draft = store.create_lesson(Lesson(key="gone", title="Water", materials=(material,)))
    session.engine_changed(READY)
    session.new(store.publish_draft(draft.lesson_id).id)
    session.ask("why is my can of lemonade wet?")
    encode(session, engine, NEAR_CONDENSATION)
    assert engine.ask.passages == ()


def test_a_question_goes_on_where_what_was_encoded_is_damaged(
    session: Session, engine: FakeEngine, store: Store, lesson: LessonVersion
) -> None:
    (stored,) = store.materials()
    store.keep_passage_vectors(stored.id, [(store.passages_of("a" * 64)[0].id, b"torn")])
    session.new(lesson.id)
    session.ask("why is there condensation on my can?")
    encode(session, engine, NEAR_CONDENSATION)
    assert asked(engine)
