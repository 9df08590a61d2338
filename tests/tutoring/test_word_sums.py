"""Word problems: the sum is read within bounds, worked exactly, named without giving it away, and trusted seldom."""

import pytest

from tutor.domain import MathsStatus
from tutor.tutoring import grading, word_facts, word_sums, word_trust
from tutor.tutoring.checks import check_sentence, reveals_answer
from tutor.tutoring.facts import facts_in

APPLES = "Tom has twelve boxes with 3 apples in each and 5 loose apples. How many apples does Tom have?"
CHANGE = "Mia buys 4 pens at 35p each and pays with £5. How much change does she get?"


def test_a_story_is_read_in_plain_signs_and_digits() -> None:
    assert word_sums.normal("Tom has TWELVE  boxes.\nHalf are “red”.") == 'tom has 12 boxes. 1/2 are "red".'


@pytest.mark.parametrize(
    ("answer", "story", "sum_text", "value"),
    [
        ("12 × 3 + 5 | apples", APPLES, "12 × 3 + 5", "41 apples"),
        ("12*3+5", APPLES, "12 × 3 + 5", "41"),
        ("£5 - 4 × 35p", CHANGE, "£5 - 4 × 35p", "£3.60"),
        ("12 × 2", "Ann is 12. Her uncle is twice her age. How old is he?", "12 × 2", "24"),
        ("84 ÷ 7 | weeks", "We are away for 84 days. How many weeks is that?", "84 ÷ 7", "12 weeks"),
        ("(6 + 9 + 12) ÷ 3", "Bo got 6, 9 and 12 points. What is the mean?", "(6 + 9 + 12) ÷ 3", "9"),
        ("60 - 60 × 20 ÷ 100", "60 people came, 20% were late. How many were not?", "60 - 60 × 20 ÷ 100", "48"),
        ("8 + 8 + 3", "Al has 8 pens. Di has 3 more than Al. How many have they in all?", "8 + 8 + 3", "19"),
    ],
)  # fmt: skip
def test_a_sum_that_the_story_bears_out_is_worked(answer: str, story: str, sum_text: str, value: str) -> None:
    found = word_sums.parse(answer, story)
    assert found is not None
    assert found.text == sum_text
    fact = word_facts.fact(found, story)
    assert fact is not None
    assert fact.answer == value
    assert fact.steps


@pytest.mark.parametrize(
    "answer",
    [
        "", "apples", "41", "12 × 3 + 6 | apples", "12 × 3 + 5 = 41", "12 × 3 × 3 × 3", "3 - 12", "12 ÷ 0", "12 ^ 3",
        "12 × 3 + x", "__import__('os')", "12 × 7", "12 × £3 + 5", "1" * 500, "(" * 20 + "12 × 3" + ")" * 20, "√12 + 3",
        "12 ÷ 5 | apples",
    ],
)  # fmt: skip
def test_a_sum_that_the_story_does_not_bear_out_is_none(answer: str) -> None:
    assert word_sums.parse(answer, APPLES) is None


@pytest.mark.parametrize(
    "text",
    [
        "12 x 7", "what is 3/4 of 24?", "how do i add 3/4 and 1/8", "I got 12 and then 7", "hello, I am 9 years old",
        "share 40 in the ratio 3:5", "what is the mean of 4, 6 and 11",
    ],
)  # fmt: skip
def test_what_is_no_story_is_not_asked_about(text: str) -> None:
    assert not word_sums.is_story(text, facts_in(text))


@pytest.mark.parametrize("text", [APPLES, CHANGE, "3/4 of 24 children have a pet. How many children have no pet?"])
def test_stories_are_recognised_even_where_a_part_looks_like_a_sum(text: str) -> None:
    assert word_sums.is_story(text, facts_in(text))


@pytest.mark.parametrize(
    ("text", "question"),
    [
        (APPLES, "How many apples does Tom have?"),
        ("How many are left if Tom has 12 and eats 4?", "How many are left?"),
        ("tom has 12 pens and loses 4. work out how many are left. what do i do", "How many are left?"),
        ("In the sale, what does a £20 coat cost? It is 10% off.", "In the sale, what does a £20 coat cost?"),
    ],
)
def test_a_word_problem_is_named_by_its_question(text: str, question: str) -> None:
    assert word_sums.question_of(text) == question


