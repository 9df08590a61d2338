"""A note of an unexpected error in the log: its type and where, never its words, which may be a learner's."""

import datetime
import sys
import traceback
from pathlib import Path

from tutor import __version__, paths

KEPT_BYTES = 200_000
"""Above this size the log is begun again."""


def record(error: BaseException) -> str:
    """Write the note; gives the file to name to people, or a sentence when even the log cannot be written."""
    lines = [f"{datetime.datetime.now(datetime.UTC).isoformat(timespec='seconds')} tutor {__version__} {sys.platform}"]
    cause: BaseException | None = error
    while cause is not None:
        lines.append(f"{type(cause).__module__}.{type(cause).__qualname__}")
        lines += [f"  {Path(f.filename).name}:{f.lineno} {f.name}" for f in traceback.extract_tb(cause.__traceback__)]
        cause = cause.__cause__ or cause.__context__
    try:
        log = paths.logs() / "tutor.log"
        mode = "w" if log.exists() and log.stat().st_size > KEPT_BYTES else "a"
        with log.open(mode, encoding="utf-8") as out:
            out.write("\n".join(lines) + "\n")
    except OSError as unwritable:
        return f"({unwritable.strerror})"
    return str(log)
