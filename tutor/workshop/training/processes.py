"""Starting a training stage as several processes on this machine, and ending them together.

By torch's own launcher, whose environment `accelerate` reads. `accelerate launch --cpu --num_processes 2` starts one
process where there is no MPI and says nothing of it, so that process starts the others here. On several GPUs or
computers start a stage with `accelerate launch --multi_gpu` yourself; on processors it works, too. `group` has them
agree on what they do.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import psutil

from tutor.errors import UserError
from tutor.i18n import tr
from tutor.workshop.stages import BUILDER
from tutor.workshop.training.stopping import REQUEST

PATIENCE = 60.0
"""Seconds that processes have to save their state when they are asked to stop."""


def launched() -> bool:
    """Whether a launcher started this process, and all others that there are to be, so that it must not start any."""
    if "WORLD_SIZE" in os.environ:
        return True
    alone = "MASTER_ADDR" not in os.environ  # accelerate names it where several were asked for
    return "ACCELERATE_MIXED_PRECISION" in os.environ and alone


def is_first() -> bool:
    """Whether this process is the one that writes."""
    return os.environ.get("RANK", "0") == "0"


def world() -> int:
    """How many processes a launcher started for one stage, on all computers together; 1 without a launcher."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def cores() -> int:
    """Physical cores that this process may use."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(psutil.cpu_count(logical=False) or 1, allowed)


def best(batch: int) -> int:
    """How many processes read a batch quickest: one for each GPU, or one for each core, as far as it can be shared."""
    import torch  # takes seconds

    most = torch.cuda.device_count() or cores()
    return max(n for n in range(1, min(most, batch) + 1) if batch % n == 0)


def run(arguments: Sequence[str], out: Path, *, processes: int, threads: int) -> None:
    """Run `tutor.workshop ARGUMENTS` in several processes until all are done.

    Ctrl+C asks them to save and stop; a second one ends them at once. Raises KeyboardInterrupt then, and UserError when
    one of them fails (what it says is on standard error).
    """
    request = out / REQUEST
    request.unlink(missing_ok=True)
    launcher = ["-m", "torch.distributed.run", "--standalone", f"--nproc_per_node={processes}"]
    environment = {**os.environ, BUILDER: str(os.getpid()), "OMP_NUM_THREADS": str(threads)}
    if sys.platform == "linux":
        environment.setdefault("GLOO_SOCKET_IFNAME", "lo")  # the computer's name may not resolve where it is offline
    child = subprocess.Popen(
        [sys.executable, *launcher, "-m", "tutor.workshop", *arguments],
        env=environment,
        start_new_session=True,  # Ctrl+C reaches this process alone
    )
    try:
        code = child.wait()
    except KeyboardInterrupt:
        request.touch()
        try:
            child.wait(PATIENCE)
        except (KeyboardInterrupt, subprocess.TimeoutExpired):
            end(child)
        raise
    finally:
        if child.poll() is None:
            end(child)
        request.unlink(missing_ok=True)
    if code != 0:
        raise UserError(
            tr(
                "{stage} failed in one of {n} processes; the reason stands above. Its saved state is kept: the same "
                "command goes on from there.",
                stage=arguments[0],
                n=processes,
            ),
            code="process-failed",
        )


def end(child: "subprocess.Popen[bytes]") -> None:
    """End the launcher and all that it started, at once."""
    for process in psutil.Process(child.pid).children(recursive=True):
        process.kill()
    child.kill()
    child.wait()
