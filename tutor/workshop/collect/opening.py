"""Opening a file of text from anywhere: binary ones are refused, the encoding is found, lines have a bound."""

import codecs
import contextlib
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from charset_normalizer import from_bytes

SAMPLE: Final = 65_536
"""Bytes that the encoding is judged by."""
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC: Final = (
    b"%PDF", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"\x7fELF", b"GGUF", b"SQLite format",
    b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ", b"RIFF", b"ID3", b"OggS", b"{\\rtf", b"\xd0\xcf\x11\xe0",
)  # fmt: skip


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are no UTF-8 in a file that is otherwise: nearly always pasted from an old Windows program."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("tutor-windows", _as_windows)


def is_binary(sample: bytes) -> bool:
    """Whether the first bytes of a file are not those of a text."""
    if sample.startswith(_MAGIC):
        return True
    if any(sample.startswith(bom) for bom, _ in _BOMS):
        return False
    return b"\x00" in sample or sum(byte < 9 or 13 < byte < 27 for byte in sample) > len(sample) / 20


def encoding_of(sample: bytes) -> str:
    """The likeliest encoding of a text by its first bytes: UTF-8 where that fits, else what the characters say."""
    for bom, name in _BOMS:
        if sample.startswith(bom):
            return name
    words = codecs.getincrementaldecoder("utf-8")("replace").decode(sample)  # a character cut at the end is no mistake
    bad = words.count("\ufffd")
    if bad == 0 or sum(ord(character) > 127 for character in words) > 2 * bad:
        return "utf-8"
    odd = sum(byte > 127 for byte in sample)
    best = from_bytes(sample).best() if odd > 8 else None  # a few odd bytes say nothing about a language
    return best.encoding if best is not None and best.encoding != "ascii" else "cp1252"


class _Watched(io.FileIO):
    """Says how many bytes each reading brought."""

    def __init__(self, path: Path, passed: Callable[[int], None]) -> None:
        super().__init__(path, "rb")
        self._passed = passed

    def readinto(self, buffer: Any, /) -> int:
        count = super().readinto(buffer) or 0
        self._passed(count)
        return count


@contextlib.contextmanager
def text_of(path: Path, passed: Callable[[int], None] | None = None) -> Iterator[io.TextIOWrapper]:
    """The file as text. The caller has made sure that it is not binary. Raises OSError.

    `passed` is told how many bytes each reading brings: a file of any size is read bit by bit.
    """
    with path.open("rb") as start:
        encoding = encoding_of(start.read(SAMPLE))
    errors = "tutor-windows" if encoding.startswith("utf-8") else "replace"
    with (
        io.BufferedReader(_Watched(path, passed or _nobody)) as file,
        io.TextIOWrapper(file, encoding=encoding, errors=errors, newline=None) as text,
    ):
        yield text


def _nobody(count: int) -> None:
    """Nobody asks."""


def lines_of(text: io.TextIOWrapper, most: int) -> Iterator[tuple[int, str | None]]:
    """Numbered lines; None for one of more than `most` characters, which is read past in pieces and never held."""
    number = 0
    while line := text.readline(most + 1):
        number += 1
        if len(line) <= most or line.endswith("\n"):
            yield number, line
            continue
        while line and not line.endswith("\n"):
            line = text.readline(most + 1)
        yield number, None
