"""Attention in blocks of queries gives what torch's own kernel gives, and its gradients."""

import pytest
import torch

from tutor.adaptation.packed import short
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


SIZES = (20, 7, 31, 1, 140, 12, 128)
BEFORE = (0, 20, 0, 13, 20, 20, 5)


@pytest.mark.parametrize("window", [0, 9])
@pytest.mark.parametrize("sizes", [SIZES, SIZES[:4]], ids=["a long one among them", "all short"])
@pytest.mark.parametrize("at_once", [1 << 20, 2000], ids=["all at once", "some at once"])
def test_short_sequences_together_are_each_alone(
    monkeypatch: pytest.MonkeyPatch, window: int, sizes: tuple[int, ...], at_once: int
) -> None:
    torch.manual_seed(0)
    monkeypatch.setattr(short, "_SCORES", at_once)
    shape = Shape(
        architecture="llama", width=64, feed_forward=32, heads=4, kv_heads=2, head_width=16, vocabulary=8, context=512,
        eps=1e-6, layers=(), attention_scale=0.25,
    )  # fmt: skip
    starts = [0, *torch.tensor(sizes).cumsum(0).tolist()]
    places = torch.cat([before + torch.arange(size) for before, size in zip(BEFORE, sizes, strict=False)])
    sequences = Sequences(tuple(starts), places, BEFORE[: len(sizes)])
    layer = Layer(rope=None, window=window)
    qkv = torch.randn(sum(sizes), shape.q_rows + 2 * shape.kv_rows, requires_grad=True)
    out = attend(qkv, shape, layer, sequences, None)
    q, k, v = (x.unflatten(1, (-1, 16)) for x in qkv.split((shape.q_rows, shape.kv_rows, shape.kv_rows), dim=1))
    each = []
    for before, begin, end in zip(BEFORE, starts[:-1], starts[1:], strict=False):
        held = (torch.cat((x[:before], x[begin:end])).transpose(0, 1) for x in (k, v))
        each.append(fused(q[begin:end].transpose(0, 1), *held, 0.25, window).transpose(0, 1).flatten(1))
    torch.testing.assert_close(out, torch.cat(each), atol=1e-5, rtol=1e-4)
    upstream = torch.randn_like(out)
    mine, theirs = (torch.autograd.grad(one, qkv, upstream)[0] for one in (out, torch.cat(each)))
    torch.testing.assert_close(mine, theirs, atol=1e-4, rtol=1e-4)
