"""What the app itself exports (corrections as JSON lines, learners' files) among thousands of other texts."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tutor.corrections import transfer
from tutor.domain import AgeBand, Correction, CorrectionStatus, Learner, Outcome, Reply
from tutor.store import Store
from tutor.workshop import progress
from tutor.workshop.collect import report, stage
from tutor.workshop.collect.settings import CollectSettings

ACCEPTED, OTHERS, PHRASED = 1500, 60, 300
TALKS, REPORTED, UNDECIDED = 400, 120, 20
WRITTEN = 600
_THINGS = ("river", "island", "planet", "engine", "garden", "market", "winter", "bridge", "mirror", "copper")


def lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with Store.open(None) as opened:
        opened.set_contact("The head of year", "room 12", confirmed=True)
        yield opened


def corrected(store: Store, question: str, answer: str, status: CorrectionStatus | None, **more: Any) -> Correction:
    made = store.propose_correction(question, answer, **more)
    own = store.own_words(made.id)
    store.keep_check(own, own, True, ())
    return store.decide(made.id, status, by="teacher", why="seen") if status else made


def flagged(store: Store, learner: Learner, number: int) -> int:
    """A conversation whose answer was reported with a better one; the report's number."""
    asked = f"how many sides has shape number {number}?"
    _, _, message = store.begin_conversation(learner.id, asked[:20], asked)
    notes = "[For the tutor only]\nAsk the learner to try first."
    store.finish_message(message.id, Reply(text=f"It has {number}.", outcome=Outcome.DONE, notes=notes), "done")
    return store.flag(message.id, "wrong", "no", f"Count the corners of shape {number} one by one.").id


