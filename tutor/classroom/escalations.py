"""Questions put to the teacher: kept, answered, and told to whoever shows the conversation."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from tutor.domain import Escalated
from tutor.errors import UserError
from tutor.i18n import tr

if TYPE_CHECKING:
    from tutor.store import Store

MOST: Final = 2_000
"""Characters of a note or an answer."""


class Escalations:
    """For all sessions and the teacher's pages of one store; from any thread."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._lock = threading.Lock()
        self._listeners: tuple[Callable[[Escalated], object], ...] = ()

    def listen(self, callback: Callable[[Escalated], object]) -> Callable[[], None]:
        """Call `callback` with each question as it stands after a change. Returns the function that ends it."""
        with self._lock:
            self._listeners = (*self._listeners, callback)

        def end() -> None:
            with self._lock:
                self._listeners = tuple(known for known in self._listeners if known is not callback)

        return end

    def put(self, message_id: int, reason: str, note: str = "") -> Escalated:
        """Put the question of an answer to the teacher. Raises `UserError` (`not_found`)."""
        return self._told(self._store.put_to_teacher(message_id, reason, note.strip()[:MOST]))

    def answer(self, escalation_id: int, words: str, by: str = "teacher") -> Escalated:
        """Give the learner a person's words. They are shown as that person's, and are in no prompt.

        Raises `UserError`: `empty` without words, `not_found`.
        """
        return self._told(self._store.answer_escalation(escalation_id, _written(words), by))

    def tell(self, message_id: int, words: str, by: str = "teacher") -> Escalated:
        """The same under an answer about which the learner had asked nobody. Raises `UserError` (`empty`)."""
        return self._told(self._store.tell_learner(message_id, _written(words), by))

    def take_back(self, escalation_id: int) -> Escalated:
        """As if it had not been answered. Raises `UserError` (`not_found`)."""
        return self._told(self._store.take_answer_back(escalation_id))

    def _told(self, escalated: Escalated) -> Escalated:
        for callback in self._listeners:
            callback(escalated)
        return escalated


def _written(words: str) -> str:
    words = words.replace("\x00", "").strip()
    if not words:
        raise UserError(tr("Nothing was sent: there are no words yet. Write an answer first."), code="empty")
    return words[:MOST]
