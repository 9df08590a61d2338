"""Export of everything, and erasure that leaves no byte in any file."""

import json
import sqlite3
from pathlib import Path

import pytest

from tutor.domain import Action, AgeBand, Learner, Lesson, Outcome, Reply, SentenceCheck, Verdict
from tutor.errors import UserError
from tutor.store import Store

SECRET = "zebrafish"
OTHER = "aardvark"
FINE = Verdict(action=Action.ALLOW, scores={"insult": 0.01})


def fill(store: Store, name: str, word: str) -> Learner:
    """A learner whose every table has rows with `word`."""
    learner = store.add_learner(f"{name} {word}", "fox", AgeBand.A8_10, "en-GB")
    store.set_setting("font", "dyslexic", learner.id)
    for number in range(20):
        conversation, _, answer = store.begin_conversation(learner.id, f"{word} title", f"{word} question {number}")
        text = f"{word} answer {number}. " * 20
        store.keep_partial(answer.id, Reply(text=text[: len(text) // 2], outcome=Outcome.FAILED))
        reply = Reply(
            text=text,
            outcome=Outcome.DONE,
            sentences=(SentenceCheck(text=text, verdict=FINE),),
            input_verdict=FINE,
            notes=f"{word} notes",
            alert="abuse" if number == 0 else "",
            severity=2,
        )
        store.finish_message(answer.id, reply, "done")
        flag = store.flag(answer.id, "wrong", f"{word} what", f"{word} better")
        store.propose_correction(
            f"{word} asked", f"{word} better", phrasings=(f"{word} too",), learner_id=learner.id, flag_id=flag.id
        )
        asked = store.put_to_teacher(answer.id, "asked", f"{word} note")
        store.answer_escalation(asked.id, f"{word} of a teacher", "teacher")
        store.keep_review("flag", flag.id, "dismissed", by="teacher", why=f"{word} why")
        store.grade(answer.id, 4, 4, 4, by="teacher")
        store.keep_survey(learner.id, 4, 5)
        store.rate(answer.id, 1)
        if number % 2:
            store.delete_conversation(conversation.id)
        else:
            store.rename_conversation(conversation.id, f"{word} renamed")
    return learner


def holding(folder: Path, word: str) -> list[str]:
    """Names of the files anywhere under `folder` whose bytes hold `word`, in any case."""
    files = (file for file in folder.rglob("*") if file.is_file())
    return sorted(file.name for file in files if word.encode() in file.read_bytes().lower())


def test_an_export_holds_everything_of_one_learner_and_nothing_of_another(store: Store, tmp_path: Path) -> None:
    learner = fill(store, "First", SECRET)
    fill(store, "Second", OTHER)
    target = store.export_learner(learner.id, tmp_path / "export.json")
    data = json.loads(target.read_text("utf-8"))
    assert data["format"] == "tutor-learner" and data["learner"]["name"] == learner.name
    assert len(data["conversations"]) == 20 and len(data["messages"]) == 40
    assert len(data["flags"]) == len(data["ratings"]) == len(data["moderation"]) == 20
    assert len(data["corrections"]) == len(data["decisions"]) == 20
    assert data["corrections"][0]["phrasings"] == [f"{SECRET} too"]
    assert len(data["turn_facts"]) == len(data["put_to_teacher"]) == len(data["reviews"]) == len(data["grades"]) == 20
    assert data["put_to_teacher"][0]["answer"] == f"{SECRET} of a teacher" and len(data["surveys"]) == 20
    assert [alert["kind"] for alert in data["alerts"]] == ["abuse"]
    assert [setting["value"] for setting in data["settings"]] == ["dyslexic"]
    answer = next(message for message in data["messages"] if message["role"] == "tutor")
    assert answer["reply"]["sentences"][0]["verdict"]["scores"] == {"insult": 0.01}
    assert OTHER not in target.read_text("utf-8")


def test_an_export_that_cannot_be_written_keeps_the_older_one(store: Store, tmp_path: Path) -> None:
    learner = fill(store, "First", SECRET)
    with pytest.raises(UserError) as raised:
        store.export_learner(learner.id, tmp_path / "missing" / "export.json")
    assert raised.value.code == "export_failed"
    with pytest.raises(UserError) as raised:
        store.export_learner(999, tmp_path / "export.json")
    assert raised.value.code == "not_found" and not (tmp_path / "export.json").exists()


def test_erasing_leaves_no_byte_in_any_file_and_the_others_whole(path: Path, backups: Path, tmp_path: Path) -> None:
    folder = path.parent
    snapshots = folder / "snapshots"
    snapshots.mkdir(parents=True)
    (snapshots / "conversation-1.kv").write_bytes(f"tokens of {SECRET}".encode())
    with Store.open(path, backups=backups, snapshots=snapshots) as store:
        learner = fill(store, "First", SECRET)
        other = fill(store, "Second", OTHER)
        good, unreadable = store.backup(), store.backup()
        unreadable.path.write_bytes(b"x" * 5000 + SECRET.encode())
        (folder / "tutor.damaged-20260101-000000-000000.db").write_bytes(SECRET.encode())
        before = {conversation.id: store.messages(conversation.id) for conversation in store.conversations(other.id)}
        assert len(holding(folder, SECRET)) >= 5
        store.erase_learner(learner.id)
        assert holding(folder, SECRET) == []
        assert not unreadable.path.exists() and good.path.exists()
        assert store.learners() == (other,)
        after = {conversation.id: store.messages(conversation.id) for conversation in store.conversations(other.id)}
        assert after == before and len(store.flags()) == 20
        assert store.search(other.id, OTHER) and len(store.moderation_log(limit=1000)) == 20
        assert all(alert.learner_id == other.id for alert in store.alerts())
        with pytest.raises(UserError):
            store.learner(learner.id)
        with pytest.raises(UserError):
            store.erase_learner(learner.id)
    assert holding(folder, SECRET) == [] and holding(folder, OTHER)
    with sqlite3.connect(good.path) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert [row[0] for row in copy.execute("SELECT name FROM learner")] == [other.name]
        assert copy.execute("SELECT count(*) FROM message").fetchone()[0] == 40
    with Store.open(path, backups=backups) as store:
        store.restore_backup(next(info for info in store.list_backups() if info.path == good.path))
        assert store.search(other.id, OTHER)


def test_an_erased_learners_id_is_never_given_again(path: Path) -> None:
    with Store.open(path) as store:
        first = store.add_learner("First", "fox", AgeBand.A8_10, "en-GB")
        store.erase_learner(first.id)
    with Store.open(path) as store:
        assert store.add_learner("Second", "owl", AgeBand.A8_10, "en-GB").id > first.id


def test_a_removed_learner_is_still_whole(store: Store) -> None:
    learner = fill(store, "First", SECRET)
    store.remove_learner(learner.id)
    store.restore_learner(learner.id)
    assert len(store.conversations(learner.id)) == 10


def test_an_export_tells_of_classes_of_lessons_that_are_set_and_of_time_that_was_given(
    store: Store, tmp_path: Path
) -> None:
    learner, other = fill(store, "First", SECRET), fill(store, "Second", OTHER)
    lesson = store.create_lesson(Lesson(key="halves-1", title="Halves")).lesson_id
    blue, green = store.add_class("Blue"), store.add_class("Green")
    store.set_members(blue.id, [learner.id])
    store.set_members(green.id, [other.id])
    store.assign(lesson, class_id=blue.id, from_day="2026-01-01", note="for Friday")
    store.assign(lesson, learner_id=learner.id, from_day="2026-02-01")
    store.assign(lesson, class_id=green.id, from_day="2026-03-01")
    store.lift_limit(learner.id, "2026-01-01", 15, "test tomorrow", "a teacher")
    data = json.loads(store.export_learner(learner.id, tmp_path / "export.json").read_text("utf-8"))
    assert [each["name"] for each in data["classes"]] == ["Blue"]
    assert sorted(each["from_day"] for each in data["lessons_set"]) == ["2026-01-01", "2026-02-01"]
    assert [each["reason"] for each in data["limits_lifted"]] == ["test tomorrow"]
