"""sqlite-vec in the store's connection, which compares vectors inside SQLite.

Many Pythons are built without `enable_load_extension`. There SQLite itself is asked to add it to each connection that
is opened now (sqlite.org/c3ref/auto_extension.html), as a program would that had it linked in. Where neither can be
done, `load` gives "" and vectors are compared in NumPy. The package is only looked for, never imported: that would load
NumPy with the program.
"""

import ctypes
import importlib.util
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Final

_PACKAGE: Final = "sqlite_vec"
_LIBRARY: Final = "vec0"
"""Without an ending: SQLite adds the one of this system."""
_ENTRY: Final = "sqlite3_vec_init"
_NO_API: Final = b"OMIT_LOAD_EXTENSION"
"""A SQLite built with it hands extensions no functions to call; one that is added all the same would crash."""


def load(connection: sqlite3.Connection) -> str:
    """See that a connection of `for_new_connections` has it; gives its version, "" where it cannot be had.

    Loading libraries is possible for that moment alone, so that nothing in a database file can load one.
    """
    try:
        return _version(connection)
    except sqlite3.Error:
        pass
    try:
        connection.enable_load_extension(True)
    except (AttributeError, sqlite3.Error):
        return ""
    try:
        connection.load_extension(str(_folder() / _LIBRARY))
        return _version(connection)
    except (FileNotFoundError, sqlite3.Error):
        return ""
    finally:
        connection.enable_load_extension(False)


@contextmanager
def for_new_connections() -> Iterator[None]:
    """Connections opened in this block have it where this Python could not load it into them afterwards."""
    can_load = hasattr(sqlite3.Connection, "enable_load_extension")
    add, cancel = (None, None) if can_load else _added_by_sqlite()
    if add is None or cancel is None:
        yield
        return
    add()
    try:
        yield
    finally:
        cancel()


def version() -> str:
    """What `load` gives in this Python, tried in a database in memory."""
    with for_new_connections():
        connection = sqlite3.connect(":memory:")
    with closing(connection):
        return load(connection)


def _version(connection: sqlite3.Connection) -> str:
    return str(connection.execute("SELECT vec_version()").fetchone()[0])


@cache
def _added_by_sqlite() -> tuple[Callable[[], object], Callable[[], object]] | tuple[None, None]:
    """How SQLite adds it to every new connection, and how it stops doing so; from the very library that Python uses."""
    try:
        import _sqlite3

        sqlite = ctypes.CDLL(_sqlite3.__file__)  # finds what the module itself is linked with
        ours = ctypes.CDLL(str(next(_folder().glob(f"{_LIBRARY}.*"), "")))
        entry = ctypes.cast(getattr(ours, _ENTRY), ctypes.c_void_p)
        add, cancel, lacks = (
            getattr(sqlite, f"sqlite3_{name}")
            for name in ("auto_extension", "cancel_auto_extension", "compileoption_used")
        )
    except (AttributeError, ImportError, OSError):  # built in, linked in, or not installed
        return None, None
    if lacks(_NO_API):
        return None, None
    return lambda: add(entry), lambda: cancel(entry)


def _folder() -> Path:
    """Where the package lies. Raises FileNotFoundError where it is not installed."""
    spec = importlib.util.find_spec(_PACKAGE)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        return Path(place)
    raise FileNotFoundError(_PACKAGE)
