"""Sums as steps: which numbers a story offers, which steps can be next, and how the reader's search adds up."""

from fractions import Fraction

import numpy as np

from tutor.tutoring import expressions as ex
from tutor.tutoring import story_units, sum_steps, word_sums
from tutor.tutoring.story_numbers import slotted
from tutor.tutoring.sum_steps import Choices, Step, joined, start

APPLES = "Tom has 12 boxes with 3 apples in each and 5 loose apples. How many apples does Tom have?"


def _items(story: str) -> tuple[sum_steps.Item, ...]:
    return start(slotted(word_sums.normal(story)).quantities)


def _allowed(items: tuple[sum_steps.Item, ...], left: int, right: int, sign: str, *, last: bool = False) -> bool:
    choices = Choices(items)
    row = next(i for i, pair in enumerate(choices.pairs) if tuple(pair) == (left, right))
    kinds = [k for k, s in enumerate(sum_steps.SIGNS) if s == sign]
    return any(bool(choices.allowed[row, k + len(sum_steps.SIGNS) * last]) for k in kinds)


def test_the_reader_sees_stand_ins_and_knows_where_they_are() -> None:
    seen = slotted(word_sums.normal("Mia has £250 and half of 38 cards, each 2 cm long. What is it in a week?"))
    assert "250" not in seen.text and "38" not in seen.text and "2 cm" in seen.text and "1/2" in seen.text
    values = [(float(q.value), q.unit, q.constant) for q in seen.quantities]
    assert values[:4] == [(250, "£", False), (0.5, "", False), (38, "", False), (2, "", False)]
    assert {(2, "", True), (7, "", True), (100, "", True)} <= set(values)
    assert all(seen.text[place:].split()[0] for q in seen.quantities for place in q.places)
    assert seen.quantities[2].noun == "cards"


def test_two_stories_that_differ_in_numbers_alone_look_the_same() -> None:
    other = APPLES.replace("12", "47").replace("3", "9").replace("5 ", "8 ")
    assert slotted(word_sums.normal(other)).text == slotted(word_sums.normal(APPLES)).text


def test_steps_make_the_sum_as_the_story_tells_it() -> None:
    items = joined(_items(APPLES), Step(0, 1, sum_steps.SIGNS.index("×"), False))
    assert items is not None
    items = joined(items, Step(2, 3, sum_steps.SIGNS.index("+"), True))
    assert items is not None
    assert items[-1].value == Fraction(41) and ex.render(items[-1].node) == "12 × 3 + 5"
    assert [item.uses for item in items] == [1, 1, 1, 1, 0]


def test_no_step_makes_what_no_child_would_meet() -> None:
    items = _items("Al has £12, 5 pens and £3. How much is that?")
    assert not _allowed(items, 0, 1, "+"), "money and pens"
    assert not _allowed(items, 0, 2, "×"), "money times money"
    assert _allowed(items, 0, 2, "-") and _allowed(items, 0, 1, "×") and _allowed(items, 0, 2, "÷")
    thirds = _items("7 pens for 3 boys, how many each?")
    assert not _allowed(thirds, 0, 1, "÷"), "a part without end"


def test_an_inner_sum_must_be_used_and_a_number_is_seldom_used_twice() -> None:
    items = joined(_items(APPLES), Step(0, 1, sum_steps.SIGNS.index("+"), False))
    assert items is not None
    assert not _allowed(items, 1, 2, "+", last=True), "15 would be left over"
    assert _allowed(items, 2, 3, "+", last=True)
    assert _allowed(items, 0, 3, "+"), "12, and 3 more than that"
    assert not _allowed(items, 0, 3, "-") and not _allowed(items, 0, 3, "×") and not _allowed(items, 0, 2, "+")


def test_features_fit_the_network_s_widths() -> None:
    items = _items(APPLES)
    choices = Choices(items)
    assert choices.features.shape == (len(choices.pairs), sum_steps.PAIR)
    assert sum_steps.own_features(items).shape == (len(items), sum_steps.OWN)
    assert choices.features.dtype == np.float32 and np.isfinite(choices.features).all()


def test_units_come_from_the_question() -> None:
    for story, unit in {
        APPLES: "apples",
        "A car goes 60 km an hour for 3 hours. How far does it go?": "km",
        "It is 40 cm tall and grows 5 cm. How tall is it?": "cm",
        "Ben had 9 pens and lost 2. How many are left?": "",
        "A pen costs £2. How much are 3?": "",
    }.items():
        assert story_units.asked(word_sums.normal(story)) == unit, story
