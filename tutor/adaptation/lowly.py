"""Training in the background: low priority, and no more threads than other programs leave."""

import os
import sys
from typing import Final

import psutil

from tutor.engine import cores

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
