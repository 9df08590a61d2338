"""Norm and gated activation with their gradients written out, in slices of tokens that stay in the cache."""

import torch
from torch import Tensor

_SLICE = 64
"""Tokens worked at a time."""


def norm(x: Tensor, weight: Tensor, eps: float, dtype: torch.dtype) -> Tensor:
    """RMS norm of x (tokens, width) with float32 weights, worked in float32, given in `dtype`."""
    wide = x.float()
    return (wide * _inverse(wide, eps)).mul_(weight).to(dtype)


def norm_backward(dy: Tensor, x: Tensor, weight: Tensor, eps: float) -> Tensor:
    """Gradient of x, float32, from that of its norm."""
    wide = x.float()
    r = _inverse(wide, eps)
    g = dy.float() * weight
    along = (g * wide).mean(-1, keepdim=True) * r.pow(3)
    return g.mul_(r).addcmul_(wide, along, value=-1.0)


def _inverse(x: Tensor, eps: float) -> Tensor:
    return torch.rsqrt(x.square().mean(-1, keepdim=True) + eps)


def gated(gate_up: Tensor, activation: str, out: Tensor) -> Tensor:
    """activation(gate) * up into `out` (tokens, n), from both side by side (tokens, 2 n)."""
    n = out.shape[1]
    for begin in range(0, len(out), _SLICE):
        some = gate_up[begin : begin + _SLICE]
        torch.mul(_activate(some[:, :n], activation), some[:, n:], out=out[begin : begin + _SLICE])
    return out


def gated_backward(dy: Tensor, gate_up: Tensor, activation: str, y: Tensor, out: Tensor) -> None:
    """Works the product again into `y` (tokens, n), and its gradient by gate and up into `out` (tokens, 2 n)."""
    n = y.shape[1]
    for begin in range(0, len(y), _SLICE):
        part = slice(begin, begin + _SLICE)
        gate, up, d = gate_up[part, :n], gate_up[part, n:], dy[part]
        active = _activate(gate, activation)
        torch.mul(active, up, out=y[part])
        torch.mul(d, active, out=out[part, n:])
        dactive = torch.mul(d, up, out=active)
        if activation == "silu":
            out[part, :n] = torch.ops.aten.silu_backward(dactive, gate)
        else:
            out[part, :n] = torch.ops.aten.gelu_backward(dactive, gate, approximate="tanh")


def _activate(gate: Tensor, activation: str) -> Tensor:
    if activation == "silu":
        return torch.nn.functional.silu(gate)
    return torch.nn.functional.gelu(gate, approximate="tanh")
