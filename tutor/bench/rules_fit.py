"""Fits the small rule for what messages ask of the tutor on the lines that the checks are tuned on.

`python -m tutor.bench.rules_fit` prints precision and recall over ten folds and writes `rules/asking.npz`.
"""

import sys
import tomllib
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tutor.bench.rules import TUNING
from tutor.tutoring import intent
from tutor.tutoring.rules import asking

Rows = npt.NDArray[np.float64]

_KEEP_SMALL: Final = 0.003
"""Weight of the squares of the weights."""
_STEPS: Final = 600
_RATE: Final = 5.0
_OTHERS: Final = 300
"""Common messages that ask for none of it."""
_FOLDS: Final = 10


def fit(rows: Rows, labels: Rows) -> Rows:
    """Weights and, last, the bias of a logistic rule."""
    weights = np.zeros(rows.shape[1] + 1)
    for _ in range(_STEPS):
        wrong = 1 / (1 + np.exp(-(rows @ weights[:-1] + weights[-1]))) - labels
        weights[:-1] -= _RATE * (rows.T @ wrong / len(labels) + _KEEP_SMALL / 10 * weights[:-1])
        weights[-1] -= _RATE * float(wrong.mean())
    return weights


def folds(rows: Rows, labels: Rows) -> tuple[float, float]:
    """Precision and recall on lines that were left out of the fit."""
    part = np.random.default_rng(0).permutation(len(labels)) % _FOLDS
    said = np.zeros(len(labels), dtype=bool)
    for fold in range(_FOLDS):
        weights = fit(rows[part != fold], labels[part != fold])
        said[part == fold] = rows[part == fold] @ weights[:-1] + weights[-1] >= 0
    hits = float((said & (labels == 1)).sum())
    return hits / max(float(said.sum()), 1.0), hits / float(labels.sum())


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in parts for text in _texts(part)]


def _calm(data: dict[str, Any]) -> list[str]:
    """Sentences of a tutor that no other check has to do with, and some that break other rules, all in a calm voice."""
    found: list[str] = []
    for check in ("withhold", "sources", "words", "forbidden", "correctness"):
        for group in data[check]:
            for name in ("holds", "has_required", "right_said_right", "wrong_said_wrong"):
                found += group.get(name, [])
    for check in ("sources", "forbidden"):
        found += [text for group in data[check] for text in group["breaks"]]
    for check in ("questions", "reading_level", "length", "language", "guidelines"):
        found += data[check]["holds"]
    return list(dict.fromkeys(found))


def main() -> int:
    from tutor.retrieval.embedder import Embedder

    embed = Embedder.load().embed
    data = tomllib.loads(TUNING.read_text(encoding="utf-8"))
    common = _texts(intent.read("intent_prototypes.toml"))
    chosen = [common[i] for i in np.random.default_rng(0).permutation(len(common))[:_OTHERS]]
    found = {}
    for kind in asking.KINDS:
        mine, others = data[kind]["breaks"], data[kind]["holds"] + (_calm(data) if kind == "tone" else chosen)
        rows = np.asarray(embed([*mine, *others]), dtype=np.float64)
        labels = np.array([1.0] * len(mine) + [0.0] * len(others))
        precision, recall = folds(rows, labels)
        print(f"{kind:12} precision {precision:.2f} recall {recall:.2f} of {len(mine)} and {len(others)}")
        found[kind] = fit(rows, labels).astype(np.float32)
    np.savez_compressed(asking.FILE, allow_pickle=False, **found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
