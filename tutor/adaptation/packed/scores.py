"""Causal attention of one sequence in blocks of queries, for processors: forward and backward written out.

A block of queries meets only the keys that it may see, so nearly half of the work falls away, and the products run at
the speed of any other. Measured on two cores with bfloat16 and 512 tokens: 3.5 times as fast as torch's own
`scaled_dot_product_attention` on the CPU, forward and backward. Nothing is kept but q, k and v.
"""

from typing import Any

import torch
from torch import Tensor

_QUERIES = 128
"""Queries worked at a time: their scores against 2,048 keys are 1 MB a head in float32."""


def causal(q: Tensor, k: Tensor, v: Tensor, scale: float, window: int) -> Tensor:
    """(heads, tokens, width) from q of that shape and k, v (kv_heads, keys, width); heads in groups of one kv head.

    Where there are more keys than queries, the queries are the last tokens. `window`: a query sees keys less than so
    many before it; 0: all.
    """
    out: Tensor = _Causal.apply(q, k, v, scale, window)
    return out


class _Causal(torch.autograd.Function):  # type: ignore[misc]  # torch is not type-checked here
    @staticmethod
    def forward(ctx: Any, q: Tensor, k: Tensor, v: Tensor, scale: float, window: int) -> Tensor:
        ctx.save_for_backward(q, k, v)
        ctx.scale, ctx.window = scale, window
        grouped = q.view(len(k), -1, *q.shape[1:])
        out = torch.empty_like(grouped)
        before = k.shape[1] - q.shape[1]
        for begin in range(0, q.shape[1], _QUERIES):
            block = grouped[:, :, begin : begin + _QUERIES]
            first, end = _seen(before + begin, block.shape[2], window)
            shares = _shares(block, k[:, first:end], before + begin - first, scale, window)
            out[:, :, begin : begin + _QUERIES] = torch.bmm(shares.to(v.dtype), v[:, first:end]).view_as(block)
        return out.view_as(q)

    @staticmethod
    def backward(ctx: Any, dout: Tensor) -> tuple[Tensor | None, ...]:
        q, k, v = ctx.saved_tensors
        grouped, dgrouped = (t.reshape(len(k), -1, *q.shape[1:]) for t in (q, dout))
        dq = torch.empty_like(grouped)
        dk, dv = torch.zeros_like(k, dtype=torch.float32), torch.zeros_like(v, dtype=torch.float32)
        before = k.shape[1] - q.shape[1]
        for begin in range(0, q.shape[1], _QUERIES):
            block, d = grouped[:, :, begin : begin + _QUERIES], dgrouped[:, :, begin : begin + _QUERIES]
            first, end = _seen(before + begin, block.shape[2], ctx.window)
            keys, values = k[:, first:end], v[:, first:end]
            shares = _shares(block, keys, before + begin - first, ctx.scale, ctx.window)
            low = shares.to(v.dtype)
            d = d.reshape(len(k), -1, q.shape[2])
            dv[:, first:end] += torch.bmm(low.transpose(1, 2), d)
            dshares = torch.bmm(d, values.transpose(1, 2)).float()
            along = (d * torch.bmm(low, values)).sum(-1, keepdim=True, dtype=torch.float32)
            dscores = dshares.sub_(along).mul_(shares).mul_(ctx.scale).to(q.dtype)
            dq[:, :, begin : begin + _QUERIES] = torch.bmm(dscores, keys).view_as(block)
            dk[:, first:end] += torch.bmm(dscores.transpose(1, 2), block.reshape(len(k), -1, q.shape[2]))
        return dq.view_as(q), dk.to(k.dtype), dv.to(v.dtype), None, None


def _seen(begin: int, queries: int, window: int) -> tuple[int, int]:
    """First key that any of these queries sees, and the end of the last. `begin`: place of the first among the keys."""
    return max(0, begin - window + 1) if window else 0, begin + queries


def _shares(queries: Tensor, keys: Tensor, ahead: int, scale: float, window: int) -> Tensor:
    """Softmax of the scores: (kv_heads, group * n, keys) float32, for queries (kv_heads, group, n, width).

    `ahead`: place of the first query among the keys.
    """
    kv_heads, group, n, width = queries.shape
    scores = torch.bmm(queries.reshape(kv_heads, -1, width), keys.transpose(1, 2)).float().mul_(scale)
    ago = torch.arange(ahead, ahead + n, device=keys.device)[:, None] - torch.arange(keys.shape[1], device=keys.device)
    unseen = (ago < 0) | (ago >= window) if window else ago < 0
    scores.view(kv_heads, group, n, -1).masked_fill_(unseen, -torch.inf)
    return torch.softmax(scores, -1)
