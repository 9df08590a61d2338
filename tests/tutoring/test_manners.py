"""Number words that count nothing give no answer away; the same words as a result do."""

from fractions import Fraction

import pytest

from tutor.domain import Fact, Item
from tutor.tutoring import manners
from tutor.tutoring.reading import NUMBER_WORDS
from tutor.tutoring.reveals import reveals_answer
from tutor.tutoring.rules.answers import given_away, key_of

SAYINGS_OF_ONE = (
    "Try one thing first.",
    "There is one thing to look at.",
    "Take one step at a time.",
    "It gets easier one step at a time.",
    "Have one more try.",
    "Look at it one more time.",
    "First of all, read it again.",
    "No one gets it at once.",
    "Try this one.",
    "Another one like it may help.",
    "One of the numbers is bigger.",
    "This is one of those where a drawing helps.",
    "Look at one of them.",
    "Work on them one by one.",
    "That is one way to begin.",
    "That's a good one!",
    "Start with the easy one.",
    "For one thing, the signs differ.",
    "Here is one idea: draw it.",
    "Give me one moment.",
    "You did that all at once.",
    "Read step one again.",
    "Do each one slowly.",
)
RESULTS = (
    "The answer is {n}.",
    "It's {n}.",
    "{N}!",
    "{N}.",
    "That makes {n}.",
    "You get {n}.",
    "So it is {n}, well done.",
    "Write {n} in the box.",
    "It is the number {n}.",
    "I say {n}.",
    "The result is {n} more than nothing.",
    "Is it {n}?",
    "You are left with {n}.",
    "It is {n} steps.",
    "That makes {n} things.",
)


def sum_with(answer: int) -> Fact:
    return Fact(kind="arithmetic", question=f"{answer + 38} - 38", answer=str(answer))


def item_with(answer: int) -> Item:
    return Item(id="q", question=f"What is {answer + 38} - 38?", answer=str(answer))


@pytest.mark.parametrize("text", SAYINGS_OF_ONE)
def test_a_manner_of_speaking_does_not_say_one(text: str) -> None:
    assert not reveals_answer(text, sum_with(1))
    assert not given_away(text, key_of(item_with(1)))


@pytest.mark.parametrize("text", RESULTS)
@pytest.mark.parametrize("answer", range(1, 11))
def test_a_number_word_as_a_result_says_the_answer(text: str, answer: int) -> None:
    word = NUMBER_WORDS[answer]
    said = text.format(n=word, N=word.capitalize())
    assert reveals_answer(said, sum_with(answer)), said
    assert given_away(said, key_of(item_with(answer))), said


@pytest.mark.parametrize(
    "text",
    [
        "Here are {n} hints for you.",
        "Look at the {n} numbers.",
        "Take it in {n} small steps.",
        "There are {n} ways to begin.",
        "Compare these {n} numbers first.",
        "Look at step {n} again.",
        "You may have {n} more tries.",
    ],
)
@pytest.mark.parametrize("answer", range(2, 11))
def test_things_of_the_work_are_no_answer(text: str, answer: int) -> None:
    said = text.format(n=NUMBER_WORDS[answer])
    assert not reveals_answer(said, sum_with(answer)), said
    assert not given_away(said, key_of(item_with(answer))), said


@pytest.mark.parametrize(
    ("question", "answer", "text"),
    [
        ("Tom has 5 apples and eats 4. How many apples are left?", "1", "There is one apple left."),
        ("Tom has 5 apples and eats 4. How many apples are left?", "1", "Then one of the apples is left."),
        ("How many steps has the stair?", "3", "There are three steps."),
        ("How many ways are there to pay 5p?", "2", "There are two ways."),
        ("How many sides has a triangle?", "3", "Look at the three sides."),
        ("How many digits has 400?", "3", "Count the three digits."),
        ("In which step is the slip?", "2", "Look at step two."),
        ("How many things are red?", "1", "There is one thing that is red."),
    ],
)
def test_what_the_problem_counts_is_its_answer(question: str, answer: str, text: str) -> None:
    assert reveals_answer(text, Fact(kind="item", question=question, answer=answer))
    assert given_away(text, key_of(Item(id="q", question=question, answer=answer)))


def test_a_sum_beside_a_manner_of_speaking_is_still_seen() -> None:
    assert reveals_answer("Try one thing first: it is 7.", sum_with(7))
    assert reveals_answer("One of these is right: one.", sum_with(1))
    assert reveals_answer("No one says so, but the answer is one.", sum_with(1))


def test_text_without_number_words_stays_as_it_is() -> None:
    assert manners.without("Take 3 from both sides.", "x + 3 = 5") == "Take 3 from both sides."
    assert Fraction(3) in {Fraction(n) for n in manners.without("Add 3 and 4.", "").split() if n.isdigit()}
