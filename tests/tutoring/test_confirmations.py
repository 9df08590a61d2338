"""A reply that confirms an attempt says that it is right, and steps as they stand."""

from random import Random

import pytest

from tutor.domain import Fact, Move
from tutor.tutoring import brief
from tutor.tutoring.confirmations import fits
from tutor.workshop.writing.conversations import Converser
from tutor.workshop.writing.problems import problems

SUM = Fact(
    kind="expression", question="33 + 2600368", answer="2600401", steps=("30 + 68 = 98", "33 + 2600368 = 2600401")
)
MIXED = Fact(kind="fraction", question="1/5 + 81/100", answer="1 1/100", steps=("101/100 = 1 1/100",))
AREA = Fact(kind="shape", question="area of a rectangle 10 m by 6 m", answer="60 m²", steps=("10 m × 6 m = 60 m²",))


@pytest.mark.parametrize(
    ("fact", "attempt", "reply", "right"),
    [
        (SUM, "2600401", "Yes, 2600401 is right. It all fits: 33 + 2600368 = 2600401.", True),
        (SUM, "2600401", "Yes, that is right. It goes 30 + 68 = 98, then 33 + 2600368 = 2600401.", True),
        (SUM, "2600401", "Yes, 2600401. Good work. Which one is next?", True),
        (SUM, "2600401", "Yes, that's it: 2600368. It all fits: 33 + 2600368 = 2600401.", False),
        (SUM, "2600401", "Yes, 2600401 is right. It goes 30 + 68 = 98, then 30 + 68 = 98.", False),
        (SUM, "2600401", "Yes, 2600401 is right. It goes 2600401 rounded to the nearest 3.", False),
        (SUM, "2600401", "Yes, that's it:. It goes 30 + 68 = 98.", False),
        (SUM, "2600401", "2600401 is not right yet. Well done.", False),
        (MIXED, "1 1/100", "Yes, 1 1/100. Good work. It all fits: 101/100 = 1 1/100.", True),
        (MIXED, "1 1/100", "Yes, 1/100. Good work. It all fits: 101/100 = 1 1/100.", False),
        (AREA, "60 sqm", "Yes, 60 m² is right. The last step is 10 m × 6 m = 60 m².", True),
        (AREA, "60 sqm", "Yes, that's it: 60 members. The last step is 10 m × 6 m = 60 m².", False),
    ],
)
def test_nothing_else_is_called_right(fact: Fact, attempt: str, reply: str, right: bool) -> None:
    assert fits(reply, brief.render(Move.CONFIRM, fact, attempt=attempt)) is right


def test_all_that_the_workshop_writes_may_be_said() -> None:
    """The starter is trained towards these; numbers and wordings are of those that nothing was fitted to."""
    converser, there = Converser(Random(9), held=True), 0
    for _, problem in zip(range(300), problems(Random(9), held=True), strict=False):
        for turn in converser.about(problem):
            if turn.move is Move.CONFIRM:
                there += 1
                assert fits(turn.reply, turn.notes), (turn.reply, turn.notes)
    assert there > 100
