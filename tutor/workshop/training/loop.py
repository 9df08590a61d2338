"""Reading: one flat training loop, on `accelerate`, for one processor, one GPU, or several processes and computers.

Pretraining holds its learning rate, fine-tuning lets it down to nothing. Every process reads its own part of a batch;
gradients are averaged as in one process that reads the whole batch.
"""

import time
from collections.abc import Callable
from math import cos, pi
from pathlib import Path
from typing import Any

import torch
from accelerate import Accelerator, DistributedDataParallelKwargs
from accelerate.state import AcceleratorState
from accelerate.utils import is_bf16_available
from torch.nn import functional

from tutor.workshop.curves import Curve
from tutor.workshop.progress import Progress
from tutor.workshop.training import group, processes
from tutor.workshop.training.batches import Batch, Batches
from tutor.workshop.training.stopping import REQUEST, Stopped, Stopping

SAVE_SECONDS = 60.0
"""Between two saved states, from which a stopped stage goes on."""


def accelerator() -> Accelerator:
    """This process's place in the group; bfloat16 where the processor has it. Gradients travel as few big messages."""
    buckets = DistributedDataParallelKwargs(gradient_as_bucket_view=True, bucket_cap_mb=256)
    AcceleratorState._reset_state()  # another stage in this process may have asked for another precision
    return Accelerator(
        mixed_precision="bf16" if is_bf16_available() else "no",
        cpu=processes.world() > 1 and not torch.cuda.is_available(),  # as in `group.place`
        kwargs_handlers=[buckets],
    )


def rate_at(step: int, steps: int, peak: float, *, warmup: int, let_down: bool) -> float:
    """Linear warm-up, then held, or let down along a cosine to a hundredth of the peak."""
    if step < warmup:
        return peak * (step + 1) / warmup
    if not let_down:
        return peak
    done = (step - warmup) / max(1, steps - warmup)
    return peak * (0.01 + 0.99 * (1 + cos(pi * done)) / 2)


def read(
    model: Any,
    source: Batches,
    *,
    name: str,
    steps: int,
    peak: float,
    warmup: int = 80,
    weight_decay: float = 0.05,
    let_down: bool = False,
    held: list[Batch] | None = None,
    held_every: int = 100,
    watch: Callable[[int, float], None] | None = None,
    state: Path | None = None,
    key: str = "",
    place: Accelerator | None = None,
) -> Curve:
    """Train in place; gives the loss of every step (weighted mean, nats a token) and the held-out loss now and then.

    With `state`, the first process saves the run there every minute, and it goes on from there when it was stopped; a
    state saved under another `key` (other settings, other text) is not used. `watch` is told every held-out loss and
    may end the run by an exception. Raises Stopped when the stage was asked to stop.
    """
    place = place or accelerator()
    matrices = [p for p in model.parameters() if p.ndim >= 2]
    vectors = [p for p in model.parameters() if p.ndim < 2]
    groups = [{"params": matrices, "weight_decay": weight_decay}, {"params": vectors, "weight_decay": 0.0}]
    model.to(place.device)
    optimizer = torch.optim.AdamW(groups, lr=peak, betas=(0.9, 0.95), fused=True)
    curve = Curve(losses=[], tokens=[], held={})
    # the others may be on computers where it was never saved
    saved = group.from_first(saved_under(key, state) if state is not None and place.is_main_process else None)
    if saved is not None:
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        curve = Curve(**saved["curve"])
    del saved
    first = len(curve.losses)
    for _ in range(first):
        next(source)

    def keep() -> None:
        if state is not None and place.is_main_process:
            parts = {"losses": curve.losses, "tokens": curve.tokens, "held": curve.held}
            save({"key": key, "model": model.state_dict(), "optimizer": optimizer.state_dict(), "curve": parts}, state)

    whole, steered = place.prepare(model, optimizer)  # `model` and `optimizer` stay what is saved
    model.train()
    started = kept = time.monotonic()
    seen = 0
    request = state.with_name(REQUEST) if state is not None else None
    with Progress(name, steps, done=first, quiet=not place.is_main_process) as progress, Stopping(request) as stopping:
        for step in range(first, steps):
            inputs, targets, weight = (part.to(place.device, non_blocking=True) for part in next(source))
            for parameters in optimizer.param_groups:
                parameters["lr"] = rate_at(step, steps, peak, warmup=warmup, let_down=let_down)
            counts = place.reduce(torch.stack([weight.sum(), (weight > 0).sum()]))  # of all processes' parts
            share = counts[0].clamp(min=1e-6) / place.num_processes
            logits = whole(input_ids=inputs).logits
            each = functional.cross_entropy(logits.float().flatten(0, 1), targets.flatten(), reduction="none")
            loss = (each * weight.flatten()).sum() / share
            place.backward(loss)
            place.clip_grad_norm_(model.parameters(), 1.0)
            steered.step()
            steered.zero_grad()
            stop = torch.tensor(float(stopping.asked()), device=place.device)
            mean, stops = (place.reduce(torch.stack([loss.detach(), stop])) / place.num_processes).tolist()
            curve.losses.append(mean)
            curve.tokens.append(int(counts[1]))
            seen += curve.tokens[-1]
            if held and ((step + 1) % held_every == 0 or step + 1 == steps):
                curve.held[step + 1] = held_loss(model, held, place)
                if watch is not None:
                    watch(step + 1, curve.held[step + 1])
            progress.add(1, curve.note(seen / (time.monotonic() - started)))
            if stops:
                keep()
                raise Stopped(name, step + 1, steps)
            if time.monotonic() - kept >= SAVE_SECONDS:
                kept = time.monotonic()
                keep()
    keep()
    place.free_memory()  # or the next reading of the stage would hold this one's optimizer, too
    return curve


def saved_under(key: str, state: Path) -> Any:
    """What was saved in the file, or None where there is none or it belongs to other settings or text."""
    saved = torch.load(state, weights_only=True, map_location="cpu") if state.exists() else None
    return saved if saved is not None and saved["key"] == key else None


def held_loss(model: Any, held: list[Batch], place: Accelerator) -> float:
    """Weighted mean loss on batches that are not trained on; each process brings its own part of them."""
    sums = torch.zeros(2, device=place.device)
    model.eval()
    with torch.inference_mode(), place.autocast():
        for batch in held:
            inputs, targets, weight = (part.to(place.device) for part in batch)
            logits = model(input_ids=inputs).logits.float()
            each = functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="none")
            sums += torch.stack([(each * weight.flatten()).sum(), weight.sum()])
    model.train()
    total, weights = place.reduce(sums).tolist()
    return float(total / max(weights, 1e-6))


def save(data: Any, path: Path) -> None:
    """A file of tensors, written whole or not at all."""
    part = path.with_suffix(".part")
    torch.save(data, part)
    part.replace(path)
