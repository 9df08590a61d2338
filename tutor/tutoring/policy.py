"""The tutoring policy: a small state machine that picks the next move. Structure decides what may be said.

No final answer by default: an attempt is asked for first, hints grow rung by rung, and the whole solution comes only
after a real attempt with the hints used up, or by the teacher's switch. Asking for the answer is counted, never
rewarded. (Unguarded help raised practice scores and lowered later unaided ones; guarded help did not.)
"""

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from tutor.domain import Fact, Frozen, Intent, Move, Remembered, TutoringState
from tutor.tutoring import (
    brief,
    grading,
    in_hand,
    reading,
    recalling,
    small_talk,
    study_skills,
    tries,
    word_facts,
    word_sums,
)
from tutor.tutoring.fallbacks import explained, fallback_text
from tutor.tutoring.glossary import meaning


class Plan(Frozen):
    """What the tutor does this turn."""

    move: Move
    fact: Fact | None = None
    attempt: str = ""
    rung: int = 0
    """Hints given before this turn."""
    state: TutoringState = TutoringState()
    """After this turn."""
    notes: str = ""
    withhold: bool = False
    """The final answer of `fact` must not appear in the reply."""
    given: str = ""
    """The question of SET_UP, the tip of ADVISE; where a correction is `used`, its words."""
    used: tuple[int, ...] = ()
    """Ids of the corrections that it rests on."""
    used_own: bool = False
    """One of them came from a flag of this learner."""
    talk: str = ""
    """Small talk that people's words answer, so that the model is not asked for any (`small_talk`)."""
    word: bool = False
    """`given` says what a word of maths means, as it stands: people's words here, too."""

    @property
    def by_people(self) -> bool:
        """No model, and no adapter of one, is asked for words."""
        return bool(self.talk) or self.word


_MATHS: Final = re.compile(
    r"\b(?:maths?|numbers?|sums?|fractions?|decimals?|percent\w*|times ?tables?|tables|adding|addition"
    r"|subtract\w*|take ?aways?|multipl\w+|"
    r"divi\w+|equations?|algebra|units|homework|worksheet|rounding|practi[cs]e|problems?|questions?|exercises?)\b"
)
_CLAIMS_RANK: Final = re.compile(
    r"\bi(?:'m| am|m) (?:the|a|your|ur|actually the) (?:teacher|tutor|developer|admin|parent|boss|head)\b"
    r"|\bignore (?:all |your |the )?(?:previous |rules|instructions)"
    r"|\bpretend\b|\byour (?:rules|instructions)\b|\bmy (?:teacher|mum|dad) said\b"
)
_SHORT_ANSWER: Final = 4
"""Words of an answer such as "I think 41" that is a number and no sum."""
_NEEDS_HELP: Final = (Intent.ASKS_HINT, Intent.ASKS_EXPLANATION)


def decide(
    text: str,
    *,
    intent: Intent,
    facts: Sequence[Fact],
    state: TutoringState,
    give_answers: bool = False,
    max_hints: int = 3,
    scope: str = "",
    story: bool = False,
    remembered: Sequence[Remembered] = (),
    words: bool = True,
) -> Plan:
    """The plan for one message. `scope` is "" for a general model, else the small world the model was made for.

    `story`: the message is a word problem whose sum nobody could make sure of; then it has no facts.
    `remembered`: accepted corrections of this very question, likeliest first. Exact facts come before them.
    `words`: words of maths are explained, and sums asked for; in a lesson of another subject a translation is no slide.
    """
    if intent is Intent.DISTRESS:
        return Plan(move=Move.SIGNPOST, state=state, withhold=_open(state), fact=state.problem)
    if remembered and not (_open(state) and intent is Intent.ATTEMPT):
        problem = state.problem if _open(state) else None
        known = recalling.answering(remembered, facts, problem, story=story, give_answers=give_answers)
        if known is not None:
            return recall(known, state)
    if not (facts or story) and (talk := small_talk.about(text)):
        return _talked(talk, state, scope)
    plan = _decided(text, intent, facts, state, give_answers, max_hints, scope, story, words)
    way = recalling.our_way(remembered, plan.move, plan.fact)
    return _with_way(plan, way) if way is not None else plan


