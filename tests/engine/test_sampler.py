"""How a token is drawn: by its odds among those that are allowed."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tutor.domain import Generation
from tutor.engine.sampler import Sampler

ODDS = np.log(np.array([0.4, 0.3, 0.2, 0.1], dtype=np.float32))
DRAWS = 4000


def drawn(allowed: Callable[[int], bool] | None, seed: int = 3) -> Counter[int]:
    plain = Generation(temperature=1.0, top_k=0, top_p=1.0, min_p=0.0, repeat_penalty=1.0)
    sampler = Sampler(len(ODDS), plain, seed)
    try:
        return Counter(sampler.choose(ODDS.copy(), allowed) for _ in range(DRAWS))
    finally:
        sampler.close()


def test_tokens_come_as_often_as_their_odds_say() -> None:
    counts = drawn(None)
    assert [counts[token] / DRAWS for token in range(4)] == pytest.approx([0.4, 0.3, 0.2, 0.1], abs=0.03)


def test_what_is_not_allowed_leaves_the_odds_of_the_rest_as_they_were() -> None:
    counts = drawn(lambda token: token not in (0, 3))
    assert counts[0] == counts[3] == 0
    assert [counts[token] / DRAWS for token in (1, 2)] == pytest.approx([0.6, 0.4], abs=0.03)


def test_a_token_that_was_not_allowed_is_not_counted_as_said() -> None:
    """Else the repeat penalty would punish what was never said."""
    sampler = Sampler(3, Generation(temperature=0.0, repeat_penalty=2.0), 1)
    logits = np.array([2.0, 1.8, 0.1], dtype=np.float32)
    try:
        assert sampler.choose(logits.copy(), lambda token: token != 0) == 1
        assert sampler.choose(logits.copy()) == 0, "1 was said, 0 was not"
        assert sampler.choose(logits.copy()) == 0, "both were said now: 1.0 against 0.9"
    finally:
        sampler.close()


def test_a_seed_gives_the_same_tokens_again() -> None:
    assert drawn(None, seed=7) == drawn(None, seed=7) != drawn(None, seed=8)


@pytest.mark.parametrize(
    ("settings", "logits"),
    [
        ({"temperature": 0.3, "min_p": 0.05, "repeat_penalty": 1.05}, [20.0, 15.5, 3.0]),
        ({"temperature": 0.3, "min_p": 0.05, "repeat_penalty": 1.5}, [20.0, 15.5, 3.0]),
        ({"temperature": 1.0, "min_p": 0.0, "repeat_penalty": 1.0}, [3.0, 0.0, -1.0]),
        ({"temperature": 0.0, "min_p": 0.05, "repeat_penalty": 1.2}, [-1.0, -1.1, -9.0]),
        ({"temperature": 0.9, "min_p": 0.3, "repeat_penalty": 0.5}, [4.0, 2.9, 2.8]),
    ],
)
def test_a_token_that_leads_by_far_is_taken_as_the_whole_chain_would(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, Any], logits: list[float]
) -> None:
    given, values = Generation(top_k=0, top_p=1.0, **settings), np.array(logits, dtype=np.float32)

    def counted(draws: int) -> Counter[int]:
        chosen: Counter[int] = Counter()
        for seed in range(draws):
            sampler = Sampler(3, given, seed)
            chosen.update(sampler.choose(values.copy()) for _ in range(3))
            sampler.close()
        return chosen

    quick = counted(700)
    monkeypatch.setattr("tutor.engine.sampler._margin", lambda _generation: np.inf)
    whole = counted(700)
    assert set(quick) == set(whole)
    assert [quick[t] / 2100 for t in range(3)] == pytest.approx([whole[t] / 2100 for t in range(3)], abs=0.04)
