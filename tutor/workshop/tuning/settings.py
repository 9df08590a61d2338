"""The `[tune]` section of a recipe."""

from typing import Literal

from tutor.domain import Frozen


class TuneSettings(Frozen, forbid_unknown_fields=True):
    """What is searched, and how much each trial may read."""

    stage: Literal["pretrain", "finetune"] = "pretrain"
    """Whose settings are searched; fine-tuning goes on from the weights that pretraining left."""
    trials: int = 16
    tokens: int = 120_000
    """Read in every trial, whatever its batch and size."""
    rates: tuple[float, float] = (3e-4, 4e-3)
    """Lowest and highest learning rate."""
    batches: tuple[int, ...] = (2, 4, 8)
    """Sequences in a step; one alone is not searched."""
    ranks: tuple[int, ...] = ()
    """LoRA ranks, for a stage that has one; none of the workshop's own stages has, so they leave it empty."""
    sizes: tuple[str, ...] = ()
    """Networks as WIDTHxLAYERS ("320x8"), heads of 64 and an inner width of about 2.7 times; none: the recipe's own."""
    looks: int = 6
    """At the held-out loss in a trial; after each a trial that does worse than half of the others is given up."""
    free: int = 4
    """Trials that are never given up, from which the others are judged."""
    seed: int = 2026
