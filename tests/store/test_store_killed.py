"""The app killed with SIGKILL at random moments of writing, 50 times: nothing acknowledged is missing."""

import multiprocessing
import random
import sqlite3
import time
from pathlib import Path

import writer

from tutor.store import Store, backup

KILLS = 50


def run_until_killed(path: Path, backups: Path, seconds: float) -> list[tuple[str, int, int]]:
    """What the program acknowledged before it was killed `seconds` after it had opened the store."""
    context = multiprocessing.get_context("forkserver")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=writer.write_for_ever, args=(path, backups, there))
    process.start()
    there.close()
    said = [here.recv()]
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if here.poll(left):
            said.append(here.recv())
    process.kill()
    process.join()
    try:
        while True:
            said.append(here.recv())
    except (EOFError, OSError):  # OSError: killed in the middle of telling
        here.close()
    return said


def test_nothing_acknowledged_is_lost_and_the_file_stays_whole(path: Path, backups: Path) -> None:
    dice = random.Random(50)
    acknowledged: list[tuple[str, int, int]] = []
    kills_with_writes = 0
    for _ in range(KILLS):
        lines = run_until_killed(path, backups, dice.uniform(0.0, 0.2))
        kills_with_writes += len(lines) > 1
        acknowledged += lines
        with sqlite3.connect(path) as raw:
            assert raw.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
        raw.close()
    assert kills_with_writes > KILLS * 0.8
    with Store.open(path, backups=backups) as store:
        assert len(store.learners()) == 1
        numbered = {
            number for kind, *numbers in acknowledged if kind in ("message", "alert", "shown") for number in numbers[:1]
        }
        # one by one: a kill between a delete and its undo leaves a conversation deleted, with all its messages
        messages = {number: store.message(number) for number in numbered}
        flags = {flag.id for flag in store.flags()}
        alerted = {alert.message_id for alert in store.alerts()}
        for kind, *numbers in acknowledged:
            if kind in ("message", "alert"):
                message = messages[numbers[0]]
                assert message.text and message.status == "done"
                assert kind != "alert" or message.parent_id in alerted
            elif kind == "shown":
                assert f"Sentence {numbers[1]} of {numbers[0]}." in messages[numbers[0]].text
            elif kind == "flag":
                assert numbers[0] in flags
        writing = "SELECT count(*) FROM message WHERE status = 'writing'"
        assert store._owner.run(lambda: store._db.execute(writing).fetchone()[0]) == 0
        check = "INSERT INTO message_fts(message_fts, rank) VALUES ('integrity-check', 1)"
        store._owner.run(lambda: store._db.execute(check))
        assert len(acknowledged) > KILLS
        assert list(backups.glob("*.part*")) == []
    for info in backup.listed(backups):
        assert backup.is_good(info.path)
