"""Commands of the teacher's: only with the passphrase or PIN."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.errors import UserError
from tutor.i18n import tr

if TYPE_CHECKING:
    from tutor.store import Store


def authorise(store: "Store", file: Path | None) -> None:
    """Let nobody but the teacher go on: by the passphrase that `file` holds, else asked for at the terminal.

    Raises UserError (`locked`, `not_set_up`, `secret_file`).
    """
    from tutor.cli import first_run, interview

    if not store.has_passphrase():
        raise UserError(tr("Tutor is not set up yet. Run: tutor setup"), code="not_set_up")
    if file is not None:
        if not store.check_passphrase(first_run.secret_from(file, pin=False)):
            raise UserError(
                tr("The passphrase in {file} is not the one in force. Nothing was changed.", file=file), code="locked"
            )
    elif sys.stdin.isatty():
        interview.unlock(store)
    else:
        raise UserError(tr("This is for the teacher. Give --passphrase-file, or run it in a terminal."), code="locked")
