"""Maths words told apart: their meanings one after the other, only where all are words of maths, without an answer."""

import re
import time
import tomllib
from pathlib import Path

import pytest

from tutor.domain import Intent, Item, Lesson, MathsStatus, Move, TutoringState
from tutor.domain_lessons import AttemptFirst, Withhold
from tutor.engine.copying import Copying
from tutor.tutoring import brief, glossary, glossary_pairs, items, lesson_policy
from tutor.tutoring.checks import check_sentence
from tutor.tutoring.facts import facts_in
from tutor.tutoring.intent import IntentRecogniser
from tutor.tutoring.lesson_policy import Led
from tutor.tutoring.policy import Plan, decide, fallback
from tutor.tutoring.reveals import reveals_answer

ASKINGS = tomllib.loads(Path(__file__).with_name("glossary_pairs.toml").read_text(encoding="utf-8"))
TOKENS = re.compile(r"\d| ?[A-Za-z]+|\s(?=\d)|.|\n", re.DOTALL)
RECOGNISER = IntentRecogniser(None)
PAIR = "What is the difference between a factor and a multiple?"
SUM = Item("q1", "What is 3/4 + 1/8?", "7/8", hints=("Make the bottom numbers the same.",))


def names(words: str, *, at_work: bool = False) -> str:
    return ", ".join(term.words[0] for term in glossary_pairs.asked_about(words, at_work=at_work))


def plan(words: str, problem: str = "", *, solved: bool = False) -> Plan:
    before = TutoringState()
    if problem:
        before = TutoringState(problem=facts_in(problem)[0], attempts=1, rung=1, solved=solved)
    return decide(words, intent=Intent.ASKS_EXPLANATION, facts=facts_in(words), state=before, scope="primary-maths")


def led(words: str, item: Item, *, subject: str = "maths", solved: bool = False) -> Led:
    lesson = Lesson(key="a", title="Numbers", subject=subject, guidelines=(AttemptFirst(), Withhold()), items=(item,))
    before = TutoringState(problem=items.problem_of(item), item=item.id, solved=solved)
    found = facts_in(words)
    intent, _ = RECOGNISER.recognise(words, facts=found, state=before)
    return lesson_policy.decide(words, lesson=lesson, intent=intent, facts=found, state=before, now=1.0)


def share(kind: str) -> float:
    found = [names(words) == wanted for wanted, wordings in ASKINGS[kind].items() for words in wordings]
    return sum(found) / len(found)


def said(*wanted: str, place: int = -1) -> str:
    known = {term.words[0]: term for term in glossary.terms()}
    return " ".join(glossary.spoken(known[name])[place] for name in wanted)


@pytest.mark.parametrize("kind", [kind for kind in ASKINGS if kind != "not_asked"])
def test_askings_that_the_rule_was_written_without_find_all_terms_in_their_order(kind: str) -> None:
    assert share(kind) >= 0.8


@pytest.mark.parametrize("words", ASKINGS["not_asked"]["any"])
def test_other_words_tell_no_words_of_maths_apart(words: str) -> None:
    assert names(words) == names(words, at_work=True) == ""


def test_the_meanings_come_one_after_the_other_and_with_examples_where_that_is_short() -> None:
    for wordings in ASKINGS["asked"].values():
        told = plan(wordings[0])
        terms = glossary_pairs.asked_about(wordings[0])
        wanted = [" ".join(glossary.spoken(term)[place] for term in terms) for place in (0, -1)]
        assert told.word and told.move is Move.ADVISE and told.given in wanted, wordings[0]
        assert len(told.given.split()) <= 60, told.given
    assert plan("mean, median, mode, range: whats the difference").given == said("mean", "median", "mode", "range")
    assert plan("numerator vs denominator").given == said("numerator", "denominator", place=0)


def test_what_is_said_is_right_and_a_narrow_model_may_say_every_word_of_it() -> None:
    for wordings in ASKINGS["asked"].values():
        text = plan(wordings[0]).given
        assert check_sentence(text).status in (MathsStatus.RIGHT, MathsStatus.NONE), text
        writing = Copying(brief.sums(brief.render(Move.ADVISE, given=text))).after()
        for token in (*TOKENS.findall(text), ""):
            assert writing.allows(token.encode()), (text, writing.text, token)
            writing.add(token.encode())


def test_one_term_under_two_names_is_said_once() -> None:
    assert plan("is HCF the same as GCF").given == said("highest common factor", place=0)
    assert plan("whats the difference between a trapezium and a trapezoid").given == said("trapezium", place=0)
    assert not names("whats the difference between paralel and parallel") and not names("square vs squares")


def test_more_than_four_terms_are_too_many_at_once() -> None:
    assert not plan("mean median mode range average whats the difference").given.startswith(said("mean"))


