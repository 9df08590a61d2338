"""Building the safety classifier: `python -m tutor.workshop.safety build --data FOLDER --out models/safety`.

Collect and label rows, fine-tune the encoder, pack and write the model, choose thresholds on held-out benign text,
measure on held-out rows. `measure` repeats the last step for a model that exists.
"""

import argparse
import json
import os
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from tutor.domain import Direction
from tutor.errors import UserError
from tutor.moderation import thresholds
from tutor.moderation.classifier import Classifier
from tutor.moderation.moderator import Moderator, ToJudge
from tutor.workshop.safety import export, levels, measure, rows, train
from tutor.workshop.safety.sources import Row

BUDGET = 0.008
"""Benign texts that may be blocked when thresholds are chosen: under the promised 1%, since new text is harder."""


def choose_levels(folder: Path, rows: Sequence[Row], at_most: int = 400) -> None:
    """Write the thresholds file beside the model, from the development split."""
    moderator = Moderator(Classifier(folder), thresholds.Thresholds({}))
    dev = [r for r in rows if r.split == "dev"]
    benign = [r for r in dev if r.source.startswith(("own", "gsm8k")) and not any(r.labels.values())]
    lines = [r for r in benign if not r.source.startswith(("own:tutor", "gsm8k")) and not r.context]
    easy = [r for r in benign if r.source.startswith(("own:tutor", "gsm8k"))]
    harmful = [r for r in dev if any(r.labels.values()) and not r.context]
    pick = random.Random(0)
    easy, harmful = (pick.sample(group, min(at_most, len(group))) for group in (easy, harmful))
    bad = [(_scores(moderator, r), {label for label, value in r.labels.items() if value}) for r in harmful]
    chosen = {}
    for direction in Direction:
        side = lines + easy if direction is Direction.OUTPUT else lines + [r for r in easy if r.source == "gsm8k"]
        chosen[direction.value] = levels.choose([_scores(moderator, r) for r in side], bad, BUDGET)
    levels.write(folder / thresholds.FILE, chosen, BUDGET)


def _scores(moderator: Moderator, row: Row) -> dict[str, float]:
    context = (row.context,) if row.context else ()
    return moderator.scores(ToJudge(text=row.text, direction=Direction.INPUT, context=context))


def _sample(rows: Sequence[Row], at_most: int) -> list[Row]:
    """At most so many rows of each source, the same ones each time."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(":".join(row.source.split(":")[:2]), []).append(row)
    pick = random.Random(0)
    return [r for group in groups.values() for r in pick.sample(group, min(at_most, len(group)))]


def all_figures(folder: Path, rows: Sequence[Row], at_most: int = 500) -> dict[str, Any]:
    """All figures on the test split, at most so many rows a source."""
    moderator = Moderator.load(folder)
    test = _sample([r for r in rows if r.split == "test"], at_most)
    scored = measure.score(moderator, test)
    plain = [i for i, r in enumerate(test) if ":spelt" not in r.source]
    rows_, scores_ = [test[i] for i in plain], [scored[i] for i in plain]
    return {
        "labels": measure.by_label(rows_, scores_),
        "sources, toxicity": measure.by_source(rows_, scores_),
        "product": measure.product(moderator, test),
    }


def build(args: argparse.Namespace) -> None:
    """All steps."""
    found = rows.build(args.data, args.seed)
    learnt = [r for r in found if r.split == "train"]
    if args.public < 1:  # a second pass, mostly on our own text
        keep = random.Random(args.seed)
        learnt = [r for r in learnt if r.source.startswith("own") or keep.random() < args.public]
    print(f"{len(learnt):,} rows to train on, {len(found) - len(learnt):,} held out", flush=True)
    model, tokenizer = train.train(
        learnt, epochs=args.epochs, rate=args.rate, seed=args.seed, minutes=args.minutes, start=args.start, say=_say
    )
    if args.full:
        torch.save(model.state_dict(), args.full)
    export.write(args.out, model, tokenizer, version=args.version)
    choose_levels(args.out, found)
    _report(all_figures(args.out, found), args.out)


def _report(figures: dict[str, Any], out: Path) -> None:
    text = json.dumps(figures, indent=1)
    (out / "figures.json").write_text(text + "\n", encoding="utf-8")
    print(text, flush=True)


def _say(line: str) -> None:
    print(line, flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    """The command line of this stage."""
    parser = argparse.ArgumentParser(prog="python -m tutor.workshop.safety", description=__doc__.splitlines()[0])
    parser.add_argument("stage", choices=("build", "levels", "measure"))
    parser.add_argument("--data", type=Path, default=os.environ.get("TUTOR_SAFETY_DATA"), help="folder of *.jsonl.gz")
    parser.add_argument("--out", type=Path, default=Path("models/safety"))
    parser.add_argument("--epochs", type=float, default=3.0)
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--minutes", type=float, default=60.0, help="stop training after this long")
    parser.add_argument("--start", type=Path, default=None, help="full-precision weights to go on from")
    parser.add_argument("--public", type=float, default=1.0, help="share of the public rows to train on")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--version", default="1")
    parser.add_argument("--full", type=Path, default=None, help="also keep the full-precision weights here")
    args = parser.parse_args(argv)
    if args.data is None:
        parser.error("--data (or TUTOR_SAFETY_DATA) must name the folder of the training data")
    args.data = Path(args.data)
    torch.set_num_threads(args.threads)
    try:
        if args.stage == "build":
            build(args)
            return 0
        found = rows.build(args.data, args.seed)
        if args.stage == "levels":
            choose_levels(args.out, found)
        else:
            _report(all_figures(args.out, found), args.out)
    except UserError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
