"""`python -m tutor.engine`: the engine process. It talks to the app over its standard input and output."""

import os
import signal
import sys
from typing import Final

from tutor import offline

_SWITCH_SECONDS: Final = 0.0002
"""How long the judges' Python may keep the thread that decodes waiting; Python's own 5 ms are ten tokens."""

_SPINS: Final = "60000"
"""How often a thread of llama.cpp looks for more work before it sleeps, about half a millisecond: longer than Python
takes between two tokens even when it waits for its lock, and short where a judge waits for the core. GNU's OpenMP would
spin for milliseconds."""


def main() -> None:
    """Serve until the app closes our input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal is for the app, which then closes our input
    # PyTorch and llama.cpp share one OpenMP. A second pool of threads would make it put llama.cpp's threads to sleep at
    # every barrier (30% slower), so PyTorch gets one thread from the start; llama.cpp names its own number.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("GOMP_SPINCOUNT", _SPINS)
    os.environ.setdefault("GGML_NO_BACKTRACE", "1")  # an abort would start a debugger, which may print learners' words
    offline.libraries()
    sys.setswitchinterval(_SWITCH_SECONDS)
    from tutor.engine.worker import serve

    serve()
    os._exit(0)  # threads of native libraries must not hold the process back


if __name__ == "__main__":
    main()
