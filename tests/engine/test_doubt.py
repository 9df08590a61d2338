"""How unsure the model was of an answer: nothing where it was certain or people wrote it, much where it guessed."""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from engine_talk import Talk

from tutor.engine.llama import Model
from tutor.engine.template import Template


def test_entropy_is_that_of_all_next_tokens(open_model: Callable[..., tuple[Model, Template]], heavy: Path) -> None:
    model, _ = open_model(heavy)
    model.evaluate([1, 2, 3])
    shares = np.exp(model.log_probabilities().astype(np.float64))
    assert model.entropy() == pytest.approx(float(-(shares * np.log(shares)).sum()), rel=1e-4)
    assert 0 < model.entropy() <= math.log(model.n_vocab)


def test_a_models_own_words_have_a_doubt_and_written_ones_none(talk: Talk) -> None:
    own = talk.answer("Tell me about your idea.")
    assert own.outcome == "done" and 0 < own.doubt < 20
    written = talk.answer("they hurt me")
    assert written.outcome == "written" and written.doubt == 0
