"""Attention within packed sequences, in plain differentiable torch: head norms, rope, grouped queries, windows.

The backward pass of a block runs this again under autograd from the saved q, k and v, so nothing inside is kept.
"""

from dataclasses import dataclass, field

import torch
from torch import Tensor

from tutor.adaptation.packed import short
from tutor.adaptation.packed.scores import causal
from tutor.adaptation.packed.shape import Layer, Rope, Shape


@dataclass(frozen=True)
class Sequences:
    """Where sequences begin and end among the tokens of a step, and each token's place in its own."""

    starts: tuple[int, ...]
    """Bounds: sequence i is tokens starts[i] to starts[i + 1]."""
    positions: Tensor
    """(tokens,)"""
    goes_on: tuple[int, ...] = ()
    """For each sequence, how many of the first one's tokens it goes on after, as if they stood before it; (): none."""
    _turns: dict[Rope, tuple[Tensor, Tensor]] = field(default_factory=dict, repr=False)
    _short: dict[int, list[short.Together]] = field(default_factory=dict, repr=False)

    def turns(self, rope: Rope) -> tuple[Tensor, Tensor]:
        """Cosines and sines of every token: (tokens, 1, pairs), float32. Worked out once a step."""
        if rope not in self._turns:
            step = torch.tensor(rope.frequencies, dtype=torch.float32, device=self.positions.device)
            angles = (self.positions.to(torch.float32)[:, None] * step)[:, None]
            self._turns[rope] = angles.cos() * rope.magnitude, angles.sin() * rope.magnitude
        return self._turns[rope]

    def short(self, heads: int, window: int) -> list[short.Together]:
        """The short ones, as they are worked together on a processor. Worked out once a step."""
        if window not in self._short:
            before = self.goes_on or (0,) * (len(self.starts) - 1)
            self._short[window] = short.groups(self.starts, before, heads, window, self.positions.device)
        return self._short[window]

    @property
    def sizes(self) -> list[int]:
        return [end - begin for begin, end in zip(self.starts[:-1], self.starts[1:], strict=True)]


def attend(
    qkv: Tensor, shape: Shape, layer: Layer, sequences: Sequences, norms: tuple[Tensor, Tensor] | None
) -> Tensor:
    """(tokens, heads * head_width) from q, k and v side by side: (tokens, q_rows + 2 * kv_rows).

    `norms`: weights of the head norms of q and k, (head_width,) each.
    """
    tokens, width = len(qkv), shape.head_width
    q, k, v = (part.view(tokens, -1, width) for part in qkv.split((shape.q_rows, shape.kv_rows, shape.kv_rows), dim=1))
    if norms is not None:
        q, k = (_norm(part, weight, shape.eps) for part, weight in zip((q, k), norms, strict=True))
    if layer.rope is not None:
        cosines, sines = sequences.turns(layer.rope)
        q, k = (turn(part, cosines, sines, neox=layer.rope.neox) for part in (q, k))
    together = sequences.short(shape.heads, layer.window) if qkv.device.type == "cpu" else []
    alone = [i for i, size in enumerate(sequences.sizes) if size > short.SHORT or not together]
    if not together:
        return torch.cat([_one(i, q, k, v, shape, layer, sequences) for i in alone]).reshape(tokens, shape.q_rows)
    out = short.together(q, k, v, together, shape.attention_scale)
    for i in alone:
        out[sequences.starts[i] : sequences.starts[i + 1]] = _one(i, q, k, v, shape, layer, sequences)
    return out.view(tokens, shape.q_rows)


def _one(i: int, q: Tensor, k: Tensor, v: Tensor, shape: Shape, layer: Layer, sequences: Sequences) -> Tensor:
    """(tokens of sequence i, heads, head_width): one sequence for itself."""
    begin, end = sequences.starts[i : i + 2]
    before = sequences.goes_on[i] if sequences.goes_on else 0
    held = [torch.cat((part[:before], part[begin:end])) if before else part[begin:end] for part in (k, v)]
    queries, keys, values = (part.transpose(0, 1).contiguous() for part in (q[begin:end], *held))
    within = causal if q.device.type == "cpu" else _fused
    return within(queries, keys, values, shape.attention_scale, layer.window).transpose(0, 1)


def _fused(q: Tensor, k: Tensor, v: Tensor, scale: float, window: int) -> Tensor:
    """As `causal`, by torch's own kernel: the quicker one on a GPU."""
    mask = _band(q.shape[1], k.shape[1], window, q.device)
    attention = torch.nn.functional.scaled_dot_product_attention
    return attention(
        q[None], k[None], v[None], attn_mask=mask, is_causal=mask is None, scale=scale, enable_gqa=len(q) != len(k)
    )[0]


def turn(x: Tensor, cosines: Tensor, sines: Tensor, *, neox: bool) -> Tensor:
    """Rope over the first dimensions of each head of x (tokens, heads, width); worked in float32."""
    pairs = cosines.shape[-1]
    turned, rest = x[..., : 2 * pairs].float(), x[..., 2 * pairs :]
    a, b = (turned[..., :pairs], turned[..., pairs:]) if neox else (turned[..., 0::2], turned[..., 1::2])
    both = a * cosines - b * sines, b * cosines + a * sines
    done = torch.cat(both, dim=-1) if neox else torch.stack(both, dim=-1).flatten(-2)
    return torch.cat((done.to(x.dtype), rest), dim=-1) if rest.shape[-1] else done.to(x.dtype)


def _norm(x: Tensor, weight: Tensor, eps: float) -> Tensor:
    wide = x.float()
    return (wide * torch.rsqrt(wide.square().mean(-1, keepdim=True) + eps) * weight).to(x.dtype)


def _band(queries: int, keys: int, window: int, device: torch.device) -> Tensor | None:
    """Which keys a query sees, (queries, keys) bool; None where it is all up to its own."""
    if queries == keys and (not window or keys <= window):
        return None
    ago = torch.arange(keys - queries, keys, device=device)[:, None] - torch.arange(keys, device=device)
    return (ago >= 0) & (ago < (window or keys))
