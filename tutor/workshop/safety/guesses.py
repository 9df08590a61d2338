"""Soft labels for comments that nobody labelled for toxicity: what two models of different kinds make of them together.

One is an earlier version of this classifier, the other a linear model of words (`alt-profanity-check`, MIT, learnt on
Davidson's tweets and Jigsaw's Wikipedia comments). They err in different ways: on development rows of a source that the
linear one never saw, both together order better than either. Neither is needed to use the classifier.
"""

import importlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tutor.errors import UserError
from tutor.i18n import tr
from tutor.workshop.safety import train
from tutor.workshop.safety.sources import LABELS, NOT_ASKING, SUICIDE, Row

FILE = "guesses.json"
PACKAGE = "profanity_check"
LONGEST = 280
"""Characters of a comment that is read."""
WEIGHT = 0.5


def unlabelled(rows: Sequence[Row]) -> list[Row]:
    """Training rows that say nothing of toxicity though they may be toxic, and what users said before an answer."""
    quiet = [
        r for r in rows if r.split == "train" and r.source == "edos" and "toxicity" not in r.labels and not r.context
    ]
    before = {r.context for r in rows if r.split == "train" and r.source == "diasafety" and r.context}
    before -= {r.context for r in rows if r.split != "train"}
    asked = [Row(text, {}, "diasafety:before", "train") for text in sorted(before) if not SUICIDE.search(text)]
    return [r for r in (*quiet, *asked) if 8 < len(r.text) <= LONGEST]


def guess(rows: Sequence[Row], model: Any, tokenizer: Any) -> dict[str, float]:
    """Text to probability of toxicity: the mean of both models' logits. Raises UserError without the linear one."""
    try:
        linear = importlib.import_module(PACKAGE).predict_prob
    except ImportError as error:
        raise UserError(
            tr(
                "The guesses need the package alt-profanity-check. Install it beside the requirements, "
                "or leave the guesses out: the classifier is then trained on labelled rows alone."
            ),
            code="no_teacher",
        ) from error
    texts = [r.text for r in unlabelled(rows)]
    own = train.scores(model, tokenizer, [Row(t, {}, "", "train") for t in texts])[:, LABELS.index("toxicity")].numpy()
    both = (_logit(own) + _logit(np.asarray(linear(texts), float))) / 2
    return {text: round(float(1 / (1 + np.exp(-value))), 4) for text, value in zip(texts, both, strict=True)}


def _logit(probability: np.ndarray) -> np.ndarray:
    inside = np.clip(probability, 1e-3, 1 - 1e-3)
    odds: np.ndarray = np.log(inside / (1 - inside))
    return odds


def filled(rows: Sequence[Row], file: Path) -> list[Row]:
    """The rows with guesses in place of what they do not say, and the rows that only guesses speak of."""
    if not file.exists():
        return list(rows)
    known: dict[str, float] = json.loads(file.read_text(encoding="utf-8"))
    found = unlabelled(rows)
    quiet = {id(r) for r in found}
    made = [
        Row(r.text, {**NOT_ASKING, "toxicity": known[r.text]}, "guessed:" + r.source, "train", WEIGHT)
        for r in found
        if r.text in known
    ]
    said = {r.text for r in made}
    return [r for r in rows if id(r) not in quiet or r.text not in said] + made
