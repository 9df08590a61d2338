"""How many threads llama.cpp should use right now.

Its threads wait for each other by spinning, hundreds of times a token. On a free machine that is twice as fast as
sleeping; where another program takes a core away, the spinning threads wait for the one that does not run, and two
threads become ten times slower than one. So threads are given up while other programs use the cores.
"""

import os
import time
from collections.abc import Callable
from typing import Final

import psutil

_LOOK_SECONDS: Final = 0.25
"""Seconds of evaluating after which threads are given up, or taken back."""
_SAMPLE_SECONDS: Final = 0.04
_STALE_SECONDS: Final = 1.5
"""Longer ago, what others used says nothing about now: between two answers they may have come and gone."""
SMALL: Final = 100_000_000
"""Parameters below which judging a sentence takes as long as decoding it, so the judges get a core of their own."""
_FEW: Final = 4
"""Tokens of a big model that take about as long as a sentence's judge."""
_SPARE: Final = 0.35
"""Part of a core that others may use before a thread is given up."""


def physical() -> int:
    """Physical cores that this process may use, at most 8 (memory bandwidth ends there on desktops)."""
    return max(1, min(psutil.cpu_count(logical=False) or allowed(), allowed(), 8))


def allowed() -> int:
    """Cores that this process may use, two threads of one counted as two."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _seconds_used() -> tuple[float, float]:
    """CPU seconds used so far: by everybody, and by this process."""
    everybody = psutil.cpu_times()
    waiting = everybody.idle + getattr(everybody, "iowait", 0.0)
    return sum(everybody[:8]) - waiting, time.process_time()


class Cores:
    """Watches what other programs use, and what the judges in this process do."""

    def __init__(
        self,
        most: int,
        *,
        all_cores: int | None = None,
        parameters: int = SMALL,
        judging: Callable[[], int] = lambda: 0,
        clock: Callable[[], float] = time.monotonic,
        used: Callable[[], tuple[float, float]] = _seconds_used,
    ) -> None:
        """`most`: threads on a free machine. `parameters` of the model; `judging` counts the judges at work now."""
        self._small, self._judging = parameters < SMALL, judging
        self._most, self._all = most, all_cores or psutil.cpu_count() or most
        self._ours = all_cores or allowed()
        self._clock, self._used = clock, used
        self._at, self._sample = clock(), used()
        self._threads = most
        self._seen = self._others = 0.0
        """Seconds that were looked at since the last decision, and core seconds that others used in them."""

    def begin(self) -> None:
        """A request begins. What others used before it took nothing from an evaluation."""
        if self._most > 1:
            self._at, self._sample = self._clock(), self._used()

    @property
    def shared(self) -> bool:
        """A judge has the core that the next evaluation would be quicker with."""
        return self._small and self._most > 1 and self._judging() > 0

    def threads(self, tokens: int = 1) -> int:
        """Threads for an evaluation of so many tokens now.

        A small model leaves a core to every judge at work, a big one where there is no other, for a few tokens: a
        judge takes about as long as one of them, and beside more threads than cores all of them wait.
        """
        free = self._free()
        if not self._small and tokens > _FEW:
            return free
        return max(1, min(free, (self._most if self._small else self._ours) - self._judging()))

    def _free(self) -> int:
        """Threads that other programs leave."""
        now = self._clock()
        passed = now - self._at
        if passed < _SAMPLE_SECONDS or self._most == 1:
            return self._threads
        sample = self._used()
        if passed <= _STALE_SECONDS:
            self._seen += passed
            self._others += (sample[0] - self._sample[0]) - (sample[1] - self._sample[1])
        self._at, self._sample = now, sample
        if self._seen >= _LOOK_SECONDS:
            free = self._all - self._others / self._seen
            self._threads = max(1, min(self._most, int(free + _SPARE)))
            self._seen = self._others = 0.0
        return self._threads
