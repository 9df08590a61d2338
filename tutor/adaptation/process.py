"""The trainer process: one thread listens, one does the job, then the process ends.

Pause, resume and stop take effect between two steps. A job that does not come to its next step soon after it was asked
to stop is ended all the same: what it needs to go on is on the disk already.
"""

import os
import shutil
import threading
from pathlib import Path
from typing import Final

import msgspec

from tutor.adaptation.control import Control, Stopped
from tutor.adaptation.protocol import (
    VERSION,
    WORK,
    Cancel,
    Cancelled,
    Event,
    Failed,
    Hello,
    Job,
    Judged,
    Pause,
    Planned,
    Progress,
    Refused,
    Request,
    Resume,
    Shutdown,
    Train,
    Trained,
    decode_request,
    encode,
    finite,
)
from tutor.engine.wire import Lines, note, note_error
from tutor.errors import UserError
from tutor.i18n import tr

_PATIENCE: Final = 2.0
"""Seconds that a step may still take once the job was asked to stop."""


class Trainer:
    """Serves one job over one wire."""

    def __init__(self, lines: Lines) -> None:
        self._lines, self._control = lines, Control()
        self._given = threading.Event()
        self._ended = threading.Event()
        self._job: Job | None = None
        self._throw_away = False
        self._last: Progress | None = None

    def run(self) -> None:
        """Returns when the job has ended, or when there will be none."""
        self._send(Hello(version=VERSION, pid=os.getpid()))
        threading.Thread(target=self._listen, name="requests", daemon=True).start()
        self._given.wait()
        if self._job is not None:
            self._do(self._job)
        self._ended.set()

    # --- the job's thread --------------------------------------------------------------------------------------------

    def _do(self, job: Job) -> None:
        try:
            self._work(job)
        except Stopped:
            self._end_stopped(job)
        except UserError as error:
            end = Failed if self._last is not None else Refused
            self._send(end(code=error.code, message=str(error)))
        except MemoryError:
            self._send(Failed(code="memory", message=_no_memory()))
        except Exception as error:  # noqa: BLE001 - the boundary of the process: the app must hear of every end
            if self._control.stopping:
                self._end_stopped(job)
                return
            note_error("the training failed", error)
            self._send(Failed(code="bug", message=_mistake()))

    def _work(self, job: Job) -> None:
        from tutor.adaptation.training import job as work  # takes seconds; a process that is told to end never needs it

        done = work.given(job) if job.adapter else work.run(job, self._say, self._control)
        if done is None or not job.judge:
            return
        from tutor.adaptation.judging import judge

        def say(_stage: str, step: int, steps: int) -> None:
            self._control.wait()
            self._say(Progress(stage="judging", step=step, steps=steps))

        judged = judge(
            Path(job.base),
            Path(done.trained.adapter),
            done.corrections,
            done.asked,
            Path(job.out),
            say,
            lambda: self._control.stopping,
            gpu=job.gpu,
            threads=job.threads,
        )
        self._control.wait()
        self._send(
            Judged(
                report=judged.report,
                figures=finite(judged.figures),
                promoted=judged.promoted,
                reasons=judged.reasons,
            )
        )

    def _say(self, event: Planned | Progress | Trained) -> None:
        if isinstance(event, Progress):
            self._last = event
        self._send(event)

    def _end_stopped(self, job: Job) -> None:
        if self._throw_away:
            _throw_away(job)
            self._send(Cancelled())

    def _send(self, event: Event) -> None:
        self._lines.write(encode(event))

    # --- the listening thread ----------------------------------------------------------------------------------------

    def _listen(self) -> None:
        for line in self._lines.read():
            request = _decoded(line)
            if request is not None:
                self._hear(request)
        self._stop(throw_away=False)  # nobody is there any more

    def _hear(self, request: Request) -> None:
        match request:
            case Train():
                if self._job is None:
                    self._job = request.job
                    self._given.set()
                else:
                    note("a second job was left out")
            case Pause():
                self._control.pause()
            case Resume():
                self._control.resume()
            case Cancel():
                self._stop(throw_away=True)
            case Shutdown():
                self._stop(throw_away=False)

    def _stop(self, *, throw_away: bool) -> None:
        self._throw_away = self._throw_away or throw_away
        self._control.stop()
        self._given.set()
        threading.Thread(target=self._insist, name="insisting", daemon=True).start()

    def _insist(self) -> None:
        if self._ended.wait(_PATIENCE):
            return
        if self._job is not None:
            self._end_stopped(self._job)
        os._exit(0)


def _decoded(line: bytes) -> Request | None:
    try:
        return decode_request(line)
    except msgspec.DecodeError:
        note("a line that is no request was left out")
        return None


def _throw_away(job: Job) -> None:
    shutil.rmtree(Path(job.out) / WORK, ignore_errors=True)


def _no_memory() -> str:
    return tr(
        "There was not enough memory for the training. The corrections are kept, and the tutor answers as before. "
        "Close other programs, then start the training again: it goes on where it was."
    )


def _mistake() -> str:
    return tr(
        "The training stopped by a mistake of this program. The corrections are kept, and the tutor answers as before. "
        "Start it again; if it happens twice, please report it with the log file."
    )


def serve() -> None:
    """Serve the app on standard input and output until the job ends."""
    Trainer(Lines()).run()
