"""What a lesson's rules ask of a reply while it grows: questions at its end, its length, words that must come.

A question is held back until the reply ends, so that it is the last thing said; of several the last one is kept. What
was let out cannot be taken back, so a sentence is let out only while people's words could still end the reply there
without a broken rule that blocks. What never comes that far is left out, or people's words stand in its place.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

import msgspec

from tutor.domain import RuleCheck, SentenceCheck, Severity, kind_of
from tutor.domain_lessons import Questions
from tutor.engine.turn_ending import ALWAYS, Ending, Shown
from tutor.tutoring.rules.book import TURN, RuleBook, fired
from tutor.tutoring.rules.reading_level import LEAST_WORDS
from tutor.tutoring.rules.texts import WORD, is_question

__all__ = ["ALWAYS", "Shown", "TurnRules"]

_KEEPS_BACK: Final = {
    "rewritten": (Severity.BLOCK, Severity.REWRITE),
    "left_out": (Severity.BLOCK, Severity.REWRITE),
    "replaced": (Severity.BLOCK,),
}


class TurnRules:
    """The whole-turn rules of one reply, and the record of all that were looked at."""

    def __init__(
        self,
        book: RuleBook,
        variant: int = 0,
        *,
        whole: bool = False,
        silent: bool = False,
        may_say: Callable[[str], bool] | None = None,
    ) -> None:
        """`whole`: nothing is shown before the reply is over and was looked at as a whole, where a rule of whole turns
        blocks. For the rest see `Ending`."""
        self.book = book
        self._ending = Ending(book, variant, silent=silent, may_say=may_say)
        self.looked: list[RuleCheck] = []
        self.ms = 0.0
        rules = book.lesson.guidelines
        self._questions = next((g for g in rules if isinstance(g, Questions)), None)
        self._blocking = {kind_of(g) for g in rules if g.severity is Severity.BLOCK and kind_of(g) in TURN}
        self._whole = whole
        self._asked = 0
        self._said = ""
        self._pending: list[Shown] = []
        self._last: Shown | None = None

    def by_people(self) -> None:
        """The words are people's: rules of whole turns do not keep them back."""
        self._blocking = set()

    def waiting(self) -> list[str]:
        """What passed its checks and was not let out yet."""
        held = [*self._pending, *([self._last] if self._last else [])]
        return [check.text for _, check in held]

    def note(self, checks: Iterable[RuleCheck], done: str = "") -> None:
        """Keep what was found of a sentence. `done`: what was done where a rule fired.

        Of words that were not shown only what kept them back is told.
        """
        for check in checks:
            if not check.fired:
                self.looked.append(check)
            elif done == "shown" or check.severity in _KEEPS_BACK[done]:
                self.looked.append(msgspec.structs.replace(check, done=done))

    def enough(self, checks: Sequence[RuleCheck], begun: bool) -> bool:
        """Whether a reply that has begun must end before this sentence: it would grow too long."""
        if not begun or not any(c.rule == "length" and c.severity is not Severity.WARN for c in fired(checks)):
            return False
        self.note(checks, "left_out")
        return True

    def take(self, space: str, check: SentenceCheck) -> Iterator[Shown]:
        """A sentence that passed its checks; gives what may be shown now."""
        began = time.perf_counter()
        rule = self._questions
        if rule is None or rule.severity is Severity.WARN or not is_question(check.text):
            self._pending.append((space, check))
        elif rule.end_with and self._asked >= rule.most - 1:
            if self._last is not None:
                self._left_out("questions")
            self._last = (space, check)
        elif self._asked < rule.most:
            self._asked += 1
            self._pending.append((space, check))
        else:
            self._left_out("questions")
        now = self._let() if self._may_go() else []
        self.ms += (time.perf_counter() - began) * 1000
        yield from now

    def settle(self) -> bool:
        """The reply is over: leave out what would have it break a rule that blocks.

        False where nothing is left of it, so that words of people must stand in its place.
        """
        began = time.perf_counter()
        try:
            return self._settle()
        finally:
            self.ms += (time.perf_counter() - began) * 1000

    def close(self) -> Iterator[Shown]:
        """What ends the reply: what is still held, words that are wanted, the last question."""
        began = time.perf_counter()
        last, self._last = self._last, None
        now = self._let()
        text = self._said
        for check, wanted in self._ending.of(text, last[1] if last else None, self._asked):
            space = last[0] if last is not None and check is last[1] else ""
            now.append(((space or " ") if text or now else "", check))
            if wanted is not None:
                self.looked.append(wanted)
        self.ms += (time.perf_counter() - began) * 1000
        yield from now

    # --- inside ----------------------------------------------------------------------------------------------------

    def _may_go(self) -> bool:
        if not self._blocking:
            return True
        if self._whole or not self._pending:
            return False
        text = self._with(self._pending)
        return not self._unread(self._pending) and not self._ending.broken(text, None, self._asked)

    def _settle(self) -> bool:
        pending, last = self._pending, self._last
        if not self._blocking or not (pending or last):
            return True
        found = self._breaks(pending, last)
        if not found:
            return True
        people = [one for one in pending if one[1].done == "fallback"]
        for part, end in self._parts(pending, last, people):
            if not (self._breaks(part, end) or self._unread(part)):
                self._pending, self._last = part, end
                self._not_shown(found, "left_out")
                return True
        if people and not self._said:
            self._pending = people  # their words stand, and what they break is told
            return True
        self._pending, self._last = [], None
        self._not_shown(found, "left_out" if self._said else "replaced")
        return bool(self._said)

    def _parts(
        self, pending: list[Shown], last: Shown | None, people: list[Shown]
    ) -> Iterator[tuple[list[Shown], Shown | None]]:
        """What may be left of a reply, most first: people's words alone, or it ends earlier."""
        if people:
            yield people, last
            return
        if self._whole:
            return
        ends = (last, None) if last is not None else (None,)
        for end in ends:
            for count in range(len(pending), -1, -1):
                if count or self._said:
                    yield pending[:count], end

    def _breaks(self, part: list[Shown], last: Shown | None) -> list[RuleCheck]:
        return self._ending.broken(self._with(part), last[1] if last else None, self._asked)

    def _unread(self, part: list[Shown]) -> bool:
        """Whether so few words have no reading level yet, and one is asked for."""
        return "reading_level" in self._blocking and len(WORD.findall(self._with(part))) < LEAST_WORDS

    def _with(self, part: list[Shown]) -> str:
        return self._said + "".join(f"{space or ' '}{check.text}" for space, check in part)

    def _let(self) -> list[Shown]:
        now, self._said, self._pending = self._pending, self._with(self._pending), []
        return now

    def _not_shown(self, found: Sequence[RuleCheck], done: str) -> None:
        self.looked += [msgspec.structs.replace(check, done=done) for check in found]

    def _left_out(self, kind: str) -> None:
        rule = self._questions
        assert rule is not None
        self.looked.append(RuleCheck(rule=kind, severity=rule.severity, fired=True, where="turn", done="left_out"))
