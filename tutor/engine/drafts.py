"""What a reply will probably say next: what followed the same words before, in its prompt or in itself.

A small model passes most of its notes on word for word, and a processor evaluates four of its tokens in the time of
two. So the next few are evaluated ahead and chosen afterwards, each from the model's own probabilities and only while
the one before was chosen too: the reply is drawn as it would be one by one. (Prompt lookup decoding, A. Saxena, 2023.)
"""

from collections.abc import Sequence
from typing import Final

import llama_cpp as lc

MOST: Final = 3
"""Tokens ahead: with the one that is known they make four, which llama.cpp's kernels take in one go."""
_LENGTHS: Final = (4, 3, 2)
"""Tokens that must be the same, the longest looked for first."""
_KEPT: Final = 200_000
"""Entries after which the table begins anew."""


class Drafts:
    """Guesses from one list of tokens that grows, and is cut now and then."""

    def __init__(self) -> None:
        self._after: dict[tuple[int, ...], int] = {}
        """Tokens to the place behind them where they last stood; a place that was cut off since is not used."""
        self._read = 0

    def forget(self, length: int) -> None:
        """The list was cut here."""
        self._read = min(self._read, length)

    def guess(self, tokens: Sequence[int], chosen: int) -> Sequence[int]:
        """At most `MOST` tokens that may follow `tokens` and then `chosen`; none where these words are new."""
        if len(self._after) > _KEPT:
            self._after.clear()
            self._read = 0
        for end in range(self._read, len(tokens)):
            for length in _LENGTHS:
                if end >= length:
                    self._after[tuple(tokens[end - length : end])] = end
        self._read = len(tokens)
        for length in _LENGTHS:
            said = (*tokens[1 - length :], chosen)
            place = self._after.get(said, len(tokens))
            if place < len(tokens) and tuple(tokens[place - length : place]) == said:
                return tokens[place : place + MOST]
        return ()


class Few:
    """A batch of a few tokens with logits for each, made once and filled again and again."""

    def __init__(self) -> None:
        self._batch = lc.llama_batch_init(1 + MOST, 0, 1)

    def filled(self, tokens: Sequence[int], start: int) -> lc.llama_batch:
        """`start`: place of the first of them. Valid until it is filled again."""
        batch = self._batch
        batch.n_tokens = len(tokens)
        for i, token in enumerate(tokens):
            batch.token[i], batch.pos[i], batch.logits[i] = token, start + i, 1
            batch.n_seq_id[i], batch.seq_id[i][0] = 1, 0
        return batch

    def close(self) -> None:
        """Free it."""
        lc.llama_batch_free(self._batch)
