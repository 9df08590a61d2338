"""The app's side of the engine: starts the process, sends requests, reads events, starts it again when it dies.

Plain Python; nothing heavy is imported. `on_event` is called on one thread of the client's own.
"""

import itertools
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from tutor.domain import Frozen
from tutor.engine import child
from tutor.engine.protocol import (
    AdapterInUse,
    Ask,
    Cancel,
    Embed,
    Embedded,
    Event,
    Failed,
    Load,
    Loading,
    Measure,
    Measured,
    Ready,
    Replied,
    Request,
    Resample,
    Resampled,
    Screen,
    Screened,
    Shutdown,
    UseAdapter,
    Vet,
    Vetted,
    Warm,
    Warmed,
    decode_event,
    encode,
)
from tutor.engine.recovery import Recovery
from tutor.errors import BugError
from tutor.i18n import tr

Numbered = Ask | Warm | Measure | Screen | Embed | Vet | Resample | UseAdapter


class EngineDied(Frozen):
    """The engine process ended on its own. A new one is starting; `id` is the request that this one cost, if any."""

    id: int | None
    tries_left: int
    plan: str
    message: str
    """For people: what happened, what was kept, what comes."""


class EngineGone(Frozen):
    """No more tries are left; `reload` starts anew."""

    message: str


class EngineClient:
    """One engine process at a time, for one app."""

    def __init__(
        self,
        load: Load,
        on_event: Callable[[Event | EngineDied | EngineGone], None],
        *,
        log: Path | None = None,
        command: Sequence[str] = (),
    ) -> None:
        """`log`: file for what the process prints (never learners' words), kept under a megabyte."""
        self._on_event, self._log = on_event, log
        self._command = list(command) or [sys.executable, "-m", "tutor.engine"]
        self._recovery = Recovery(load)
        self._ids = itertools.count(1)
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._outbox: queue.SimpleQueue[bytes | None] | None = None
        """Lines for the living process; None in it ends its writer. No outbox: no process takes requests."""
        self._open: dict[int, Numbered] = {}
        """Requests without a final event, oldest first."""
        self._closing = self._gone = False
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._supervise, name="engine-client", daemon=True)

    @property
    def pid(self) -> int | None:
        """Process number of the engine while it runs."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def start(self) -> None:
        """Start the process; returns at once."""
        self._thread.start()

    def next_id(self) -> int:
        return next(self._ids)

    def send(self, request: Numbered) -> None:
        """Send a request, now or as soon as an engine runs; returns at once. Raises BugError for an id in use."""
        with self._lock:
            if request.id in self._open:
                raise BugError(f"request id {request.id} is in use")
            self._open[request.id] = request
            if self._outbox is not None:
                self._outbox.put(_line(request))
        if self._gone:
            self._wake.set()

    def cancel(self, request_id: int) -> None:
        """Stop a request; its final event still comes. Unknown and finished ones are left alone."""
        with self._lock:
            if request_id in self._open and self._outbox is not None:
                self._outbox.put(encode(Cancel(target=request_id)))

    def reload(self, load: Load) -> None:
        """Load something else, in the running process or in a new one."""
        with self._lock:
            self._recovery.start(load)
            if self._outbox is not None:
                self._outbox.put(encode(load))
        self._wake.set()

    def close(self) -> None:
        """End the process, kindly and then not; returns within seconds in any case."""
        with self._lock:
            if self._closing:
                return
            self._closing = True
            process = self._process
            if self._outbox is not None:
                self._outbox.put(encode(Shutdown()))
                self._outbox.put(None)
        self._wake.set()
        if process is not None:
            child.end(process)
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(timeout=2.0)

    # --- the client's thread -----------------------------------------------------------------------------------------

    def _supervise(self) -> None:
        while not self._closing:
            self._run_once()
            if self._closing:
                return
            with self._lock:
                left = self._recovery.died()
            if left > 0:
                self._tell_died(left)
            else:
                self._give_up()

    def _run_once(self) -> None:
        """Start one process and hand on its events until it ends."""
        try:
            process = child.start(self._command)
        except OSError:
            return
        assert process.stdin and process.stdout and process.stderr
        outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        with self._lock:
            self._process = process
            if self._closing:
                outbox.put(None)
            else:
                outbox.put(encode(self._recovery.load))
                for request in self._open.values():
                    outbox.put(_line(request))
                self._outbox = outbox
        helpers = [
            threading.Thread(target=child.write_all, args=(outbox, process.stdin), name="engine-writer", daemon=True),
            threading.Thread(target=child.keep_log, args=(process.stderr, self._log), name="engine-log", daemon=True),
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

    def _hand_on(self, line: bytes) -> None:
        try:
            event = decode_event(line)
        except msgspec.DecodeError:
            return
        with self._lock:
            if isinstance(
                event, (Replied, Warmed, Measured, Screened, Embedded, Vetted, Resampled, AdapterInUse, Failed)
            ):
                known = self._open.pop(event.id, None)
                if known is None:
                    return
                if isinstance(event, (Replied, Screened)):
                    self._recovery.answered()
                elif isinstance(event, AdapterInUse) and isinstance(known, UseAdapter):
                    self._recovery.use_adapter(known.path, known.sha256)
            elif isinstance(event, Loading):
                self._recovery.loading(event.stage)
            elif isinstance(event, Ready):
                self._recovery.ready()
        self._on_event(event)

    def _tell_died(self, left: int) -> None:
        with self._lock:
            lost = next(iter(self._open), None)
            request = self._open.pop(lost) if lost is not None else None
            plan = self._recovery.plan
        kept = tr("Your question is kept.") if isinstance(request, Ask) else tr("Nothing is lost.")
        message = tr("The tutor stopped. {kept} {plan}", kept=kept, plan=plan)
        self._on_event(EngineDied(id=lost, tries_left=left, plan=plan, message=message))
        if lost is not None:
            self._on_event(Failed(id=lost, code="engine_died", message=message))

    def _give_up(self) -> None:
        """Answer everything with the reason until something else is loaded."""
        message = self._recovery.last_words()
        with self._lock:
            self._gone = True
        self._wake.clear()
        self._on_event(EngineGone(message=message))
        load = self._recovery.load
        while not self._closing and self._recovery.load == load:
            with self._lock:
                lost, self._open = list(self._open), {}
            for request_id in lost:
                self._on_event(Failed(id=request_id, code="engine_gone", message=message))
            self._wake.wait()
            self._wake.clear()
        with self._lock:
            self._gone = False


def _line(request: Request) -> bytes:
    """Encoded; text that is not valid Unicode (half of a surrogate pair from a clipboard) is repaired first."""
    try:
        return encode(request)
    except UnicodeEncodeError:
        repaired = msgspec.json.decode(msgspec.json.encode(_repair(msgspec.to_builtins(request))), type=type(request))
        return encode(repaired)


def _repair(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {key: _repair(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_repair(inner) for inner in value]
    return value
