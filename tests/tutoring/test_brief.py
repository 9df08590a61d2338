"""What a narrow model may copy from its brief: numbers, lone letters, and fractions as wholes."""

from tutor.tutoring import brief


def test_a_mixed_number_is_no_copy_of_its_parts() -> None:
    given = brief.copied("Compare the bottom numbers of 3/4 and 1/8. Problem: 3/4 + 1/8")
    assert brief.copied("Look at 3/4 and 1/8.") <= given
    assert not brief.copied("Look at 3 3/4 and 1/8.") <= given
    assert not brief.copied("Look at 1/4.") <= given


def test_the_fraction_of_a_mixed_number_may_be_named_alone() -> None:
    assert brief.copied("The 3/4 of it, and the 2.") <= brief.copied("2 3/4 + 1/4")


def test_letters_of_units_and_unknowns_count_and_words_do_not() -> None:
    assert brief.copied("x + 3 = 11, a bag, I think, 5 m") == {"x", "3", "11", "5", "m"}
