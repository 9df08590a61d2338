"""Running stages: what is finished and fits is passed over, what does not fit is made again, and why is said."""

import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from tutor.errors import UserError
from tutor.i18n import tr
from tutor.workshop import manifest, stages
from tutor.workshop.manifest import Manifest
from tutor.workshop.recipe import Recipe
from tutor.workshop.stages import Stage, StageContext
from tutor.workshop.training import processes


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
    say = say if processes.is_first() else _nothing
    chosen = [stages.stage_named(recipe, name) for name in names] or list(stages.stages(recipe))
    for stage in chosen:
        settings, inputs = stages.made_from(recipe, stage, out)
        reasons = why(stage, settings, inputs, out)
        runs = again or reasons != []
        if processes.world() > 1:
            from tutor.workshop.training import group  # torch

            mine = group.Seen(run=runs, recipe=manifest.key(settings, {}), inputs=inputs)
            runs = group.agreed(mine, stage=stage.name, shared=stage.shared)
        if not runs:
            say(tr("{stage}: finished before", stage=stage.name))
            continue
        if reasons:
            say(tr("{stage}: made again, because {reasons}", stage=stage.name, reasons="; ".join(reasons)))
        make(recipe, stage, settings, inputs, out, file=file, threads=threads, again=again, say=say)


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
    batch: int = getattr(recipe, stage.name).batch if stage.divided else 1
    check(recipe, stage, inputs, out, batch=batch)
    launched = processes.launched()
    if processes.is_first():
        manifest.path_of(out, stage.name).unlink(missing_ok=True)
        if again and not launched:
            for left in begun(stage, out):
                if left.is_dir():
                    shutil.rmtree(left)
                else:
                    left.unlink()
    count = processes.best(batch) if stage.divided and not launched else 1
    if count > 1:
        say(tr("{stage}: starts in {n} processes", stage=stage.name, n=count))
        words = [stage.name, str(file), "--out", str(out), "--threads", str(threads or 1)]
        processes.run(words, out, processes=count, threads=threads or 1)
        if manifest.read(out, stage.name) is None:
            raise UserError(tr("{stage} ended before it was finished.", stage=stage.name), code="unfinished")
        return
    say(tr("{stage}: starts", stage=stage.name))
    started = time.monotonic()
    figures = stage.run(
        StageContext(
            recipe=recipe,
            out=out,
            threads=threads or (1 if launched else processes.cores()),
            say=say,
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
        for state in _states(stage, out):
            state.unlink()


def check(recipe: Recipe, stage: Stage, inputs: dict[str, str], out: Path, *, batch: int) -> None:
    """Raises UserError where a stage cannot run: a file is missing, or it is not for the processes that there are."""
    missing = [name for name in stage.needs if name not in inputs]
    if missing:
        makers = [
            other.name
            for other in stages.stages(recipe)
            if {*other.outputs, manifest.path_of(out, other.name).name} & set(missing)
        ]
        said = {"stage": stage.name, "files": ", ".join(missing), "folder": out, "makers": ", ".join(makers)}
        if not makers:
            raise UserError(
                tr(
                    "{stage} needs {files}, and no stage makes it. Nothing was changed. Put it into {folder}, or "
                    "correct its name in the recipe.",
                    **said,
                ),
                code="no-input",
            )
        raise UserError(
            tr(
                "{stage} needs {files}, and {folder} has none. Nothing was changed. Run {makers} first, or build.",
                **said,
            ),
            code="no-input",
        )
    if processes.launched() and not stage.shared:
        raise UserError(
            tr("{stage} runs in one process. Start it without a launcher.", stage=stage.name), code="not-shared"
        )
    if stage.divided and batch % processes.world():
        raise UserError(
            tr(
                "{n} processes cannot share a batch of {batch} evenly. Nothing was changed. Start as many as divide "
                "it, or change [{stage}] batch.",
                n=processes.world(),
                batch=batch,
                stage=stage.name,
            ),
            code="uneven-batch",
        )


def _states(stage: Stage, out: Path) -> list[Path]:
    """What a stopped training saved to go on from; cleared away when it is done."""
    return sorted(out.glob(f"{stage.name}*-state.pt"))


def begun(stage: Stage, out: Path) -> list[Path]:
    """Everything that a stage goes on from."""
    return [*_states(stage, out), *(path for name in stage.working for path in sorted(out.glob(name)))]


def _nothing(words: str) -> None:
    """Only the first process speaks."""


def kept(recipe: Recipe, out: Path) -> str:
    """What a stopped build leaves, in words."""
    done = [stage.name for stage in stages.stages(recipe) if manifest.read(out, stage.name)]
    parts = []
    for stage in stages.stages(recipe):
        if stage.name not in done:
            states = _states(stage, out)
            parts += [path.name for path in states]
            parts += [tr("part of {stage}", stage=stage.name)] if len(begun(stage, out)) > len(states) else []
    return ", ".join([*done, *parts]) or tr("nothing yet")


def listing(recipe: Recipe, out: Path) -> list[tuple[str, str]]:
    """Each stage with how it stands, in words."""
    found = []
    for stage in stages.stages(recipe):
        reasons = why(stage, *stages.made_from(recipe, stage, out), out)
        if reasons is None:
            left = begun(stage, out)
            found.append((stage.name, tr("begun, goes on from its saved state") if left else tr("not made yet")))
        elif reasons:
            found.append((stage.name, tr("must be made again: {reasons}", reasons="; ".join(reasons))))
        else:
            made = manifest.read(out, stage.name)
            found.append((stage.name, tr("finished, took {seconds} s", seconds=round(made.seconds) if made else 0)))
    return found
