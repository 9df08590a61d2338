"""What a transformer's block computes, as data: one description for each architecture, read by one block.

Tensors have the names that llama.cpp gives them. Whether a bias exists, or a separate head, is seen from the tensors
in the file; everything that the tensors do not show stands here. `architectures.describe` fills it from transformers'
class for the architecture and from a file's metadata.
"""

import math
from dataclasses import dataclass


def frequencies(base: float, dimensions: int, *, linear: float = 1.0) -> tuple[float, ...]:
    """Angles in radians per position for each rotated pair: base^(-2i/dimensions) / linear, `dimensions` / 2 of them.

    `linear` is the factor of linear rope scaling (positions are divided by it).
    """
    return tuple(base ** (-2.0 * i / dimensions) / linear for i in range(dimensions // 2))


@dataclass(frozen=True)
class Rope:
    """How queries and keys are turned by their position."""

    frequencies: tuple[float, ...]
    """Radians per position of each pair, after every scaling: linear, yarn, and rope factors from tensors (ggml
    divides by those). Twice their number is the count of rotated dimensions; the rest of a head passes unturned."""
    neox: bool = True
    """Pairs are (i, i + half) as in NEOX; else neighbours (2i, 2i + 1) as llama.cpp's NORM."""
    magnitude: float = 1.0
    """Factor on cosine and sine (yarn and longrope: the attention factor)."""


@dataclass(frozen=True)
class Layer:
    """What one block does differently from its neighbours."""

    rope: Rope | None
    """None: no position is turned in (smollm3's NoPE layers)."""
    window: int = 0
    """Sliding window: a query sees keys less than so many positions before it. 0: all before it."""


@dataclass(frozen=True)
class Shape:
    """A transformer of the family norm, attention, norm, gated feed-forward, with residuals around both.

    x  <- x + residual_scale * post(attn_output(attention(rope(q_norm(Wq n)), rope(k_norm(Wk n)), Wv n))), n = norm(x)
    x  <- x + residual_scale * post(Wdown(activation(Wgate m) * Wup m)), m = norm(x)
    logits = logit_scale * cap(head(output_norm(x))) with x = embedding_scale * embedding at the start.
    """

    architecture: str
    """llama.cpp's name: the prefix of the file's metadata keys."""
    width: int
    """Length of the residual stream (embedding_length)."""
    feed_forward: int
    heads: int
    kv_heads: int
    head_width: int
    """Length of a head of queries, keys and values (key_length = value_length)."""
    vocabulary: int
    context: int
    eps: float
    """Of every RMS norm. Norm weights are used as they are in the file (gemma's already hold the 1 that is added)."""
    layers: tuple[Layer, ...]
    attention_scale: float
    """Factor on query times key: 1/sqrt(head_width), or what the file says (granite, gemma3 27B)."""
    activation: str = "silu"
    """`silu` (SwiGLU) or `gelu` (GeGLU, the tanh approximation)."""
    fused_qkv: bool = False
    """One tensor attn_qkv holds the rows of q, k and v in this order (phi3)."""
    fused_gate_up: bool = False
    """ffn_up holds the rows of gate, then of up; there is no ffn_gate (phi3)."""
    qk_norms: bool = False
    """attn_q_norm and attn_k_norm: RMS norms over each head before rope (qwen3, gemma3)."""
    post_norms: bool = False
    """post_attention_norm and post_ffw_norm: RMS norms on both branches before they are added (gemma3)."""
    embedding_scale: float = 1.0
    residual_scale: float = 1.0
    """Factor on both branches before they are added (granite)."""
    logit_scale: float = 1.0
    """Factor on the logits. Granite's file gives a divisor: put 1 / it here."""
    logit_softcap: float = 0.0
    """Logits become cap * tanh(logits / cap). 0: none."""

    @property
    def q_rows(self) -> int:
        return self.heads * self.head_width

    @property
    def kv_rows(self) -> int:
        return self.kv_heads * self.head_width

    @property
    def qkv_names(self) -> tuple[str, ...]:
        """Names of the tensors that give q, k and v, within a block."""
        return ("attn_qkv",) if self.fused_qkv else ("attn_q", "attn_k", "attn_v")

    @property
    def gate_up_names(self) -> tuple[str, ...]:
        """Names of the tensors that give gate and up, within a block."""
        return ("ffn_up",) if self.fused_gate_up else ("ffn_gate", "ffn_up")

    @property
    def linear_names(self) -> tuple[str, ...]:
        """All linears of a block that get an adapter."""
        return (*self.qkv_names, "attn_output", *self.gate_up_names, "ffn_down")


def default_scale(head_width: int) -> float:
    """The usual `attention_scale`."""
    return 1.0 / math.sqrt(head_width)
