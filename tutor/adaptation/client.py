"""The app's side of the trainer: starts the process, hands on its events, starts it again when it was killed.

Plain Python; nothing heavy is imported. `on_event` is called on one thread of the client's own.
"""

import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from tutor.adaptation.protocol import (
    LAST,
    Cancel,
    Cancelled,
    Event,
    Failed,
    Job,
    Pause,
    Planned,
    Progress,
    Request,
    Resume,
    Shutdown,
    Train,
    Trained,
    decode_event,
    encode,
)
from tutor.engine import child
from tutor.i18n import tr

_TRIES: Final = 2
"""Times that a process which died without a word is started again; the count begins anew when the training moves on."""


class TrainerClient:
    """One job, in one process at a time. Its last event is one of `protocol.LAST`; `Planned` ends a dry run, and
    `Trained` a job without judging."""

    def __init__(
        self,
        job: Job,
        on_event: Callable[[Event], None],
        *,
        log: Path | None = None,
        command: Sequence[str] = (),
    ) -> None:
        """`log`: file for what the process prints (never learners' words), kept under a megabyte."""
        self._job, self._on_event, self._log = job, on_event, log
        self._command = list(command) or [sys.executable, "-m", "tutor.adaptation"]
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._outbox: queue.SimpleQueue[bytes | None] | None = None
        self._closing = self._ended = self._cancelled = self._paused = False
        self._deaths, self._reached = 0, 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._supervise, name="trainer-client", daemon=True)

    @property
    def pid(self) -> int | None:
        """Process number of the trainer while it runs."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def start(self) -> None:
        """Start the process; returns at once."""
        self._thread.start()

    def pause(self) -> None:
        with self._lock:
            self._paused = True
        self._put(Pause())

    def resume(self) -> None:
        with self._lock:
            self._paused = False
        self._put(Resume())

    def cancel(self) -> None:
        """Stop the job and throw away what it left; `Cancelled` comes."""
        with self._lock:
            self._cancelled = True
        self._put(Cancel())

    def close(self) -> None:
        """End the process within seconds. The same job goes on later from its last checkpoint."""
        with self._lock:
            self._closing = True
            process = self._process
        self._put(Shutdown())
        self._put(None)
        if process is not None:
            child.end(process)
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(timeout=2.0)

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the end of the job; False when it is not over after so many seconds."""
        return self._over.wait(seconds)

    # --- the client's thread -----------------------------------------------------------------------------------------

    def _supervise(self) -> None:
        while not (self._closing or self._ended):
            started = self._run_once()
            if self._closing or self._ended:
                break
            if self._cancelled:
                self._on_event(Cancelled())
                break
            self._deaths += 1
            if not started or self._deaths > _TRIES:
                self._on_event(Failed(code="died", message=_died()))
                break
        self._over.set()

    def _run_once(self) -> bool:
        """Start one process and hand on its events until it ends. False when it cannot be started."""
        try:
            process = child.start(self._command)
        except OSError:
            return False
        assert process.stdin and process.stdout and process.stderr
        outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        with self._lock:
            self._process, self._outbox = process, outbox
            outbox.put(encode(Train(job=self._job)))
            if self._paused:
                outbox.put(encode(Pause()))
            if self._cancelled:
                outbox.put(encode(Cancel()))
            if self._closing:
                outbox.put(None)
        helpers = [
            threading.Thread(target=child.write_all, args=(outbox, process.stdin), name="trainer-in", daemon=True),
            threading.Thread(target=child.keep_log, args=(process.stderr, self._log), name="trainer-log", daemon=True),
        ]
        for helper in helpers:
            helper.start()
        for line in process.stdout:
            self._hand_on(line)
        with self._lock:
            self._outbox = None
        outbox.put(None)
        if not self._closing:
            process.kill()  # its output ended: whatever is left of it can no longer be of use
        process.wait()
        for helper in helpers:
            helper.join(timeout=1.0)
        process.stdout.close()
        return True

    def _hand_on(self, line: bytes) -> None:
        try:
            event = decode_event(line)
        except msgspec.DecodeError:
            return
        if isinstance(event, Progress) and event.step > self._reached:
            self._reached, self._deaths = event.step, 0
        self._ended = self._ended or self._is_last(event)
        self._on_event(event)

    def _is_last(self, event: Event) -> bool:
        if isinstance(event, Planned):
            return self._job.dry_run
        return isinstance(event, LAST) or (isinstance(event, Trained) and not self._job.judge)

    def _put(self, request: Request | None) -> None:
        with self._lock:
            if self._outbox is not None:
                self._outbox.put(encode(request) if request is not None else None)


def _died() -> str:
    return tr(
        "The training was ended from outside several times, perhaps because memory ran out. The corrections are kept, "
        "and the tutor answers as before. Close other programs, then start it again: it goes on where it was."
    )
