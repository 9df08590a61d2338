"""The fast arithmetic: the same verdicts as full precision, and a text's scores depend on nothing beside it."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from tutor import paths
from tutor.domain import AgeBand, Direction
from tutor.moderation import quick
from tutor.moderation.classifier import Classifier
from tutor.moderation.moderator import Moderator
from tutor.moderation.thresholds import Levels, Thresholds

Lines = Callable[[str], list[str]]


def logits(scores: dict[str, float]) -> list[float]:
    return [math.log(value / (1 - value)) for value in scores.values()]


def test_eight_bits_stay_near_full_precision(lines: Lines, exact: Classifier) -> None:
    texts = (lines("abusive") + lines("learner_says"))[:60]
    fast = Classifier(paths.safety_model(), levels=Thresholds({}))
    apart = [
        abs(a - b)
        for text in texts
        for a, b, score in zip(
            logits(fast._probabilities(fast._detoxify, [text])[0]),
            logits(exact._probabilities(exact._detoxify, [text])[0]),
            exact.scores([(text, "")])[0].values(),
            strict=True,
        )
        if 0.1 < score < 0.97
    ]
    assert len(apart) > 30
    assert sum(difference < 0.5 for difference in apart) >= 0.97 * len(apart)


@pytest.mark.parametrize("before", ["", "What have you tried so far? Show me."])
def test_scores_are_the_same_whatever_is_judged_beside_a_text(before: str, moderator: Moderator) -> None:
    classifier = moderator.classifier
    texts = ["you are a useless idiot", "what is 3/4 + 1/8?", "Add the tens first.", "i feel sad today", "x"]
    classifier.forget()
    together = classifier.scores([(text, before) for text in texts])
    for text, found in zip(texts, together, strict=True):
        classifier.forget()
        assert classifier.scores([(text, before)]) == [found]


def test_a_score_near_a_threshold_is_that_of_full_precision(exact: Classifier, lines: Lines) -> None:
    text = lines("abusive")[0]
    (wanted,) = exact.scores([(text, "")])
    near = {(d, "insult", b): Levels(wanted["insult"], 1.0) for d in Direction for b in AgeBand}
    (found,) = Classifier(paths.safety_model(), levels=Thresholds(near)).scores([(text, "")])
    assert list(found.values()) == pytest.approx(list(wanted.values()), abs=1e-5)


@pytest.mark.parametrize("narrow", [False, True])
def test_a_layer_in_eight_or_seven_bits_is_near_the_layer(narrow: bool) -> None:
    torch.manual_seed(3)
    layer = torch.nn.Linear(64, 32)
    values = torch.randn(7, 64) * torch.tensor([[1.0], [30.0], [0.1], [1.0], [5.0], [1.0], [0.01]])
    with torch.no_grad():
        wanted, found = layer(values), quick._Eight(layer, narrow=narrow)(values)
    sizes = wanted.abs().amax(-1)
    assert bool(((found - wanted).abs().amax(-1) < 0.05 * sizes).all())  # also beside a token that is far larger


def test_a_model_with_another_activation_goes_through_torchs_own_conversion(tiny: Callable[..., Path]) -> None:
    folder = tiny("Bert")
    exact = Classifier(folder, exact=True)
    exact._detoxify.model.config.hidden_act = "relu"
    found = quick.quicken(exact._detoxify, 128)
    assert found is not None and found.together == 1
    given: Any = found.fast.predict(["you are kind"])
    assert set(given) == set(exact.labels)


def test_layers_that_are_not_the_known_ones_are_left_as_they_are(tiny: Callable[..., Path]) -> None:
    exact = Classifier(tiny("Bert"), exact=True)
    plain = exact._detoxify.model.bert.pooler.forward
    exact._detoxify.model.bert.pooler.forward = lambda states: plain(states) + 1
    assert quick.quicken(exact._detoxify, 128) is None


def test_tokens_are_never_more_than_the_model_takes(tiny: Callable[..., Path]) -> None:
    exact = Classifier(tiny("Bert"), exact=True)
    tokens = quick.Tokens(exact._detoxify.tokenizer, 20)
    made = tokens(["you are kind " * 30, ("you", "are " * 40)])
    assert [tuple(t.shape) for t in made.values()] == [(1, 20)] * 4
    assert all(int(made[f"ids{n}"][0, -1]) == 3 for n in range(2))  # the end mark is kept
    assert tokens.spans("you are") == [(0, 3), (4, 7)]
