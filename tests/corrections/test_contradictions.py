"""Corrections that contradict each other are found; those that only ask alike, or say the same, are not."""

import itertools
import time
from random import Random

import pytest

from tutor.adaptation.training import phrasings
from tutor.bench.correction_sets import hundred, tuning
from tutor.corrections import contradictions, likely
from tutor.domain import Correction, CorrectionStatus
from tutor.moderation.spelling import vocabulary

PAIRS = [
    (
        "When does the library open?",
        "At 8:15.",
        "What time does the library open?",
        "At 9:00 in the morning.",
        "numbers",
    ),
    ("How long is lunch break?", "50 minutes.", "how long is the lunch break", "It is 40 minutes long.", "numbers"),
    ("Is a square a rectangle?", "Yes, a special one.", "Is a square a rectangle?", "No, it is not.", "negation"),
    (
        "Can I use a calculator in the test?",
        "No.",
        "can I use a calculator in the test",
        "Yes, from page 2.",
        "negation",
    ),
    ("What is the capital of France?", "It is Paris.", "what is the capital of France?", "It is Lyon.", "names"),
    ("Where do footballs go?", "In the shed.", "Where do footballs go?", "Under the stairs.", "other"),
]
FINE = [
    ("When does the library open?", "At 8:15.", "When does the library close?", "At 16:00."),
    ("When does the library open?", "At 8:15.", "When does the office open?", "At 9:00."),
    ("When does the library open?", "At 8:15.", "When does the library open?", "It opens at 8:15 each morning."),
    ("What is 3 + 4?", "7", "What is 3 + 5?", "8"),
    ("What is a verb?", "A doing word.", "What is a noun?", "A naming word."),
    ("Is a square a rectangle?", "Yes.", "Is a square a rectangle?", "Yes, since it has four right angles."),
]


def made(number: int, question: str, answer: str, **more: object) -> Correction:
    return Correction(id=number, question=question, answer=answer, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(("q1", "a1", "q2", "a2", "why"), PAIRS, ids=[f"{p[4]}-{i}" for i, p in enumerate(PAIRS)])
def test_contradictions_are_found_and_named(q1: str, a1: str, q2: str, a2: str, why: str) -> None:
    (found,) = contradictions.pairs([made(1, q1, a1), made(2, q2, a2)])
    assert (found.one.id, found.other.id, found.why) == (1, 2, why)


@pytest.mark.parametrize(("q1", "a1", "q2", "a2"), FINE)
def test_other_questions_and_like_answers_do_not_contradict(q1: str, a1: str, q2: str, a2: str) -> None:
    assert contradictions.pairs([made(1, q1, a1), made(2, q2, a2)]) == ()


def test_a_phrasing_counts_as_the_question() -> None:
    one = made(1, "Library hours", "It opens at 8:15.", phrasings=("when does the library open",))
    assert contradictions.why(one, made(2, "When does the library open?", "At 9:30.")) == "numbers"


def test_two_learners_may_each_have_their_own_and_the_withdrawn_count_no_more() -> None:
    one = made(1, "When is my club?", "At 3:00.", scope="learner", learner_id=1)
    other = made(2, "When is my club?", "At 4:00.", scope="learner", learner_id=2)
    gone = made(3, "When is my club?", "At 5:00.", status=CorrectionStatus.WITHDRAWN)
    assert contradictions.pairs([one, other, gone]) == ()


def test_questions_that_ask_alike_stand_in_one_group() -> None:
    corrections = [
        made(1, "When does the library open?", "8:15"),
        made(2, "How do I add fractions?", "Draw two bars."),
        made(3, "what time does the library open", ""),
        made(4, "how do we add fractions", ""),
    ]
    assert [[c.id for c in group] for group in contradictions.groups(corrections)] == [[1, 3], [2, 4]]


def test_none_of_those_that_ask_alike_is_overlooked() -> None:
    sets = [lesson.correction for lesson in (*hundred(), *tuning())]
    asked = [made(i, c.question, c.answer, phrasings=c.phrasings[:1]) for i, c in enumerate(sets, start=1)]
    asked += [made(900 + i, c.phrasings[1], "Otherwise.") for i, c in enumerate(sets[:60])]
    asked += [made(990, "when does the librery open", "8"), made(991, "When does the library open?", "9")]
    pairs = list(itertools.combinations(range(len(asked)), 2))
    both_ways = contradictions.alike  # a common word weighs more where it is misspelt or in the plural
    alike = {(i, j) for i, j in pairs if both_ways(asked[i], asked[j]) and both_ways(asked[j], asked[i])}
    found = set(likely.pairs(asked))
    assert alike <= found and (len(asked) - 2, len(asked) - 1) in alike
    assert len(found) < 0.1 * len(pairs)


def test_five_thousand_are_sorted_out_within_seconds() -> None:
    rng = Random(2)
    things = [word for word in list(vocabulary())[800:9000] if len(word) > 3]
    frames = ("When does the {} open?", "Where is the {} kept?", "Who looks after the {}?", "What is a {}?")
    corrections = []
    for number in range(1, 5001):
        question = rng.choice(frames).format(" ".join(rng.sample(things, rng.choice((1, 2)))))
        other = tuple(phrasings.variants(question, rng, 2))
        corrections.append(made(number, question, f"It is {rng.choice(things)}.", phrasings=other))
    corrections.append(made(5001, corrections[0].question, "No, 17."))
    began = time.process_time()
    groups = contradictions.groups(corrections)
    contradictions.pairs(corrections)
    assert time.process_time() - began < 20
    assert any({1, 5001} <= {c.id for c in group} for group in groups)
