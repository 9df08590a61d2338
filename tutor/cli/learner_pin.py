"""A learner's PIN at a terminal: typed without an echo, before anything of theirs is opened."""

import getpass
import sys
from typing import TYPE_CHECKING

from tutor.errors import UserError
from tutor.i18n import tr
from tutor.wording import pins

if TYPE_CHECKING:
    from tutor.domain import Learner
    from tutor.store import Store
    from tutor.store.learner_locks import LetIn


def ask(store: "Store", learner: "Learner") -> "LetIn":
    """Let nobody but this learner go on, where they have a PIN. Asked again until it is right.

    Gives the proof that `App.session` wants.

    Raises UserError (`pin` without a terminal or where none is typed, `locked` after too many wrong ones).
    """
    if (let_in := store.let_in(learner.id)) is not None:
        return let_in
    if not sys.stdin.isatty():
        raise UserError(
            tr(
                "{name} has a PIN, which is typed at a terminal. Nothing was asked. Run this in a terminal with the "
                "question in the command, or have a grown-up take the PIN away (For grown-ups, "
                "Learners, PIN; or: tutor learners pin).",
                name=learner.name,
            ),
            code="pin",
        )
    school = store.setting("setting") == "school"
    while True:
        try:
            typed = getpass.getpass(tr("PIN of {name}: ", name=learner.name)).strip()
        except EOFError as error:
            raise UserError(tr("No PIN was typed. Nothing was asked."), code="pin") from error
        if typed and (let_in := store.let_in(learner.id, typed)) is not None:
            return let_in
        # what a command prints for programs to read stays clean
        print(pins.wrong(school=school) if typed else pins.forgotten(school=school), file=sys.stderr)
