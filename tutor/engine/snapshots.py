"""Saved KV prefixes of long conversations, one file a conversation, within a number of bytes; oldest out first.

A snapshot is worth seconds of evaluation and nothing else: whatever is damaged or does not match is ignored. It holds
token numbers, so it is as private as the conversation: `forget` removes a conversation's snapshots.
"""

import contextlib
import hashlib
import os
import zlib
from pathlib import Path
from typing import Final, Protocol

import msgspec

_SUFFIX: Final = ".kv"
_NOTE: Final = ".json"


class Cache(Protocol):
    """What a snapshot needs of `llama.Model`."""

    tokens: list[int]

    def save(self, path: Path) -> bool: ...
    def restore(self, path: Path) -> bool: ...


class _Note(msgspec.Struct, frozen=True):
    """Beside each snapshot: what it is of, and how to know that it is whole."""

    key: str
    size: int
    crc: int
    tokens: list[int]
    spoken: list[tuple[str, list[int]]] = []
    """What the model said in it, with its tokens, as in `PromptBuilder.spoken`; texts as their hash."""


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode(errors="replace"), digest_size=12).hexdigest()


def text_key(text: str) -> str:
    """How a text is named in a snapshot's note."""
    return _hash(text)


def forget(folder: Path, conversation: str) -> None:
    """Delete everything saved of a conversation."""
    for path in folder.glob(f"{_hash(conversation)}*"):
        path.unlink(missing_ok=True)


def common_length(one: list[int], other: list[int]) -> int:
    """Length of the longest common prefix."""
    for i, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return i
    return min(len(one), len(other))


class Snapshots:
    """The folder of snapshots of one model (`key`: file, adapter and context length)."""

    def __init__(self, folder: Path, *, key: str, most_bytes: int, least_tokens: int) -> None:
        self._folder, self._key, self._most, self._least = folder, _hash(key), most_bytes, least_tokens
        folder.mkdir(parents=True, exist_ok=True)

    def _path(self, conversation: str) -> Path:
        return self._folder / f"{_hash(conversation)}-{self._key}{_SUFFIX}"

    def save(self, conversation: str, cache: Cache, spoken: dict[str, list[int]] | None = None) -> bool:
        """Save what the cache holds, when it is long enough; False when nothing was saved."""
        if len(cache.tokens) < self._least or not conversation:
            return False
        path = self._path(conversation)
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            if not cache.save(temporary):
                return False
            size = temporary.stat().st_size
            if size > self._most:
                return False
            said = [(key, tokens) for key, tokens in (spoken or {}).items()]
            note = _Note(key=self._key, size=size, crc=_crc(temporary), tokens=list(cache.tokens), spoken=said)
            beside = temporary.with_suffix(f".{os.getpid()}{_NOTE}")
            beside.write_bytes(msgspec.json.encode(note))
            temporary.replace(path)
            beside.replace(path.with_suffix(_NOTE))
        except OSError:
            return False  # a full disk costs the snapshot, not the conversation
        finally:
            for left in self._folder.glob(f".{path.name}*"):
                with contextlib.suppress(OSError):
                    left.unlink(missing_ok=True)
        self._trim(keep=path)
        return path.exists()

    def note(self, conversation: str) -> "_Note | None":
        """What is saved of a conversation, or None."""
        path = self._path(conversation)
        try:
            note = msgspec.json.decode(path.with_suffix(_NOTE).read_bytes(), type=_Note)
            return note if note.key == self._key and path.stat().st_size == note.size else None
        except (OSError, msgspec.DecodeError):
            return None

    def restore(self, conversation: str, cache: Cache, wanted: list[int]) -> bool:
        """Fill the cache from disk when that holds more of `wanted` than the cache does now."""
        note = self.note(conversation)
        if note is None:
            return False
        saved = common_length(note.tokens, wanted)
        if saved < self._least // 2 or saved <= common_length(cache.tokens, wanted) + 32:
            return False
        path = self._path(conversation)
        try:
            if _crc(path) != note.crc:
                self._drop(path)
                return False
            os.utime(path)
        except OSError:
            return False
        if not cache.restore(path) or cache.tokens != note.tokens:
            self._drop(path)
            return False
        return True

    def _drop(self, path: Path) -> None:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
            path.with_suffix(_NOTE).unlink(missing_ok=True)

    def _trim(self, keep: Path) -> None:
        """Delete the oldest until all fit; of every model, for the bound is on the folder."""
        files = []
        for path in self._folder.glob(f"*{_SUFFIX}"):
            with contextlib.suppress(OSError):
                files.append((path.stat().st_mtime, path, path.stat().st_size))
        total = sum(size for _, _, size in files)
        for _, path, size in sorted(files, key=lambda entry: entry[0]):
            if total <= self._most:
                return
            if path != keep:
                self._drop(path)
                total -= size


def _crc(path: Path) -> int:
    value = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            value = zlib.crc32(block, value)
    return value
