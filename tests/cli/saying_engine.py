"""An engine that says what a test wants, for the terminal's tests."""

import threading
from collections.abc import Callable

from tutor.domain import Action, Intent, MathsCheck, MathsStatus, Move, Outcome, Reply, SentenceCheck, Verdict
from tutor.engine import protocol as p


class SayingEngine:
    """Answers every question with `sentences`, on a thread of its own as the real client does.

    With `holds` it waits after the first sentence until it is cancelled.
    """

    def __init__(self) -> None:
        self.sentences = ("What have you tried so far?", "3/4 is 6/8.")
        self.holds = False
        self.fails: p.Failed | None = None
        self.asked: list[p.Ask] = []
        self.hear: Callable[[p.Event], None] = lambda _event: None
        self._ids = iter(range(1, 10_000))
        self._cancelled = threading.Event()

    def next_id(self) -> int:
        return next(self._ids)

    def send(self, request: p.Request) -> None:
        if isinstance(request, p.Ask):
            self.asked.append(request)
            self._cancelled.clear()
            threading.Thread(target=self._answer, args=(request,), daemon=True).start()

    def cancel(self, target: int) -> None:
        self._cancelled.set()

    def _answer(self, ask: p.Ask) -> None:
        if self.fails is not None:
            self.hear(p.Failed(id=ask.id, code=self.fails.code, message=self.fails.message))
            return
        self.hear(p.Stage(id=ask.id, stage="thinking"))
        shown: list[SentenceCheck] = []
        for index, words in enumerate(self.sentences):
            sums = (
                MathsCheck(status=MathsStatus.RIGHT, statements=("3/4 = 6/8",))
                if "=" in words or "is 6" in words
                else None
            )
            check = SentenceCheck(text=words, verdict=Verdict(action=Action.ALLOW), maths=sums or MathsCheck())
            shown.append(check)
            self.hear(p.Sentence(id=ask.id, index=index, space=" " if index else "", check=check))
            if self.holds and self._cancelled.wait(10):
                break
        reply = Reply(
            text=" ".join(check.text for check in shown),
            outcome=Outcome.STOPPED if self._cancelled.is_set() else Outcome.DONE,
            sentences=tuple(shown),
            intent=Intent.ASKS_HINT,
            move=Move.HINT,
        )
        self.hear(p.Replied(id=ask.id, reply=reply))
