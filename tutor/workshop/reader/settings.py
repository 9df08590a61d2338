"""What the `[reader]` section of a recipe may say: how many stories the sum reader learns from, how long, how fast."""

from typing import Annotated

import msgspec

from tutor.domain import Frozen

Epochs = Annotated[float, msgspec.Meta(gt=0, le=1000)]
Rate = Annotated[float, msgspec.Meta(gt=0, le=1)]
Count = Annotated[int, msgspec.Meta(ge=1)]


class ReaderSettings(Frozen, forbid_unknown_fields=True):
    """The defaults make the one that ships, in about 15 minutes on one free core."""

    each: Count = 8
    """Stories of each template."""
    built: Count = 30
    """Stories of each pattern of sentences."""
    data: str = ""
    """Folder with `gsm8k_train.jsonl.gz` (MIT); "" for templates alone."""
    second_epochs: Epochs = 4.0
    """Rounds of the second network, which reads words without their sentences."""
    head_epochs: Epochs = 3.0
    """Rounds of the first on the encoder as it is."""
    epochs: Epochs = 3.0
    """Rounds of the first and the encoder's changes together."""
    head_rate: Rate = 1.5e-3
    rate: Rate = 1.0e-3
    """Of the encoder's changes; the head goes on at half of its own."""
    decay: Annotated[float, msgspec.Meta(ge=0)] = 0.02