def recall(known: Remembered, state: TutoringState) -> Plan:
    """Pass an accepted correction on; an open problem stays open, and its answer withheld."""
    return Plan(
        move=Move.RECALL,
        fact=state.problem if _open(state) else None,
        state=state,
        notes=brief.render(Move.RECALL, given=recalling.one_line(known.answer)),
        withhold=_open(state),
        given=known.answer,
        used=(known.correction_id,),
        used_own=known.own,
    )


def _talked(talk: str, state: TutoringState, scope: str) -> Plan:
    """Small talk leaves the work as it is: it is no attempt, and closes nothing."""
    move = small_talk.move(talk)
    set_up = state.problem is not None and state.problem.kind == word_facts.UNSOLVED
    plan = Plan(move=move, state=state, notes=brief.render(move)) if set_up else planned(move, state)
    return msgspec.structs.replace(plan, talk=talk if small_talk.by_people(talk, scope) else "")


def _with_way(plan: Plan, way: Remembered) -> Plan:
    """The same move, with the way to do it that was accepted."""
    known = recalling.one_line(way.answer)
    notes = brief.render(plan.move, plan.fact, attempt=plan.attempt, rung=plan.rung, given=known)
    return msgspec.structs.replace(plan, notes=notes, given=way.answer, used=(way.correction_id,), used_own=way.own)


def _decided(
    text: str,
    intent: Intent,
    facts: Sequence[Fact],
    state: TutoringState,
    give_answers: bool,
    max_hints: int,
    scope: str,
    story: bool,
    words: bool,
) -> Plan:
    """The plan without what is remembered."""
    if story:
        return _story(text, state)
    if _CLAIMS_RANK.search(reading.signs(text)) and _open(state) and not facts:
        intent = Intent.ASKS_ANSWER
    if any(fact.kind == word_sums.KIND for fact in facts):
        text = word_sums.after_question(text)  # the numbers of a story are no attempts
        intent = Intent.ASKS_ANSWER
    attempt = ""
    if state.problem is not None:
        attempt = grading.attempt_in(text, state.problem)
        if attempt and not state.solved and grading.is_right(attempt, state.problem):
            return _confirm(state, attempt)
    new = in_hand.new_problem(text, facts, state, attempt)
    if new is not None:
        first = _first_turn(text, new, intent, give_answers=give_answers, max_hints=max_hints)
        return msgspec.structs.replace(first, state=_change(first.state, advised=state.advised))
    if not attempt and (advice := _advice(text, intent, facts, state, words=words)) is not None:
        return advice
    if state.problem is None:
        return _without_problem(text, intent, state, scope, words)
    if state.problem.kind == word_facts.UNSOLVED:
        return _setting_up(text, intent, state, state.problem, scope)
    if state.solved:
        return _after_solution(text, intent, state, attempt, scope, words)
    if attempt or in_hand.shows_working(text, facts, state.problem):
        return _graded(text, attempt, facts, state, max_hints)
    return _no_attempt(intent, state, give_answers=give_answers, max_hints=max_hints, scope=scope)


def _open(state: TutoringState) -> bool:
    return state.problem is not None and not state.solved


def planned(move: Move, state: TutoringState, *, attempt: str = "", rung: int = 0) -> Plan:
    """The plan of a move about the state's problem, with its notes and with what must be withheld."""
    told = move in (Move.CONFIRM, Move.EXPLAIN)
    fact = state.problem if told or not state.solved else None
    return Plan(
        move=move,
        fact=fact,
        attempt=attempt,
        rung=rung,
        state=state,
        notes=brief.render(move, fact, attempt=attempt, rung=rung),
        withhold=fact is not None and not told,
    )


def _change(state: TutoringState, **fields: object) -> TutoringState:
    return msgspec.structs.replace(state, **fields)


def _confirm(state: TutoringState, attempt: str) -> Plan:
    return planned(
        Move.CONFIRM, _change(state, solved=True, attempts=state.attempts + 1), attempt=attempt, rung=state.rung
    )


def _explain(state: TutoringState) -> Plan:
    return planned(Move.EXPLAIN, _change(state, solved=True), rung=state.rung)


def _hint(state: TutoringState) -> Plan:
    return planned(Move.HINT, _change(state, rung=state.rung + 1), rung=state.rung)


