"""What a job will take, said before it is begun: how many steps, and with that memory, disk and time."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import torch

from tutor.adaptation.lowly import Threads
from tutor.adaptation.packed import planner
from tutor.adaptation.packed.model import PackedModel
from tutor.adaptation.protocol import Job, Planned
from tutor.adaptation.training.settings import Settings
from tutor.domain import Correction

_LETTERS: Final = 3.5
"""Characters of a token, on the careful side."""
_AROUND: Final = 40
"""Tokens of a prompt, the template's and the notes', beside the question and the guidelines that a step reads once."""
_REPLAY: Final = 75
"""Tokens of a replay prompt with its answer, beside the guidelines and those."""
_BESIDE: Final = 370 << 20
"""Bytes for what reads intent, without transformers, which is there already; and for the examples."""
_OVER: Final = 1.25
"""A step may hold this much more than it should, so that none is left with less."""


def planned(
    job: Job, corrections: Sequence[Correction], settings: Settings, threads: Threads, *, resumed: bool
) -> Planned:
    """The plan of a job. Raises UserError with the numbers: codes `memory` and `disk` where this machine has not
    enough, and those of a base that cannot be trained (`architecture`, `tensor_type`, `model_broken` ...)."""
    sequence, answer = lengths(corrections, settings)
    an_epoch = sum(part * count for part, count in sequence)
    steps = settings.epochs * max(1, round(an_epoch / settings.tokens))
    most = round(settings.tokens * _OVER + max(part for part, _ in sequence) + len(settings.guidelines) / _LETTERS)
    rows = round(most * answer)
    model = opened(job, settings, threads)
    try:
        torch.set_num_threads(threads.now())
        found = planner.plan(model, tokens=most, rows=rows, steps=steps, folder=Path(job.out), other=_BESIDE)
    finally:
        model.close()
    return Planned(
        corrections=len(corrections),
        steps=steps,
        memory=found.memory,
        memory_free=found.memory_left,
        disk=found.disk,
        disk_free=found.disk_left,
        minutes=round(found.seconds / 60, 2),
        checkpointing=found.checkpointing,
        resumed=resumed,
    )


def lengths(corrections: Sequence[Correction], settings: Settings) -> tuple[tuple[tuple[float, int], ...], float]:
    """Tokens and number of the sequences of an epoch, by sort; and the share of tokens that are predicted."""
    mean = sum(len(c.question) + len(c.answer) for c in corrections) / len(corrections) / _LETTERS
    answers = sum(len(c.answer) for c in corrections) / len(corrections) / _LETTERS
    fixed = _AROUND
    asked = len(corrections) * (settings.wordings + 1) + 2 * sum(bool(c.wrong) for c in corrections)
    sequences = ((mean + fixed, asked), (fixed + _REPLAY, round(asked * max(1.0, settings.replay))))
    return sequences, min(1.0, max(0.15, answers / (mean + fixed)))


def opened(job: Job, settings: Settings, threads: Threads, *, checkpointing: bool = False) -> PackedModel:
    """The base with a fresh adapter on it, on the device that the job is for."""
    return PackedModel.open(
        Path(job.base),
        rank=settings.rank,
        alpha=settings.alpha,
        seed=settings.seed,
        device="cuda" if job.gpu and torch.cuda.is_available() else "cpu",
        threads=threads.most,
        checkpointing=checkpointing,
    )
