"""`tutor bench`: measure this machine against the goals."""

import argparse
import importlib

from tutor.cli.extras import workshop_packages
from tutor.i18n import tr

NAME = "bench"
BENCHES = ("adapt", "chat", "start", "safety", "tutoring", "corrections", "rules", "teacher", "lessons", "materials")
"""Modules of `tutor.bench`, each with `run() -> Report`."""


def summary() -> str:
    return tr("Measure this machine against the goals; exit code 1 when one is missed.")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("bench", choices=BENCHES, help=tr("what to measure"))
    parser.add_argument("--tokens", type=int, default=512, help=tr("adapt: tokens of a training step"))
    parser.add_argument("--shape", choices=("0.5b", "1.5b", "3b"), default="1.5b", help=tr("adapt: size of the model"))
    parser.add_argument("--no-peft", action="store_true", help=tr("adapt: without the other way to compare with"))
    parser.add_argument("--n", type=int, choices=(20, 100), default=20, help=tr("corrections: how many"))
    parser.add_argument(
        "--hostile", action="store_true", help=tr("corrections: some among them that must never come into use")
    )
    parser.add_argument("--tuning", action="store_true", help=tr("corrections: the set that settings are chosen on"))
    parser.add_argument("--json", action="store_true", help=tr("print one JSON object"))


def run(args: argparse.Namespace) -> int:
    options = {
        "adapt": {"tokens": args.tokens, "shape": args.shape, "peft": not args.no_peft},
        "corrections": {
            "n": 100 if args.tuning else args.n,
            "which": "hostile" if args.hostile else "tuning" if args.tuning else "reported",
        },
    }.get(args.bench, {})
    with workshop_packages():
        report = importlib.import_module(f"tutor.bench.{args.bench}").run(**options)
    code: int = report.finish(json=args.json)
    return code
