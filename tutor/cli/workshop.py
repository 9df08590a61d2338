"""`tutor workshop ...`: building models; everything after the word goes to the workshop's own command line."""

import argparse
from collections.abc import Sequence

from tutor.cli.extras import workshop_packages
from tutor.i18n import tr

NAME = "workshop"


def summary() -> str:
    return tr("Build and judge the models that ship (see tutor workshop --help).")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("rest", nargs=argparse.REMAINDER, help=tr("the workshop's own command and options"))


def forward(words: Sequence[str]) -> int:
    with workshop_packages():
        if words[:1] == ["review"]:
            from tutor.cli import review

            return review.main(words[1:])
        if words[:1] == ["compare"]:
            from tutor.workshop.evaluation import compare

            return compare.main(words[1:])
        if words[:1] == ["safety"]:
            from tutor.workshop.safety import making

            return making.main(words[1:])
        from tutor.workshop.__main__ import main

        return main(list(words))


def run(args: argparse.Namespace) -> int:
    return forward(args.rest)
