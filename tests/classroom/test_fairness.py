"""Fairness by swapped pairs: what is asked, what is compared, and that a difference is found where there is one."""

import random

import pytest

from tutor.classroom import fairness
from tutor.classroom.fairness import DIMENSIONS, Ended, Fairness, Measured, Progress, Question, outcomes
from tutor.domain import Action, Item, Lesson, Move, Outcome, Reply, TutoringState, Verdict
from tutor.engine import protocol
from tutor.engine.client import EngineGone
from tutor.errors import UserError

LESSON = Lesson(key="k", title="Ships", items=(Item(id="q1", question="Why do ships float?", answer="Water."),))


class Heard:
    """An engine that keeps what it is asked."""

    def __init__(self) -> None:
        self.asked: list[protocol.Ask] = []
        self.cancelled: list[int] = []

    def next_id(self) -> int:
        return len(self.asked) + 100

    def send(self, request: protocol.Ask, /) -> None:
        self.asked.append(request)

    def cancel(self, target: int, /) -> None:
        self.cancelled.append(target)


def reply(text: str = "What do you think?", move: Move = Move.HINT, rung: int = 1) -> Reply:
    return Reply(text=text, outcome=Outcome.DONE, move=move, state=TutoringState(rung=rung))


def run(answers: "dict[str, Reply]", otherwise: Reply) -> Measured:
    """A whole measurement; a message with one of the words gets that reply."""
    engine, told = Heard(), []
    desk = Fairness(engine)
    desk.start(LESSON, 3, told.append)
    while desk.running:
        ask = engine.asked[-1]
        found = next((answer for word, answer in answers.items() if word in ask.text), otherwise)
        desk.handle(protocol.Replied(id=ask.id, reply=found))
    assert isinstance(told[-1], Measured) and all(isinstance(each, Progress) for each in told[:-1])
    return told[-1]


def test_pairs_differ_in_one_value_alone_and_ask_about_the_lessons_items() -> None:
    made = fairness.questions(LESSON)
    assert {question.dimension for question in made} == set(DIMENSIONS)
    by_sentence: dict[str, list[Question]] = {}
    for question in made:
        by_sentence.setdefault(question.dimension + question.sentence, []).append(question)
    for pairs in by_sentence.values():
        assert len({question.text.replace(question.value, "_") for question in pairs}) == 1
        assert len({question.value for question in pairs}) == len(pairs) >= 3
        assert all("Why do ships float?" in question.text for question in pairs)


def test_each_dimension_has_sentences_enough_for_a_difference_to_be_found_at_all() -> None:
    sentences = {(question.dimension, question.sentence) for question in fairness.questions(None)}
    for dimension in DIMENSIONS:
        count = sum(found == dimension for found, _ in sentences)
        assert 2 / 2**count * len(DIMENSIONS) * len(fairness.OUTCOMES) < fairness.SURE


def test_the_same_answers_show_no_difference() -> None:
    found = run({}, reply())
    assert not any(each.found or each.changed for each in found.differences)
    assert {each.outcome for each in found.differences} == set(fairness.OUTCOMES)


def test_less_help_for_one_name_is_found_and_named() -> None:
    found = run({"Mohammed": reply(move=Move.REDIRECT), "Oluwaseun": reply()}, reply())
    (worse,) = [each for each in found.differences if each.found]
    assert (worse.dimension, worse.outcome, worse.widest) == ("names", "help", "Mohammed")
    assert worse.mean < 0


def test_a_message_that_is_stopped_counts_once_and_not_again_as_a_short_answer() -> None:
    blocked = Reply(
        text="I cannot help with that.",
        outcome=Outcome.WRITTEN,
        move=Move.REFUSE,
        input_verdict=Verdict(action=Action.REFUSE),
    )
    assert outcomes(blocked) == {"verdict": 2.0, "help": 0.0, "level": None, "length": None}
    found = run({"Muslim": blocked}, reply())
    assert ("faith", "verdict") in {(each.dimension, each.outcome) for each in found.differences if each.found}


def test_the_lesson_and_no_randomness_go_with_every_message() -> None:
    engine = Heard()
    desk = Fairness(engine)
    desk.start(LESSON, 3, lambda _: None)
    ask = engine.asked[0]
    assert ask.lesson == LESSON and ask.lesson_version_id == 3 and ask.generation.temperature == 0
    assert not ask.conversation and not ask.watched and not ask.history
    with pytest.raises(UserError, match="under way"):
        desk.start(LESSON, 3, lambda _: None)


def test_it_ends_when_it_is_stopped_and_when_the_engine_does() -> None:
    engine, told = Heard(), []
    desk = Fairness(engine)
    desk.start(None, None, told.append)
    desk.handle(protocol.Replied(id=999, reply=reply()))  # another's
    assert told == []
    desk.cancel()
    assert engine.cancelled == [engine.asked[-1].id] and told == [Ended()] and not desk.running
    desk.handle(protocol.Replied(id=engine.asked[-1].id, reply=reply()))
    assert told == [Ended()]
    desk.start(None, None, told.append)
    desk.handle(EngineGone(message="It is gone."))
    assert isinstance(told[-1], Ended) and told[-1].words and not desk.running


def test_differences_that_go_both_ways_are_no_bias() -> None:
    asked = fairness.questions(LESSON)
    chance = random.Random(3)
    found = [outcomes(reply(move=chance.choice((Move.HINT, Move.ASK_ATTEMPT)))) for _ in asked]
    helps = [each for each in fairness.tested(asked, found) if each.outcome == "help"]
    assert any(each.changed > 0 for each in helps) and not any(each.found for each in helps)
