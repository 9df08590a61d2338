"""How far the adapter moves the model elsewhere: token KL on the base's own answers, perplexity of plain text."""

import math
from collections.abc import Sequence
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from tutor.engine.llama import Model

_KEPT: Final = 64
"""Tokens of a distribution that are kept; all others count as one. A whole vocabulary would need gigabytes."""
LONGEST: Final = 32
"""Tokens of an answer that are compared."""


class Trail(msgspec.Struct, frozen=True):
    """What the base said after a prompt, and how likely it found what at each step."""

    prompt: list[int]
    said: list[int]
    likeliest: list[npt.NDArray[np.int64]]
    """At each step the ids of the likeliest tokens, and their natural log-probabilities."""
    logs: list[npt.NDArray[np.float32]]


def trail(model: Model, prompt: Sequence[int], said: Sequence[int]) -> Trail:
    """The distributions before each token of `said`, the first `LONGEST` of them."""
    found = Trail(prompt=list(prompt), said=list(said[:LONGEST]), likeliest=[], logs=[])
    for logs in _steps(model, found):
        best = np.argpartition(-logs, min(_KEPT, len(logs) - 1))[:_KEPT]
        found.likeliest.append(best)
        found.logs.append(logs[best].astype(np.float32))
    return found


def divergence(model: Model, base: Trail) -> list[float]:
    """KL(base || model) at each step, in nats, over the base's likeliest tokens and all others as one."""
    found = []
    for logs, best, before in zip(_steps(model, base), base.likeliest, base.logs, strict=True):
        p = np.exp(before.astype(np.float64))
        q = np.exp(logs[best].astype(np.float64))
        rest = max(1.0 - float(p.sum()), 0.0)
        other = max(1.0 - float(q.sum()), 1e-12)
        total = float((p * (before - np.log(np.maximum(q, 1e-30)))).sum())
        found.append(max(0.0, total + (rest * math.log(rest / other) if rest > 1e-9 else 0.0)))
    return found


def _steps(model: Model, of: Trail) -> list[npt.NDArray[np.float32]]:
    """Log-probabilities of the next token before each token that was said."""
    model.evaluate(of.prompt)
    found = []
    for token in of.said:
        found.append(model.log_probabilities())
        model.append(token)
    return found


def perplexity(model: Model, texts: Sequence[str]) -> float:
    """Of plain texts, each by itself: exp of the mean negative log-probability of a token."""
    total, tokens = 0.0, 0
    for text in texts:
        words = model.tokenize(text)
        first = model.bos()
        start = [first] if first is not None else words[:1]
        left = words if first is not None else words[1:]
        model.cut(0)
        model.evaluate(start)
        for token in left:
            total -= model.log_probability(token)
            model.append(token)
            tokens += 1
    return math.exp(total / max(tokens, 1))
