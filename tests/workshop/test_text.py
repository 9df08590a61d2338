"""The generated text: the same for the same seed, nothing given away, held-out parts really apart."""

import json
from itertools import chain, islice
from pathlib import Path
from random import Random

import msgspec
import pytest

from tutor.domain import MathsStatus, Move
from tutor.tutoring import brief, grading
from tutor.tutoring.checks import check_sentence
from tutor.tutoring.facts import facts_in
from tutor.tutoring.reveals import reveals_answer
from tutor.workshop.writing import replies, text
from tutor.workshop.writing.attempts import attempt, short_answer, wrong_answer
from tutor.workshop.writing.conversations import BANKS, Talk, Turn, messages
from tutor.workshop.writing.invented import invented
from tutor.workshop.writing.problems import KINDS, Problem, drawn
from tutor.workshop.writing.split import bare, held_problem, templates, wordings

STORIES = ("word problem", "story")
SECRET = (Move.ASK_ATTEMPT, Move.HINT, Move.DIAGNOSE)


@pytest.fixture(scope="module")
def pool() -> list[Problem]:
    return text.pool(5, 350, held=False)


@pytest.fixture(scope="module")
def talks(pool: list[Problem]) -> list[Talk]:
    return list(islice(text.talks(6, pool, held=False), 300))


@pytest.fixture(scope="module")
def unseen() -> list[Talk]:
    return list(islice(text.talks(7, text.pool(8, 30, held=True), held=True), 150))


def turns(talks: list[Talk]) -> list[Turn]:
    return list(chain.from_iterable(talk.turns for talk in talks))


def test_the_same_seed_gives_the_same_text(pool: list[Problem], talks: list[Talk]) -> None:
    again = text.pool(5, 350, held=False)
    assert [p.fact for p in again] == [p.fact for p in pool]
    assert list(islice(text.talks(6, again, held=False), 50)) == talks[:50]
    assert list(islice(text.talks(7, again, held=False), 50)) != talks[:50]


@pytest.mark.parametrize("name", KINDS)
def test_every_way_of_putting_a_problem_is_read_by_the_program(name: str) -> None:
    rng = Random(9)
    for held in (False, True):
        for template in templates(KINDS[name].templates, held=held):
            found = [facts_in(template.format(**KINDS[name].values(rng))) for _ in range(8)]
            assert sum(len(facts) == 1 for facts in found) >= 4, template
        assert drawn(rng, name, held=held)[0].startswith(name)


def test_no_hint_attempt_or_diagnosis_gives_the_answer_away(pool: list[Problem], talks: list[Talk]) -> None:
    by_question = {p.fact.question: p.fact for p in pool}
    checked = 0
    for turn in turns(talks):
        if turn.move not in SECRET:
            continue
        assert "Answer:" not in turn.notes
        if turn.kind == "word problem" and sum(p.fact.question == turn.question for p in pool) > 1:
            continue  # several stories end with the same question
        # what the wording adds to the notes is what must not give anything away
        added = turn.reply.replace(turn.attempt, "") if turn.attempt else turn.reply
        if not reveals_answer(turn.notes.replace(turn.attempt, ""), by_question[turn.question]):
            assert not reveals_answer(added, by_question[turn.question]), turn
            checked += 1
    assert checked > 150


def test_replies_are_short_calm_ask_one_thing_and_say_nothing_twice(talks: list[Talk]) -> None:
    long = 0
    for turn in turns(talks):
        assert "!" not in turn.reply
        assert turn.reply.count("?") <= max(1, turn.notes.count("?")), turn
        assert "{" not in turn.reply + turn.words, turn
        assert not replies.repeats(turn.reply), turn
        assert len(replies.sentences(turn.reply)) <= 4, turn
        assert replies.word_count(turn.reply) >= replies.FEWEST, turn
        long += replies.word_count(turn.reply) > replies.MOST
    assert long < len(turns(talks)) / 100


def test_an_explanation_has_every_step_unchanged_and_in_order_then_the_answer(pool: list[Problem]) -> None:
    rng = Random(1)
    for problem in pool:
        said = replies.explain(rng, problem.fact).lower()
        at = 0
        for step in problem.fact.steps:
            at = said.find(step.lower(), at)
            assert at >= 0, (step, said)
        assert problem.fact.answer.lower() in said[at:], (problem.fact, said)


def test_the_program_finds_no_wrong_maths_in_the_tutors_words(pool: list[Problem], talks: list[Talk]) -> None:
    by_question = {p.fact.question: p.fact for p in pool if p.kind not in STORIES}
    for turn in turns(talks):
        facts = (by_question[turn.question],) if turn.question in by_question else ()
        for sentence in replies.sentences(turn.reply):
            assert check_sentence(sentence, facts).status is not MathsStatus.WRONG, (turn.move, sentence)


