"""The log file: what happened and where, never what a learner wrote.

Log calls in this program name kinds, places and numbers. Tracebacks are cut to type and place, since the text of an
error may quote what was being worked on.
"""

import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from tutor import paths
from tutor.qt.work import unexpected

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_state: dict[str, Path] = {}


def current() -> Path | None:
    """The log file in use, if any could be opened."""
    return _state.get("file")


def start() -> None:
    """Log to `logs/window.log` in the data folder, or to standard error where that cannot be written."""
    handler: logging.Handler
    try:
        file = paths.logs() / "window.log"
        handler = RotatingFileHandler(file, maxBytes=1_000_000, backupCount=3, encoding="utf-8", delay=False)
        _state["file"] = file
    except OSError:
        handler = logging.StreamHandler()
    handler.setFormatter(ShortFormatter(_FORMAT))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    sys.excepthook = _hook


class ShortFormatter(logging.Formatter):
    """Type and place instead of a traceback."""

    def formatException(self, ei: object) -> str:
        kind, _, trace = ei if isinstance(ei, tuple) else (None, None, None)
        lines = []
        while isinstance(trace, TracebackType):
            lines.append(f"  {trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}")
            trace = trace.tb_next
        return "\n".join([getattr(kind, "__name__", "error"), *lines])


def _hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """An error that nobody caught, usually in a slot: the window stays, the log gets its kind and place."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    unexpected(error)
