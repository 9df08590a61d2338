"""The sum reader: from what the text encoder makes of a story's words to the likeliest sums of its numbers.

A small network, learned by `tutor.workshop.reader`, joins two numbers after the other; the search keeps the likeliest
ways. How likely a result is adds up over all ways that come to it.
"""

import bisect
import math
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from tutor.tutoring import expressions as ex
from tutor.tutoring import story_units, sum_steps, word_sums
from tutor.tutoring.story_numbers import Slotted

Array = npt.NDArray[np.float32]

_BREAK: Final = re.compile(r"[.,?!;:](?=\s)|\b(?:and|then|but|so|if|which|while|after|before)\b")
"""Ends of a part of a sentence."""
BEAM: Final = 4
"""Sums that are followed at a time."""
_TRIED: Final = 12
_LEAST: Final = -9.0
_PARSED: Final = 16
_UNSEEN: Final = -8.0
"""What a result counts that one head does not find, as a logarithm."""


class Places(NamedTuple):
    """Which tokens are the numbers and the question: rows of weights over the tokens."""

    numbers: Array
    """(numbers, tokens)"""
    following: Array
    """(numbers, tokens): the token after each."""
    clauses: Array
    """(numbers, tokens): the part of a sentence that each stands in."""
    question: Array
    """(1, tokens): the sentence that asks."""


def places(seen: Slotted, offsets: list[tuple[int, int]]) -> Places:
    """`offsets`: first and last character of each token of the slotted story; special ones are empty."""
    count = len(offsets)
    numbers, following, clauses = np.zeros((3, len(seen.quantities), count), dtype=np.float32)
    starts = np.array([first if end > first else -1 for first, end in offsets])
    breaks = [0, *(m.end() for m in _BREAK.finditer(seen.text)), len(seen.text)]
    for row, quantity in enumerate(seen.quantities):
        share = 1 / len(quantity.places)
        for place in quantity.places:
            before = np.flatnonzero((starts <= place) & (starts >= 0))
            token = int(before[-1]) if len(before) else 0
            numbers[row, token] += share
            following[row, min(token + 1, count - 1)] += share
            part = bisect.bisect_right(breaks, place) - 1
            inside = (starts >= breaks[part]) & (starts < breaks[min(part + 1, len(breaks) - 1)])
            clauses[row] += share * inside / max(inside.sum(), 1)
    asked = [m.start() for m in word_sums.SENTENCE.finditer(seen.text) if word_sums.asks(m[0])]
    question = (starts >= (asked[-1] if asked else 0)).astype(np.float32)
    return Places(numbers, following, clauses, question[None] / max(question.sum(), 1))


class Candidate(NamedTuple):
    """One result that the story may ask for, with its likeliest sum."""

    found: word_sums.Sum
    probability: float
    """Of the result, all ways to it together, among all results that were found."""


