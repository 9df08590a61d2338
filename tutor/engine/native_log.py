"""What llama.cpp itself warned of last. It is never given text, only tokens, so no learner's words are here."""

import ctypes
from collections import deque

import llama_cpp as lc

from tutor.i18n import tr

lines: deque[str] = deque(maxlen=200)
"""Its last warnings and errors."""


def _on_log(level: int, text: bytes, _data: object) -> None:
    if level >= 3:  # GGML_LOG_LEVEL_WARN
        lines.append(text.decode(errors="replace").strip()[:500])


_callback = lc.llama_log_callback(_on_log)


def listen() -> None:
    """From now on, in this process."""
    lc.llama_log_set(_callback, ctypes.c_void_p(0))


def reason() -> str:
    """Why the last thing failed, as far as llama.cpp says."""
    found = [line for line in lines if "error" in line.lower()] or list(lines)
    return found[0] if found else tr("no reason was given")
