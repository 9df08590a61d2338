"""What a reply will probably say next: what followed the same words before, in its prompt, itself or earlier replies.

A small model passes most of its notes on word for word and says the rest in much the same words each time, and a
processor evaluates four of its tokens in the time of two. So the next few are evaluated ahead and chosen afterwards,
each from the model's own probabilities and only while the one before was chosen too: the reply is drawn as it would be
one by one. (Prompt lookup decoding, A. Saxena, 2023.)
"""

from collections.abc import Sequence
from typing import Final

import llama_cpp as lc

MOST: Final = 3
"""Tokens ahead: with the one that is known they make four, which llama.cpp's kernels take in one go."""
_LENGTHS: Final = (4, 3, 2)
"""Tokens that must be the same, the longest looked for first."""
_KEPT: Final = 200_000
"""Entries after which a table begins anew."""
_SAID_MOST: Final = 30_000
"""Tokens of earlier replies."""
_BETWEEN: Final = -1
"""Stands between two replies; no token has this number."""


class _Table:
    """Where some tokens last stood in a list of tokens that grows, and is cut now and then."""

    def __init__(self) -> None:
        self._after: dict[tuple[int, ...], int] = {}
        """Tokens to the place behind them; a place that was cut off since is not used."""
        self._read = 0

    def forget(self, length: int) -> None:
        """The list was cut here."""
        self._read = min(self._read, length)

    def read(self, tokens: Sequence[int]) -> None:
        """Take in what the list grew by."""
        if len(self._after) > _KEPT:
            self._after.clear()
            self._read = 0
        for end in range(self._read, len(tokens)):
            for length in _LENGTHS:
                if end >= length:
                    self._after[tuple(tokens[end - length : end])] = end
        self._read = len(tokens)

    def find(self, tokens: Sequence[int], said: tuple[int, ...]) -> Sequence[int]:
        """What followed `said`, at most `MOST` tokens."""
        place = self._after.get(said, len(tokens))
        if place < len(tokens) and tuple(tokens[place - len(said) : place]) == said:
            return tokens[place : place + MOST]
        return ()


class Drafts:
    """Guesses from the tokens in the cache, and from replies that were given before."""

    def __init__(self) -> None:
        self._here, self._before = _Table(), _Table()
        self._said: list[int] = []
        """Replies, one after the other. They stay in this process's memory alone."""

    def forget(self, length: int) -> None:
        """The list of tokens was cut here."""
        self._here.forget(length)

    def remember(self, reply: Sequence[int]) -> None:
        """These tokens were said, after the one that they begin with."""
        if len(self._said) + len(reply) > _SAID_MOST:
            self._said.clear()
            self._before = _Table()
        self._said += (*reply, _BETWEEN)
        self._before.read(self._said)

    def guess(self, tokens: Sequence[int], chosen: int) -> Sequence[int]:
        """At most `MOST` tokens that may follow `tokens` and then `chosen`; none where these words are new."""
        self._here.read(tokens)
        for length in _LENGTHS:
            said = (*tokens[1 - length :], chosen)
            found = self._here.find(tokens, said) or self._before.find(self._said, said)
            if found:
                return found[: found.index(_BETWEEN)] if _BETWEEN in found else found
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
