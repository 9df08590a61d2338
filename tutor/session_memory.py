"""Corrections and passages for a question before it is sent: the engine encodes it, and what fits is found.

A question waits for that only where something is remembered that is not found by the very same words, or where its
lesson has materials; where the engine cannot encode, words alone decide.
"""

import contextlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import msgspec

from tutor.classroom.finding import Finder
from tutor.corrections.memory import Memory
from tutor.domain import Passage, Remembered
from tutor.engine import protocol
from tutor.errors import UserError
from tutor.retrieval.passages import in_context

if TYPE_CHECKING:
    from tutor.session_answers import Engine
    from tutor.store import Store

_NO_ENCODER: Final = "no_embedder"


class Recaller:
    """Between a session and the engine, for one learner. Called under the session's lock."""

    def __init__(self, store: "Store", engine: "Engine", learner_id: int | None) -> None:
        self._memory, self._engine = Memory(store, learner_id), engine
        self._finder = Finder(store)
        self._ask: protocol.Ask | None = None
        """The question that waits for its vector."""
        self._request = 0
        self._texts: tuple[str, ...] = ()
        """What the engine encodes for `_request` for the memory; a waiting question first."""
        self._looked_for = ""
        """What passages are looked for with; encoded last, "" for none."""
        self._gave_up = False

    @property
    def waiting(self) -> int | None:
        """The id of the question that is not sent yet."""
        return self._ask.id if self._ask else None

    def send(self, ask: protocol.Ask) -> None:
        """Send the question with what is remembered, now or as soon as the engine has encoded it."""
        texts: tuple[str, ...] = ()
        self._looked_for = _looked_for(ask)
        if not self._gave_up:
            with contextlib.suppress(UserError):  # what cannot be read is not remembered; the question goes on
                texts = self._memory.to_encode(ask.text)
        if self._gave_up or not (texts or self._looked_for):
            self._engine.send(self._with_found(ask, None, None))
            return
        self._ask = ask
        self._encode(texts, self._looked_for)

    def handle(self, event: protocol.Event) -> bool:
        """Whether the event was about encoding; then it is dealt with."""
        if not isinstance(event, protocol.Embedded | protocol.Failed) or event.id != self._request:
            return False
        self._request = 0
        texts, self._texts = self._texts, ()
        ask, self._ask = self._ask, None
        vectors = event.vectors if isinstance(event, protocol.Embedded) else ()
        self._gave_up = isinstance(event, protocol.Failed) and event.code == _NO_ENCODER
        if vectors and texts:
            self._keep(texts, vectors[: len(texts)])
        if ask is not None:
            asked = vectors[0] if vectors and texts else None
            sought = vectors[-1] if vectors and self._looked_for else None
            self._engine.send(self._with_found(ask, asked, sought))
        return True

    def find_with(self, finder: Finder) -> None:
        """Look for passages with this one, which may look into another store (a lesson that is tried out)."""
        self._finder = finder

    def around(self, passage_id: int) -> tuple[Passage, ...]:
        """Its neighbours too. Raises `UserError` of the disk."""
        return self._finder.around(passage_id)

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

    def _encode(self, texts: tuple[str, ...], looked_for: str = "") -> None:
        self._texts = texts
        self._request = self._engine.next_id()
        self._engine.send(protocol.Embed(id=self._request, texts=(*texts, looked_for) if looked_for else texts))

    def _keep(self, texts: Sequence[str], vectors: Sequence[bytes]) -> None:
        try:
            self._memory.keep(texts, vectors)
        except UserError:
            self._gave_up = True  # encoded again with the next engine; until then words decide

    def _with_found(self, ask: protocol.Ask, asked: bytes | None, sought: bytes | None) -> protocol.Ask:
        """`asked`, `sought`: the question as the memory and the finder of passages look for it."""
        found: tuple[Remembered, ...] = ()
        passages: tuple[Passage, ...] = ()
        with contextlib.suppress(UserError):  # as above
            found = self._memory.find(ask.text, asked)
        if ask.lesson is not None and self._looked_for:
            with contextlib.suppress(UserError):
                passages = self._finder.find(self._looked_for, sought, ask.lesson.materials)
        return msgspec.structs.replace(ask, remembered=found, passages=passages)


def _looked_for(ask: protocol.Ask) -> str:
    """What passages are looked for with; "" where the lesson has none."""
    if ask.lesson is None or not ask.lesson.materials:
        return ""
    return in_context(ask.text, ask.history[-1].learner if ask.history else "")
