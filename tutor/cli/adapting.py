"""How a training goes, in a terminal: the plan, a line of progress, the end and its reasons."""

import sys
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING

from tutor.adaptation import protocol as p
from tutor.errors import UserError
from tutor.i18n import tr

if TYPE_CHECKING:
    from tutor.corrections.training import Training


class Shown:
    """Hears the trainer's events on one thread and draws on another."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lines: list[str] = []
        self._progress: p.Progress | None = None
        self._wide = 0
        self._drawn = ""
        self.last: p.Event | None = None

    def hear(self, event: p.Event) -> None:
        with self._lock:
            if isinstance(event, p.Progress):
                self._progress = event
                return
            self.last = event
            if isinstance(event, p.Planned):
                self._lines += planned(event)
            elif isinstance(event, p.Trained):
                self._lines.append(tr("Trained. Now it is judged."))
                if event.left_out:
                    self._lines.append(
                        tr("Too long to learn, left out: correction {ids}", ids=", ".join(map(str, event.left_out)))
                    )

    def draw(self) -> None:
        """Show what came since the last time."""
        with self._lock:
            lines, self._lines = self._lines, []
            progress = line(self._progress) if self._progress is not None else ""
        if lines:
            self._clear()
            print("\n".join(lines), flush=True)
            self._drawn = ""
        if progress == self._drawn:
            return
        self._drawn = progress
        if sys.stdout.isatty():
            self._clear()
            print(progress, end="", flush=True)
            self._wide = len(progress)

    def _clear(self) -> None:
        if self._wide:
            print("\r" + " " * self._wide + "\r", end="")
            self._wide = 0

    def end(self, training: "Training") -> int:
        """Say how it ended; gives the exit code. Raises UserError for what went wrong."""
        self._clear()
        match self.last:
            case p.Judged() as judged:
                for words in (*figures(judged.figures), *judged.reasons):
                    print(f"  {words}")
                number = training.adapter.id
                if judged.promoted:
                    print(tr("Adapter {n} is in use now. Go back with: tutor adapt back", n=number))
                else:
                    print(tr("Adapter {n} is kept and not used.", n=number))
                print(tr("Every answer before and after: tutor adapt report {n}", n=number))
                return 0
            case p.Planned():
                print(tr("Nothing was begun."))
                return 0
            case p.Refused(code=code, message=message) | p.Failed(code=code, message=message):
                raise UserError(message, code=code)
            case _:
                print(tr("Stopped. Nothing was changed."))
                return 1


def planned(plan: p.Planned) -> list[str]:
    """What a training takes, in lines."""
    lines = [
        tr("Corrections: {n}; steps at most: {steps}", n=plan.corrections, steps=plan.steps),
        tr("Memory: {need} of {free} free", need=_size(plan.memory), free=_size(plan.memory_free)),
        tr("Disk: {need} of {free} free", need=_size(plan.disk), free=_size(plan.disk_free)),
        tr("Time: about {n} minutes, then the judging", n=f"{plan.minutes:.0f}" if plan.minutes >= 1 else "1"),
    ]
    if plan.checkpointing:
        lines.append(tr("Memory is short, so some of the work is done twice."))
    if plan.resumed:
        lines.append(tr("It was begun before and goes on where it was."))
    return lines


def line(progress: p.Progress) -> str:
    """One line of progress."""
    stage = {
        "examples": tr("Preparing examples"),
        "training": tr("Training"),
        "searching": tr("Searching for the best settings"),
        "judging": tr("Judging"),
    }.get(progress.stage, progress.stage)
    words = f"{stage}: {progress.step} / {progress.steps}"
    if progress.seconds_left > 0:
        minutes, seconds = divmod(round(progress.seconds_left), 60)
        words += "  " + tr("{minutes}:{seconds} left", minutes=minutes, seconds=f"{seconds:02}")
    return words + ("  " + tr("paused") if progress.paused else "")


def figures(found: Mapping[str, float]) -> list[str]:
    """The figures that matter most, in words."""
    lines = []
    for kind, words in (("right", tr("The corrected questions")), ("held", tr("The same in other words"))):
        if f"{kind}_adapter" in found:
            lines.append(
                tr(
                    "{what}: {base} % right before, {memory} % with memory, {adapter} % with the adapter, "
                    "{both} % with both",
                    what=words,
                    **{arm: _percent(found[f"{kind}_{arm}"]) for arm in ("base", "memory", "adapter", "both")},
                )
            )
    if "unrelated_same" in found:
        lines.append(tr("Other answers unchanged: {share} %", share=_percent(found["unrelated_same"])))
    return lines


def _percent(share: float) -> str:
    return f"{100 * share:.0f}"


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"
