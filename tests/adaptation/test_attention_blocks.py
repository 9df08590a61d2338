"""Attention in blocks of queries gives what torch's own kernel gives, and its gradients."""

import pytest
import torch

from tutor.adaptation.packed.attention import Sequences, attend
from tutor.adaptation.packed.attention import _fused as fused
from tutor.adaptation.packed.scores import causal
from tutor.adaptation.packed.shape import Layer, Rope, Shape, frequencies


@pytest.mark.parametrize(("tokens", "window"), [(1, 0), (128, 0), (300, 0), (300, 40), (300, 129), (129, 500), (5, 2)])
@pytest.mark.parametrize("kv_heads", [6, 2, 1])
@pytest.mark.parametrize("before", [0, 1, 50])
def test_it_is_torchs_attention(tokens: int, window: int, kv_heads: int, before: int) -> None:
    torch.manual_seed(tokens)
    q = torch.randn(6, tokens, 16, requires_grad=True)
    k, v = (torch.randn(kv_heads, before + tokens, 16, requires_grad=True) for _ in "kv")
    upstream = torch.randn(6, tokens, 16)
    mine, theirs = causal(q, k, v, 0.3, window), fused(q, k, v, 0.3, window)
    torch.testing.assert_close(mine, theirs, atol=1e-5, rtol=1e-4)
    gradients = (torch.autograd.grad(out, (q, k, v), upstream) for out in (mine, theirs))
    for one, other in zip(*gradients, strict=True):
        torch.testing.assert_close(one, other, atol=1e-4, rtol=1e-4)


def test_packed_sequences_do_not_see_each_other() -> None:
    torch.manual_seed(0)
    shape = Shape(
        architecture="llama", width=32, feed_forward=32, heads=2, kv_heads=1, head_width=16, vocabulary=8, context=64,
        eps=1e-6, layers=(), attention_scale=0.25,
    )  # fmt: skip
    layer = Layer(rope=Rope(frequencies(10_000.0, 16), neox=False))
    qkv = torch.randn(50, shape.q_rows + 2 * shape.kv_rows)
    places = torch.cat((torch.arange(20), torch.arange(30)))
    together = attend(qkv, shape, layer, Sequences((0, 20, 50), places), None)
    for begin, end in ((0, 20), (20, 50)):
        alone = attend(qkv[begin:end], shape, layer, Sequences((0, end - begin), places[begin:end]), None)
        torch.testing.assert_close(together[begin:end], alone, atol=1e-5, rtol=1e-4)


def test_a_sequence_that_goes_on_sees_what_stands_before_it() -> None:
    torch.manual_seed(0)
    shape = Shape(
        architecture="llama", width=32, feed_forward=32, heads=2, kv_heads=1, head_width=16, vocabulary=8, context=64,
        eps=1e-6, layers=(), attention_scale=0.25,
    )  # fmt: skip
    layer = Layer(rope=Rope(frequencies(10_000.0, 16), neox=False))
    qkv = torch.randn(50, shape.q_rows + 2 * shape.kv_rows)
    places = torch.cat((torch.arange(20), torch.arange(20, 35), torch.arange(15)))
    together = attend(qkv, shape, layer, Sequences((0, 20, 35, 50), places, (0, 20, 0)), None)
    whole = attend(qkv[:35], shape, layer, Sequences((0, 35), torch.arange(35)), None)
    torch.testing.assert_close(together[:35], whole, atol=1e-5, rtol=1e-4)
    alone = attend(qkv[35:], shape, layer, Sequences((0, 15), torch.arange(15)), None)
    torch.testing.assert_close(together[35:], alone, atol=1e-5, rtol=1e-4)
