"""Corrections as JSON lines: what goes out names nobody, what comes in is bounded and only proposed."""

import io
from pathlib import Path

import msgspec
import pytest

from tutor.corrections import transfer
from tutor.domain import Correction, CorrectionStatus, Learner
from tutor.errors import UserError
from tutor.store import Store


def accepted(store: Store, question: str, answer: str, **more: object) -> Correction:
    made = store.propose_correction(question, answer, **more)  # type: ignore[arg-type]
    own = store.own_words(made.id)
    store.keep_check(own, own, True, ())
    return store.decide(made.id, CorrectionStatus.ACCEPTED, by="teacher", why="asked in the office")


def test_what_goes_out_comes_in_as_proposed_and_unchecked(store: Store, learner: Learner, tmp_path: Path) -> None:
    accepted(store, "When is lunch?", "At 12:10.", phrasings=("lunch time?",), wrong="At noon.", learner_id=learner.id)
    accepted(store, "When is my club?", "At 3.", scope="learner", learner_id=learner.id)
    file = tmp_path / "corrections.jsonl"
    assert transfer.export(store, file) == 1
    assert b"office" not in file.read_bytes() and b"learner_id" not in file.read_bytes()
    with Store.open(None) as other:
        (made,) = transfer.take_in(other, transfer.read(file))
        assert (made.status, made.checked, made.scope, made.learner_id) == (
            CorrectionStatus.PROPOSED,
            "",
            "class",
            None,
        )
        assert (made.question, made.answer, made.wrong) == ("When is lunch?", "At 12:10.", "At noon.")
        assert made.phrasings == ("lunch time?",) and other.decisions(made.id)[0].by == "import"
        assert transfer.take_in(other, transfer.read(file)) == ()


def test_what_was_not_checked_never_goes_out(store: Store, tmp_path: Path) -> None:
    store.propose_correction("When does Ada come?", "At nine, says Ada.")
    accepted(store, "When is lunch?", "At 12:10.")
    assert transfer.export(store, tmp_path / "all.jsonl", everything=True) == 1
    assert b"Ada" not in (tmp_path / "all.jsonl").read_bytes()


def test_a_file_cannot_accept_itself_or_claim_its_checks(store: Store) -> None:
    line = msgspec.json.encode(
        {"id": 7, "question": "q", "answer": "a", "status": "accepted", "checked": "passed", "by": "teacher",
         "learner_id": 1, "flag_id": 9, "merged_into": 3}
    )  # fmt: skip
    (made,) = transfer.take_in(store, transfer.read(io.BytesIO(line + b"\n")))
    assert (made.status, made.checked, made.by) == (CorrectionStatus.PROPOSED, "", "")
    assert (made.learner_id, made.flag_id, made.merged_into) == (None, None, None)


@pytest.mark.parametrize(
    "data",
    [
        b"not json\n",
        b'{"id": 1, "question": "q"}\n',
        b'{"id": 1, "question": "q", "answer": "  "}\n',
        b'{"id": 1, "question": "q", "answer": "a", "kind": "order"}\n',
        b'{"id": 1, "question": "q", "answer": "' + b"a" * 5000 + b'"}\n',
        b'{"id": 1, "question": "q", "answer": "a", "phrasings": [' + b'"p",' * 200 + b'"p"]}\n',
        b"x" * (transfer.MOST_BYTES + 1),
        b"".join(b'{"id": %d, "question": "q", "answer": "a"}\n' % n for n in range(1, transfer.MOST + 2)),
        b'{"id": 1, "question": "\xff", "answer": "a"}\n',
    ],
    ids=["no JSON", "no answer", "blank", "kind", "long", "phrasings", "huge", "many", "bytes"],
)
def test_what_is_not_in_order_is_refused_and_nothing_is_taken_in(store: Store, data: bytes) -> None:
    with pytest.raises(UserError) as refused:
        transfer.take_in(store, transfer.read(io.BytesIO(data)))
    assert refused.value.code == "ledger"
    assert store.corrections() == ()
