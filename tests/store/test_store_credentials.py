"""The teacher's passphrase: right, wrong, locked out longer and longer, across restarts and clock changes."""

import multiprocessing
from pathlib import Path

import pytest
from store_clock import Clock

from tutor.errors import UserError
from tutor.store import Store, guarded
from tutor.store import credentials as c

pytestmark = pytest.mark.usefixtures("cheap_argon2")


def opened(path: Path, clock: Clock) -> Store:
    return Store.open(path, clock=clock)


def wrong(store: Store) -> str:
    """One wrong try. Returns "wrong" or "locked"."""
    try:
        assert store.check_passphrase("not it") is False
        return "wrong"
    except UserError as error:
        assert error.code == "locked"
        return "locked"


def test_only_the_passphrase_opens(path: Path) -> None:
    with opened(path, Clock()) as store:
        assert not store.has_passphrase() and not store.check_passphrase("anything")
        store.set_passphrase("  correct horse ")
        assert store.check_passphrase("correct horse") and store.check_passphrase(" correct horse\n")
        assert not store.check_passphrase("correct horsE") and not store.check_passphrase("")


def test_a_short_one_is_refused(path: Path) -> None:
    with opened(path, Clock()) as store:
        store.set_passphrase("1234")
        with pytest.raises(UserError) as raised:
            store.set_passphrase("123")
        assert raised.value.code == "too_short" and store.check_passphrase("1234")


def test_neither_secret_nor_code_is_in_the_file(path: Path) -> None:
    with opened(path, Clock()) as store:
        code = store.set_passphrase("correct horse battery")
    data = path.read_bytes()
    assert b"correct horse" not in data and code.encode() not in data and code.replace("-", "").encode() not in data
    assert b"$argon2id$" in data


def test_waits_grow_and_are_bounded() -> None:
    waits = [guarded.wait_after(failed) for failed in range(1, 40)]
    assert waits[:4] == [0.0] * 4
    assert waits[4:8] == [30.0, 60.0, 120.0, 240.0]
    assert waits == sorted(waits) and waits[-1] == guarded.LONGEST_WAIT


def test_the_lock_out_grows_and_survives_a_restart(path: Path) -> None:
    clock = Clock()
    with opened(path, clock) as store:
        store.set_passphrase("1234")
        assert [wrong(store) for _ in range(6)] == ["wrong"] * 5 + ["locked"]
    waited = []
    for _ in range(4):
        with opened(path, clock) as store:
            wait = store.locked_for()
            assert wrong(store) == "locked"
            with pytest.raises(UserError):
                store.check_passphrase("1234")
        clock.at += wait - 1
        with opened(path, clock) as store:
            assert wrong(store) == "locked"
        clock.at += 1.5
        with opened(path, clock) as store:
            assert wrong(store) == "wrong"
        waited.append(wait)
    assert waited == [30.0, 60.0, 120.0, 240.0]
    clock.at += 10_000
    with opened(path, clock) as store:
        assert store.check_passphrase("1234")
        assert [wrong(store) for _ in range(4)] == ["wrong"] * 4 and store.locked_for() == 0


def test_setting_the_clock_back_does_not_end_the_wait_nor_make_it_endless(path: Path) -> None:
    clock = Clock()
    with opened(path, clock) as store:
        store.set_passphrase("1234")
        for _ in range(5):
            wrong(store)
    clock.at -= 500_000
    with opened(path, clock) as store:
        assert store.locked_for() == 30.0
    clock.at += 20
    with opened(path, clock) as store:
        assert store.locked_for() == pytest.approx(10.0)
    clock.at += 11
    with opened(path, clock) as store:
        assert store.check_passphrase("1234")


def test_setting_the_clock_forward_does_not_end_the_wait_of_a_running_program(path: Path) -> None:
    clock = Clock()
    with opened(path, clock) as store:
        store.set_passphrase("1234")
        for _ in range(5):
            wrong(store)
        clock.at += 1_000_000
        assert wrong(store) == "locked" and store.locked_for() > 20


def try_and_die(path: Path) -> None:
    """In a process of its own: ended in the middle of checking, before the outcome is known."""
    import os

    from tutor.store import guarded

    def die(_stored: str, _given: str) -> bool:
        os._exit(0)

    guarded._verify = die
    Store.open(path).check_passphrase("not it")


def test_ending_the_program_during_a_try_wins_no_free_guess(path: Path) -> None:
    with Store.open(path) as store:
        store.set_passphrase("1234")
    context = multiprocessing.get_context("forkserver")
    for _ in range(5):
        process = context.Process(target=try_and_die, args=(path,))
        process.start()
        process.join()
        assert process.exitcode == 0
    with Store.open(path) as store:
        assert wrong(store) == "locked"


def test_the_recovery_code_sets_a_new_passphrase_once(path: Path) -> None:
    with opened(path, Clock()) as store:
        code = store.set_passphrase("1234")
        assert len(code.replace("-", "")) == 16
        with pytest.raises(UserError) as raised:
            store.use_recovery_code("AAAA-BBBB-CCCC-DDDD", "5678")
        assert raised.value.code == "wrong_code" and store.check_passphrase("1234")
        with pytest.raises(UserError) as raised:
            store.use_recovery_code(code, "5")
        assert raised.value.code == "too_short"
        next_code = store.use_recovery_code(code.lower().replace("-", " "), "5678")
        assert store.check_passphrase("5678") and not store.check_passphrase("1234")
        with pytest.raises(UserError):
            store.use_recovery_code(code, "9999")
        assert next_code != code


def test_wrong_recovery_codes_lock_too(path: Path) -> None:
    with opened(path, Clock()) as store:
        store.set_passphrase("1234")
        codes = []
        for _ in range(6):
            with pytest.raises(UserError) as raised:
                store.use_recovery_code("AAAA-BBBB-CCCC-DDDD", "5678")
            codes.append(raised.value.code)
        assert codes == ["wrong_code"] * 5 + ["locked"]


def test_the_contacts_key_is_another_and_neither_opens_the_other(path: Path) -> None:
    clock = Clock()
    with opened(path, clock) as store:
        code = store.set_passphrase("correct horse")
        assert not store.has_passphrase(c.CONTACT) and not store.check_passphrase("correct horse", c.CONTACT)
        contact_code = store.set_passphrase("quiet harbour", c.CONTACT)
        assert store.check_passphrase("quiet harbour", c.CONTACT)
        assert not store.check_passphrase("correct horse", c.CONTACT)
        assert not store.check_passphrase("quiet harbour")
        with pytest.raises(UserError, match="recovery code"):
            store.use_recovery_code(code, "a teacher's wish", c.CONTACT)
        for _ in range(guarded.FREE_TRIES + 2):
            try:
                store.check_passphrase("guess", c.CONTACT)
            except UserError as error:
                assert error.code == "locked"
        assert store.locked_for(c.CONTACT) > 0 and store.locked_for() == 0 and store.check_passphrase("correct horse")
        clock.at += 100_000
        store._not_before.clear()
        store.use_recovery_code(contact_code, "another harbour", c.CONTACT)
        assert store.check_passphrase("another harbour", c.CONTACT)
