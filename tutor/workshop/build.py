"""The stages in order. Each leaves a file; a stage whose file is there is passed over, so a build can be resumed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import distributed

from tutor.workshop import agreement, card, evaluate, export, packing, recipe, text, tokenizer, training


def network(out: Path) -> Any:
    """The recipe's network for the tokenizer in `out`."""
    return training.network(
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


def make_tokenizer(out: Path) -> None:
    tokenizer.train(out)


def train(out: Path, name: str, *, others: float, start: str, tokens: int, peak: float, let_down: bool) -> None:
    """One training stage: `name`.jsonl and the weights of `start` in, `name`-done.pt and its losses out."""
    rows, weights = packing.pack(out / f"{name}.jsonl", tokenizer.load(out), others=others)
    model = training.load(network(out), out / start) if start else network(out)
    steps = tokens // (recipe.BATCH * recipe.CONTEXT)
    losses = training.read(
        model,
        rows,
        weights,
        name=name,
        steps=steps,
        context=recipe.CONTEXT,
        batch=recipe.BATCH // training.WORLD,
        peak=peak,
        let_down=let_down,
        seed=recipe.SEED + int(let_down),
        state=out / f"{name}-state.pt",
    )
    if training.RANK == 0:
        np.savetxt(out / f"{name}-loss.txt", losses, fmt="%.4f")
        training.save(model.state_dict(), out / f"{name}-done.pt")


def pretrain(out: Path) -> None:
    train(
        out, "pretrain", others=1.0, start="", tokens=recipe.PRETRAIN_TOKENS, peak=recipe.PRETRAIN_RATE, let_down=False
    )


def finetune(out: Path) -> None:
    train(
        out, "finetune", others=recipe.OTHERS_WEIGHT, start="pretrain-done.pt", tokens=recipe.FINETUNE_TOKENS,
        peak=recipe.FINETUNE_RATE, let_down=True,
    )  # fmt: skip


def make_gguf(out: Path) -> None:
    """Export, compare llama.cpp with torch, quantize."""
    model = training.load(network(out), out / "finetune-done.pt")
    parameters = sum(p.numel() for p in model.parameters())
    numbers = {"parameters": parameters, "vocabulary": model.config.vocab_size}
    (out / "numbers.json").write_text(json.dumps(numbers))
    export.write(model, tokenizer.load(out), out / "starter-f16.gguf")
    agreement.report(model, tokenizer.load(out), out)
    export.quantize(out / "starter-f16.gguf", out / "starter.gguf")


STAGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "text": (make_text, "held.jsonl"),
    "tokenizer": (make_tokenizer, "tokenizer.json"),
    "pretrain": (pretrain, "pretrain-done.pt"),
    "finetune": (finetune, "finetune-done.pt"),
    "export": (make_gguf, "starter.gguf"),
    "evaluate": (evaluate.write, "evaluation.json"),
    "card": (card.write, "README.md"),
}
"""Each stage and the file by which it is known to be finished."""


def run(names: list[str], out: Path, *, threads: int, again: bool) -> None:
    """Run stages in order; with `again` also those whose file is there."""
    torch.set_num_threads(threads)
    if training.WORLD > 1 and not distributed.is_initialized():
        distributed.init_process_group("gloo")
    out.mkdir(parents=True, exist_ok=True)
    for name in names:
        stage, result = STAGES[name]
        if (out / result).exists() and not again:
            print(f"{name}: {out / result} is there already")
            continue
        print(f"{name}: starts", flush=True)
        stage(out)
