"""Opening: newer, foreign and damaged files, migrations that stop, two programs at once, folders without rights."""

import multiprocessing
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import sqlite_utils

from tutor.domain import AgeBand
from tutor.errors import UserError
from tutor.store import DamagedDatabase, Store, migrations, stored_settings
from tutor.store import backup as backup_module
from tutor.store.credentials import CONTACT


def fill(path: Path, backups: Path | None = None, conversations: int = 30) -> None:
    """A database with enough in it that damage hits something."""
    with Store.open(path, backups=backups) as store:
        learner = store.add_learner("Learner", "fox", AgeBand.A8_10, "en-GB")
        for number in range(conversations):
            store.begin_conversation(learner.id, f"title {number}", f"question {number} " * 50)


def content(path: Path) -> dict[str, bytes]:
    """Every file beside the database that holds something of it."""
    return {file.name: file.read_bytes() for file in path.parent.glob("tutor*.db*") if file.suffix != ".lock"}


def refused(path: Path, backups: Path | None = None) -> UserError:
    with pytest.raises(UserError) as raised:
        Store.open(path, backups=backups)
    return raised.value


def test_a_newer_database_is_refused_and_not_touched(path: Path) -> None:
    fill(path)
    with sqlite3.connect(path) as other:
        other.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('tutor', '099_later', '2030')"
        )
        other.execute("CREATE TABLE later (id INTEGER PRIMARY KEY)")
    other.close()
    before = content(path)
    error = refused(path)
    assert error.code == "newer_database" and "099_later" in str(error) and "TUTOR_HOME" in str(error)
    assert content(path) == before


