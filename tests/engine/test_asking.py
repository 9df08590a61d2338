"""Checks begun before it is known that a sentence will be said: used for those very words, never for others."""

from collections.abc import Iterator

import msgspec
import pytest

from tutor.domain import Action, AgeBand, Verdict
from tutor.engine.asking import Asked, Asking
from tutor.engine.checking import Checker, Question
from tutor.engine.choosing import Choosing
from tutor.engine.copying import Copying
from tutor.engine.sentences import Splitter
from tutor.tutoring.explanations import Explanation

QUESTION = Question(text="What is 3 + 4?", age_band=AgeBand.A8_10)
ASKED = Asked(text="So it is 7.", before=("Look.",), carry="", again=True)


class Judge:
    """Allows what is calm, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def judge(self, text: str, **_more: object) -> Verdict:
        self.asked.append(text)
        return Verdict(action=Action.BLOCK if "bad" in text else Action.ALLOW)


@pytest.fixture
def judge() -> Judge:
    return Judge()


@pytest.fixture
def asking(judge: Judge) -> Iterator[Asking]:
    checker = Checker(judge)
    checker.load_rules().result()
    yield Asking(checker, QUESTION)
    checker.close()


def test_a_foreseen_piece_is_judged_once(asking: Asking, judge: Judge) -> None:
    asking.foresee(ASKED)
    assert asking.check(ASKED).result().safe and judge.asked == ["So it is 7."]
    assert asking.check(ASKED).result().safe and len(judge.asked) == 2, "a verdict is for one place in the reply"


@pytest.mark.parametrize(
    "other",
    [
        {"text": "So it is bad."},
        {"before": ("Look.", "There.")},
        {"carry": "3 + 4 ="},
        {"again": False},
    ],
)
def test_words_that_differ_in_anything_have_checks_of_their_own(
    asking: Asking, judge: Judge, other: dict[str, object]
) -> None:
    asking.foresee(ASKED)
    said = msgspec.structs.replace(ASKED, **other)
    assert asking.check(said).result().safe is ("bad" not in said.text)
    assert judge.asked[-1] == said.text


def test_the_end_of_an_explanation_is_foreseen() -> None:
    copying = Copying((), Explanation("Problem: 12 × 10\nSteps: 12 × 10 = 120\nAnswer: 120", tried=False))
    assert copying.conclusion("So the answer is") == " 120."
    assert copying.conclusion("So the answer is 1") == copying.conclusion("Then we say") == ""
    assert Copying(("Problem: 12 × 10",)).conclusion("So the answer is") == ""


def test_a_number_that_goes_on_is_no_end() -> None:
    splitter = Splitter()
    splitter.feed("So it is 3.")
    assert splitter.standing() == "So it is 3."
    choosing = Choosing(model=None, generation=None, retry=0)  # type: ignore[arg-type]  # neither is asked here
    assert choosing.foreseen("So it is 3.", stands=True) == "So it is 3."
    choosing._writing = Copying(("7 ÷ 2 = 3.5",)).after([b"So it is 3."])
    assert choosing.foreseen("So it is 3.", stands=True) == ""
