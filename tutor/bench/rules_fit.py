"""Fits the small rules for what messages ask of the tutor, and for topics, on the lines that the checks are tuned on.

`python -m tutor.bench.rules_fit` prints precision and recall over ten folds (of topics: over their groups) and writes
`rules/asking.npz` and `rules/nearness.npz`.
"""

import sys
import tomllib
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tutor.bench.rules import TUNING
from tutor.tutoring import intent
from tutor.tutoring.rules import asking, nearness, private, topics
from tutor.tutoring.rules.sight import Encode

Rows = npt.NDArray[np.float64]

_KEEP_SMALL: Final = 0.003
"""Weight of the squares of the weights."""
_STEPS: Final = 600
_RATE: Final = 5.0
_OTHERS: Final = {"read_out": 300, "override": 900, "asks_person": 300}
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


def newton(rows: Rows, labels: Rows, keep_small: float = 0.1) -> Rows:
    """The same to the end, by Newton's method."""
    wide = np.column_stack([rows, np.ones(len(rows))])
    small = np.diag([keep_small] * rows.shape[1] + [0.0])
    weights = np.zeros(wide.shape[1])
    for _ in range(30):
        said = 1 / (1 + np.exp(-(wide @ weights)))
        slope = wide.T @ (said - labels) + small @ weights
        bend = (wide * (said * (1 - said))[:, None]).T @ wide + small
        weights -= np.linalg.solve(bend, slope)
    return weights


_FITS: Final[dict[str, Callable[[Rows, Rows], Rows]]] = {
    "read_out": fit, "override": newton, "asks_person": fit, "tone": newton,
}  # fmt: skip
"""Few lines are fitted with short steps, which keeps the weights small; more of them to the end."""


def folds(rows: Rows, labels: Rows, kind: str) -> tuple[float, float]:
    """Precision and recall on lines that were left out of the fit, without the patterns."""
    part = np.random.default_rng(0).permutation(len(labels)) % _FOLDS
    said = np.zeros(len(labels), dtype=bool)
    for fold in range(_FOLDS):
        weights = _FITS[kind](rows[part != fold], labels[part != fold])
        said[part == fold] = rows[part == fold] @ weights[:-1] + weights[-1] >= asking.AT_LEAST[kind]
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


# --- topics -----------------------------------------------------------------------------------------------------------

_OF_OTHERS: Final = 0.35
"""Likeness of two groups of topics from which what breaks the one is no example of what holds for the other."""
_CALM: Final = 100
"""Sentences about nothing of the kind, of each group."""
_ROUNDS: Final = 3


def nearest(found: list[Rows], labels: Rows) -> Rows:
    """The rule where a sentence speaks about one of several parts of a topic: about the one that it is nearest to."""
    chosen = [rows[int((rows[:, 0] + rows[:, 6]).argmax())] for rows in found]
    weights = np.zeros(0)
    for _ in range(_ROUNDS):
        weights = newton(np.array(chosen), labels)
        chosen = [rows[int((rows @ weights[:-1]).argmax())] for rows in found]
    return weights


def about_topics(data: dict[str, Any], encode: Encode) -> Rows:
    """Fit the rule of `nearness`, and print how it does on groups that were left out of the fit."""
    groups = data["forbidden"]
    parts = [[part.strip() for topic in g["topics"] for part in topics.PARTS.split(topic)] for g in groups]
    bare = [np.asarray(encode(names)) for names in parts]
    quiet = [text for text in _calm(data) if text not in {t for g in groups for t in (*g["breaks"], *g["holds"])}]
    quiet += data["tone"]["holds"]
    rng = np.random.default_rng(0)
    found, labels, of = list[Rows](), list[float](), list[int]()
    for at, group in enumerate(groups):
        holds = [*group["holds"], *(quiet[i] for i in rng.permutation(len(quiet))[:_CALM])]
        for other, names in zip(groups, bare, strict=True):
            if other is not group:
                holds += other["holds"] + (other["breaks"] if (bare[at] @ names.T).max() < _OF_OTHERS else [])
        own = [(text, 1.0) for text in group["breaks"]] + [(text, 0.0) for text in holds]
        for text, label in own:
            found.append(nearness.features(text, parts[at], encode))
            labels.append(label)
            of.append(at)
    said = np.zeros(len(found), dtype=bool)
    for at in range(len(groups)):
        weights = nearest([f for f, g in zip(found, of, strict=True) if g != at], np.array(labels)[np.array(of) != at])
        for i in [i for i, g in enumerate(of) if g == at]:
            said[i] = (found[i] @ weights[:-1] + weights[-1]).max() >= nearness.NEAR
    true = np.array(labels) == 1
    hits, wrong = said[true], said[~true]
    print(f"{'forbidden':12} recall {hits.mean():.2f} of {len(hits)}, false {wrong.mean():.3f} of {len(wrong)}")
    return nearest(found, np.array(labels))


def main() -> int:
    from tutor.retrieval.embedder import Embedder

    embed = Embedder.load().embed
    data = tomllib.loads(TUNING.read_text(encoding="utf-8"))
    common = _texts(intent.read("intent_prototypes.toml"))
    drawn = [common[i] for i in np.random.default_rng(0).permutation(len(common))]
    found = {}
    for kind in asking.KINDS:
        usual = [text for text in drawn if not (kind == "override" and private.overrides(text))]
        others = data[kind]["holds"] + (_calm(data) if kind == "tone" else usual[: _OTHERS[kind]])
        mine = data[kind]["breaks"]
        rows = np.asarray(embed([*mine, *others]), dtype=np.float64)
        labels = np.array([1.0] * len(mine) + [0.0] * len(others))
        precision, recall = folds(rows, labels, kind)
        print(f"{kind:12} precision {precision:.2f} recall {recall:.2f} of {len(mine)} and {len(others)}")
        found[kind] = _FITS[kind](rows, labels).astype(np.float32)
    np.savez_compressed(asking.FILE, allow_pickle=False, **found)
    np.savez_compressed(nearness.FILE, allow_pickle=False, weights=about_topics(data, _once(embed)).astype(np.float32))
    return 0


def _once(embed: Encode) -> Encode:
    """Rows for texts, each encoded once."""
    rows: dict[str, Any] = {}

    def encode(texts: Sequence[str]) -> list[Any]:
        new = [text for text in dict.fromkeys(texts) if text not in rows]
        if new:
            rows.update(zip(new, embed(new), strict=True))
        return [rows[text] for text in texts]

    return encode


if __name__ == "__main__":
    sys.exit(main())
