"""The app killed with SIGKILL at random moments of writing, 50 times: nothing acknowledged is missing."""

import random
import select
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tutor.store import Store, backup

KILLS = 50
WRITER = Path(__file__).with_name("writer.py")


def run_until_killed(path: Path, backups: Path, seconds: float) -> list[list[str]]:
    """What the program acknowledged before it was killed `seconds` after it had opened the store."""
    command = [sys.executable, str(WRITER), str(path), str(backups)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None and process.stderr is not None
    said = b""
    deadline = None
    while deadline is None or time.monotonic() < deadline:
        if select.select([process.stdout], [], [], 0.001)[0]:
            piece = process.stdout.read1(65536)
            assert piece, process.stderr.read().decode()
            said += piece
            if deadline is None:
                deadline = time.monotonic() + seconds
    process.kill()
    said += process.stdout.read()
    process.wait()
    process.stdout.close()
    process.stderr.close()
    return [line.split() for line in said.decode().split("\n")[:-1]]


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_and_the_file_stays_whole(path: Path, backups: Path) -> None:
    dice = random.Random(50)
    acknowledged: list[list[str]] = []
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
        (learner,) = store.learners()
        messages = {
            message.id: message for each in store.conversations(learner.id) for message in store.messages(each.id)
        }
        flags = {flag.id for flag in store.flags()}
        alerted = {alert.message_id for alert in store.alerts()}
        for kind, *numbers in acknowledged:
            if kind in ("message", "alert"):
                message = messages[int(numbers[0])]
                assert message.text and message.status == "done"
                assert kind != "alert" or message.parent_id in alerted
            elif kind == "shown":
                assert f"Sentence {numbers[1]} of {numbers[0]}." in messages[int(numbers[0])].text
            elif kind == "flag":
                assert int(numbers[0]) in flags
        assert not [message for message in messages.values() if message.status == "writing"]
        check = "INSERT INTO message_fts(message_fts, rank) VALUES ('integrity-check', 1)"
        store._owner.run(lambda: store._db.execute(check))
        assert len(acknowledged) > KILLS
    for info in backup.listed(backups):
        assert backup.is_good(info.path)
