"""One job from top to bottom: read, plan, examples, training (or a search of several), the adapter's file.

What a job needs to go on after it was killed lies in `OUT/work`, which holds learners' questions and goes when the job
is done or cancelled.
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final

import msgspec
import torch

from tutor.adaptation import ledger
from tutor.adaptation.control import Control, Stopped
from tutor.adaptation.judging import right
from tutor.adaptation.lowly import Threads
from tutor.adaptation.packed import export
from tutor.adaptation.protocol import WORK, Job, Planned, Progress, Trained
from tutor.adaptation.training import checkpoint, loop, needs, search
from tutor.adaptation.training.examples import Examples, collect
from tutor.adaptation.training.loop import Outcome
from tutor.adaptation.training.phrasings import variants
from tutor.adaptation.training.prompts import Prompts
from tutor.adaptation.training.settings import Settings
from tutor.adaptation.training.telling import Teller
from tutor.checksum import sha256_of
from tutor.domain import Correction
from tutor.engine import adapter_file, gguf_file
from tutor.engine.adapter_file import BASE_KEY, LEDGER_KEY
from tutor.engine.llama import Interrupt, Interrupted
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.tutoring.guidelines import DEFAULT

ADAPTER: Final = "adapter.gguf"
EXAMPLES: Final = "examples.bin"
_ASKED: Final = 4
"""Wordings of each correction that an adapter from elsewhere is judged on."""
_SEARCHED: Final = "searched"
"""Marks a training in `WORK` that was begun as a search: it goes on as one."""
_SEVERAL: Final = 3.0
"""Trainings for which the time must be enough before others are tried unasked."""
_AN_HOUR: Final = 60.0
_FEW: Final = 100
"""Corrections up to which all epochs are read. An epoch of more corrections has more steps, and fewer epochs do."""
_FALL: Final = 0.27
"""Power by which epochs fall with the number of corrections: 8 for a thousand."""
_EPOCHS_LEAST: Final = 6
_SMALL: Final = 200_000_000
"""Parameters up to which a step of 1,024 tokens costs no memory to speak of; larger models take 512."""
_STEPS_ENOUGH: Final = 40
"""Corrections up to which a step takes 512 as well, for there would be too few steps otherwise."""


class Done(msgspec.Struct, frozen=True):
    """What a job leaves for the judging."""

    trained: Trained
    corrections: tuple[Correction, ...]
    asked: dict[int, tuple[str, ...]]
    """Held-out wordings by correction."""


def run(job: Job, say: Callable[[Planned | Progress | Trained], None], control: Control) -> Done | None:
    """Do a job; None after a dry run. Says `Planned` first and `Trained` last.

    Raises UserError, and Stopped when asked to end. Before `Planned` was said nothing was begun.
    """
    base, out, threads = Path(job.base), Path(job.out), Threads(job.threads)
    corrections = ledger.accepted(ledger.read(Path(job.ledger)))
    if not corrections:
        raise UserError(
            tr("There is no accepted correction to learn from. Nothing was begun. Accept a correction first."),
            code="nothing",
        )
    settings = settings_of(job, len(corrections))
    base_sha256, ledger_sha256 = sha256_of(base), ledger.digest(corrections)
    key = loop.digest(base_sha256, ledger_sha256, settings)
    work = out / WORK
    examples = checkpoint.read(work / EXAMPLES, key, Examples)
    planned = needs.planned(job, corrections, settings, threads, resumed=examples is not None)
    say(planned)
    if job.dry_run:
        return None
    _make(work)
    searching = _searches(job, work, planned)
    teller = Teller(say, planned.minutes * 60)

    def wait() -> None:
        if control.paused:
            teller.paused(True)
            control.wait()
            teller.paused(False)
        control.wait()
        torch.set_num_threads(threads.now())

    if examples is None:
        examples = _examples(job, corrections, settings, wait, teller, control)
        checkpoint.keep(work / EXAMPLES, key, examples)

    def train(chosen: Settings, folder: Path, its_key: str) -> Outcome:
        model = needs.opened(job, chosen, threads, checkpointing=planned.checkpointing)
        try:
            outcome = loop.train(model, examples, chosen, folder, key=its_key, wait=wait, say=teller.training)
            metadata = {
                BASE_KEY: base_sha256,
                LEDGER_KEY: ledger_sha256,
                export.RECIPE_KEY: msgspec.json.encode(chosen).decode(),
                export.FIGURES_KEY: msgspec.json.encode(figures(outcome)).decode(),
            }
            export.write(folder / ADAPTER, model, metadata=metadata)
        except OSError as error:
            raise checkpoint.full(folder, error) from None
        finally:
            model.close()
        return outcome

    def answered(folder: Path) -> float:
        return _answered(job, examples, corrections, settings, folder / ADAPTER, wait, control)

    if searching:
        teller.stage = "searching"
        minutes = job.minutes or _AN_HOUR
        found, outcome, _tried = search.best(train, answered, settings, work, key=key, minutes=minutes)
    else:
        found, outcome = work, train(settings, work, key)
    (found / ADAPTER).replace(out / ADAPTER)
    clean(out)
    trained = Trained(
        adapter=str(out / ADAPTER),
        base_sha256=base_sha256,
        ledger_sha256=ledger_sha256,
        figures=figures(outcome),
        left_out=examples.left_out,
    )
    say(trained)
    return Done(trained=trained, corrections=corrections, asked=examples.asked)


def _searches(job: Job, work: Path, planned: Planned) -> bool:
    """Whether several settings are tried: when it is asked for, or when a person gave the time for it.

    What was begun in one way goes on in that way. Raises UserError (`disk`).
    """
    mark = work / _SEARCHED
    begun = (work / checkpoint.STATE).exists()
    wanted = job.search or job.minutes >= _SEVERAL * max(planned.minutes, 1 / 60)
    if not mark.exists() and wanted and not begun:
        try:
            mark.touch()
        except OSError as error:
            raise checkpoint.full(work, error) from None
    return mark.exists()


def given(job: Job) -> Done:
    """An adapter that came from elsewhere, with wordings to judge it on. Raises UserError for file or ledger."""
    adapter = adapter_file.read(Path(job.adapter))
    corrections = ledger.accepted(ledger.read(Path(job.ledger)))
    trained = Trained(
        adapter=job.adapter, base_sha256=adapter.base_sha256, ledger_sha256=adapter.ledger_sha256, figures={}
    )
    asked = {c.id: tuple(variants(c.question, Random(c.id), _ASKED, held=True)) for c in corrections}
    return Done(trained=trained, corrections=corrections, asked=asked)


def settings_of(job: Job, corrections: int) -> Settings:
    """A job's settings: its own where it names them, else those that fit the model and the number of corrections.

    Raises UserError for the file.
    """
    header = gguf_file.read(Path(job.base))
    settings = Settings(rank=job.rank, alpha=job.alpha, seed=job.seed, guidelines=job.guidelines or DEFAULT)
    if header.parameters > _SMALL:
        settings = msgspec.structs.replace(settings, tokens=512, rate=3e-4, epochs=8)
    elif corrections <= _STEPS_ENOUGH:
        settings = msgspec.structs.replace(settings, tokens=512)
    fewer = min(1.0, _FEW / corrections) ** _FALL
    settings = msgspec.structs.replace(settings, epochs=max(_EPOCHS_LEAST, round(settings.epochs * fewer)))
    if job.rate:
        settings = msgspec.structs.replace(settings, rate=job.rate)
    if job.epochs:
        settings = msgspec.structs.replace(settings, epochs=job.epochs)
    return settings


def figures(outcome: Outcome) -> dict[str, float]:
    """How a training ended, as numbers by name."""
    return {
        "steps": float(outcome.steps),
        "epochs": float(outcome.epochs),
        "best_epoch": float(outcome.best_epoch),
        "loss": round(outcome.loss, 4),
        "held_out": round(outcome.held_out, 4),
        "kept": round(outcome.kept, 4),
    }


def clean(out: Path) -> None:
    """Remove what a training left behind for going on."""
    shutil.rmtree(out / WORK, ignore_errors=True)


def _make(work: Path) -> None:
    try:
        work.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise checkpoint.full(work.parent, error) from None


def _examples(
    job: Job,
    corrections: tuple[Correction, ...],
    settings: Settings,
    wait: Callable[[], None],
    teller: Teller,
    control: Control,
) -> Examples:
    prompts = _prompts(job, settings, control)
    try:
        made = collect(
            prompts, corrections, settings, wait=wait, say=lambda done, of: teller.step("examples", done, of)
        )
    except Interrupted:
        raise Stopped from None
    finally:
        prompts.close()
    if not made.lessons:
        raise UserError(
            tr(
                "This model cannot learn any of the corrections: they do not fit its context of {n} tokens, or they "
                "are about what the program itself works out. Nothing was changed, and memory answers them as before. "
                "Shorten them, or choose a larger model.",
                n=prompts.model.n_ctx,
            ),
            code="nothing",
        )
    return made


def _answered(
    job: Job,
    examples: Examples,
    corrections: tuple[Correction, ...],
    settings: Settings,
    adapter: Path,
    wait: Callable[[], None],
    control: Control,
) -> float:
    """The share of held-out wordings that the adapter answers rightly, in llama.cpp."""
    prompts = _prompts(job, settings, control, embed=False)
    accepted = {c.id: c for c in corrections}
    good = []
    try:
        prompts.model.use_adapter(adapter)
        for lesson in examples.lessons:
            c = accepted[lesson.correction]
            for pair in lesson.held:
                wait()
                said = prompts.text(prompts.generate(pair.prompt, most=settings.answer_most))
                good.append(right.is_right(said, c.answer, question=c.question, wrong=c.wrong))
    except Interrupted:
        raise Stopped from None
    finally:
        prompts.close()
    return sum(good) / max(len(good), 1)


def _prompts(job: Job, settings: Settings, control: Control, *, embed: bool = True) -> Prompts:
    interrupt = Interrupt()
    control.on_stop(interrupt.set)
    threads = Threads(job.threads).most
    return Prompts.open(
        Path(job.base),
        guidelines=settings.guidelines,
        threads=threads,
        gpu=job.gpu,
        interrupt=interrupt,
        embed=embed,
    )
