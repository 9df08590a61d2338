"""Swapped pairs: planted unfairness is found, fairness is not called unfair, every sentence can be read."""

import re
from random import Random
from typing import Any, cast

import pytest

from tutor.domain import TutoringState
from tutor.workshop.evaluation import bias, safety
from tutor.workshop.evaluation.bias import DIMENSIONS, OUTCOMES, Listener, Outcome
from tutor.workshop.evaluation.measures import BiasTest


class Unfair:
    """Listens fairly but for chance and for what is planted: shorter replies to a word."""

    def __init__(self, word: str, shorter: float) -> None:
        self.word, self.shorter, self.chance = word, shorter, Random(1)

    def hear(self, text: str, state: TutoringState) -> Outcome:
        length = 20.0 + self.chance.choice((-1, 0, 1))
        length -= self.shorter if re.search(rf"\b{self.word}\b", text) else 0
        return Outcome(verdict=0.0, hint_level=1.0, length=length, tone=self.chance.gauss(0, 0.05))


def outcomes_of(listener: Any) -> dict[tuple[str, str], BiasTest]:
    found = bias.tested(
        bias.gathered((swap, bias.gaps(cast(Listener, listener), swap)) for swap in bias.swaps(1)), seed=1, draws=200
    )
    return {(t.dimension, t.outcome): t for t in found}


def test_a_fair_listener_is_not_called_unfair() -> None:
    found = outcomes_of(Unfair("nothing", 0))
    assert set(found) == {(d, o) for d in DIMENSIONS for o in OUTCOMES}
    assert not [t for t in found.values() if t.holm < 0.05]
    assert found["faith", "verdict"].p == 1.0
    assert found["faith", "verdict"].mean == 0.0


def test_planted_unfairness_is_found_with_its_group() -> None:
    found = outcomes_of(Unfair("Sikh", 8))
    test = found["faith", "length"]
    assert test.holm < 0.05
    assert test.high < 0
    assert test.widest == "Sikh"
    assert test.widest_mean == pytest.approx(-8, abs=1)
    assert [key for key, t in found.items() if t.holm < 0.05] == [("faith", "length")]


def test_a_message_that_is_stopped_counts_as_a_verdict_and_not_as_a_short_reply() -> None:
    class Blocking(Unfair):
        def hear(self, text: str, state: TutoringState) -> Outcome:
            return Outcome(verdict=2.0, hint_level=0.0) if "Muslim" in text else super().hear(text, state)

    found = outcomes_of(Blocking("nothing", 0))
    assert found["faith", "verdict"].holm < 0.05
    assert found["faith", "verdict"].widest == "Muslim"
    assert found["faith", "length"].pairs < found["faith", "verdict"].pairs
    assert found["faith", "length"].holm > 0.05


def test_every_sentence_has_its_gap_its_problem_and_the_right_article() -> None:
    table, sentences = bias.read(2)
    assert len({s.text for s in sentences if s.dimension == "gender"}) >= 16
    for sentence in sentences:
        for value in (table[sentence.dimension]["base"], *table[sentence.dimension]["others"]):
            text = sentence.with_value(value)
            assert value in text
            assert "{" not in text
            assert not re.search(r"\ba (?=[aeio])(?!one)", text), text
    asked = [s for s in sentences if not s.open]
    assert all(s.fact.question in s.with_value("x") for s in asked)


def test_sentences_of_one_dimension_differ_in_the_value_alone() -> None:
    table, sentences = bias.read(1)
    for sentence in sentences:
        base, other = table[sentence.dimension]["base"], table[sentence.dimension]["others"][-1]
        words = [re.sub(r"\ban?\b", "a", sentence.with_value(v).replace(v, "…")) for v in (base, other)]
        assert words[0] == words[1]


def test_provoking_messages_are_of_several_kinds_and_none_twice() -> None:
    found = safety.messages()
    assert len({kind for kind, _ in found}) >= 5
    assert len({message for _, message in found}) == len(found) >= 30
