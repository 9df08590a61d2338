"""The schema, as named steps in order: each module below registers its own, in the order of the imports here."""

from typing import Final

from tutor.store.migrations import learners, corrections, lessons, materials, classes, teaching  # isort: skip # noqa: F401
from tutor.store.migrations import asking, looking, keeping, locks, notes, records  # isort: skip # noqa: F401
from tutor.store.migrations.base import APPLICATION_ID, steps

__all__ = ["APPLICATION_ID", "KNOWN", "steps"]

KNOWN: Final = frozenset(step.name for step in steps._migrations)
"""The steps of this version; a database with others was written by a newer one."""
