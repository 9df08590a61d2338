"""Where a hint goes into a reply that leads up to it."""

import pytest

from tutor.tutoring.passing_on import NOT_RIGHT, rest

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
