"""A reply that asks for a try names the problem whole or not at all."""

from random import Random

import pytest

from tutor.domain import Fact, Move
from tutor.tutoring import brief
from tutor.tutoring.fallbacks import fallback_text
from tutor.tutoring.invitations import fits, rest, shape
from tutor.workshop.writing.conversations import Converser
from tutor.workshop.writing.problems import problems

BRACKETS = "7 × (31 - 3)"
WHEN = "how many minutes is it from 19:06 to 22:41?"


@pytest.mark.parametrize(
    ("said", "comes", "problem", "wanted"),
    [
        ("Let's work on 7", " ×", BRACKETS, " × (31 - 3)"),
        ("Let's work on 7 × (31", "?", BRACKETS, " - 3)"),
        ("Let's hear your idea: how many", " minutes", WHEN, " minutes is it from 19:06 to 22:41?"),
        ("Have a go at 2 hours", " in", "2 hours 10 minutes in minutes", " 10 minutes in minutes"),
        ("Let's work on 7 × (31 - 3)", ".", BRACKETS, ""),  # it is there
        ("Let's work on 7", "0", BRACKETS, ""),  # the middle of a number
        ("Let's work on 7", "/8", BRACKETS, ""),
        ("Let's work on 17", " ×", BRACKETS, ""),
        ("So how many", " can", WHEN, ""),  # too little to know
        ("What would you", " try", BRACKETS, ""),
    ],
)
def test_a_problem_that_was_begun_is_put_down_to_its_end(said: str, comes: str, problem: str, wanted: str) -> None:
    assert rest(said, comes, problem) == wanted


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        ("Let's work on 7 × (31 - 3). Which part would you do first?", BRACKETS),
        ("Have a try first. What would you do?", BRACKETS),
        ("Let's hear your first idea, even a guess: how many minutes is it from 19:06 to 22:41?", WHEN),
        ("You first: which sum would you write down for this story?", "How many are left?"),
        ("Let's simplify 18:24 together. What would you try first?", "simplify 18:24"),
    ],
)
def test_a_problem_named_whole_or_not_at_all_may_be_said(reply: str, problem: str) -> None:
    assert fits(reply, problem)


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        ("Let's work on 7 × (31 - 3", BRACKETS),
        ("What is one thing you could do with 7 × (31 - 3?", BRACKETS),
        ("Let's simplify 7 in total. What would you try first?", BRACKETS),
        ("Let's see 7 × ]\n try at it. What would you do?", BRACKETS),
        ("Let's hear your first idea, even a guess: how many minutes is that?", WHEN),
        ("Let's hear your first idea, even a guess: how many were left?", "How many had gone in?"),
        ("Let's hear your idea, even a guess: could you tell me how far you get.", "How much is it?"),
        ("Let's work on 6 books at 6.65 each together. What would you try first?", "6 books at £6.65 each"),
        ("What would you try first for the simplify 18:24?", "simplify 18:24"),
        ("What would you try first for how many had gone in?", "How many had gone in?"),
        ("Let's see 7 × (31 - 3) in cakes. What would you do?", BRACKETS),
        ("Let's see the story as a picture. What happens first in it?", BRACKETS),
        ("Let's see the story as a picture. What happens first in it?", "is 7 prime?"),
        ("Let's work on 7 × (31 - 3) What would you do first?", BRACKETS),
        ("", BRACKETS),
    ],
)
def test_half_a_problem_or_another_one_may_not(reply: str, problem: str) -> None:
    assert not fits(reply, problem)


def test_all_that_the_workshop_writes_may_be_said() -> None:
    """The starter is trained towards these; numbers and wordings are of those that nothing was fitted to."""
    converser, there = Converser(Random(5), held=True), 0
    for _, problem in zip(range(300), problems(Random(5), held=True), strict=False):
        for turn in converser.about(problem):
            if named := brief.to_name(turn.move, turn.notes):
                there += 1
                assert fits(turn.reply, named), (turn.reply, named)
    assert there > 150


@pytest.mark.parametrize(
    ("question", "kind"),
    [("12 × 7", "term"), ("mean of 3 and 5", "term"), ("round 3.4", "task"), ("How many are left?", "question")],
)
def test_people_s_words_name_every_shape_of_problem_so_that_it_reads(question: str, kind: str) -> None:
    assert shape(question) == kind
    fact = Fact(kind="expression", question=question, answer="1")
    for variant in range(4):
        said = fallback_text(Move.ASK_ATTEMPT, fact, variant=variant)
        assert not question.startswith("mean") or "the mean of" in said
        assert question.rstrip("?") in said and said.count("?") == 1
        assert kind == "term" or f"at {question.rstrip('?')}" not in said
        assert "how many" not in fallback_text(Move.GREET, fact, variant=variant).lower()


@pytest.mark.parametrize(
    ("attempt", "named"),
    [("12", True), ("1 2/3", True), ("4 cm", True), ("no", False), ("143 sqm", False), ("1, 2 and 4", False)],
)
def test_an_attempt_is_called_right_by_its_name_only_where_that_reads(attempt: str, named: bool) -> None:
    fact = Fact(kind="expression", question="7 + 5", answer="12", steps=("7 + 5 = 12",))
    said = [fallback_text(Move.CONFIRM, fact, attempt=attempt, variant=variant) for variant in range(3)]
    assert any(f"Yes, {attempt} is right" in text for text in said) is named
