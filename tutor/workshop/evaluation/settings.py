"""What an evaluation measures, on how much: the `[evaluate]` section of a recipe."""

from pathlib import Path
from typing import Final

import msgspec

EXPORTED: Final = "starter.gguf"
"""What the export stage leaves."""


class EvaluateSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Sizes are counts of held-out conversations unless said otherwise. 0 leaves a part out."""

    model: str = ""
    """The GGUF to judge; "" is the one that the export stage left in the out folder."""
    held: str = "held.jsonl"
    """Conversations that no training has read, in the out folder or by path."""
    safety: str = ""
    """Folder of the safety classifier; "" is the one that ships."""
    seed: int = 2026
    threads: int = 1
    context: int = 1024
    """The most tokens that a conversation may have."""
    perplexity: int = 150
    conversations: int = 60
    """Carried on with the model's own replies: fluency, teaching, safety."""
    bias_problems: int = 1
    """Problems that each sentence of the bias test is asked with."""
    bias_values: int = 0
    """Values put in the place of each characteristic's base, the first ones of the file; 0 for all."""
    provoked: bool = True
    """Put provoking messages to the model."""
    tasks: bool = True
    """Task accuracy by free generation."""
    task_replies: int = 40
    """Single replies of each move in it."""
    task_conversations: int = 20
    """Whole conversations in it."""
    task_scripts: int = 100
    """Scripted conversations of each task in it."""
    task_begging: int = 100
    """Fewest conversations in which a learner begs for the answer."""
    samples: int = 6
    """Conversations printed in the report, the first ones, not chosen."""
    draws: int = 2000
    """Of the bootstrap."""


def model_file(settings: EvaluateSettings, out: Path) -> Path:
    """The GGUF to judge: the named one (in `out` or by path), else the export stage's."""
    if settings.model:
        inside = out / settings.model
        return inside if inside.exists() else Path(settings.model)
    return out / EXPORTED


def held_file(settings: EvaluateSettings, out: Path) -> Path:
    inside = out / settings.held
    return inside if inside.exists() else Path(settings.held)
