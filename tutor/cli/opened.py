"""Opening the store for a command; at a terminal a damaged file can be replaced by its newest good backup."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from tutor import paths
from tutor.i18n import tr
from tutor.store import DamagedDatabase, Store

T = TypeVar("T")


def or_repair(opener: Callable[[], T]) -> T:
    """What `opener` gives. Where the data file is damaged, a person at a terminal chooses; elsewhere that is raised."""
    try:
        return opener()
    except DamagedDatabase as damaged:
        if not sys.stdin.isatty():
            raise
        print(damaged)
        choices = {tr("restore"): damaged.restore} if damaged.backup else {}
        choices[tr("new")] = damaged.start_new
        said = input(f"{', '.join(choices)}, {tr('leave')}: ").strip().casefold()
        if said not in choices:
            raise
        print(tr("The damaged file is kept: {file}", file=choices[said]()))
        return opener()


@contextmanager
def store() -> Iterator[Store]:
    """The store in the data folder."""
    with or_repair(
        lambda: Store.open(paths.database(), backups=paths.backups(), snapshots=paths.snapshots())
    ) as opened:
        yield opened
