"""What the store keeps of corrections: who decided what, undone and erased, and what it refuses."""

import sqlite3
from pathlib import Path

import pytest

from tutor.domain import AgeBand, Correction, CorrectionStatus, Finding, Learner
from tutor.errors import UserError
from tutor.store import Store

ACCEPTED, REJECTED, WITHDRAWN = CorrectionStatus.ACCEPTED, CorrectionStatus.REJECTED, CorrectionStatus.WITHDRAWN


def proposed(
    store: Store, question: str = "When does the library open?", answer: str = "At 8:15.", **more: object
) -> Correction:
    return store.propose_correction(question, answer, **more)  # type: ignore[arg-type]


def checked(store: Store, correction: Correction, *findings: Finding) -> Correction:
    own = store.own_words(correction.id)
    assert store.keep_check(own, own, not any(finding.stops for finding in findings), findings)
    return store.correction(correction.id)


def accepted(store: Store, *given: str, **more: object) -> Correction:
    made = checked(store, proposed(store, *given, **more))
    return store.decide(made.id, ACCEPTED, by="teacher")


def test_what_was_not_checked_cannot_be_accepted(store: Store) -> None:
    made = proposed(store)
    with pytest.raises(UserError) as refused:
        store.decide(made.id, ACCEPTED, by="teacher")
    assert refused.value.code == "not_checked"
    assert store.correction(made.id).status is CorrectionStatus.PROPOSED
    assert store.decisions(made.id)[-1].what == "proposed"


def test_the_file_itself_refuses_what_was_not_checked(path: Path, store: Store) -> None:
    made = proposed(store)
    with sqlite3.connect(path) as other, pytest.raises(sqlite3.IntegrityError):
        other.execute("UPDATE correction SET status = 'accepted' WHERE id = ?", (made.id,))


def test_a_firm_finding_and_a_missing_answer_stop_everybody(store: Store) -> None:
    wrong = checked(store, proposed(store, "What is 2 + 2?", "5"), Finding(check="maths", reason="no", firm=True))
    empty = checked(store, proposed(store, "What is 2 + 2?", ""))
    for made, code in ((wrong, "stopped"), (empty, "no_answer")):
        with pytest.raises(UserError) as refused:
            store.decide(made.id, ACCEPTED, by="teacher")
        assert refused.value.code == code


def test_an_edit_needs_another_check(store: Store) -> None:
    made = accepted(store)
    edited = store.edit_correction(made.id, by="teacher", answer="At 8:30.")
    assert (edited.status, edited.checked, edited.answer) == (CorrectionStatus.PROPOSED, "", "At 8:30.")
    assert not store.accepted_corrections()
    checked(store, edited)
    assert store.decide(made.id, ACCEPTED, by="teacher", why="asked the librarian").why == "asked the librarian"


def test_checks_of_words_that_changed_meanwhile_count_for_nothing(store: Store) -> None:
    made = proposed(store)
    before = store.own_words(made.id)
    store.edit_correction(made.id, by="teacher", answer="At noon.")
    assert not store.keep_check(before, before, True, ())
    assert store.correction(made.id).checked == ""


def test_every_decision_is_kept_and_can_be_taken_back_in_turn(store: Store) -> None:
    made = accepted(store)
    store.edit_correction(made.id, by="teacher", answer="At 9:00.")
    store.decide(made.id, REJECTED, by="teacher", why="wrong library")
    assert store.undo_decision(made.id, by="teacher").answer == "At 9:00."
    again = store.undo_decision(made.id, by="teacher")
    assert (again.status, again.answer, again.checked) == (ACCEPTED, "At 8:15.", "passed")
    assert store.undo_decision(made.id, by="teacher").status is CorrectionStatus.PROPOSED
    with pytest.raises(UserError) as nothing:
        store.undo_decision(made.id, by="teacher")
    assert nothing.value.code == "nothing_to_undo"
    history = [decision.what for decision in store.decisions(made.id)]
    assert history == ["proposed", "accepted", "edited", "rejected", "undone", "undone", "undone"]


@pytest.mark.parametrize("change", ["UPDATE correction_decision SET why = 'x'", "DELETE FROM correction_decision"])
def test_the_history_cannot_be_rewritten(path: Path, store: Store, change: str) -> None:
    accepted(store)
    with sqlite3.connect(path) as other, pytest.raises(sqlite3.IntegrityError, match="only grows"):
        other.execute("PRAGMA foreign_keys = ON")
        other.execute(change)


