"""A typed engine for session tests: it records requests; a test plays its answers by hand."""

from typing import TypeVar

from tutor.domain import Action, Outcome, Reply, SentenceCheck, TutoringState, Verdict
from tutor.engine import protocol
from tutor.session import Session
from tutor.session_events import EngineState, SessionEvent

T = TypeVar("T")
FINE = Verdict(action=Action.ALLOW)


class FakeEngine:
    """Implements `tutor.session_answers.Engine`."""

    def __init__(self) -> None:
        self.requests: list[protocol.Request] = []
        self.cancelled: list[int] = []
        self._last = 0

    def next_id(self) -> int:
        self._last += 1
        return self._last

    def send(self, request: protocol.Request, /) -> None:
        self.requests.append(request)

    def cancel(self, target: int, /) -> None:
        self.cancelled.append(target)

    @property
    def ask(self) -> protocol.Ask:
        """The newest question."""
        return next(request for request in reversed(self.requests) if isinstance(request, protocol.Ask))

    @property
    def warm(self) -> protocol.Warm:
        return next(request for request in reversed(self.requests) if isinstance(request, protocol.Warm))


def check(text: str) -> SentenceCheck:
    return SentenceCheck(text=text, verdict=FINE)


def says(session: Session, engine: FakeEngine, *sentences: str) -> None:
    """The engine sends sentences of the newest question."""
    for index, text in enumerate(sentences):
        event = protocol.Sentence(id=engine.ask.id, index=index, space=" " if index else "", check=check(text))
        session.handle(event)


def ends(
    session: Session,
    engine: FakeEngine,
    text: str,
    *,
    outcome: Outcome = Outcome.DONE,
    state: TutoringState | None = None,
    in_history: bool = True,
    notes: str = "",
    alert: str = "",
    severity: int = 0,
    dropped_turns: int = 0,
    input_verdict: Verdict = FINE,
) -> None:
    """The engine ends the newest question."""
    reply = Reply(
        text=text,
        outcome=outcome,
        sentences=(check(text),),
        state=state or TutoringState(),
        in_history=in_history,
        notes=notes,
        alert=alert,
        severity=severity,
        dropped_turns=dropped_turns,
        input_verdict=input_verdict,
    )
    session.handle(protocol.Replied(id=engine.ask.id, reply=reply))


def turn(session: Session, engine: FakeEngine, question: str, answer: str, **details: object) -> tuple[int, int]:
    """A whole turn. Returns the ids of question and answer."""
    session.ask(question)
    answer_id = session.answering or 0
    says(session, engine, answer)
    ends(session, engine, answer, **details)  # type: ignore[arg-type]
    return session.messages()[-2].id, answer_id


READY = EngineState(state="ready")


class Heard:
    """Everything a session told."""

    def __init__(self, session: Session) -> None:
        self.events: list[SessionEvent] = []
        session.listen(self.events.append)

    def of(self, kind: type[T]) -> list[T]:
        return [event for event in self.events if isinstance(event, kind)]
