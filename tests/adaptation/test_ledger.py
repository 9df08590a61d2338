"""The ledger is read strictly, written whole, and named by what it teaches."""

import os
from pathlib import Path

import msgspec
import pytest

from tutor.adaptation import ledger
from tutor.domain import Correction, CorrectionStatus
from tutor.errors import UserError

ONE = Correction(id=3, question="When is lunch?", answer="At noon.", phrasings=("lunch time?",), wrong="At one.")
TWO = Correction(id=1, question="Where is the hall?", answer="Next to the office.", kind="fact")


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    ledger.write(path, (ONE, TWO))
    assert ledger.read(path) == (ONE, TWO)
    assert not list(tmp_path.glob("*.part"))


def test_the_digest_names_what_is_learned_and_nothing_else() -> None:
    digest = ledger.digest((ONE, TWO))
    renamed = msgspec.structs.replace(ONE, by="teacher", why="seen in class", created_at="2026-01-01T00:00:00Z")
    assert ledger.digest((TWO, renamed)) == digest, "order and history do not matter"
    for changed in (
        msgspec.structs.replace(ONE, answer="At one."),
        msgspec.structs.replace(ONE, phrasings=()),
        msgspec.structs.replace(ONE, wrong=""),
        msgspec.structs.replace(ONE, kind="style"),
    ):
        assert ledger.digest((changed, TWO)) != digest


def test_only_accepted_corrections_are_learned() -> None:
    accepted = msgspec.structs.replace(ONE, status=CorrectionStatus.ACCEPTED)
    assert ledger.accepted((accepted, TWO)) == (accepted,)


@pytest.mark.parametrize(
    "line",
    [
        b"{}",
        b"not json",
        b'{"id": 0, "question": "a", "answer": "b"}',
        b'{"id": 2, "question": " ", "answer": "b"}',
        b'{"id": 2, "question": "a", "answer": "b", "kind": "magic"}',
        b'{"id": 2, "question": "a", "answer": "' + b"x" * 5000 + b'"}',
        b'{"id": 3, "question": "a", "answer": "the id of the line before"}',
        b'{"id": 2, "question": "' + b"a" * 300_000 + b'", "answer": "b"}',
    ],
)
def test_a_bad_line_is_named_by_its_number_and_not_by_its_words(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(msgspec.json.encode(ONE) + b"\n\n" + line + b"\n")
    with pytest.raises(UserError) as caught:
        ledger.read(path)
    assert caught.value.code == "ledger"
    assert "Line 3" in str(caught.value)
    assert "the id of the line before" not in str(caught.value)


def test_a_missing_file_and_a_place_that_takes_no_file_are_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        ledger.read(tmp_path / "none.jsonl")
    with pytest.raises(UserError, match="could not be written"):
        ledger.write(tmp_path / "no" / "folder" / "ledger.jsonl", (ONE,))


def test_a_full_disk_leaves_the_old_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ledger.jsonl"
    ledger.write(path, (TWO,))

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match="No space left"):
        ledger.write(path, (ONE,))
    assert ledger.read(path) == (TWO,)
    assert not list(tmp_path.glob("*.part"))