def test_a_merged_one_lends_its_words_while_it_is_merged(store: Store) -> None:
    kept = accepted(store, phrasings=("library times?",))
    other = checked(store, proposed(store, "Library opening", "8:15", phrasings=("LIBRARY TIMES?", "open when")))
    merged = store.merge_correction(other.id, kept.id, by="teacher")
    assert merged.phrasings == ("library times?", "Library opening", "open when")
    assert store.correction(other.id).merged_into == kept.id
    assert [c.id for c in store.accepted_corrections()] == [kept.id]
    store.undo_decision(other.id, by="teacher")
    assert store.correction(kept.id).phrasings == ("library times?",)


def test_merging_in_circles_or_into_a_rejected_one_is_refused(store: Store) -> None:
    first, second, third = accepted(store), accepted(store), proposed(store)
    store.merge_correction(second.id, first.id, by="teacher")
    store.decide(third.id, REJECTED, by="teacher")
    for source, into in ((first.id, first.id), (first.id, second.id), (first.id, third.id)):
        with pytest.raises(UserError) as refused:
            store.merge_correction(source, into, by="teacher")
        assert refused.value.code == "not_mergeable"


def test_a_learners_own_correction_is_for_that_learner_alone(store: Store, learner: Learner) -> None:
    other = store.add_learner("Other", "owl", AgeBand.A8_10, "en-GB")
    own = accepted(store, scope="learner", learner_id=learner.id)
    everyones = accepted(store)
    assert {c.id for c in store.accepted_corrections(learner.id)} == {own.id, everyones.id}
    assert {c.id for c in store.accepted_corrections(other.id)} == {everyones.id}
    assert {c.id for c in store.accepted_corrections()} == {everyones.id}
    store.decide(everyones.id, WITHDRAWN, by="teacher", why="the times changed")
    assert not store.accepted_corrections(other.id)


def test_corrections_go_with_their_learner_and_lend_their_words_no_longer(store: Store, learner: Learner) -> None:
    other = store.add_learner("Other", "owl", AgeBand.A8_10, "en-GB")
    stays = accepted(store, learner_id=other.id)
    goes = checked(store, proposed(store, "zebrafish", "x", learner_id=learner.id))
    store.merge_correction(goes.id, stays.id, by="teacher")
    alone = accepted(store, "zebrafish two", learner_id=learner.id)
    back = checked(store, proposed(store, "other words", "x", learner_id=other.id))
    store.merge_correction(back.id, alone.id, by="teacher")
    within = checked(store, proposed(store, "zebrafish three", "x", learner_id=learner.id))
    store.merge_correction(within.id, alone.id, by="teacher")
    store.erase_learner(learner.id)
    assert [c.id for c in store.corrections()] == [stays.id, back.id]
    assert store.correction(stays.id).phrasings == ()
    assert (store.correction(back.id).status, store.correction(back.id).merged_into) == (
        CorrectionStatus.PROPOSED,
        None,
    )
    assert store.decisions(back.id) and not store.decisions(goes.id)


def test_corrections_outlive_the_conversation_that_they_came_from(store: Store, learner: Learner) -> None:
    conversation, _, answer = store.begin_conversation(learner.id, "title", "question")
    flag = store.flag(answer.id, "wrong", "no", "yes")
    made = proposed(store, flag_id=flag.id, learner_id=learner.id)
    assert store.correction_of_flag(flag.id) == made
    store._owner.run(lambda: store._do("DELETE FROM conversation WHERE id = ?", conversation.id))
    assert store.correction(made.id).flag_id is None


def test_everything_is_there_after_opening_again(path: Path) -> None:
    with Store.open(path) as store:
        made = accepted(store, phrasings=("a", "b"), wrong="At noon.")
        history = store.decisions(made.id)
    with Store.open(path) as store:
        assert store.corrections(ACCEPTED) == (made,) and store.decisions(made.id) == history


def test_what_was_not_checked_is_not_merged_either(store: Store) -> None:
    kept, other = accepted(store), proposed(store)
    with pytest.raises(UserError) as refused:
        store.merge_correction(other.id, kept.id, by="teacher")
    assert refused.value.code == "not_checked"


def test_an_adapter_is_to_be_trained_again_once_words_that_it_learned_are_erased(
    store: Store, learner: Learner
) -> None:
    other = store.add_learner("Other", "owl", AgeBand.A8_10, "en-GB")
    kept = accepted(store, learner_id=other.id)
    lent = checked(store, proposed(store, "Library opening", "8:15", learner_id=learner.id))
    store.merge_correction(lent.id, kept.id, by="teacher")
    adapter = store.begin_adapter(base="m.gguf", base_sha256="a", ledger_sha256="b", corrections=[kept.id])
    assert not store.adapter(adapter.id).stale
    store.erase_learner(learner.id)
    assert store.adapter(adapter.id).stale
