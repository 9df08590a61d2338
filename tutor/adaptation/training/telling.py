"""Progress with the seconds left: by the plan at first, then by what the steps took."""

import time
from collections.abc import Callable
from typing import Final

import msgspec

from tutor.adaptation.protocol import Progress
from tutor.adaptation.training.loop import Step

_SECONDS: Final = 0.5
"""Progress is told no more often."""


class Teller:
    """Tells `say` how far a job is."""

    def __init__(self, say: Callable[[Progress], None], seconds: float) -> None:
        """`seconds` that the training was planned to take."""
        self._say, self._planned = say, seconds
        self.stage = "training"
        """What the steps of a training are told as; `searching` for one of several."""
        self._last = Progress(stage="examples", step=0, steps=1, seconds_left=seconds)
        self._said = -_SECONDS
        self._stage, self._began, self._first = "", time.monotonic(), 0
        self._held = 0.0

    def step(self, stage: str, step: int, steps: int, *, loss: float = 0.0, held_out: float = 0.0) -> None:
        now = time.monotonic()
        if stage != self._stage or step < self._last.step:
            self._stage, self._began, self._first = stage, now, step
        self._last = Progress(
            stage=stage,
            step=step,
            steps=steps,
            loss=round(loss, 4),
            held_out=round(held_out, 4),
            seconds_left=self._left(stage, step, steps, now),
        )
        if now - self._said >= _SECONDS or step == steps:
            self._said = now
            self._say(self._last)

    def training(self, step: Step) -> None:
        self.step(self.stage, step.step, step.steps, loss=step.loss, held_out=step.held_out)

    def paused(self, holds: bool) -> None:
        """Tell that a pause begins or ends; its time counts for no step."""
        now = time.monotonic()
        if holds:
            self._held = now
        else:
            self._began += now - self._held
        self._said = now
        self._say(msgspec.structs.replace(self._last, paused=holds))

    def _left(self, stage: str, step: int, steps: int, now: float) -> float:
        done = step - self._first
        mine = (now - self._began) / done * (steps - step) if done else 0.0
        if stage == "examples":
            return round(mine + self._planned, 1)
        return round(mine if done else self._planned, 1)
