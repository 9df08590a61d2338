"""Training the sum reader: the head on the encoder as it is, then both together; minutes on one core."""

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any, Final

import torch
from torch import Tensor

from tutor.workshop.progress import Progress
from tutor.workshop.reader.batches import Prepared, batch
from tutor.workshop.reader.network import Network
from tutor.workshop.reader.settings import ReaderSettings

_BATCH: Final = 32
_WARM: Final = 40
_CLIP: Final = 1.0


def lower(network: Network, examples: Sequence[Prepared]) -> list[Tensor]:
    """What the unchanged layers make of each example, (tokens, 384) in half precision."""
    return _by_length(examples, lambda part: network.lower(torch.tensor([e.tokens for e in part])))


def upper(network: Network, examples: Sequence[Prepared], states: Sequence[Tensor]) -> list[Tensor]:
    """What the changed layers make of that now, beside it: (tokens, 768)."""
    at = {id(e): s for e, s in zip(examples, states, strict=True)}

    def made(part: Sequence[Prepared]) -> Tensor:
        known = torch.stack([at[id(e)] for e in part])
        with torch.no_grad():
            made = network.tokens(known, torch.ones(known.shape[:2])).bfloat16()
            return torch.cat([made, known], -1)

    return _by_length(examples, made)


def _by_length(examples: Sequence[Prepared], make: Callable[[Sequence[Prepared]], Tensor]) -> list[Tensor]:
    """Work done on texts of one length together: nothing is padded."""
    order = sorted(range(len(examples)), key=lambda i: len(examples[i].tokens))
    found: dict[int, Tensor] = {}
    at = 0
    with Progress("reader: encode", len(order)) as progress:
        while at < len(order):
            length = len(examples[order[at]].tokens)
            part = [i for i in order[at : at + _BATCH] if len(examples[i].tokens) == length]
            found.update(zip(part, make([examples[i] for i in part]).unbind(), strict=True))
            at += len(part)
            progress.add(len(part))
    return [found[i].clone() for i in range(len(examples))]


def train(
    network: Network,
    examples: Sequence[Prepared],
    settings: ReaderSettings,
    seed: int,
    *,
    state: Path | None = None,
    key: str = "",
) -> list[float]:
    """Fit the network in three parts; gives the mean loss of each epoch.

    With `state`, what was learned is saved there after every part, and the next run goes on with the part after it;
    a state saved under another `key` (other settings) is not used.
    """
    losses: list[list[float]] = []
    if state is not None and state.exists():
        saved = torch.load(state, weights_only=True)
        if saved["key"] == key:
            network.load_state_dict(saved["network"])
            losses = saved["losses"]
    network.eval()
    states = lower(network, examples)
    head, second = list(network.head.parameters()), list(network.second.parameters())
    changes = [p for one in network.low_rank.values() for p in (one.a, one.b)]
    first = [{"params": head, "lr": settings.head_rate}]
    both = [{"params": head, "lr": settings.head_rate / 2}, {"params": changes, "lr": settings.rate}]
    alone = [{"params": second, "lr": settings.head_rate}]
    parts = (
        ("second", alone, settings.second_epochs, 2),
        ("head", first, settings.head_epochs, 0),
        ("all", both, settings.epochs, 1),
    )
    for part, groups, epochs, more in parts[len(losses) :]:
        network.eval()
        read = states
        if part == "second":
            read = [torch.cat([one, one], -1) for one in states]
        elif part == "head":
            read = upper(network, examples, states)
        network.train()
        torch.manual_seed(seed + more)  # a part learns the same whether or not the ones before ran just now
        losses.append(_fit(network, examples, read, groups, settings, Random(seed + more), epochs, part=part))
        if state is not None:
            kept = state.with_suffix(".part")
            torch.save({"key": key, "network": network.state_dict(), "losses": losses}, kept)
            kept.replace(state)
    return [loss for part in losses for loss in part]


def _fit(
    network: Network,
    examples: Sequence[Prepared],
    states: Sequence[Tensor],
    groups: list[dict[str, Any]],
    settings: ReaderSettings,
    rng: Random,
    epochs: float,
    *,
    part: str,
) -> list[float]:
    """`part`: "second" or "head", on finished states, or "all"."""
    alone = part != "all"
    optimizer = torch.optim.AdamW(groups, weight_decay=settings.decay)
    rates = [group["lr"] for group in groups]
    parameters = [p for group in groups for p in group["params"]]
    steps = max(1, int(epochs * len(examples) / _BATCH))
    losses: list[float] = []
    order: list[list[int]] = []
    total, count = 0.0, 0
    with Progress(f"reader: {part}", steps) as progress:
        for step in range(steps):
            share = min(1.0, step / _WARM) * (0.5 + 0.5 * math.cos(math.pi * step / steps))
            for group, rate in zip(optimizer.param_groups, rates, strict=True):
                group["lr"] = rate * max(share, 0.2 if alone else 0.02)
            if not order:
                order = _shuffled(examples, rng)
                losses += [total / count] if count else []
                total, count = 0.0, 0
            chosen = order.pop()
            made = batch([examples[i] for i in chosen], [states[i] for i in chosen])
            known = made.states.float() if alone else None
            loss = network(made, known, second=part == "second")[0].mean()
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, _CLIP)
            optimizer.step()
            total, count = total + float(loss.detach()), count + 1
            progress.add(1, f"loss {total / count:.3f}")
    return losses + ([total / count] if count else [])


def _shuffled(examples: Sequence[Prepared], rng: Random) -> list[list[int]]:
    """Batches of texts of about one length, in any order."""
    order = sorted(range(len(examples)), key=lambda i: len(examples[i].tokens) + rng.random() * 8)
    batches = [order[i : i + _BATCH] for i in range(0, len(order), _BATCH)]
    rng.shuffle(batches)
    return batches
