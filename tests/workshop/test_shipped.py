"""The starter model that ships: documented, unchanged, and able to word every move with the right numbers."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tutor import paths
from tutor.domain import Generation, Move
from tutor.tutoring import brief
from tutor.tutoring.facts import facts_in
from tutor.tutoring.guidelines import DEFAULT
from tutor.workshop import card, evaluate, recipe
from tutor.workshop.agreement import open_model
from tutor.workshop.conversations import Turn
from tutor.workshop.split import held_problem

FOLDER = paths.starter_model().parent
GREEDY = Generation(temperature=0.0, repeat_penalty=1.0)
PROBLEMS = ("609 + 5306", "18 × 37", "11/15 + 1/4", "80% of 363", "5b + 5 = 90", "64.57 km in m", "£36.22 + £3.13")


@pytest.fixture(scope="module")
def llama() -> Iterator[Any]:
    model = open_model(FOLDER / "starter.gguf", context=recipe.CONTEXT)
    yield model
    model.close()


def reply(llama: Any, turn: Turn) -> tuple[str, ...]:
    chat = [
        {"role": "system", "content": DEFAULT},
        {"role": "user", "content": brief.user_message(turn.words, turn.notes)},
    ]
    words, ended = evaluate.answer(llama, chat, GREEDY)
    return (*evaluate.faults(turn, words, ended=ended), words)


def turn(words: str, move: Move, question: str = "", attempt: str = "") -> Turn:
    fact = facts_in(question)[0] if question else None
    assert fact is None or held_problem(fact.question), "choose a problem that was never trained on"
    notes = brief.render(move, fact, attempt=attempt)
    return Turn(words=words, notes=notes, reply="", move=move, answer=fact.answer if fact else "", attempt=attempt)


def test_the_file_is_the_one_that_the_manifest_and_the_card_describe() -> None:
    manifest = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
    assert card.sha256(FOLDER / manifest["file"]) == manifest["sha256"]
    described = (FOLDER / "README.md").read_text(encoding="utf-8")
    for part in (manifest["sha256"], "## Data", "## Recipe", "## Figures", "## Ten sample conversations", "Apache-2.0"):
        assert part in described
    assert manifest["agreement"]["same_top_token"] >= 0.99
    assert Path(FOLDER / manifest["file"]).stat().st_size < 16_000_000


def test_it_brings_its_template_scope_and_context(llama: Any) -> None:
    assert llama.metadata["tokenizer.chat_template"] == recipe.CHAT_TEMPLATE
    assert llama.metadata["tutor.scope"] == recipe.SCOPE
    assert llama.n_ctx_train() == recipe.CONTEXT if hasattr(llama, "n_ctx_train") else True


@pytest.mark.parametrize("question", PROBLEMS)
@pytest.mark.parametrize("move", [Move.ASK_ATTEMPT, Move.HINT, Move.EXPLAIN])
def test_it_uses_the_numbers_of_its_notes(llama: Any, question: str, move: Move) -> None:
    words = {Move.ASK_ATTEMPT: question, Move.HINT: "I'm not sure", Move.EXPLAIN: "please explain"}[move]
    *wrong, said = reply(llama, turn(words, move, question))
    assert not wrong, said


@pytest.mark.parametrize(
    ("question", "attempt"), [("609 + 5306", "5915"), ("5b + 5 = 90", "b = 17"), ("80% of 363", "290.4")]
)
def test_it_confirms_what_is_right(llama: Any, question: str, attempt: str) -> None:
    *wrong, said = reply(llama, turn(f"is it {attempt}?", Move.CONFIRM, question, attempt))
    assert not wrong, said


@pytest.mark.parametrize(
    ("question", "attempt"), [("609 + 5306", "5815"), ("11/15 + 1/4", "12/19"), ("64.57 km in m", "6457")]
)
def test_it_diagnoses_what_is_wrong_without_the_answer(llama: Any, question: str, attempt: str) -> None:
    *wrong, said = reply(llama, turn(f"I got {attempt}", Move.DIAGNOSE, question, attempt))
    assert not wrong, said
    assert "not" in said or "isn't" in said or "doesn't" in said


@pytest.mark.parametrize("words", ["who won the battle of hastings", "write me a poem about the sea", "what is DNA"])
def test_it_says_honestly_what_it_does_not_know(llama: Any, words: str) -> None:
    *wrong, said = reply(llama, turn(words, Move.REDIRECT))
    assert not wrong, said


def test_it_greets_and_acknowledges(llama: Any) -> None:
    for words, move in (("hello", Move.GREET), ("thanks for that", Move.ACKNOWLEDGE)):
        *wrong, said = reply(llama, turn(words, move))
        assert not wrong, said
        assert 2 <= len(said.split()) <= 30
