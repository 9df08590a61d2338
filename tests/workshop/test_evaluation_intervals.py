"""Intervals cover what they promise, and tests for differences are right on known numbers."""

import numpy as np
import pytest

from tutor.workshop.evaluation import intervals


def test_the_bootstrap_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(1)
    hits = 0
    for i in range(200):
        drawn = (rng.random(120) < 0.3).astype(float)
        low, high = intervals.bootstrap(drawn.tolist(), [1.0] * 120, draws=400, seed=i)
        hits += low <= 0.3 <= high
    assert 180 <= hits <= 199


def test_two_models_that_agree_on_a_few_units_are_not_called_equal() -> None:
    few = intervals.difference(([1.0] * 8, [1.0] * 8), ([1.0] * 8, [1.0] * 8), share=True)
    assert few == (0.0, -0.375, 0.375)
    gap, low, high = intervals.difference(([2.0] * 30, [2.0] * 30), ([0.0] * 30, [2.0] * 30), share=True)
    assert (gap, low) == (-1.0, -1.0) and high == pytest.approx(-0.9)
    mixed = intervals.difference(([1.0] * 8, [1.0] * 8), ([0.0] * 4 + [1.0] * 4, [1.0] * 8), share=True)
    assert mixed[0] == -0.5 and -1 < mixed[1] < -0.5 < mixed[2] < 0


def test_conversations_are_drawn_whole() -> None:
    """Ten conversations of ten equal turns say as much as ten turns, not as a hundred."""
    tops, bottoms = [10.0, 0.0] * 5, [10.0] * 10
    low, high = intervals.bootstrap(tops, bottoms)
    alone_low, alone_high = intervals.bootstrap([1.0, 0.0] * 50, [1.0] * 100)
    assert high - low > 2 * (alone_high - alone_low)


def test_a_share_of_nothing_or_of_all_keeps_its_doubt() -> None:
    assert intervals.bootstrap([0.0] * 60, [1.0] * 60, share=True) == (0.0, pytest.approx(0.05))
    assert intervals.bootstrap([1.0] * 60, [1.0] * 60, share=True) == (pytest.approx(0.95), 1.0)
    assert all(np.isnan(intervals.bootstrap([], [])))


def test_pairing_takes_away_what_both_models_share() -> None:
    rng = np.random.default_rng(2)
    hardness = rng.normal(0, 5, 80)
    ours, theirs = (hardness + rng.normal(0, 0.2, 80)).tolist(), (hardness + 0.5 + rng.normal(0, 0.2, 80)).tolist()
    ones = [1.0] * 80
    gap, low, high = intervals.difference((ours, ones), (theirs, ones))
    assert low < gap < high
    assert low > 0.3 and high < 0.7
    same = intervals.difference((ours, ones), (ours, ones))
    assert same == (0.0, 0.0, 0.0)


def test_the_permutation_test_counts_every_sign_where_there_are_few() -> None:
    assert intervals.permutation([1.0] * 5) == pytest.approx(2 / 32)
    assert intervals.permutation([1.0, -1.0]) == 1.0
    assert intervals.permutation([0.0, 0.0]) == 1.0
    # the sum is 5 or more away from 0 in 6 of 16 assignments: all alike, or one of the two ones turned
    assert intervals.permutation([1.0, 2.0, 3.0, -1.0]) == pytest.approx(6 / 16)


def test_the_permutation_test_is_right_about_chance_and_sees_a_difference() -> None:
    rng = np.random.default_rng(3)
    found = [intervals.permutation(rng.normal(0, 1, 30).tolist(), draws=500, seed=i) for i in range(200)]
    assert sum(p < 0.05 for p in found) <= 22
    assert intervals.permutation((rng.normal(0, 1, 30) + 1).tolist()) < 0.001


def test_holm_on_a_worked_example() -> None:
    assert intervals.holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert intervals.holm([0.6, 0.9]) == [1.0, 1.0]
    assert intervals.holm([]) == []
