"""Where an adapter speaks on a narrow model: where it begins otherwise than the base might. Else the base says it.

A small model has a few ways of saying that something is outside its world. An adapter would shuffle them; so whenever
it is about to say what the base might say just as well, the base's own words are taken, the very same as without it.
"""

import contextlib
import math
from collections.abc import Iterator, Sequence
from typing import Final

from tutor.domain import Generation
from tutor.engine.llama import Model

_BEGINNING: Final = 6
"""Tokens that are compared."""
_MIGHT: Final = math.log(0.01)
"""The base might begin so: at least so often as its likeliest way, token by token."""
_GREEDY: Final = Generation(temperature=0.0, repeat_penalty=1.0)


@contextlib.contextmanager
def awake(model: Model) -> Iterator[None]:
    """The adapter that rests speaks meanwhile; then the cache is again what the base left in it."""
    with model.aside():
        model.rest_adapter(False)
        try:
            yield
        finally:
            model.rest_adapter(True)


def says_something_new(model: Model, prompt: Sequence[int]) -> bool:
    """Whether the adapter that rests would begin its answer otherwise than the base might. Raises Interrupted."""
    model.evaluate(prompt)
    with awake(model):
        begun = _begun(model, prompt)
    total = 0.0
    for i, token in enumerate(begun):
        model.evaluate([*prompt, *begun[:i]])
        logs = model.log_probabilities()
        total += float(logs[token] - logs.max())
        if total < _MIGHT:
            return True
    return False


def _begun(model: Model, prompt: Sequence[int]) -> list[int]:
    """The likeliest first tokens of an answer, the one that ends it included."""
    model.evaluate(prompt)
    sampler = model.sampler(_GREEDY, 0)
    out: list[int] = []
    try:
        while len(out) < _BEGINNING:
            token = model.sample(sampler)
            out.append(token)
            if model.ends(token):
                break
            model.append(token)
    finally:
        sampler.close()
    return out
