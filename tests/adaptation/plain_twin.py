"""What a shape says, computed plainly in float32 with autograd: the twin that packed training is held to.

Weights are unpacked whole by the gguf package, not by the routines under test.
"""

from pathlib import Path

import gguf
import numpy as np
import torch
from torch import Tensor

from tutor.adaptation.packed.shape import Layer, Rope, Shape

Adapter = dict[str, tuple[Tensor, Tensor]]


def weights(path: Path) -> dict[str, Tensor]:
    """All tensors of a file in float32, (outputs, inputs) or (length,)."""
    found = {}
    for tensor in gguf.GGUFReader(path).tensors:
        data = gguf.quants.dequantize(tensor.data, tensor.tensor_type)
        found[tensor.name] = torch.from_numpy(np.array(data, dtype=np.float32))
    return found


def logits(shape: Shape, w: dict[str, Tensor], text: list[int], adapter: Adapter, scale: float) -> Tensor:
    """(tokens, vocabulary) of one sequence. `adapter` may be empty; `scale` is alpha / rank."""
    places = torch.arange(len(text))
    x = w["token_embd.weight"][text] * shape.embedding_scale

    def linear(name: str, x: Tensor) -> Tensor:
        y = x @ w[f"{name}.weight"].T
        if f"{name}.bias" in w:
            y = y + w[f"{name}.bias"]
        if f"{name}.weight" in adapter:
            a, b = adapter[f"{name}.weight"]
            y = y + scale * (x @ a.T @ b.T)
        return y

    def norm(name: str, x: Tensor) -> Tensor:
        return x / (x.pow(2).mean(-1, keepdim=True) + shape.eps).sqrt() * w[f"{name}.weight"]

    for i, layer in enumerate(shape.layers):
        block = f"blk.{i}."
        n = norm(block + "attn_norm", x)
        if shape.fused_qkv:
            q, k, v = linear(block + "attn_qkv", n).split((shape.q_rows, shape.kv_rows, shape.kv_rows), -1)
        else:
            q, k, v = (linear(f"{block}attn_{one}", n) for one in "qkv")
        q, k, v = (one.reshape(len(text), -1, shape.head_width) for one in (q, k, v))
        if shape.qk_norms:
            q, k = norm(block + "attn_q_norm", q), norm(block + "attn_k_norm", k)
        if layer.rope is not None:
            q, k = _turned(q, layer.rope, places), _turned(k, layer.rope, places)
        branch = linear(block + "attn_output", _attended(q, k, v, shape, layer))
        x = x + shape.residual_scale * (norm(block + "post_attention_norm", branch) if shape.post_norms else branch)
        m = norm(block + "ffn_norm", x)
        if shape.fused_gate_up:
            gate, up = linear(block + "ffn_up", m).chunk(2, -1)
        else:
            gate, up = linear(block + "ffn_gate", m), linear(block + "ffn_up", m)
        active = gate * torch.sigmoid(gate) if shape.activation == "silu" else _gelu(gate)
        branch = linear(block + "ffn_down", active * up)
        x = x + shape.residual_scale * (norm(block + "post_ffw_norm", branch) if shape.post_norms else branch)
    head = w.get("output.weight", w["token_embd.weight"])
    out = norm("output_norm", x) @ head.T * shape.logit_scale
    return shape.logit_softcap * torch.tanh(out / shape.logit_softcap) if shape.logit_softcap else out


def _attended(q: Tensor, k: Tensor, v: Tensor, shape: Shape, layer: Layer) -> Tensor:
    """(tokens, heads * head_width)."""
    k, v = (one.repeat_interleave(shape.heads // shape.kv_heads, dim=1) for one in (k, v))
    scores = torch.einsum("ihd,jhd->hij", q, k) * shape.attention_scale
    ago = torch.arange(len(q))[:, None] - torch.arange(len(q))
    hidden = (ago < 0) | ((ago >= layer.window) if layer.window else torch.zeros_like(ago, dtype=torch.bool))
    shares = scores.masked_fill(hidden, float("-inf")).softmax(-1)
    return torch.einsum("hij,jhd->ihd", shares, v).reshape(len(q), -1)


def _turned(x: Tensor, rope: Rope, places: Tensor) -> Tensor:
    """Each pair as a complex number, multiplied by its turn."""
    pairs = len(rope.frequencies)
    turned, rest = x[..., : 2 * pairs], x[..., 2 * pairs :]
    a, b = turned.chunk(2, -1) if rope.neox else (turned[..., ::2], turned[..., 1::2])
    angles = (places.double()[:, None] * torch.tensor(rope.frequencies, dtype=torch.float64)).float()
    z = torch.complex(a.float(), b.float()) * torch.polar(torch.full_like(angles, rope.magnitude), angles)[:, None]
    both = torch.cat((z.real, z.imag), -1) if rope.neox else torch.stack((z.real, z.imag), -1).flatten(-2)
    return torch.cat((both, rest), -1)


def _gelu(x: Tensor) -> Tensor:
    return 0.5 * x * (1 + torch.tanh((2 / torch.pi) ** 0.5 * (x + 0.044715 * x**3)))
