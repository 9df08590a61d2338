"""What is remembered of corrections: in step with them at once, for the right learner, without a name for guests."""

import sqlite3
from pathlib import Path

import pytest

from tutor.domain import AgeBand, Correction, CorrectionStatus, Learner
from tutor.store import Store
from tutor.store.memory import class_memory


def accepted(store: Store, question: str, answer: str = "At 8:15.", **details: object) -> Correction:
    made = store.propose_correction(question, answer, **details)  # type: ignore[arg-type]
    assert store.keep_check(store.own_words(made.id), made, True, ())
    return store.decide(made.id, CorrectionStatus.ACCEPTED, by="teacher")


def texts(store: Store, learner_id: int | None = None) -> list[str]:
    return [row.text for row in store.memory_rows(learner_id)]


def test_only_accepted_corrections_are_remembered_with_every_phrasing(store: Store) -> None:
    store.propose_correction("Where is the library?", "Upstairs.")
    made = accepted(store, "When does the library open?", phrasings=("Library times?", " "))
    assert texts(store) == ["Library times?", "When does the library open?"]
    assert {row.correction_id for row in store.memory_rows(None)} == {made.id}
    assert store.memory_rows(None)[0].question == "When does the library open?"


@pytest.mark.parametrize("status", [CorrectionStatus.WITHDRAWN, CorrectionStatus.REJECTED])
def test_what_is_withdrawn_or_rejected_vanishes_at_once(store: Store, status: CorrectionStatus) -> None:
    made = accepted(store, "When does the library open?")
    store.decide(made.id, status, by="teacher")
    assert texts(store) == [] and store.memory_search(["library"], None) == ()
    store.undo_decision(made.id, by="teacher")
    assert texts(store) == ["When does the library open?"]


def test_words_are_found_by_their_stem(store: Store) -> None:
    accepted(store, "When do libraries open?")
    accepted(store, "Who is the head teacher?")
    first, *more = store.memory_search(["library", "opening"], None)
    assert not more and store.memory_rows(None)[0].id == first
    assert store.memory_search(['" OR *', ""], None) == ()
    assert store.memory_search([*(f"word{number}" for number in range(5000)), "library"], None) == ()
    assert store.memory_search(["library", *(f"word{number}" for number in range(5000))], None) == (first,)


def test_a_vector_stays_while_its_text_does(store: Store) -> None:
    made = accepted(store, "When does it open?", phrasings=("Opening time?",))
    store.keep_vectors(["When does it open?", "Opening time?", "never asked"], [b"a" * 1536, b"b" * 1536, b"c" * 1536])
    assert [row.vector for row in store.memory_rows(None)] == [b"b" * 1536, b"a" * 1536]
    store.edit_correction(made.id, by="teacher", question="When does the gate open?")
    assert texts(store) == []
    edited = store.correction(made.id)
    store.keep_check(store.own_words(made.id), edited, True, ())
    store.decide(made.id, CorrectionStatus.ACCEPTED, by="teacher")
    assert [row.vector for row in store.memory_rows(None)] == [None, None]


def test_a_correction_for_one_learner_is_found_for_that_learner_alone(store: Store, learner: Learner) -> None:
    other = store.add_learner("Other", "owl", AgeBand.A8_10, "en-GB")
    accepted(store, "What do I write first?", scope="learner", learner_id=learner.id)
    accepted(store, "When does it open?", learner_id=learner.id)
    assert [(row.text, row.alone, row.own) for row in store.memory_rows(learner.id)] == [
        ("What do I write first?", True, True),
        ("When does it open?", False, True),
    ]
    assert [(row.text, row.alone, row.own) for row in store.memory_rows(other.id)] == [
        ("When does it open?", False, False)
    ]
    assert texts(store) == ["When does it open?"]
    assert store.memory_search(["write"], other.id) == ()


def test_a_merged_correction_asks_for_the_one_it_went_into(store: Store) -> None:
    kept, merged = accepted(store, "When does it open?"), accepted(store, "From when is it open?", "At nine.")
    store.merge_correction(merged.id, kept.id, by="teacher")
    assert [(row.text, row.correction_id, row.answer) for row in store.memory_rows(None)] == [
        ("When does it open?", kept.id, "At 8:15."),
        ("From when is it open?", kept.id, "At 8:15."),
    ]
    store.decide(kept.id, CorrectionStatus.WITHDRAWN, by="teacher")
    assert texts(store) == []


def test_what_is_remembered_of_a_learner_is_erased_with_them(store: Store, learner: Learner, path: Path) -> None:
    accepted(store, "Does the zebrafish tank open?", learner_id=learner.id)
    store.erase_learner(learner.id)
    assert texts(store) == []
    store.close()
    assert not [file for file in path.parent.rglob("*") if file.is_file() and b"zebrafish" in file.read_bytes()]


def test_a_guest_borrows_what_is_for_everyone_and_nobody_s_name(store: Store, learner: Learner, path: Path) -> None:
    kept = accepted(store, "When does it open?", learner_id=learner.id)
    store.merge_correction(accepted(store, "From when is it open?").id, kept.id, by="teacher")
    accepted(store, "What do I write first?", scope="learner", learner_id=learner.id)
    store.keep_vectors(["When does it open?"], [b"a" * 1536])
    with Store.open(None) as guest:
        guest.borrow_memory(*class_memory(path))
        rows = guest.memory_rows(None)
        assert [(row.text, row.vector) for row in rows] == [
            ("When does it open?", b"a" * 1536),
            ("From when is it open?", None),
        ]
        assert {row.answer for row in rows} == {"At 8:15."}
        assert [c.learner_id for c in guest.corrections()] == [None, None]


def test_a_file_without_memory_lends_nothing(tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    sqlite3.connect(old).execute("CREATE TABLE learner (id INTEGER)").connection.close()
    assert class_memory(old) == class_memory(tmp_path / "none.db") == ([], [])
