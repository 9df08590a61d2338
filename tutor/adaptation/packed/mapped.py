"""A GGUF file mapped into memory: tensors by name, with their raw bytes where they lie in the file."""

import ctypes
import mmap
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from tutor.adaptation.packed import dequantize
from tutor.engine import gguf_file
from tutor.errors import BugError


class Packed:
    """One tensor as it is in the file. Valid while its file is open."""

    def __init__(self, name: str, place: gguf_file.Place, base: int) -> None:
        self.name, self.kind = name, place.kind
        self.columns = place.shape[0]
        """Length of a row: a linear's inputs."""
        self.rows = int(np.prod(place.shape[1:], dtype=np.int64))
        """A linear's outputs; 1 for a vector."""
        self.row_bytes = dequantize.row_bytes(self.kind, self.columns)
        self._address: int | None = base + place.start

    @property
    def elements(self) -> int:
        return self.rows * self.columns

    def address(self, row: int = 0) -> int:
        """Where a row begins in this process's memory. Raises BugError when the file is closed."""
        if self._address is None:
            raise BugError(f"{self.name} was read after its file was closed")
        return self._address + row * self.row_bytes

    def forget(self) -> None:
        """From now on the address is refused."""
        self._address = None


class MappedFile:
    """A checked file whose tensors are read in place. Raises UserError as `gguf_file.read` does."""

    def __init__(self, path: Path) -> None:
        self.header = gguf_file.read(path)
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)  # ctypes wants it writable; never written
        self._bytes: Any = (ctypes.c_char * len(self._map)).from_buffer(self._map)
        base = ctypes.addressof(self._bytes)
        self._tensors = {name: Packed(name, place, base) for name, place in self.header.places.items()}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _t: type[BaseException] | None, _e: BaseException | None, _tb: TracebackType | None) -> None:
        self.close()

    def __contains__(self, name: str) -> bool:
        return name in self._tensors

    def tensor(self, name: str) -> Packed:
        """Raises UserError (code `model_broken`) where the file has no such tensor."""
        if name not in self._tensors:
            raise gguf_file.broken(self.header.path, f"{name} is missing")
        return self._tensors[name]

    def names(self) -> tuple[str, ...]:
        return tuple(self._tensors)

    def values(self, name: str) -> "np.ndarray[Any, np.dtype[np.float32]]":
        """A small tensor's numbers, flat: norms, biases, rope factors."""
        tensor = self.tensor(name)
        out = np.empty(tensor.elements, dtype=np.float32)
        dequantize.to_float32(tensor.kind, tensor.address(), out.ctypes.data, tensor.elements)
        return out

    def close(self) -> None:
        """Give the mapping back; no tensor may be used afterwards."""
        for tensor in self._tensors.values():
            tensor.forget()
        self._tensors.clear()
        self._bytes = None
        self._map.close()
