"""A full disk: said plainly, nothing acknowledged lost, and everything works again once there is room."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tutor.domain import AgeBand, Learner, Outcome, Reply, Role
from tutor.errors import UserError
from tutor.store import Store

LIMITED = """
import resource, signal, sys
from pathlib import Path
from tutor.domain import AgeBand, Role
from tutor.errors import UserError
from tutor.store import Store
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
path = Path(sys.argv[1])
store = Store.open(path)
learner = store.add_learner("Learner", "fox", AgeBand.A8_10, "en-GB")
conversation = store.new_conversation(learner.id, "full")
resource.setrlimit(resource.RLIMIT_FSIZE, (1_400_000, resource.RLIM_INFINITY))
kept = 0
try:
    while True:
        store.add_message(conversation.id, None, Role.LEARNER, f"{kept} " * 2000)
        kept += 1
except UserError as error:
    print(error.code)
print(kept, len(store.messages(conversation.id)), len(store.search(learner.id, "1")))
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
for number in range(5):
    store.add_message(conversation.id, None, Role.LEARNER, f"after {number}")
print(len(store.messages(conversation.id)))
store.close()
"""


def fill_up(store: Store, learner: Learner) -> tuple[list[int], UserError]:
    """Write until it no longer goes. Returns what was acknowledged and how the end was told."""
    conversation = store.new_conversation(learner.id, "full")
    kept = []
    for number in range(100_000):
        try:
            kept.append(store.add_message(conversation.id, None, Role.LEARNER, f"{number} " * 2000).id)
        except UserError as error:
            return kept, error
    raise AssertionError("the limit was never reached")


def test_a_full_database_is_told_and_usable_again(path: Path, store: Store, learner: Learner) -> None:
    pages = store._owner.run(lambda: store._db.execute("PRAGMA page_count").fetchone()[0])
    store._owner.run(lambda: store._db.execute(f"PRAGMA max_page_count = {pages + 100}").fetchone())
    _, _, answer = store.begin_conversation(learner.id, "first", "question")
    store.keep_partial(answer.id, Reply(text="Shown.", outcome=Outcome.FAILED))
    kept, error = fill_up(store, learner)
    assert error.code == "disk_full" and "kept" in str(error) and len(kept) > 5
    with pytest.raises(UserError):
        store.finish_message(answer.id, Reply(text="x" * 100_000, outcome=Outcome.DONE, alert="abuse"), "done")
    assert store.message(answer.id).text == "Shown." and store.alerts() == ()
    assert [store.message(each).id for each in kept] == kept
    store._owner.run(lambda: store._db.execute("PRAGMA max_page_count = 1000000").fetchone())
    assert store.finish_message(answer.id, Reply(text="Done.", outcome=Outcome.DONE), "done").text == "Done."
    store.close()
    with Store.open(path) as again:
        assert [again.message(each).id for each in kept] == kept
        assert again.message(answer.id).text == "Done."


def test_a_limit_on_the_size_of_files_is_survived(path: Path) -> None:
    ran = subprocess.run([sys.executable, "-c", LIMITED, str(path)], capture_output=True, text=True, check=False)
    code, counts, after = ran.stdout.strip().split("\n") or [ran.stderr]
    kept, readable, found = map(int, counts.split())
    assert code in ("disk_full", "disk_error")
    assert kept == readable > 5 and found > 0
    assert int(after) == kept + 5
    with Store.open(path) as store:
        conversation = store.conversations(store.learners()[0].id)[0]
        assert len(store.messages(conversation.id)) == kept + 5


def test_a_small_disk_that_fills_up(tmp_path: Path) -> None:
    """A file system of 2 MB of its own where this user may mount one; else a plain folder with max_page_count."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)]
    mounted = shutil.which("mount") and subprocess.run(mount, capture_output=True, check=False).returncode == 0
    try:
        path = disk / "tutor.db"
        store = Store.open(path, backups=disk / "backups")
        learner = store.add_learner("Learner", "fox", AgeBand.A8_10, "en-GB")
        ballast = disk / "ballast"
        ballast.write_bytes(bytes(500_000))
        if not mounted:
            store._owner.run(lambda: store._db.execute("PRAGMA max_page_count = 200").fetchone())
        kept, error = fill_up(store, learner)
        assert error.code == "disk_full" and len(kept) > 5
        if mounted:
            with pytest.raises(UserError):
                store.backup()
        assert store.list_backups() == ()
        assert store.search(learner.id, "1")
        store.close()
        store = Store.open(path, backups=disk / "backups")
        assert [store.message(each).id for each in kept] == kept
        ballast.unlink()
        store._owner.run(lambda: store._db.execute("PRAGMA max_page_count = 1000000").fetchone())
        _, question, _ = store.begin_conversation(learner.id, "after", "there is room again")
        store.close()
        with Store.open(path) as again:
            assert [again.message(each).id for each in (*kept, question.id)] == [*kept, question.id]
    finally:
        if mounted:
            subprocess.run(["umount", str(disk)], check=True)
