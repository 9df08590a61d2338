"""Intervals of shares: Wilson's own figures, and the ends."""

import pytest

from tutor.intervals import wilson


@pytest.mark.parametrize(
    ("right", "of", "low", "high"),
    [(97, 100, 0.915, 0.990), (0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (0, 0, 0.0, 1.0)],
)
def test_the_interval_of_a_share(right: int, of: int, low: float, high: float) -> None:
    assert wilson(right, of) == pytest.approx((low, high), abs=5e-4)