class Head:
    """The network behind the encoder, in numpy. Arrays by the names that `tutor.workshop.reader.network` gives."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        """Raises ValueError for arrays that were made for other features."""
        self._arrays = {name: np.asarray(array, dtype=np.float32) for name, array in arrays.items()}
        wide, constant = self._arrays["made.weight"].shape[0], self._arrays["constants.weight"].shape[1]
        takes = {name: self._arrays[f"{name}.weight"].shape[1] for name in ("story", "number", "pair")}
        pair = 5 * wide + sum_steps.PAIR + 2 * sum_steps.OWN
        if takes != {"story": takes["story"], "number": 2 * takes["story"] + constant + sum_steps.OWN, "pair": pair}:
            raise ValueError("the sum reader's arrays do not fit its features")

    def _linear(self, name: str, x: Array) -> Array:
        return np.asarray(x @ self._arrays[f"{name}.weight"].T + self._arrays[f"{name}.bias"], dtype=np.float32)

    def start(self, tokens: Array, of: Places, items: tuple[sum_steps.Item, ...]) -> tuple[Array, Array]:
        """The numbers (items, WIDE) and the question (WIDE,) from token states (tokens, 768)."""
        last = tokens[:, : tokens.shape[1] // 2]
        known = self._arrays["constants.weight"][[sum_steps.constant_index(item) for item in items]]
        own = sum_steps.own_features(items)
        given = np.concatenate([of.numbers @ last, of.following @ last, of.clauses @ tokens, known, own], axis=1)
        return _gelu(self._linear("number", given)), _gelu(self._linear("story", (of.question @ tokens)[0]))

    def scores(self, numbers: Array, story: Array, choices: sum_steps.Choices, own: Array) -> tuple[Array, Array]:
        """Logarithms of the probabilities of all steps (pairs, KINDS), and what each pair would make of itself."""
        left, right = choices.pairs[:, 0], choices.pairs[:, 1]
        a, b = numbers[left], numbers[right]
        told = np.broadcast_to(story, a.shape)
        given = np.concatenate([a, b, a * b, np.abs(a - b), told, choices.features, own[left], own[right]], axis=1)
        z = _gelu(self._linear("pair", given))
        z = z + _gelu(self._linear("deep", z))
        scores = np.where(choices.allowed, self._linear("score", z), -np.inf)
        top = scores.max(initial=-1e9)
        return scores - top - np.log(np.exp(scores - top).sum() + 1e-30), z

    def made(self, pair: Array, sign: int) -> Array:
        """The number that a step makes, (WIDE,)."""
        return _gelu(self._linear("made", pair + self._arrays["signs.weight"][sign]))


def _gelu(x: Array) -> Array:
    return np.asarray(0.5 * x * (1 + np.tanh(0.7978845608 * (x + 0.044715 * x**3))), dtype=np.float32)


class _Way(NamedTuple):
    """A sum that is not finished."""

    items: tuple[sum_steps.Item, ...]
    numbers: Array
    likely: float


def candidates(
    heads: Sequence[Head], story: str, seen: Slotted, tokens: Sequence[Array], of: Places
) -> list[Candidate]:
    """Results of the normal story's likeliest sums, the likeliest first; each sum holds for the story's numbers.

    `tokens`: what each head reads. A result is as likely as the heads find it on (geometric) average.
    """
    items = sum_steps.start(seen.quantities)
    if len(items) < 2:
        return []
    shares = [_shares(_searched(head, items, states, of), story) for head, states in zip(heads, tokens, strict=True)]
    results = {key: found for share in reversed(shares) for key, (found, _) in share.items()}
    logs = {
        key: sum(math.log(share[key][1]) if key in share else _UNSEEN for share in shares) / len(shares)
        for key in results
    }
    total = sum(math.exp(log) for log in logs.values())
    unit = story_units.asked(story)
    ranked = sorted(logs, key=lambda key: -logs[key])
    return [Candidate(_named(results[key], unit), math.exp(logs[key]) / total) for key in ranked]


_Key = tuple[Fraction, str]


def _searched(head: Head, items: tuple[sum_steps.Item, ...], tokens: Array, of: Places) -> dict[str, float]:
    """Sums that one head finds, with the logarithms of their probabilities."""
    numbers, told = head.start(tokens, of, items)
    ways = [_Way(items, numbers, 0.0)]
    ended: dict[str, float] = {}
    for _ in range(sum_steps.MAX_STEPS):
        going: list[_Way] = []
        for way in ways:
            going += _next(head, way, told, ended)
        ways = sorted(going, key=lambda way: -way.likely)[:BEAM]
    return ended


def _shares(ended: Mapping[str, float], story: str) -> dict[_Key, tuple[word_sums.Sum, float]]:
    """Results that the story bears out, each with its likeliest sum and its share of the probability."""
    best: dict[_Key, word_sums.Sum] = {}
    weights: dict[_Key, float] = {}
    for text, likely in sorted(ended.items(), key=lambda one: -one[1])[:_PARSED]:
        found = word_sums.parse(text, story)
        if found is None:
            continue
        key = (found.value, found.unit)
        best.setdefault(key, found)
        weights[key] = weights.get(key, 0.0) + math.exp(likely)
    total = sum(weights.values())
    return {key: (best[key], weight / total) for key, weight in weights.items()}


def _next(head: Head, way: _Way, story: Array, ended: dict[str, float]) -> list[_Way]:
    """The likeliest ways on; sums that end are noted with their likelihood."""
    choices = sum_steps.Choices(way.items)
    likely, made = head.scores(way.numbers, story, choices, sum_steps.own_features(way.items))
    going = []
    for flat in np.argsort(-likely, axis=None)[:_TRIED]:
        row, kind = divmod(int(flat), sum_steps.KINDS)
        together = way.likely + float(likely[row, kind])
        if together < _LEAST:
            break
        left, right = (int(i) for i in choices.pairs[row])
        step = sum_steps.Step(left, right, kind % len(sum_steps.SIGNS), kind >= len(sum_steps.SIGNS))
        after = sum_steps.joined(way.items, step)
        if after is None:
            continue
        if not step.last:
            numbers = np.concatenate([way.numbers, head.made(made[row], step.sign)[None]])
            going.append(_Way(after, numbers, together))
            continue
        text = ex.render(after[-1].node)
        ended[text] = float(np.logaddexp(ended.get(text, -np.inf), together))
    return going


def _named(found: word_sums.Sum, unit: str) -> word_sums.Sum:
    return found if found.unit else msgspec.structs.replace(found, unit=unit)