def test_an_open_problem_stays_and_hears_no_example() -> None:
    told = plan(PAIR, "multiples of 5")
    assert told.given == said("factor", "multiple") and told.withhold and not told.state.solved
    assert fallback(told).startswith(told.given) and "?" in fallback(told)
    assert plan(PAIR, "multiples of 5", solved=True).given == plan(PAIR).given


@pytest.mark.parametrize("words", ["how is the mean different from the median", "difference between mean and median"])
def test_terms_that_the_problem_asks_for_are_told_apart_all_the_same(words: str) -> None:
    told = plan(words, "mean of 2, 3 and 7")
    assert told.word and told.given == said("mean", "median")
    assert not plan("what is the mean", "mean of 2, 3 and 7").word


def test_a_problem_of_subtraction_is_not_asked_about_in_words() -> None:
    for words in ("what is the difference", "whats the difference between them", "difference between 12 and 7"):
        assert not plan(words, "12 - 7").word, words
    assert not plan("compare the mean and the median", "mean of 2, 3 and 7").word


def test_nothing_of_the_answer_is_said() -> None:
    problems = ("3 + 4", "n + 2 = 9", "prime numbers below 10", "factors of 12", "12 - 10", "90 + 90", "50 x 2")
    for wordings in ASKINGS["asked"].values():
        for problem in problems:
            told = plan(wordings[0], problem)
            assert told.state.problem is not None
            if told.word:
                assert not reveals_answer(told.given, told.state.problem), (wordings[0], problem)
                assert check_sentence(told.given, (told.state.problem,)).status is not MathsStatus.WRONG
    assert not plan("difference between perpendicular and parallel lines", "45 + 45").word


@pytest.mark.parametrize(
    ("item", "words", "wanted"),
    [
        (SUM, PAIR, said("factor", "multiple")),
        (SUM, "numerator vs denominator", said("numerator", "denominator")),
        (
            Item("q1", "Find the perimeter of a rectangle 3 cm by 4 cm.", "14 cm"),
            "are area and perimeter the same thing",
            said("area", "perimeter"),
        ),
    ],
)
def test_an_open_item_hears_the_meanings_before_help_is_refused(item: Item, words: str, wanted: str) -> None:
    told = led(words, item)
    assert told.plan.word and told.plan.given == wanted and told.right is None
    assert told.plan.withhold and told.plan.state.item == "q1" and not told.plan.state.solved


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (Item("q1", "Which number is below the line?", "denominator"), "numerator vs denominator"),
        (Item("q1", "Which number is below the line?", "denominator"), "is a denominator the same as a numerator"),
        (Item("q1", "Which is it?", "the middle one", choices=("median", "the middle one")), "mean vs median"),
        (Item("q1", "Which is it?", "kite", accepted=("a square",)), "difference between a square and a rectangle"),
        (Item("q1", "What is a multiple?", "it is in the times table"), PAIR),
        (Item("q1", "How many sides has it?", "five"), "difference between a hexagon and a pentagon"),
        (Item("q1", "Are a mean and a median the same?", "no"), "are a mean and a median the same"),
    ],
)
def test_an_item_that_asks_for_one_of_them_keeps_all(item: Item, words: str) -> None:
    assert names(words) and not led(words, item).plan.word
    assert led(words, item, solved=True).plan.word


def test_a_lesson_in_another_subject_tells_no_words_of_maths_apart() -> None:
    item = Item("q1", "Write: cat", "chat")
    assert not led("difference between a translation and an expression", item, subject="language").plan.word


def test_a_claim_is_a_question_where_it_is_asked() -> None:
    for claim in ("a factor and a multiple are the same thing", "a mean is the same as a median"):
        assert names(f"{claim}?") and not names(claim) and not names(f"{claim}.")


def test_distress_comes_first() -> None:
    told = decide(PAIR, intent=Intent.DISTRESS, facts=(), state=TutoringState())
    assert told.move is Move.SIGNPOST and not told.word


@pytest.mark.parametrize(
    "words",
    [
        "difference between " + "square " * 19,
        "which " * 26,
        "i keep mixing " * 11,
        "mean and " * 17 + "vs",
        "how do i know which is which " * 5,
        "a vs " * 31,
        "is is are the same " * 8,
        "same, " * 26,
        "help me so but and no yes " * 6,
        "what is the difference between " * 5,
        "mean median mode " * 9 + "vs x",
        "vs " * 50_000,
        "difference/" * 14,
    ],
)
def test_hostile_words_cost_milliseconds(words: str) -> None:
    glossary_pairs.asked_about(PAIR)
    started = time.perf_counter()
    assert not glossary_pairs.asked_about(words)
    assert time.perf_counter() - started < 0.1