def _first_turn(text: str, problem: Fact, intent: Intent, *, give_answers: bool, max_hints: int) -> Plan:
    state = TutoringState(problem=problem)
    attempt = grading.attempt_in(text, problem)
    if attempt:
        return _graded(text, attempt, (), state, max_hints)
    if give_answers:
        return _explain(state)
    if intent in _NEEDS_HELP and max_hints > 0:
        return _hint(state)
    return planned(Move.ASK_ATTEMPT, state)


def _graded(text: str, attempt: str, facts: Sequence[Fact], state: TutoringState, max_hints: int) -> Plan:
    """A real attempt at the open problem."""
    assert state.problem is not None
    if attempt and grading.is_right(attempt, state.problem):
        return _confirm(state, attempt)
    tried = _change(state, attempts=state.attempts + 1)
    if grading.is_step(attempt, state.problem) if attempt else grading.working_right(text, state.problem):
        return _hint(tried) if state.rung < max_hints else planned(Move.ASK_ATTEMPT, tried, rung=state.rung)
    if attempt:
        if not tries.is_real(attempt, state.problem, state.tried):
            return planned(Move.DIAGNOSE, _noted(state, attempt), attempt=attempt, rung=max(state.rung - 1, 0))
        tried = _noted(tried, attempt)
    if state.rung >= max_hints:
        return _explain(tried)
    return planned(Move.DIAGNOSE, _change(tried, rung=state.rung + 1), attempt=attempt, rung=state.rung)


def _noted(state: TutoringState, attempt: str) -> TutoringState:
    return _change(state, tried=(*state.tried, attempt)[-tries.MOST_KEPT :])


def _no_attempt(intent: Intent, state: TutoringState, *, give_answers: bool, max_hints: int, scope: str) -> Plan:
    """The problem is open and the message holds no attempt."""
    if intent is Intent.GREETING:
        return planned(Move.GREET, state)
    if intent is Intent.FEEDBACK:
        return planned(Move.ACKNOWLEDGE, state)
    if intent is Intent.OFF_TOPIC:
        return planned(Move.REDIRECT if scope else Move.CONVERSE, state)
    if give_answers:
        return _explain(state)
    due = state.attempts > 0 and state.rung >= max_hints
    if intent is Intent.ASKS_ANSWER:
        begged = _change(state, begs=state.begs + 1)
        if due:
            return _explain(begged)
        if state.attempts == 0 or state.rung == 0:
            return planned(Move.ASK_ATTEMPT, begged, rung=state.rung)
        return planned(Move.HINT, begged, rung=state.rung - 1)  # the same hint again: begging wins nothing new
    if due:
        return _explain(state)
    if state.rung >= max_hints:
        return planned(Move.ASK_ATTEMPT, state, rung=state.rung)
    return _hint(state)


def _set_up(state: TutoringState, problem: Fact, *, number: bool = False) -> Plan:
    """Ask the next question of a story; it is no use to a reply to know more of the story than the question."""
    asked = word_facts.set_up_question(problem, state.rung, number=number)
    after = state if number else _change(state, rung=state.rung + 1)
    return Plan(
        move=Move.SET_UP, rung=state.rung, state=after, notes=brief.render(Move.SET_UP, given=asked), given=asked
    )


def _story(text: str, state: TutoringState) -> Plan:
    """A story whose sum is not sure: set it up together, further on when it is told again."""
    problem = word_facts.unsolved(text)
    if state.problem == problem:
        return _set_up(state, problem)
    return _set_up(TutoringState(problem=problem, advised=state.advised), problem)


def _setting_up(text: str, intent: Intent, state: TutoringState, problem: Fact, scope: str) -> Plan:
    """The learner answers a question of setting up. There is no answer to compare with: only a sum leads on."""
    if intent is Intent.GREETING:
        return planned(Move.GREET, _change(state, problem=None, rung=0))
    if intent is Intent.FEEDBACK:
        return Plan(move=Move.ACKNOWLEDGE, state=state, notes=brief.render(Move.ACKNOWLEDGE))
    words = reading.signs(text)
    about = _MATHS.search(words) or set(re.findall(r"[a-z]{4,}", words)) & set(problem.question.lower().split())
    if intent is Intent.OFF_TOPIC and not about and len(words.split()) > _SHORT_ANSWER:
        move = Move.REDIRECT if scope else Move.CONVERSE
        return Plan(move=move, state=state, notes=brief.render(move))
    if intent is Intent.ASKS_ANSWER:
        return _set_up(_change(state, rung=max(state.rung - 1, 0), begs=state.begs + 1), problem)
    return _set_up(state, problem, number=bool(re.search(r"\d", words)) and len(words.split()) <= _SHORT_ANSWER)


