"""The word problems for training: every template makes stories whose sums read back; held-out forms stay apart."""

import gzip
import json
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from tutor.domain import MathsStatus
from tutor.tutoring import word_facts, word_sums, word_trust
from tutor.tutoring.checks import check_sentence, reveals_answer
from tutor.tutoring.sum_reader import Candidate
from tutor.workshop.evaluation import tasks_words
from tutor.workshop.writing import replies_more, word_problem_facts, word_problems, word_problems_gsm

ROW = {
    "question": "Ben has 12 bags with 3 apples in each. He eats 5 apples. How many apples are left?",
    "answer": "Ben has 12*3=<<12*3=36>>36 apples.\nThere are 36-5=<<36-5=31>>31 left.\n#### 31",
}


def test_every_template_makes_a_story_whose_sum_reads_back() -> None:
    rng = Random(4)
    for template in word_problems.templates():
        made = word_problems.story(rng, template) or word_problems.story(rng, template)
        assert made is not None, template.story
        story, asked = made
        found = word_sums.parse(asked, story)
        assert found is not None, made
        assert found.value > 0
        assert "{" not in story and "(" not in story and "|" not in story, story
        assert word_sums.is_story(story), story


def test_there_are_many_templates_and_one_in_seven_is_held_out() -> None:
    templates = word_problems.templates()
    assert len(templates) >= 150
    held = [t for t in templates if t.held]
    assert 0.1 < len(held) / len(templates) < 0.2
    assert all(t.held for t in templates if t.development)
    assert 0.25 < sum(t.development for t in held) / len(held) < 0.75
    assert len({t.story for t in templates}) == len(templates)


@pytest.mark.parametrize("held", [False, True])
def test_only_templates_of_the_wanted_part_are_told(held: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[word_problems.Template] = []
    make = word_problems.story

    def noted(rng: Random, template: word_problems.Template) -> tuple[str, str] | None:
        told.append(template)
        return make(rng, template)

    monkeypatch.setattr(word_problems, "story", noted)
    assert len(list(islice(word_problems.word_sums(Random(1), held), 60))) == 60
    assert {template.held for template in told} == {held}


def test_stories_as_typed_still_read_back_in_the_engine_s_own_form() -> None:
    for story, asked in islice(word_problems.word_sums(Random(7), False), 150):
        assert word_sums.parse(asked, story) is not None
        chat = word_problems.as_messages(story, asked)
        assert chat == [*word_sums.messages(story), {"role": "assistant", "content": asked}]
        assert [m["role"] for m in chat] == ["system", "user", "assistant"]


def test_a_collected_row_becomes_one_sum_or_none(tmp_path: Path) -> None:
    assert word_problems_gsm.word_sum(ROW["question"], ROW["answer"]) == "12 × 3 - 5 | apples"
    assert word_problems_gsm.word_sum(ROW["question"], "9*9=<<9*9=81>>81\n#### 81") == ""
    assert word_problems_gsm.word_sum(ROW["question"], "no calculation\n#### 31") == ""
    unused = "<<12*3=36>> <<5+3=8>> <<12-3=9>>\n#### 9"
    assert word_problems_gsm.word_sum(ROW["question"], unused) == ""
    with gzip.open(tmp_path / word_problems_gsm.FILE, "wt", encoding="utf-8") as file:
        file.write(json.dumps(ROW) + "\n")
    rows = [*word_problems_gsm.rows(tmp_path, held=False), *word_problems_gsm.rows(tmp_path, held=True)]
    assert rows == [(ROW["question"], "12 × 3 - 5 | apples")]
    for story, asked in islice(word_problems_gsm.varied(Random(3), rows), 20):
        found = word_sums.parse(asked, story)
        assert found is not None and found.value.denominator == 1
    assert list(word_problems_gsm.rows(tmp_path / "nowhere", held=False)) == []


@pytest.mark.parametrize("held", [False, True])
def test_facts_for_conversations_are_true_and_keep_the_answer(held: bool) -> None:
    for problem in islice(word_problem_facts.word_problem_facts(Random(5), held), 40):
        fact = problem.fact
        assert fact.kind == word_sums.KIND and fact.question.endswith("?")
        for step in fact.steps:
            assert check_sentence(f"{step}.", (fact,)).status is MathsStatus.RIGHT, step
        assert not any(reveals_answer(hint, fact) for hint in fact.hints)


def test_replies_say_the_question_and_the_tip_they_are_given() -> None:
    rng = Random(2)
    for question in word_facts.set_up_questions():
        said = {replies_more.set_up(rng, question) for _ in range(30)}
        assert len(said) > 10
        for text in said:
            assert question[1:].rstrip("?.") in text and text.count("?") == 1 and "!" not in text
            assert not any(c.isdigit() for c in text)
    for _ in range(40):
        assert "raw it on paper" in replies_more.advise(rng, "Draw it on paper")


def test_stories_written_by_hand_have_sums_that_fit() -> None:
    told = tasks_words.stories("written", 0)
    assert len(told) >= 60
    for story, wanted in told:
        assert word_sums.parse(wanted, story) is not None, story
        assert word_sums.is_story(story), story


def test_figures_count_right_wrong_and_set_up() -> None:
    told = tasks_words.stories("written", 0)[:10]
    truths = {word_sums.normal(story): wanted for story, wanted in told}

    def knowing(story: str) -> word_trust.Said:
        return word_trust.Said(truths.get(story, "1 + 1"), 0.9)

    def reading(story: str) -> list[Candidate]:
        found = word_sums.parse(truths[word_sums.normal(story)], story)
        assert found is not None
        return [Candidate(found, 0.9)]

    alone = tasks_words.figures(tasks_words.judged(told, None, knowing), 2.0, 0.5)
    assert (alone.right_at_all, alone.right, alone.wrong, alone.set_up) == (1.0, 0.0, 0.0, 1.0)
    borne_out = tasks_words.judged(told, reading, knowing)
    assert tasks_words.figures(borne_out, 0.98, 0.8).right == 1.0
    assert tasks_words.figures(tasks_words.judged(told, reading), 0.98, 0.8).set_up == 1.0
    sure = [
        tasks_words.Story(text="", wanted="", said="", right=right, probability=probability)
        for right, probability in ((True, 0.9), (True, 0.6), (False, 0.7), (False, 0.2))
    ]
    figures = tasks_words.figures(sure, 0.5)
    assert (figures.right, figures.wrong, figures.set_up) == (0.5, 0.25, 0.25)
    assert figures.precision == pytest.approx(2 / 3)
    assert "| 0.5 | 75.0% | 25.0% | 0.0% | 0.0% |" in tasks_words.table(sure)
