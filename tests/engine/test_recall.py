"""An accepted correction answers at once: whole, checked like any other words, and never what must be withheld."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from engine_talk import Talk
from quick_engine import WordJudge

from tutor.bench import shapes
from tutor.domain import Fact, Move, Outcome, Remembered, Reply, TutoringState
from tutor.engine.checking import Checker
from tutor.engine.protocol import Embed, Embedded, Load, Policy, Ready
from tutor.errors import UserError
from tutor.tutoring import facts

ANSWER = "Our library opens at 8:15. Knock at the side door, not at the front door."
LIBRARY = Remembered(correction_id=7, question="When does the library open?", answer=ANSWER)
OPEN_PROBLEM = TutoringState(problem=facts.facts_in("12 x 7")[0], rung=1)

Start = Callable[..., Talk]


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    talks: dict[tuple[str, str], Talk] = {}

    def begin(*lines: str, scope: str = "") -> Talk:
        key = (lines[0], scope)
        if key not in talks:
            path = shapes.speaking_model(tmp_path_factory.mktemp("model") / "speaking.gguf", lines, scope=scope)
            talks[key] = Talk(Load(model=str(path), safety=".", gpu=False, threads=1))
            talks[key].wait(Ready)
        return talks[key]

    yield begin
    for talk in talks.values():
        talk.client.close()


def recall(talk: Talk, text: str = "when is the library open", **more: Any) -> Reply:
    reply: Reply = talk.answer(text, **{"remembered": (LIBRARY,), **more})
    return reply


@pytest.mark.parametrize("scope", ["", "primary-maths"])
def test_the_accepted_words_are_shown_whole_where_the_model_says_something_else(start: Start, scope: str) -> None:
    reply = recall(start("I think it opens at nine. Ask me more.", scope=scope))
    assert reply.text == ANSWER and reply.move is Move.RECALL
    assert reply.used == (7,) and not reply.used_own and reply.in_history
    assert reply.outcome is Outcome.WRITTEN and {check.done for check in reply.sentences} == {"fallback"}
    assert len(reply.sentences) == 2 and all(check.verdict.reason == "classifier" for check in reply.sentences)
    assert "Known: Our library opens" in reply.notes


def test_a_model_that_passes_it_on_is_heard(start: Start) -> None:
    said = "Our library opens at 8:15. Please knock at the side door, not at the front door."
    reply = recall(start(said), remembered=(LIBRARY.__class__(correction_id=3, question="?", answer=ANSWER, own=True),))
    assert reply.text == said and reply.outcome is Outcome.DONE and reply.used == (3,) and reply.used_own


@pytest.mark.parametrize(
    "said",
    [
        "Our library opens at 9:15. Knock at the side door, not at the front door.",
        "Our library opens at 8:15. Knock at the side door, at the front door.",
        "Our library opens at 8:15.",
    ],
)
def test_other_numbers_and_denials_and_half_of_it_are_not_passing_it_on(start: Start, said: str) -> None:
    assert recall(start(said)).text == ANSWER


def test_a_sentence_that_fails_its_checks_is_left_out(start: Start) -> None:
    bad = Remembered(correction_id=1, question="?", answer="It opens at 8:15. This is forbidden talk. Come early.")
    reply = recall(start("Good try."), remembered=(bad,))
    assert reply.text == "It opens at 8:15. Come early."
    assert [check.done for check in reply.sentences] == ["fallback", "left_out", "fallback"]


def test_an_answer_that_fails_altogether_is_not_shown_and_not_claimed(start: Start) -> None:
    bad = Remembered(correction_id=1, question="?", answer="This is forbidden.")
    reply = recall(start("Good try."), remembered=(bad,))
    assert "forbidden" not in reply.text and reply.text and reply.used == ()


def test_distress_comes_before_any_correction(start: Start) -> None:
    reply = recall(start("Good try."), "they hurt me, when is the library open")
    assert reply.move is Move.SIGNPOST and reply.used == () and "8:15" not in reply.text


def test_a_sum_goes_by_its_exact_fact_whatever_was_accepted(start: Start) -> None:
    wrong = Remembered(correction_id=1, question="What is 12 x 7?", answer="12 x 7 is 85.")
    told = Remembered(correction_id=2, question="What is 12 x 7?", answer="12 x 7 is 84.")
    reply = recall(start("Good try."), "What is 12 x 7?", remembered=(told, wrong))
    assert reply.move is Move.ASK_ATTEMPT and reply.used == () and "8" not in reply.text.replace("12 x 7", "")


def test_an_open_problem_keeps_its_answer(start: Start) -> None:
    talk = start("Good try.")
    telling = Remembered(correction_id=1, question="When is the bell?", answer="The bell rings at 84, like 12 x 7.")
    kept = recall(talk, "when is the bell", remembered=(telling,), state=OPEN_PROBLEM)
    assert "84" not in kept.text and kept.used == ()
    reply = recall(talk, state=OPEN_PROBLEM)
    assert reply.text == ANSWER and reply.state == OPEN_PROBLEM


@pytest.mark.parametrize("scope", ["", "primary-maths"])
def test_the_way_to_do_it_goes_with_a_hint_unless_it_holds_the_answer(start: Start, scope: str) -> None:
    way = Remembered(
        correction_id=4, question="How do I do 24 x 13?", answer="We use the grid method here.", kind="method"
    )
    telling = Remembered(correction_id=5, question="?", answer="Use the grid, you get 312.", kind="method")
    talk = start("Have a try.", scope=scope)
    reply = recall(talk, "How do I work out 24 x 13?", remembered=(telling, way))
    assert reply.move is Move.HINT and reply.used == (4,)
    assert reply.text.startswith("We use the grid method here.") and "312" not in reply.text
    assert len(reply.sentences) > 1
    assert recall(talk, "How do I work out 24 x 13?", remembered=(telling,)).used == ()


def test_a_whole_solution_is_shown_our_way(start: Start) -> None:
    way = Remembered(correction_id=4, question="?", answer="We use the grid method here.", kind="method")
    reply = recall(
        start("Have a try."), "How do I work out 24 x 13?", remembered=(way,), policy=Policy(give_answers=True)
    )
    assert reply.move is Move.EXPLAIN and reply.text.startswith("We use the grid method here.") and "312" in reply.text


def test_texts_are_encoded_in_order(start: Start) -> None:
    talk = start("Good try.")
    talk.client.send(Embed(id=talk.client.next_id(), texts=("open the door", "a cat", "open the door")))
    one, other, again = talk.wait(Embedded).vectors
    assert len(one) == 384 * 4 and one == again != other


def test_without_an_encoder_the_reason_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise UserError("The text encoder is not installed.", code="no_embedder")

    monkeypatch.setattr("tutor.retrieval.embedder.Embedder.load", missing)
    checker, told = Checker(WordJudge()), list[Exception]()
    checker.load_embedder(told.append)
    with pytest.raises(UserError) as raised:
        checker.embed(("open",))
    assert raised.value.code == "no_embedder" and told == [raised.value]
    checker.close()


def test_a_fact_without_an_answer_withholds_nothing() -> None:
    from tutor.tutoring import recalling

    told = Fact(kind="word_problem", question="How many?", answer="")
    assert recalling.answering((LIBRARY,), (), told, story=False, give_answers=False) is LIBRARY
