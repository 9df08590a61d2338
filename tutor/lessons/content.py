"""What a lesson is made of, as bytes and as a checksum: the same words always give the same."""

import hashlib

import msgspec

from tutor.domain import Lesson

_encoder = msgspec.json.Encoder(order="deterministic")
_decoder = msgspec.json.Decoder(Lesson)


def to_json(lesson: Lesson) -> bytes:
    """The whole lesson; tables of it in the order of their names."""
    return _encoder.encode(lesson)


def from_json(data: bytes | str) -> Lesson:
    """Raises `msgspec.DecodeError` for what is no lesson, or one with guidelines that this version does not know."""
    return _decoder.decode(data)


def fingerprint(lesson: Lesson) -> str:
    """SHA-256 in hexadecimal of everything that the lesson says. A test belongs to the words that were tested."""
    return hashlib.sha256(msgspec.json.encode(lesson, order="sorted")).hexdigest()
