"""A small tutor's explanation says its steps in their order, its answer, and what it was trained to say between."""

from random import Random

import pytest

from tutor.domain import Fact, Move
from tutor.tutoring import brief, explanations
from tutor.tutoring.explanations import Explanation
from tutor.tutoring.fallbacks import fallback_text
from tutor.workshop.writing.conversations import Converser
from tutor.workshop.writing.problems import problems

SUM = Fact(kind="expression", question="96 ÷ 4", answer="24", steps=("4 × 20 = 80", "96 - 80 = 16", "96 ÷ 4 = 24"))
EQUATION = Fact(kind="equation", question="2x + 3 = 13", answer="x = 5", steps=("2x = 10", "x = 10 ÷ 2", "x = 5"))
MEDIAN = Fact(
    kind="average", question="median of 4, 9, 2, 7 and 5", answer="5",
    steps=("in order: 2, 4, 5, 7 and 9", "in the middle: 5"),
)  # fmt: skip
ALL = "First, 4 × 20 = 80; 96 - 80 = 16. Then 96 ÷ 4 = 24"


def of(fact: Fact, *, tried: bool = False) -> Explanation:
    found = explanations.of(Move.EXPLAIN, brief.render(Move.EXPLAIN, fact), tried=tried)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("fact", "said", "wanted"),
    [
        (SUM, "", ""),
        (SUM, "First", ", 4 × 20 = 80"),  # the first step comes first
        (SUM, "First, 4 × 20 = 80", ""),
        (SUM, "First, 4 × 20 = 80,", ""),
        (SUM, "First, 4 × 20 = 80, then", " 96 - 80 = 16"),
        (SUM, "First, 4 × 20 = 80. Ne", "xt, 96 - 80 = 16"),
        (SUM, ALL, "."),
        (SUM, f"{ALL}. So the answer is", " 24."),
        (SUM, f"{ALL}. So the answer to", " 96 ÷ 4 is 24."),
        (SUM, f"{ALL}. That gives 24.", ""),  # it may end here
        (EQUATION, "First, 2x = 10, then", " x = 10 ÷ 2"),
        (EQUATION, "First, 2x = 10, then x = 10 ÷ 2; x = 5. So it is", " x = 5."),
        (MEDIAN, "First", ", in order: 2, 4, 5, 7 and 9"),
        (MEDIAN, "First, in order: 2, 4, 5, 7 and 9;", " in the middle: 5"),
    ],
)
def test_steps_and_answer_are_put_down_where_they_are_led_up_to(fact: Fact, said: str, wanted: str) -> None:
    assert of(fact).follows(said) == wanted


@pytest.mark.parametrize(
    ("fact", "said", "comes"),
    [
        (SUM, "First, 4 × 20 = 80", " ="),
        (SUM, "First, 4 × 20 = 80", " 9"),
        (SUM, "First, 4 × 20 = 80;", " the"),
        (SUM, "First, 4 × 20 = 80.", " So"),  # steps are left
        (SUM, "First, 4 × 20 = 80.", ""),
        (SUM, "Here is how it goes:", "."),
        (SUM, "Here are the steps:", " ton"),
        (SUM, "", "So"),
        (SUM, "", "You"),  # they did not try
        (SUM, ALL, ","),
        (SUM, f"{ALL}.", " Then"),
        (SUM, f"{ALL}.", ""),  # the answer is left
        (SUM, f"{ALL}. So the answer is", " 9"),
        (SUM, f"{ALL}. So the answer is 24.", " So"),
        (SUM, f"{ALL}. The ans", ""),
        (EQUATION, "First, 2x = 10; x = 10 ÷ 2; x = 5. So the answer", " to"),  # an equation fits into no sentence
        (MEDIAN, "First, in order: 2, 4, 5, 7 and 9; in the middle: 5. So the answer", " to"),
    ],
)
def test_nothing_else_is_said(fact: Fact, said: str, comes: str) -> None:
    assert comes not in of(fact).ways(said)


def test_a_learner_who_tried_is_told_so() -> None:
    assert "You" in of(SUM, tried=True).ways("") and "You" not in of(SUM).ways("")


def test_what_is_open_is_the_tutor_s_to_choose() -> None:
    assert set(of(SUM).ways("")) == {"Let's", "Of", "Here", "Step", "This", "We", "First", "To"}
    assert set(of(SUM).ways("First, 4 × 20 = 80")) == {",", ";", "."}
    assert set(of(SUM).ways("First, 4 × 20 = 80,")) == {" then", " next"}
    assert set(of(SUM).ways(f"{ALL}. That gives 24.")) == {"", " Does", " Which", " Shall", " Is", " Would", " Can"}
    assert of(SUM).ways("Well, 4 × 20 = 80") == (), "words of others are not its own"


def test_a_sign_keeps_the_space_before_it() -> None:
    root = Fact(kind="expression", question="√49", answer="7", steps=("7 × 7 = 49", "√49 = 7"))
    assert " √" in of(root).ways("First, 7 × 7 = 49; √49 = 7. So")


def test_only_explanations_that_have_steps_and_no_way_of_people_s_own() -> None:
    assert explanations.of(Move.CONFIRM, brief.render(Move.CONFIRM, SUM, attempt="24"), tried=True) is None
    bare = Fact(kind="expression", question="96 ÷ 4", answer="24")
    assert explanations.of(Move.EXPLAIN, brief.render(Move.EXPLAIN, bare), tried=True) is None
    ours = brief.render(Move.EXPLAIN, SUM, given="We halve it twice.")
    assert explanations.of(Move.EXPLAIN, ours, tried=True) is None


def test_all_that_the_workshop_writes_is_said_word_for_word() -> None:
    """The starter is trained towards these; numbers and wordings are of those that nothing was fitted to."""
    converser, there, put_down = Converser(Random(5), held=True), 0, 0
    for _, problem in zip(range(400), problems(Random(5), held=True), strict=False):
        for turn in converser.about(problem):
            explanation = explanations.of(turn.move, turn.notes, tried=True)
            if explanation is None:
                continue
            there, said = there + 1, ""
            while said != turn.reply:
                ways = [way for way in explanation.ways(said) if way and turn.reply.startswith(said + way)]
                assert ways, (said, turn.reply, turn.notes)
                said += max(ways, key=len)
                put = explanation.follows(said)
                put_down += len(put) > 1
                assert turn.reply.startswith(said + put), (said, put, turn.reply, turn.notes)
                said += put
            assert "" in explanation.ways(said) and not explanation.follows(said), (said, turn.notes)
    assert there > 60 and put_down > 3 * there


def test_people_s_words_keep_lists_apart() -> None:
    for variant in range(3):
        said = fallback_text(Move.EXPLAIN, MEDIAN, variant=variant)
        assert "in order: 2, 4, 5, 7 and 9; in the middle: 5." in said
