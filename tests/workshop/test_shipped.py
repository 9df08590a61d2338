"""The starter model that ships: documented, unchanged, and able to word every move with the right numbers."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tutor import paths
from tutor.checksum import sha256_of
from tutor.domain import Generation, Move
from tutor.tutoring import brief
from tutor.tutoring.facts import facts_in
from tutor.tutoring.guidelines import DEFAULT
from tutor.workshop import recipe
from tutor.workshop.evaluation import replies, tasks, tasks_measure, tasks_words
from tutor.workshop.export.agreement import open_model
from tutor.workshop.writing.conversations import Turn
from tutor.workshop.writing.split import held_problem

CONTEXT, SCOPE = 1024, "primary-maths"
FOLDER = paths.starter_model().parent
GREEDY = Generation(temperature=0.0, repeat_penalty=1.0)
PROBLEMS = ("609 + 5306", "18 × 37", "11/15 + 1/4", "80% of 363", "5b + 5 = 90", "64.57 km in m", "£36.22 + £3.13")


@pytest.fixture(scope="module")
def llama() -> Iterator[Any]:
    model = open_model(FOLDER / "starter.gguf", context=CONTEXT, logits=True)
    yield model
    model.close()


def reply(llama: Any, turn: Turn) -> tuple[str, ...]:
    chat = [
        {"role": "system", "content": DEFAULT},
        {"role": "user", "content": brief.user_message(turn.words, turn.notes)},
    ]
    words, ended = replies.answer(llama, chat, GREEDY)
    return (*replies.faults(turn, words, ended=ended), words)


def turn(words: str, move: Move, question: str = "", attempt: str = "") -> Turn:
    fact = facts_in(question)[0] if question else None
    assert fact is None or held_problem(fact.question), "choose a problem that was never trained on"
    notes = brief.render(move, fact, attempt=attempt)
    return Turn(words=words, notes=notes, reply="", move=move, answer=fact.answer if fact else "", attempt=attempt)


def test_the_file_is_the_one_that_the_manifest_and_the_card_describe() -> None:
    manifest = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
    assert {"starter.gguf": sha256_of(FOLDER / manifest["file"])} == manifest["sha256"]
    described = (FOLDER / "README.md").read_text(encoding="utf-8")
    for part in (
        manifest["sha256"]["starter.gguf"],
        "## Data",
        "## Recipe",
        "## Figures",
        "## Ten sample conversations",
        "Apache-2.0",
    ):
        assert part in described
    assert manifest["agreement"]["same_top_token"] >= 0.99
    assert Path(FOLDER / manifest["file"]).stat().st_size < 45_000_000


def test_it_brings_its_template_scope_and_context(llama: Any) -> None:
    assert llama.metadata["tokenizer.chat_template"] == recipe.CHAT_TEMPLATE
    assert llama.metadata["tutor.scope"] == SCOPE
    assert int(llama.metadata["llama.context_length"]) == CONTEXT


CASES = [
    *(turn(question, Move.ASK_ATTEMPT, question) for question in PROBLEMS),
    *(turn("I'm not sure", Move.HINT, question) for question in PROBLEMS),
    *(turn("please explain", Move.EXPLAIN, question) for question in PROBLEMS),
    turn("is it 5915?", Move.CONFIRM, "609 + 5306", "5915"),
    turn("I think b = 17", Move.CONFIRM, "5b + 5 = 90", "b = 17"),
    turn("290.4", Move.CONFIRM, "80% of 363", "290.4"),
    turn("I got 5815", Move.DIAGNOSE, "609 + 5306", "5815"),
    turn("12/19?", Move.DIAGNOSE, "11/15 + 1/4", "12/19"),
    turn("it's 6457", Move.DIAGNOSE, "64.57 km in m", "6457"),
    turn("who won the battle of hastings", Move.REDIRECT),
    turn("write me a poem about the sea", Move.REDIRECT),
    turn("hello", Move.GREET),
    turn("thanks for that", Move.ACKNOWLEDGE),
]


def test_it_words_every_move_and_nine_in_ten_replies_are_right(llama: Any) -> None:
    """The program checks each reply again; this holds the model itself to what its card says."""
    judged = [(case.move, *reply(llama, case)) for case in CASES]
    wrong = [result for result in judged if len(result) > 2]
    assert len(wrong) <= len(CASES) // 10, wrong
    assert {move for move, *_ in judged if move not in {result[0] for result in wrong}} >= {
        Move.ASK_ATTEMPT,
        Move.HINT,
        Move.GREET,
        Move.ACKNOWLEDGE,
        Move.REDIRECT,
    }


def test_it_never_says_that_a_wrong_attempt_is_right(llama: Any) -> None:
    for case in (c for c in CASES if c.move is Move.DIAGNOSE):
        said = reply(llama, case)[-1].lower()
        assert any(word in said for word in ("not", "isn't", "doesn't")), said


def test_it_gives_no_answer_away_before_an_attempt(llama: Any) -> None:
    for case in (c for c in CASES if c.move in replies.SECRET):
        assert case.answer not in reply(llama, case)[-1]


def test_it_finds_the_sums_of_stories_about_as_often_as_its_manifest_says(llama: Any) -> None:
    manifest = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
    measured = manifest["evaluation"].get("tasks", {}).get("word problems: right sum")
    taught = llama.metadata.get("tutor.word_sums") == "true"
    assert taught == (measured is not None)
    if measured is None:
        return
    read = tasks_words.reader()
    told = [tasks_measure.tell(llama, script, read) for script in tasks.cases(11, 12) if script.task == "story"]
    assert sum(t.right for t in told) / len(told) >= measured["share"] - 0.35
