"""A learner's PIN opens, wrong ones lock across restarts, a grown-up takes it away; without one all is as before."""

import json
import sqlite3
from pathlib import Path

import pytest
from store_clock import Clock

from tutor.domain import AgeBand, Learner
from tutor.errors import UserError
from tutor.store import Store
from tutor.store.guarded import FIRST_WAIT, FREE_TRIES
from tutor.store.learner_locks import LetIn

pytestmark = pytest.mark.usefixtures("cheap_argon2")


def add(store: Store, name: str) -> Learner:
    return store.add_learner(name, "fox", AgeBand.A8_10, "en-GB")


def lock_out(store: Store, learner: Learner) -> None:
    for _ in range(FREE_TRIES + 1):
        assert store.check_pin(learner.id, "0000") is False


def test_a_learner_without_a_pin_is_as_before(store: Store) -> None:
    learner = add(store, "First")
    assert not store.has_pin(learner.id) and store.learners_with_pin() == frozenset()
    assert store.pin_locked_for(learner.id) == 0.0 and store.check_pin(learner.id, "") is False
    store.remove_pin(learner.id)
    assert not store.has_pin(learner.id)


def test_only_the_right_pin_opens_and_only_its_own_learner(store: Store, path: Path) -> None:
    first, second = add(store, "First"), add(store, "Second")
    store.set_pin(first.id, " 471103 ")
    store.set_pin(second.id, "2580")
    assert store.learners_with_pin() == {first.id, second.id}
    assert store.check_pin(first.id, "471103") and store.check_pin(second.id, " 2580\n")
    assert not store.check_pin(first.id, "2580") and not store.check_pin(second.id, "471103")
    assert not store.check_pin(first.id, "4711") and not store.check_pin(first.id, "")
    store.set_pin(first.id, "9173")
    assert store.check_pin(first.id, "9173") and not store.check_pin(first.id, "471103")
    with sqlite3.connect(path) as file:
        (stored,) = file.execute("SELECT secret_hash FROM learner_lock WHERE learner_id = ?", (first.id,)).fetchone()
    assert stored.startswith("$argon2id$") and "9173" not in stored


@pytest.mark.parametrize("pin", ["", "123", "1234567", "12a4", "1 234", "-123", "١٢٣٤"])
def test_a_pin_is_four_to_six_digits(store: Store, pin: str) -> None:
    learner = add(store, "First")
    store.set_pin(learner.id, "2580")
    with pytest.raises(UserError, match="4 to 6 digits") as raised:
        store.set_pin(learner.id, pin)
    assert raised.value.code == "pin_form" and store.check_pin(learner.id, "2580")


def test_nobody_gets_a_pin_who_is_not_there(store: Store) -> None:
    with pytest.raises(UserError) as raised:
        store.set_pin(999, "2580")
    assert raised.value.code == "not_found" and store.learners_with_pin() == frozenset()


def test_the_proof_opens_for_its_own_learner_and_only_while_the_pin_is_the_same(path: Path) -> None:
    with Store.open(path) as store:
        first, second = add(store, "First"), add(store, "Second")
        store.set_pin(first.id, "2580")
        assert store.let_in(first.id) is None and store.let_in(first.id, "1111") is None
        opened, without = store.let_in(first.id, "2580"), store.let_in(second.id)
        assert store.may_come_in(opened, first.id) and store.may_come_in(without, second.id)
        assert not store.may_come_in(opened, second.id) and not store.may_come_in(without, first.id)
        assert not store.may_come_in(None, second.id)
        made = LetIn(learner_id=second.id, lock="", seal="")
        assert not store.may_come_in(made, second.id), "nobody but the store makes a proof"
        store.set_pin(first.id, "2580")
        store.set_pin(second.id, "4711")
        assert not store.may_come_in(opened, first.id) and not store.may_come_in(without, second.id)
        opened = store.let_in(first.id, "2580")
    with Store.open(path) as store:
        assert not store.may_come_in(opened, first.id), "after a restart the PIN is asked for again"


