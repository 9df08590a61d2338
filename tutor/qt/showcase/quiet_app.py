"""The app with a real store and sessions, and an engine that says only what a scene lets it say."""

from collections.abc import Mapping
from typing import Any

from tutor.app import App
from tutor.domain import Learner
from tutor.engine import protocol
from tutor.session import Session
from tutor.session_events import EngineState
from tutor.store.learner_locks import LetIn


class QuietEngine:
    """Takes requests and keeps them."""

    def __init__(self) -> None:
        self.sent: list[protocol.Request] = []
        self._last = 0

    def next_id(self) -> int:
        self._last += 1
        return self._last

    def send(self, request: protocol.Request, /) -> None:
        self.sent.append(request)

    def cancel(self, target: int, /) -> None:
        self.sent.append(protocol.Cancel(target=target))


class QuietApp(App):
    """`say` is what the engine's process would have told."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.quiet = QuietEngine()
        self.starts = 0

    def start_engine(self, overrides: Mapping[str, Any] | None = None) -> None:
        self.starts += 1

    def restart_engine(self) -> None:
        self.starts += 1

    def next_id(self) -> int:
        return self.quiet.next_id()

    def send(self, request: protocol.Request, /) -> None:
        self.quiet.send(request)

    def cancel(self, target: int, /) -> None:
        self.quiet.cancel(target)

    def session(self, learner: Learner, let_in: LetIn | None, overrides: Mapping[str, Any] | None = None) -> Session:
        self._check(learner, let_in)
        known = self._sessions.get(learner.id)
        if known is None:
            known = self._sessions[learner.id] = Session(
                self.store, self.quiet, learner, overrides, desk=self.escalations
            )
            known.engine_changed(self.engine_state)
        return known

    def erase_learner(self, learner_id: int) -> None:
        self._sessions.pop(learner_id, None)
        self.store.erase_learner(learner_id)

    def stand(self, state: EngineState) -> None:
        """The engine's condition changed."""
        self._changed(state)

    def say(self, event: protocol.Event) -> None:
        """The engine said something."""
        self._heard(event)
