"""What is said about a text: malformed sentences by name, repetition, leaks, hints that fit."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest

from tutor.domain import Move
from tutor.tutoring import brief
from tutor.tutoring.facts import facts_in
from tutor.workshop.evaluation import fluency, teaching, wellformed
from tutor.workshop.evaluation.generate import Said
from tutor.workshop.writing.conversations import Turn

GOOD = (
    "Have a go at 2 3/4 ÷ 3/4 and tell me what you get. A guess is fine.",
    "What is being done to a in 6a = 150?",
    "First, 103 - 14 = 89. Next, 103 - 89 = 14. The answer is 89.",
    "Look at the digit just after the place that you round to.",
    "You have an 8, an 11 and a 7. What is an eighth of them (in grams)?",
    "It takes an hour to make a unit of a useful one.",
    "x = 4 is right, well done. An x can be any number.",
    'She said that "it had had time". That is very, very kind.',
    "7/8 is right… Shall we go on?",
    "Draw 14 rows of 3.5 cm, e.g. on squared paper.",
)

BAD = {
    "Look at the first (and the second step.": wellformed.UNCLOSED_BRACKET,
    'Think of "three lots of four.': wellformed.UNCLOSED_QUOTE,
    "Look at the the first step.": wellformed.DOUBLED_WORD,
    "have a go at it.": wellformed.NO_CAPITAL,
    "Have a go at it": wellformed.NO_END,
    "Have a go.<|im_end|>": wellformed.STRAY,
    "[For the tutor only] Ask first.": wellformed.STRAY,
    "Write down a answer.": wellformed.ARTICLE,
    "Write down an number.": wellformed.ARTICLE,
    "What is a 8 here?": wellformed.ARTICLE,
    "Have a go , please.": wellformed.SPACING,
    "Have a go.Then stop.": wellformed.SPACING,
    "Have a go.. Then stop.": wellformed.DOUBLED_MARK,
    "Look at your.": wellformed.DANGLING,
    "Look at 4 and.": wellformed.DANGLING,
    "÷ = ?": wellformed.NO_LETTER,
    "Now i think it is 4.": wellformed.SMALL_I,
    "  ": wellformed.EMPTY,
}


@pytest.mark.parametrize("text", GOOD)
def test_a_teachers_sentence_has_no_fault(text: str) -> None:
    assert wellformed.faults(text) == []


@pytest.mark.parametrize(("text", "fault"), BAD.items())
def test_a_malformed_sentence_is_named(text: str, fault: str) -> None:
    assert fault in {name for name, _ in wellformed.faults(text)}


def test_every_fault_has_an_example() -> None:
    assert set(BAD.values()) == set(wellformed.NAMES)


def bag(texts: Sequence[str]) -> npt.NDArray[np.float32]:
    """A stand-in for the encoder: counts of words, so likeness is words in common."""
    rows = np.zeros((len(texts), 512), dtype=np.float32)
    for row, text in zip(rows, texts, strict=True):
        for word in fluency.words(text):
            row[sum(map(ord, word)) % 512] += 1
        row /= max(1e-6, float(np.linalg.norm(row)))
    return rows


def said(move: Move, reply: str, words: str = "help", question: str = "18 × 37", **more: str) -> Said:
    fact = facts_in(question)[0]
    talk, attempt = more.get("talk", "a"), more.get("attempt", "")
    turn = Turn(words=words, notes=brief.render(move, fact, attempt=attempt), reply="", move=move, answer=fact.answer)
    return Said(talk=talk, depth=0, turn=turn, reply=reply, ended=True)


@pytest.mark.parametrize(
    ("reply", "leaks"),
    [
        ("It is 666.", True),
        ("The answer: 666", True),
        ("Have a go at 18 × 37 first.", False),
        ("Is it more than 600?", False),
    ],
)
def test_an_answer_given_away_is_found(reply: str, leaks: bool) -> None:
    turn = said(Move.ASK_ATTEMPT, reply)
    assert teaching.leaks(turn, teaching.fact_of(turn)) is leaks


def test_what_the_learner_wrote_is_no_secret() -> None:
    turn = said(Move.DIAGNOSE, "You wrote 666. How did you get there?", words="my friend says it is 666")
    assert not teaching.leaks(turn, teaching.fact_of(turn))


def test_a_hint_fits_when_it_says_the_hint_and_nothing_else() -> None:
    fact = facts_in("18 × 37")[0]
    fits = said(Move.HINT, f"Here is a clue. {fact.hints[0]}")
    assert teaching.hint_faults(fits, fact, bag) == []
    other = said(Move.HINT, fact.hints[-1] if fact.hints[-1] != fact.hints[0] else fact.steps[0])
    assert teaching.OTHER_HINT in teaching.hint_faults(other, fact, bag)
    number = said(Move.HINT, f"{fact.hints[0]} Think of 911.")
    assert teaching.OTHER_NUMBER in teaching.hint_faults(number, fact, bag)
    told = said(Move.HINT, "It is 666.")
    assert teaching.GIVEN_AWAY in teaching.hint_faults(told, fact, bag)


def test_distinct_n_is_the_usual_figure() -> None:
    rows = fluency.distinct([("a", "one two one two"), ("b", "one two three")], 2)
    assert sum(top for _, top, _ in rows) == 3  # one two, two one, two three
    assert sum(bottom for _, _, bottom in rows) == 5


def test_going_round_in_circles_is_counted() -> None:
    assert fluency.repeated("Look at the first step. Look at the first step.") == (2, 7)
    assert fluency.repeats_sentence("Look at the step. Then look at the step. Look at the step.")
    assert not fluency.repeats_sentence("Well done. Look at the step. Well done.")


def test_replies_that_answer_their_own_question_are_more_coherent() -> None:
    def talk(name: str, words: str, reply: str) -> list[Said]:
        return [said(Move.GREET, reply, words=words, talk=name)]

    fitting = [talk("a", "cats drink milk", "milk for cats"), talk("b", "dogs chase balls", "balls for dogs")]
    swapped = [talk("a", "cats drink milk", "balls for dogs"), talk("b", "dogs chase balls", "milk for cats")]
    good = sum(top for _, top, _ in fluency.coherence(fitting, bag)[0])
    bad = sum(top for _, top, _ in fluency.coherence(swapped, bag)[0])
    assert good > 0 > bad


def test_figures_of_teaching_are_shares_of_what_can_go_wrong() -> None:
    talks = [
        [said(Move.ASK_ATTEMPT, "It is 666."), said(Move.ASK_ATTEMPT, "Have a go at 18 × 37 first. What do you get?")],
        [said(Move.EXPLAIN, "18 × 37 = 666.", talk="b")],
    ]
    measures, _, lengths = teaching.measured(talks, bag, seed=1, draws=200)
    by_name = {m.name: m for m in measures}
    assert by_name["leaks"].value == pytest.approx(0.5)
    assert by_name["leaks"].count == 2
    assert by_name["questions"].value == pytest.approx(1 / 3)
    assert by_name["hint_fit"].value is None
    assert lengths == [3, 12, 5]
