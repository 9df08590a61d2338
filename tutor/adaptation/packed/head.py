"""The output head and the losses on it, a block of the vocabulary at a time: no (tokens, vocabulary) is ever whole.

Both losses are the same function of the logits: sum_k b_k (log b_k - log p_k) + r (log r - log q) for chosen tokens k
with target probabilities b_k, r the target's rest and q the model's. Cross-entropy has one chosen token with b = 1 and
r = 0. Its gradient by the hidden state needs, besides the chosen rows of the head, only the mean row under the
model's distribution over all others, and that is summed in the same pass as the log-sum-exp, with a running maximum
as flash attention has it. So the head is unpacked once for a loss and its gradient, and no product is repeated.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from tutor.adaptation.packed.mapped import Packed
from tutor.adaptation.packed.workspace import Workspace

ROWS = 8192
"""Rows of the head unpacked at a time."""
_PICKED = 2048
"""Chosen rows of the head held at a time."""


@dataclass(frozen=True)
class Head:
    """The matrix from hidden states to logits (the tokens' embedding, where they share it), never adapted."""

    tensor: Packed
    work: Workspace
    dtype: torch.dtype
    scale: float
    cap: float

    def blocks(self, hidden: Tensor) -> Iterator[tuple[int, Tensor, Tensor]]:
        """First token, unpacked rows (n, width) and raw products (N, n) in `dtype`, block by block."""
        hidden = hidden.to(self.dtype)
        for first in range(0, self.tensor.rows, ROWS):
            rows = self.work.rows(self.tensor, first, min(ROWS, self.tensor.rows - first), dtype=self.dtype)
            out = self.work.take(f"products {self.dtype}", len(hidden), len(rows), dtype=self.dtype)
            yield first, rows, torch.mm(hidden, rows.t(), out=out)

    def logits_of(self, products: Tensor) -> Tensor:
        """Float32 logits, overwritten by the next block's."""
        logits = self.work.take("logits", *products.shape, dtype=torch.float32)
        torch.mul(products, self.scale, out=logits)
        return logits.div_(self.cap).tanh_().mul_(self.cap) if self.cap else logits

    def slope(self, logits: Tensor) -> Tensor | float:
        """d logit / d product at these logits."""
        return (1 - (logits / self.cap).square()) * self.scale if self.cap else self.scale

    def divergence(self, hidden: Tensor, chosen: Tensor, targets: Tensor) -> Tensor:
        """(N,) float32: the loss above for chosen tokens (N, k) with probabilities `targets` (N, k), r = 1 - sum."""
        want = torch.is_grad_enabled() and hidden.requires_grad
        loss: Tensor = _Divergence.apply(hidden, chosen, targets, self, want)
        return loss

    def top_log_probs(self, hidden: Tensor, k: int) -> tuple[Tensor, Tensor]:
        """The k likeliest tokens' log-probabilities (N, k) and numbers (N, k), likeliest first."""
        total = torch.full((len(hidden),), -torch.inf, device=hidden.device)
        best: tuple[Tensor, Tensor] | None = None
        for first, _rows, products in self.blocks(hidden.detach()):
            logits = self.logits_of(products)
            total = torch.logaddexp(total, logits.logsumexp(-1))
            values, tokens = logits.topk(min(k, logits.shape[1]), dim=-1)
            tokens = tokens + first
            if best is not None:
                values, tokens = torch.cat((best[0], values), 1), torch.cat((best[1], tokens), 1)
                values, order = values.topk(min(k, values.shape[1]), dim=-1)
                tokens = tokens.gather(1, order)
            best = values, tokens
        assert best is not None
        return best[0] - total[:, None], best[1]


class _Divergence(torch.autograd.Function):  # type: ignore[misc]  # torch is not type-checked here
    """Works out the gradient together with the loss, and only scales it on the way back."""

    @staticmethod
    def forward(ctx: Any, hidden: Tensor, chosen: Tensor, targets: Tensor, head: Head, want: bool) -> Tensor:
        others, picked, mean = _pass(head, hidden, chosen, want=want)
        total = torch.logaddexp(others, picked.logsumexp(-1))
        rest = (1 - targets.sum(-1)).clamp_(min=0)
        loss = torch.xlogy(targets, targets).sum(-1) - (targets * (picked - total[:, None])).sum(-1)
        loss += torch.xlogy(rest, rest) - torch.where(rest > 0, rest * (others - total), 0)
        if want and mean is not None:
            grad = mean.mul_(((others - total).exp() - rest)[:, None])
            pull = ((picked - total[:, None]).exp() - targets) * head.slope(picked)
            step = max(1, _PICKED // chosen.shape[1])
            for at in range(0, len(hidden), step):
                rows = head.work.picked(head.tensor, chosen[at : at + step].flatten())
                rows = rows.view(*chosen[at : at + step].shape, -1)
                grad[at : at + step] += torch.einsum("nk,nkd->nd", pull[at : at + step], rows)
            ctx.save_for_backward(grad.to(hidden.dtype))
        return loss

    @staticmethod
    def backward(ctx: Any, dloss: Tensor) -> tuple[Tensor | None, ...]:
        (grad,) = ctx.saved_tensors
        return (grad.float() * dloss[:, None]).to(grad.dtype), None, None, None, None


def _pass(head: Head, hidden: Tensor, chosen: Tensor, *, want: bool) -> tuple[Tensor, Tensor, Tensor | None]:
    """One pass over the vocabulary.

    Gives the log-sum-exp of all tokens that are not chosen (N,), the chosen logits (N, k) and, if wanted, the mean of
    slope times row over the others under their distribution (N, width), float32.
    """
    n = len(hidden)
    top = torch.full((n, 1), -1e30, device=hidden.device)
    mass = torch.zeros((n, 1), device=hidden.device)
    picked = torch.empty(chosen.shape, device=hidden.device)
    mean = torch.zeros((n, hidden.shape[1]), device=hidden.device) if want else None
    for first, rows, products in head.blocks(hidden):
        logits = head.logits_of(products)
        inside = (chosen >= first) & (chosen < first + len(rows))
        where = inside.nonzero(as_tuple=True)
        columns = chosen[where] - first
        picked[where] = logits[where[0], columns]
        logits[where[0], columns] = -torch.inf
        higher = torch.maximum(top, logits.amax(-1, keepdim=True))
        shrink = (top - higher).exp()
        slope = head.slope(logits) if head.cap else head.scale
        weights = logits.sub_(higher).exp_()
        mass = mass * shrink + weights.sum(-1, keepdim=True)
        if mean is not None:
            if isinstance(slope, Tensor):
                weights = torch.where(weights > 0, weights * slope, 0)
            mean.mul_(shrink).add_(torch.mm(weights.to(products.dtype), rows))
        top = higher
    if mean is not None:
        if not head.cap:
            mean.mul_(head.scale)
        mean.div_(mass.clamp(min=1e-30))
    return (top + mass.log())[:, 0], picked, mean
