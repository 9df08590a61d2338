"""Threads are given up while other programs use the cores, and come back."""

from functools import partial

import pytest

from tutor.engine.cores import Cores, physical

BIG = 2_000_000_000


class Machine:
    """A clock and CPU counters under a test's control."""

    def __init__(self) -> None:
        self.now, self.everybody, self.mine = 0.0, 0.0, 0.0

    def run(self, seconds: float, *, others: float, mine: float) -> None:
        """Let time pass with so many cores used."""
        self.now += seconds
        self.everybody += seconds * (others + mine)
        self.mine += seconds * mine

    def watched(self, most: int, cores: int) -> Cores:
        return Cores(
            most, all_cores=cores, parameters=BIG, clock=lambda: self.now, used=lambda: (self.everybody, self.mine)
        )


@pytest.mark.parametrize(
    ("others", "cores", "most", "expected"),
    [(0.0, 2, 2, 2), (0.2, 2, 2, 2), (1.0, 2, 2, 1), (2.0, 2, 2, 1), (2.0, 16, 8, 8), (12.0, 16, 8, 4), (9.0, 8, 8, 1)],
)
def test_what_others_use_is_left_to_them(others: float, cores: int, most: int, expected: int) -> None:
    machine = Machine()
    watch = machine.watched(most, cores)
    assert watch.threads() == most
    machine.run(0.3, others=others, mine=max(0.0, cores - others))
    assert watch.threads() == expected
    machine.run(0.3, others=0.0, mine=float(most))
    assert watch.threads() == most


def test_a_long_pause_says_nothing_about_now() -> None:
    machine = Machine()
    watch = machine.watched(2, 2)
    machine.run(60.0, others=2.0, mine=0.0)
    assert watch.threads() == 2


def test_what_others_used_between_two_requests_does_not_count() -> None:
    machine = Machine()
    watch = machine.watched(2, 2)
    for _ in range(20):
        machine.run(0.05, others=2.0, mine=0.0)
        watch.begin()
        machine.run(0.05, others=0.0, mine=2.0)
        assert watch.threads() == 2
    for _ in range(10):
        watch.begin()
        machine.run(0.06, others=1.0, mine=1.0)
        watch.threads()
    assert watch.threads() == 1, "short requests are looked at together"


def test_a_small_model_knows_when_a_judge_has_a_core() -> None:
    judges = 0
    watch = Cores(2, all_cores=2, parameters=10_000_000, judging=lambda: judges)
    assert not watch.shared
    judges = 1
    assert watch.shared and watch.threads() == 1
    assert not Cores(2, all_cores=2, parameters=BIG, judging=lambda: 1).shared
    assert not Cores(1, all_cores=1, parameters=10_000_000, judging=lambda: 1).shared


def test_there_is_at_least_one_core() -> None:
    assert 1 <= physical() <= 8
    assert Cores(physical()).threads() >= 1


@pytest.mark.parametrize(
    ("parameters", "cores", "tokens", "expected"),
    [
        (10_000_000, 4, 1, [4, 3, 2, 1, 1]),
        (10_000_000, 8, 90, [4, 3, 2, 1, 1]),
        (BIG, 4, 1, [4, 3, 2, 1, 1]),
        (BIG, 6, 1, [4, 4, 4, 3, 2]),  # the judges have others
        (BIG, 4, 90, [4] * 5),  # a prompt takes longer than any judge
    ],
)
def test_a_core_is_left_to_every_judge_at_work(parameters: int, cores: int, tokens: int, expected: list[int]) -> None:
    found = [
        Cores(4, all_cores=cores, parameters=parameters, judging=partial(int, judges)).threads(tokens)
        for judges in range(5)
    ]
    assert found == expected
