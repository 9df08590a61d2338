"""Corrections for a question before it is sent: the engine encodes it, the memory finds what means the same.

A question waits for that only where something is remembered that is not found by the very same words; where the
engine cannot encode, words alone decide.
"""

import contextlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import msgspec

from tutor.corrections.memory import Memory
from tutor.domain import Remembered
from tutor.engine import protocol
from tutor.errors import UserError

if TYPE_CHECKING:
    from tutor.session_answers import Engine
    from tutor.store import Store

_NO_ENCODER: Final = "no_embedder"


class Recaller:
    """Between a session and the engine, for one learner. Called under the session's lock."""

    def __init__(self, store: "Store", engine: "Engine", learner_id: int | None) -> None:
        self._memory, self._engine = Memory(store, learner_id), engine
        self._ask: protocol.Ask | None = None
        """The question that waits for its vector."""
        self._request = 0
        self._texts: tuple[str, ...] = ()
        """What the engine encodes for `_request`; a waiting question first."""
        self._gave_up = False

    @property
    def waiting(self) -> int | None:
        """The id of the question that is not sent yet."""
        return self._ask.id if self._ask else None

    def send(self, ask: protocol.Ask) -> None:
        """Send the question with what is remembered, now or as soon as the engine has encoded it."""
        texts: tuple[str, ...] = ()
        if not self._gave_up:
            with contextlib.suppress(UserError):  # what cannot be read is not remembered; the question goes on
                texts = self._memory.to_encode(ask.text)
        if not texts:
            self._engine.send(self._with_found(ask, None))
            return
        self._ask = ask
        self._encode(texts)

    def handle(self, event: protocol.Event) -> bool:
        """Whether the event was about encoding; then it is dealt with."""
        if not isinstance(event, protocol.Embedded | protocol.Failed) or event.id != self._request:
            return False
        self._request = 0
        texts, self._texts = self._texts, ()
        ask, self._ask = self._ask, None
        vectors = event.vectors if isinstance(event, protocol.Embedded) else ()
        self._gave_up = isinstance(event, protocol.Failed) and event.code == _NO_ENCODER
        if vectors:
            self._keep(texts, vectors)
        if ask is not None:
            self._engine.send(self._with_found(ask, vectors[0] if vectors else None))
        return True

    def forget(self) -> None:
        """The waiting question is not wanted any more."""
        self._ask = None

    def ended(self) -> None:
        """The engine is gone, and with it whatever it was asked."""
        self._ask, self._request = None, 0

    def fill(self) -> None:
        """Have the next texts encoded that have no vector yet, while nobody waits for an answer."""
        if self._request or self._gave_up:
            return
        texts: tuple[str, ...] = ()
        with contextlib.suppress(UserError):  # tried again after the next answer
            texts = self._memory.missing()
        if texts:
            self._encode(texts)

    def renew(self) -> None:
        """An engine is ready; it may be able to encode where another one was not."""
        self._gave_up = False

    def _encode(self, texts: tuple[str, ...]) -> None:
        self._texts = texts
        self._request = self._engine.next_id()
        self._engine.send(protocol.Embed(id=self._request, texts=texts))

    def _keep(self, texts: Sequence[str], vectors: Sequence[bytes]) -> None:
        try:
            self._memory.keep(texts, vectors)
        except UserError:
            self._gave_up = True  # encoded again with the next engine; until then words decide

    def _with_found(self, ask: protocol.Ask, vector: bytes | None) -> protocol.Ask:
        found: tuple[Remembered, ...] = ()
        with contextlib.suppress(UserError):  # as above
            found = self._memory.find(ask.text, vector)
        return msgspec.structs.replace(ask, remembered=found)
