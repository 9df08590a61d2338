"""Several processes, perhaps on several computers, agree on a stage before they run it together.

The first process of the first computer decides whether there is anything to do, and alone writes. What the others read
must be the same to the last byte, whether they share its folder or have a copy of it: else each would learn something
else, and nobody would see it.
"""

import platform
from collections.abc import Sequence
from typing import Any

import torch
from accelerate import PartialState
from accelerate.utils import broadcast_object_list, gather_object

from tutor.domain import Frozen
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.workshop.training import processes


class Seen(Frozen):
    """A stage as one process finds it before it starts."""

    run: bool
    """Whether it must run."""
    recipe: str
    """Hash of the settings that shape it."""
    inputs: dict[str, str]
    """Files that it reads and that are there, with their SHA-256."""
    computer: str = platform.node()


def place() -> PartialState:
    """This process's place in the group; the group is formed where there is none yet."""
    # accelerate groups processors only when it is told
    return PartialState(cpu=processes.world() > 1 and not torch.cuda.is_available())


def agreed(mine: Seen, *, stage: str, shared: bool) -> bool:
    """Whether the stage runs, in all processes alike. Each must call it.

    Raises UserError in all of them where they are to run it together (`shared`) and one reads anything else.
    """
    everyone: list[Seen] = everyones(mine)
    if everyone[0].run and shared:
        alike(everyone, stage)
    return everyone[0].run


def alike(everyone: Sequence[Seen], stage: str) -> None:
    """Raises UserError for the first process that would read something else than process 0."""
    first = everyone[0]
    for number, other in enumerate(everyone):
        names = {*first.inputs, *other.inputs}
        differ = sorted(name for name in names if first.inputs.get(name) != other.inputs.get(name))
        if other.recipe != first.recipe:
            differ.insert(0, tr("the recipe"))
        if differ:
            raise UserError(
                tr(
                    "{stage} was not started: process {number}, on {computer}, has not the same as the first one: "
                    "{files}. Nothing was changed. Every computer needs the same recipe and the same results' folder, "
                    "one that they share or a copy of the first one's, made anew after each stage.",
                    stage=stage,
                    number=number,
                    computer=other.computer or "?",
                    files=", ".join(differ),
                ),
                code="not-alike",
            )


def everyones(value: Any) -> list[Any]:
    """All processes' values (anything that can be pickled), the first one's first, in every process alike."""
    place()
    found: list[Any] = gather_object([value])
    return found


def from_first(value: Any) -> Any:
    """The first process's value (anything that can be pickled), in every process. Each must call it."""
    return broadcast_object_list([value])[0]
