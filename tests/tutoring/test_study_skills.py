"""Advice about learning: enough of it, recognised in a learner's words, turn about, never in a problem's way."""

import pytest

from tutor.domain import Intent, Move, TutoringState
from tutor.tutoring import study_skills
from tutor.tutoring.facts import facts_in
from tutor.tutoring.policy import decide


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("how can I learn my 7 times table", "times_tables"), ("any good way to revise fractions", "revising"),
        ("im scared of the maths test on friday", "test_nerves"), ("i keep doing silly mistakes", "careless_slips"),
        ("how do i check my answers", "checking_work"), ("ive got so much homework", "planning_homework"),
        ("i cant concentrate on this", "focusing"), ("word problems are so confusing", "reading_a_question"),
        ("i always get everything wrong", "mistakes"), ("im too shy to ask my teacher", "asking_for_help"),
        ("im so bad at maths", "confidence"), ("what should i do when i get stuck", "stuck"),
        ("how can i get better at division", "getting_better"), ("im so stupid", "confidence"),
        ("i hate maths", "confidence"), ("its boring", "confidence"), ("i cant do my homework", "confidence"),
    ],
)  # fmt: skip
def test_a_situation_is_recognised(words: str, name: str) -> None:
    found = study_skills.situation(words)
    assert found is not None and found.name == name


@pytest.mark.parametrize(
    "words",
    [
        "12 x 7",
        "tell me the answer",
        "idk",
        "hello",
        "is it 5?",
        "what is a fraction",
        "stupid is a word",
        "this is it",
        "",
    ],
)
def test_other_words_get_no_advice(words: str) -> None:
    assert study_skills.tip(words) == ""


def test_there_are_many_tips_in_plain_words() -> None:
    tips = study_skills.tips()
    assert len(tips) >= 60 and len(set(tips)) == len(tips)
    for tip in tips:
        assert tip.endswith((".", "?")) and "!" not in tip and len(tip.split()) <= 32, tip


def test_advice_changes_from_turn_to_turn_and_keeps_the_problem() -> None:
    state = TutoringState(problem=facts_in("12 x 7")[0], attempts=1, rung=1)
    tips = []
    for _ in range(4):
        plan = decide("im so nervous about my test", intent=Intent.OFF_TOPIC, facts=(), state=state, scope="x")
        assert (plan.move, plan.withhold) == (Move.ADVISE, True)
        assert f"Tip: {plan.given}" in plan.notes
        assert (plan.state.problem, plan.state.rung, plan.state.attempts) == (state.problem, 1, 1)
        tips.append(plan.given)
        state = plan.state
    assert len(set(tips)) == 4


def test_a_learner_at_work_gets_hints_and_not_advice() -> None:
    state = TutoringState(problem=facts_in("12 x 7")[0])
    for words in ("what do i do when im stuck", "how do i learn my times tables"):
        assert decide(words, intent=Intent.ASKS_HINT, facts=(), state=state, scope="x").move is Move.HINT
        assert decide(words, intent=Intent.ASKS_HINT, facts=(), state=TutoringState(), scope="x").move is Move.ADVISE
