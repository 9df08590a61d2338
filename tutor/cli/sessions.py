"""Sessions for commands: a learner's, or a guest's; the engine is closed when the command ends."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tutor.session import Session


@contextmanager
def for_learner(name: str, overrides: Mapping[str, Any]) -> "Iterator[Session]":
    """The session of the learner with this name. Raises UserError when there is none."""
    from tutor.app import App
    from tutor.cli.chat import choose
    from tutor.cli.opened import or_repair

    with or_repair(App.open) as app:
        yield app.session(choose(app.store, name), overrides)


@contextmanager
def for_guest(overrides: Mapping[str, Any]) -> "Iterator[Session]":
    """A guest's session: nothing that is said is stored."""
    from tutor.app import Guest

    with Guest(overrides) as guest:
        yield guest.session
