"""Unpacks quantized rows by ggml's own routines, in chunks that stay in a core's cache, on a few threads.

The library is the libggml-base that llama-cpp-python brings, so every type means here exactly what it means to the
engine. ctypes lets go of Python's lock while a routine runs, so plain threads work side by side.
"""

import ctypes
import functools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final

import llama_cpp
import torch
from llama_cpp._ctypes_extensions import load_shared_library

from tutor.errors import UserError
from tutor.i18n import tr

if TYPE_CHECKING:
    from tutor.adaptation.packed.mapped import Packed

TYPES: Final = {
    0: "F32", 1: "F16", 30: "BF16", 8: "Q8_0", 2: "Q4_0", 3: "Q4_1", 6: "Q5_0", 7: "Q5_1", 10: "Q2_K", 11: "Q3_K",
    12: "Q4_K", 13: "Q5_K", 14: "Q6_K", 23: "IQ4_XS", 20: "IQ4_NL",
}  # fmt: skip
"""ggml's numbers of the types that can be trained on."""
_F32: Final = 0
_PLAIN: Final = {0: torch.float32, 1: torch.float16, 30: torch.bfloat16}
"""Types that torch itself converts, several times faster than ggml's plain loop and to the same numbers."""
_CHUNK: Final = 1 << 18
"""Elements unpacked at a time: 1 MB of float32, which stays in the cache until it is rounded."""


class _Traits(ctypes.Structure):
    """`struct ggml_type_traits` of ggml.h."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("block", ctypes.c_int64),
        ("interleave", ctypes.c_int64),
        ("size", ctypes.c_size_t),
        ("quantized", ctypes.c_bool),
        ("to_float", ctypes.c_void_p),
        ("from_float_ref", ctypes.c_void_p),
    )


_ToFloat = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64)


@functools.cache
def _library() -> ctypes.CDLL:
    """libggml-base, already loaded with llama.cpp."""
    library = load_shared_library("ggml-base", Path(llama_cpp.__file__).parent / "lib")
    library.ggml_get_type_traits.argtypes = [ctypes.c_int]
    library.ggml_get_type_traits.restype = ctypes.POINTER(_Traits)
    found: ctypes.CDLL = library
    return found


@functools.cache
def _type(kind: int) -> tuple[int, int, Callable[[int, int, int], None] | None]:
    """Elements and bytes of a block, and the routine (None for F32, which needs none)."""
    if kind not in TYPES:
        raise UserError(
            tr(
                "This model has weights of a type (number {kind}) that training cannot read. Nothing was changed. "
                "Choose a file of one of these types: {types}.",
                kind=kind,
                types=", ".join(TYPES.values()),
            ),
            code="tensor_type",
        )
    traits = _library().ggml_get_type_traits(kind).contents
    return traits.block, traits.size, None if kind == _F32 else _ToFloat(traits.to_float)


def row_bytes(kind: int, columns: int) -> int:
    """Bytes of a row. Raises UserError (code `tensor_type`) where the type is not supported."""
    block, size, _routine = _type(kind)
    return columns // block * size


def to_float32(kind: int, source: int, target: int, elements: int) -> None:
    """Unpack whole blocks from one address to another, the target with room for `elements` float32."""
    routine = _type(kind)[2]
    if routine is None:
        ctypes.memmove(target, source, 4 * elements)
    else:
        routine(source, target, elements)


class Dequantizer:
    """Unpacks rows into a tensor of any float type, on `threads` threads of its own."""

    def __init__(self, threads: int) -> None:
        self._local = threading.local()
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="dequantize")
        # torch starts its own threads in every thread that calls it: these must do with one
        before = torch.get_num_threads()
        ready = threading.Barrier(threads + 1)
        for _ in range(threads):
            self._pool.submit(self._begin, ready)
        ready.wait()
        torch.set_num_threads(before)

    def _begin(self, ready: threading.Barrier) -> None:
        torch.set_num_threads(1)
        ready.wait()

    def fill(self, tensor: "Packed", out: torch.Tensor, *, first: int = 0) -> None:
        """Unpack rows `first` to `first + len(out)` into `out`: (rows, columns), contiguous, on the CPU."""
        rows = len(out)
        step = max(1, min(_CHUNK // tensor.columns, -(-rows // self._threads)))
        if rows <= step:
            self._rows(tensor, out, first, 0, rows)
            return
        parts = [
            self._pool.submit(self._rows, tensor, out, first, at, min(at + step, rows)) for at in range(0, rows, step)
        ]
        for part in parts:
            part.result()

    def _rows(self, tensor: "Packed", out: torch.Tensor, first: int, begin: int, end: int) -> None:
        target = out[begin:end]
        wide = target if out.dtype == torch.float32 else self._scratch(target.numel()).view(target.shape)
        address = tensor.address(first + begin)
        if tensor.kind in _PLAIN:
            held = (ctypes.c_char * ((end - begin) * tensor.row_bytes)).from_address(address)
            wide.copy_(torch.frombuffer(held, dtype=_PLAIN[tensor.kind]).view(target.shape))
        else:
            to_float32(tensor.kind, address, wide.data_ptr(), target.numel())
        if wide is not target:
            target.copy_(wide)

    def _scratch(self, elements: int) -> torch.Tensor:
        """This thread's own place."""
        place = getattr(self._local, "place", None)
        if place is None or place.numel() < elements:
            place = self._local.place = torch.empty(max(elements, _CHUNK))
        return place[:elements]

    def close(self) -> None:
        self._pool.shutdown()
