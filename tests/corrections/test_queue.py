"""What becomes of a flag: at home, at school, with and without an answer, and when a check stops it."""

import pytest
from played_engine import FakeEngine, Heard, turn

from tutor.corrections.queue import Queue
from tutor.domain import AgeBand, Correction, CorrectionStatus, Finding
from tutor.engine import protocol
from tutor.errors import UserError
from tutor.session import Session
from tutor.session_events import Corrected
from tutor.store import Store

PROPOSED, ACCEPTED = CorrectionStatus.PROPOSED, CorrectionStatus.ACCEPTED
STOPPED = (Finding(check="instruction", reason="It tells the tutor how to behave."),)
FIRM = (Finding(check="maths", reason="The sum is not right.", firm=True),)


def vets(engine: FakeEngine) -> list[protocol.Vet]:
    return [request for request in engine.requests if isinstance(request, protocol.Vet)]


def vetted(request: protocol.Vet, *findings: Finding, **changed: object) -> protocol.Vetted:
    words = {name: getattr(request, name) for name in ("id", "question", "answer", "wrong", "phrasings")}
    return protocol.Vetted(**{**words, **changed}, findings=findings)  # type: ignore[arg-type]


def flagged(session: Session, engine: FakeEngine, better: str = "At 8:15.", category: str = "wrong") -> Correction:
    _, answer = turn(session, engine, "When does the library open?", "At noon.")
    flag = session.flag(answer, category, "no", better)
    assert flag is not None
    made = session._store.correction_of_flag(flag.id)
    assert made is not None
    return made


def test_at_home_a_learners_correction_is_used_once_the_checks_pass(
    session: Session, engine: FakeEngine, heard: Heard, store: Store
) -> None:
    made = flagged(session, engine)
    assert (made.status, made.question, made.wrong) == (PROPOSED, "When does the library open?", "At noon.")
    assert (made.scope, made.learner_id) == ("learner", session.learner.id)
    assert store.accepted_corrections(session.learner.id) == ()
    asked = vets(engine)[-1]
    assert (asked.names, asked.age_band) == (("Amira Khan",), AgeBand.A11_13)
    session.handle(vetted(asked))
    (told,) = heard.of(Corrected)
    assert (told.correction.status, told.correction.by) == (ACCEPTED, "learner")
    assert store.accepted_corrections(session.learner.id) == (told.correction,)
    assert session.messages()[-1].id == told.message_id


@pytest.mark.parametrize("findings", [STOPPED, FIRM])
def test_at_home_what_a_check_stops_is_kept_for_a_grown_up_with_the_reason(
    session: Session, engine: FakeEngine, heard: Heard, store: Store, findings: tuple[Finding, ...]
) -> None:
    made = flagged(session, engine)
    session.handle(vetted(vets(engine)[-1], *findings))
    (told,) = heard.of(Corrected)
    assert (told.correction.status, told.correction.findings) == (PROPOSED, findings)
    (group,) = Queue(store, engine).waiting()
    assert [c.id for c in group.waiting] == [made.id]


@pytest.mark.parametrize(
    ("setting", "value"), [("setting", "school"), ("learner_corrections", False)], ids=["school", "switched off"]
)
def test_at_school_or_where_a_grown_up_wants_it_nothing_is_used_unseen(
    session: Session, engine: FakeEngine, store: Store, setting: str, value: object
) -> None:
    store.set_setting(setting, value)
    made = flagged(session, engine)
    session.handle(vetted(vets(engine)[-1]))
    assert store.correction(made.id).status is PROPOSED
    assert store.correction(made.id).scope == ("class" if value == "school" else "learner")
    assert Queue(store, engine).accept(made.id, scope="class").status is ACCEPTED
    assert [c.id for c in store.accepted_corrections()] == [made.id]


@pytest.mark.parametrize("category", ["unsafe", "unfair"])
def test_what_worried_a_learner_is_looked_at_by_a_grown_up(
    session: Session, engine: FakeEngine, store: Store, category: str
) -> None:
    made = flagged(session, engine, category=category)
    session.handle(vetted(vets(engine)[-1]))
    assert store.correction(made.id).status is PROPOSED