def test_another_programs_database_is_refused_and_not_touched(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE bookmarks (id INTEGER PRIMARY KEY)")
    other.close()
    before = content(path)
    assert refused(path).code == "not_ours"
    assert content(path) == before


def test_an_interrupted_migration_goes_on_where_it_stopped(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.parent.mkdir()
    db = sqlite_utils.Database(path)
    migrations.steps.apply(db, stop_before="003_safeguarding")
    columns = "key, name, picture, age_band, language, created_at"
    db.execute(f"INSERT INTO learner ({columns}) VALUES ('k', 'L', '', '8-10', 'en', '')")
    db.close()

    def stop_halfway(db: sqlite_utils.Database) -> None:
        db.execute("CREATE TABLE alert (half INTEGER)")
        raise RuntimeError("power cut")

    step = next(step for step in migrations.steps._migrations if step.name == "003_safeguarding")
    with monkeypatch.context() as patch:
        patch.setattr(step, "fn", stop_halfway)
        with pytest.raises(RuntimeError):
            Store.open(path)
    after_stop = sqlite_utils.Database(path)
    assert "alert" not in after_stop.table_names()
    assert [done.name for done in migrations.steps.applied(after_stop)] == ["001_people", "002_conversations"]
    after_stop.close()
    with Store.open(path) as store:
        (learner,) = store.learners()
        store.add_alert(learner.id, None, "abuse", 1)
        assert store.search(learner.id, "anything") == ()


def migrate_and_die(path: Path, name: str) -> None:
    """In a process of its own: killed inside a migration step."""
    step = next(step for step in migrations.steps._migrations if step.name == name)
    whole = step.fn

    def die(db: sqlite_utils.Database) -> None:
        whole(db)
        os.kill(os.getpid(), 9)

    step.fn = die
    Store.open(path)


@pytest.mark.parametrize("name", ["001_people", "002_conversations", "004_search"])
def test_a_migration_killed_halfway_is_done_at_the_next_start(path: Path, name: str) -> None:
    process = multiprocessing.get_context("forkserver").Process(target=migrate_and_die, args=(path, name))
    process.start()
    process.join()
    assert process.exitcode == -9
    fill(path, conversations=2)
    with Store.open(path) as store:
        assert len(store.conversations(store.learners()[0].id)) == 2


def test_a_backup_is_made_before_migrating(path: Path, backups: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(path, backups)
    added = type(migrations.steps)("tutor")
    added._migrations = list(migrations.steps._migrations)

    @added(name="098_more")
    def more(db: sqlite_utils.Database) -> None:
        db.execute("ALTER TABLE learner ADD COLUMN more TEXT")

    monkeypatch.setattr("tutor.store.connection.steps", added)
    monkeypatch.setattr("tutor.store.connection.KNOWN", migrations.KNOWN | {"098_more"})
    with Store.open(path, backups=backups) as store:
        made = [info for info in store.list_backups() if info.reason == "migration"]
        assert store.learners()[0].name == "Learner"
    assert len(made) == 1
    columns = [row[1] for row in sqlite3.connect(made[0].path).execute("PRAGMA table_info(learner)")]
    assert "name" in columns and "more" not in columns


def test_no_room_for_that_backup_stops_the_migration(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.parent.mkdir()
    db = sqlite_utils.Database(path)
    migrations.steps.apply(db, stop_before="003_safeguarding")
    db.close()
    blocked = path.parent / "backups"
    blocked.write_text("a file where the folder should be")
    assert refused(path, blocked).code == "backup_failed"
    assert "alert" not in sqlite_utils.Database(path).table_names()


def test_damage_offers_the_newest_good_backup_and_touches_nothing(path: Path, backups: Path) -> None:
    fill(path, backups)
    with Store.open(path, backups=backups) as store:
        good = store.backup()
        bad = store.backup()
    bad.path.write_bytes(bad.path.read_bytes()[:5000])
    path.write_bytes(b"\x00" * 4096 + path.read_bytes()[4096:])
    before = content(path)
    damaged = refused(path, backups)
    assert isinstance(damaged, DamagedDatabase) and damaged.code == "damaged"
    assert damaged.backup == good and good.made_at[:10] in str(damaged)
    assert content(path) == before
    assert isinstance(refused(path, backups), DamagedDatabase)
    aside = damaged.restore()
    assert aside.read_bytes() == before["tutor.db"]
    with Store.open(path, backups=backups) as store:
        assert len(store.conversations(store.learners()[0].id)) == 30


def test_the_contacts_key_outlives_damage_though_the_backup_is_older(path: Path, backups: Path) -> None:
    fill(path, backups)
    with Store.open(path, backups=backups) as store:
        store.set_passphrase("teacher's words")
        store.backup()
        store.set_passphrase("the contact's own", CONTACT)
    with sqlite3.connect(path) as file:  # a page that the key does not lie on
        page = file.execute("SELECT rootpage FROM sqlite_master WHERE name = 'message'").fetchone()[0]
        size = file.execute("PRAGMA page_size").fetchone()[0]
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    file.close()
    whole = bytearray(path.read_bytes())
    whole[(page - 1) * size : page * size] = b"\x5a" * size
    path.write_bytes(whole)
    damaged = refused(path, backups)
    assert isinstance(damaged, DamagedDatabase) and "key" in str(damaged)
    damaged.restore()
    with Store.open(path, backups=backups) as store:
        assert store.has_passphrase(CONTACT)
        assert store.check_passphrase("the contact's own", CONTACT)
        assert not store.check_passphrase("teacher's words", CONTACT)


def test_starting_anew_keeps_the_damaged_file(path: Path) -> None:
    fill(path)
    path.write_bytes(b"no database at all" * 500)
    before = path.read_bytes()
    damaged = refused(path)
    assert isinstance(damaged, DamagedDatabase) and damaged.backup is None
    with pytest.raises(UserError) as raised:
        damaged.restore()
    assert raised.value.code == "no_backup" and path.read_bytes() == before
    aside = damaged.start_new()
    assert aside.read_bytes() == before
    with Store.open(path) as store:
        assert store.learners() == ()


def test_an_emptied_file_with_backups_is_damage_and_not_a_fresh_start(path: Path, backups: Path) -> None:
    fill(path, backups)
    path.write_bytes(b"")
    damaged = refused(path, backups)
    assert isinstance(damaged, DamagedDatabase)
    damaged.restore()
    with Store.open(path, backups=backups) as store:
        assert store.learners()


def test_random_damage_is_reported_or_harmless_and_never_a_crash(path: Path, tmp_path: Path) -> None:
    fill(path)
    whole = path.read_bytes()
    dice = random.Random(11)
    reported = 0
    for number in range(60):
        folder = tmp_path / f"damaged-{number}"
        folder.mkdir()
        file = folder / "tutor.db"
        data = bytearray(whole)
        match number % 4:
            case 0:
                data = data[: dice.randrange(1, len(data))]
            case 1:
                for _ in range(40):
                    data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
            case 2:
                start = dice.randrange(len(data) - 4096)
                data[start : start + 4096] = dice.randbytes(4096)
            case 3:
                start = dice.randrange(0, len(data), 4096)
                data[start : start + 4096] = bytes(4096)
        file.write_bytes(data)
        try:
            with Store.open(file) as store:
                for learner in store.learners():
                    store.conversations(learner.id)
        except UserError as error:
            assert error.code in ("damaged", "not_ours"), (number, error.code)
            reported += 1
        assert file.exists()
        shutil.rmtree(folder)
    assert reported > 40


def hold_open(path: Path, ready: "multiprocessing.synchronize.Event", end: "multiprocessing.synchronize.Event") -> None:
    with Store.open(path) as store:
        store.set_setting("country", "IE")
        ready.set()
        end.wait(30)
        store.set_setting("country", "NZ")


def test_a_second_program_on_the_same_folder_is_told_and_harms_nothing(path: Path) -> None:
    context = multiprocessing.get_context("forkserver")
    ready, end = context.Event(), context.Event()
    first = context.Process(target=hold_open, args=(path, ready, end))
    first.start()
    assert ready.wait(30)
    error = refused(path)
    assert error.code == "already_open" and "already open" in str(error)
    assert stored_settings(path)["country"] == "IE"
    end.set()
    first.join()
    assert first.exitcode == 0
    with Store.open(path) as store:
        assert store.setting("country") == "NZ"


def test_a_killed_program_leaves_no_lock_behind(path: Path) -> None:
    context = multiprocessing.get_context("forkserver")
    ready, end = context.Event(), context.Event()
    first = context.Process(target=hold_open, args=(path, ready, end))
    first.start()
    assert ready.wait(30)
    first.kill()
    first.join()
    with Store.open(path) as store:
        assert store.setting("country") == "IE"


def test_a_guest_reads_defaults_where_nothing_is_stored(tmp_path: Path) -> None:
    assert stored_settings(tmp_path / "none.db")["country"] == "GB"
    damaged = tmp_path / "tutor.db"
    damaged.write_bytes(b"no database" * 1000)
    assert stored_settings(damaged)["country"] == "GB"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["tutor.db"]


AS_NOBODY = """
import os, sys
from pathlib import Path
from tutor.errors import UserError
from tutor.store import Store
if os.geteuid() == 0:
    os.setgid(65534); os.setuid(65534)
try:
    Store.open(Path(sys.argv[1]))
except UserError as error:
    print(error.code, error)
"""


@pytest.mark.parametrize("existing", [False, True])
def test_a_folder_without_the_right_to_write_is_explained(existing: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:  # not tmp_path: another user must be able to reach it
        path = Path(folder) / "tutor.db"
        if existing:
            fill(path, conversations=1)
            path.with_name("tutor.db.lock").unlink()
        path.parent.chmod(0o555)
        before = content(path)
        command = [sys.executable, "-c", AS_NOBODY, str(path)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        assert ran.stdout.startswith("read_only "), ran.stderr
        assert str(path.parent) in ran.stdout and "TUTOR_HOME" in ran.stdout
        assert content(path) == before
        path.parent.chmod(0o700)


def test_the_newest_good_backup_skips_files_that_are_none(backups: Path) -> None:
    backups.mkdir(parents=True)
    (backups / "tutor-20990101-000000-000000-daily.db").write_bytes(b"")
    (backups / "holiday.db").write_bytes(b"x")
    assert backup_module.newest_good(backups) is None
