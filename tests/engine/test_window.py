"""The window: exact budget, guidelines always, whole oldest turns dropped in blocks, long messages refused first."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tutor.engine.llama import Model
from tutor.engine.prompt import PromptBuilder
from tutor.engine.protocol import Past
from tutor.engine.template import Template
from tutor.engine.window import MARGIN, Window
from tutor.errors import UserError

GUIDELINES = "You are a patient tutor. Ask one question at a time."


@pytest.fixture
def parts(open_model: Callable[..., tuple[Model, Template]], speaking: Path) -> tuple[Model, PromptBuilder]:
    model, template = open_model(speaking, n_ctx=512)
    return model, PromptBuilder(model, template)


def _turn(i: int, length: int = 30) -> Past:
    return Past(learner=f"q{i} " + "a" * length, notes="", tutor=f"answer {i}")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lengths=st.lists(st.integers(0, 120), max_size=12),
    new=st.integers(1, 80),
    n_ctx=st.sampled_from([512, 768, 1024]),
    max_tokens=st.sampled_from([32, 128, 400]),
)
def test_the_budget_holds_and_what_stays_is_the_newest_turns_whole(
    parts: tuple[Model, PromptBuilder], lengths: list[int], new: int, n_ctx: int, max_tokens: int
) -> None:
    model, builder = parts
    window = Window(builder, model, n_ctx)
    history = tuple(_turn(i, length) for i, length in enumerate(lengths))
    fitted = window.fit(GUIDELINES, history, "n" * new, "", max_tokens)
    assert fitted is not None
    assert len(fitted.tokens) <= window.capacity(max_tokens) <= n_ctx - min(max_tokens, n_ctx // 2) - MARGIN
    assert fitted.tokens == builder.ask(GUIDELINES, history[fitted.dropped :], "n" * new, "")
    whole = len(builder.ask(GUIDELINES, history, "n" * new, ""))
    assert (fitted.dropped == 0) == (whole <= window.capacity(max_tokens)), "nothing goes while everything fits"


def test_the_cut_stays_for_several_turns(parts: tuple[Model, PromptBuilder]) -> None:
    """Or else the KV prefix would be lost at every turn once the window is full."""
    model, builder = parts
    window = Window(builder, model, 1024)
    dropped = []
    for n in range(40):
        fitted = window.fit(GUIDELINES, tuple(_turn(i) for i in range(n)), f"q{n} " + "a" * 30, "", 256)
        assert fitted is not None
        dropped.append(fitted.dropped)
    assert dropped == sorted(dropped) and dropped[-1] > 10
    changes = sum(a != b for a, b in pairwise(dropped))
    assert changes <= 8, dropped


@pytest.mark.parametrize("length", [10, 200])
def test_what_is_read_ahead_leaves_out_no_turn_that_the_next_question_keeps(
    parts: tuple[Model, PromptBuilder], length: int
) -> None:
    model, builder = parts
    window = Window(builder, model, 1024)
    left_out = 0
    for n in range(30):
        history = tuple(_turn(i, length if i % 3 else 120) for i in range(n))
        fitted = window.fit(GUIDELINES, history, "why", "", 256)
        ahead = window.prefix(GUIDELINES, history, 256)
        assert fitted is not None
        assert fitted.tokens[: len(ahead) - 1] == ahead[:-1], "a short question goes on where it was"
        left_out += fitted.dropped > 0
    assert left_out > 5


def test_an_overlong_message_is_refused_with_its_length_and_the_limit(parts: tuple[Model, PromptBuilder]) -> None:
    model, builder = parts
    window = Window(builder, model, 512)
    limit = window.limit(GUIDELINES, 128)
    window.check("b" * (limit // 2), GUIDELINES, 128)
    with pytest.raises(UserError) as caught:
        window.check("é" * 2000, GUIDELINES, 128)
    assert caught.value.code == "too_long"
    assert str(limit) in str(caught.value) and str(window.measure("é" * 2000)) in str(caught.value)


def test_a_message_at_the_limit_fits_with_its_notes(parts: tuple[Model, PromptBuilder]) -> None:
    model, builder = parts
    window = Window(builder, model, 512)
    text = "b" * window.limit(GUIDELINES, 128)
    while window.measure(text) < window.limit(GUIDELINES, 128):
        text += "bd"
    text = text[: len(text) - 4]
    window.check(text, GUIDELINES, 128)
    assert window.fit(GUIDELINES, (_turn(1),), text, "n" * 30, 128) is not None


def test_a_megabyte_is_measured_quickly(parts: tuple[Model, PromptBuilder]) -> None:
    model, builder = parts
    assert Window(builder, model, 512).measure("word " * 200_000) > 100_000
