"""The app's side of reading: one child process for one file, with bounds on time, memory and output, and a way out.

Whatever a hostile or broken file does to its reader, it costs a sentence to the person who chose it.
"""

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final

import msgspec

from tutor.errors import UserError
from tutor.frozen import Frozen
from tutor.i18n import tr
from tutor.materials import blocks, kinds
from tutor.materials.protocol import LONGEST_LINE, Ended, Found, Job, Page, Refused, events, line

MEMORY: Final = 1_500_000_000
SECONDS: Final = 600
"""For a whole file."""
QUIET_SECONDS: Final = 60
"""Without a word; a page takes a fraction of a second."""
MOST_PASSAGES: Final = 120_000

Progress = Callable[[int, int], None]
"""Page so and so of so many."""


class Material(Frozen):
    """A file as it was read."""

    kind: str
    title: str
    pages: int
    unread_pages: int
    passages: tuple[Found, ...]


class Reading:
    """Reads one file; `cancel` ends it from another thread."""

    def __init__(self, data: bytes, name: str, *, memory: int = MEMORY, seconds: float = SECONDS) -> None:
        """`name`: of the file, whose ending says what kind of text it is."""
        self._data, self._name, self._memory, self._seconds = data, name, memory, seconds
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._cancelled = False
        self._late = False

    def cancel(self) -> None:
        """End the reading at once; `run` then raises `cancelled`."""
        with self._lock:
            self._cancelled = True
            self._kill()

    def run(self, progress: Progress = lambda _n, _m: None) -> Material:
        """Read the file; blocks. Raises UserError: cancelled, encrypted, scanned, no_text, empty, wrong_kind, broken,
        too_large, too_slow.
        """
        kinds.kind_of(self._data, self._name)  # what needs no reader is said at once
        with self._lock:
            if self._cancelled:
                raise cancelled()
            self._process = process = subprocess.Popen(
                [sys.executable, "-m", "tutor.materials"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        assert process.stdin and process.stdout
        writer = threading.Thread(target=self._give, args=(process.stdin,), name="material-in", daemon=True)
        over = threading.Event()
        self._heard_at = time.monotonic()
        watch = threading.Thread(target=self._watch, args=(over,), name="material-watch", daemon=True)
        writer.start()
        watch.start()
        try:
            return self._listen(process.stdout, progress)
        finally:
            over.set()
            with self._lock:
                self._kill()
            process.wait()
            process.stdout.close()
            writer.join(timeout=2)

    # --- inside ---------------------------------------------------------------------------------------------------

    def _listen(self, pipe: IO[bytes], progress: Progress) -> Material:
        found: list[Found] = []
        characters = 0
        while said := pipe.readline(LONGEST_LINE):
            self._heard_at = time.monotonic()
            try:
                event = events.decode(said)
            except msgspec.DecodeError:
                break
            match event:
                case Page(n=n, m=m):
                    progress(n, m)
                case Found():
                    found.append(event)
                    characters += len(event.text)
                    if len(found) > MOST_PASSAGES or characters > 2 * blocks.MOST_CHARACTERS:
                        raise blocks.too_large()
                case Refused(code=code, message=message):
                    raise UserError(message, code=code)
                case Ended() if event.passages == len(found):
                    return Material(
                        kind=event.kind,
                        title=event.title,
                        pages=event.pages,
                        unread_pages=event.unread_pages,
                        passages=tuple(found),
                    )
                case _:
                    break
        if self._cancelled:
            raise cancelled()
        if self._late:
            raise _too_slow()
        raise blocks.broken(Path(self._name).suffix.lstrip(".").upper())

    def _give(self, pipe: IO[bytes]) -> None:
        job = Job(name=self._name[-200:], size=len(self._data), memory=self._memory, seconds=int(self._seconds) + 1)
        with contextlib.suppress(OSError, ValueError):  # its end is seen where it is listened to
            pipe.write(line(job))
            pipe.write(self._data)
            pipe.flush()
        with contextlib.suppress(OSError):
            pipe.close()

    def _watch(self, over: threading.Event) -> None:
        ends = time.monotonic() + self._seconds
        while not over.wait(0.25):
            now = time.monotonic()
            if now > ends or now - self._heard_at > min(QUIET_SECONDS, self._seconds):
                with self._lock:
                    self._late = True
                    self._kill()
                return

    def _kill(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.kill()


def cancelled() -> UserError:
    return UserError(tr("Adding was stopped. Nothing was added."), code="cancelled")


def _too_slow() -> UserError:
    return UserError(
        tr(
            "Reading this file took too long and was stopped. Nothing was added. Save the pages that the lesson needs "
            "as a file of their own, or paste the text."
        ),
        code="too_slow",
    )
