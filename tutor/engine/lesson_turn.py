"""One learner's turn in a lesson: what its rules make of the message, the plan, the words, and the record."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import msgspec

from tutor.domain import Action, Direction, Fact, Intent, Lesson, Move, Passage, RuleCheck, Severity
from tutor.domain_lessons import Assessment, Escalation, Sources
from tutor.engine.checking import Checker, Encode
from tutor.engine.gate import Gate
from tutor.engine.protocol import Ask
from tutor.engine.turn_ending import ALWAYS
from tutor.engine.turn_rules import TurnRules
from tutor.lessons import assessment
from tutor.tutoring import lesson_policy, lesson_wordings, quoting
from tutor.tutoring.lesson_policy import Led
from tutor.tutoring.policy import Plan
from tutor.tutoring.rules import escalation, sources
from tutor.tutoring.rules.book import RuleBook, fired, record

_LED_BACK: Final = ("forbidden", "scope", "guidelines")
_IN_PLACE: Final = ALWAYS | {"words"}
"""What words in the model's place keep: no locked answer, guidelines or forbidden topic, and no word to avoid."""
_TALK: Final = (Move.CONVERSE, Move.REDIRECT, Move.GREET, Move.ACKNOWLEDGE)


class LessonTurn:
    """Made for one `Ask` that has a lesson. The engine's thread."""

    def __init__(self, ask: Ask, lesson: Lesson, scope: str, checker: Checker) -> None:
        self._ask, self._lesson, self._scope, self._checker = ask, lesson, scope, checker
        self._encode: Encode | None = checker.encoder()
        checker.encode_ahead(ask.text)
        self._escalation = escalation.of(lesson)
        self._looked: list[RuleCheck] = []
        self._led = Led(plan=Plan(move=Move.CONVERSE))
        self._facts: tuple[Fact, ...] = ()
        self._passages: tuple[Passage, ...] = ()
        self._cites: tuple[Passage, ...] = ()
        self._escalate = self._message = ""
        self._off = False
        """An assessment has the chat off: what it says is all that is said."""
        self.ms = 0.0
        """Spent on the guidelines, beside what the sentences' checks take."""
        self.written = ""
        """Words that are said as they stand, in place of the model's; "" where it finds them."""

    def decide(self, intent: Intent, facts: Sequence[Fact], *, story: bool) -> Plan:
        """The plan. Its notes hold the passages that may be used, as quoted text."""
        ask, self._facts = self._ask, tuple(facts)
        began, now = time.perf_counter(), time.time()
        led = lesson_policy.decide(
            ask.text,
            lesson=self._lesson,
            intent=intent,
            facts=facts,
            state=ask.state,
            now=now,
            give_answers=ask.policy.give_answers,
            max_hints=ask.policy.max_hints,
            scope=self._scope,
            story=story,
            remembered=ask.remembered,
        )
        if led.plan.talk:
            words = lesson_wordings.fallback(led.plan, self._lesson, ask.retry)
            led = msgspec.structs.replace(led, written=words)
        if led.plan.move is not Move.SIGNPOST:
            led = self._closed(led, now) or self._person(led) or self._led_back(led, intent) or self._from_texts(led)
        self._looked += led.rules
        self._led, self.written = led, led.written
        by_people = led.plan.word or (self._scope and lesson_wordings.by_people(led.plan, self._lesson))
        if not self.written and by_people:
            self.written = self._in_place()  # its sentences are checked as the model's are
        self._offer(led)
        self.ms += (time.perf_counter() - began) * 1000
        return led.plan

    # --- what the message meets ------------------------------------------------------------------------------------

    def _answered(self, led: Led, words: str, move: Move = Move.REDIRECT) -> Led:
        """Words of people, and where the tutoring stands stays as it is."""
        plan = Plan(move=move, state=self._ask.state, fact=led.plan.fact, withhold=led.plan.fact is not None)
        return Led(plan=plan, written=words)

    def _closed(self, led: Led, now: float) -> Led | None:
        """An assessment has the chat off."""
        window = assessment.in_force(self._lesson, datetime.fromtimestamp(now, UTC))
        for guideline in self._lesson.guidelines:
            if isinstance(guideline, Assessment):
                closed = guideline is window
                done = "withheld" if closed else ""
                self._look("assessment", guideline.severity, "policy", fires=closed, done=done)
        self._off = window is not None
        if window is None:
            return None
        if window.message.strip() and not self._may_say(window.message.strip()):
            window = msgspec.structs.replace(window, message="")
        return self._answered(led, assessment.message(window))

    def _person(self, led: Led) -> Led | None:
        """The learner asks for a person, or says what calls for one."""
        rule = self._escalation
        if rule is None or led.right is not None:
            return None
        why = escalation.reason(rule, self._ask.text, self._book(led).sight)
        if why not in ("asked", "words"):
            return None
        self._offered(rule, why)
        self._message = ""
        return self._answered(led, escalation.message(rule, why))

    def _led_back(self, led: Led, intent: Intent) -> Led | None:
        """A message about something that the lesson leaves out, or that asks to read the guidelines."""
        if led.right is not None or led.written:
            return None
        found = self._book(led).incoming(self._ask.text, intent)
        kind = next((k for k in _LED_BACK if any(self._leads_back(c) for c in fired(found) if c.rule == k)), "")
        self._looked += [
            msgspec.structs.replace(c, done="redirected") if c.fired and c.rule == kind else c for c in found
        ]
        if not kind:
            return None
        if kind == "scope" and self._escalation is not None and "outside" in self._escalation.triggers:
            self._offered(self._escalation, "outside")
        question = self._ask.state.problem.question if self._ask.state.problem and not self._ask.state.solved else ""
        return self._answered(led, lesson_wordings.redirected(kind, question))

    @staticmethod
    def _leads_back(check: RuleCheck) -> bool:
        return check.severity is not Severity.WARN and check.detail != "override"

    def _from_texts(self, led: Led) -> Led:
        """Answer from the lesson's texts: word for word where the model is narrow, else with them in its notes."""
        ask, plan = self._ask, led.plan
        rule = next((g for g in self._lesson.guidelines if isinstance(g, Sources)), None)
        if led.written or led.right is not None or not (plan.move in _TALK or quoting.asks(ask.text)):
            return led
        usable = quoting.usable(ask.passages, self._book(led).sight.keys, ask.state)
        found = quoting.quote(ask.text, usable) if quoting.asks(ask.text) else None
        if found is None:
            if rule is None or not (self._lesson.materials or ask.passages) or plan.move not in _TALK[:2]:
                return led
            self._look("sources", rule.severity, "policy", fires=True, done="withheld")
            if self._escalation is not None and "outside" in self._escalation.triggers:
                self._offered(self._escalation, "outside")
            return self._answered(led, lesson_wordings.not_in_texts())
        words, passage = found
        if self._scope:
            self._cites = (passage,)
            return self._answered(led, lesson_wordings.quoted(words, passage), Move.CONVERSE)
        self._passages = usable
        plan = msgspec.structs.replace(
            plan, move=Move.CONVERSE, state=ask.state, notes=quoting.notes(usable, plan.fact), fact=None, rung=0
        )
        return Led(plan=plan, rules=led.rules, right=led.right)

    # --- offers to a person ----------------------------------------------------------------------------------------

    def _offer(self, led: Led) -> None:
        rule = self._escalation
        if rule is None or self._escalate:
            return
        failed = len(led.plan.state.tried)
        why = escalation.reason(rule, "", self._book(led).sight, failed=failed)
        if why:
            self._offered(rule, why)
        else:
            self._look("escalation", rule.severity, "policy")

    def _offered(self, rule: Escalation, why: str) -> None:
        self._escalate, self._message = why, escalation.message(rule, why)
        self._look("escalation", rule.severity, "policy", fires=True, done="offered", detail=why)

    # --- the words -------------------------------------------------------------------------------------------------

    def _book(self, led: Led, *, encoded: bool = True) -> RuleBook:
        plan = led.plan
        return RuleBook(
            self._lesson,
            state=plan.state,
            move=plan.move,
            words=self._ask.text,
            facts=self._facts,
            passages=self._passages or self._cites or self._ask.passages,
            right=led.right,
            given=" ".join((plan.given, led.written, *plan.notes.splitlines()[2:])).strip(),
            held_back=plan.withhold,
            encode=self._encode if encoded else None,
        )

    def rules(self) -> TurnRules:
        """What the reply's sentences are checked against.

        A model of one small world says little that patterns do not know, and is quick: its sentences are not encoded.
        """
        return TurnRules(
            self._book(self._led, encoded=not self._scope),
            self._ask.retry,
            whole=bool(self._scope),
            silent=self._off,
            may_say=self._may_say,
        )

    def fallback(self) -> str:
        """Words in place of the model's that are shown as they stand."""
        words = self._in_place()
        return words if self._may_say(words) else lesson_wordings.closing_question(self._ask.retry)

    def _may_say(self, words: str) -> bool:
        """Whether the classifier lets out what stands in a lesson, which may come from anywhere."""
        began = time.perf_counter()
        verdict, _ = self._checker.judge(words, Direction.OUTPUT, (self._ask.text,), self._ask.age_band).result()
        self.ms += (time.perf_counter() - began) * 1000
        return verdict.action in (Action.ALLOW, Action.REVIEW)

    def _in_place(self) -> str:
        """The teacher's words for the move, else the program's; none that break what people's words must keep, too."""
        book = self._book(self._led, encoded=False)
        for lesson in (self._lesson, msgspec.structs.replace(self._lesson, fallbacks={})):
            words = lesson_wordings.fallback(self._led.plan, lesson, self._ask.retry)
            if not any(check.rule in _IN_PLACE for check in _kept_back(book.sentence(words))):
                return words
        return lesson_wordings.closing_question(self._ask.retry)

    def end(self, gate: Gate, turn: TurnRules) -> None:
        """Add the offer to a person where there is one to make. Before the reply is finished."""
        rule = self._escalation
        talks = self._led.plan.move in (Move.CONVERSE, Move.RECALL)
        if rule is not None and not self._escalate and gate.fell_back and talks and "unsure" in rule.triggers:
            self._offered(rule, "unsure")
        began = time.perf_counter()
        self._looked += turn.book.turn(gate.text)
        self.ms += (time.perf_counter() - began) * 1000 + turn.ms
        if self._message and self._message not in gate.text:
            gate.add(self._offer_in_words())
        if self._passages:
            self._cites = sources.cited(gate.text, self._passages)

    def _offer_in_words(self) -> str:
        rule = self._escalation
        if rule is None or not (rule.message or rule.to) or self._may_say(self._message):
            return self._message
        return escalation.message(Escalation(), self._escalate)

    def _quiet(self, looked: Sequence[RuleCheck]) -> str:
        line = lesson_policy.quiet(looked, self._lesson)
        if any(g.note.strip() == line for g in self._lesson.guidelines) and line and not self._may_say(line):
            return lesson_policy.quiet(looked, msgspec.structs.replace(self._lesson, guidelines=()))
        return line

    def record(self, turn: TurnRules | None) -> dict[str, object]:
        """The fields of the reply that tell of the lesson."""
        looked = record([*self._looked, *(turn.looked if turn else ())])
        looked = tuple(
            msgspec.structs.replace(c, done="shown") if c.fired and not c.done and c.where == "turn" else c
            for c in looked
        )
        return {
            "rules": looked,
            "quiet": self._quiet(looked),
            "cites": self._cites,
            "escalate": self._escalate,
        }

    def _look(
        self, kind: str, severity: Severity, where: str, *, fires: bool = False, done: str = "", detail: str = ""
    ) -> None:
        self._looked.append(RuleCheck(rule=kind, severity=severity, fired=fires, where=where, done=done, detail=detail))


def _kept_back(checks: Sequence[RuleCheck]) -> list[RuleCheck]:
    """What fired and keeps words back: a locked answer at any severity, the rest where it blocks."""
    return [c for c in fired(checks) if c.rule == "withhold" or c.severity is Severity.BLOCK]
