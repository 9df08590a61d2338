"""Which answers an adapter words: on a small model those alone where its own world ends.

A narrow model's tutoring moves are exact work that corrections are not about: hints, checks and steps stay the base's
word for word. An adapter speaks where the base would redirect, or greet although something was asked.
"""

import re
from typing import Final

from tutor.domain import Move

_WHERE_ITS_WORLD_ENDS: Final = (Move.REDIRECT, Move.CONVERSE)
_GREETING: Final = re.compile(
    r"\s*(?:hi|hiya|hello|hey|yo|good (?:morning|afternoon|evening)|greetings)\b", re.IGNORECASE
)


def by_adapter(move: Move, words: str, scope: str) -> bool:
    """Whether the adapter in use, if any, answers a learner's words. `scope`: "" for a general model: always."""
    if not scope or move in _WHERE_ITS_WORLD_ENDS:
        return True
    return move is Move.GREET and _GREETING.match(words) is None
