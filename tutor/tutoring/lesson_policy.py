"""The tutoring policy of a lesson: its items, its hint ladder, what unlocks an answer, what is led back.

What it does not decide goes to the ordinary policy, whose answers the lesson's rules then bound. Structure decides
here, too: what must not be said is in no plan.
"""

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from tutor.domain import Fact, Intent, Item, Lesson, Move, Remembered, RuleCheck, Severity, TutoringState
from tutor.domain_lessons import AttemptFirst, HintLadder, Rule, Withhold
from tutor.frozen import Frozen
from tutor.i18n import tr
from tutor.tutoring import brief, glossary_items, item_grading, items, policy, recalling, small_talk, tries
from tutor.tutoring.lesson_wordings import presented
from tutor.tutoring.policy import Plan
from tutor.tutoring.rules import private, withhold
from tutor.tutoring.rules.answers import KIND, key_of
from tutor.tutoring.rules.sight import Sight

_HELP: Final = (Intent.ASKS_HINT, Intent.ASKS_EXPLANATION)
_NO_ATTEMPT: Final = (Intent.GREETING, Intent.FEEDBACK, Intent.OFF_TOPIC)


class Led(Frozen):
    """The plan of a turn in a lesson, and which of its rules were looked at on the way."""

    plan: Plan
    rules: tuple[RuleCheck, ...] = ()
    right: bool | None = None
    """How the learner's attempt was graded; None where there was none."""
    written: str = ""
    """Words that are said as they stand, in place of the model's."""


class _Rules:
    """The guidelines of a lesson that moves keep."""

    def __init__(self, lesson: Lesson, max_hints: int) -> None:
        self.withhold = next((g for g in lesson.guidelines if isinstance(g, Withhold)), None)
        self.ladder = next((g for g in lesson.guidelines if isinstance(g, HintLadder)), None)
        self.first = next((g for g in lesson.guidelines if isinstance(g, AttemptFirst)), None)
        self.rungs = self.ladder.rungs if self.ladder else max_hints
        self.looked: list[RuleCheck] = []

    def note(self, kind: str, rule: Rule | None, *, done: str = "", detail: str = "") -> None:
        if rule is not None:
            self.looked.append(
                RuleCheck(rule=kind, severity=rule.severity, fired=bool(done), where="policy", done=done, detail=detail)
            )

    def dwelt(self, state: TutoringState, now: float, *, at_work: bool) -> bool:
        """Whether the learner stayed on the last hint long enough for a new one. An attempt is a turn of staying."""
        if self.ladder is None or state.rung == 0 or not state.hinted_at:
            return True
        turns = state.turns_on_rung + (1 if at_work else 0)
        return turns >= self.ladder.dwell_turns and now - state.hinted_at >= self.ladder.dwell_seconds


def decide(
    text: str,
    *,
    lesson: Lesson,
    intent: Intent,
    facts: Sequence[Fact],
    state: TutoringState,
    now: float,
    give_answers: bool = False,
    max_hints: int = 3,
    scope: str = "",
    story: bool = False,
    remembered: Sequence[Remembered] = (),
) -> Led:
    """The plan for one message in a lesson. `now`: seconds since 1970; the rest as for `policy.decide`."""
    rules = _Rules(lesson, max_hints)
    found = None
    talks = (
        not (facts or story or remembered)
        and bool(small_talk.about(text))
        and not _for_the_item(text, intent, lesson, state)
    )
    if intent is not Intent.DISTRESS and not talks:
        found = _item_turn(text, lesson, intent, facts, state, rules, now, remembered)
    if found is None:
        plan = policy.decide(
            text,
            intent=intent,
            facts=facts,
            state=state,
            give_answers=give_answers and not _blocks(rules.withhold),
            max_hints=rules.rungs,
            scope=scope,
            story=story,
            remembered=remembered,
            words=_explains(lesson),
        )
        graded = {Move.CONFIRM: True, Move.DIAGNOSE: False}.get(plan.move) if plan.attempt else None
        found = Led(plan=_bounded(plan, state, rules, now), right=graded)
    after = _counted(found.plan.state, state, now)
    return Led(
        plan=msgspec.structs.replace(found.plan, state=after),
        rules=tuple(rules.looked),
        right=found.right,
        written=found.written,
    )


