"""The line of progress: a bar, a share, and the time left by what was done in this sitting."""

import pytest

from tutor.workshop import progress
from tutor.workshop.progress import Progress, bar


class Clock:
    """Seconds that pass only when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(progress, "time", made)
    return made


def test_the_time_left_is_told_by_what_was_done_since_the_start(
    clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    with Progress("evaluate", 100, done=40) as line:  # forty were done the day before
        clock.now = 60
        line.add(10, "conversations,")
        clock.now = 61
        line.add(1)  # too soon for another line
        clock.now = 120
        line.add(19)
    said = capsys.readouterr().err.splitlines()
    assert said == [
        "evaluate: [##########..........] 50% conversations, 5.0 min left",
        "evaluate: [##############......] 70%  2.0 min left",
        "evaluate: done, 70 in 120 s",
    ]


def test_nothing_is_said_before_anything_is_done_nor_beyond_the_whole(
    clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    with Progress("collect", 10, unit="kB") as line:
        clock.now = 40
        line.add(0)
        clock.now = 80
        line.add(12.4)
    assert capsys.readouterr().err.splitlines() == [
        "collect: [####################] 100%  0.0 min left",
        "collect: done, 12 kB in 80 s",
    ]
    assert bar(0.0) == f"[{'.' * progress.BAR}]"


def test_a_line_that_is_not_finished_does_not_say_done(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KeyboardInterrupt), Progress("x", 2) as line:
        line.add(1)
        raise KeyboardInterrupt
    assert capsys.readouterr().err == "" and clock.now == 0
