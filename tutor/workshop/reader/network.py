"""The sum reader's network: the upper layers of the shared text encoder with small low-rank changes, and a head.

The lower layers stay as they are, so what they make of a story is worked out once.
"""

from functools import partial
from typing import Any, Final

import torch
from torch import Tensor, nn

from tutor.retrieval.embedder import DIMENSIONS
from tutor.retrieval.token_states import LOWER
from tutor.tutoring import sum_steps
from tutor.tutoring.story_numbers import CONSTANTS
from tutor.workshop.reader.batches import Batch

RANK: Final = 16
SCALE: Final = 2.0
_WORDS_LOST: Final = 0.08
"""Share of words that training hides, so that no single one decides."""
_QUESTIONS_LOST: Final = 0.2
WIDE: Final = 160
INNER: Final = 224
_CONSTANT: Final = 32
_LINEARS: Final = ("query", "key", "value", "dense")


class LowRank(nn.Module):  # type: ignore[misc]  # torch is not type-checked here
    """A frozen linear layer and what is learned beside it: `x W + SCALE · x A B`."""

    def __init__(self, linear: nn.Linear, rank: int) -> None:
        super().__init__()
        self.linear = linear
        self.a = nn.Parameter(torch.randn(rank, linear.in_features) / linear.in_features**0.5)
        self.b = nn.Parameter(torch.zeros(linear.out_features, rank))

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x) + (x @ self.a.T @ self.b.T) * SCALE


class Head(nn.Module):  # type: ignore[misc]  # torch is not type-checked here
    """From token states to numbers, from pairs of numbers to scores of steps, and to what a step makes."""

    def __init__(self) -> None:
        super().__init__()
        self.constants = nn.Embedding(len(CONSTANTS) + 1, _CONSTANT)
        self.number = nn.Linear(4 * DIMENSIONS + _CONSTANT + sum_steps.OWN, WIDE)
        self.story = nn.Linear(2 * DIMENSIONS, WIDE)
        self.pair = nn.Linear(5 * WIDE + sum_steps.PAIR + 2 * sum_steps.OWN, INNER)
        self.deep = nn.Linear(INNER, INNER)
        self.score = nn.Linear(INNER, sum_steps.KINDS)
        self.signs = nn.Embedding(len(sum_steps.SIGNS), INNER)
        self.made = nn.Linear(INNER, WIDE)


class Network(nn.Module):  # type: ignore[misc]  # torch is not type-checked here
    """`encoder`: a BERT model; it is changed in place."""

    def __init__(self, encoder: Any) -> None:
        super().__init__()
        for parameter in encoder.parameters():
            parameter.requires_grad_(False)
        self.encoder = encoder
        self.upper = encoder.encoder.layer[LOWER:]
        self.low_rank: dict[str, LowRank] = {}
        for number, layer in enumerate(self.upper, LOWER):
            for name, module in list(layer.named_modules()):
                if isinstance(module, nn.Linear) and name.rsplit(".", 1)[-1] in _LINEARS:
                    changed = LowRank(module, RANK)
                    self.low_rank[f"{number}.{name}"] = changed
                    setattr(layer.get_submodule(name.rsplit(".", 1)[0]), name.rsplit(".", 1)[1], changed)
        self.head = Head()
        self.second = Head()
        """Reads the states of `LOWER` alone: a second opinion, of words that hardly know the others."""
        self.drop = nn.Dropout(0.2)

    def lower(self, ids: Tensor) -> Tensor:
        """States of the unchanged layers, bfloat16 (texts, tokens, 384); texts of one length, without padding."""
        with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
            states = self.encoder.embeddings(input_ids=ids)
            for layer in self.encoder.encoder.layer[:LOWER]:
                states = _state(layer(states))
        return states.bfloat16()

    def tokens(self, states: Tensor, mask: Tensor) -> Tensor:
        """Token states of the whole encoder, float32."""
        outside = ((1 - mask)[:, None, None, :] * -1e4).bfloat16()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            for layer in self.upper:
                states = _state(layer(states, attention_mask=outside))
        return states.float()

    def _some(self, states: Tensor) -> Tensor:
        """The states with some words hidden while training."""
        if not self.training:
            return states
        return states * (torch.rand(states.shape[:2])[..., None] >= _WORDS_LOST)

    def forward(self, batch: Batch, states: Tensor | None = None, *, second: bool = False) -> tuple[Tensor, Tensor]:
        """Loss of each example, and whether every one of its steps was the likeliest.

        `states`: of the last layer and of `LOWER`, where they are known already.
        """
        head, act = self.second if second else self.head, partial(torch.nn.functional.gelu, approximate="tanh")
        if states is None:
            lower = self._some(batch.states)
            states = torch.cat([self.tokens(lower, batch.mask), lower.float()], -1)
        last = states[..., :DIMENSIONS]
        numbers, after, clauses = batch.places @ last, batch.following @ last, batch.clauses @ states
        asked = (batch.question @ states)[:, 0]
        if self.training:
            asked = asked * (torch.rand(len(asked), 1) >= _QUESTIONS_LOST)
        story = act(head.story(self.drop(asked)))
        given = [
            self.drop(numbers),
            self.drop(after),
            self.drop(clauses),
            head.constants(batch.constants),
            batch.own[0],
        ]
        items = act(head.number(torch.cat(given, -1)))
        losses = torch.zeros(len(items))
        right = torch.ones(len(items), dtype=torch.bool)
        row = torch.arange(len(items))
        for turn in batch.turns:
            a, b = items[row[:, None], turn.left], items[row[:, None], turn.right]
            told = story[:, None].expand(-1, a.shape[1], -1)
            z = act(head.pair(torch.cat([a, b, a * b, (a - b).abs(), told, turn.features], -1)))
            z = z + act(head.deep(self.drop(z)))
            scores = head.score(z).masked_fill(~turn.allowed, -1e9).flatten(1)
            loss = torch.nn.functional.cross_entropy(scores, turn.gold, reduction="none")
            losses = losses + loss * turn.live
            right &= (scores.argmax(1) == turn.gold) | (turn.live == 0)
            new = act(head.made(z[row, turn.pair] + head.signs(turn.sign)))
            items = torch.cat([items, new[:, None]], 1)
        return losses, right


def _state(made: Any) -> Tensor:
    found: Tensor = made[0] if isinstance(made, tuple) else made
    return found
