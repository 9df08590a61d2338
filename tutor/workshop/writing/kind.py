"""A kind of problem: how often it is wanted, its random numbers, and the ways of putting it."""

from collections.abc import Callable
from random import Random
from typing import NamedTuple

Values = dict[str, str]


class Kind(NamedTuple):
    """The last of every four `templates` is held out for evaluation."""

    weight: int
    values: Callable[[Random], Values]
    templates: tuple[str, ...]
