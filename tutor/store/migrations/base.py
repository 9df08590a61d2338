"""How a step of the schema is registered. A step that has shipped never changes; a change is a new step."""

from collections.abc import Callable
from typing import Final

from tutor.store.lean import Database, Migrations

APPLICATION_ID: Final = 0x54555452
"""`TUTR` in the file's header, so that other programs' databases are not taken for ours."""

steps: Final = Migrations("tutor")
Step = Callable[[Database], None]


def step(name: str) -> Callable[[Step], Step]:
    """Register a step; each runs in a transaction together with the note that it was done."""
    register: Callable[[Step], Step] = steps(name=name)
    return register
