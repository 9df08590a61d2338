"""Building the safety classifier: `tutor workshop safety build --data FOLDER --out models/safety`.

Collect and label rows, fine-tune the encoder by the recipe, pack and write the model, choose thresholds on held-out
benign text, measure on held-out rows. `pack`, `levels` and `measure` repeat one of the later steps. Under torchrun the
processes share the training.
"""

import argparse
import json
import os
import random
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch

from tutor.domain import Direction
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.moderation import checkpoint, crisis, thresholds
from tutor.moderation.classifier import Classifier
from tutor.moderation.moderator import Moderator, ToJudge
from tutor.workshop.safety import card, export, figures, groups, guesses, levels, measure, recipe, rows, tradeoff, train
from tutor.workshop.safety.recipe import Blend, Pass, Recipe
from tutor.workshop.safety.sources import Row

BUDGET = 0.008
"""Benign texts that may be blocked when thresholds are chosen: under the promised 1%, since new text is harder."""
EVEN = 0.02
"""The same for sentences that name one kind of group of people: none may be stopped more often than the others."""
OF_PEOPLE = ("toxicity", "insult", "identity_attack")
"""The labels whose levels rise for that."""
UNSEEN = "surge_toxicity"
"""The source that is only ever tested on."""
LINES = Path("tests/moderation/lines")
"""Lines written by hand, in a checkout of the source."""


