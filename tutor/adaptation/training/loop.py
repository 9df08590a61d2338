"""The training, as one loop to be read from top to bottom.

A step: cross-entropy on the right answers, plus Kullback-Leibler divergence from the base on replay (so that all else
stays as it was), plus a hinge on the mean log-probabilities of the right and the flagged answer (a reference-free form
of preference: no force once the right one leads by the margin). AdamW, warm-up, cosine, a running mean of the weights.
After each epoch the loss on held-out wordings decides whether it got better; the best adapter is what remains. Nothing
is drawn at random but what the seed fixes, so a training that was killed ends as it would have ended.
"""

import contextlib
import hashlib
import math
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import torch

from tutor.adaptation.packed.model import PackedModel
from tutor.adaptation.training import checkpoint, plan
from tutor.adaptation.training.examples import Examples
from tutor.adaptation.training.packing import batch, lead
from tutor.adaptation.training.settings import Settings
from tutor.domain import Frozen

_BETTER: Final = 0.995
"""The held-out loss must fall below this share of the best so far to count as better."""
_BETAS: Final = (0.9, 0.98)
_LEADING: Final = 3
"""Tokens at the beginning of an answer that count more."""
_MEAN: Final = 0.97
"""Of the running mean of the weights, a step. AdamW moves every weight, also where there is nothing to learn but noise;
the mean forgets the noise, and with it what would change elsewhere."""


class Step(Frozen):
    """What a training says after each step."""

    step: int
    steps: int
    loss: float
    """Of the right answers, nats a token."""
    held_out: float
    """After the last whole epoch; 0 before."""
    kept: float = 0.0
    """Divergence from the base on replay, nats a token."""


class Outcome(Frozen):
    """How a training ended. The model holds the best adapter then."""

    steps: int
    epochs: int
    loss: float
    held_out: float
    best_epoch: int
    kept: float
    curve: tuple[tuple[float, float, float], ...] = ()
    """Of each epoch: loss, held-out loss, divergence on replay."""


