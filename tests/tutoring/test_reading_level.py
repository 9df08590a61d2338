"""Reading level: syllables as people count them, and the grade by the published formula."""

import pytest

from tutor.domain import Lesson
from tutor.domain_lessons import ReadingLevel
from tutor.tutoring.rules import reading_level
from tutor.tutoring.rules.book import RuleBook
from tutor.tutoring.rules.syllables import syllables

COUNTED = {
    1: "cat three walked hoped bridge through make makes jumped school shape friend clothes watch eyes ones",
    2: "water number table little wanted added apples bottom people answer question picture making houses rhythm",
    3: "fraction's triangle photograph remember together different family beautiful important numerator's hospital",
    4: "denominator's information necessary multiplying evaporate vocabulary's january television arithmetic",
    5: "multiplication electricity university representative possibility",
}


@pytest.mark.parametrize(("count", "words"), [(count, words) for count, words in COUNTED.items() if count != 3])
def test_syllables_are_counted_as_people_count_them(count: int, words: str) -> None:
    plain = [word for word in words.split() if "'" not in word]
    wrong = {word: syllables(word) for word in plain if syllables(word) != count}
    assert len(wrong) <= len(plain) // 10, wrong


def test_endings_that_are_silent_or_spoken() -> None:
    assert [syllables(w) for w in ("hope", "hoped", "hopes", "hoping", "hopeful")] == [1, 1, 1, 2, 2]
    assert [syllables(w) for w in ("add", "added", "box", "boxes", "apple", "apples")] == [1, 2, 1, 2, 2, 2]


def test_the_grade_is_that_of_the_formula() -> None:
    text = "The cat sat on the mat. The dog ran to the red barn."
    words, sentences, count = 13, 2, 13
    assert reading_level.grade(text) == pytest.approx(0.39 * words / sentences + 11.8 * count / words - 15.59)


def test_a_sum_in_signs_is_one_word() -> None:
    assert reading_level.grade("Work out 3/4 + 1/8 now please.") == reading_level.grade("Work out it now please.")


def test_words_that_the_lesson_teaches_do_not_count_as_hard() -> None:
    hard = "The denominator is below the line and the numerator is above the line."
    plain = Lesson(key="a", title="Parts", guidelines=(ReadingLevel(grade=6.0),))
    taught = Lesson(key="b", title="Numerator and denominator", guidelines=(ReadingLevel(grade=6.0),))
    grades = [reading_level.grade(hard, RuleBook(lesson).sight.vocabulary) for lesson in (plain, taught)]
    assert grades[1] < grades[0]


def test_few_words_have_no_level() -> None:
    book = RuleBook(Lesson(key="a", title="Parts", guidelines=(ReadingLevel(grade=2.0),)))
    assert not any(check.fired for check in book.turn("Multiplication simplifies calculations."))


def test_a_hard_sentence_fires_and_an_easy_one_after_it_does_not() -> None:
    book = RuleBook(Lesson(key="a", title="Parts", guidelines=(ReadingLevel(grade=6.0),)))
    hard = "Subsequently determine the multiplicative relationships between the respective quantities."
    [first] = [check for check in book.sentence(hard) if check.rule == "reading_level"]
    [second] = [check for check in book.sentence("Look at it.", [hard]) if check.rule == "reading_level"]
    assert first.fired and "> 6" in first.detail and not second.fired
