"""`tutor setup`: the first run at a terminal, or unattended by flags on many machines."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.domain import AgeBand, Setting
from tutor.errors import UserError
from tutor.i18n import tr

if TYPE_CHECKING:
    from tutor.store import Store

NAME = "setup"
NEEDED = ("contact_name", "contact_reach", "confirm_contact", "secret_file", "learner_name")
"""Flags that a first unattended run needs."""


def summary() -> str:
    return tr("Set Tutor up: the safeguarding contact, the teacher's passphrase, the first learner.")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = tr(
        "Without options it asks. With options it asks nothing; secrets come from files, never from the command line. "
        "On a machine that is set up already, changes need --current-passphrase-file."
    )
    add = parser.add_argument
    add("--setting", choices=list(Setting), type=Setting, help=tr("where Tutor is used"))
    add("--country", metavar="XX", default="", help=tr("two letters, for the help lines"))
    add("--contact-name", metavar=tr("NAME"), default="", help=tr("the safeguarding contact"))
    add("--contact-reach", metavar=tr("TEXT"), default="", help=tr("how to reach them: phone, e-mail or room"))
    add("--confirm-contact", action="store_true", help=tr("the contact knows and agrees"))
    secret = parser.add_mutually_exclusive_group()
    secret.add_argument("--passphrase-file", type=Path, metavar=tr("FILE"), help=tr("holds the teacher's passphrase"))
    secret.add_argument("--pin-file", type=Path, metavar=tr("FILE"), help=tr("holds the teacher's PIN"))
    add("--current-passphrase-file", type=Path, metavar=tr("FILE"), help=tr("holds the passphrase or PIN in force"))
    add("--recovery-file", type=Path, metavar=tr("FILE"), help=tr("where to write the recovery code; a new file"))
    add("--learner-name", metavar=tr("NAME"), default="", help=tr("a learner to add"))
    add("--picture", metavar=tr("NAME"), default="", help=tr("the learner's picture, such as owl"))
    add("--age-band", choices=list(AgeBand), type=AgeBand, default=AgeBand.A8_10, help=tr("the learner's age"))
    add("--language", metavar="TAG", default="en-GB", help=tr("the learner's language, such as en-GB"))
    parser.set_defaults(usage_error=parser.error)


def run(args: argparse.Namespace) -> int:
    from tutor.cli import interview
    from tutor.cli.opened import store

    flags = ("setting", "country", "contact_name", "contact_reach", "confirm_contact", "passphrase_file", "pin_file")
    unattended = any(getattr(args, name) for name in (*flags, "learner_name", "picture", "recovery_file"))
    if not unattended and not sys.stdin.isatty():
        args.usage_error(tr("there is no terminal to ask at; give the options (tutor setup --help)"))
    with store() as opened:
        if unattended:
            from_flags(args, opened)
        elif opened.is_set_up():
            interview.again(opened)
        else:
            interview.first_run(opened)
        print(summary_of(opened))
    return 0


def from_flags(args: argparse.Namespace, store: "Store") -> None:
    """Set what the options say. Raises UserError; wrong usage ends with exit code 2."""
    from tutor.cli import first_run

    secret_file = args.passphrase_file or args.pin_file
    given = {**vars(args), "secret_file": secret_file}
    missing = [name for name in NEEDED if not given[name]] if not store.is_set_up() else []
    if missing:
        names = {"secret_file": "--passphrase-file"}
        wanted = ", ".join(names.get(name, "--" + name.replace("_", "-")) for name in missing)
        args.usage_error(tr("the first set-up also needs: {names}", names=wanted))
    if store.has_passphrase():
        authorise(store, args.current_passphrase_file)
    answers = first_run.Answers(
        setting=args.setting,
        country=args.country,
        contact_name=args.contact_name,
        contact_reach=args.contact_reach,
        contact_confirmed=args.confirm_contact,
        secret=first_run.secret_from(secret_file, pin=args.pin_file is not None) if secret_file else "",
        learner_name=args.learner_name,
        picture=args.picture,
        age_band=args.age_band,
        language=args.language,
    )
    first_run.check(answers)
    kept = first_run.RecoveryFile(args.recovery_file) if args.recovery_file and secret_file else None
    try:
        code = first_run.apply(store, answers)
    except UserError:
        if kept is not None:
            kept.discard()
        raise
    if kept is not None:
        kept.write(code)
        print(tr("The recovery code is in {file}.", file=kept.path))
    elif code:
        print(tr("Recovery code, shown only now: {code}", code=code))


def authorise(store: "Store", file: Path | None) -> None:
    """Only the teacher changes what is set up. Raises UserError."""
    from tutor.cli.first_run import secret_from

    if file is None:
        raise UserError(
            tr("Tutor is set up already. Nothing was changed. To change it, give --current-passphrase-file."),
            code="locked",
        )
    if not store.check_passphrase(secret_from(file, pin=False)):
        raise UserError(
            tr("The passphrase in {file} is not the one in force. Nothing was changed.", file=file), code="locked"
        )


def summary_of(store: "Store") -> str:
    contact = store.contact()
    names = ", ".join(learner.name for learner in store.learners()) or tr("nobody yet")
    told = f"{contact.name} ({contact.reach})" if contact else tr("nobody yet")
    state = tr("Tutor is set up.") if store.is_set_up() else tr("Tutor is not fully set up yet.")
    return tr("{state} Safeguarding contact: {contact}. Learners: {names}.", state=state, contact=told, names=names)
