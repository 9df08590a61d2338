"""Every stage of a build: what it reads, what it leaves, what in the recipe shapes it, and the function that runs it.

The functions import their parts when they are called: listing the stages costs nothing.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec

from tutor.domain import Frozen
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.workshop.collect.settings import CollectSettings
from tutor.workshop.evaluation.settings import EvaluateSettings
from tutor.workshop.manifest import hashes, key
from tutor.workshop.preference.settings import PreferenceSettings
from tutor.workshop.reader.settings import ReaderSettings
from tutor.workshop.recipe import Recipe, Text, section
from tutor.workshop.tuning.settings import TuneSettings

MODEL: Final = "starter.gguf"
"""The finished model in the results' folder."""
UNQUANTIZED: Final = "starter-f16.gguf"
BUILDER: Final = "TUTOR_BUILDER"
"""Environment variable: the process that started several to train together; they stop when it is gone."""


class StageContext(Frozen):
    """What a stage is handed."""

    recipe: Recipe
    out: Path
    """Folder of all stages' files."""
    threads: int
    """Threads that this process may use."""
    say: Callable[[str], None]
    """One line for whoever watches."""
    key: str = ""
    """Names everything that the stage is made from; a saved state under another key is of no use."""


class Stage(Frozen):
    """One step of a build."""

    name: str
    run: Callable[[StageContext], dict[str, Any]]
    """Leaves the outputs and gives the figures."""
    outputs: tuple[str, ...]
    """Files (or folders) that are there when it is done."""
    needs: tuple[str, ...] = ()
    """Outputs of earlier stages that it reads."""
    settings: tuple[str, ...] = ()
    """Parts of the recipe that shape it."""
    without: tuple[str, ...] = ()
    """Settings in these parts that do not, as `section.name`."""
    working: tuple[str, ...] = ()
    """Patterns of files and folders that it goes on from after a stop, and keeps in the end."""
    shared: bool = False
    """Whether several processes can run it together, when a launcher starts them."""
    divided: bool = False
    """Whether a build starts several itself: they divide its batch among them."""


NAMES: Final = (
    "collect",
    "text",
    "reader",
    "tokenizer",
    "tune",
    "pretrain",
    "finetune",
    "practise",
    "preference",
    "export",
    "evaluate",
    "card",
)
"""All stages that a recipe can have, in order."""
TRAINING: Final = ("pretrain", "finetune", "practise", "preference")
"""Stages that leave weights, each going on from the one before."""


def texts(recipe: Recipe, stage: str) -> tuple[str, ...]:
    """Files that a training stage (or the tokenizer, as `pretrain`) reads."""
    written = {"pretrain": "pretrain.jsonl", "finetune": "finetune.jsonl", "practise": "practice.jsonl"}
    collected = {"pretrain": "collected.jsonl", "finetune": "pairs.jsonl"}
    found = (written[stage],) if recipe.text else ()
    return found + ((collected[stage],) if recipe.collect and stage in collected else ())


def trained(recipe: Recipe) -> tuple[str, ...]:
    """The training stages of this recipe."""
    return tuple(name for name in TRAINING if getattr(recipe, name, None) is not None)


def weights_before(recipe: Recipe, stage: str) -> str:
    """The training stage whose weights `stage` goes on from."""
    before = [name for name in trained(recipe) if NAMES.index(name) < NAMES.index(stage)]
    return before[-1]


def stages(recipe: Recipe) -> tuple[Stage, ...]:
    """The stages of this recipe, in order."""
    held = ("held.jsonl",) if recipe.text else ()
    return tuple(
        stage
        for stage in (*_texts(recipe), *_training(recipe, held), *_judging(recipe, held))
        if getattr(recipe, stage.name) is not None
    )


WORDS: Final = "tokenizer.json"


