"""Losses on a head that is never unpacked whole are those of the whole one, and so are their gradients."""

from collections.abc import Iterator
from pathlib import Path

import gguf
import pytest
import torch
from torch import Tensor

from tutor.adaptation.packed import head as head_module
from tutor.adaptation.packed.head import Head
from tutor.adaptation.packed.mapped import MappedFile
from tutor.adaptation.packed.workspace import Workspace

TOKENS, VOCABULARY, WIDTH = 13, 1000, 64


@pytest.fixture(scope="module")
def matrix() -> Tensor:
    return torch.randn(VOCABULARY, WIDTH, generator=torch.Generator().manual_seed(1))


@pytest.fixture(params=[(1.0, 0.0), (0.25, 0.0), (1.0, 9.0)], ids=["plain", "scaled", "capped"])
def head(
    request: pytest.FixtureRequest, tmp_path: Path, matrix: Tensor, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Head]:
    monkeypatch.setattr(head_module, "ROWS", 300)  # four blocks, the last one short
    monkeypatch.setattr(head_module, "_PICKED", 16)
    writer = gguf.GGUFWriter(tmp_path / "head.gguf", "llama")
    for add in (writer.add_block_count, writer.add_embedding_length, writer.add_context_length):
        add(64)
    writer.add_token_list(["a", "b"])
    writer.add_tensor("output.weight", matrix.numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    work = Workspace(torch.device("cpu"), torch.float32, 1)
    with MappedFile(tmp_path / "head.gguf") as file:
        scale, cap = request.param
        yield Head(file.tensor("output.weight"), work, torch.float32, scale, cap)
    work.close()


def whole(head: Head, hidden: Tensor, matrix: Tensor) -> Tensor:
    """Log-probabilities, from the head as one matrix."""
    logits = hidden @ matrix.T * head.scale
    return torch.log_softmax(head.cap * torch.tanh(logits / head.cap) if head.cap else logits, -1)


def hidden_states() -> Tensor:
    return torch.randn(TOKENS, WIDTH, generator=torch.Generator().manual_seed(2)).requires_grad_()


def assert_same(head: Head, mine: Tensor, theirs: Tensor, hidden: Tensor) -> None:
    torch.testing.assert_close(mine, theirs, atol=2e-5, rtol=1e-4)
    weights = torch.linspace(0.1, 2.0, TOKENS)
    one, other = (torch.autograd.grad((loss * weights).sum(), hidden)[0] for loss in (mine, theirs))
    assert other.norm() > 0.1
    torch.testing.assert_close(one, other, atol=2e-5, rtol=1e-3)


def test_cross_entropy(head: Head, matrix: Tensor) -> None:
    hidden = hidden_states()
    targets = torch.arange(TOKENS) * 77 % VOCABULARY
    mine = head.divergence(hidden, targets[:, None], torch.ones(TOKENS, 1))
    theirs = torch.nn.functional.nll_loss(whole(head, hidden, matrix), targets, reduction="none")
    assert_same(head, mine, theirs, hidden)


def test_divergence_from_the_likeliest_tokens_and_the_rest(head: Head, matrix: Tensor) -> None:
    hidden = hidden_states()
    base = whole(head, hidden.detach().flip(0) * 0.7, matrix)
    values, tokens = base.topk(9)
    b, rest = values.exp(), 1 - values.exp().sum(-1)
    log_p = whole(head, hidden, matrix)
    others = log_p.scatter(1, tokens, -torch.inf).logsumexp(-1)
    theirs = (b * (values - log_p.gather(1, tokens))).sum(-1) + rest * (rest.log() - others)
    assert_same(head, head.divergence(hidden, tokens, b), theirs, hidden)


def test_the_likeliest_tokens_are_found_across_blocks(head: Head, matrix: Tensor) -> None:
    hidden = hidden_states().detach()
    values, tokens = head.top_log_probs(hidden, 20)
    expected, places = whole(head, hidden, matrix).topk(20)
    torch.testing.assert_close(values, expected, atol=2e-5, rtol=1e-4)
    assert torch.equal(tokens, places)


def test_no_divergence_from_itself(head: Head) -> None:
    hidden = hidden_states()
    values, tokens = head.top_log_probs(hidden, 5)
    loss = head.divergence(hidden, tokens, values.exp())
    (gradient,) = torch.autograd.grad(loss.sum(), hidden)
    assert loss.abs().max() < 1e-4
    assert gradient.abs().max() < 1e-3
