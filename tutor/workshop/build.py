"""Running stages: what is finished and fits is passed over, what does not fit is made again, and why is said."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from tutor.errors import UserError
from tutor.i18n import tr
from tutor.workshop import manifest, stages
from tutor.workshop.manifest import Manifest
from tutor.workshop.recipe import Recipe, section
from tutor.workshop.stages import Stage, StageContext


def run(
    recipe: Recipe,
    names: Sequence[str],
    out: Path,
    *,
    file: Path,
    threads: int = 0,
    again: bool = False,
    say: Callable[[str], None],
) -> None:
    """Run the named stages (all of the recipe's, if none is named), in order.

    `file` is where the recipe was read from (several processes read it again); `threads` of each process, 0 to choose.
    Raises UserError when an input is missing or a stage fails, Stopped or KeyboardInterrupt when it is stopped.
    """
    out.mkdir(parents=True, exist_ok=True)
    chosen = [stages.stage_named(recipe, name) for name in names] or list(stages.stages(recipe))
    for stage in chosen:
        settings, inputs = made_from(recipe, stage, out)
        reasons = why(stage, settings, inputs, out)
        if reasons == [] and not again:
            say(tr("{stage}: finished before", stage=stage.name))
            continue
        if reasons:
            say(tr("{stage}: made again, because {reasons}", stage=stage.name, reasons="; ".join(reasons)))
        make(recipe, stage, settings, inputs, out, file=file, threads=threads, again=again, say=say)


def made_from(recipe: Recipe, stage: Stage, out: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """The settings that shape a stage, and its inputs' hashes."""
    settings = {name: section(recipe, name) for name in stage.settings}
    return settings, manifest.hashes(out, stage.needs)


def why(stage: Stage, settings: dict[str, Any], inputs: dict[str, str], out: Path) -> list[str] | None:
    """Why a stage must be made again: None if it never was, nothing if it need not."""
    found = manifest.read(out, stage.name)
    return manifest.changes(found, settings, inputs, out) if found else None


def make(
    recipe: Recipe,
    stage: Stage,
    settings: dict[str, Any],
    inputs: dict[str, str],
    out: Path,
    *,
    file: Path,
    threads: int,
    again: bool,
    say: Callable[[str], None],
) -> None:
    """Run one stage, here or in several processes, and write its manifest."""
    from tutor.workshop.training import processes  # psutil and signals; only a build needs them

    missing = [name for name in stage.needs if name not in inputs]
    if missing:
        makers = [
            other.name
            for other in stages.stages(recipe)
            if {*other.outputs, manifest.path_of(out, other.name).name} & set(missing)
        ]
        raise UserError(
            tr(
                "{stage} needs {files}, and {folder} has none. Nothing was changed. Run {makers} first, or build.",
                stage=stage.name,
                files=", ".join(missing),
                folder=out,
                makers=", ".join(makers),
            ),
            code="no-input",
        )
    launched = processes.launched()
    if launched and not stage.shared:
        raise UserError(
            tr("{stage} runs in one process. Start it without a launcher.", stage=stage.name), code="not-shared"
        )
    if processes.is_first():
        manifest.path_of(out, stage.name).unlink(missing_ok=True)
        if again and not launched:
            for state in out.glob(f"{stage.name}*-state.pt"):
                state.unlink()
    count = processes.best(getattr(recipe, stage.name).batch) if stage.divided and not launched else 1
    if count > 1:
        say(tr("{stage}: starts in {n} processes", stage=stage.name, n=count))
        words = [stage.name, str(file), "--out", str(out), "--threads", str(threads or 1)]
        processes.run(words, out, processes=count, threads=threads or 1)
        if manifest.read(out, stage.name) is None:
            raise UserError(tr("{stage} ended before it was finished.", stage=stage.name), code="unfinished")
        return
    if processes.is_first():
        say(tr("{stage}: starts", stage=stage.name))
    started = time.monotonic()
    figures = stage.run(
        StageContext(
            recipe=recipe,
            out=out,
            threads=threads or (1 if launched else processes.cores()),
            say=say if processes.is_first() else _nothing,
            key=manifest.key(settings, inputs),
        )
    )
    if processes.is_first():
        manifest.write(
            Manifest(
                stage=stage.name,
                settings=msgspec.to_builtins(settings),
                inputs=inputs,
                outputs=manifest.hashes(out, stage.outputs),
                figures=figures,
                versions=manifest.versions(),
                seconds=round(time.monotonic() - started, 1),
            ),
            out,
        )
        for state in out.glob(f"{stage.name}*-state.pt"):
            state.unlink()


def _nothing(words: str) -> None:
    """Only the first process speaks."""


def kept(recipe: Recipe, out: Path) -> str:
    """What a stopped build leaves, in words."""
    done = [stage.name for stage in stages.stages(recipe) if manifest.read(out, stage.name)]
    states = sorted(path.name for path in out.glob("*-state.pt"))
    return ", ".join([*done, *states]) or tr("nothing yet")


def listing(recipe: Recipe, out: Path) -> list[tuple[str, str]]:
    """Each stage with how it stands, in words."""
    found = []
    for stage in stages.stages(recipe):
        reasons = why(stage, *made_from(recipe, stage, out), out)
        if reasons is None:
            begun = any(out.glob(f"{stage.name}*-state.pt"))
            found.append((stage.name, tr("begun, goes on from its saved state") if begun else tr("not made yet")))
        elif reasons:
            found.append((stage.name, tr("must be made again: {reasons}", reasons="; ".join(reasons))))
        else:
            made = manifest.read(out, stage.name)
            found.append((stage.name, tr("finished, took {seconds} s", seconds=round(made.seconds) if made else 0)))
    return found
