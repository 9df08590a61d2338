"""An engine that keeps the texts it is asked to look at, and answers when a test wants it to."""

from tutor.domain import Action, Verdict
from tutor.engine import protocol


class LookingEngine:
    """Keeps what it is asked."""

    def __init__(self) -> None:
        self.sent: list[protocol.Screen] = []

    def next_id(self) -> int:
        return len(self.sent) + 1

    def send(self, request: protocol.Screen, /) -> None:
        self.sent.append(request)

    def verdicts(self, *bad: str, at: int = -1, action: Action = Action.BLOCK) -> protocol.Screened:
        """The answer to a request, the last one unless told: these texts meet with `action`, all others pass."""
        request = self.sent[at]
        given = (Verdict(action=action if item.text in bad else Action.ALLOW) for item in request.items)
        return protocol.Screened(id=request.id, verdicts=tuple(given))
