"""Sessions for commands: a learner's, or a guest's; the engine is closed when the command ends."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tutor.session import Session


@contextmanager
def for_learner(name: str, overrides: Mapping[str, Any]) -> "Iterator[Session]":
    """The session of the learner with this name; where they have a PIN it is asked for first.

    Raises UserError: no such learner, no terminal for the PIN, too many wrong ones.
    """
    from tutor.app import App
    from tutor.cli import learner_pin
    from tutor.cli.chat import choose
    from tutor.cli.opened import or_repair

    with or_repair(App.open) as app:
        learner = choose(app.store, name)
        yield app.session(learner, learner_pin.ask(app.store, learner), overrides)


@contextmanager
def for_guest(overrides: Mapping[str, Any]) -> "Iterator[Session]":
    """A guest's session: nothing that is said is stored."""
    from tutor.app import Guest

    with Guest(overrides) as guest:
        yield guest.session
