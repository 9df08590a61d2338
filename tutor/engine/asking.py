"""The checks of a reply's pieces, some of them begun before it is known that the piece will be said."""

from concurrent.futures import Future

import msgspec

from tutor.engine.checking import Checked, Checker, Question


class Asked(msgspec.Struct, frozen=True):
    """All that the checks of a piece depend on, beside the question."""

    text: str
    before: tuple[str, ...]
    """What was let out just before it, or waits for its own checks."""
    carry: str
    """Unfinished maths that it continues."""
    again: bool
    """What fails will be written again."""


class Asking:
    """Of one reply."""

    def __init__(self, checker: Checker, question: Question) -> None:
        self._checker, self._question = checker, question
        self._early: tuple[Asked, Future[Checked]] | None = None

    def check(self, asked: Asked) -> "Future[Checked]":
        """Begin the checks, or take those that were begun for the very same words in the same place."""
        early, self._early = self._early, None
        if early is not None:
            if early[0] == asked:
                return early[1]
            early[1].cancel()
        return self._checker.piece(asked.text, self._question, asked.before, asked.carry, again=asked.again)

    def foresee(self, asked: Asked) -> None:
        """Begin them for words that will most probably be said."""
        self._early = (asked, self.check(asked))
