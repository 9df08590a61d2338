"""Memory that is used again and again: one place for unpacked weights, and named places for short-lived tensors."""

import math
from collections.abc import Sequence

import torch

from tutor.adaptation.packed.dequantize import Dequantizer
from tutor.adaptation.packed.mapped import Packed

_SMALL = 1 << 22
"""Elements of a matrix up to which it is quicker to unpack it whole than many rows one by one."""


class Workspace:
    """Where weights are unpacked to, in the type and on the device that the products are worked in.

    What a method gives is overwritten by its next call (of the same name): use it at once and keep nothing of it.
    """

    def __init__(self, device: torch.device, dtype: torch.dtype, threads: int) -> None:
        self.device, self.dtype = device, dtype
        self._dequantizer = Dequantizer(threads)
        self._places: dict[str, torch.Tensor] = {}

    def weights(self, tensors: Sequence[Packed], *, dtype: torch.dtype | None = None) -> torch.Tensor:
        """The tensors' rows under each other: (rows of all, columns)."""
        columns = tensors[0].columns
        out = self._unpacked(sum(t.rows for t in tensors), columns, dtype or self.dtype)
        at = 0
        for tensor in tensors:
            self._dequantizer.fill(tensor, out[at : at + tensor.rows])
            at += tensor.rows
        return self._moved(out)

    def rows(self, tensor: Packed, first: int, count: int, *, dtype: torch.dtype | None = None) -> torch.Tensor:
        """Some rows of a big tensor: (count, columns)."""
        out = self._unpacked(count, tensor.columns, dtype or self.dtype)
        self._dequantizer.fill(tensor, out, first=first)
        return self._moved(out)

    def picked(self, tensor: Packed, rows: torch.Tensor) -> torch.Tensor:
        """Rows by number, in a tensor of their own: float32, (len(rows), columns)."""
        if tensor.elements <= _SMALL and len(rows) > tensor.rows // 16:
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

    def _place(self, name: str, shape: tuple[int, ...], dtype: torch.dtype, device: torch.device) -> torch.Tensor:
        size = math.prod(shape)
        place = self._places.get(name)
        if place is None or place.numel() < size or place.dtype != dtype:
            self._places.pop(name, None)  # give the old one back first
            pinned = device.type == "cpu" and self.device.type == "cuda"
            place = self._places[name] = torch.empty(size, dtype=dtype, device=device, pin_memory=pinned)
        return place[:size].view(shape)

    def _unpacked(self, rows: int, columns: int, dtype: torch.dtype) -> torch.Tensor:
        return self._place(f"unpacked {dtype}", (rows, columns), dtype, torch.device("cpu"))

    def _moved(self, out: torch.Tensor) -> torch.Tensor:
        if self.device.type == "cpu":
            return out
        there = self.take(f"weights {out.dtype}", *out.shape, dtype=out.dtype)
        there.copy_(out, non_blocking=True)
        torch.cuda.synchronize(self.device)  # the pinned place is filled again by the next call
        return there