@pytest.fixture(scope="module")
def sources(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the app's own files among texts, pages, tables and chats."""
    folder = tmp_path_factory.mktemp("sources")
    rng = Random(4)
    for n in range(ACCEPTED):
        corrected(
            store,
            f"What does the word in row {n} of list {n % 7} mean?",
            f"Row {n} of list {n % 7} is said of things that are {rng.choice(('old', 'new', 'far', 'near'))}.",
            CorrectionStatus.ACCEPTED,
            wrong=f"Row {n} means nothing at all.",
            kind=("fact", "method")[n % 2],
            phrasings=(f"meaning of row {n}, list {n % 7} pls",) if n < PHRASED else (),
        )
    for n in range(OTHERS):
        status = (None, CorrectionStatus.REJECTED, CorrectionStatus.WITHDRAWN)[n % 3]
        if status is CorrectionStatus.WITHDRAWN:
            made = corrected(store, f"Who wrote page {n}?", f"Nobody-{n}.", CorrectionStatus.ACCEPTED)
            store.decide(made.id, status, by="teacher", why="wrong after all")
        else:
            corrected(store, f"Who wrote page {n}?", f"Nobody-{n}.", status)
    assert transfer.export(store, folder / "corrections.jsonl", everything=True) == ACCEPTED + OTHERS
    learner = store.add_learner("Zofia", "fox", AgeBand.A8_10, "en-GB")
    for n in range(TALKS):
        asked = f"what is {n + 100} + {n * 3 + 7}?"
        _, _, message = store.begin_conversation(learner.id, asked[:20], asked)
        answer = f"Have a go at {n + 100} + {n * 3 + 7}: what do the ones make?"
        store.finish_message(message.id, Reply(text=answer, outcome=Outcome.DONE, notes="[For the tutor only]"), "done")
    for n in range(REPORTED):
        flag = flagged(store, learner, n)
        if n < UNDECIDED:
            made = store.propose_correction(f"shape {n}", "Count them.", learner_id=learner.id, flag_id=flag)
            if n % 2:  # half of them are refused, half wait
                store.decide(made.id, CorrectionStatus.REJECTED, by="teacher")
    store.export_learner(learner.id, folder / "zofia.json")
    _others(folder, rng)
    return folder


def _others(folder: Path, rng: Random) -> None:
    """Texts of every other kind, `WRITTEN` of each."""

    def sentence(n: int) -> str:
        told = " and the ".join(rng.sample(_THINGS, 4))
        return f"Story {n} tells of the {told}, and how each of them was found by number {n * 7919}."

    for n in range(WRITTEN):
        (folder / f"text{n}.txt").write_text(sentence(n), encoding="utf-8")
    for n in range(WRITTEN):
        page = f"<html><body><nav>Home</nav><h1>Page {n}</h1><p>{sentence(n + 10_000)}</p></body></html>"
        (folder / f"page{n}.html").write_text(page, encoding="utf-8")
    with (folder / "rows.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(("question", "answer"))
        for n in range(WRITTEN):
            table.writerow((f"What is in box {n} of shelf {n % 9}?", f"Look into box {n}: a {rng.choice(_THINGS)}."))
    with (folder / "chats.jsonl").open("w", encoding="utf-8") as out:
        for n in range(WRITTEN):
            said = [
                {"role": "user", "content": f"where is the {rng.choice(_THINGS)} of town {n}"},
                {"role": "assistant", "content": f"Look at map {n}. What do you see in town {n}?"},
            ]
            out.write(json.dumps({"messages": said}) + "\n")


@pytest.fixture(scope="module")
def collected(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    out = tmp_path_factory.mktemp("out")
    settings = CollectSettings(sources=(str(sources),), balance_ratio=0)
    return out, stage.run(settings, out, lambda _: None)


def test_the_apps_own_feedback_is_read_whole_and_counted(collected: tuple[Path, dict[str, Any]]) -> None:
    out, figures = collected
    kinds = figures["kinds"]
    corrections = ACCEPTED + PHRASED + REPORTED - UNDECIDED
    assert kinds["app_correction"] == {"read": corrections, "kept": corrections}
    assert kinds["app_chat"]["read"] == TALKS + REPORTED
    assert figures["dropped"]["not_accepted"] == OTHERS + UNDECIDED
    assert kinds["document"]["read"] == 2 * WRITTEN and kinds["chat"]["read"] == 2 * WRITTEN
    told = (out / report.MARKDOWN).read_text(encoding="utf-8")
    assert f"| Corrections that the app exported | {corrections:,} |" in told
    assert f"| Conversations that the app exported | {TALKS + REPORTED:,} |" in told
    assert f"| A correction that nobody has accepted | {OTHERS + UNDECIDED} |" in told
    assert f"| {WRITTEN} files .txt | {WRITTEN} |" in told and "| learner export | " in told


def test_a_correction_is_what_is_right_against_what_was_said(collected: tuple[Path, dict[str, Any]]) -> None:
    out, figures = collected
    better = {line["prompt"][-1]["content"]: line for line in lines(out / stage.PREFERENCES)}
    assert figures["preferences"] == len(better) == ACCEPTED + REPORTED - UNDECIDED
    first = better["What does the word in row 0 of list 0 mean?"]
    assert first["chosen"].startswith("Row 0 of list 0 is said") and first["rejected"] == "Row 0 means nothing at all."
    asked = [line["messages"][-2]["content"] for line in lines(out / stage.PAIRS)]
    assert sum(words.startswith("meaning of row ") for words in asked) == PHRASED
    learned = [line["messages"][-1]["content"] for line in lines(out / stage.PAIRS)]
    assert not any("Nobody-" in answer or answer.startswith("It has ") for answer in learned)
    assert not any(answer == "Row 0 means nothing at all." for answer in learned)


def test_where_a_report_was_decided_about_the_accepted_words_are_learned(tmp_path: Path) -> None:
    with Store.open(None) as store:
        learner = store.add_learner("Ben", "fox", AgeBand.A8_10, "en-GB")
        for n in range(2):
            flag = flagged(store, learner, n)
            made = store.propose_correction(f"shape {n}", f"Shape {n} has six.", learner_id=learner.id, flag_id=flag)
            own = store.own_words(made.id)
            store.keep_check(own, own, True, ())
            store.decide(made.id, (CorrectionStatus.ACCEPTED, CorrectionStatus.WITHDRAWN)[n], by="teacher")
        store.export_learner(learner.id, tmp_path / "ben.json")
    stage.run(CollectSettings(sources=(str(tmp_path / "ben.json"),)), tmp_path / "out", lambda _: None)
    (only,) = lines(tmp_path / "out" / stage.PREFERENCES)
    assert (only["chosen"], only["rejected"]) == ("Shape 0 has six.", "It has 0.")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"id": 1, "question": "q?", "answer": "a", "status": "accepted", "kind": 7}', "unknown_form"),
        ('{"id": 1, "question": "  ", "answer": "a", "status": "accepted"}', "unknown_form"),
        ('{"id": 1, "question": "q?", "answer": "a", "status": "grand"}', "unknown_form"),
        ('{"id": 1, "question": "q?", "answer": "a", "created_at": "2026"}', "not_accepted"),
        ('{"id": 1, "question": "q?", "answer": "a", "status": "merged", "merged_into": 2}', "not_accepted"),
    ],
)
def test_a_line_that_is_no_accepted_correction_is_counted(tmp_path: Path, line: str, reason: str) -> None:
    (tmp_path / "a.jsonl").write_text(line + "\n", encoding="utf-8")
    figures = stage.run(CollectSettings(sources=(str(tmp_path / "a.jsonl"),)), tmp_path / "out", lambda _: None)
    assert figures["dropped"] == {reason: 1} and figures["read"] == 0


def test_collecting_shows_the_time_left_by_the_bytes_to_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Clock:
        now = 0.0

        def monotonic(self) -> float:
            Clock.now += 10.0
            return Clock.now

    monkeypatch.setattr(progress, "time", Clock())
    rng = Random(2)
    for name in ("a.jsonl", "b.jsonl"):
        with (tmp_path / name).open("w", encoding="utf-8") as file:
            for n in range(400):
                words = " ".join(rng.choice(_THINGS) for _ in range(100))
                file.write(json.dumps({"question": f"{name} {n} {words}", "answer": f"Try {words} first."}) + "\n")
    sources = tuple(str(tmp_path / name) for name in ("a.jsonl", "b.jsonl"))
    stage.run(CollectSettings(sources=sources), tmp_path / "out", lambda _: None)
    said = [line for line in capsys.readouterr().err.splitlines() if "min left" in line]
    shares = [int(line.partition("%")[0].rpartition(" ")[2]) for line in said]
    left = [float(line.removesuffix(" min left").rpartition(" ")[2]) for line in said]
    assert len(said) > 40 and shares == sorted(shares)
    assert len(set(shares)) > 20  # also within a file
    assert left[-1] < 0.2 * max(left) and all("kept," in line for line in said)
