"""Whether an item's answer is said: in other forms, in words, denied, and not said at all."""

import pytest

from tutor.domain import Item
from tutor.rehearsal.given_away import says_answer

SUM = Item(id="q1", question="What is 3/4 + 1/8?", answer="7/8")
WORD = Item(
    id="q2", question="What is it called when water turns to vapour?", answer="evaporation", accepted=("evaporating",)
)
PLACE = Item(id="q3", question="Where did the Great Fire begin?", answer="Pudding Lane", accepted=("in Pudding Lane",))
CHOICE = Item(id="q4", question="Which is a metal?", answer="copper", choices=("copper", "wood", "glass"))


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("The answer is 7/8.", SUM),
        ("It makes 0.875", SUM),
        ("So it is seven eighths.", SUM),
        ("That is evaporation, of course.", WORD),
        ("Evaporating is what the water does.", WORD),
        ("It started in a bakery in Pudding Lane!", PLACE),
        ("Think of copper wires: copper is the metal.", CHOICE),
    ],
)
def test_an_answer_that_is_said_is_found(text: str, item: Item) -> None:
    assert says_answer(text, item)


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("Write 3/4 in eighths first. How many eighths is that?", SUM),
        ("Add 3/4 and 1/8: what do both denominators go into?", SUM),
        ("What happens to a puddle on a sunny day?", WORD),
        ("It is not evaporation when vapour becomes water.", WORD),
        ("Which street did the baker live in?", PLACE),
        ("Is it copper, wood or glass?", CHOICE),
        ("What do you know about wood?", CHOICE),
    ],
)
def test_a_text_without_the_answer_is_left_alone(text: str, item: Item) -> None:
    assert not says_answer(text, item)
