"""What a session says, waited for by the thread of a terminal."""

import queue
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tutor.domain import Message, Role
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.session_events import Added, EngineState, Finished, Problem, SessionEvent

if TYPE_CHECKING:
    from tutor.session import Session

QUIET_S = 300.0
"""An answer that says nothing for this long is given up."""
AFTERWORD_S = 0.05
"""Remarks that belong to an answer follow it at once."""


class Follower:
    """The events of one session, in a queue."""

    def __init__(self, session: "Session") -> None:
        self.session = session
        self._events: queue.SimpleQueue[SessionEvent] = queue.SimpleQueue()
        self._end = session.listen(self._events.put)

    def waiting(self) -> Iterator[SessionEvent]:
        """What has been said so far; does not wait."""
        while True:
            try:
                yield self._events.get_nowait()
            except queue.Empty:
                return

    def answer(self, asked: Message | None) -> Iterator[SessionEvent]:
        """Every event of the turn that `asked` began, to its end; of a refused one (None) the reasons.

        Raises UserError when nothing at all is heard any more.
        """
        ended = asked is None
        answer_id = asked.id if asked is not None and asked.role is Role.TUTOR else None
        while True:
            try:
                event = self._events.get(timeout=AFTERWORD_S if ended else QUIET_S)
            except queue.Empty:
                if ended:
                    return
                self.session.stop()
                raise UserError(
                    tr("The tutor has said nothing for {n} seconds and was stopped. Ask again.", n=int(QUIET_S)),
                    code="silent",
                ) from None
            yield event
            if isinstance(event, Added) and event.message.role is Role.TUTOR:
                answer_id = event.message.id
            ended = ended or (isinstance(event, Finished) and event.message.id == answer_id)
            ended = ended or (isinstance(event, Problem) and self.session.answering is None)

    def ready(self, within_s: float) -> Iterator[EngineState]:
        """The engine's states until it is ready. Raises UserError when it cannot be, or takes too long."""
        deadline = time.monotonic() + within_s
        state = self.session.engine_state
        while True:
            yield state
            if state.state == "ready":
                return
            if state.state == "failed":
                raise UserError(state.text, code="engine_failed")
            try:
                event = self._events.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise UserError(
                    tr("The engine did not get ready in time. Run tutor doctor to see why."), code="engine_slow"
                ) from None
            if isinstance(event, EngineState):
                state = event

    def close(self) -> None:
        self._end()