def test_looking_whether_a_pin_is_needed_counts_no_try(store: Store) -> None:
    learner = add(store, "First")
    store.set_pin(learner.id, "2580")
    assert all(store.let_in(learner.id) is None for _ in range(FREE_TRIES + 2))
    assert store.pin_locked_for(learner.id) == 0.0 and store.let_in(learner.id, "2580")
    for _ in range(FREE_TRIES + 1):
        assert store.let_in(learner.id, "1111") is None
    with pytest.raises(UserError, match="Too many wrong tries"):
        store.let_in(learner.id, "2580")


def test_wrong_pins_lock_longer_and_longer_across_restarts_and_nobody_else(path: Path) -> None:
    clock = Clock()
    with Store.open(path, clock=clock) as store:
        first, second = add(store, "First"), add(store, "Second")
        store.set_passphrase("a teacher's words")
        store.set_pin(first.id, "2580")
        store.set_pin(second.id, "4711")
        lock_out(store, first)
        with pytest.raises(UserError, match="ask your teacher") as raised:
            store.check_pin(first.id, "2580")
        assert raised.value.code == "locked"
        assert store.check_pin(second.id, "4711") and store.locked_for() == 0.0
    for wait in (FIRST_WAIT, 2 * FIRST_WAIT, 4 * FIRST_WAIT):
        clock.at += wait - 1
        with Store.open(path, clock=clock) as store:
            assert store.pin_locked_for(first.id) == pytest.approx(1.0)
            with pytest.raises(UserError):
                store.check_pin(first.id, "2580")
        clock.at += 1.5
        with Store.open(path, clock=clock) as store:
            assert store.check_pin(first.id, "1111") is False
    clock.at += 10_000
    with Store.open(path, clock=clock) as store:
        assert store.check_pin(first.id, "2580")
        assert all(not store.check_pin(first.id, "1111") for _ in range(FREE_TRIES)), "right ones forgive wrong ones"
        assert store.pin_locked_for(first.id) == 0.0


def test_a_grown_up_takes_a_forgotten_pin_away_or_gives_another_and_the_wait_ends(store: Store) -> None:
    learner = add(store, "First")
    store.set_pin(learner.id, "2580")
    lock_out(store, learner)
    store.set_pin(learner.id, "4711")
    assert store.pin_locked_for(learner.id) == 0.0 and store.check_pin(learner.id, "4711")
    lock_out(store, learner)
    store.remove_pin(learner.id)
    assert not store.has_pin(learner.id) and store.pin_locked_for(learner.id) == 0.0


def test_erasing_a_learner_erases_the_pin_also_from_backups(path: Path, backups: Path) -> None:
    with Store.open(path, backups=backups) as store:
        first, second = add(store, "First"), add(store, "Second")
        store.set_pin(first.id, "2580")
        store.set_pin(second.id, "4711")
        copy = store.backup().path
        with sqlite3.connect(copy) as file:
            hashes = dict(file.execute("SELECT learner_id, secret_hash FROM learner_lock"))
        store.erase_learner(first.id)
        assert store.learners_with_pin() == {second.id}
    for kept in (path, copy):
        held = kept.read_bytes()
        assert hashes[first.id].encode() not in held and hashes[second.id].encode() in held


def test_an_export_of_a_learner_does_not_hold_the_hash(store: Store, tmp_path: Path) -> None:
    learner = add(store, "First")
    store.set_pin(learner.id, "2580")
    said = store.export_learner(learner.id, tmp_path / "export.json").read_text("utf-8")
    assert json.loads(said)["learner"]["name"] == "First"
    assert "argon2" not in said and "secret_hash" not in said and "2580" not in said


def test_a_backup_that_is_put_back_changes_nobodys_pin(path: Path, backups: Path) -> None:
    with Store.open(path, backups=backups) as store:
        changed, given, taken = add(store, "Changed"), add(store, "Given"), add(store, "Taken")
        store.set_pin(changed.id, "2580")
        store.set_pin(taken.id, "4711")
        info = store.backup()
        store.set_pin(changed.id, "9173")
        store.set_pin(given.id, "8264")
        store.remove_pin(taken.id)
        lock_out(store, given)
        store._not_before.clear()
        store.restore_backup(info)
        assert store.check_pin(changed.id, "9173") and not store.check_pin(changed.id, "2580")
        assert store.pin_locked_for(given.id) > 0.0 and not store.has_pin(taken.id)