def _explains(lesson: Lesson) -> bool:
    """Whether words of maths are explained: a translation is no slide in a language lesson."""
    return lesson.subject in ("maths", "")


def _for_the_item(text: str, intent: Intent, lesson: Lesson, state: TutoringState) -> bool:
    """Whether words that sound like small talk are work on the open item.

    In a lesson of a language any may be. Elsewhere those are that its grading finds right; "no" before a farewell is
    no answer to yes or no.
    """
    item = items.by_id(lesson, state.item)
    if item is None or state.solved or state.problem is None or state.problem.kind != KIND:
        return False
    if lesson.subject == "language":
        return True
    attempt = item_grading.attempt_in(item_grading.without_question(text, item), item, intent)
    return bool(attempt) and not key_of(item).verdict and item_grading.is_right(attempt, item)


def _blocks(rule: Rule | None) -> bool:
    return rule is not None and rule.severity is Severity.BLOCK


def _counted(after: TutoringState, before: TutoringState, now: float) -> TutoringState:
    """With the lesson's own counts: what is solved stays solved, and how long the last hint has been stayed on."""
    same = after.problem is not None and after.problem == before.problem
    hinted = after.rung > (before.rung if same else 0)
    return msgspec.structs.replace(
        after,
        item=after.item if after.problem is not None and after.problem.kind == KIND else "",
        items_solved=after.items_solved if len(after.items_solved) > len(before.items_solved) else before.items_solved,
        turns_on_rung=0 if hinted else before.turns_on_rung + 1 if same else 0,
        hinted_at=now if hinted else before.hinted_at if same else 0.0,
    )


# --- items -----------------------------------------------------------------------------------------------------------


def _item_turn(
    text: str,
    lesson: Lesson,
    intent: Intent,
    facts: Sequence[Fact],
    state: TutoringState,
    rules: _Rules,
    now: float,
    remembered: Sequence[Remembered],
) -> Led | None:
    """The turn where it is about an item, None where it is not."""
    chosen = items.named(text, lesson, state, facts)
    item = items.by_id(lesson, state.item)
    if chosen is not None and chosen.id != state.item:
        return _begun(text, lesson, chosen, state, rules, now)
    if item is None or state.problem is None or state.problem.kind != KIND:
        return None
    fresh = [f for f in facts if not items.same_problem(f, item)]
    asked = bool(fresh) and item_grading.asks(text)
    own = item_grading.without_question(text, item)
    pasted = own != text
    said = (
        glossary_items.meaning(text, item, state.problem, solved=state.solved)
        if _explains(lesson) and not facts
        else ""
    )
    attempt = "" if asked or said else item_grading.attempt_in(own, item, None if pasted else intent)
    if attempt and not state.solved:
        return _graded(attempt, item, lesson, state, rules, now)
    if fresh and not attempt:
        disguised = not state.solved and any(item_grading.is_right(f.answer, item) for f in fresh)
        if not (disguised and rules.withhold is not None):
            return None  # a problem of the learner's own
        intent = Intent.ASKS_ANSWER
    if state.solved:
        return Led(plan=policy.explaining(said, state)) if said else _after(text, intent, item, lesson, state)
    known = recalling.answering(remembered, facts, state.problem, story=False, give_answers=False)
    if known is not None and not item_grading.gives_away(known.answer, item):
        return Led(plan=policy.recall(known, state))
    if said:
        return Led(plan=policy.explaining(said, state))
    return _helped(text, intent, item, lesson, state, rules, now)


def _begun(text: str, lesson: Lesson, item: Item, state: TutoringState, rules: _Rules, now: float) -> Led:
    """Another item is taken up: show it, unless the message brings an answer to it."""
    begun = TutoringState(
        problem=items.problem_of(item), item=item.id, items_solved=state.items_solved, advised=state.advised
    )
    own = item_grading.without_question(text, item)
    attempt = item_grading.attempt_in(own, item) if own != text else ""
    if attempt:
        return _graded(attempt, item, lesson, begun, rules, now)
    rules.note("attempt_first", rules.first)
    return Led(plan=policy.planned(Move.ASK_ATTEMPT, begun), written=presented(item, lesson))


