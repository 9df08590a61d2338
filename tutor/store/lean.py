"""sqlite-utils without numpy: it imports numpy wherever it is installed, for column types that we never store.

That would cost the app 70 ms of its start and 12 MB. Nothing else runs while this module is imported at the start.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _without_numpy() -> Iterator[None]:
    """Within this block `import numpy` fails, unless it had been imported before."""
    if "numpy" in sys.modules:
        yield
        return
    sys.modules["numpy"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules["numpy"]


with _without_numpy():
    from sqlite_utils import Database, Migrations

__all__ = ["Database", "Migrations"]
