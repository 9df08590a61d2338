"""The stages in order. Each leaves a file; a stage whose file is there is passed over, so a build can be resumed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import distributed

from tutor.workshop import recipe
from tutor.workshop.evaluation import card, replies
from tutor.workshop.export import agreement, gguf_writer
from tutor.workshop.training import loop, packing, tokenizer
from tutor.workshop.writing import text


def network(out: Path) -> Any:
    """The recipe's network for the tokenizer in `out`."""
    return loop.network(
        vocabulary=tokenizer.load(out).get_vocab_size(),
        width=recipe.WIDTH,
        layers=recipe.LAYERS,
        heads=recipe.HEADS,
        inner=recipe.INNER,
        context=recipe.CONTEXT,
    )


def make_text(out: Path) -> None:
    text.write(
        out,
        pages=recipe.PRETRAIN_PAGES,
        first=recipe.PRETRAIN_TALKS,
        second=recipe.FINETUNE_TALKS,
        held=recipe.HELD_TALKS,
        number_of_problems=recipe.PROBLEMS,
        held_problems=recipe.HELD_PROBLEMS,
    )
    text.practice(
        out,
        exchanges=recipe.PRACTICE_DRILLS,
        conversations=recipe.PRACTICE_TALKS,
        number_of_problems=recipe.PROBLEMS // 2,
    )


def make_tokenizer(out: Path) -> None:
    tokenizer.train(out)


def train(out: Path, name: str, model: Any, source: loop.Batches, *, tokens: int, peak: float) -> None:
    """One training stage: leaves `name`-done.pt and the losses."""
    steps = tokens // (recipe.BATCH * recipe.CONTEXT)
    state = out / f"{name}-state.pt"
    losses = loop.read(
        model, source, name=name, steps=steps, peak=peak, let_down=name in ("finetune", "practise"), state=state
    )
    if loop.RANK == 0:
        np.savetxt(out / f"{name}-loss.txt", losses, fmt="%.4f")
        loop.save(model.state_dict(), out / f"{name}-done.pt")


def pretrain(out: Path) -> None:
    """Everything counts, in windows cut across documents."""
    tokens, weights = packing.pack(out / "pretrain.jsonl", tokenizer.load(out), others=1.0)
    batch = recipe.BATCH // loop.WORLD
    source = loop.windows(tokens, weights, context=recipe.CONTEXT, batch=batch, seed=recipe.SEED)
    train(out, "pretrain", network(out), source, tokens=recipe.PRETRAIN_TOKENS, peak=recipe.PRETRAIN_RATE)


def finetune(out: Path) -> None:
    """The tutor's words count most: first in windows still, then in whole conversations, as at run time."""
    words = tokenizer.load(out)
    batch, end = recipe.BATCH // loop.WORLD, packing.number_of(words, recipe.END)
    tokens, weights = packing.pack(out / "finetune.jsonl", words, others=recipe.WINDOWS_OTHERS_WEIGHT)
    if not (out / "finetune-windows-done.pt").exists():
        model = loop.load(network(out), out / "pretrain-done.pt")
        source = loop.windows(tokens, weights, context=recipe.CONTEXT, batch=batch, seed=recipe.SEED + 1)
        train(out, "finetune-windows", model, source, tokens=recipe.WINDOWS_TOKENS, peak=recipe.FINETUNE_RATE)
    weights = np.where(weights == 1.0, weights, np.float32(recipe.OTHERS_WEIGHT))
    model = loop.load(network(out), out / "finetune-windows-done.pt")
    source = loop.documents(tokens, weights, end=end, context=recipe.CONTEXT, batch=batch, seed=recipe.SEED + 2)
    train(out, "finetune", model, source, tokens=recipe.FINETUNE_TOKENS, peak=recipe.FINETUNE_RATE)


def practise(out: Path) -> None:
    """Single exchanges full of numbers, mixed with conversations, until the notes are copied exactly."""
    words = tokenizer.load(out)
    batch, end = recipe.BATCH // loop.WORLD, packing.number_of(words, recipe.END)
    tokens, weights = packing.pack(out / "practice.jsonl", words, others=recipe.OTHERS_WEIGHT)
    source = loop.documents(tokens, weights, end=end, context=recipe.CONTEXT, batch=batch, seed=recipe.SEED + 3)
    model = loop.load(network(out), out / "finetune-done.pt")
    train(out, "practise", model, source, tokens=recipe.PRACTICE_TOKENS, peak=recipe.PRACTICE_RATE)


def make_gguf(out: Path) -> None:
    """Export, compare llama.cpp with torch, quantize."""
    model = loop.load(network(out), out / "practise-done.pt")
    parameters = sum(p.numel() for p in model.parameters())
    numbers = {"parameters": parameters, "vocabulary": model.config.vocab_size}
    (out / "numbers.json").write_text(json.dumps(numbers))
    gguf_writer.write(model, tokenizer.load(out), out / "starter-f16.gguf")
    agreement.report(model, tokenizer.load(out), out)
    gguf_writer.quantize(out / "starter-f16.gguf", out / "starter.gguf")


STAGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "text": (make_text, "practice.jsonl"),
    "tokenizer": (make_tokenizer, "tokenizer.json"),
    "pretrain": (pretrain, "pretrain-done.pt"),
    "finetune": (finetune, "finetune-done.pt"),
    "practise": (practise, "practise-done.pt"),
    "export": (make_gguf, "starter.gguf"),
    "evaluate": (replies.write, "evaluation.json"),
    "card": (card.write, "README.md"),
}
"""Each stage and the file by which it is known to be finished."""


def run(names: list[str], out: Path, *, threads: int, again: bool) -> None:
    """Run stages in order; with `again` also those whose file is there."""
    torch.set_num_threads(threads)
    if loop.WORLD > 1 and not distributed.is_initialized():
        distributed.init_process_group("gloo")
    out.mkdir(parents=True, exist_ok=True)
    for name in names:
        stage, result = STAGES[name]
        if (out / result).exists() and not again:
            print(f"{name}: {out / result} is there already")
            continue
        print(f"{name}: starts", flush=True)
        stage(out)