def made_from(recipe: Recipe, stage: Stage, out: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """The settings that shape a stage, and its inputs' hashes."""
    settings = {name: section(recipe, name) for name in stage.settings}
    for left_out in stage.without:
        part, _, name = left_out.partition(".")
        del settings[part][name]
    return settings, hashes(out, stage.needs)


def _texts(recipe: Recipe) -> list[Stage]:
    return [
        Stage(
            name="collect",
            run=_collect,
            needs=_sources(recipe),
            outputs=("collected.jsonl", "pairs.jsonl", "preferences.jsonl", "collect.json", "collect.md"),
            settings=("collect",),
        ),
        Stage(
            name="text",
            run=_text,
            outputs=("pretrain.jsonl", "finetune.jsonl", "practice.jsonl", "held.jsonl"),
            settings=("text", "seed"),
        ),
        Stage(
            name="reader",
            run=_reader,
            needs=_reader_data(recipe),
            outputs=("word_reader.npz",),
            settings=("reader", "seed"),
        ),
        Stage(
            name="tokenizer",
            run=_tokenizer,
            needs=texts(recipe, "pretrain"),
            outputs=(WORDS,),
            settings=("tokenizer",),
        ),
    ]


def _reader_data(recipe: Recipe) -> tuple[str, ...]:
    """The file of collected word problems, where the sum reader learns from it; so that a changed one is noticed."""
    if recipe.reader is None or not recipe.reader.data:
        return ()
    from tutor.workshop.writing import word_problems_gsm

    file = Path(recipe.reader.data).expanduser() / word_problems_gsm.FILE
    return (str(file.resolve()),) if file.is_file() else ()  # the stage says where it is not


def _sources(recipe: Recipe) -> tuple[str, ...]:
    """The files that people named, so that a changed one is noticed."""
    if recipe.collect is None:
        return ()
    from tutor.workshop.collect import sources

    named = [*sources.files(recipe.collect), *([Path(recipe.collect.roster)] if recipe.collect.roster else [])]
    return tuple(str(path.expanduser().resolve()) for path in named)


def _training(recipe: Recipe, held: tuple[str, ...]) -> list[Stage]:
    found = []
    for name, run in (("pretrain", _pretrain), ("finetune", _finetune), ("practise", _practise)):
        before = (f"{weights_before(recipe, name)}-done.pt",) if name != "pretrain" else ()
        reads = (WORDS, *texts(recipe, name), *held, *before)
        if recipe.tune and recipe.tune.stage == name:
            found.append(
                Stage(
                    name="tune",
                    run=_tune,
                    needs=reads,
                    outputs=("tune/chosen.toml",),
                    settings=("network", name, "tune", "seed"),
                    without=_searched(recipe.tune),
                    working=("tune",),
                )
            )
        found.append(
            Stage(
                name=name,
                run=run,
                needs=reads,
                outputs=(f"{name}-done.pt", f"{name}-loss.csv", f"{name}-loss.md", f"{name}-loss.png"),
                settings=("network", name, "seed"),
                shared=True,
                divided=True,
            )
        )
    of = recipe.preference
    if of:
        read = (*of.files, *((of.prompts,) if of.prompts else ()))
        found.append(
            Stage(
                name="preference",
                run=_preference,
                needs=(WORDS, f"{of.start}-done.pt", *read),
                outputs=("preference-done.pt",),
                settings=("network", "preference"),
                shared=True,
                working=("preference",),
            )
        )
    return found


def _searched(tune: TuneSettings) -> tuple[str, ...]:
    """Settings that no trial reads, so that what was found may be put into the recipe without another search."""
    found = [f"{tune.stage}.{name}" for name in ("tokens", "held_every", "rate", *(["batch"] if tune.batches else []))]
    if tune.stage == "finetune":
        found += ["finetune.windows_tokens", "finetune.windows_others"]
    sizes = ("width", "layers", "heads", "kv_heads", "inner") if tune.sizes else ()
    return (*found, *(f"network.{name}" for name in sizes))


def _judging(recipe: Recipe, held: tuple[str, ...]) -> list[Stage]:
    losses = tuple(f"{name}.manifest.json" for name in trained(recipe) if name != "preference")
    report = tuple(f"evaluation-report.{kind}" for kind in ("json", "html", "md"))
    return [
        Stage(
            name="export",
            run=_export,
            needs=(WORDS, *(held or texts(recipe, "finetune")), f"{trained(recipe)[-1]}-done.pt"),
            outputs=(MODEL, UNQUANTIZED, "agreement.json", "numbers.json"),
            settings=("network", "export", "name", "scope", "seed"),
        ),
        Stage(
            name="evaluate",
            run=_evaluate,
            needs=(MODEL, *held),
            outputs=(
                *report,
                *(("evaluation.json", "judged.json") if recipe.evaluate and recipe.evaluate.tasks else ()),
            ),
            settings=("evaluate",),
            working=("evaluate-*-state.jsonl",),
        ),
        Stage(
            name="card",
            run=_card,
            needs=(MODEL, "evaluation.json", "judged.json", "agreement.json", "numbers.json", *losses),
            outputs=("README.md", "manifest.json"),
            settings=("name", "scope", "seed", "text", "network", *trained(recipe), "export", "card"),
        ),
    ]


def stage_named(recipe: Recipe, name: str) -> Stage:
    """Raises UserError when the recipe leaves the stage out."""
    for stage in stages(recipe):
        if stage.name == name:
            return stage
    raise UserError(
        tr(
            "This recipe has no stage {name}. Add a section [{name}] to it, or choose one of these: {known}.",
            name=name,
            known=", ".join(stage.name for stage in stages(recipe)),
        ),
        code="no-stage",
    )


def _text(context: StageContext) -> dict[str, Any]:
    from tutor.workshop.writing import text

    of = context.recipe.text or Text()
    text.write(
        context.out,
        pages=of.pretrain_pages,
        first=of.pretrain_talks,
        second=of.finetune_talks,
        held=of.held_talks,
        number_of_problems=of.problems,
        held_problems=of.held_problems,
        first_sums=of.pretrain_sums,
        second_sums=of.finetune_sums,
        data=Path(of.word_data) if of.word_data else None,
        seed=context.recipe.seed,
    )
    text.practice(
        context.out,
        exchanges=of.practice_drills,
        conversations=of.practice_talks,
        number_of_problems=max(1, of.problems // 2),
        word_sums=of.practice_sums,
        data=Path(of.word_data) if of.word_data else None,
        seed=context.recipe.seed,
    )
    return {"bytes": {name: (context.out / name).stat().st_size for name in ("pretrain.jsonl", "finetune.jsonl")}}


def _reader(context: StageContext) -> dict[str, Any]:
    from tutor.workshop.reader import stage

    settings = context.recipe.reader or ReaderSettings()
    made = context.recipe
    return stage.run(settings, context.out, seed=made.seed, threads=context.threads, key=context.key)


def _tokenizer(context: StageContext) -> dict[str, Any]:
    from tutor.workshop.training import tokenizer

    return tokenizer.run(context)


def _pretrain(context: StageContext) -> dict[str, Any]:
    from tutor.workshop.training import stage

    return stage.pretrain(context)


def _finetune(context: StageContext) -> dict[str, Any]:
    from tutor.workshop.training import stage

    return stage.finetune(context)


def _practise(context: StageContext) -> dict[str, Any]:
    from tutor.workshop.training import stage

    return stage.practise(context)


def _export(context: StageContext) -> dict[str, Any]:
    from tutor.workshop.export import stage

    return stage.run(context)


def _collect(context: StageContext) -> dict[str, Any]:
    from tutor.workshop.collect import stage

    return stage.run(context.recipe.collect or CollectSettings(), context.out, context.say)


def _tune(context: StageContext) -> dict[str, Any]:
    from tutor.workshop.tuning import stage, trial

    made, settings = context.recipe, context.recipe.tune or TuneSettings()
    shaped_by, inputs = made_from(made, stage_named(made, "tune"), context.out)
    del shaped_by["tune"]  # which `run` looks at itself: more trials of the same go on from the old ones
    return stage.run(
        settings,
        context.out,
        context.say,
        objective=trial.objective(context, settings),
        key=key(shaped_by, inputs),
        shape=lambda size: msgspec.structs.asdict(trial.sized(made, size)),
    )


def _preference(context: StageContext) -> dict[str, Any]:
    from tutor.workshop.preference import stage

    settings = context.recipe.preference or PreferenceSettings()
    return stage.run(settings, context.out, context.say, shape=context.recipe.network)


def _evaluate(context: StageContext) -> dict[str, Any]:
    from tutor.workshop.evaluation import stage

    return stage.run(context.recipe.evaluate or EvaluateSettings(), context.out, context.say)


def _card(context: StageContext) -> dict[str, Any]:
    from tutor.workshop.evaluation import card

    card.write(context.out, context.recipe)
    return {}