def train(
    model: PackedModel,
    examples: Examples,
    settings: Settings,
    folder: Path,
    *,
    key: str,
    wait: Callable[[], None] = lambda: None,
    say: Callable[[Step], None] = lambda _step: None,
) -> Outcome:
    """Train until the epochs are over or held-out wordings get no better.

    `folder` holds the checkpoint; `key` names the training, another's checkpoint is not taken. `wait` is called before
    every step; it may block, and it may raise to end the training, which then goes on from its checkpoint next time.
    Raises UserError (`disk`).
    """
    torch.manual_seed(settings.seed)
    path = folder / checkpoint.STATE
    parameters = model.parameters()
    mean = [p.detach().clone() for p in parameters]
    optimiser = torch.optim.AdamW(parameters, lr=settings.rate, betas=_BETAS, weight_decay=0.0, fused=True)
    kept = base_probabilities(model, examples, settings, folder, key=key, wait=wait)
    before = lead(examples)
    held = [batch([item.pair for item in items], before)[0] for items in plan.held_out(examples, settings, before)]
    lengths = [len(plan.epoch(examples, settings, number, before)) for number in range(settings.epochs)]
    steps = sum(lengths)

    done: dict[str, Any] = {
        "key": key, "epoch": 0, "at": 0, "held_out": 0.0, "best": math.inf, "best_epoch": 0, "curve": [],
        "sums": [0.0, 0.0, 0], "ended": False, "best_adapter": model.state(),
    }  # fmt: skip
    saved = checkpoint.load(path, key)
    if saved is not None:
        done = {name: saved[name] for name in done}
        model.load_state(saved["adapter"])
        mean = [one.to(p.device) for one, p in zip(saved["mean"], parameters, strict=True)]
        optimiser.load_state_dict(saved["optimiser"])
        torch.set_rng_state(saved["rng"])
    due = checkpoint.Due()

    while done["epoch"] < settings.epochs and not done["ended"]:
        for items in plan.epoch(examples, settings, done["epoch"], before)[done["at"] :]:
            wait()
            number = sum(lengths[: done["epoch"]]) + done["at"]
            for group in optimiser.param_groups:
                group["lr"] = settings.rate * _share(number, steps, settings)
            right, stayed, preferred = _losses(model, items, kept, settings, before)
            optimiser.zero_grad(set_to_none=True)
            (right + settings.keep * stayed + settings.prefer * preferred).backward()
            torch.nn.utils.clip_grad_norm_(parameters, settings.clip)
            optimiser.step()
            _follow(mean, parameters, number)
            done["at"] += 1
            taught, strayed, sums = right.item(), stayed.item(), done["sums"]
            done["sums"] = [sums[0] + taught, sums[1] + strayed, sums[2] + 1]
            say(Step(step=number + 1, steps=steps, loss=taught, held_out=done["held_out"], kept=strayed))
            began = time.monotonic()
            if due(began):
                _save(path, done, model, mean, optimiser)
                due.saved(began, time.monotonic())

        loss, strayed = (total / max(done["sums"][2], 1) for total in done["sums"][:2])
        with _weights(parameters, mean):
            done["held_out"] = _held_out(model, held, wait)
            if done["held_out"] < done["best"] * _BETTER:
                done["best"], done["best_epoch"], done["best_adapter"] = done["held_out"], done["epoch"], model.state()
        done["curve"] = [*done["curve"], [loss, done["held_out"], strayed]]
        done["ended"] = done["epoch"] - done["best_epoch"] >= settings.patience
        done["epoch"], done["at"], done["sums"] = done["epoch"] + 1, 0, [0.0, 0.0, 0]
        _save(path, done, model, mean, optimiser)

    model.load_state(done["best_adapter"])
    best = done["curve"][done["best_epoch"]]
    return Outcome(
        steps=sum(lengths[: done["epoch"]]),
        epochs=done["epoch"],
        loss=best[0],
        held_out=best[1],
        best_epoch=done["best_epoch"] + 1,
        kept=best[2],
        curve=tuple((a, b, c) for a, b, c in done["curve"]),
    )


def base_probabilities(
    model: PackedModel,
    examples: Examples,
    settings: Settings,
    folder: Path,
    *,
    key: str,
    wait: Callable[[], None] = lambda: None,
) -> list[tuple[Any, Any]]:
    """What the base gives its likeliest tokens along each replay answer: (log-probabilities, tokens), both (N, top).

    Computed once, with the adapter off, and kept beside the checkpoint.
    """
    path = folder / "base.pt"
    saved = checkpoint.load(path, key)
    if saved is not None:
        return [(values, indices) for values, indices in saved["kept"]]
    found: list[tuple[Any, Any]] = []
    with torch.no_grad(), model.off():
        before = lead(examples)
        for items in plan.all_replay(examples, settings, before):
            wait()
            made, spans = batch([item.pair for item in items], before)
            values, indices = model.top_log_probs(model.hidden(made), settings.top)
            for item, span in zip(items, spans, strict=True):
                found.append((_sharpened(values[span], examples, item, settings), indices[span].clone()))
    checkpoint.save(path, {"key": key, "kept": found})
    return found


def _sharpened(values: Any, examples: Examples, item: plan.Item, settings: Settings) -> Any:
    """Log-probabilities at the temperature that the settings say; those of plain text as they are."""
    if settings.sharp == 1.0 or examples.replay[item.replay].kind == "plain":
        return values.float().clone()
    return torch.log_softmax(values.float() / settings.sharp, dim=1)


def digest(*parts: object) -> str:
    """A key for a training: SHA-256 of whatever shapes it."""
    return hashlib.sha256(msgspec.json.encode(parts, order="sorted")).hexdigest()


