"""One question at a time to a running engine, whoever else uses it: sends it, and waits for the whole reply."""

import queue
from collections.abc import Callable
from typing import Final, Protocol

from tutor.domain import Reply
from tutor.engine import protocol
from tutor.engine.client import EngineClient, EngineDied, EngineGone
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.rehearsal.runner import Question

_PATIENCE_SECONDS: Final = 900.0
_LOOK_SECONDS: Final = 0.2


class Client(Protocol):
    """What is needed of an engine's client."""

    def next_id(self) -> int: ...

    def send(self, request: protocol.Ask, /) -> None: ...

    def cancel(self, target: int, /) -> None: ...


class Asking:
    """Call it with a question, on a thread of its own; hand it the engine's events by `handle`."""

    def __init__(self, client: Client, stopped: Callable[[], bool] = lambda: False) -> None:
        self._client, self._stopped = client, stopped
        self._ends: queue.SimpleQueue[protocol.Event | EngineDied | EngineGone] = queue.SimpleQueue()
        self._request = 0

    def handle(self, event: protocol.Event | EngineDied | EngineGone) -> None:
        """An event of the engine; those of other requests are passed over."""
        mine = isinstance(event, protocol.Replied | protocol.Failed | EngineDied) and event.id == self._request
        if self._request and (mine or isinstance(event, EngineGone | protocol.LoadFailed)):
            self._ends.put(event)

    def __call__(self, question: Question) -> Reply:
        """The reply. Raises UserError (`engine`) when the engine ends before it; after a stop, what there is."""
        self._request = self._client.next_id()
        self._client.send(
            protocol.Ask(
                id=self._request,
                text=question.text,
                guidelines=question.guidelines,
                history=question.history,
                state=question.state,
                policy=question.policy,
                generation=question.generation,
                age_band=question.age_band,
                language=question.language,
                lesson=question.lesson,
                passages=question.passages,
            )
        )
        waited, told = 0.0, False
        while waited < _PATIENCE_SECONDS:
            try:
                end = self._ends.get(timeout=_LOOK_SECONDS)
            except queue.Empty:
                waited += _LOOK_SECONDS
                if self._stopped() and not told:
                    told = True
                    self._client.cancel(self._request)
                continue
            self._request = 0
            if isinstance(end, protocol.Replied):
                return end.reply
            raise UserError(
                tr(
                    "The tutor ended in the middle of the test ({reason}). Nothing was changed. Start the test again.",
                    reason=getattr(end, "message", ""),
                ),
                code="engine",
            )
        self._client.cancel(self._request)
        raise UserError(
            tr("The tutor did not answer for a quarter of an hour. Nothing was changed. Start the test again."),
            code="engine",
        )


class Own:
    """An engine of its own, for the command line and the benches. `model` says what was loaded."""

    def __init__(self, load: protocol.Load) -> None:
        """Waits until it is loaded. Raises UserError when it cannot be."""
        self._ready: queue.SimpleQueue[protocol.Event | EngineDied | EngineGone] = queue.SimpleQueue()
        self._asking: Asking | None = None
        self._client = EngineClient(load, self._heard)
        self._client.start()
        self.model = self._loaded()

    def _heard(self, event: protocol.Event | EngineDied | EngineGone) -> None:
        if self._asking is not None:
            self._asking.handle(event)
        elif isinstance(event, protocol.Ready | protocol.LoadFailed | EngineGone):
            self._ready.put(event)

    def _loaded(self) -> protocol.ModelInfo:
        event = self._ready.get()
        if not isinstance(event, protocol.Ready) or event.model is None:
            self._client.close()
            raise UserError(getattr(event, "message", tr("No model is loaded.")), code="engine")
        return event.model

    def asking(self, stopped: Callable[[], bool] = lambda: False) -> Asking:
        self._asking = Asking(self._client, stopped)
        return self._asking

    def close(self) -> None:
        self._client.close()