def _graded(attempt: str, item: Item, lesson: Lesson, state: TutoringState, rules: _Rules, now: float) -> Led:
    problem = state.problem
    assert problem is not None
    rules.note("attempt_first", rules.first)
    tried = msgspec.structs.replace(state, attempts=state.attempts + 1)
    if item_grading.is_right(attempt, item):
        solved = msgspec.structs.replace(
            tried, solved=True, items_solved=tuple(dict.fromkeys((*state.items_solved, item.id)))
        )
        return Led(plan=policy.planned(Move.CONFIRM, solved, attempt=attempt, rung=state.rung), right=True)
    known = item_grading.misconception(attempt, item)
    number = bool(re.search(r"\d", attempt)) and not item.choices
    real = (
        tries.is_real(attempt, problem, state.tried)
        if number
        else item_grading.is_real(attempt, item, state.tried, lesson)
    )
    after = msgspec.structs.replace(tried if real else state, tried=(*state.tried, attempt)[-tries.MOST_KEPT :])
    if known is not None and known.say and not item_grading.gives_away(known.say, item):
        return Led(plan=_diagnosed(after, attempt, known.say), right=False)
    unlocked = _unlocked(lesson, after, rules)
    if real and unlocked and state.rung >= _rungs(problem, rules):
        return Led(plan=_explained(after), right=False)
    if real and state.rung < _rungs(problem, rules) and rules.dwelt(state, now, at_work=True):
        rules.note("hints", rules.ladder)
        after = msgspec.structs.replace(after, rung=state.rung + 1)
        return Led(plan=policy.planned(Move.DIAGNOSE, after, attempt=attempt, rung=state.rung), right=False)
    return Led(plan=policy.planned(Move.DIAGNOSE, after, attempt=attempt, rung=max(state.rung - 1, 0)), right=False)


def _diagnosed(state: TutoringState, attempt: str, say: str) -> Plan:
    """What the teacher says to a typical mistake, in place of the next hint."""
    assert state.problem is not None
    fact = msgspec.structs.replace(state.problem, hints=(say,))
    return Plan(
        move=Move.DIAGNOSE,
        fact=fact,
        attempt=attempt,
        state=state,
        notes=brief.render(Move.DIAGNOSE, fact, attempt=attempt),
        withhold=True,
    )


def _helped(
    text: str, intent: Intent, item: Item, lesson: Lesson, state: TutoringState, rules: _Rules, now: float
) -> Led:
    """The item is open and the message holds no attempt."""
    problem = state.problem
    assert problem is not None
    if private.overrides(text) and intent in (*_NO_ATTEMPT, *_HELP, Intent.ATTEMPT):
        intent = Intent.ASKS_ANSWER
    if intent in _NO_ATTEMPT:
        move = {Intent.GREETING: Move.GREET, Intent.FEEDBACK: Move.ACKNOWLEDGE}.get(intent, Move.REDIRECT)
        return Led(plan=policy.planned(move, state))
    rungs = _rungs(problem, rules)
    asks_answer = intent is Intent.ASKS_ANSWER
    if asks_answer:
        state = msgspec.structs.replace(state, begs=state.begs + 1)
    if state.attempts > 0 and _unlocked(lesson, state, rules) and (asks_answer or state.rung >= rungs):
        return Led(plan=_explained(state))
    if rules.withhold is not None:
        rules.note("withhold", rules.withhold, done="withheld" if asks_answer else "", detail=item.id)
    if state.attempts == 0 and (rules.first is not None or asks_answer):
        rules.note("attempt_first", rules.first, done="withheld")
        return Led(plan=policy.planned(Move.ASK_ATTEMPT, state, rung=state.rung))
    if state.rung >= rungs or asks_answer or not problem.hints:
        again = state.rung > 0 and problem.hints
        return Led(plan=policy.planned(Move.HINT if again else Move.ASK_ATTEMPT, state, rung=max(state.rung - 1, 0)))
    if not rules.dwelt(state, now, at_work=False):
        rules.note("hints", rules.ladder, done="withheld", detail=f"rung {state.rung}")
        return Led(plan=policy.planned(Move.HINT, state, rung=state.rung - 1))
    rules.note("hints", rules.ladder)
    return Led(plan=policy.planned(Move.HINT, msgspec.structs.replace(state, rung=state.rung + 1), rung=state.rung))