def test_steps_are_true_and_hints_keep_the_answer() -> None:
    for answer, story in (("12 × 3 + 5 | apples", APPLES), ("£5 - 4 × 35p", CHANGE)):
        found = word_sums.parse(answer, story)
        assert found is not None
        fact = word_facts.fact(found, story)
        assert fact is not None
        for step in fact.steps:
            assert check_sentence(f"{step}.", (fact,)).status is MathsStatus.RIGHT
        assert len(fact.hints) == 3
        assert not any(reveals_answer(hint, fact) for hint in fact.hints)
        assert found.text in fact.hints[2]
        assert not reveals_answer(fact.question, fact)


@pytest.mark.parametrize("words", ["41", "41 apples", "i think its 41 apples", "is it 41?", "forty one"])
def test_an_answer_counts_with_and_without_its_unit(words: str) -> None:
    found = word_sums.parse("12 × 3 + 5 | apples", APPLES)
    assert found is not None
    fact = word_facts.fact(found, APPLES)
    assert fact is not None
    assert grading.is_right(grading.attempt_in(words, fact), fact)
    assert not grading.is_right(grading.attempt_in(words.replace("41", "40").replace("one", "two"), fact), fact)


def test_swapped_numbers_go_back_to_the_same_sum() -> None:
    told = word_sums.normal(APPLES)
    swapped = word_sums.swapped(told, 1)
    assert swapped is not None
    other, new = swapped
    assert other != told and sorted(new.values()) == ["12", "3", "5"]
    now = {old: number for number, old in new.items()}
    assert word_sums.swapped_back(f"{now['12']} × {now['3']} + {now['5']}", new) == "12 × 3 + 5"
    assert word_sums.swapped("3 pens and 3 cups. how many?", 1) is None


class Model:
    """Answers a story by a function of its numbers in order; keeps what it was asked."""

    def __init__(self, form: str, least: float = 0.99) -> None:
        self.form, self.least, self.asked = form, least, list[str]()

    def __call__(self, story: str) -> word_trust.Said:
        self.asked.append(story)
        numbers = [m[0] for m in word_sums.STORY_NUMBER.finditer(story)]
        return word_trust.Said(self.form.format(*numbers), self.least)


def test_a_sum_is_sure_when_other_numbers_give_the_same() -> None:
    model = Model("{0} × {1} + {2} | apples")
    fact = word_trust.fact(APPLES, model)
    assert fact is not None and fact.answer == "41 apples"
    assert len(model.asked) == 1 + len(word_trust.VARIANTS)


def test_a_guess_is_never_sure() -> None:
    assert word_trust.fact(APPLES, Model("{0} × {1} + {2}", least=0.2)) is None, "an unsure token"
    assert word_trust.fact(APPLES, Model("12 × 3 + 5")) is None, "the same words whatever the numbers"
    assert word_trust.fact(APPLES, Model("{0} + 99")) is None, "a number from nowhere"
    same = "Al has 4 pens and Di has 4 pens. How many pens do they have?"
    assert word_trust.fact(same, Model("{0} + {1}")) is None, "numbers that cannot be told apart"


def test_questions_of_setting_up_hold_no_number_and_go_on() -> None:
    problem = word_facts.unsolved(APPLES)
    asked = [word_facts.set_up_question(problem, rung) for rung in range(6)]
    assert len(set(asked)) == 4 and asked[3] == asked[5]
    assert all(q.endswith("?") and not any(c.isdigit() for c in q) for q in word_facts.set_up_questions())


def test_money_is_right_in_the_story_s_own_currency_or_without_a_sign() -> None:
    for sign, other in (("£", "$"), ("$", "£"), ("€", "$")):
        story = f"A pen costs {sign}12. How much do 4 pens cost?"
        found = word_sums.parse(f"4 × {sign}12", story)
        assert found is not None
        fact = word_facts.fact(found, story)
        assert fact is not None and fact.answer == f"{sign}48"
        assert grading.is_right(f"{sign}48", fact) and grading.is_right("48", fact)
        assert not grading.is_right(f"{other}48", fact) and not grading.is_right(f"{sign}47", fact)
