"""How far a share can be trusted: the Wilson interval of so many right out of so many."""

import math
from typing import Final

_Z: Final = 1.959964
"""Of a 95% interval."""


def wilson(right: float, of: float) -> tuple[float, float]:
    """The 95% interval of the share `right / of`, 0 to 1 (Wilson, 1927); of none: all that it could be."""
    if of <= 0:
        return 0.0, 1.0
    share, spread = right / of, _Z * _Z / of
    middle = (share + spread / 2) / (1 + spread)
    half = _Z / (1 + spread) * math.sqrt(share * (1 - share) / of + spread / (4 * of))
    return max(0.0, middle - half), min(1.0, middle + half)
