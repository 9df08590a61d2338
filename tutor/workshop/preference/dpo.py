"""Direct preference optimisation: the tutor itself learns to prefer the chosen answers, without a reward in between.

Rafailov et al. (2023), equation 7: with the policy p, the frozen reference q, a prompt x, chosen answer c and rejected
answer d, the loss of a pair is -log sigmoid(beta log(p(c|x) / q(c|x)) - beta log(p(d|x) / q(d|x))). It is the
Bradley-Terry loss of the implicit reward beta log(p/q). Only the tutor's words count; the prompt's cancel out.

Alone it may lower the likelihood of both answers as long as the rejected one falls further. So the mean negative
log-likelihood of the chosen words is added with the weight `anchor` (Pang et al. 2024, equation 1).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from datasets import Dataset
from trl import DPOConfig, DPOTrainer

from tutor.workshop.preference import models, runs
from tutor.workshop.preference.pairs import Pair


def train(
    tutor: Any,
    reference: Any,
    words: Any,
    pairs: Sequence[Pair],
    folder: Path,
    *,
    beta: float,
    anchor: float,
    rate: float,
    epochs: float,
    batch: int,
    seed: int,
    save_every: int = 50,
    bf16: bool = False,
) -> list[dict[str, float]]:
    """Train the tutor in place; the reference, another copy of the first weights, stays as it is. Gives the losses.

    A run that was stopped goes on from the state saved in `folder`.
    """
    rows = Dataset.from_list(
        [
            {
                "prompt": models.asked_text(words, pair.prompt),
                "chosen": pair.chosen + words.eos_token,
                "rejected": pair.rejected + words.eos_token,
            }
            for pair in pairs
        ]
    )
    common = runs.arguments(
        folder, rate=rate, epochs=epochs, batch=batch, seed=seed, save_every=save_every, bf16=bf16, pairs=len(pairs)
    )
    config = DPOConfig(
        **common,
        beta=beta,
        loss_type=["sigmoid", "sft"] if anchor else ["sigmoid"],
        loss_weights=[1.0, anchor] if anchor else [1.0],
        max_length=tutor.config.max_position_embeddings,
    )
    trainer = DPOTrainer(model=tutor, ref_model=reference, args=config, train_dataset=rows, processing_class=words)
    return runs.finished(trainer, folder)


def margins(tutor: Any, words: Any, pairs: Sequence[Pair]) -> tuple[float, float]:
    """How much likelier the chosen answers are (mean difference of log-probabilities, nats), and on what share."""
    both = models.likelihoods(tutor, words, pairs)
    apart = both[:, 0] - both[:, 1]
    return float(apart.mean()), float((apart > 0).float().mean())
