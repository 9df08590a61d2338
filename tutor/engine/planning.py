"""What is made of a learner's words before the model says anything: their sums, the intent, the plan."""

from concurrent.futures import Future
from typing import TYPE_CHECKING

import msgspec

from tutor.domain import Fact, Intent
from tutor.engine.checking import Checker
from tutor.engine.lesson_turn import LessonTurn
from tutor.engine.protocol import Ask
from tutor.engine.word_sums import WordSums

if TYPE_CHECKING:
    from tutor.tutoring.policy import Plan
    from tutor.tutoring.sum_reader import Candidate


class Planned(msgspec.Struct, frozen=True):
    """A turn as it will be answered if the learner's words may be."""

    facts: tuple[Fact, ...]
    intent: Intent
    confidence: float
    plan: "Plan"


class Planning:
    """Of one turn. The engine's thread; the recognisers work on their own."""

    def __init__(self, ask: Ask, facts: tuple[Fact, ...], checker: Checker) -> None:
        """Begins at once to find out what the learner wants, and what a story may ask for. `facts`: of the words."""
        from tutor.tutoring import word_sums

        self._ask, self._facts = ask, facts
        self._told = word_sums.is_story(ask.text, facts)
        self._reading: Future[list[Candidate]] | None = checker.story(ask.text) if self._told else None
        self._recognising = checker.intent(ask.text, facts, ask.state)

    def planned(self, sums: WordSums, lesson: LessonTurn | None, scope: str) -> Planned:
        """Waits for both. Raises what went wrong in them."""
        from tutor.tutoring import policy

        ask, facts = self._ask, self._facts
        intent, confidence = self._recognising.result()
        if self._reading is not None:
            worked = sums.fact(ask.text, self._reading.result())
            facts = (worked,) if worked is not None else ()
        story = self._told and not facts
        if lesson is not None:
            plan = lesson.decide(intent, facts, story=story)
        else:
            plan = policy.decide(
                ask.text,
                intent=intent,
                facts=facts,
                state=ask.state,
                give_answers=ask.policy.give_answers,
                max_hints=ask.policy.max_hints,
                scope=scope,
                story=story,
                remembered=ask.remembered,
            )
        return Planned(facts, intent, confidence, plan)
