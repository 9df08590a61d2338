"""The registry of adapters: what may be used, going back, and the mark of those whose corrections are gone."""

import sqlite3
import time
from pathlib import Path

import pytest

from tutor.domain import Adapter, AdapterState, Correction, CorrectionStatus, Learner
from tutor.errors import UserError
from tutor.store import Store


def _correction(store: Store, learner: Learner | None = None, scope: str = "class") -> Correction:
    made = store.propose_correction(
        "When does it open?", "At nine.", scope=scope, learner_id=learner.id if learner else None
    )
    store.keep_check(made, made, True, ())
    return store.decide(made.id, CorrectionStatus.ACCEPTED, by="teacher")


def _judged(store: Store, name: str = "a", *, promoted: bool = True, corrections: tuple[int, ...] = ()) -> Adapter:
    made = store.begin_adapter(base="m.gguf", base_sha256="b", ledger_sha256=name, corrections=corrections)
    return store.adapter_judged(
        made.id,
        file=f"{name}.gguf",
        file_sha256=name,
        figures={"gain": 0.5},
        promoted=promoted,
        report=f"report-{name}",
    )


def test_what_was_registered_is_there_after_opening_again(path: Path) -> None:
    with Store.open(path) as store:
        kept = store.activate_adapter(_judged(store).id)
    with Store.open(path) as store:
        assert store.adapters() == (kept,)
        assert (kept.state, kept.figures, kept.promoted) == (AdapterState.ACTIVE, {"gain": 0.5}, True)
        assert store.active_adapter(base_sha256="b") == store.active_adapter(base="m.gguf") == kept
        assert store.active_adapter(base_sha256="other") is None


def test_a_training_that_goes_on_is_the_same_adapter(store: Store) -> None:
    first = store.begin_adapter(base="m", base_sha256="b", ledger_sha256="l", corrections=(1, 2))
    again = store.begin_adapter(base="m", base_sha256="b", ledger_sha256="l", corrections=(1, 2))
    other = store.begin_adapter(base="m", base_sha256="b", ledger_sha256="k", corrections=(1,))
    assert first == again != other and store.adapter_corrections(first.id) == (1, 2)
    store.adapter_failed(first.id, "no memory")
    assert store.begin_adapter(base="m", base_sha256="b", ledger_sha256="l", corrections=()).id != first.id
    assert (store.adapter(first.id).state, store.adapter(first.id).why) == (AdapterState.FAILED, "no memory")


def test_one_at_a_time_is_in_use_and_going_back_leads_to_the_one_before(store: Store) -> None:
    first, second = _judged(store, "a"), _judged(store, "b")
    store.activate_adapter(first.id)
    assert store.activate_adapter(second.id).replaced_id == first.id
    assert [a.state for a in store.adapters()] == [AdapterState.ACTIVE, AdapterState.RETIRED]
    back = store.roll_back(second.id)
    assert back is not None and (back.id, back.state) == (first.id, AdapterState.ACTIVE)
    assert store.roll_back(first.id) is None and store.active_adapter(base_sha256="b") is None
    assert store.activate_adapter(second.id).replaced_id is None, "a retired one may be used again"


def test_what_the_judgement_does_not_allow_is_not_used(store: Store) -> None:
    for adapter in (
        _judged(store, promoted=False),
        store.begin_adapter(base="m", base_sha256="b", ledger_sha256="l", corrections=()),
    ):
        with pytest.raises(UserError, match="may not be used") as caught:
            store.activate_adapter(adapter.id)
        assert caught.value.code == "not_promoted"
    with pytest.raises(sqlite3.IntegrityError):
        store._owner.run(lambda: store._do("UPDATE adapter SET state = 'active'"))
    assert store.active_adapter(base_sha256="b") is None


def test_one_in_use_that_fails_a_later_judgement_is_taken_out(store: Store) -> None:
    adapter = store.activate_adapter(_judged(store).id)
    store.adapter_judged(
        adapter.id, file=adapter.file, file_sha256="a", figures={}, promoted=False, report="r", why="leaks"
    )
    assert store.active_adapter(base_sha256="b") is None and store.adapter(adapter.id).why == "leaks"


def test_an_adapter_is_stale_once_a_correction_of_it_is_withdrawn_edited_or_erased(
    store: Store, learner: Learner
) -> None:
    withdrawn, edited, erased, kept = (
        _correction(store),
        _correction(store),
        _correction(store, learner),
        _correction(store),
    )
    adapters = {c.id: _judged(store, str(c.id), corrections=(c.id,)) for c in (withdrawn, edited, erased, kept)}
    assert not any(a.stale for a in store.adapters())
    assert [a.id for a in store.adapters_taught_by(learner.id)] == [adapters[erased.id].id]
    store.decide(withdrawn.id, CorrectionStatus.WITHDRAWN, by="teacher")
    store.edit_correction(edited.id, by="teacher", answer="At ten.")
    store.erase_learner(learner.id)
    assert {c: store.adapter(a.id).stale for c, a in adapters.items()} == {
        withdrawn.id: True,
        edited.id: True,
        erased.id: True,
        kept.id: False,
    }


def test_words_that_were_merged_or_judged_with_a_file_from_elsewhere_are_known_to_be_there(
    store: Store, learner: Learner
) -> None:
    before = _judged(store, "before", corrections=(_correction(store).id,))
    time.sleep(0.01)
    standing, theirs = _correction(store), _correction(store, learner)
    apart = _judged(store, "apart", corrections=(standing.id,))
    from_elsewhere = _judged(store, "elsewhere")
    assert [a.id for a in store.adapters_taught_by(learner.id)] == [from_elsewhere.id]
    time.sleep(0.01)
    store.merge_correction(theirs.id, standing.id, by="teacher")
    merged = _judged(store, "merged", corrections=(standing.id,))
    store.undo_decision(theirs.id, by="teacher")
    found = {a.id for a in store.adapters_taught_by(learner.id)}
    assert {from_elsewhere.id, merged.id} <= found and not {before.id, apart.id} & found


def test_a_learners_own_adapter_comes_before_the_one_for_all_and_goes_with_the_learner(
    store: Store, learner: Learner
) -> None:
    everyone = store.activate_adapter(_judged(store).id)
    mine = store.begin_adapter(
        base="m.gguf", base_sha256="b", ledger_sha256="m", corrections=(), scope="learner", learner_id=learner.id
    )
    store.adapter_judged(mine.id, file="m.gguf", file_sha256="m", figures={}, promoted=True, report="")
    store.activate_adapter(mine.id)
    own = store.active_adapter(base_sha256="b", learner_id=learner.id)
    assert own is not None and own.id == mine.id
    assert store.active_adapter(base_sha256="b") == everyone
    store.erase_learner(learner.id)
    assert store.adapters() == (everyone,)
    assert store.active_adapter(base_sha256="b", learner_id=learner.id) == everyone
