"""Maths words while an item of a lesson is open: explained before help is refused, and never where they answer it."""

import pytest

from tutor.domain import Intent, Item, Lesson, Move, TutoringState
from tutor.domain_lessons import AttemptFirst, Withhold
from tutor.tutoring import facts, glossary, items, lesson_policy
from tutor.tutoring.intent import IntentRecogniser
from tutor.tutoring.lesson_policy import Led

SUM = Item("q1", "What is 3/4 + 1/8?", "7/8", hints=("Make the bottom numbers the same.",))
OTHER = Item("q9", "What is 20 + 31?", "51")
RECOGNISER = IntentRecogniser(None)


def led(words: str, item: Item, *, subject: str = "maths", **state: object) -> Led:
    rules = (AttemptFirst(), Withhold())
    lesson = Lesson(key="a", title="Numbers", subject=subject, guidelines=rules, items=(item, OTHER))
    before = TutoringState(problem=items.problem_of(item), item=item.id, **state)  # type: ignore[arg-type]
    found = facts.facts_in(words)
    intent, _ = RECOGNISER.recognise(words, facts=found, state=before)
    return lesson_policy.decide(words, lesson=lesson, intent=intent, facts=found, state=before, now=1.0)


def definition(words: str) -> str:
    found = glossary.asked_for(words)
    assert found is not None
    return found[0].says


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (SUM, "what is a numerator"),
        (SUM, "i dont know what a denominator is"),
        (SUM, "what does common denominator mean?"),
        (Item("q1", "Find the perimeter of a rectangle 3 cm by 4 cm.", "14 cm"), "what is perimeter"),
        (Item("q1", "What are the factors of 12?", "1, 2, 3, 4, 6 and 12"), "i forgot what a factor is"),
        (Item("q1", "Which number is below the line in a fraction?", "denominator"), "what is a numerator"),
        (Item("q1", "How many sides has a hexagon?", "6"), "whats a pentagon"),
    ],
)
def test_a_word_is_explained_before_help_is_refused_and_the_item_stays_as_it_is(item: Item, words: str) -> None:
    told = led(words, item)
    assert told.plan.word and told.plan.move is Move.ADVISE and told.plan.given == definition(words)
    assert told.plan.withhold and told.right is None
    assert (told.plan.state.problem, told.plan.state.item, told.plan.state.attempts) == (
        items.problem_of(item),
        "q1",
        0,
    )
    assert led("help me", item).plan.move is Move.ASK_ATTEMPT


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (Item("q1", "Which number is below the line?", "denominator"), "what does denominater mean"),
        (Item("q1", "Which number is below?", "the lower", accepted=("the denominator",)), "what is a denominator"),
        (Item("q1", "Which part of 3/4 is 3?", "top number"), "what is a numerator"),
        (Item("q1", "Which part of 3/4 is 3?", "It is on top", accepted=("the top number",)), "define numerator"),
        (Item("q1", "What is the numerator of 3/4?", "3"), "what is a numerator"),
        (Item("q1", "What is a prime number?", "it can be split in no way"), "what does prime mean"),
        (Item("q1", "Explain what a factor is.", "a divisor"), "what are factors"),
        (Item("q1", "How many sides has a quadrilateral?", "4"), "what is a quadrilateral"),
        (Item("q1", "How many sides has a quadrilateral?", "four"), "whats a rhombus"),
        (Item("q1", "Is a square a rectangle?", "yes"), "what is a rectangle"),
        (Item("q1", "Which shape is it?", "kite", choices=("square", "kite")), "what is a square"),
        (Item("q1", "What are the factors of 12?", "1, 2, 3, 4, 6 and 12"), "what are the factors"),
        (SUM, "what is the sum"),
    ],
)
def test_a_word_that_is_what_the_item_asks_for_is_not_explained(item: Item, words: str) -> None:
    refused = led(words, item)
    assert not refused.plan.word and definition(words) not in refused.plan.notes + refused.written


def test_a_word_that_names_the_answer_is_still_an_answer() -> None:
    assert led("is it a denominator", Item("q1", "Which number is below the line?", "denominator")).right


def test_after_the_item_the_example_is_said_too() -> None:
    found = glossary.asked_for("what is a numerator")
    assert found is not None
    assert led("what is a numerator", SUM, solved=True).plan.given == glossary.spoken(found[0])[0]


def test_an_item_of_another_subject_has_no_words_of_maths() -> None:
    assert not led("what is a translation", Item("q1", "Write: cat", "chat"), subject="language").plan.word


def test_distress_comes_before_a_word() -> None:
    lesson = Lesson(key="a", title="Numbers", subject="maths", items=(SUM,))
    state = TutoringState(problem=items.problem_of(SUM), item="q1")
    words = "what is a numerator"
    plan = lesson_policy.decide(words, lesson=lesson, intent=Intent.DISTRESS, facts=(), state=state, now=1.0).plan
    assert plan.move is Move.SIGNPOST
