"""Reads and checks a GGUF file's header in plain Python, before llama.cpp sees the file.

llama.cpp trusts a file's numbers and may abort the process on bad ones; here every count, size and offset is checked
against the file itself, so that a damaged download is a message and not a crash. Format: ggml/docs/gguf.md.
"""

import mmap
import struct
from pathlib import Path
from typing import Any, Final

import msgspec

from tutor.errors import UserError
from tutor.i18n import tr

MAGIC: Final = b"GGUF"
_COUNT_MOST: Final = 65_536
_KEY_MOST: Final = 65_535
_ARRAY: Final = 9
_STRING: Final = 8
_SCALARS: Final = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}
_BLOCKS: Final = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 9: (32, 36),
    10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 15: (256, 292),
    16: (256, 66), 17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18), 21: (256, 110), 22: (256, 82),
    23: (256, 136), 24: (1, 1), 25: (1, 2), 26: (1, 4), 27: (1, 8), 28: (1, 8), 29: (256, 56), 30: (1, 2),
    34: (256, 54), 35: (256, 66), 39: (32, 17),
}  # fmt: skip
"""ggml type number to (elements, bytes) of one block."""
_TYPE_MOST: Final = 63
"""Types above this do not exist; those below without an entry are newer than this table and left to llama.cpp."""


class Place(msgspec.Struct, frozen=True):
    """One tensor in the file."""

    shape: tuple[int, ...]
    """As ggml has it: the length of a row first."""
    kind: int
    """ggml's number of the type."""
    start: int
    """First byte, from the file's beginning."""


class Header(msgspec.Struct, frozen=True):
    """What the file says about itself."""

    path: Path
    size: int
    metadata: dict[str, Any]
    """Arrays longer than 64 are kept as their length only (an int)."""
    parameters: int
    tensors: int
    places: dict[str, Place] = {}
    """Where each tensor lies, by name."""

    @property
    def architecture(self) -> str:
        return str(self.metadata["general.architecture"])

    def number(self, name: str, default: int = 0) -> int:
        """An integer of the architecture, such as `block_count`; a per-layer array gives its largest."""
        value = self.metadata.get(f"{self.architecture}.{name}", default)
        if isinstance(value, list):
            value = max(value, default=default)
        return int(value)

    def text(self, key: str) -> str:
        value = self.metadata.get(key, "")
        return value if isinstance(value, str) else ""


class Broken(Exception):
    """The file cannot be what it claims; the text is the reason, for people."""


def read(path: Path) -> Header:
    """Header of a model's GGUF file after all checks. Raises UserError (code `model_missing` or `model_broken`)."""
    try:
        reader = scan(path)
        check_model(reader.metadata)
    except Broken as reason:
        raise broken(path, str(reason)) from None
    except OSError as error:
        raise UserError(
            tr(
                "The model file {path} cannot be opened ({reason}). Nothing was changed. Choose another model, or put "
                "the file back.",
                path=path,
                reason=error.strerror or error,
            ),
            code="model_missing",
        ) from None
    return Header(path, reader.size, reader.metadata, reader.parameters, len(reader.places), reader.places)


def scan(path: Path) -> "Reader":
    """Everything in the header of any GGUF file, within the file's bounds. Raises Broken or OSError."""
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(4)
        if size < 24 or start != MAGIC:
            raise Broken(_not_gguf(size, start))
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            reader = Reader(data)
            try:
                reader.read()
            except UnicodeDecodeError:
                raise Broken(tr("its text is damaged")) from None
            return reader


def broken(path: Path, reason: str) -> UserError:
    """The one message for a file that is not a usable model."""
    return UserError(
        tr(
            "The model file {path} cannot be used: {reason}. Nothing was changed. Download it again, or choose another "
            "model.",
            path=path,
            reason=reason,
        ),
        code="model_broken",
    )


def _not_gguf(size: int, start: bytes) -> str:
    if size == 0:
        return tr("it is empty")
    if start == MAGIC:
        return tr("it was cut off after {size} bytes", size=size)
    return tr("it is not a GGUF file (it does not begin with “GGUF”)")


