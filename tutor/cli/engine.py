"""The engine process for commands that ask it without a conversation: start, wait until ready, ask, close."""

import queue
from collections.abc import Iterator
from contextlib import contextmanager

from tutor import paths
from tutor.domain import AgeBand
from tutor.engine import protocol as p
from tutor.engine.client import EngineClient, EngineDied, EngineGone
from tutor.errors import UserError
from tutor.i18n import tr

Said = p.Event | EngineDied | EngineGone
READY_S = 180.0
VET_S = 120.0
"""The first correction loads what finds personal data."""


class Waiting:
    """An `EngineClient` whose answers are waited for by the thread that asks."""

    def __init__(self, load: p.Load) -> None:
        self._said: queue.SimpleQueue[Said] = queue.SimpleQueue()
        self._client = EngineClient(load, self._said.put)

    def start(self) -> p.Ready:
        """Start and load. Raises UserError when the engine cannot load."""
        self._client.start()
        for said in self._listen(READY_S):
            if isinstance(said, p.Ready):
                return said
            if isinstance(said, p.LoadFailed):
                raise UserError(said.message, code=said.code)
        raise UserError(tr("The engine did not get ready in time. Run tutor doctor to see why."), code="engine_slow")

    def screen(self, items: tuple[p.ScreenItem, ...], age_band: AgeBand, within_s: float) -> p.Screened | p.Failed:
        """The verdicts of one batch; a `Failed` when the engine died over it or took too long."""
        request = p.Screen(id=self._client.next_id(), items=items, age_band=age_band)
        self._client.send(request)
        for said in self._listen(within_s):
            if isinstance(said, p.Screened | p.Failed) and said.id == request.id:
                return said
        return p.Failed(id=request.id, code="timeout", message=tr("The classifier took too long over these texts."))

    def next_id(self) -> int:
        return self._client.next_id()

    def vet(self, request: p.Vet, within_s: float = VET_S) -> p.Vetted | p.Failed:
        """What the checks say of a correction; a `Failed` when the engine died over it or took too long."""
        self._client.send(request)
        for said in self._listen(within_s):
            if isinstance(said, p.Vetted | p.Failed) and said.id == request.id:
                return said
        return p.Failed(id=request.id, code="timeout", message=tr("The checks took too long over this correction."))

    def close(self) -> None:
        self._client.close()

    def _listen(self, within_s: float) -> Iterator[Said]:
        """What the engine says until nothing came for that long. Raises UserError when it is gone for good."""
        while True:
            try:
                said = self._said.get(timeout=within_s)
            except queue.Empty:
                return
            if isinstance(said, EngineGone):
                raise UserError(said.message, code="engine_gone")
            yield said


@contextmanager
def classifier() -> Iterator[Waiting]:
    """The engine with the safety classifier alone."""
    waiting = Waiting(p.Load(model="", safety=str(paths.safety_model())))
    try:
        waiting.start()
        yield waiting
    finally:
        waiting.close()
