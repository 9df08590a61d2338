"""Training in the background: low priority, and no more threads than other programs leave."""

import os
import sys
from typing import Final

import psutil

from tutor.engine import cores

WAITING: Final = {"OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "1000"}
"""Environment of the process, to be set before any library with threads is loaded: a thread that waits leaves its core
to the engine, but looks for more work for some microseconds first. llama.cpp's threads, which write the replay and the
judgement, meet hundreds of times a token, and are six times slower where they sleep at once."""
_NICE: Final = 5
_LARGE: Final = 1 << 40
"""Parameters that stand for "not a small model": nobody in this process judges beside it."""


def low_priority() -> None:
    """Let everything else on the machine go first, the engine above all."""
    if sys.platform == "win32":
        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
    else:
        os.nice(_NICE)


class Threads:
    """How many threads a step should use now. With `wanted` it is always so many."""

    def __init__(self, wanted: int = 0) -> None:
        self.most = wanted or cores.physical()
        self._cores = None if wanted else cores.Cores(self.most, parameters=_LARGE)

    def now(self) -> int:
        """Looks at what other programs use, at most four times a second."""
        return self.most if self._cores is None else self._cores.threads()