def _share(number: int, steps: int, settings: Settings) -> float:
    """The learning rate of step `number` as a share of the highest: up in a line, down by a cosine."""
    warm = max(1, round(steps * settings.warm_up))
    if number < warm:
        return (number + 1) / warm
    through = (number - warm) / max(1, steps - warm)
    return 0.5 * (1 + math.cos(math.pi * through))


def _losses(
    model: PackedModel,
    items: list[plan.Item],
    kept: list[tuple[Any, Any]],
    settings: Settings,
    before: Sequence[int] = (),
) -> Any:
    """Of one step: cross-entropy of the right answers, divergence on replay (both nats a token), and the hinge."""
    made, spans = batch([item.pair for item in items], before)
    hidden = model.hidden(made)
    nothing = hidden.new_zeros((), dtype=torch.float32)
    at = {role: [i for i, item in enumerate(items) if item.role == role] for role in ("right", "wrong", "replay")}
    asked = sorted([*at["right"], *at["wrong"]])
    right = stayed = preferred = nothing
    if asked:
        losses = model.losses(_rows(hidden, spans, asked), _rows(made.targets, spans, asked))
        sizes = [spans[i].stop - spans[i].start for i in asked]
        each = dict(zip(asked, losses.split(sizes), strict=True))
        right = _mean([each[i] for i in at["right"]], settings.lead)
        hinges = [torch.relu(settings.margin + each[i - 1].mean() - each[i].mean()) for i in at["wrong"]]
        preferred = torch.stack(hinges).mean() if hinges else nothing
    if at["replay"]:
        values = torch.cat([kept[items[i].replay][0] for i in at["replay"]])
        indices = torch.cat([kept[items[i].replay][1] for i in at["replay"]])
        strayed = model.kl(_rows(hidden, spans, at["replay"]), values, indices)
        sizes = [spans[i].stop - spans[i].start for i in at["replay"]]
        stayed = _mean(strayed.split(sizes), settings.lead)
    return right, stayed, preferred


def _follow(mean: list[Any], parameters: list[Any], step: int) -> None:
    """The running mean of the weights; the first steps count less, as they move most."""
    weight = 1 - min(_MEAN, (1 + step) / (10 + step))
    with torch.no_grad():
        for one, parameter in zip(mean, parameters, strict=True):
            one.lerp_(parameter, weight)


@contextlib.contextmanager
def _weights(parameters: list[Any], others: list[Any]) -> Iterator[None]:
    """The model with other weights, while this is open."""
    own = [p.detach().clone() for p in parameters]
    with torch.no_grad():
        for parameter, other in zip(parameters, others, strict=True):
            parameter.copy_(other)
    try:
        yield
    finally:
        with torch.no_grad():
            for parameter, before in zip(parameters, own, strict=True):
                parameter.copy_(before)


def _mean(losses: Sequence[Any], lead: float) -> Any:
    """Of all tokens of some answers. The first ones decide which answer it will be, and count `lead` times."""
    every = torch.cat(list(losses))
    first = torch.cat([torch.arange(len(one)) < _LEADING for one in losses])
    weights = torch.where(first, lead, 1.0).to(every.device)
    return (every * weights).sum() / weights.sum()


def _rows(values: Any, spans: list[slice], wanted: list[int]) -> Any:
    return torch.cat([values[spans[i]] for i in wanted])


def _held_out(model: PackedModel, batches: list[Any], wait: Callable[[], None]) -> float:
    """Mean loss a token on held-out wordings."""
    total, count = 0.0, 0
    with torch.no_grad():
        for made in batches:
            wait()
            total += float(model.losses(model.hidden(made), made.targets).sum())
            count += len(made.targets)
    return total / max(count, 1)


def _save(path: Path, done: dict[str, Any], model: PackedModel, mean: list[Any], optimiser: Any) -> None:
    state = {
        **done,
        "adapter": model.state(),
        "mean": mean,
        "optimiser": optimiser.state_dict(),
        "rng": torch.get_rng_state(),
    }
    checkpoint.save(path, state)
