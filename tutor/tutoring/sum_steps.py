"""A sum as steps over a story's numbers: which steps can be next, and what can be told of them by the numbers alone.

A step joins two numbers, of the story or of earlier steps, by one operation; the last one says that it is the last.
The reader scores the steps (`sum_reader`), training shows it the right ones; both see exactly what is written here.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

import numpy as np
import numpy.typing as npt

from tutor.tutoring import expressions as ex
from tutor.tutoring.story_numbers import CONSTANTS, Quantity

SIGNS: Final = ("+", "-", "-", "×", "÷", "÷")
TURNED: Final = (False, False, True, False, False, True)
"""Whether the operation takes the later number first."""
KINDS: Final = 2 * len(SIGNS)
"""Every operation, going on or ending the sum."""
MAX_STEPS: Final = 4
OWN: Final = 10
"""Features of one number."""
PAIR: Final = 22
"""Features of a pair."""

Array = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Item:
    """A number that a step may take."""

    value: Fraction
    unit: str
    node: ex.Node
    constant: bool = False
    made: bool = False
    percent: bool = False
    noun: str = ""
    uses: int = 0
    holds: frozenset[int] = frozenset()
    """Places of the numbers that an earlier step has taken for it."""


@dataclass(frozen=True, slots=True)
class Step:
    """Join items `left` and `right` (left comes first in the list) by `SIGNS[sign]`; `last`: the sum is done."""

    left: int
    right: int
    sign: int
    last: bool

    @property
    def kind(self) -> int:
        """Place among a pair's `KINDS` scores."""
        return self.sign + len(SIGNS) * self.last


def start(quantities: tuple[Quantity, ...]) -> tuple[Item, ...]:
    """The story's numbers, none used."""
    return tuple(Item(q.value, q.unit, q.node, q.constant, False, q.percent, q.noun) for q in quantities)


def constant_index(item: Item) -> int:
    """0 for a number that is written in the story, else its place among the constants from 1 on."""
    return CONSTANTS.index(int(item.value)) + 1 if item.constant else 0


def own_features(items: tuple[Item, ...]) -> Array:
    """Float32 (items, OWN): what a number is, not how much."""
    rows = [
        (
            item.constant,
            item.made,
            item.percent,
            bool(item.unit),
            item.value.denominator > 1 and "/" in getattr(item.node, "text", ""),
            item.value.denominator > 1,
            item.value == 1,
            item.value == 2,
            item.value < 1,
            item.value >= 100,
        )
        for item in items
    ]
    return np.array(rows, dtype=np.float32).reshape(len(items), OWN)


def joined(items: tuple[Item, ...], step: Step) -> tuple[Item, ...] | None:
    """The items after a step, the new one last; None when the step makes no number that a child would meet."""
    first, second = items[step.left], items[step.right]
    if TURNED[step.sign]:
        first, second = second, first
    sign = SIGNS[step.sign]
    if sign in "+×" and min(second.holds, default=step.right) < min(first.holds, default=step.left):
        first, second = second, first  # as the story tells it
    unit = _unit(sign, first, second)
    if unit is None:
        return None
    try:
        value = ex.apply(sign, first.value, second.value)
    except ex.UnreadableError:
        return None
    if value <= 0 or (value * 1000).denominator != 1:
        return None
    noun = first.noun if sign in "+-" else ""
    holds = frozenset({step.left, step.right}) | first.holds | second.holds
    made = Item(value, unit, ex.Op(sign, first.node, second.node), made=True, noun=noun, holds=holds)
    used = tuple(_used(item) if i in (step.left, step.right) else item for i, item in enumerate(items))
    return (*used, made)


def _used(item: Item) -> Item:
    return replace(item, uses=item.uses + 1)


def _unit(sign: str, first: Item, second: Item) -> str | None:
    """The currency of a step's result, None when the two do not go together."""
    if sign in "+-":
        return first.unit if first.unit == second.unit else None
    if sign == "×":
        return None if first.unit and second.unit else first.unit or second.unit
    if second.unit and first.unit != second.unit:
        return None
    return "" if second.unit else first.unit


