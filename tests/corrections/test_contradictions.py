"""Corrections that contradict each other are found; those that only ask alike, or say the same, are not."""

import pytest

from tutor.corrections import contradictions
from tutor.domain import Correction, CorrectionStatus

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
