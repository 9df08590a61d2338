"""`python -m tutor.bench.likeness`: fits and measures the rule that says whether two questions mean the same.

The labelled questions lie in `tutor/retrieval/same_questions.toml`, split by question: none of those that the weights
are fitted on is measured. The threshold is the lowest one that keeps look-alikes of the development part to 2%.
"""

import argparse
import sys
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tutor.domain import Frozen
from tutor.moderation.spelling import vocabulary
from tutor.retrieval import likeness, words

QUESTIONS: Final = likeness.FILE.with_name("same_questions.toml")
MOST_LOOK_ALIKES: Final = 0.02
"""Share of the development part's look-alikes that may be taken for the same."""

_START: Final = {"cosine": 8.0, "replaced": -1.0, "name_missing": -2.0, "thing_added": -1.0, "asks_measure": -1.0}
"""Where the weights are pulled to, for a few hundred pairs alone would leave some of them to chance."""
_STRANGERS: Final = 6
_ROUNDS: Final = 6000
_RATE: Final = 0.5

Embed = Callable[[Sequence[str]], npt.NDArray[np.float32]]


class Pair(NamedTuple):
    known: str
    asked: str
    same: bool


class Figures(Frozen):
    """Of one part: shares, and the numbers that they are of."""

    same: int
    found: int
    look_alikes: int
    mistaken: int
    found_by_words: int
    mistaken_by_words: int

    @property
    def recall(self) -> float:
        return self.found / self.same

    @property
    def precision(self) -> float:
        """Among pairs of which more than half are look-alikes made to deceive."""
        return self.found / max(self.found + self.mistaken, 1)

    def __str__(self) -> str:
        return (
            f"found {self.found} of {self.same} ({self.recall:.1%}), look-alikes taken for the same {self.mistaken} of "
            f"{self.look_alikes} ({self.mistaken / self.look_alikes:.1%}), precision {self.precision:.1%}; by words "
            f"alone {self.found_by_words} and {self.mistaken_by_words}"
        )


def pairs(part: str, file: Path = QUESTIONS) -> list[Pair]:
    """The labelled pairs of `development` or `held_out`."""
    groups: list[dict[str, Any]] = tomllib.loads(file.read_text(encoding="utf-8"))[part]
    return [
        Pair(group["question"], text, same)
        for group in groups
        for same, texts in ((True, group["same"]), (False, group["other"]))
        for text in texts
    ]


class Measured:
    """Pairs with their words and vectors."""

    def __init__(self, found: Sequence[Pair], embed: Embed) -> None:
        self.pairs = list(found)
        texts = sorted({text for pair in found for text in (pair.known, pair.asked)})
        rows = dict(zip(texts, embed(texts), strict=True))
        self._words = {text: words.read(text, vocabulary()) for text in texts}
        self._rows: Mapping[str, npt.NDArray[np.float32]] = rows

    def sides(self, pair: Pair) -> tuple[words.Words, words.Words, float]:
        """The words of what is asked and of what is known, and their cosine."""
        cosine = float(self._rows[pair.asked] @ self._rows[pair.known])
        return self._words[pair.asked], self._words[pair.known], cosine

    def strangers(self) -> list[Pair]:
        """For each known question the likest ones that mean the same as another one, as pairs that are not the same."""
        found = []
        for known in dict.fromkeys(pair.known for pair in self.pairs):
            others = [pair.asked for pair in self.pairs if pair.same and pair.known != known]
            near = sorted(others, key=lambda text: -float(self._rows[text] @ self._rows[known]))[:_STRANGERS]
            found += [Pair(known, text, False) for text in near]
        return found

    def chances(self, rule: likeness.Rule) -> npt.NDArray[np.float64]:
        return np.array([rule.chance(*self.sides(pair)) for pair in self.pairs])

    def figures(self, rule: likeness.Rule) -> Figures:
        same = np.array([pair.same for pair in self.pairs])
        taken = self.chances(rule) >= rule.threshold
        worded = np.array([likeness.by_words_alone(*self.sides(pair)[:2]) for pair in self.pairs])
        return Figures(
            same=int(same.sum()),
            found=int((same & taken).sum()),
            look_alikes=int((~same).sum()),
            mistaken=int((~same & taken).sum()),
            found_by_words=int((same & worded).sum()),
            mistaken_by_words=int((~same & worded).sum()),
        )


def fit(measured: Measured) -> likeness.Rule:
    """Logistic regression by gradient descent, on the pairs that nothing speaks against outright."""
    rows, labels = [], []
    for pair in (*measured.pairs, *measured.strangers()):
        asked, known, cosine = measured.sides(pair)
        both = likeness.align(asked, known)
        if not likeness.against(asked, known, both):
            rows.append(likeness.features(asked, known, cosine, both))
            labels.append(float(pair.same))
    numbers, wanted = np.array(rows), np.array(labels)
    centre = numbers.mean(axis=0)
    start = np.array([_START.get(name, 0.0) for name in likeness.FEATURES])
    weights, bias = start.copy(), 0.0
    for _ in range(_ROUNDS):
        miss = 1.0 / (1.0 + np.exp(-((numbers - centre) @ weights + bias))) - wanted
        weights -= _RATE * ((numbers - centre).T @ miss + weights - start) / len(wanted) ** 0.9
        bias -= _RATE * float(miss.mean())
    rule = likeness.Rule(tuple(float(w) for w in weights), bias - float(weights @ centre), 1.0)
    return rule._replace(threshold=_threshold(measured, rule))


def _threshold(measured: Measured, rule: likeness.Rule) -> float:
    chances = measured.chances(rule)
    look_alikes = chances[[not pair.same for pair in measured.pairs]]
    steps = [step / 100 for step in range(30, 100)]
    return next(step for step in steps if (look_alikes >= step).mean() <= MOST_LOOK_ALIKES)


def save(rule: likeness.Rule) -> None:
    """Write the file that ships beside the rule."""
    lines = ["# Written by `python -m tutor.bench.likeness --fit`.", f"threshold = {rule.threshold}"]
    lines += [f"bias = {rule.bias:.4f}", "", "[weights]"]
    lines += [f"{name} = {value:.4f}" for name, value in zip(likeness.FEATURES, rule.weights, strict=True)]
    likeness.FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main(argv: Sequence[str] | None = None) -> int:
    """Print the figures of both parts; with `--fit` write the weights anew first."""
    parser = argparse.ArgumentParser(prog="python -m tutor.bench.likeness", description=__doc__)
    parser.add_argument("--fit", action="store_true", help="fit the weights and write likeness.toml")
    parser.add_argument("--misses", action="store_true", help="print what the rule gets wrong in the development part")
    options = parser.parse_args(argv)
    from tutor.retrieval.embedder import Embedder

    embed = Embedder.load().embed
    development = Measured(pairs("development"), embed)
    if options.fit:
        save(fit(development))
    rule = likeness.load()
    for name, measured in (("development", development), ("held out", Measured(pairs("held_out"), embed))):
        print(f"{name}: {measured.figures(rule)}")
    if options.misses:
        for pair, chance in zip(development.pairs, development.chances(rule), strict=True):
            if (chance >= rule.threshold) != pair.same:
                print(f"  {chance:.2f} {'same' if pair.same else 'other'}: {pair.known!r} / {pair.asked!r}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
