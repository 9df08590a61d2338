"""What the app and the trainer process say to each other: typed JSON lines, one struct a line, one job a process.

Only msgspec and the domain are imported here, so the app may use it freely.
"""

import math
from collections.abc import Mapping
from typing import Final

import msgspec

from tutor.domain import Frozen

VERSION: Final = 1
WORK: Final = "work"
"""Folder inside a job's `out` that holds what an interrupted training needs to go on; learners' questions among it."""


class Job(Frozen):
    """One training: from a ledger to a judged adapter."""

    base: str
    """GGUF file of the model that is adapted."""
    ledger: str
    """File of the accepted corrections; see `ledger`."""
    out: str
    """Folder for the adapter, the report, and what a training that is interrupted needs to go on."""
    scope: str = "class"
    """class | learner: for the record."""
    rank: int = 16
    alpha: float = 32.0
    search: bool = False
    """Try other learning rates too, as far as `minutes` allow, or an hour."""
    minutes: float = 0.0
    """Time that there is, as a person says, overnight for instance; 0: nothing was said. Where it is enough for several
    trainings, other learning rates are tried without being asked for."""
    dry_run: bool = False
    """Only say what it would take."""
    judge: bool = True
    """Judge the adapter afterwards."""
    adapter: str = ""
    """Train nothing, and judge this adapter's file instead."""
    seed: int = 0
    threads: int = 0
    """0: as many as other programs leave, the engine among them."""
    gpu: bool = True
    """Use a graphics card where torch and llama.cpp have one."""
    epochs: int = 0
    """0: the program's own number, with a stop when it gets no better."""
    rate: float = 0.0
    """Learning rate; 0: the program's own."""
    guidelines: str = ""
    """In force when questions are asked; "": the program's own."""


# --- requests -------------------------------------------------------------------------------------------------------


class Train(Frozen, tag="train"):
    job: Job


class Pause(Frozen, tag="pause"):
    """Hold still after the step under way; everything stays in memory."""


class Resume(Frozen, tag="resume"):
    """Go on after `Pause`."""


class Cancel(Frozen, tag="cancel"):
    """Stop and throw away what this training left on the disk."""


class Shutdown(Frozen, tag="shutdown"):
    """Stop now; the same job goes on later from its last checkpoint."""


Request = Train | Pause | Resume | Cancel | Shutdown


# --- events ---------------------------------------------------------------------------------------------------------


class Hello(Frozen, tag="hello"):
    """The process is up."""

    version: int
    pid: int


class Planned(Frozen, tag="planned"):
    """What the job takes on this machine; comes before anything is begun."""

    corrections: int
    steps: int
    """At most."""
    memory: int
    """Bytes at its peak, the mapped file included."""
    memory_free: int
    disk: int
    """Bytes for the adapter and what is kept while training."""
    disk_free: int
    minutes: float
    """Estimate, without the judging."""
    checkpointing: bool = False
    """Activations are worked out twice, because memory asks for it."""
    resumed: bool = False
    """The job was begun before and goes on from its checkpoint."""


class Refused(Frozen, tag="refused"):
    """The job would not do here; nothing was begun. Codes: memory | disk | architecture | nothing | ledger | ..."""

    code: str
    message: str


class Progress(Frozen, tag="progress"):
    """Several times a minute, and at once when a pause begins or ends."""

    stage: str
    """examples | training | searching | judging"""
    step: int
    steps: int
    loss: float = 0.0
    """Of the right answers, nats a token."""
    held_out: float = 0.0
    """The same on wordings that are not trained on, after each epoch."""
    seconds_left: float = 0.0
    """Estimate for all that is left but the judging."""
    paused: bool = False


class Trained(Frozen, tag="trained"):
    """The adapter is written."""

    adapter: str
    """Path of the GGUF file."""
    base_sha256: str
    ledger_sha256: str
    figures: dict[str, float]
    left_out: tuple[int, ...] = ()
    """Ids of corrections that this model cannot learn: too long for its context, or answered by the program itself."""


class Judged(Frozen, tag="judged"):
    """The last event of a job with `judge`."""

    report: str
    """Folder."""
    figures: dict[str, float]
    promoted: bool
    reasons: tuple[str, ...] = ()
    """Why it is not promoted, in plain words."""


class Failed(Frozen, tag="failed"):
    """The job ended with an error that a person can act on, or by a mistake of ours (code `bug`)."""

    code: str
    message: str


class Cancelled(Frozen, tag="cancelled"):
    """The end of a job after `Cancel`."""


Event = Hello | Planned | Refused | Progress | Trained | Judged | Failed | Cancelled
LAST: Final = (Refused, Judged, Failed, Cancelled)
"""A job ends with one of these; with `Planned` for a dry run, and with `Trained` where no judging was wanted."""


def finite(figures: Mapping[str, float]) -> dict[str, float]:
    """The figures that are numbers: JSON has no word for the others, and a broken adapter gives such."""
    return {name: value for name, value in figures.items() if math.isfinite(value)}


_encoder = msgspec.json.Encoder()
_requests: msgspec.json.Decoder[Request] = msgspec.json.Decoder(Request)
_events: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


def encode(message: Request | Event) -> bytes:
    """One line, newline included."""
    return _encoder.encode(message) + b"\n"


def decode_request(line: bytes) -> Request:
    """Raises `msgspec.DecodeError` when the line is not a request."""
    return _requests.decode(line)


def decode_event(line: bytes) -> Event:
    """Raises `msgspec.DecodeError` when the line is not an event."""
    return _events.decode(line)
