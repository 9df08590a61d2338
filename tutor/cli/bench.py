"""`tutor bench`: measure this machine against the goals."""

import argparse
import importlib

from tutor.cli.extras import workshop_packages
from tutor.i18n import tr

NAME = "bench"
BENCHES = ("chat", "start", "safety", "tutoring")
"""Modules of `tutor.bench`, each with `run() -> Report`."""


def summary() -> str:
    return tr("Measure this machine against the goals; exit code 1 when one is missed.")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("bench", choices=BENCHES, help=tr("what to measure"))
    parser.add_argument("--json", action="store_true", help=tr("print one JSON object"))


def run(args: argparse.Namespace) -> int:
    with workshop_packages():
        report = importlib.import_module(f"tutor.bench.{args.bench}").run()
    code: int = report.finish(json=args.json)
    return code