def choose_levels(folder: Path, found: Sequence[Row], at_most: int = 400) -> None:
    """Write the thresholds file beside the model, from the development split, and its picture."""
    moderator = Moderator(Classifier(folder), thresholds.Thresholds({}))
    dev = [r for r in found if r.split == "dev"]
    benign = [r for r in dev if r.source.startswith(("own", "gsm8k")) and not any(r.labels.values())]
    lines = [r for r in benign if not r.source.startswith(("own:tutor", "gsm8k")) and not r.context]
    lines = [r for r in lines if not measure.looks_alike(r)]  # rare in use; measured by themselves
    easy = [r for r in benign if r.source.startswith(("own:tutor", "gsm8k"))]
    harmful = [r for r in dev if any(r.labels.values()) and not r.context]
    pick = random.Random(0)
    lines, easy = (pick.sample(group, min(at_most * size, len(group))) for group, size in ((lines, 3), (easy, 1)))
    harmful = measure.sample(harmful, at_most // 5)
    messages = pick.sample(rows.messages(), at_most)
    bad = [(_scores(moderator, r), _left_to_it(r)) for r in harmful]
    said = [_scores(moderator, r) for r in easy]
    typed = [_scores(moderator, r) for r in (*lines, *messages)]
    typed += [scores for r, scores in zip(easy, said, strict=True) if r.source == "gsm8k"]
    chosen = {
        Direction.INPUT.value: levels.choose(typed, bad, BUDGET),
        Direction.OUTPUT.value: levels.choose(typed + said, bad, BUDGET, says=True),
    }
    for kind in groups.kinds():
        named = [_scores(moderator, r) for r in groups.plain_lines(kind, 60, split="dev")]
        few = [{label: scores[label] for label in OF_PEOPLE} for scores in named]
        for above in chosen.values():
            above.update(levels.choose(few, bad, EVEN, least=above))
    levels.write(folder / thresholds.FILE, chosen, BUDGET)
    tradeoff.draw(folder / tradeoff.FILE, typed + said, bad, chosen["input"], BUDGET)


def _left_to_it(row: Row) -> set[str]:
    """The labels of a row that the classifier alone must find: rules find some disclosures and requests as well."""
    found = {"self_harm"} if crisis.signs(row.text) else set()
    found |= {"dangerous_request"} if crisis.dangerous(row.text) else set()
    return {label for label, value in row.labels.items() if value} - found


def _scores(moderator: Moderator, row: Row) -> dict[str, float]:
    context = (row.context,) if row.context else ()
    return moderator.scores(ToJudge(text=row.text, direction=Direction.INPUT, context=context))


def all_figures(folder: Path, rows: Sequence[Row], at_most: int = 400, say: Any = print) -> dict[str, Any]:
    """All figures on the test split, at most so many rows a source."""
    moderator = Moderator.load(folder)
    plain = [r for r in rows if ":spelt" not in r.source]
    test = [r for r in plain if r.source == UNSEEN]  # measured whole
    test += measure.sample([r for r in plain if r.split == "test" and r.source != UNSEEN], at_most)
    dev = measure.sample([r for r in plain if r.split == "dev" and "toxicity" in r.labels], at_most // 4)
    scored = figures.score(moderator, test)
    say("scored")
    level = measure.level_of(dev, figures.score(moderator, dev))
    found: dict[str, Any] = {
        "labels": measure.by_label(test, scored),
        "level": level,
        "sources, toxicity": measure.by_source(test, scored, level),
        "bias": groups.bias(test, scored),
    }
    say("labels, sources, bias")
    found["product"] = measure.product(moderator, test)
    found["groups"] = groups.false_blocks(moderator)
    say("product, groups")
    found["spellings"] = measure.spellings(moderator, test)
    say("spellings")
    if LINES.is_dir():
        found["written"] = measure.written(moderator, LINES)
    found["same verdict"] = measure.fidelity(folder, test)
    return found


def learn(made: Recipe, found: Sequence[Row], work: Path) -> tuple[Any, Any]:
    """All passes of the recipe; a finished one is not run again, an interrupted one goes on where it was."""
    first, start = os.environ.get("RANK", "0") == "0", None
    for number, one in enumerate(made.passes, start=1):
        full = work / f"pass-{number}.pt"
        if not full.exists():
            learnt = _chosen(one, found)
            if one.blend is not None and start is not None:
                start = blended(one.blend, start, work, _say if first else _quiet)
            plan = train.Plan(
                epochs=one.epochs,
                rate=one.rate,
                seed=one.seed,
                minutes=one.minutes,
                rounded=one.rounded,
                start=start,
                saved=work / f"pass-{number}.state",
            )
            model, _ = train.train(learnt, plan, _say if first else _quiet)
            if first:
                state = model.state_dict()
                if one.kept and start is not None:
                    state = mean(state, torch.load(start, weights_only=True), one.kept)
                torch.save(state, full)
                (work / f"pass-{number}.state").unlink(missing_ok=True)
            train.wait()
        start = full
    return ended(made, work)


def ended(made: Recipe, work: Path) -> tuple[Any, Any]:
    """What ships: the mean that the recipe ends with, or the last pass's weights."""
    model, tokenizer = _weights(None if made.ends else work / f"pass-{len(made.passes)}.pt")
    if made.ends:
        parts = [(end.share, torch.load(work / end.file, weights_only=True)) for end in made.ends]
        model.load_state_dict(
            {name: sum(share * state[name].float() for share, state in parts) for name in model.state_dict()}
        )
    return model, tokenizer


def blended(blend: Blend, start: Path, work: Path, say: Callable[[str], None]) -> Path:
    """The mean of the weights at `start` and those of an earlier version, in a file of its own."""
    other = work / blend.file
    if not other.exists():
        say(f"{other} is not there: the pass begins with the weights before it alone")
        return start
    mixed = mean(torch.load(start, weights_only=True), checkpoint.read(other)[0], blend.share)
    made = start.with_suffix(".blended.pt")
    part = made.with_name(f"{made.name}.{os.getpid()}")
    torch.save(mixed, part)
    part.replace(made)  # whole for every process that reads it
    return made


def mean(state: dict[str, Any], other: dict[str, Any], share: float) -> dict[str, Any]:
    """Weights between two sets of them: `share` of the way to the other."""
    return {
        name: torch.lerp(tensor.float(), other[name].float(), share) if tensor.is_floating_point() else tensor
        for name, tensor in state.items()
    }


def _chosen(one: Pass, found: Sequence[Row]) -> list[Row]:
    """The rows that a pass reads."""
    rng = random.Random(one.seed)
    rows = [r for r in found if r.split == "train" and r.source.split(":")[0] not in one.without]
    return [r for r in rows if r.source.startswith(one.all_of) or rng.random() < one.share]


def _weights(full: Path | None) -> tuple[Any, Any]:
    model, tokenizer = train.fresh(train.encoder_folder())
    if full is not None:
        model.load_state_dict(torch.load(full, weights_only=True))
    return model.eval(), tokenizer


def _guessing(made: Recipe, work: Path) -> tuple[Any, Any]:
    """The weights that the first pass with a blend begins with: they guess what the rows do not say."""
    for number, one in enumerate(made.passes):
        if one.blend is not None and number:
            return _weights(blended(one.blend, work / f"pass-{number}.pt", work, _say))
    raise UserError(tr("No pass of the recipe begins with an earlier version, so there is nothing to guess with."))


def _report(found: dict[str, Any], out: Path) -> None:
    (out / "figures.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    if (out / "README.md").exists():
        card.update(out / "README.md", out / "figures.json")
    print(card.tables(found), flush=True)


def _quiet(line: str) -> None:
    """For processes that only help."""


def _say(line: str) -> None:
    print(line, flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    """The command line of this stage. Exit code 0, or 1 (failed, reason on stderr)."""
    parser = argparse.ArgumentParser(
        prog="tutor workshop safety", description=tr("Make the safety classifier, or its thresholds or figures again.")
    )
    parser.add_argument("stage", choices=("guess", "build", "pack", "levels", "measure"))
    parser.add_argument(
        "--data", type=Path, default=os.environ.get("TUTOR_SAFETY_DATA"), help=tr("folder of the *.jsonl.gz files")
    )
    parser.add_argument("--out", type=Path, default=Path("models/safety"), help=tr("the model's folder"))
    parser.add_argument("--recipe", type=Path, help=tr("the recipe (default: the one that ships)"))
    parser.add_argument(
        "--work", type=Path, default=Path("workshop-out/safety"), help=tr("folder for full-precision weights")
    )
    parser.add_argument("--threads", type=int, default=1, help=tr("threads of each process"))
    args = parser.parse_args(argv)
    if args.data is None:
        parser.error(tr("--data (or TUTOR_SAFETY_DATA) must name the folder of the training data"))
    torch.set_num_threads(args.threads)
    try:
        _run(args.stage, recipe.read(args.recipe), Path(args.data), args.out, args.work)
    except UserError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _run(stage: str, made: Recipe, data: Path, out: Path, work: Path) -> None:
    found = rows.build(data, made.seed)
    if stage == "guess":
        work.mkdir(parents=True, exist_ok=True)
        guessed = guesses.guess(found, *_guessing(made, work))
        (work / guesses.FILE).write_text(json.dumps(guessed), encoding="utf-8")
        return
    if stage in ("build", "pack"):
        found = guesses.filled(found, work / guesses.FILE)
        work.mkdir(parents=True, exist_ok=True)
        built = learn(made, found, work) if stage == "build" else ended(made, work)
        if os.environ.get("RANK", "0") != "0":
            return
        export.write(out, *built, version=made.version)
    if stage in ("build", "levels"):
        choose_levels(out, found)
    if stage in ("build", "measure"):
        _report(all_figures(out, found, say=_say), out)


if __name__ == "__main__":
    sys.exit(main())
