"""Active learning: which answers a learner is asked about, chosen where a word from a person helps most.

Near an earlier correction that was not used; uncertain (the model was unsure of its words); disagreeing (said once more
while nothing is asked, it says something else); or unlike anything asked before. A few a day at most, never in a hint's
middle, never after distress or a refusal, never again once "not now" was said that day. The choice and its reason are
stored and shown.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, Protocol

import msgspec

from tutor.corrections import contradictions
from tutor.corrections.memory import Memory
from tutor.domain import Action, Asked, Intent, Learner, Message, Move, Outcome
from tutor.engine import protocol
from tutor.i18n import tr
from tutor.moderation import crisis
from tutor.retrieval.vectors import cosines

if TYPE_CHECKING:
    from tutor.store import Store

MOVES: Final = (Move.EXPLAIN, Move.CONVERSE, Move.ADVISE, Move.RECALL)
"""Answers that say something; a hint or a question back is not asked about."""
UNSURE: Final = 1.0
"""Nats a token from which an answer is uncertain, until enough answers of the model are known."""
LEAST_UNSURE: Final = 0.35
"""Below this a model is sure, however it compares with its other answers."""
_ENOUGH: Final = 20
_LOOKED_BACK: Final = 100
_TOP: Final = 0.9
"""Share of the model's other answers that it was surer of."""
NEAR: Final = 0.6
"""Cosine of two questions, or share of their words, from which a correction is near."""
FAR: Final = 0.35
"""Cosine below which a question is like no other."""
_KNOWN_LEAST: Final = 10
_KNOWN_MOST: Final = 30
"""Earlier questions that one is compared with."""
_DECODED_MOST_MS: Final = 8000.0
"""An answer that took longer is not said once more: on such a machine the second would not be done in time."""


class _Considered(msgspec.Struct, frozen=True):
    """An answer that may be asked about, while the engine is asked about it."""

    number: int
    """Request that is waited for."""
    answer: Message
    request: int
    """The one that the answer was given to."""
    questions: tuple[str, ...]
    """This one first."""
    texts: tuple[str, ...]
    """Those that the engine encodes."""
    looked: bool = False
    """The second sample is waited for."""


class Engine(Protocol):
    """What the choice needs of the engine's client."""

    def next_id(self) -> int: ...

    def send(self, request: protocol.Embed | protocol.Resample, /) -> None: ...


