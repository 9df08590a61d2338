"""The adapter's gradients, written out by hand in the block, are those of autograd on the plain twin."""

from pathlib import Path
from random import Random

import pytest
import tiny_ggufs
import torch
from packed_files import Files, batch, opened
from plain_twin import logits, weights
from torch import Tensor

from tutor.adaptation.packed.model import PackedModel
from tutor.adaptation.training import packing
from tutor.adaptation.training.examples import Pair

pytestmark = pytest.mark.usefixtures("one_thread")
TEXTS = tiny_ggufs.texts()


def answers(i: int) -> bool:
    """Two places in three predict."""
    return i % 3 != 0


def gradients(model: PackedModel) -> tuple[float, dict[str, Tensor]]:
    """The summed loss and its gradient by each adapter matrix."""
    wanted = batch(TEXTS, rows=answers)
    loss = model.losses(model.hidden(wanted), wanted.targets).sum()
    loss.backward()
    pairs = model.adapter.items()
    found = {f"{n} {'AB'[i]}": p.grad for n, pair in pairs for i, p in enumerate(pair) if p.grad is not None}
    return float(loss.detach()), found


def plain(model: PackedModel, path: Path) -> tuple[float, dict[str, Tensor]]:
    """The same by the twin."""
    adapter = {n: (a.detach().clone().requires_grad_(), b.detach().clone().requires_grad_())
               for n, (a, b) in model.adapter.items()}  # fmt: skip
    found, scale = weights(path), tiny_ggufs.ALPHA / tiny_ggufs.RANK
    whole = torch.cat([logits(model.shape, found, text, adapter, scale) for text in TEXTS])
    wanted = batch(TEXTS, rows=answers)
    loss = torch.nn.functional.cross_entropy(whole[wanted.rows], wanted.targets, reduction="sum")
    loss.backward()
    return float(loss.detach()), {f"{n} {'AB'[i]}": p.grad for n, pair in adapter.items() for i, p in enumerate(pair)}


@pytest.mark.parametrize(("name", "kind"), [*((n, "F16") for n in tiny_ggufs.KINDS), ("gemma3", "Q4_K_M")])
@pytest.mark.parametrize("checkpointing", [False, True])
def test_gradients_are_those_of_autograd(files: Files, name: str, kind: str, checkpointing: bool) -> None:
    path = files.base(name, kind)
    model = opened(path, name, dtype=torch.float32, checkpointing=checkpointing)
    loss, mine = gradients(model)
    theirs_loss, theirs = plain(model, path)
    model.close()
    assert loss == pytest.approx(theirs_loss, rel=1e-4)
    assert mine.keys() == theirs.keys()
    for what, gradient in theirs.items():
        assert (mine[what] - gradient).norm() <= 2e-3 * gradient.norm(), what


@pytest.mark.parametrize("name", tiny_ggufs.KINDS)
def test_what_sequences_share_is_read_once_and_learned_from_the_same(files: Files, name: str) -> None:
    rng, before = Random(5), tuple(range(3, 12))
    pairs = [
        Pair(prompt=(*lead, *(rng.randrange(3, 60) for _ in range(own))), answer=(7, 8, own))
        for lead, own in ((before, 3), ((), 6), (before, 14), (before, 1))
    ]
    found = []
    for shared in ((), before):
        model = opened(files.base(name, "F16"), name, dtype=torch.float32)
        made, _ = packing.batch(pairs, shared)
        loss = model.losses(model.hidden(made), made.targets)
        loss.square().sum().backward()
        found.append((len(made.tokens), loss.detach(), [p.grad for p in model.parameters()]))
        model.close()
    assert found[0][0] - found[1][0] == 2 * len(before)
    torch.testing.assert_close(found[0][1], found[1][1], atol=1e-4, rtol=1e-4)
    for one, other in zip(found[0][2], found[1][2], strict=True):
        assert (one - other).norm() <= 1e-3 * one.norm() + 1e-6


def test_in_bfloat16_they_are_as_good_as_autocasts(files: Files) -> None:
    """Random blocks and a fitted head multiply rounding errors; torch's own mixed precision says how much."""
    mine, theirs = 0.0, 0.0
    for name in tiny_ggufs.KINDS:
        path = files.base(name)
        model = opened(path, name, dtype=torch.bfloat16)
        _loss, exact = plain(model, path)
        mine += astray(gradients(model)[1], exact)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            _loss, mixed = plain(model, path)
        theirs += astray(mixed, exact)
        model.close()
    assert mine < 1.1 * theirs


def astray(found: dict[str, Tensor], exact: dict[str, Tensor]) -> float:
    """1 - the cosine between all gradients."""
    one, other = (torch.cat([gradients[what].flatten().float() for what in exact]) for gradients in (found, exact))
    return 1.0 - float(torch.nn.functional.cosine_similarity(one, other, dim=0))
