"""Linears with LoRA on packed weights: y = x W^T + bias + scale * (x A^T) B^T, and the gradients, written out.

Linears of the same input (q, k and v; gate and up) are one group: one product, one input to keep. W is unpacked for
the product and forgotten; in the backward pass it is unpacked again for the input's gradient. The base has no weight
gradient, so nothing of it need ever be kept; of a small model it is, for speed (see `workspace`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from tutor.adaptation.packed.mapped import Packed
from tutor.adaptation.packed.workspace import Workspace

Adapters = Sequence[Tensor]
"""A, B, A, B, ... of a group's parts, float32: A (rank, inputs), B (outputs of the part, rank)."""


@dataclass(frozen=True)
class Group:
    """Linears that share their input, their outputs one after the other."""

    parts: tuple[Packed, ...]
    bias: Tensor | None
    """(outputs of all parts,) in the working type, or None."""
    scale: float
    """alpha / rank."""

    def forward(self, x: Tensor, adapters: Adapters, work: Workspace) -> Tensor:
        """(tokens, outputs) from x (tokens, inputs), both in the working type. `adapters` may be empty: base alone."""
        y = torch.mm(x, work.weights(self.parts).t())
        if self.bias is not None:
            y += self.bias
        if adapters:
            low = self._low(x, adapters)
            for (begin, end), (left, right), b in zip(self._spans(), _ranks(adapters), adapters[1::2], strict=True):
                y[:, begin:end].addmm_(low[:, left:right], b.to(y.dtype).t(), alpha=self.scale)
        return y

    def lowered(self, dy: Tensor, adapters: Adapters) -> Tensor:
        """scale * dy B of all parts, which both gradients need: (tokens, ranks of all parts)."""
        spans = zip(self._spans(), adapters[1::2], strict=True)
        return torch.cat([torch.mm(dy[:, begin:end], b.to(dy.dtype)) for (begin, end), b in spans], 1).mul_(self.scale)

    def input_gradient(self, dy: Tensor, dlow: Tensor, adapters: Adapters, work: Workspace) -> Tensor:
        """Gradient of x (tokens, inputs)."""
        return torch.mm(dy, work.weights(self.parts)).addmm_(dlow, _stacked(adapters, dy.dtype))

    def adapter_gradients(self, dy: Tensor, dlow: Tensor, x: Tensor, adapters: Adapters) -> list[Tensor]:
        """Gradients of the adapter matrices: float32, ordered as `adapters` is."""
        low, da = self._low(x, adapters), torch.mm(dlow.t(), x).float()
        grads: list[Tensor] = []
        for (begin, end), (left, right) in zip(self._spans(), _ranks(adapters), strict=True):
            db = torch.mm(dy[:, begin:end].t(), low[:, left:right]).float()
            grads += [da[left:right], db.mul_(self.scale)]
        return grads

    def _low(self, x: Tensor, adapters: Adapters) -> Tensor:
        """x A^T of all parts: (tokens, ranks of all parts)."""
        return torch.mm(x, _stacked(adapters, x.dtype).t())

    def _spans(self) -> list[tuple[int, int]]:
        """Columns of each part in the output."""
        ends = [sum(p.rows for p in self.parts[: i + 1]) for i in range(len(self.parts))]
        return list(zip([0, *ends[:-1]], ends, strict=True))


def _stacked(adapters: Adapters, dtype: torch.dtype) -> Tensor:
    """All A under each other: (ranks of all parts, inputs)."""
    return torch.cat([a.to(dtype) for a in adapters[0::2]])


def _ranks(adapters: Adapters) -> list[tuple[int, int]]:
    """Columns of each part in what the A give."""
    ends = [sum(len(a) for a in adapters[0 : 2 * i + 2 : 2]) for i in range(len(adapters) // 2)]
    return list(zip([0, *ends[:-1]], ends, strict=True))