class Reader:
    """A cursor over the mapped file that never reads outside it; keeps what it found after the map is closed."""

    def __init__(self, data: mmap.mmap) -> None:
        self.data, self.at, self.size = data, 4, len(data)
        self.metadata: dict[str, Any] = {}
        """Arrays longer than 64 as their length only (an int)."""
        self.kinds: dict[str, int] = {}
        """GGUF's number of each value's type."""
        self.places: dict[str, Place] = {}
        self.parameters = 0

    def unpack(self, form: str) -> Any:
        end = self.at + struct.calcsize(form)
        if end > self.size:
            raise Broken(tr("it was cut off inside its header"))
        (value,) = struct.unpack_from(form, self.data, self.at)
        self.at = end
        return value

    def count(self, most: int, what: str) -> int:
        value = int(self.unpack("<Q"))
        if value > most:
            raise Broken(tr("its header is damaged ({what}: {value})", what=what, value=value))
        return value

    def string(self, most: int | None = None) -> str:
        start = self.skip_string(most)
        return self.data[start : self.at].decode()

    def skip_string(self, most: int | None = None) -> int:
        """Go past a string; gives where its text begins."""
        length = int(self.unpack("<Q"))
        if length > self.size - self.at or (most is not None and length > most):
            raise Broken(tr("its header is damaged ({what}: {value})", what="text length", value=length))
        start = self.at
        self.at += length
        return start

    def value(self, kind: int) -> Any:
        if kind == _STRING:
            return self.string()
        if kind == _ARRAY:
            return self.array()
        if kind not in _SCALARS:
            raise Broken(tr("its header is damaged ({what}: {value})", what="value type", value=kind))
        return self.unpack(_SCALARS[kind])

    def array(self) -> Any:
        kind = self.unpack("<I")
        length = self.count(self.size - self.at, "array length")
        if kind == _STRING and length > 64:
            for _ in range(length):
                self.skip_string()
            return length
        if kind in _SCALARS and length > 64:
            self.at += length * struct.calcsize(_SCALARS[kind])
            if self.at > self.size:
                raise Broken(tr("it was cut off inside its header"))
            return length
        if kind == _ARRAY:
            raise Broken(tr("its header is damaged ({what}: {value})", what="value type", value=kind))
        return [self.value(kind) for _ in range(length)]

    def tokens(self, kind: int) -> int:
        """How many tokens the vocabulary has. llama.cpp aborts when two are the same."""
        if kind != _ARRAY or self.unpack("<I") != _STRING:
            raise Broken(tr("its vocabulary is damaged"))
        length = self.count(self.size - self.at, "array length")
        found = set()
        for _ in range(length):
            start = self.skip_string()
            found.add(self.data[start : self.at])
        if len(found) != length:
            raise Broken(tr("its vocabulary is damaged"))
        return length

    def read(self) -> None:
        """Metadata and the list of tensors. Raises Broken or UnicodeDecodeError."""
        version = self.unpack("<I")
        if version not in (2, 3):
            raise Broken(tr("it has GGUF version {version}; versions 2 and 3 can be read", version=version))
        tensors = self.count(_COUNT_MOST, "tensors")
        for _ in range(self.count(_COUNT_MOST, "entries")):
            key = self.string(_KEY_MOST)
            kind = self.kinds[key] = self.unpack("<I")
            self.metadata[key] = self.tokens(kind) if key == "tokenizer.ggml.tokens" else self.value(kind)
        if tensors == 0:
            raise Broken(tr("it holds a vocabulary but no weights"))
        alignment = self.metadata.get("general.alignment", 32)
        if not isinstance(alignment, int) or not 8 <= alignment <= 65_536 or alignment & (alignment - 1):
            raise Broken(tr("its header is damaged ({what}: {value})", what="alignment", value=alignment))
        end = self.tensor_list(tensors, alignment)
        begin = -(-self.at // alignment) * alignment
        self.places = {name: Place(p.shape, p.kind, begin + p.start) for name, p in self.places.items()}
        if begin + end > self.size:
            missing = begin + end - self.size
            raise Broken(tr("it is not complete: {missing} bytes are missing at its end", missing=missing))

    def tensor_list(self, count: int, alignment: int) -> int:
        """The end of the last tensor, relative to the start of the data."""
        end = 0
        for _ in range(count):
            name = self.string(_KEY_MOST)
            dims = self.unpack("<I")
            if not 1 <= dims <= 4 or name in self.places:
                raise Broken(tr("its list of tensors is damaged"))
            shape = [int(self.unpack("<Q")) for _ in range(dims)]
            kind, offset = int(self.unpack("<I")), int(self.unpack("<Q"))
            self.places[name] = Place(tuple(shape), kind, offset)
            elements = 1
            for side in shape:
                elements *= side
            if elements == 0 or elements >= 1 << 48 or kind > _TYPE_MOST or offset % alignment or offset > self.size:
                raise Broken(tr("its list of tensors is damaged"))
            self.parameters += elements
            if kind in _BLOCKS:
                per_block, block_bytes = _BLOCKS[kind]
                if shape[0] % per_block:
                    raise Broken(tr("its list of tensors is damaged"))
                end = max(end, offset + elements // per_block * block_bytes)
            else:
                end = max(end, offset + 1)
        return end


def check_model(metadata: dict[str, Any]) -> None:
    """What every model that llama.cpp can run must say, within sane bounds."""
    architecture = metadata.get("general.architecture")
    if not isinstance(architecture, str) or not architecture:
        raise Broken(tr("it does not say which architecture it has"))
    if metadata.get("general.type", "model") != "model":
        raise Broken(tr("it is not a model but a file of type “{kind}”", kind=metadata["general.type"]))
    bounds = {"block_count": 2048, "embedding_length": 1 << 20, "context_length": 1 << 30}
    for name, most in bounds.items():
        value = metadata.get(f"{architecture}.{name}")
        if not isinstance(value, int) or not 1 <= value <= most:
            raise Broken(tr("its header is damaged ({what}: {value})", what=name, value=value))
    heads = metadata.get(f"{architecture}.attention.head_count", 1)
    if isinstance(heads, int) and not 1 <= heads <= 65_536:
        raise Broken(tr("its header is damaged ({what}: {value})", what="head_count", value=heads))
    n_vocab = metadata.get("tokenizer.ggml.tokens")
    if not isinstance(n_vocab, int) or n_vocab < 1:
        raise Broken(tr("it has no vocabulary"))
    for name in ("scores", "token_type"):
        entry = metadata.get(f"tokenizer.ggml.{name}", n_vocab)
        if (len(entry) if isinstance(entry, list) else entry) != n_vocab:
            raise Broken(tr("its vocabulary is damaged"))
    for name in ("bos", "eos", "eot", "unknown", "padding"):
        token = metadata.get(f"tokenizer.ggml.{name}_token_id", 0)
        if not isinstance(token, int) or not (0 <= token < n_vocab or token == 0xFFFFFFFF):
            raise Broken(tr("its vocabulary is damaged"))
