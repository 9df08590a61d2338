"""The engine's end of the protocol: descriptors that native code cannot write into, one writer at a time."""

import os
import sys
import threading
import traceback
from collections.abc import Iterator

import msgspec

from tutor.engine.protocol import Event, Request, decode_request, encode


class Lines:
    """Standard input and output as lines.

    The protocol moves to duplicated descriptors; descriptor 1 becomes standard error, so whatever a native library
    prints lands in the log and never between two messages.
    """

    def __init__(self) -> None:
        self._input = os.fdopen(os.dup(0), "rb")
        self._output = os.dup(1)
        os.set_inheritable(self._output, False)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        sys.stdout.flush()
        os.dup2(2, 1)
        self._lock = threading.Lock()

    def write(self, line: bytes) -> None:
        """Write one line. When nobody listens any more the process has no reason to live."""
        left = memoryview(line)
        with self._lock:
            try:
                while left:
                    left = left[os.write(self._output, left) :]
            except OSError:
                os._exit(0)

    def read(self) -> Iterator[bytes]:
        """Lines until standard input closes."""
        yield from self._input


class Wire(Lines):
    """The engine's messages, typed."""

    def send(self, event: Event) -> None:
        self.write(encode(event))

    def requests(self) -> Iterator[Request]:
        """Requests until standard input closes. A line that is not a request is counted in the log and left out."""
        for line in self.read():
            try:
                yield decode_request(line)
            except msgspec.DecodeError:
                note("a line that is no request was left out")


def note(text: str) -> None:
    """One line for the log. Callers pass no words of learners or teachers."""
    print(text, file=sys.stderr, flush=True)


def note_error(where: str, error: BaseException) -> None:
    """An unexpected error for the log: its type and places in our code, not its message, which may quote words."""
    places = [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-6:]]
    note(f"{where}: {type(error).__name__} at {' < '.join(reversed(places))}")