def test_invented_hints_hold_the_problems_answer_no_more_than_the_problem_does(pool: list[Problem]) -> None:
    rng = Random(2)
    hints = [(p.fact, hint) for p in pool[:200] for hint in invented(rng, p.fact).hints]
    assert sum(reveals_answer(hint, fact) for fact, hint in hints) == 0
    assert len({hint for _, hint in hints}) > 150


def test_messages_have_the_form_of_the_running_program(talks: list[Talk]) -> None:
    talk = next(t for t in talks if t.system and len(t.turns) >= 3)
    said = messages(talk)
    assert [m["role"] for m in said] == ["system"] + ["user", "assistant"] * len(talk.turns)
    for turn, user in zip(talk.turns, said[1::2], strict=True):
        assert user["content"] == brief.user_message(turn.words, turn.notes)
        assert brief.OPENING in user["content"]


def test_nothing_of_the_held_out_part_is_ever_trained_on(talks: list[Talk], unseen: list[Talk]) -> None:
    """Not the numbers, not the way of putting the problem, not the learner's phrasing."""
    read, kept = turns(talks), turns(unseen)
    told = {t.question for t in (*read, *kept) if t.kind in STORIES}  # stories are held out by their own templates
    worked = [t for t in kept if t.question and t.question not in told]
    assert not {t.question for t in read} & {t.question for t in worked}
    assert all(held_problem(t.question) for t in worked)
    assert not any(held_problem(t.question) for t in read if t.question and t.question not in told)
    assert not {t.template for t in read if t.kind not in STORIES} - {""} & {t.template for t in worked}
    assert not {t.words for t in read if t.kind in STORIES} & {t.words for t in kept if t.template or t.kind == "story"}
    seen = {bare(p) for t in read for p in t.phrasings}
    held = {bare(p) for t in kept for p in t.phrasings}
    assert not seen & held
    assert len(seen) > 200
    assert len(held) > 50


@pytest.mark.parametrize("name", BANKS)
def test_every_bank_keeps_phrasings_that_no_other_bank_trains_on(name: str) -> None:
    trained = {bare(w) for bank in BANKS.values() for w in wordings(bank, held=False)} - {""}
    kept = wordings(BANKS[name], held=True)
    assert kept
    assert not {bare(w) for w in kept} & trained


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_keeps_templates_of_its_own(name: str) -> None:
    bank = KINDS[name].templates
    kept, trained = templates(bank, held=True), templates(bank, held=False)
    assert kept
    assert not set(kept) & set(trained)


def test_the_files_hold_no_held_out_phrasing(tmp_path: Path) -> None:
    text.write(tmp_path, pages=60, first=40, second=60, held=20, number_of_problems=80, held_problems=8, seed=3)
    text.practice(tmp_path, exchanges=60, conversations=10, number_of_problems=100, seed=3)
    held = [msgspec.json.decode(line, type=Talk) for line in (tmp_path / "held.jsonl").read_bytes().splitlines()]
    told = {t.question for t in turns(held) if t.kind in STORIES}
    questions = {t.question for t in turns(held) if t.question} - told
    long = {w for bank in BANKS.values() for w in wordings(bank, held=True) if "{" not in w and len(w) > 16}
    for name in ("pretrain.jsonl", "finetune.jsonl", "practice.jsonl"):
        for line in (tmp_path / name).read_text(encoding="utf-8").splitlines():
            item = json.loads(line)
            said = item.get("text") or "\n".join(m["content"] for m in item["messages"] if m["role"] == "user")
            assert not [w for w in long if w in said], line
            assert not [q for q in questions if f"Problem: {q}\n" in said + "\n"], line


def test_a_bank_too_small_to_hold_any_wording_out_is_refused() -> None:
    with pytest.raises(ValueError, match="seven"):
        wordings(("a", "b"), held=False)
    with pytest.raises(ValueError, match="four"):
        templates(("a", "b"), held=False)


@pytest.mark.parametrize(
    "answer", ["7", "405", "x = 4", "7/8", "1 3/4", "£3.50", "25 cm", "3 < 5", "6 remainder 2", "-12", "81 mm²", "7:5"]
)
def test_a_wrong_attempt_is_wrong_and_a_short_one_keeps_its_digits(answer: str) -> None:
    rng = Random(1)
    for _ in range(200):
        assert wrong_answer(rng, answer) != answer
        short = short_answer(rng, answer)
        assert [c for c in short if c.isdecimal()] == [c for c in answer if c.isdecimal()]


def test_attempts_are_graded_as_they_were_meant(pool: list[Problem]) -> None:
    rng = Random(4)
    wrong = [p.fact for p in pool if grading.is_right(attempt(rng, p.fact, right=False), p.fact)]
    missed = [p.fact for p in pool if not grading.is_right(attempt(rng, p.fact, right=True), p.fact)]
    assert not wrong
    assert not missed
