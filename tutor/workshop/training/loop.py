"""Stages 3 and 4: reading. One flat loop for pretraining (every token counts) and fine-tuning (the tutor's words).

Pretraining holds its learning rate, fine-tuning lets it down to nothing, so pretraining may be stopped at any time.
Started under torch's launcher (`torchrun`), each process reads its own batches and the gradients are averaged.
"""

import os
import time
from collections.abc import Iterator
from math import cos, pi
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import distributed
from torch.nn import functional
from transformers import LlamaConfig, LlamaForCausalLM

from tutor.workshop import recipe
from tutor.workshop.progress import Progress

RANK = int(os.environ.get("RANK", "0"))
WORLD = int(os.environ.get("WORLD_SIZE", "1"))
SAVE_EVERY = 100
"""Steps between two saved states, from which a stopped stage goes on."""


def network(*, vocabulary: int, width: int, layers: int, heads: int, inner: int, context: int) -> Any:
    """A llama-shaped model with a tied head and fresh weights."""
    torch.manual_seed(recipe.SEED)
    config = LlamaConfig(
        vocab_size=vocabulary,
        hidden_size=width,
        intermediate_size=inner,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        num_key_value_heads=heads,
        max_position_embeddings=context,
        rms_norm_eps=recipe.NORM_EPS,
        rope_theta=recipe.ROPE_BASE,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=None,
        attn_implementation="sdpa",
        use_cache=False,
    )
    return LlamaForCausalLM(config)


Batches = Iterator[tuple[Any, Any, Any]]
"""Inputs, targets (both (rows, length), int64) and the targets' weights; endless."""


def windows(tokens: np.ndarray, weights: np.ndarray, *, context: int, batch: int, seed: int) -> Batches:
    """Windows of `context` tokens cut across documents, in random order; a new cut every round.

    With several processes each gets its own part of every batch of all.
    """
    rng = np.random.default_rng(seed)
    while True:
        offset = int(rng.integers(0, context))
        starts = np.arange(offset, len(tokens) - context - 1, context)
        rng.shuffle(starts)
        for i in range(RANK * batch, len(starts) - WORLD * batch + 1, WORLD * batch):
            chosen = starts[i : i + batch, None] + np.arange(context + 1)[None]
            rows = torch.from_numpy(tokens[chosen].astype(np.int64))
            yield rows[:, :-1], rows[:, 1:], torch.from_numpy(weights[chosen[:, 1:]])


def documents(tokens: np.ndarray, weights: np.ndarray, *, end: int, context: int, batch: int, seed: int) -> Batches:
    """Whole documents, each from its own beginning as at run time, filled up to one length where they stand together.

    Documents of like length share a batch of at most `batch * context` tokens; `end` is the token that ends one.
    """
    rng = np.random.default_rng(seed)
    ends = [int(i) + 1 for i in np.flatnonzero(tokens == end)]
    bounds = [(a, b) for a, b in zip([0, *ends[:-1]], ends, strict=True) if b - a <= context + 1]
    while True:
        order = sorted(bounds, key=lambda bound: bound[1] - bound[0] + int(rng.integers(0, 40)))
        groups: list[list[tuple[int, int]]] = [[]]
        longest = 0
        for a, b in order:
            longest = max(longest, b - a)
            if (len(groups[-1]) + 1) * longest > batch * (context + 1):
                groups.append([])
                longest = b - a
            groups[-1].append((a, b))
        rounds = [groups[i : i + WORLD] for i in range(0, len(groups) - WORLD + 1, WORLD)]
        for which in rng.permutation(len(rounds)):
            mine = rounds[which][RANK]
            length = max(b - a for a, b in mine)
            rows = np.full((len(mine), length), end, dtype=np.int64)
            counts = np.zeros((len(mine), length), dtype=np.float32)
            for i, (a, b) in enumerate(mine):
                rows[i, : b - a], counts[i, : b - a] = tokens[a:b], weights[a:b]
            inputs = torch.from_numpy(rows)
            yield inputs[:, :-1], inputs[:, 1:], torch.from_numpy(counts[:, 1:])


def rate_at(step: int, steps: int, peak: float, *, warmup: int, let_down: bool) -> float:
    """Linear warm-up, then held, or let down along a cosine to a hundredth of the peak."""
    if step < warmup:
        return peak * (step + 1) / warmup
    if not let_down:
        return peak
    done = (step - warmup) / max(1, steps - warmup)
    return peak * (0.01 + 0.99 * (1 + cos(pi * done)) / 2)


def average(model: Any) -> None:
    """The mean of all processes' gradients, as one message."""
    gradients = [p.grad for p in model.parameters()]
    together = torch.cat([g.flatten() for g in gradients])
    distributed.all_reduce(together)
    together /= WORLD
    for gradient, part in zip(gradients, together.split([g.numel() for g in gradients]), strict=True):
        gradient.copy_(part.view_as(gradient))


def read(
    model: Any,
    source: Batches,
    *,
    name: str,
    steps: int,
    peak: float,
    warmup: int = recipe.WARMUP_STEPS,
    let_down: bool = False,
    state: Path | None = None,
) -> list[float]:
    """Train in place; gives the loss of every step (weighted mean, nats a token).

    With `state`, the run is saved there now and then and goes on from there when it was stopped.
    """
    matrices = [p for p in model.parameters() if p.ndim >= 2]
    vectors = [p for p in model.parameters() if p.ndim < 2]
    groups = [{"params": matrices, "weight_decay": 0.05}, {"params": vectors, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=peak, betas=(0.9, 0.95), fused=True)
    losses: list[float] = []
    if state is not None and state.exists():
        saved = torch.load(state, weights_only=True)
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        losses = saved["losses"]
        for _ in losses:
            next(source)
    first, start, seen = len(losses), time.monotonic(), 0
    model.train()
    with Progress(name, steps, done=first, quiet=RANK > 0) as progress:
        for step in range(first, steps):
            inputs, targets, weight = next(source)
            for group in optimizer.param_groups:
                group["lr"] = rate_at(step, steps, peak, warmup=warmup, let_down=let_down)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = model(input_ids=inputs).logits
            each = functional.cross_entropy(logits.float().flatten(0, 1), targets.flatten(), reduction="none")
            loss = (each * weight.flatten()).sum() / weight.sum().clamp(min=1e-6)
            loss.backward()
            if WORLD > 1:
                average(model)
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            losses.append(loss.item())
            seen += inputs.numel() * WORLD
            speed = seen / (time.monotonic() - start)
            progress.add(1, f"loss {np.mean(losses[-50:]):.3f}, {speed:.0f} tokens/s,")
            if state is not None and RANK == 0 and (step + 1) % SAVE_EVERY == 0:
                save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "losses": losses}, state)
    return losses


def save(data: Any, path: Path) -> None:
    """A file of tensors, written whole or not at all."""
    part = path.with_suffix(".part")
    torch.save(data, part)
    part.replace(path)


def load(model: Any, path: Path) -> Any:
    model.load_state_dict(torch.load(path, weights_only=True))
    return model
