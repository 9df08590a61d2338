"""A word of maths in the engine: people's words as they stand, checked, with the open problem kept."""

from collections.abc import Iterator
from typing import Any

import pytest
from engine_talk import Talk

from tutor.bench import shapes
from tutor.domain import Item, Lesson, Move, Outcome, Reply, TutoringState
from tutor.domain_lessons import Assessment, AttemptFirst, Forbidden, Guideline, Withhold
from tutor.engine.protocol import Load, Ready
from tutor.tutoring import glossary, items
from tutor.tutoring.facts import facts_in

OPEN = TutoringState(problem=facts_in("12 x 7")[0], attempts=1, rung=1)


@pytest.fixture(scope="module", params=["", "primary-maths"])
def talk(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talk]:
    lines = ("I do not know about that. Ask a teacher.",)
    path = shapes.speaking_model(tmp_path_factory.mktemp("model") / "speaking.gguf", lines, scope=request.param)
    talking = Talk(Load(model=str(path), safety=".", gpu=False, threads=1))
    talking.wait(Ready)
    yield talking
    talking.client.close()


def written(words: str, *, at_work: bool = False) -> str:
    asked = glossary.asked_for(words)
    assert asked is not None
    return glossary.spoken(asked[0], use=asked[1])[-1 if at_work else 0]


def told_apart(words: str, *, at_work: bool = False) -> str:
    said = [glossary.spoken(term)[-1 if at_work else 0] for term in glossary.meant(words)[0]]
    assert len(said) == 2
    return " ".join(said)


@pytest.mark.parametrize("words", ["what is a prime number", "whats a denomenator??", "how do you use a protractor"])
def test_the_words_of_people_are_the_whole_reply(talk: Talk, words: str) -> None:
    reply: Reply = talk.answer(words)
    assert reply.text == written(words) and reply.move is Move.ADVISE
    assert reply.outcome is Outcome.WRITTEN and reply.in_history and reply.used == ()
    assert all(check.verdict.reason == "classifier" for check in reply.sentences)


def test_an_open_problem_is_gone_back_to(talk: Talk) -> None:
    reply: Reply = talk.answer("what does multiple mean", state=OPEN)
    assert reply.text == f"{written('what does multiple mean', at_work=True)} Shall we go on with 12 × 7?"
    assert reply.state == OPEN and "84" not in reply.text


def test_words_are_told_apart_one_after_the_other_and_the_problem_is_gone_back_to(talk: Talk) -> None:
    words = "whats the difference between a factor and a multiple?"
    free, at_work = talk.answer(words), talk.answer(words, state=OPEN)
    assert (free.text, free.move, free.outcome) == (told_apart(words), Move.ADVISE, Outcome.WRITTEN)
    assert at_work.text == f"{told_apart(words, at_work=True)} Shall we go on with 12 × 7?" and at_work.state == OPEN


def test_a_lesson_explains_its_words_and_not_those_it_leaves_out(talk: Talk) -> None:
    lesson = Lesson(key="a", title="Fractions", subject="maths", guidelines=(Forbidden(topics=("ratio",)),))
    assert talk.answer("what is a numerator", lesson=lesson).text == written("what is a numerator")
    assert written("what is a ratio") not in talk.answer("what is a ratio", lesson=lesson).text


def test_an_open_item_hears_the_definition_and_an_assessment_nothing(talk: Talk) -> None:
    item = Item("q1", "What is 3/4 + 1/8?", "7/8")
    at_it = TutoringState(problem=items.problem_of(item), item="q1")
    practice: tuple[Guideline, ...] = (AttemptFirst(), Withhold())
    closed = (*practice, Assessment(begins="2020-01-01T00:00", ends="2990-01-01T00:00"))
    said = written("what is a numerator", at_work=True)
    for guidelines, told in ((practice, True), (closed, False)):
        lesson = Lesson(key="a", title="Fractions", subject="maths", guidelines=guidelines, items=(item,))
        reply: Reply = talk.answer("what is a numerator", lesson=lesson, state=at_it)
        assert (said in reply.text) is told and "In 3/4" not in reply.text
        assert reply.state.problem == at_it.problem and not reply.state.solved
