"""What the reading process says, one JSON line each; on its standard input it gets a `Job` line, then the file."""

from typing import Final

import msgspec

from tutor.frozen import Frozen

LONGEST_LINE: Final = 200_000
"""Bytes; nothing that is said is longer."""


class Job(Frozen):
    name: str
    """Of the file; only its ending is looked at."""
    size: int
    """Bytes that follow."""
    memory: int
    """Bytes of memory that the process may have, where the system can bound it."""
    seconds: int
    """Of processor time, likewise."""


class Page(Frozen, tag="page"):
    """Page `n` of `m` was read."""

    n: int
    m: int


class Found(Frozen, tag="passage"):
    """The next passage."""

    text: str
    heading: str
    place: str


class Ended(Frozen, tag="ended"):
    """Everything was said."""

    kind: str
    title: str
    pages: int
    unread_pages: int
    passages: int


class Refused(Frozen, tag="refused"):
    """A `UserError` as data."""

    code: str
    message: str


Event = Page | Found | Ended | Refused

_encoder = msgspec.json.Encoder()
events: Final[msgspec.json.Decoder[Event]] = msgspec.json.Decoder(Event)
jobs: Final[msgspec.json.Decoder[Job]] = msgspec.json.Decoder(Job)


def line(message: Job | Event) -> bytes:
    return _encoder.encode(message) + b"\n"
