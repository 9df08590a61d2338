"""A child process's pipes: written by one thread, its log kept by another, and its end, kindly first and then not."""

import contextlib
import queue
import subprocess
from pathlib import Path
from typing import IO, Final

_CLOSE_SECONDS: Final = 6.0
_LOG_MOST: Final = 512 * 1024


def start(command: list[str]) -> "subprocess.Popen[bytes]":
    """A process with all three pipes and no window of its own. Raises OSError."""
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def write_all(outbox: "queue.SimpleQueue[bytes | None]", pipe: IO[bytes]) -> None:
    """Write what is put into the box until None comes, then close the pipe."""
    with contextlib.suppress(OSError, ValueError):  # the process is gone; its end is seen where its output is read
        while (line := outbox.get()) is not None:
            pipe.write(line)
            pipe.flush()
    with contextlib.suppress(OSError):
        pipe.close()


def keep_log(pipe: IO[bytes], path: Path | None) -> None:
    """Drain what the process prints, so that it never blocks, into a file of bounded size."""
    with pipe:
        for line in pipe:
            if path is None:
                continue
            with contextlib.suppress(OSError):
                if path.exists() and path.stat().st_size > _LOG_MOST:
                    path.replace(path.with_suffix(".old"))
                with path.open("ab") as log:
                    log.write(line[:2000])


def end(process: "subprocess.Popen[bytes]") -> None:
    """Wait for a process that was asked to end; then make it end."""
    for step, seconds in ((None, _CLOSE_SECONDS), (process.terminate, 1.0), (process.kill, 2.0)):
        if step is not None:
            step()
        try:
            process.wait(timeout=seconds)
            return
        except subprocess.TimeoutExpired:
            continue
