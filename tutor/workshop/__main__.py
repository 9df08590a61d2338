"""`python -m tutor.workshop build RECIPE.toml`: make a model by a recipe, all of it or one stage."""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tutor.errors import UserError
from tutor.i18n import tr
from tutor.workshop import build, quiet, recipe
from tutor.workshop.stages import BUILDER, NAMES


def parser() -> argparse.ArgumentParser:
    """The command line. Loads nothing heavy."""
    words = argparse.ArgumentParser(
        prog="tutor workshop",
        description=tr("Make a tutor model by a recipe: all of it, or one stage. A stopped build goes on."),
    )
    words.add_argument(
        "stage",
        choices=("build", "stages", *NAMES),
        metavar="STAGE",
        help=tr("'build' runs all stages, 'stages' lists them with what is done; or one of {names}", names=NAMES),
    )
    words.add_argument("recipe", metavar="RECIPE", help=tr("a TOML file, or the name of a recipe that ships"))
    words.add_argument("--out", type=Path, help=tr("folder for the results (default: the recipe's)"))
    words.add_argument("--threads", type=int, default=0, help=tr("threads of each process (default: chosen)"))
    words.add_argument("--again", action="store_true", help=tr("run stages again that are finished"))
    return words


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0, 1 (failed, reason on stderr), 2 (usage) or 130 (stopped)."""
    chosen = parser().parse_args(arguments)
    quiet.libraries()
    try:
        file = recipe.find(chosen.recipe)
        made = recipe.read(file)
        out = chosen.out or Path(made.out)
        if chosen.stage == "stages":
            for name, state in build.listing(made, out):
                print(f"{name:12} {state}")
            return 0
        names = [] if chosen.stage == "build" else [chosen.stage]
        with _stoppable():
            build.run(made, names, out, file=file, threads=chosen.threads, again=chosen.again, say=_say)
    except UserError as error:
        print(f"{chosen.stage}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return _stopped(made, out)
    return 0


@contextmanager
def _stoppable() -> Iterator[None]:
    """SIGTERM, by which servers and batch systems end a program, stops a build as Ctrl+C does: what can be is kept."""
    if threading.current_thread() is not threading.main_thread():  # which alone hears signals
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _stopped(made: recipe.Recipe, out: Path) -> int:
    """One line, from one of several processes; none and no failure where a builder started them, which says it."""
    if BUILDER in os.environ:
        return 0
    if os.environ.get("RANK", "0") != "0":
        return 130
    kept = build.kept(made, out)
    print(tr("Stopped. Kept in {folder}: {kept}. The same command goes on.", folder=out, kept=kept), file=sys.stderr)
    return 130


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
