"""Where a hint goes into a reply that leads up to it."""

import pytest

from tutor.tutoring.passing_on import NOT_RIGHT, goes_in_circles, rest, steps_left

HINT = "Line up the decimal points of 15.2 and 9.43 before you start."


@pytest.mark.parametrize(
    ("said", "comes", "wanted"),
    [
        ("A hint for you:", " line", f" {HINT}"),
        ("Let's find a way in.", " Work", f" {HINT}"),
        ("Good that you ask.\n", " Work", HINT),
        ("You can do it", "", f" {HINT}"),  # it would end without
        ("You could line up the", " parts", HINT[len("Line up the") :]),
        ("Line up the decimal points of 15.2", " or", HINT[len("Line up the decimal points of 15.2") :]),
        ("A hint for", " you", ""),
        ("", "Well", ""),
        ("Think of 15.", "2", ""),  # the middle of a number
        ("Line up", " all", ""),  # too little to know
    ],
)
def test_the_line_is_put_where_the_reply_led_up_to_it_or_began_it(said: str, comes: str, wanted: str) -> None:
    assert rest(said, comes, HINT) == wanted


def test_the_step_to_check_waits_until_the_attempt_is_called_wrong() -> None:
    assert rest("Good effort.", " Let", HINT, NOT_RIGHT) == ""
    assert rest("Good effort. 94.63 isn't right yet.", " Let", HINT, NOT_RIGHT) == f" {HINT}"


STEPS = ("4 × 20 = 80", "96 - 80 = 16", "96 ÷ 4 = 24")


@pytest.mark.parametrize(
    ("said", "comes", "wanted"),
    [
        ("First, 4 × 20 = 80; 96 - 80 = 16.", " So", " Then 96 ÷ 4 = 24."),
        ("First, 4×20 = 80.", "", " Then 96 - 80 = 16; 96 ÷ 4 = 24."),
        ("First, 4 × 20 = 80", "", ". Then 96 - 80 = 16; 96 ÷ 4 = 24."),
        ("First, 4 × 20 = 80.", " Now", ""),
        ("First, 4 × 20 = 80.", " Ne", ""),  # the first half of "Next"
        ("First, 4 × 20 = 80", " then", ""),
        ("First, 4 × 20 = 80; 96 - 80 = 16. Then 96 ÷ 4 = 24.", " So", ""),
        ("First, 4 × 20 = 80; in the middle:", " 5", ""),  # a step is being said
        ("I am a small maths tutor.", " Ask", ""),
    ],
)
def test_steps_that_were_left_out_are_said_before_the_answer(said: str, comes: str, wanted: str) -> None:
    assert steps_left(said, comes, STEPS) == wanted


@pytest.mark.parametrize(
    ("said", "comes", "circles"),
    [
        ("First, 10x = 20, so x = 20 ÷ 10", ",", False),  # x = 2 is not said yet
        ("First, x = 20 ÷ 10, then x = 2", ",", True),
        ("First, x = 20 ÷ 10, then x = 2.", " Then", True),
        ("First, x = 20 ÷ 10. 3 and x = 2. 5", " Now", True),
        ("First, x = 20 ÷ 10, then x = 2", ".", False),
        ("First, x = 20 ÷ 10, then x = 2", "", False),
        ("x = 20 ÷ 10, then x = 2. The answer is 1", ",", False),  # a list
    ],
)
def test_nothing_more_is_led_up_to_where_all_steps_are_said(said: str, comes: str, circles: bool) -> None:
    assert goes_in_circles(said, comes, ("x = 20 ÷ 10", "x = 2")) is circles


def test_a_step_that_another_begins_with_is_not_taken_for_said() -> None:
    assert steps_left("First, x = 20 ÷ 10.", " So", ("x = 20 ÷ 10", "x = 2")) == " Then x = 2."
