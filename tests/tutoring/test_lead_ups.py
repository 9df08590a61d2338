"""Around a line that a reply passes on stand a few words of the tutor's own, and no half of another line."""

from random import Random

import pytest

from tutor.domain import Move
from tutor.tutoring import brief
from tutor.tutoring.lead_ups import astray, fits
from tutor.workshop.writing.conversations import Converser
from tutor.workshop.writing.problems import problems

GOAL = "Your goal is to have x alone; what stands in the way in 2x + 3 = 13?"
PARTS = "Make the parts the same size first."


@pytest.mark.parametrize(
    ("reply", "line", "attempt"),
    [
        (f"Good that you ask. {GOAL}", GOAL, ""),
        (GOAL, GOAL, ""),
        (f"Here's a clue: {PARTS.lower()} What do you find?", PARTS, ""),
        (f"5/8 is not right yet. {PARTS}", PARTS, "5/8"),
        ("Good that you ask. Count on in fours: 4, 8, 12 ...", "Count on in fours: 4, 8, 12 ...", ""),
        (f"Hmm, x = 4 isn’t quite right. {GOAL}", GOAL, "x = 4"),
    ],
)
def test_a_line_that_is_led_up_to_may_be_said(reply: str, line: str, attempt: str) -> None:
    assert fits(reply, line, attempt)
    begun = reply.lower().index(line[:12].lower()) + len(" ".join(line.split()[:3]))  # from there on it is put down
    assert not any(astray(reply[:end], line, attempt) for end in range(begun + 1))
    assert not astray(reply, line, attempt)


@pytest.mark.parametrize(
    ("reply", "line", "attempt"),
    [
        (f"That's a little further than you are 2, and think about the number line below zero. {GOAL}", GOAL, ""),
        (f"Good try, but 5: is not right yet. {PARTS}", PARTS, "5"),
        (f"Good try, but in order of operations before you start with 4. {PARTS}", PARTS, "4"),
        (f"Write 2 and 2 without the numbers. {PARTS}", PARTS, ""),
        (f"Which numbers lie just below and just above 12 and 18? {PARTS}", PARTS, ""),
        (f"15/8 is not right yet. {PARTS}", PARTS, "5/8"),  # another number than the learner's
        (f"{PARTS} {PARTS}", PARTS, ""),
        (f"{PARTS} What do you get", PARTS, ""),
        ("Good that you ask. What do you find?", PARTS, ""),  # the line itself is missing
    ],
)
def test_half_of_another_line_may_not_stand_before_it(reply: str, line: str, attempt: str) -> None:
    assert not fits(reply, line, attempt)


def test_a_try_that_went_astray_ends_before_the_line() -> None:
    assert astray("That's a little further than you are 2, and think about", GOAL)
    assert not astray("That's a little further", GOAL)
    assert not astray("Good that you ask. Your goal is", GOAL)  # the line was begun


def test_all_that_the_workshop_writes_may_be_said() -> None:
    """The starter is trained towards these; numbers and wordings are of those that nothing was fitted to."""
    converser, there = Converser(Random(11), held=True), 0
    for _, problem in zip(range(120), problems(Random(11), held=True), strict=False):
        for turn in (*converser.about(problem), *converser.stories.set_up(), converser.stories.advise()):
            if line := brief.to_say(turn.notes):
                there += 1
                assert fits(turn.reply, line, brief.attempted(turn.notes)), (turn.reply, turn.notes)
                assert turn.move in (Move.HINT, Move.DIAGNOSE, Move.SET_UP, Move.ADVISE)
    assert there > 350
