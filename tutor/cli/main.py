"""The `tutor` command: reads the command line, runs one command, turns every failure into words and an exit code.

Exit codes: 0 done, 1 failed (the reason is on standard error), 2 wrong usage, 130 stopped with Ctrl+C.
"""

import argparse
import io
import locale
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from tutor import __version__, i18n, paths
from tutor.cli import adapt, ask, bench, chat, corrections, doctor, learners, lessons, screen, setup, window, workshop
from tutor.cli.crash import record
from tutor.errors import UserError
from tutor.i18n import tr

COMMANDS = (chat, ask, screen, setup, learners, lessons, corrections, adapt, doctor, bench, workshop)
"""Modules with `NAME`, `summary()`, `configure(parser)` and `run(args) -> exit code`, in the order of the help."""


def parser() -> argparse.ArgumentParser:
    """The whole command line. Cheap: no command loads what it needs before it runs."""
    top = argparse.ArgumentParser(
        prog="tutor",
        description=tr("An offline personal tutor: every sentence is checked before a child reads it."),
        epilog=tr("Without a command: the window; where there is no display, the chat in this terminal."),
    )
    top.add_argument("--version", action="version", version=f"tutor {__version__}")
    top.set_defaults(run=window.run)
    commands = top.add_subparsers(title=tr("commands"), metavar="")
    for module in COMMANDS:
        sub = commands.add_parser(module.NAME, help=module.summary(), description=module.summary())
        module.configure(sub)
        sub.set_defaults(run=module.run)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code. Nothing but `SystemExit` for usage and help leaves it."""
    words = list(sys.argv[1:] if argv is None else argv)
    _accept_any_letter()
    try:
        i18n.use(locale.getlocale()[0] or "en", paths.assets() / "translations")
        if words[:1] == [workshop.NAME]:
            return workshop.forward(words[1:])
        args = parser().parse_args(words)
        code: int = args.run(args)
        sys.stdout.flush()
        return code
    except UserError as error:
        print(f"tutor: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130
    except BrokenPipeError:
        _leave_quietly()
    except Exception as error:  # noqa: BLE001 - the last boundary: people get a sentence, the log gets the place
        where = record(error)
        print(tr("tutor: something in the program itself went wrong."), file=sys.stderr)
        print(tr("What was stored before is kept. The place is noted in {file}.", file=where), file=sys.stderr)
        return 1


def _accept_any_letter() -> None:
    """A terminal that lacks a sign shows another in its place; a broken byte in the input is no reason to stop."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _leave_quietly() -> NoReturn:
    """Whoever read our output has gone; Python's own flush at exit would complain about it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(1)
