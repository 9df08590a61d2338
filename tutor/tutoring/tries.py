"""Which wrong answers are real tries: a try that is said again, a number out of the blue, counting upwards are none.

Only real tries lead on to further hints and, when these are used up, to the worked solution.
"""

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from tutor.domain import Fact
from tutor.tutoring import reading
from tutor.tutoring.numbers import NUMBER, number
from tutor.tutoring.reveals import answer_values

MOST_KEPT: Final = 12
_FAR: Final = 12
"""An answer this many times too big or too small is no estimate, unless only the point or a zero is misplaced."""
_NEAR: Final = 20
_STEP: Final = 2
"""Answers that go on in steps of this size or less are counting."""


def is_real(attempt: str, fact: Fact, tried: Sequence[str]) -> bool:
    """Whether a wrong attempt is worth a new hint. `tried`: the wrong attempts before it."""
    said = _plain(attempt)
    if said in [_plain(t) for t in tried]:
        return False
    value, wanted = _value(attempt), answer_values(fact)
    if value is None or not wanted:
        return True
    before = [v for v in (_value(t) for t in tried[-2:]) if v is not None]
    if len(before) == 2 and value - before[1] == before[1] - before[0] and abs(value - before[1]) <= _STEP:
        return False
    return any(_plausible(value, right) for right in wanted)


def _plain(attempt: str) -> str:
    return re.sub(r"\s", "", reading.plain(attempt).rpartition("=")[2])


def _value(attempt: str) -> Fraction | None:
    found = re.search(NUMBER, reading.plain(attempt).rpartition("=")[2])
    return number(found[0]) if found else None


def _plausible(value: Fraction, right: Fraction) -> bool:
    """Whether a learner who worked at it can have come to `value`: near the answer, of its size, or off by tens."""
    if abs(value - right) <= _NEAR or value == -right:
        return True
    if value == 0 or right == 0:
        return False
    ratio = abs(value / right)
    return Fraction(1, _FAR) <= ratio <= _FAR or ratio in (100, 1000, Fraction(1, 100), Fraction(1, 1000))
