"""Memory that is used again and again: one place for unpacked weights, and named places for short-lived tensors.

Of a small model the unpacked weights may be kept, so that each is unpacked once.
"""

import math
from collections.abc import Sequence

import torch

from tutor.adaptation.packed.dequantize import Dequantizer
from tutor.adaptation.packed.mapped import Packed

_SMALL = 1 << 22
"""Elements of a matrix up to which it is quicker to unpack it whole than many rows one by one."""


class Workspace:
    """Where weights are unpacked to, in the type and on the device that the products are worked in.

    What a method gives is overwritten by its next call (of the same name), or kept for the next: use it at once, keep
    nothing of it and change nothing in it but what `take` gave.
    """

    def __init__(self, device: torch.device, dtype: torch.dtype, threads: int, *, keep: bool = False) -> None:
        """`keep`: what was unpacked stays."""
        self.device, self.dtype, self.keep = device, dtype, keep
        self._kept: dict[tuple[object, ...], torch.Tensor] = {}
        self._dequantizer = Dequantizer(threads)
        self._places: dict[str, torch.Tensor] = {}

    def weights(self, tensors: Sequence[Packed], *, dtype: torch.dtype | None = None) -> torch.Tensor:
        """The tensors' rows under each other: (rows of all, columns)."""
        key = (*(t.name for t in tensors), dtype or self.dtype)
        if key in self._kept:
            return self._kept[key]
        columns = tensors[0].columns
        out = self._unpacked(sum(t.rows for t in tensors), columns, dtype or self.dtype)
        at = 0
        for tensor in tensors:
            self._dequantizer.fill(tensor, out[at : at + tensor.rows])
            at += tensor.rows
        return self._given(key, out)

    def rows(self, tensor: Packed, first: int, count: int, *, dtype: torch.dtype | None = None) -> torch.Tensor:
        """Some rows of a big tensor: (count, columns)."""
        key = (tensor.name, first, count, dtype or self.dtype)
        if key in self._kept:
            return self._kept[key]
        out = self._unpacked(count, tensor.columns, dtype or self.dtype)
        self._dequantizer.fill(tensor, out, first=first)
        return self._given(key, out)

    def picked(self, tensor: Packed, rows: torch.Tensor) -> torch.Tensor:
        """Rows by number, in a tensor of their own: float32, (len(rows), columns)."""
        if self.keep or (tensor.elements <= _SMALL and len(rows) > tensor.rows // 16):
            return self.rows(tensor, 0, tensor.rows, dtype=torch.float32)[rows.to(self.device)]
        wanted, where = torch.unique(rows.cpu(), return_inverse=True)
        out = torch.empty(len(wanted), tensor.columns)
        for i, row in enumerate(wanted.tolist()):
            self._dequantizer.fill(tensor, out[i : i + 1], first=row)
        return out[where].to(self.device)

    def take(self, name: str, *shape: int, dtype: torch.dtype | None = None) -> torch.Tensor:
        """A short-lived tensor on the device, its content whatever was there."""
        return self._place(name, shape, dtype or self.dtype, self.device)

    def close(self) -> None:
        self._dequantizer.close()
        self._places.clear()
        self._kept.clear()

    def _place(self, name: str, shape: tuple[int, ...], dtype: torch.dtype, device: torch.device) -> torch.Tensor:
        size = math.prod(shape)
        place = self._places.get(name)
        if place is None or place.numel() < size or place.dtype != dtype:
            self._places.pop(name, None)  # give the old one back first
            pinned = device.type == "cpu" and self.device.type == "cuda"
            place = self._places[name] = torch.empty(size, dtype=dtype, device=device, pin_memory=pinned)
        return place[:size].view(shape)

    def _unpacked(self, rows: int, columns: int, dtype: torch.dtype) -> torch.Tensor:
        if self.keep:
            return torch.empty(rows, columns, dtype=dtype)
        return self._place(f"unpacked {dtype}", (rows, columns), dtype, torch.device("cpu"))

    def _given(self, key: tuple[object, ...], out: torch.Tensor) -> torch.Tensor:
        """What was unpacked, on the device."""
        if not self.keep:
            return self._moved(out)
        kept = self._kept[key] = out.to(self.device)
        return kept

    def _moved(self, out: torch.Tensor) -> torch.Tensor:
        if self.device.type == "cpu":
            return out
        there = self.take(f"weights {out.dtype}", *out.shape, dtype=out.dtype)
        there.copy_(out, non_blocking=True)
        torch.cuda.synchronize(self.device)  # the pinned place is filled again by the next call
        return there
