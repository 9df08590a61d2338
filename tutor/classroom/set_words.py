"""Words to learners that go with a lesson that is set, looked at by the safety checks whenever an engine is ready.

So those from before there was such a look, and those whose class has a younger learner by now, are looked at too. What
was not is not shown. A word that a teacher read and set all the same stays as they decided.
"""

import logging
import threading
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Final

from tutor.classroom import lesson_words
from tutor.classroom.screening import Engine
from tutor.domain import Action, AgeBand, Assignment, Learner, Looked
from tutor.engine import protocol
from tutor.errors import UserError

if TYPE_CHECKING:
    from tutor.store import Store

_log = logging.getLogger(__name__)
_AT_ONCE: Final = 16
"""Words in one request; learners' questions go on between two."""


def youngest(learners: Iterable[Learner]) -> AgeBand:
    """The age that words to these learners are looked at for; the youngest there is where there is nobody."""
    ages = {learner.age_band for learner in learners}
    return next((band for band in AgeBand if band in ages), next(iter(AgeBand)))


class SetWords:
    """For one store. Called on the thread that hears the engine."""

    def __init__(self, store: "Store", engine: Engine) -> None:
        self._store, self._engine = store, engine
        self._lock = threading.Lock()
        self._asked: dict[int, tuple[Assignment, ...]] = {}

    def hear(self, event: object) -> None:
        """An event of the engine, or its end; those of other requests are passed over."""
        try:
            if isinstance(event, protocol.Ready):
                self._look()
            elif isinstance(event, protocol.Screened | protocol.Failed):
                with self._lock:
                    asked = self._asked.pop(event.id, ())
                if isinstance(event, protocol.Screened) and len(event.verdicts) == len(asked):
                    self._keep(asked, event)
            elif not isinstance(event, protocol.Event):
                with self._lock:
                    self._asked.clear()
        except UserError as error:  # of the disk; what was not looked at is not shown
            _log.warning("words to learners could not be looked at: %s", error.code)

    def _look(self) -> None:
        by_band: dict[AgeBand, list[Assignment]] = defaultdict(list)
        people = {learner.id: learner for learner in self._store.learners()}
        for each in self._store.notes_to_look_at(date.today().isoformat()):
            ids = (each.learner_id,) if each.class_id is None else self._store.members(each.class_id)
            by_band[youngest(people[one] for one in ids if one in people)].append(each)
        for band, waiting in by_band.items():
            for at in range(0, len(waiting), _AT_ONCE):
                piece = tuple(waiting[at : at + _AT_ONCE])
                number = self._engine.next_id()
                with self._lock:
                    self._asked[number] = piece
                items = lesson_words.asked(each.note for each in piece)
                self._engine.send(protocol.Screen(id=number, items=items, age_band=band))

    def _keep(self, asked: tuple[Assignment, ...], event: protocol.Screened) -> None:
        for each, verdict in zip(asked, event.verdicts, strict=True):
            found = Looked.FINE if verdict.action is Action.ALLOW else Looked.DOUBTFUL
            if found is not each.looked:
                self._store.keep_looked(each.id, found)