def test_no_verdict_no_acceptance(session: Session, engine: FakeEngine, store: Store) -> None:
    made = flagged(session, engine)
    session.handle(protocol.Failed(id=vets(engine)[-1].id, code="engine_died", message="The tutor stopped."))
    queue = Queue(store, engine)
    with pytest.raises(UserError) as refused:
        queue.accept(made.id)
    assert refused.value.code == "not_checked"
    queue.check_all()
    assert len(vets(engine)) == 2
    queue.handle(vetted(vets(engine)[-1]))
    assert store.correction(made.id).status is ACCEPTED


def test_a_flag_without_an_answer_waits_until_a_teacher_writes_it(
    session: Session, engine: FakeEngine, store: Store
) -> None:
    made = flagged(session, engine, better="")
    session.handle(vetted(vets(engine)[-1]))
    assert store.correction(made.id).status is PROPOSED
    queue = Queue(store, engine)
    queue.edit(made.id, answer="At 8:15.", accept=True)
    queue.handle(vetted(vets(engine)[-1]))
    accepted = store.correction(made.id)
    assert (accepted.status, accepted.answer, accepted.by) == (ACCEPTED, "At 8:15.", "teacher")


def test_personal_data_is_gone_from_what_is_used(session: Session, engine: FakeEngine, store: Store) -> None:
    made = flagged(session, engine)
    session.handle(vetted(vets(engine)[-1], question="When does the library open for Sam?"))
    assert store.correction(made.id).question == "When does the library open for Sam?"


def test_a_teacher_overrules_a_check_with_a_reason_and_a_firm_one_never(
    session: Session, engine: FakeEngine, store: Store
) -> None:
    soft, firm = flagged(session, engine), flagged(session, engine, "At 10.")
    for request, findings in zip(vets(engine), (STOPPED, FIRM), strict=True):
        session.handle(vetted(request, *findings))
    queue = Queue(store, engine)
    with pytest.raises(UserError) as refused:
        queue.accept(soft.id)
    assert refused.value.code == "reason_needed"
    assert queue.accept(soft.id, why="it is our rule").why == "it is our rule"
    with pytest.raises(UserError) as refused:
        queue.accept(firm.id, why="I say so")
    assert refused.value.code == "stopped"
    assert queue.reject(firm.id).status is CorrectionStatus.REJECTED
    assert queue.undo(firm.id).status is PROPOSED


def test_what_contradicts_a_correction_in_use_is_kept_for_a_grown_up(
    session: Session, engine: FakeEngine, store: Store
) -> None:
    first = flagged(session, engine)
    session.handle(vetted(vets(engine)[-1]))
    second = flagged(session, engine, "At 9:30.")
    session.handle(vetted(vets(engine)[-1]))
    assert [c.id for c in store.accepted_corrections(session.learner.id)] == [first.id]
    assert [f.check for f in store.correction(second.id).findings] == ["contradiction"]
    queue = Queue(store, engine)
    (pair,) = queue.contradictions()
    assert {pair.one.id, pair.other.id} == {first.id, second.id} and pair.why == "numbers"
    (group,) = queue.waiting()
    assert [c.id for c in group.in_use] == [first.id]


def test_a_teachers_own_edit_is_not_accepted_over_a_check(session: Session, engine: FakeEngine, store: Store) -> None:
    queue = Queue(store, engine)
    made = queue.add("When is lunch?", "At 12:10.")
    queue.handle(vetted(vets(engine)[-1], *STOPPED))
    assert store.correction(made.id).status is PROPOSED
    queue.edit(made.id, answer="Lunch is at 12:10.", accept=True)
    queue.handle(vetted(vets(engine)[-1]))
    assert store.correction(made.id).status is ACCEPTED
    assert queue.withdraw(made.id, why="new times").status is CorrectionStatus.WITHDRAWN
    assert queue.undo(made.id).status is ACCEPTED


def test_a_guest_leaves_nothing_behind(store: Store, engine: FakeEngine) -> None:
    with Store.open(None) as memory:
        session = Session(memory, engine, None)
        _, answer = turn(session, engine, "When does it open?", "At noon.")
        assert session.flag(answer, "wrong", "", "At 8.") is not None
        assert memory.corrections() == () and not vets(engine)