def explaining(said: str, state: TutoringState) -> Plan:
    """What a word of maths means, as people wrote it; the work stays where it is."""
    problem = state.problem if _open(state) else None
    notes = brief.render(Move.ADVISE, problem, given=said)
    return Plan(move=Move.ADVISE, state=state, notes=notes, given=said, word=True, fact=problem, withhold=_open(state))


def _advice(text: str, intent: Intent, facts: Sequence[Fact], state: TutoringState, *, words: bool) -> Plan | None:
    """What a word means, or advice about learning, where asked for; a learner at work is left to it otherwise."""
    if words and not facts and (said := meaning(text, state.problem, solved=state.solved)):
        return explaining(said, state)
    if intent is Intent.GREETING:
        return None
    tip = study_skills.tip(text, at_work=_open(state), turn=state.advised)
    if not tip:
        return None
    return Plan(
        move=Move.ADVISE,
        state=_change(state, advised=state.advised + 1),
        notes=brief.render(Move.ADVISE, given=tip),
        given=tip,
        fact=state.problem if _open(state) else None,
        withhold=_open(state),
    )


def _without_problem(text: str, intent: Intent, state: TutoringState, scope: str, words: bool) -> Plan:
    """Nothing is open. A lesson of another subject than maths has no sum that could be asked for."""
    if scope and words and small_talk.calls_for_help(text):
        return _talked(small_talk.READY, state, scope)
    if intent is Intent.GREETING:
        return planned(Move.GREET, state)
    if intent is Intent.FEEDBACK:
        return planned(Move.ACKNOWLEDGE, state)
    if not scope:
        return planned(Move.CONVERSE, state)
    about_work = _MATHS.search(reading.signs(text)) is not None
    if intent is Intent.ASKS_HINT or (about_work and intent not in (Intent.ASKS_EXPLANATION, Intent.OFF_TOPIC)):
        return planned(Move.GREET, state)
    return planned(Move.REDIRECT, state)


def _after_solution(text: str, intent: Intent, state: TutoringState, attempt: str, scope: str, words: bool) -> Plan:
    assert state.problem is not None
    if attempt:
        right = grading.is_right(attempt, state.problem)
        return planned(Move.CONFIRM, state, attempt=attempt) if right else planned(Move.EXPLAIN, state)
    if intent in (Intent.ASKS_EXPLANATION, Intent.ASKS_ANSWER, Intent.ASKS_HINT) and not _elsewhere(
        text, intent, scope
    ):
        return planned(Move.EXPLAIN, state)
    if intent in (Intent.FEEDBACK, Intent.ATTEMPT):
        return planned(Move.ACKNOWLEDGE, state)
    return _without_problem(text, intent, state, scope, words)


_BACK: Final = re.compile(
    r"\b(?:it|that|this|why|steps?|answer|again|explain|how|understand|get|mean|hint|show|help|did)\b"
)


def _elsewhere(text: str, intent: Intent, scope: str) -> bool:
    """Whether a question after the solution has left the problem ("what is the capital of France")."""
    return _BACK.search(reading.signs(text)) is None


def fallback(plan: Plan, variant: int = 0) -> str:
    """Words written by people for a plan, right by construction; used when the model's own fail their checks."""
    if plan.talk:
        solved = plan.state.problem is not None and plan.state.solved
        return small_talk.words(plan.talk, at_work=_open(plan.state), solved=solved, variant=variant)
    if plan.word:
        return explained(plan.given, plan.fact, variant)
    given = "" if plan.used else plan.given
    fact = None if plan.move is Move.RECALL else plan.fact
    return fallback_text(plan.move, fact, attempt=plan.attempt, rung=plan.rung, variant=variant, given=given)


def accepted(plan: Plan, variant: int = 0) -> str:
    """The words of a plan that rests on a correction, as people accepted them; to be checked like any other words."""
    return plan.given if plan.move is Move.RECALL else f"{plan.given} {fallback(plan, variant)}"
