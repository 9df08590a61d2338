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
_STALE_SECONDS: Final = 1.5
"""Longer ago, what others used says nothing about now: between two answers they may have come and gone."""
SMALL: Final = 100_000_000
"""Parameters below which judging a sentence takes as long as decoding it, so the judges get a core of their own."""
_SPARE: Final = 0.35
"""Part of a core that others may use before a thread is given up."""


def physical() -> int:
    """Physical cores that this process may use, at most 8 (memory bandwidth ends there on desktops)."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(psutil.cpu_count(logical=False) or allowed, allowed, 8))


def _seconds_used() -> tuple[float, float]:
    """CPU seconds used so far: by everybody, and by this process."""
    everybody = psutil.cpu_times()
    waiting = everybody.idle + getattr(everybody, "iowait", 0.0)
    mine = psutil.Process().cpu_times()
    return sum(everybody[:8]) - waiting, mine.user + mine.system


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
        self._clock, self._used = clock, used
        self._at, self._sample = clock(), used()
        self._threads = most

    def threads(self) -> int:
        """Threads for an evaluation now; a small model leaves a core to every judge at work."""
        free = self._free()
        return max(1, min(free, self._most - self._judging())) if self._small else free

    def _free(self) -> int:
        """Threads that other programs leave; looks again four times a second and is cheap in between."""
        now = self._clock()
        passed = now - self._at
        if passed < _LOOK_SECONDS or self._most == 1:
            return self._threads
        sample = self._used()
        if passed <= _STALE_SECONDS:
            others = ((sample[0] - self._sample[0]) - (sample[1] - self._sample[1])) / passed
            self._threads = max(1, min(self._most, int(self._all - others + _SPARE)))
        self._at, self._sample = now, sample
        return self._threads
