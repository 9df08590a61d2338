"""The rule book of one turn: which guidelines are looked at, which fire, and where. Holds no words of anybody.

    book = RuleBook(lesson, state=..., move=..., words=..., passages=...)
    book.incoming(words, intent)      what the learner's message meets
    book.sentence(text, before)       one sentence of the tutor, `before` it the others of the turn
    book.turn(text)                   the whole turn

Each gives one `RuleCheck` a guideline that was looked at. A check that errors has fired: it fails closed.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec

from tutor.domain import Fact, Guideline, Intent, Lesson, Move, Passage, RuleCheck, Severity, TutoringState, kind_of
from tutor.domain_lessons import Withhold
from tutor.tutoring.rules import (
    correctness,
    language,
    private,
    reading_level,
    shape,
    sources,
    tone,
    topics,
    withhold,
)
from tutor.tutoring.rules.sight import Encode, Sight

SentenceRule = Callable[[str, Sequence[str], Any, Sight], str | None]
TurnRule = Callable[[str, Any, Sight], str | None]

_SENTENCE: Final[dict[str, SentenceRule]] = {
    "withhold": withhold.broken,
    "correctness": correctness.broken,
    "forbidden": topics.forbidden,
    "scope": topics.sentence_outside,
    "sources": sources.broken,
    "tone": tone.broken,
    "language": language.broken,
    "words": shape.avoided,
    "reading_level": reading_level.broken,
    "length": shape.too_long,
}
TURN: Final[dict[str, TurnRule]] = {
    "questions": shape.questions_broken,
    "length": shape.length_broken,
    "reading_level": reading_level.turn_broken,
    "words": shape.missing,
}
POLICY: Final = frozenset({"attempt_first", "hints", "escalation", "assessment"})
"""Kept by the tutoring's moves, not by looking at words."""


class RuleBook:
    """The guidelines of a lesson as they hold in one turn."""

    def __init__(
        self,
        lesson: Lesson,
        *,
        state: TutoringState = TutoringState(),  # noqa: B008 - frozen
        move: Move | None = None,
        words: str = "",
        facts: Sequence[Fact] = (),
        passages: Sequence[Passage] = (),
        right: bool | None = None,
        given: str = "",
        held_back: bool = False,
        encode: Encode | None = None,
    ) -> None:
        """`state`: after the turn's move; `words`: the learner's; `right`: how the attempt was graded; `given`: words
        of people that the turn passes on; `held_back`: the move tells no answer, even of an item that is unlocked;
        `encode`: the encoder, where there is one."""
        sight = Sight(lesson=lesson, state=state)
        held = next((g for g in lesson.guidelines if isinstance(g, Withhold)), None)
        self.lesson = lesson
        self.sight = Sight(
            lesson=lesson,
            state=state,
            move=move,
            words=words,
            facts=tuple(facts),
            passages=tuple(passages),
            unlocked=withhold.unlocked(held, sight) - ({state.item} if held_back and held is not None else set()),
            right=right,
            given=given,
            encode=encode,
        )

    def rules(self) -> tuple[Guideline, ...]:
        return self.lesson.guidelines

    def sentence(self, text: str, before: Sequence[str] = ()) -> list[RuleCheck]:
        """What is found in one sentence. `before`: all earlier sentences of the same turn."""
        found = []
        for guideline in self.lesson.guidelines:
            rule = _SENTENCE.get(kind_of(guideline))
            if rule is not None:
                found.append(self._look(guideline, "sentence", rule, text, before, guideline, self.sight))
        found.append(self._private(text, before))
        return found

    def turn(self, text: str) -> list[RuleCheck]:
        """What is found in a whole turn."""
        found = []
        for guideline in self.lesson.guidelines:
            rule = TURN.get(kind_of(guideline))
            if rule is not None:
                found.append(self._look(guideline, "turn", rule, text, guideline, self.sight))
        return found

    def incoming(self, words: str, intent: Intent | None = None) -> list[RuleCheck]:
        """What a learner's message meets: `forbidden`, `scope`, and `guidelines` where it asks to read them out."""
        found = []
        for guideline in self.lesson.guidelines:
            kind = kind_of(guideline)
            if kind == "forbidden":
                found.append(self._look(guideline, "input", topics.forbidden, words, (), guideline, self.sight))
            elif kind == "scope":
                found.append(self._look(guideline, "input", topics.outside, words, intent, guideline, self.sight))
        overrides = private.overrides(words)
        asked = private.asks_to_read(words, None if overrides else self.sight.encode)
        overrides = overrides or private.overrides(words, self.sight.encode)
        detail = "read out" if asked else "override" if overrides else ""
        found.append(
            RuleCheck(
                rule=private.KIND, severity=Severity.BLOCK, fired=asked or overrides, where="input", detail=detail
            )
        )
        return found

    def _private(self, text: str, before: Sequence[str]) -> RuleCheck:
        try:
            detail = private.broken(text, before, self.sight)
        except Exception as error:  # noqa: BLE001 - a check that errors has fired
            detail = f"error:{type(error).__name__}"
        return RuleCheck(
            rule=private.KIND,
            severity=Severity.BLOCK,
            fired=detail is not None,
            where="sentence",
            detail=detail or "",
        )

    def _look(self, guideline: Guideline, where: str, rule: Callable[..., str | None], *given: Any) -> RuleCheck:
        try:
            detail = rule(*given)
        except Exception as error:  # noqa: BLE001 - a check that errors has checked nothing, so it counts as broken
            detail = f"error:{type(error).__name__}"
        return RuleCheck(
            rule=kind_of(guideline),
            severity=guideline.severity,
            fired=detail is not None,
            where=where,
            detail=detail or "",
        )


def fired(checks: Sequence[RuleCheck], *severities: Severity) -> list[RuleCheck]:
    """Those that fired, of these severities (of any where none is named)."""
    return [check for check in checks if check.fired and (not severities or check.severity in severities)]


def record(checks: Sequence[RuleCheck]) -> tuple[RuleCheck, ...]:
    """One line a rule, place and what was done, with how often it was looked at or fired."""
    merged: dict[tuple[str, str, bool, str], RuleCheck] = {}
    for check in checks:
        key = (check.rule, check.where, check.fired, check.done)
        old = merged.get(key)
        merged[key] = check if old is None else msgspec.structs.replace(old, times=old.times + check.times)
    return tuple(merged.values())
