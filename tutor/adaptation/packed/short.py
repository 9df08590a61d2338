"""Causal attention of many short sequences at once, for processors: forward and backward written out.

A step holds a dozen sequences of some fifty tokens. One by one they are hundreds of products a step that are each over
before a second core has woken up; padded to one length they are a few. Long ones are worked alone, by `scores.causal`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import Tensor

SHORT: Final = 128
"""Tokens of its own up to which a sequence is short."""
_SCORES: Final = 1 << 20
"""Scores of all heads that are worked at once: 4 MB in float32."""


@dataclass(frozen=True)
class Together:
    """Sequences that are worked at once, padded to the longest."""

    queries: Tensor
    """(sequences, most queries) tokens; after the end of a sequence its last one again."""
    keys: Tensor
    """(sequences, most keys) tokens, those that it goes on after first; any after the end."""
    there: Tensor
    """Which of all `queries`, counted through, are no padding."""
    tokens: Tensor
    """Those, as tokens."""
    unseen: Tensor
    """(sequences, 1, 1, most queries, most keys): keys that a query does not see."""


def groups(
    starts: Sequence[int], goes_on: Sequence[int], heads: int, window: int, device: torch.device
) -> list[Together]:
    """The short ones of a step's sequences (see `attention.Sequences`), those of like length together."""
    every = [(end - begin, begin, before) for begin, end, before in zip(starts[:-1], starts[1:], goes_on, strict=True)]
    short = sorted(one for one in every if 0 < one[0] <= SHORT)
    found: list[list[tuple[int, int, int]]] = []
    for own, begin, before in short:
        some = [*found[-1], (own, begin, before)] if found else []
        keys = max((o + b for o, _begin, b in some), default=0)
        if some and len(some) * own * keys * heads <= _SCORES:
            found[-1] = some
        else:
            found.append([(own, begin, before)])
    return [_together(some, window, device) for some in found]


def _together(some: Sequence[tuple[int, int, int]], window: int, device: torch.device) -> Together:
    own, begin, before = (torch.tensor(part)[:, None] for part in zip(*some, strict=True))
    nth = torch.arange(int(own.max()))
    queries = begin + torch.minimum(nth, own - 1)
    place = torch.arange(int((own + before).max()))
    keys = torch.where(place < before, place, begin + torch.minimum(place - before, own - 1))
    ago = (before + torch.minimum(nth, own - 1))[:, :, None] - place
    unseen = (ago < 0) | (ago >= window) if window else ago < 0
    there = (nth < own).flatten().nonzero()[:, 0]
    parts = queries, keys, there, queries.flatten()[there], unseen[:, None, None]
    return Together(*(part.to(device) for part in parts))


def together(q: Tensor, k: Tensor, v: Tensor, some: Sequence[Together], scale: float) -> Tensor:
    """(tokens, heads, width) from q of that shape and k, v (tokens, kv_heads, width); zero where no sequence is."""
    out: Tensor = _Attention.apply(q, k, v, some, scale)
    return out


class _Attention(torch.autograd.Function):  # type: ignore[misc]  # torch is not type-checked here
    @staticmethod
    def forward(ctx: Any, q: Tensor, k: Tensor, v: Tensor, some: Sequence[Together], scale: float) -> Tensor:
        out = torch.zeros_like(q)
        kept: list[Tensor] = []
        for one in some:
            queries, keys, values = _laid(q, one.queries, k.shape[1]), *(_laid(x, one.keys, k.shape[1]) for x in (k, v))
            scores = torch.bmm(queries, keys.transpose(1, 2)).float().mul_(scale)
            within = scores.view(len(one.queries), k.shape[1], -1, one.queries.shape[1], one.keys.shape[1])
            within.masked_fill_(one.unseen, -torch.inf)
            shares = torch.softmax(scores, -1)
            out[one.tokens] = _back(torch.bmm(shares.to(v.dtype), values), one.queries, q)[one.there]
            kept += [queries, keys, values, shares]
        ctx.save_for_backward(q, k, v, *kept)
        ctx.some, ctx.scale = some, scale
        return out

    @staticmethod
    def backward(ctx: Any, dout: Tensor) -> tuple[Tensor | None, ...]:
        q, k, v, *kept = ctx.saved_tensors
        dq, dk, dv = torch.zeros_like(q), *(torch.zeros_like(x, dtype=torch.float32) for x in (k, v))
        for i, one in enumerate(ctx.some):
            queries, keys, values, shares = kept[4 * i : 4 * i + 4]
            padded = dout.new_zeros(one.queries.numel(), *dout.shape[1:])
            padded[one.there] = dout[one.tokens]
            places = torch.arange(one.queries.numel(), device=dout.device).view_as(one.queries)
            d = _laid(padded, places, k.shape[1])
            low = shares.to(v.dtype)
            dvalues = torch.bmm(low.transpose(1, 2), d)
            dshares = torch.bmm(d, values.transpose(1, 2)).float()
            along = (d * torch.bmm(low, values)).sum(-1, keepdim=True, dtype=torch.float32)
            dscores = dshares.sub_(along).mul_(shares).mul_(ctx.scale).to(q.dtype)
            dq[one.tokens] = _back(torch.bmm(dscores, keys), one.queries, q)[one.there]
            dkeys = torch.bmm(dscores.transpose(1, 2), queries)
            for total, part in ((dk, dkeys), (dv, dvalues)):
                total.index_add_(0, one.keys.flatten(), _back(part, one.keys, k).float())
        return dq, dk.to(k.dtype), dv.to(v.dtype), None, None


def _laid(x: Tensor, at: Tensor, kv_heads: int) -> Tensor:
    """(sequences * kv_heads, heads of one kv head * n, width): x (tokens, heads, width) at tokens (sequences, n)."""
    picked = x[at].view(*at.shape, kv_heads, -1, x.shape[-1])
    return picked.permute(0, 2, 3, 1, 4).reshape(len(at) * kv_heads, -1, x.shape[-1])


def _back(y: Tensor, at: Tensor, like: Tensor) -> Tensor:
    """What `_laid` laid, one after the other again: (sequences * n, heads, width), with heads and width as `like`."""
    sequences, n = at.shape
    heads, width = like.shape[1:]
    kv_heads = len(y) // sequences
    apart = y.view(sequences, kv_heads, heads // kv_heads, n, width)
    return apart.permute(0, 3, 1, 2, 4).reshape(sequences * n, heads, width)
