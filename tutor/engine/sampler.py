"""How the next token is chosen: a chain of llama.cpp's samplers, made from the teacher's settings."""

import ctypes
import math
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias

import llama_cpp as lc
import numpy as np

from tutor.domain import Generation

Logits: TypeAlias = np.ndarray[Any, np.dtype[np.float32]]
Tokens: TypeAlias = np.ndarray[Any, np.dtype[np.integer[Any]]]
_ROW: Final = np.dtype([("id", "<i4"), ("logit", "<f4"), ("p", "<f4")])
"""llama.cpp's `llama_token_data`."""
_PENALTY_WINDOW: Final = 64
_NEAR: Final = 4.0
"""Nats below the likeliest token that a choice may lie: more than the default min-p leaves."""
_REACH: Final = 30.0
"""Nats below the likeliest token within which tokens are handed to the chain. A penalty takes less than this from the
likeliest, and what lies below has a chance of e^-20 at most."""
_FAR: Final = 60.0
"""Nats below it where the search for one that is allowed ends."""


class Sampler:
    """A sampling chain made from `Generation`; `accept` replays tokens that were chosen before."""

    def __init__(self, n_vocab: int, generation: Generation, seed: int, replay: Sequence[int] = ()) -> None:
        g = generation
        self.chain = lc.llama_sampler_chain_init(lc.llama_sampler_chain_default_params())
        parts = []
        if g.repeat_penalty != 1.0:
            parts.append(
                lc.llama_sampler_init_penalties(n_vocab, _PENALTY_WINDOW, max(g.repeat_penalty, 0.01), 0.0, 0.0)
            )
        if g.temperature <= 0:
            parts.append(lc.llama_sampler_init_greedy())
        else:
            if g.top_k > 0:
                parts.append(lc.llama_sampler_init_top_k(g.top_k))
            parts.append(lc.llama_sampler_init_top_p(min(max(g.top_p, 0.0), 1.0), 1))
            parts.append(lc.llama_sampler_init_min_p(min(max(g.min_p, 0.0), 1.0), 1))
            parts.append(lc.llama_sampler_init_temp(g.temperature))
            parts.append(lc.llama_sampler_init_dist(seed & 0xFFFFFFFF))
        for part in parts:
            lc.llama_sampler_chain_add(self.chain, part)
        for token in replay:
            lc.llama_sampler_accept(self.chain, token)
        self._reach = _REACH * max(1.0, g.temperature)
        self._penalty = max(g.repeat_penalty, 0.01)
        self._margin = _margin(g)
        self._rows = np.empty(n_vocab, dtype=_ROW)
        self._array = lc.llama_token_data_array()
        self._array.data = ctypes.cast(self._rows.ctypes.data, ctypes.POINTER(lc.llama_token_data))

    def choose(self, logits: Logits, allowed: Callable[[int], bool] | None = None, best: float | None = None) -> int:
        """The next token, of those that are `allowed`. Writes to `logits`, shape (n_vocab,), whose greatest is `best`.

        One that is not allowed is drawn again among the others, as if it had been impossible: the odds of those are
        the same as if it had been left out before, and mostly nothing else has to be looked at.
        """
        token = self._drawn(logits, float(logits.max()) if best is None else best)
        if allowed is not None and not allowed(token):
            leave_out(logits, allowed)
            token = self._drawn(logits, float(logits.max()))
        lc.llama_sampler_accept(self.chain, token)
        return token

    def among(self, logits: Logits, tokens: Sequence[int]) -> int:
        """One of a few tokens, by the same odds as if all others had been left out."""
        token = tokens[0] if len(tokens) == 1 else self._of(logits, np.array(tokens))
        lc.llama_sampler_accept(self.chain, token)
        return token

    def _drawn(self, logits: Logits, best: float) -> int:
        lowest = best / self._penalty if best > 0 else best * self._penalty  # if it was said before
        if np.count_nonzero(logits >= lowest - self._margin) == 1:
            return int(logits.argmax())  # the chain would leave nothing else, and take five times as long
        return self._of(logits, (logits > best - self._reach).nonzero()[0])  # of the rest none is ever chosen

    def _of(self, logits: Logits, tokens: Tokens) -> int:
        rows = self._rows[: len(tokens)]
        rows["id"], rows["logit"] = tokens, logits[tokens]
        self._array.size, self._array.selected, self._array.sorted = len(tokens), -1, False
        lc.llama_sampler_apply(self.chain, ctypes.byref(self._array))
        return int(self._array.data[self._array.selected].id)

    def close(self) -> None:
        if self.chain is not None:
            lc.llama_sampler_free(self.chain)
            self.chain = None


def _margin(generation: Generation) -> float:
    """Nats by which the likeliest token must lead for the chain to leave no other; endless where it always might."""
    if generation.repeat_penalty < 1:
        return math.inf  # others may be raised
    if generation.temperature <= 0:
        return 0.0
    return -math.log(min(generation.min_p, 1.0)) if generation.min_p > 0 else math.inf


def leave_out(logits: Logits, allowed: Callable[[int], bool]) -> None:
    """Make tokens that are not allowed impossible, in place, as far down as one may be chosen.

    Where nothing is allowed, all stay: what is said then fails its checks, and is said anew.
    `logits`: shape (n_vocab,).
    """
    best = top = float(logits.max())
    banned: list[tuple[int, float]] = []
    while top > best - _FAR:
        wrong = [int(token) for token in (logits > top - _NEAR).nonzero()[0] if not allowed(int(token))]
        if not wrong:
            return
        banned += [(token, float(logits[token])) for token in wrong]
        logits[wrong] = -np.inf
        top = float(logits.max())
    for token, value in banned:
        logits[token] = value
