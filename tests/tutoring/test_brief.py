"""What a narrow model may copy from its brief: numbers, lone letters, and fractions as wholes."""

import pytest

from tutor.tutoring import brief


@pytest.mark.parametrize(
    ("hint", "said"),
    [("Halve it", "Halve it."), (" Use the grid. ", "Use the grid."), ("What is half?", "What is half?"),
     ("Count on: 4, 8 ...", "Count on: 4, 8 ..."), ("Try (2 + 3)", "Try (2 + 3)."), ("Look up!", "Look up!")],
)  # fmt: skip
def test_a_line_that_is_passed_on_ends_like_a_sentence(hint: str, said: str) -> None:
    assert brief.to_say(f"Give a hint.\nHint: {hint}\nProblem: 1") == said


def test_a_mixed_number_is_no_copy_of_its_parts() -> None:
    given = brief.copied("Compare the bottom numbers of 3/4 and 1/8. Problem: 3/4 + 1/8")
    assert brief.copied("Look at 3/4 and 1/8.") <= given
    assert not brief.copied("Look at 3 3/4 and 1/8.") <= given
    assert not brief.copied("Look at 1/4.") <= given


def test_the_fraction_of_a_mixed_number_may_be_named_alone() -> None:
    assert brief.copied("The 3/4 of it, and the 2.") <= brief.copied("2 3/4 + 1/4")


def test_letters_of_units_and_unknowns_count_and_words_do_not() -> None:
    assert brief.copied("x + 3 = 11, a bag, I think, 5 m") == {"x", "3", "11", "5", "m"}
