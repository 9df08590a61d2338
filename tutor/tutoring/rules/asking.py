"""What a message asks for, or how a sentence sounds, in words that no pattern knows.

A small logistic rule over the encoder's vector of the text.

Fitted by `python -m tutor.bench.rules_fit` on the lines that the checks were tuned on.
"""

from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from tutor.tutoring.rules.sight import Encode

FILE: Final = Path(__file__).with_name("asking.npz")
KINDS: Final = ("read_out", "override", "asks_person", "tone")
AT_LEAST: Final = {"read_out": 0.0, "override": 0.2, "asks_person": 0.0, "tone": 0.8}
"""Log-odds from which a text counts, chosen over folds of the lines that the rule was fitted on."""
_LONGEST: Final = 400
"""Characters of a message that is looked at; a longer one is a text."""


def asks(kind: str, words: str, encode: Encode | None) -> bool:
    """Whether a message asks for that (`tone`: whether a sentence of the tutor sounds amiss); never without encoder."""
    if encode is None or not words.strip() or len(words) > _LONGEST:
        return False
    weights = _weights()[kind]
    score = float(np.asarray(encode((words,))[0], dtype=np.float32) @ weights[:-1] + weights[-1])
    return score >= AT_LEAST[kind]


@cache
def _weights() -> dict[str, npt.NDArray[np.float32]]:
    with np.load(FILE) as data:
        return {kind: data[kind].astype(np.float32) for kind in KINDS}
