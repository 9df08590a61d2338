"""The generated text: the same for the same seed, nothing given away, held-out parts really apart."""

from itertools import islice
from random import Random

import pytest

from tutor.domain import Move
from tutor.tutoring import brief
from tutor.tutoring.reveals import reveals_answer
from tutor.workshop.writing import learner_words, text
from tutor.workshop.writing.conversations import Talk, messages, short_answer, wrong_answer
from tutor.workshop.writing.problems import KINDS, Problem
from tutor.workshop.writing.split import held_problem, wordings

BANKS = {name: bank for name, bank in vars(learner_words).items() if name.isupper() and isinstance(bank, tuple)}


@pytest.fixture(scope="module")
def pool() -> list[Problem]:
    return text.pool(5, 600, held=False)


@pytest.fixture(scope="module")
def talks(pool: list[Problem]) -> list[Talk]:
    return list(islice(text.talks(6, pool, held=False), 600))


def test_the_same_seed_gives_the_same_text(pool: list[Problem], talks: list[Talk]) -> None:
    again = text.pool(5, 600, held=False)
    assert [p.fact for p in again] == [p.fact for p in pool]
    assert list(islice(text.talks(6, again, held=False), 50)) == talks[:50]
    assert list(islice(text.talks(7, again, held=False), 50)) != talks[:50]


def test_every_kind_of_problem_is_read_by_the_program(pool: list[Problem]) -> None:
    assert {p.kind for p in text.pool(8, 1500, held=False)} == set(KINDS)


def test_no_hint_attempt_or_diagnosis_gives_the_answer_away(pool: list[Problem], talks: list[Talk]) -> None:
    by_question = {p.fact.question: p.fact for p in pool}
    checked = 0
    for turn in (t for talk in talks for t in talk.turns):
        if turn.move not in (Move.ASK_ATTEMPT, Move.HINT, Move.DIAGNOSE):
            continue
        assert "Answer:" not in turn.notes
        question = turn.notes.split("Problem: ")[1].split("\n")[0]
        # what the wording adds to the notes is what must not give anything away
        added = turn.reply.replace(turn.attempt, "") if turn.attempt else turn.reply
        if not reveals_answer(turn.notes.replace(turn.attempt, ""), by_question[question]):
            assert not reveals_answer(added, by_question[question]), turn
            checked += 1
    assert checked > 500


def test_replies_are_short_calm_and_ask_one_thing(talks: list[Talk]) -> None:
    for turn in (t for talk in talks for t in talk.turns):
        assert "!" not in turn.reply
        assert turn.reply.count("?") <= 1, turn
        assert len(turn.reply.split()) <= 90, turn
        assert "{" not in turn.reply + turn.words


def test_messages_have_the_form_of_the_running_program(talks: list[Talk]) -> None:
    talk = next(t for t in talks if t.system and len(t.turns) >= 3)
    said = messages(talk)
    assert [m["role"] for m in said] == ["system"] + ["user", "assistant"] * len(talk.turns)
    for turn, user in zip(talk.turns, said[1::2], strict=True):
        assert user["content"] == brief.user_message(turn.words, turn.notes)
        assert brief.OPENING in user["content"]


def test_held_out_problems_and_wordings_are_never_trained_on(pool: list[Problem]) -> None:
    held = text.pool(5, 80, held=True)
    assert not {p.fact.question for p in held} & {p.fact.question for p in pool}
    assert all(held_problem(p.fact.question) for p in held)
    assert len(BANKS) >= 15
    for name, bank in BANKS.items():
        kept, trained = wordings(bank, held=True), wordings(bank, held=False)
        assert kept, name
        assert not set(kept) & set(trained) or name in ("ASKS", "ASKS_IN_WORDS"), name
        assert len(kept) + len(trained) == len(bank)


def test_a_bank_too_small_to_hold_any_wording_out_is_refused() -> None:
    with pytest.raises(ValueError, match="seven"):
        wordings(("a", "b"), held=False)


@pytest.mark.parametrize(
    "answer", ["7", "405", "x = 4", "7/8", "1 3/4", "£3.50", "25 cm", "3 < 5", "6 remainder 2", "-12"]
)
def test_a_wrong_attempt_is_wrong_and_a_short_one_keeps_its_digits(answer: str) -> None:
    rng = Random(1)
    for _ in range(200):
        assert wrong_answer(rng, answer) != answer
        short = short_answer(rng, answer)
        assert [c for c in short if c.isdigit()] == [c for c in answer if c.isdigit()]
