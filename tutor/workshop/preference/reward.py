"""The reward model: which of two answers is better, learnt from pairs, and picking the best of several by it.

Bradley and Terry (1952), as used by Christiano et al. (2017) and Ouyang et al. (2022): answers have a worth r, and the
one with more is preferred with probability p(chosen before rejected) = sigmoid(r(x, chosen) - r(x, rejected)), so that
the loss of a pair is -log sigmoid(r(x, chosen) - r(x, rejected)).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from transformers import LlamaForSequenceClassification
from trl import RewardConfig, RewardTrainer

from tutor.workshop.preference import models, runs
from tutor.workshop.preference.judging import Answer
from tutor.workshop.preference.pairs import Pair


def network(tutor: Any, words: Any, *, seed: int) -> Any:
    """The tutor's own network with one number at the end in place of the next word; the tutor itself is not touched."""
    torch.manual_seed(seed)
    config = type(tutor.config)(**{**tutor.config.to_dict(), "num_labels": 1, "pad_token_id": words.pad_token_id})
    judge = LlamaForSequenceClassification(config)
    judge.model.load_state_dict(tutor.model.state_dict())
    return judge.float()


def train(
    judge: Any,
    words: Any,
    pairs: Sequence[Pair],
    folder: Path,
    *,
    rate: float,
    epochs: float,
    batch: int,
    seed: int,
    save_every: int = 50,
    bf16: bool = False,
) -> list[dict[str, float]]:
    """Train in place and keep it in `folder` (as transformers saves it); gives the losses. Goes on after a stop."""
    rows = Dataset.from_list(
        [
            {
                side + "_ids": words(_whole(words, pair.prompt, text), add_special_tokens=False)["input_ids"]
                for side, text in (("chosen", pair.chosen), ("rejected", pair.rejected))
            }
            for pair in pairs
        ]
    )
    common = runs.arguments(
        folder, rate=rate, epochs=epochs, batch=batch, seed=seed, save_every=save_every, bf16=bf16, pairs=len(pairs)
    )
    config = RewardConfig(**common, max_length=judge.config.max_position_embeddings)
    trainer = RewardTrainer(model=judge, args=config, train_dataset=rows, processing_class=words)
    losses = runs.finished(trainer, folder)
    if trainer.is_world_process_zero():
        judge.save_pretrained(folder)
        words.save_pretrained(folder)
    return losses


def load(folder: Path) -> Any:
    return LlamaForSequenceClassification.from_pretrained(folder, local_files_only=True).float()


def _whole(words: Any, prompt: Sequence[dict[str, str]], answer: str) -> str:
    return models.asked_text(words, prompt) + answer + str(words.eos_token)


def scores(judge: Any, words: Any, prompt: Sequence[dict[str, str]], answers: Sequence[str]) -> list[float]:
    """The worth of every answer to a prompt; only differences mean something."""
    judge.eval()
    texts = [_whole(words, prompt, answer) for answer in answers]
    encoded = words(texts, add_special_tokens=False, padding=True, padding_side="right", return_tensors="pt")
    given = {name: encoded[name].to(judge.device) for name in ("input_ids", "attention_mask")}
    with torch.inference_mode():
        return [float(worth) for worth in judge(**given).logits[:, 0]]


def best_of(judge: Any, words: Any, prompt: Sequence[dict[str, str]], answers: Sequence[Answer]) -> Answer:
    """The answer that the reward model likes best: the cheap way to use preferences, with no training of the tutor.

    An answer that did not end by itself is taken only where none did.
    """
    whole = [a for a in answers if a.ended and a.text] or list(answers)
    worth = scores(judge, words, prompt, [a.text for a in whole])
    return whole[worth.index(max(worth))]


def accuracy(judge: Any, words: Any, pairs: Sequence[Pair]) -> float:
    """Share of pairs whose chosen answer has the greater worth; 0.5 is chance."""
    right = 0
    for pair in pairs:
        chosen, rejected = scores(judge, words, pair.prompt, [pair.chosen, pair.rejected])
        right += chosen > rejected
    return right / len(pairs)