class Asking:
    """For one learner's session. Called under the session's lock; `chosen` hears what is to be asked."""

    def __init__(self, store: "Store", engine: Engine, learner: Learner, chosen: Callable[[Asked], None]) -> None:
        self._store, self._engine, self._learner, self._chosen = store, engine, learner, chosen
        self._memory = Memory(store, learner.id)
        self._vectors: dict[str, bytes] = {}
        self._waiting: _Considered | None = None

    def consider(self, path: Sequence[Message], most: int, request: int) -> None:
        """The answer to a `request` ended; `path` leads to it. The engine encodes the questions, and says the answer
        once more; then it is chosen or not."""
        if not self._may_ask(path, most):
            return
        question, answer = path[-2], path[-1]
        known = self._store.earlier_questions(self._learner.id, question.id, _KNOWN_MOST)
        questions = (question.text, *known)
        texts = tuple(text for text in dict.fromkeys(questions) if text not in self._vectors)
        number = self._engine.next_id()
        self._waiting = _Considered(number, answer, request, questions, texts)
        if texts:
            self._engine.send(protocol.Embed(id=number, texts=texts))
        else:
            self._look(self._waiting)

    def handle(self, event: protocol.Event) -> bool:
        """Whether the event was about our questions; then it is dealt with. Without vectors their words decide."""
        known = self._waiting
        if known is None or not isinstance(event, protocol.Embedded | protocol.Resampled | protocol.Failed):
            return False
        if event.id != known.number:
            return False
        match event:
            case protocol.Resampled(cut=True):
                self._waiting = None  # something else was asked; by now it is not this answer that matters
            case protocol.Resampled(score=score, why=why):
                self._end(known, ("disagreeing", score) if why else None)
            case protocol.Failed() if known.looked:
                self._end(known, None)
            case protocol.Embedded(vectors=vectors):
                self._vectors |= dict(zip(known.texts, vectors, strict=True))
                for old in list(self._vectors)[: max(0, len(self._vectors) - 4 * _KNOWN_MOST)]:
                    del self._vectors[old]
                self._look(known)
            case _:
                self._look(known)
        return True

    def forget(self) -> None:
        """Another question was asked, or the engine ended: what was being considered is let go."""
        self._waiting = None

    # --- inside ---------------------------------------------------------------------------------------------------

    def _look(self, known: "_Considered") -> None:
        """Choose by what is known already; otherwise, where there is time for it, hear the answer once more."""
        found = self._near(known.answer, known.questions[0]) or self._uncertain(known.answer)
        reply = known.answer.reply
        if found is not None or reply is None or reply.timings.decode_ms > _DECODED_MOST_MS:
            self._end(known, found)
            return
        number = self._engine.next_id()
        self._waiting = msgspec.structs.replace(known, number=number, looked=True)
        self._engine.send(protocol.Resample(id=number, of=known.request))

    def _end(self, known: "_Considered", found: tuple[str, float] | None) -> None:
        self._waiting = None
        found = found or self._unfamiliar(known.questions)
        if found is not None:
            self._chosen(self._store.keep_asked(known.answer.id, self._learner.id, *found))

    def _may_ask(self, path: Sequence[Message], most: int) -> bool:
        if most <= 0 or len(path) < 2 or path[-1].reply is None or not all(map(_calm, path)):
            return False
        reply = path[-1].reply
        if reply.outcome is not Outcome.DONE or reply.move not in MOVES or crisis.signs(path[-2].text) is not None:
            return False
        since = (datetime.now(UTC) - timedelta(days=1)).isoformat(timespec="milliseconds")
        asked = self._store.asked_since(self._learner.id, since)
        here = {message.id for message in path}
        unanswered_here = any(one.message_id in here and not one.said for one in asked)
        return len(asked) < most and not unanswered_here and not any(one.said == "not_now" for one in asked)

    def _near(self, answer: Message, question: str) -> tuple[str, float] | None:
        """A correction that is near, and was not used for this answer."""
        if answer.reply is None or answer.reply.used:
            return None
        rows = self._store.memory_rows(self._learner.id)
        best = max((contradictions.share(question, row.text) for row in rows), default=0.0)
        encoded = [row.vector for row in rows if row.vector is not None]
        if question in self._vectors and encoded:
            best = max(best, *cosines(encoded, self._vectors[question]))
        return ("near_correction", round(best, 3)) if best >= NEAR else None

    def _uncertain(self, answer: Message) -> tuple[str, float] | None:
        doubt = answer.reply.doubt if answer.reply else 0.0
        others = sorted(self._store.doubts(answer.reply.model if answer.reply else "", _LOOKED_BACK))
        level = max(LEAST_UNSURE, others[int(_TOP * (len(others) - 1))]) if len(others) >= _ENOUGH else UNSURE
        return ("uncertain", round(doubt, 3)) if doubt >= level else None

    def _unfamiliar(self, questions: Sequence[str]) -> tuple[str, float] | None:
        one, *others = questions
        if len(others) < _KNOWN_LEAST:
            return None
        if all(text in self._vectors for text in questions):
            likest = max(cosines([self._vectors[text] for text in others], self._vectors[one]))
        else:
            likest = max(contradictions.share(one, other) for other in others)
        return ("unfamiliar", round(1 - likest, 3)) if likest < FAR else None


def in_words(asked: Asked) -> str:
    """The quiet question under an answer, with its reason."""
    return {
        "uncertain": tr("The tutor was not sure of this one. Was it right?"),
        "disagreeing": tr("Asked twice, the tutor would say two different things here. Was this right?"),
        "unfamiliar": tr("You have not asked about this before. Was the answer right?"),
        "near_correction": tr("This is close to something that was corrected before. Was the answer right?"),
    }[asked.reason]


def reason_in_words(asked: Asked) -> str:
    """Why an answer was chosen, for a teacher."""
    return {
        "uncertain": tr("The tutor was unsure of its words."),
        "disagreeing": tr("Said once more, the tutor gave another answer."),
        "unfamiliar": tr("The learner had not asked about anything like it before."),
        "near_correction": tr("It is close to something that was corrected before, which was not used here."),
    }[asked.reason]


def said_in_words(asked: Asked) -> str:
    """What the learner said of it, for a teacher."""
    return {
        "right": tr("The learner says that it was right."),
        "not_right": tr("The learner says that it was not right."),
        "not_now": tr("The learner did not want to be asked."),
    }.get(asked.said, tr("The learner has not said anything yet."))


def _calm(message: Message) -> bool:
    """No distress, refusal or alert in this message."""
    reply = message.reply
    if reply is None:
        return True
    verdict = reply.input_verdict
    return (
        not reply.alert
        and reply.intent is not Intent.DISTRESS
        and reply.move not in (Move.REFUSE, Move.SIGNPOST)
        and (verdict is None or verdict.action is Action.ALLOW)
    )
