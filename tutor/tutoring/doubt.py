"""How sure a model is of an answer beside its other answers."""

from collections.abc import Sequence
from statistics import quantiles
from typing import Final

_ENOUGH: Final = 20
"""Answers from which a model's usual doubt is known."""
_LEAST_DOUBT: Final = 1.0
"""Nats a token below which a model is sure enough, however it compares."""


def far_above(doubt: float, usual: Sequence[float]) -> bool:
    """Whether a model was far less sure of an answer than it usually is. `usual`: its doubts before (`Reply.doubt`).

    The outer fence of Tukey (Exploratory Data Analysis, 1977), three spreads of the middle half above it, and never
    less than a nat a token. While few answers are known nothing is far above.
    """
    if len(usual) < _ENOUGH:
        return False
    low, _, high = quantiles(usual, n=4)
    return doubt > max(_LEAST_DOUBT, high + 3 * (high - low))
