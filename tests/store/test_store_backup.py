"""Backups: whole, rotated, never half written, and put back while Tutor runs."""

import errno
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tutor.domain import AgeBand
from tutor.errors import UserError
from tutor.store import BackupInfo, Store
from tutor.store import backup as backup_module
from tutor.store.credentials import CONTACT


def names_in(info: BackupInfo) -> list[str]:
    with sqlite3.connect(info.path) as copy:
        return [row[0] for row in copy.execute("SELECT name FROM learner ORDER BY id")]


def test_a_backup_holds_everything_in_one_private_file(path: Path, backups: Path) -> None:
    with Store.open(path, backups=backups) as store:
        store.add_learner("First", "fox", AgeBand.A8_10, "en-GB")
        info = store.backup()
        store.add_learner("Second", "owl", AgeBand.A8_10, "en-GB")
        assert names_in(info) == ["First"]
        assert info in store.list_backups() and info.size == info.path.stat().st_size
        assert info.path.stat().st_mode & 0o077 == 0
        assert [file.suffix for file in backups.iterdir()] == [".db"]


def test_the_daily_one_comes_when_there_is_something_and_once_a_day(path: Path, backups: Path) -> None:
    with Store.open(path, backups=backups) as store:
        store.add_learner("First", "fox", AgeBand.A8_10, "en-GB")
        assert store.list_backups() == ()
    (info,) = backup_module.listed(backups)
    assert info.reason == "daily" and names_in(info) == ["First"]
    with Store.open(path, backups=backups):
        pass
    assert len(backup_module.listed(backups)) == 1
    yesterday = datetime.now(UTC) - timedelta(days=1, minutes=1)
    info.path.rename(backups / f"tutor-{yesterday:%Y%m%d-%H%M%S-%f}-daily.db")
    with Store.open(path, backups=backups):
        pass
    assert len(backup_module.listed(backups)) == 2


def test_the_oldest_go_and_kinds_do_not_push_each_other_out(path: Path, backups: Path) -> None:
    with Store.open(path, backups=backups) as store:
        asked = [store.backup() for _ in range(7)]
        before_restore = store.backup("restore")
        assert store.list_backups() == (before_restore, *reversed(asked[2:]))


def test_a_backup_that_fails_its_check_is_not_kept(path: Path, backups: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(_: sqlite3.Connection) -> None:
        error = sqlite3.DatabaseError("integrity check: page 3")
        error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise error

    with Store.open(path, backups=backups) as store:
        kept = [store.backup() for _ in range(5)]
        monkeypatch.setattr(backup_module, "verify", damaged)
        with pytest.raises(UserError):
            store.backup()
        assert store.list_backups() == tuple(reversed(kept))
        assert len(list(backups.iterdir())) == 5


def test_no_room_for_a_backup_keeps_the_older_ones(path: Path, backups: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_temporary: Path, _final: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with Store.open(path, backups=backups) as store:
        kept = store.backup()
        monkeypatch.setattr(backup_module, "put", full)
        with pytest.raises(UserError) as raised:
            store.backup()
        assert raised.value.code == "backup_failed" and store.list_backups() == (kept,)
        assert store.learners() == ()


def test_a_backup_is_put_back_and_what_was_there_is_backed_up(path: Path, backups: Path) -> None:
    with Store.open(path, backups=backups) as store:
        first = store.add_learner("First", "fox", AgeBand.A8_10, "en-GB")
        store.begin_conversation(first.id, "old", "old question")
        info = store.backup()
        store.begin_conversation(first.id, "new", "new question")
        store.restore_backup(info)
        assert [conversation.title for conversation in store.conversations(first.id)] == ["old"]
        assert store.search(first.id, "question") and store.search(first.id, "new") == ()
        store.begin_conversation(first.id, "after", "after")
        (before,) = [info for info in store.list_backups() if info.reason == "restore"]
        store.restore_backup(before)
        assert [conversation.title for conversation in store.conversations(first.id)] == ["new", "old"]
    with Store.open(path) as store:
        assert [conversation.title for conversation in store.conversations(first.id)] == ["new", "old"]


def test_a_backup_from_before_the_contacts_key_does_not_open_the_record(path: Path, backups: Path) -> None:
    with Store.open(path, backups=backups) as store:
        store.add_learner("First", "fox", AgeBand.A8_10, "en-GB")
        store.set_passphrase("teacher's")
        without = store.backup()
        store.set_passphrase("first key", CONTACT)
        older = store.backup()
        store.set_passphrase("second key", CONTACT)
        for info in (without, older):
            store.restore_backup(info)
            assert store.has_passphrase(CONTACT) and store.check_passphrase("teacher's")
            assert not store.check_passphrase("first key", CONTACT)
            assert store.check_passphrase("second key", CONTACT)
        for _ in range(6):
            if store.locked_for(CONTACT) == 0:
                store.check_passphrase("a guess", CONTACT)
        store._not_before.clear()
        store.restore_backup(older)
        assert store.locked_for(CONTACT) > 0
        assert {file.suffix for file in backups.iterdir()} == {".db"}
    with Store.open(path) as store:
        assert store.has_passphrase(CONTACT)


def test_a_backup_of_a_newer_tutor_leaves_everything_as_it_was(path: Path, backups: Path) -> None:
    with Store.open(path, backups=backups) as store:
        store.add_learner("First", "fox", AgeBand.A8_10, "en-GB")
        info = store.backup()
        with sqlite3.connect(info.path) as copy:
            copy.execute(
                "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('tutor', '999_later', '')"
            )
        store.add_learner("Second", "owl", AgeBand.A8_10, "en-GB")
        with pytest.raises(UserError) as raised:
            store.restore_backup(info)
        assert raised.value.code == "newer_database" and len(store.learners()) == 2


def test_a_damaged_backup_is_not_put_back(path: Path, backups: Path) -> None:
    with Store.open(path, backups=backups) as store:
        store.add_learner("First", "fox", AgeBand.A8_10, "en-GB")
        info = store.backup()
        info.path.write_bytes(info.path.read_bytes()[:10_000])
        with pytest.raises(UserError) as raised:
            store.restore_backup(info)
        assert raised.value.code == "no_backup" and [each.name for each in store.learners()] == ["First"]
