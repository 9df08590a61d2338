"""`python -m tutor.adaptation`: the trainer process. It talks to the app over its standard input and output."""

import os
import signal

from tutor import offline
from tutor.adaptation import lowly


def main() -> None:
    """Do one job, at low priority, and end; or end when the app closes our input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal is for the app, which then closes our input
    for name, value in lowly.WAITING.items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("GGML_NO_BACKTRACE", "1")
    offline.libraries()
    # Every step has another length, and oneDNN would keep what it compiled for a thousand of them: half a gigabyte.
    os.environ.setdefault("LRU_CACHE_CAPACITY", "16")
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "16")
    from tutor.adaptation.process import serve

    lowly.low_priority()
    serve()
    os._exit(0)  # threads of native libraries must not hold the process back


if __name__ == "__main__":
    main()
