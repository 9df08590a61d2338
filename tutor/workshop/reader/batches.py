"""Examples of the sum reader as tensors: each once as arrays, several together as a batch."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from tutor.tutoring import sum_reader, sum_steps
from tutor.workshop.reader.examples import Example, row_of

Array = npt.NDArray[Any]


class Turn(NamedTuple):
    """One step of every example of a batch; examples that are done are padded."""

    left: Tensor
    right: Tensor
    features: Tensor
    allowed: Tensor
    gold: Tensor
    pair: Tensor
    sign: Tensor
    live: Tensor


class Batch(NamedTuple):
    """Several examples. Shapes: (examples, numbers, ...) for numbers, (examples, pairs, ...) for a turn's pairs."""

    states: Tensor
    mask: Tensor
    places: Tensor
    following: Tensor
    clauses: Tensor
    question: Tensor
    constants: Tensor
    own: list[Tensor]
    turns: list[Turn]


class Prepared(NamedTuple):
    """One example as arrays."""

    tokens: list[int]
    read: sum_reader.Places
    constants: Array
    own: list[Array]
    choices: list[sum_steps.Choices]
    rows: list[int]
    kinds: list[int]
    signs: list[int]


def prepared(example: Example, tokenizer: Any) -> Prepared:
    """Raises ValueError when a step of the example cannot be."""
    seen = tokenizer(example.slotted.text, truncation=True, max_length=256, return_offsets_mapping=True)
    items = sum_steps.start(example.slotted.quantities)
    constants = np.array([sum_steps.constant_index(item) for item in items])
    own, choices, rows, kinds, signs = [], [], [], [], []
    for step in example.steps:
        chosen = sum_steps.Choices(items)
        own.append(sum_steps.own_features(items))
        choices.append(chosen)
        rows.append(row_of(chosen, step))
        kinds.append(step.kind)
        signs.append(step.sign)
        after = sum_steps.joined(items, step)
        if after is None:
            raise ValueError("a step that cannot be")
        items = after
    read = sum_reader.places(example.slotted, seen["offset_mapping"])
    return Prepared(seen["input_ids"], read, constants, own, choices, rows, kinds, signs)


def batch(examples: Sequence[Prepared], states: Sequence[Tensor]) -> Batch:
    """`states`: what the lower layers made of each, (tokens, 384)."""
    count, longest = len(examples), max(len(s) for s in states)
    most = max(len(e.constants) for e in examples)
    padded = torch.zeros(count, longest, states[0].shape[1], dtype=states[0].dtype)
    mask = torch.zeros(count, longest)
    places, following, clauses = np.zeros((3, count, most, longest), dtype=np.float32)
    question = np.zeros((count, 1, longest), dtype=np.float32)
    constants = np.zeros((count, most), dtype=np.int64)
    own = np.zeros((count, most, sum_steps.OWN), dtype=np.float32)
    for i, (e, state) in enumerate(zip(examples, states, strict=True)):
        numbers, tokens = e.read.numbers.shape
        padded[i, :tokens] = state
        mask[i, :tokens] = 1
        places[i, :numbers, :tokens] = e.read.numbers
        following[i, :numbers, :tokens] = e.read.following
        clauses[i, :numbers, :tokens] = e.read.clauses
        question[i, :, :tokens] = e.read.question
        constants[i, :numbers] = e.constants
        own[i, :numbers] = e.own[0]
    turns = [_turn(examples, t, most) for t in range(max(len(e.rows) for e in examples))]
    of = torch.from_numpy
    return Batch(padded, mask, of(places), of(following), of(clauses), of(question), of(constants), [of(own)], turns)


def _turn(examples: Sequence[Prepared], t: int, most: int) -> Turn:
    count = len(examples)
    pairs = max(len(e.choices[t].pairs) for e in examples if len(e.rows) > t)
    left, right = np.zeros((2, count, pairs), dtype=np.int64)
    features = np.zeros((count, pairs, sum_steps.PAIR + 2 * sum_steps.OWN), dtype=np.float32)
    allowed = np.zeros((count, pairs, sum_steps.KINDS), dtype=bool)
    allowed[:, 0, 0] = True
    gold, pair, sign, live = np.zeros((4, count), dtype=np.int64)
    for i, e in enumerate(examples):
        if len(e.rows) <= t:
            continue
        choices, own = e.choices[t], e.own[t]
        first, second = choices.pairs[:, 0], choices.pairs[:, 1]
        n, numbers = len(first), len(e.constants)
        left[i, :n] = np.where(first < numbers, first, first - numbers + most)
        right[i, :n] = np.where(second < numbers, second, second - numbers + most)
        features[i, :n] = np.concatenate([choices.features, own[first], own[second]], axis=1)
        allowed[i] = False
        allowed[i, :n] = choices.allowed
        gold[i] = e.rows[t] * sum_steps.KINDS + e.kinds[t]
        pair[i], sign[i], live[i] = e.rows[t], e.signs[t], 1
    of = torch.from_numpy
    return Turn(of(left), of(right), of(features), of(allowed), of(gold), of(pair), of(sign), of(live))
