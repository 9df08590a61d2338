"""Threads are given up while other programs use the cores, and come back."""

import pytest

from tutor.engine.cores import Cores, for_model, physical


class Machine:
    """A clock and CPU counters under a test's control."""

    def __init__(self) -> None:
        self.now, self.everybody, self.mine = 0.0, 0.0, 0.0

    def run(self, seconds: float, *, others: float, mine: float) -> None:
        """Let time pass with so many cores used."""
        self.now += seconds
        self.everybody += seconds * (others + mine)
        self.mine += seconds * mine


@pytest.mark.parametrize(
    ("others", "cores", "most", "expected"),
    [(0.0, 2, 2, 2), (0.2, 2, 2, 2), (1.0, 2, 2, 1), (2.0, 2, 2, 1), (2.0, 16, 8, 8), (12.0, 16, 8, 4), (9.0, 8, 8, 1)],
)
def test_what_others_use_is_left_to_them(others: float, cores: int, most: int, expected: int) -> None:
    machine = Machine()
    watch = Cores(most, all_cores=cores, clock=lambda: machine.now, used=lambda: (machine.everybody, machine.mine))
    assert watch.threads() == most
    machine.run(0.3, others=others, mine=max(0.0, cores - others))
    assert watch.threads() == expected
    machine.run(0.3, others=0.0, mine=float(most))
    assert watch.threads() == most


def test_a_long_pause_says_nothing_about_now() -> None:
    machine = Machine()
    watch = Cores(2, all_cores=2, clock=lambda: machine.now, used=lambda: (machine.everybody, machine.mine))
    machine.run(60.0, others=2.0, mine=0.0)
    assert watch.threads() == 2


def test_there_is_at_least_one_core() -> None:
    assert 1 <= physical() <= 8
    assert Cores(physical()).threads() >= 1
    assert 1 <= for_model(10_000_000) <= for_model(2_000_000_000) == physical()
