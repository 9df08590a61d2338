"""`tutor learners`: who is here, and a learner's PIN: give one, give another, take it away. For grown-ups."""

import argparse
import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from tutor.cli.render import visible
from tutor.errors import UserError
from tutor.i18n import tr

if TYPE_CHECKING:
    from tutor.domain import Learner
    from tutor.store import Store

NAME = "learners"


def summary() -> str:
    return tr("Learners: who is here, and their PINs.")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = tr(
        "Asks for the teacher's passphrase or PIN. Nothing secret is given as an argument: it is typed at the "
        "terminal, or read from standard input, a line each: the passphrase, then the new PIN."
    )
    does = parser.add_subparsers(title=tr("what to do"), metavar=tr("WHAT"), required=True, dest="what")
    listed = does.add_parser("list", help=tr("all learners, and who has a PIN"))
    pin = does.add_parser("pin", help=tr("give a learner a PIN, or another one"))
    pin.add_argument("name", metavar=tr("NAME"))
    pin.add_argument("--remove", action="store_true", help=tr("take the PIN away instead"))
    for each in (listed, pin):
        each.add_argument("--json", action="store_true", help=tr("for other programs"))
        each.add_argument(
            "--passphrase-file",
            type=Path,
            metavar=tr("FILE"),
            help=tr("holds the passphrase or PIN; otherwise it is asked"),
        )


def run(args: argparse.Namespace) -> int:
    from tutor.cli.chat import choose
    from tutor.cli.opened import store

    with store() as opened:
        _authorise(opened, args.passphrase_file)
        if args.what == "list":
            show_all(opened, as_json=args.json)
            return 0
        learner = choose(opened, args.name.strip() or " ")
        told = _remove(opened, learner) if args.remove else _give(opened, learner)
        if args.json:
            _json({"name": learner.name, "pin": opened.has_pin(learner.id)})
        else:
            print(told)
    return 0


def show_all(store: "Store", *, as_json: bool) -> None:
    """One learner a line."""
    with_pin = store.learners_with_pin()
    for learner in store.learners():
        has = learner.id in with_pin
        if as_json:
            _json({"name": learner.name, "age_band": learner.age_band, "language": learner.language, "pin": has})
        else:
            pin = tr("has a PIN") if has else ""
            print("  ".join(part for part in (visible(learner.name), learner.age_band.value, pin) if part))


def _authorise(store: "Store", file: Path | None) -> None:
    """By the file, at the terminal, or by the first line of standard input. Raises UserError."""
    from tutor.cli import teacher

    if file is not None or sys.stdin.isatty() or not store.has_passphrase():
        teacher.authorise(store, file)
    elif not store.check_passphrase(_line()):
        raise UserError(
            tr(
                "The first line of standard input is not the passphrase in force. Nothing was changed. Give it there, "
                "or run this in a terminal."
            ),
            code="locked",
        )


def _give(store: "Store", learner: "Learner") -> str:
    had = store.has_pin(learner.id)
    store.set_pin(learner.id, _typed_twice(learner) if sys.stdin.isatty() else _fair(_line()))
    if had:
        return tr("{name} has another PIN now. Tell it to nobody else.", name=visible(learner.name))
    return tr("{name} has a PIN now. Tell it to nobody else.", name=visible(learner.name))


def _remove(store: "Store", learner: "Learner") -> str:
    if not store.has_pin(learner.id):
        return tr("{name} has no PIN. Nothing was changed.", name=visible(learner.name))
    store.remove_pin(learner.id)
    return tr("The PIN of {name} was taken away.", name=visible(learner.name))


def _typed_twice(learner: "Learner") -> str:
    """A PIN that is hard enough to guess, asked for until it is typed twice alike. Raises UserError (`pin`)."""
    while True:
        try:
            first = getpass.getpass(tr("New PIN of {name}, four to six digits: ", name=visible(learner.name))).strip()
            pin = _fair(first)
            if pin == getpass.getpass(tr("Once more: ")).strip():
                return pin
        except EOFError as error:
            raise UserError(tr("No PIN was typed. Nothing was changed."), code="pin") from error
        except UserError as error:
            print(error, file=sys.stderr)
        else:
            print(tr("The two were not the same."), file=sys.stderr)


def _fair(pin: str) -> str:
    """The PIN, where it can do. Raises UserError (`pin_form`, `pin_easy`)."""
    from tutor.qt import strength
    from tutor.store.learner_locks import check_form

    check_form(pin)
    if strength.judge(pin) < strength.Strength.FAIR:
        raise UserError(
            tr("This PIN is too easy to guess. Nothing was changed. Choose digits without a pattern."), code="pin_easy"
        )
    return pin


def _line() -> str:
    """The next line of standard input."""
    return sys.stdin.readline().strip()


def _json(value: object) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(value) + b"\n")
