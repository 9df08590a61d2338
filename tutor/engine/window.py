"""What fits the context window: exact token budget, guidelines always, whole oldest turns dropped.

Turns are dropped in blocks: when the window is full, history shrinks to half of its room, so that the prompt's prefix
stays the same for many turns. The cut follows from the history alone, so it is the same again after a restart.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from tutor.engine.prompt import PromptBuilder, Vocabulary
from tutor.engine.protocol import Past
from tutor.engine.snapshots import common_length
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.tutoring import brief

MARGIN: Final = 8
_EXACT_BYTES: Final = 262_144
"""Longer texts are measured by their beginning: the count is for a message to a person, and 1 MB would take seconds."""
_SAMPLE_CHARS: Final = 65_536
_BYTES_MOST: Final = 4
"""Of a character in UTF-8."""


class Fitted(msgspec.Struct, frozen=True):
    tokens: list[int]
    dropped: int
    """Oldest turns left out."""


class Window:
    """The budget of one loaded model."""

    def __init__(self, builder: PromptBuilder, vocabulary: Vocabulary, n_ctx: int) -> None:
        self._builder, self._vocabulary, self.n_ctx = builder, vocabulary, n_ctx
        self._lengths: dict[str, int] = {}
        self._per_turn: int | None = None

    def capacity(self, max_tokens: int) -> int:
        """Tokens that a prompt may have, with the reply's room kept free (never more than half of the window)."""
        return self.n_ctx - min(max_tokens, self.n_ctx // 2) - MARGIN

    def limit(self, guidelines: str, max_tokens: int) -> int:
        """The most tokens that a learner's message may have."""
        notes_room = min(200, self.n_ctx // 8)
        return max(0, self.capacity(max_tokens) - self._fixed(guidelines) - notes_room)

    def measure(self, text: str) -> int:
        """Tokens of a message; very long ones are estimated from their beginning."""
        if len(text) <= _EXACT_BYTES // 4 or len(text.encode(errors="replace")) <= _EXACT_BYTES:
            return len(self._vocabulary.tokenize(text))
        return len(self._vocabulary.tokenize(text[:_SAMPLE_CHARS])) * len(text) // _SAMPLE_CHARS

    def check(self, text: str, guidelines: str, max_tokens: int) -> None:
        """Raises UserError (code `too_long`) with the message's length and the limit."""
        limit = self.limit(guidelines, max_tokens)
        if len(text) * _BYTES_MOST < limit:
            return  # a token has a byte at least
        if (tokens := self.measure(text)) > limit:
            raise UserError(
                tr(
                    "Your message is too long: {tokens} tokens, and {limit} fit (about {words} words). It is kept. "
                    "Shorten it, or send it in parts.",
                    tokens=tokens,
                    limit=limit,
                    words=limit * 3 // 4,
                ),
                code="too_long",
            )

    def fit(self, guidelines: str, history: Sequence[Past], words: str, notes: str, max_tokens: int) -> Fitted | None:
        """The prompt with as much history as fits; None when not even the new turn fits."""
        capacity = self.capacity(max_tokens)
        dropped = self._cut(guidelines, history, brief.user_message(words, notes), capacity)
        while True:
            tokens = self._builder.ask(guidelines, history[dropped:], words, notes)
            if len(tokens) <= capacity:
                return Fitted(tokens, dropped)
            if dropped == len(history):
                return None
            dropped += 1

    def known(self, guidelines: str, history: Sequence[Past], words: str, max_tokens: int) -> list[int]:
        """What the prompt begins with whatever the notes will be; empty when the words do not fit."""
        plain = self.fit(guidelines, history, words, "", max_tokens)
        if plain is None:
            return []
        noted = self._builder.ask(guidelines, history[plain.dropped :], words, brief.OPENING)
        return plain.tokens[: common_length(plain.tokens, noted)]

    def prefix(self, guidelines: str, history: Sequence[Past], max_tokens: int) -> list[int]:
        """What the next prompt will begin with, for warming; only those turns are left out that no words would save."""
        capacity = self.capacity(max_tokens)
        dropped = self._cut(guidelines, history, "", capacity)
        while True:
            tokens = self._builder.prefix(guidelines, history[dropped:])
            if len(tokens) <= capacity or dropped == len(history):
                return tokens[:capacity]
            dropped += 1

    def _cut(self, guidelines: str, history: Sequence[Past], new: str, capacity: int) -> int:
        """How many turns go, replaying the conversation turn by turn. `new`: the next message."""
        if not history:
            return 0
        fixed = self._fixed(guidelines)
        users = [self._length(brief.user_message(p.learner, p.notes)) for p in history]
        users.append(self._length(new))
        costs = [u + self._length(p.tutor) + self._turn_cost() for u, p in zip(users, history, strict=False)]
        dropped = total = 0
        for i, cost in enumerate(costs):
            total += cost
            room = capacity - fixed - users[i + 1]
            if total > room:
                while dropped <= i and (total > room or (total > room // 2 and dropped < i)):
                    total -= costs[dropped]
                    dropped += 1
        return dropped

    def _fixed(self, guidelines: str) -> int:
        key = f"\0{guidelines}"
        if key not in self._lengths:
            self._store(key, len(self._builder.ask(guidelines, (), "", "")))
        return self._lengths[key]

    def _turn_cost(self) -> int:
        """Tokens that the template adds for one turn."""
        if self._per_turn is None:
            past = Past(learner="a", notes="", tutor="a")
            one, two = (len(self._builder.ask("", (past,) * n, "a", "")) for n in (1, 2))
            self._per_turn = max(0, two - one - 2)
        return self._per_turn

    def _length(self, text: str) -> int:
        if text not in self._lengths:
            self._store(text, len(self._vocabulary.tokenize(text)))
        return self._lengths[text]

    def _store(self, key: str, length: int) -> None:
        if len(self._lengths) > 5000:
            self._lengths.clear()
        self._lengths[key] = length
