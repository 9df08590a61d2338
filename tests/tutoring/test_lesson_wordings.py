"""Words of a lesson: what moderation says is never worded by a lesson, whatever the model and the item are."""

import pytest

from tutor.domain import Fact, Item, Lesson, Move, TutoringState
from tutor.tutoring import lesson_wordings
from tutor.tutoring.items import KIND, problem_of
from tutor.tutoring.policy import Plan

LESSON = Lesson(key="l", title="Fire", subject="history", items=(Item(id="q1", question="Where?", answer="London"),))


@pytest.mark.parametrize("subject", ["history", "maths"])
@pytest.mark.parametrize("move", [Move.SIGNPOST, Move.REFUSE])
def test_distress_and_refusals_are_left_to_moderation(move: Move, subject: str) -> None:
    fact = Fact(kind=KIND, question="Where?", answer="London")
    plan = Plan(move=move, fact=fact, state=TutoringState(problem=fact, item="q1"))
    lesson = Lesson(key="l", title="Fire", subject=subject, items=LESSON.items)
    assert not lesson_wordings.by_people(plan, lesson)


def test_steps_that_a_teacher_wrote_are_not_a_narrow_model_s_to_say() -> None:
    item = Item(id="q1", question="1/4 of 20", answer="5", steps=("One of 4 equal parts.", "Divide."))
    lesson = Lesson(key="l", title="Parts", subject="maths", items=(item,))
    fact = problem_of(item)
    state = TutoringState(problem=fact, item="q1")
    assert lesson_wordings.by_people(Plan(move=Move.EXPLAIN, fact=fact, state=state), lesson)
    assert "One of 4 equal parts. Divide." in lesson_wordings.fallback(
        Plan(move=Move.EXPLAIN, fact=fact, state=state), lesson
    )


@pytest.mark.parametrize("move", [move for move in Move if move not in (Move.SIGNPOST, Move.REFUSE)])
def test_every_other_move_has_words_of_people(move: Move) -> None:
    fact = Fact(kind=KIND, question="Where?", answer="London", hints=("Think of the capital.",))
    plan = Plan(move=move, fact=fact, attempt="Paris", state=TutoringState(problem=fact, item="q1"))
    assert lesson_wordings.fallback(plan, LESSON).strip()