class Choices:
    """All steps that can be next, as arrays: the reader scores them in one go."""

    def __init__(self, items: tuple[Item, ...]) -> None:
        self.items = items
        first, second = np.triu_indices(len(items), 1)
        self.pairs = np.stack([first, second], axis=1).astype(np.int64)
        """(pairs, 2)"""
        made = np.array([item.made for item in items])
        uses = np.array([item.uses for item in items])
        written = np.array([not item.made and not item.constant for item in items])
        value = np.array([float(item.value) for item in items])
        unit = np.array([_UNITS.index(item.unit) for item in items])
        noun = np.array([item.noun for item in items], dtype=object)
        a, b = value[first], value[second]
        units = unit[first], unit[second]
        left_open = _without(made & (uses == 0), first, second)
        left_unread = _without(written & (uses == 0), first, second)
        steps = int(made.sum())
        signs = _possible(a, b, *units)
        going = (left_open <= 1) & (steps + 1 < MAX_STEPS)
        self.allowed = np.concatenate([signs & going[:, None], signs & (left_open == 0)[:, None]], axis=1)
        """Bool (pairs, KINDS)"""
        for row in np.flatnonzero((uses > 0)[first] | (uses > 0)[second]):
            self.allowed[row] &= np.tile(_again(items[first[row]], items[second[row]], int(first[row])), 2)
        with np.errstate(divide="ignore", invalid="ignore"):
            whole = _whole(a / b), _whole(b / a)
        ones, used = np.ones(len(a)), (uses[first], uses[second])
        columns = (
            a > b, a == b, *whole, units[0] == units[1], units[0] > 0, units[1] > 0, used[0] > 0, used[1] > 0,
            used[0] > 1, used[1] > 1, made[first] & made[second], (noun[first] == noun[second]) & (noun[first] != ""),
            left_open > 0, left_unread == 0, left_unread == 1, left_unread == 2, left_unread > 2,
            ones * (steps == 0), ones * (steps == 1), ones * (steps >= 2), second - first == 1,
        )  # fmt: skip
        self.features = np.stack(columns, axis=1).astype(np.float32).reshape(len(a), PAIR)
        """Float32 (pairs, PAIR)"""


def _without(
    marked: npt.NDArray[np.bool_], first: npt.NDArray[np.int64], second: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """How many of the marked items each pair leaves."""
    found: npt.NDArray[np.int64] = marked.sum() - marked[first].astype(np.int64) - marked[second]
    return found


def _possible(
    a: npt.NDArray[np.float64],
    b: npt.NDArray[np.float64],
    unit_a: npt.NDArray[np.int64],
    unit_b: npt.NDArray[np.int64],
) -> npt.NDArray[np.bool_]:
    """Operations (pairs, signs) that make a number a child would meet."""
    alike, plain_a, plain_b = unit_a == unit_b, unit_a == 0, unit_b == 0
    with np.errstate(divide="ignore", invalid="ignore"):
        even, turned = _short(a / b), _short(b / a)
    columns = (
        alike,
        alike & (a > b + 1e-9),
        alike & (b > a + 1e-9),
        (plain_a | plain_b) & _short(a * b),
        (alike | plain_b) & even,
        (alike | plain_a) & turned,
    )
    return np.stack(columns, axis=1)


def _again(first: Item, second: Item, place: int) -> tuple[bool, ...]:
    """Which operations make sense where a number is taken a second time: "5 more than Ali", and Ali together."""
    if second.constant or first.constant:
        return _NONE if second.uses and not second.constant else _SCALING
    if second.uses or not second.made or place not in second.holds or first.uses > 1:
        return _NONE
    of = second.node
    if not isinstance(of, ex.Op) or of.sign in "+-":
        return _ADDING
    return _SHARING if of.sign == "÷" and isinstance(of.right, ex.Op) else _JOINING


_NONE: Final = (False,) * len(SIGNS)
_ADDING: Final = (True, False, False, False, False, False)
_JOINING: Final = (True, True, True, False, False, False)
_SHARING: Final = (True, True, True, True, False, False)
_SCALING: Final = (False, False, False, True, True, True)

_UNITS: Final = ("", "£", "$", "€")


def _short(values: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Whether numbers have three decimals at most."""
    thousands = np.nan_to_num(values, nan=0.5, posinf=0.5) * 1000
    return np.abs(thousands - np.round(thousands)) < 1e-6


def _whole(values: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    numbers = np.nan_to_num(values, nan=0.5, posinf=0.5)
    return np.abs(numbers - np.round(numbers)) < 1e-9
