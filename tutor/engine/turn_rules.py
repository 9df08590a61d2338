"""What a lesson's rules ask of a reply while it grows: questions at its end, its length, words that must come.

A question is held back until the reply ends, so that it is the last thing said; of several the last one is kept.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec

from tutor.domain import Action, RuleCheck, SentenceCheck, Severity, Verdict
from tutor.domain_lessons import Length, Questions, Words
from tutor.tutoring.lesson_wordings import closing_question, use_word
from tutor.tutoring.rules import shape
from tutor.tutoring.rules.book import RuleBook, fired
from tutor.tutoring.rules.texts import WORD, is_question

Shown = tuple[str, SentenceCheck]
"""White space before it, and the sentence."""

ALWAYS: Final = frozenset({"withhold", "guidelines", "forbidden", "correctness"})
"""Rules that words of people keep, too; the rest bounds what the model says."""

_KEEPS_BACK: Final = {
    "rewritten": (Severity.BLOCK, Severity.REWRITE),
    "left_out": (Severity.BLOCK, Severity.REWRITE),
    "replaced": (Severity.BLOCK,),
}


class TurnRules:
    """The whole-turn rules of one reply, and the record of all that were looked at."""

    def __init__(self, book: RuleBook, variant: int = 0) -> None:
        self.book, self._variant = book, variant
        self.looked: list[RuleCheck] = []
        rules = book.lesson.guidelines
        self._questions = next((g for g in rules if isinstance(g, Questions)), None)
        self._words = [g for g in rules if isinstance(g, Words) and g.required and g.severity is not Severity.WARN]
        self._length = next((g for g in rules if isinstance(g, Length)), None)
        self._asked = 0
        self.held: Shown | None = None

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
        rule = self._questions
        if rule is None or rule.severity is Severity.WARN or not is_question(check.text):
            yield space, check
        elif rule.end_with and self._asked >= rule.most - 1:
            if self.held is not None:
                self._left_out("questions")
            self.held = (space, check)
        elif self._asked < rule.most:
            self._asked += 1
            yield space, check
        else:
            self._left_out("questions")

    def _left_out(self, kind: str) -> None:
        rule = self._questions
        assert rule is not None
        self.looked.append(RuleCheck(rule=kind, severity=rule.severity, fired=True, where="turn", done="left_out"))

    def close(self, text: str) -> Iterator[Shown]:
        """What ends the reply: a word that is wanted, the question that was held, or one that people wrote."""
        last = self.held
        self.held = None
        for rule in self._words:
            missing = shape.missing(f"{text} {last[1].text if last else ''}", rule, self.book.sight)
            if missing is not None:
                words = use_word(rule.required[int(missing.split()[-1]) - 1])
                if self._fits(f"{text} {words}") and not self._blocked(words):
                    yield " ", _written(words)
                    self.looked.append(_done("words", rule.severity, missing))
        if last is not None:
            yield (last[0] or " ") if text else "", last[1]
            return
        asks = self._questions
        if asks is None or asks.severity is Severity.WARN or not asks.end_with or asks.most <= self._asked:
            return
        if self.book.sight.open_work and text.strip() and not shape.ends_with_question(text):
            yield " ", _written(closing_question(self._variant))
            self.looked.append(_done("questions", asks.severity, "no question at the end"))

    def _fits(self, text: str) -> bool:
        return self._length is None or not 0 < self._length.most_words < len(WORD.findall(text)) + shape.RESERVED

    def _blocked(self, words: str) -> bool:
        return any(c.rule in ALWAYS for c in fired(self.book.sentence(words)))


def _written(words: str) -> SentenceCheck:
    return SentenceCheck(
        text=words, verdict=Verdict(action=Action.ALLOW, reason="written; a rule of the lesson"), done="fallback"
    )


def _done(kind: str, severity: Severity, detail: str) -> RuleCheck:
    return RuleCheck(rule=kind, severity=severity, fired=True, where="turn", done="rewritten", detail=detail)
