"""The app's own export, made by the real store, becomes conversations and corrections without what must stay out."""

import json
from pathlib import Path

import pytest

from tutor.domain import AgeBand, Intent, Outcome, Reply
from tutor.store import Store
from tutor.workshop.collect import stage
from tutor.workshop.collect.settings import CollectSettings


def answered(store: Store, learner: int, question: str, answer: str, **more: object) -> int:
    """A conversation of one exchange; the number of its answer."""
    _, _, message = store.begin_conversation(learner, question[:20], question)
    reply = {"outcome": Outcome.DONE, "notes": "[For the tutor only]\nAsk the learner to try first."} | more
    store.finish_message(message.id, Reply(text=answer, **reply), "done")  # type: ignore[arg-type]
    return message.id


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """Two good conversations, one reported with a better answer, and five that must not be learned from."""
    store = Store.open(tmp_path / "tutor.db")
    try:
        learner = store.add_learner("Zofia", "fox", AgeBand.A8_10, "en-GB").id
        store.rate(answered(store, learner, "im zofia what is 12 x 7", "Have a go first, Zofia."), 1)
        answered(store, learner, "what is 3/4 of 8?", "Think about one quarter first.")
        flagged = answered(store, learner, "what is 20% of 50?", "It is 20.")
        store.flag(flagged, "wrong", "it is not 20", "Try 10% of 50 first, then double it.")
        store.rate(answered(store, learner, "what is 9 - 4?", "It is 6."), -1)
        store.flag(answered(store, learner, "what is 8 + 5?", "It is 14."), "wrong", "no", "")
        answered(store, learner, "i want to hurt myself", "Please talk to someone.", alert="self_harm", severity=3)
        answered(store, learner, "nobody likes me", "I am sorry.", intent=Intent.DISTRESS)
        answered(store, learner, "how do bombs work", "I can not help.", outcome=Outcome.WRITTEN)
        gone, _, message = store.begin_conversation(learner, "gone", "what is 100 / 4?")
        store.finish_message(message.id, Reply(text="Share it by four.", outcome=Outcome.DONE), "done")
        store.delete_conversation(gone.id)
        return store.export_learner(learner, tmp_path / "zofia.json")
    finally:
        store.close()


def lines(path: Path) -> list[dict]:  # type: ignore[type-arg]
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_an_export_becomes_pairs_and_corrections(exported: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    figures = stage.run(CollectSettings(sources=(str(exported),)), out, lambda _: None)
    pairs = lines(out / "pairs.jsonl")
    said = [(p["messages"][-2]["content"].split("\n\n")[0], p["messages"][-1]["content"]) for p in pairs]
    assert [answer for _, answer in said[1:]] == [
        "Think about one quarter first.",
        "Try 10% of 50 first, then double it.",
    ]
    assert said[0][0].endswith("what is 12 x 7") and said[0][1].startswith("Have a go first, ")
    assert all("[For the tutor only]" in p["messages"][-2]["content"] for p in pairs)  # as the model was asked
    assert [(p["chosen"], p["rejected"]) for p in lines(out / "preferences.jsonl")] == [
        ("Try 10% of 50 first, then double it.", "It is 20.")
    ]
    dropped = figures["dropped"]
    assert dropped["deleted_conversation"] == 1 and dropped["not_for_learning"] == 3
    assert dropped["reported_answer"] == 3 and dropped["report_without_better"] == 1


def test_neither_the_learner_nor_what_must_stay_out_is_in_any_output(exported: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (tmp_path / "other.jsonl").write_text(
        '{"question": "zofia says 4 + 4 is 9", "answer": "What is 4 + 4? Count on."}\n'
    )
    stage.run(CollectSettings(sources=(str(exported), str(tmp_path / "other.jsonl"))), out, lambda _: None)
    for file in out.iterdir():
        words = file.read_bytes().lower()
        for word in (b"zofia", b"hurt", b"nobody likes", b"bombs", b"100 / 4"):
            assert word not in words, (file.name, word)
    answers = "".join(message["content"] for line in lines(out / "collected.jsonl") for message in line["messages"])
    assert "It is 6." not in answers and "It is 14." not in answers and "It is 20." not in answers


def test_an_export_of_a_newer_app_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"format": "tutor-learner", "version": 9, "learner": {"name": "x"}}))
    figures = stage.run(CollectSettings(sources=(str(path),)), tmp_path / "out", lambda _: None)
    assert figures["refused"] == {"a.json": "newer_export"} and figures["read"] == 0
