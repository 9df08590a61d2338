"""The packed model as training uses it: steps lower the loss, the base stays what it was, an adapter comes back."""

from collections.abc import Iterator

import pytest
import torch
from packed_files import Files, batch
from tiny_ggufs import texts

from tutor.adaptation.packed.model import PackedModel
from tutor.errors import BugError

NAME = "qwen2"
pytestmark = pytest.mark.usefixtures("one_thread")
WANTED = batch(texts(), rows=lambda i: i % 3 == 0)


@pytest.fixture
def model(files: Files) -> Iterator[PackedModel]:
    opened = PackedModel.open(files.base(NAME, "Q4_K_M"), rank=4, alpha=8.0, seed=3)
    yield opened
    opened.close()


def trained(model: PackedModel, steps: int) -> list[float]:
    """Losses before each step."""
    optimiser = torch.optim.AdamW(model.parameters(), lr=0.01)
    losses = []
    for _ in range(steps):
        loss = model.losses(model.hidden(WANTED), WANTED.targets).mean()
        loss.backward()
        optimiser.step()
        optimiser.zero_grad()
        losses.append(float(loss.detach()))
    return losses


def test_steps_lower_the_loss_and_the_base_stays_what_it_was(model: PackedModel) -> None:
    with torch.no_grad():
        before = model.hidden(WANTED)
    losses = trained(model, 8)
    assert losses[-1] < 0.9 * losses[0]
    with torch.no_grad():
        assert not torch.equal(model.hidden(WANTED), before)
        with model.off():
            assert torch.equal(model.hidden(WANTED), before)
        assert not torch.equal(model.hidden(WANTED), before)


@pytest.mark.parametrize("kind", ["F16", "Q4_K_M"])
def test_weights_that_are_kept_give_what_weights_that_are_unpacked_again_give(files: Files, kind: str) -> None:
    path = files.base(NAME, kind)
    found = []
    for kept in (0, 64 << 20):
        model = PackedModel.open(path, rank=4, alpha=8.0, seed=3, kept=kept)
        assert model.work.keep == bool(kept) == bool(model.kept_bytes())
        found.append((trained(model, 3), model.state()))
        model.close()
    (losses, state), (again, other) = found
    assert losses == again
    assert all(torch.equal(state[name], other[name]) for name in state)


def test_an_adapter_comes_back_as_it_was(model: PackedModel, files: Files) -> None:
    trained(model, 2)
    other = PackedModel.open(files.base(NAME, "Q4_K_M"), rank=4, alpha=8.0, seed=4)
    with torch.no_grad():
        assert not torch.equal(other.hidden(WANTED), model.hidden(WANTED))
        other.load_state(model.state())
        assert torch.equal(other.hidden(WANTED), model.hidden(WANTED))
    other.close()


def test_a_state_is_a_copy_and_of_one_rank(model: PackedModel, files: Files) -> None:
    state = model.state()
    kept = {name: matrix.clone() for name, matrix in state.items()}
    trained(model, 1)
    assert all(torch.equal(state[name], kept[name]) for name in kept)
    other = PackedModel.open(files.base(NAME, "Q4_K_M"), rank=8)
    with pytest.raises(BugError):
        other.load_state(state)
    other.close()


def test_the_seed_decides_where_it_begins(model: PackedModel, files: Files) -> None:
    again, other = (PackedModel.open(files.base(NAME, "Q4_K_M"), rank=4, seed=seed) for seed in (3, 4))
    name = next(iter(model.adapter))
    assert torch.equal(again.adapter[name][0], model.adapter[name][0])
    assert not torch.equal(other.adapter[name][0], model.adapter[name][0])
    assert all(not b.any() for _a, b in model.adapter.values())
    again.close()
    other.close()


def test_divergence_holds_training_near_the_base(model: PackedModel) -> None:
    """The same steps with a divergence term end nearer to the base than without."""
    with torch.no_grad():
        values, tokens = model.top_log_probs(model.hidden(WANTED), 16)
        assert model.kl(model.hidden(WANTED), values, tokens).abs().max() < 1e-3
    fresh, moved = model.state(), []
    for weight in (0.0, 5.0):
        model.load_state(fresh)
        optimiser = torch.optim.AdamW(model.parameters(), lr=0.01)
        for _ in range(6):
            hidden = model.hidden(WANTED)
            loss = model.losses(hidden, WANTED.targets).mean() + weight * model.kl(hidden, values, tokens).mean()
            loss.backward()
            optimiser.step()
            optimiser.zero_grad()
        with torch.no_grad():
            moved.append(float(model.kl(model.hidden(WANTED), values, tokens).mean()))
    assert moved[1] < 0.5 * moved[0]


def test_working_blocks_twice_changes_no_step(model: PackedModel) -> None:
    fresh = model.state()
    once = trained(model, 3)
    model.load_state(fresh)
    model.checkpointing = True
    assert trained(model, 3) == pytest.approx(once, rel=1e-3)