def _after(text: str, intent: Intent, item: Item, lesson: Lesson, state: TutoringState) -> Led | None:
    """The item is solved, or was explained."""
    if intent in (Intent.ASKS_EXPLANATION, Intent.ASKS_HINT) and len(text.split()) <= 12:
        return Led(plan=policy.planned(Move.EXPLAIN, state))
    if intent in (Intent.FEEDBACK, Intent.ATTEMPT):
        return Led(plan=policy.planned(Move.ACKNOWLEDGE, state))
    if items.following(lesson, state) is not None and re.fullmatch(
        r"\W*(?:yes|yeah|yep|ok(?:ay)?|sure|y)\b.{0,12}", text, re.I
    ):
        return _begun(text, lesson, items.following(lesson, state) or item, state, _Rules(lesson, 3), 0.0)
    return None


def _rungs(problem: Fact, rules: _Rules) -> int:
    return min(rules.rungs, len(problem.hints)) if problem.hints else 0


def _unlocked(lesson: Lesson, state: TutoringState, rules: _Rules) -> bool:
    """Whether the answer of the item in hand may be said."""
    if rules.withhold is None:
        return state.attempts > 0
    return state.item in withhold.unlocked(rules.withhold, Sight(lesson=lesson, state=state))


def _explained(state: TutoringState) -> Plan:
    return policy.planned(Move.EXPLAIN, msgspec.structs.replace(state, solved=True), rung=state.rung)


# --- problems of the learner's own ------------------------------------------------------------------------------------


def _bounded(plan: Plan, state: TutoringState, rules: _Rules, now: float) -> Plan:
    """The ordinary plan within the lesson's ladder."""
    if plan.move is not Move.HINT or plan.fact is None or plan.used:
        return plan
    same = state.problem is not None and plan.state.problem == state.problem
    if rules.first is not None and plan.state.attempts == 0:
        rules.note("attempt_first", rules.first, done="withheld")
        back = msgspec.structs.replace(plan.state, rung=state.rung if same else 0)
        return policy.planned(Move.ASK_ATTEMPT, back)
    if (
        same
        and plan.state.rung > state.rung
        and not rules.dwelt(state, now, at_work=plan.state.attempts > state.attempts)
    ):
        rules.note("hints", rules.ladder, done="withheld", detail=f"rung {state.rung}")
        back = msgspec.structs.replace(plan.state, rung=state.rung)
        return policy.planned(Move.HINT, back, rung=max(state.rung - 1, 0))
    rules.note("hints", rules.ladder)
    return plan


def quiet(checks: Sequence[RuleCheck], lesson: Lesson) -> str:
    """The quiet line for the learner where a rule held something back; the teacher's note, else the program's."""
    lines = {
        "attempt_first": tr("Your teacher wants you to try first."),
        "hints": tr("Your teacher wants you to stay with this hint a little."),
        "withhold": tr("Your teacher wants you to find the answer yourself."),
        "forbidden": tr("Your teacher has left this topic out of the lesson."),
        "scope": tr("Your teacher wants this chat to stay with the lesson."),
        "guidelines": tr("What your teacher wrote for the tutor stays with the tutor."),
        "sources": tr("Your teacher wants answers from your texts."),
    }
    notes = {type(g).__struct_config__.tag: g.note.strip() for g in lesson.guidelines if g.note.strip()}
    for kind, line in lines.items():
        if any(c.rule == kind and c.fired and c.done and c.done != "shown" for c in checks):
            return notes.get(kind, line)
    return ""
