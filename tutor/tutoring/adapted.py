"""Which answers an adapter words: on a small model those alone where its own world ends.

A narrow model's tutoring moves are exact work that corrections are not about: hints, checks and steps stay the base's
word for word. An adapter speaks where the base would redirect, or greet although something was asked.
"""

from typing import Final

from tutor.domain import Intent, Move

_WHERE_ITS_WORLD_ENDS: Final = (Move.REDIRECT, Move.CONVERSE)


def by_adapter(move: Move, intent: Intent | None, scope: str) -> bool:
    """Whether the adapter in use, if any, words this move. `scope`: "" for a general model, which it always does."""
    if not scope or move in _WHERE_ITS_WORLD_ENDS:
        return True
    return move is Move.GREET and intent is not Intent.GREETING
