"""What a finished answer tells about a turn, as numbers and names alone: nobody's words are in it."""

import hashlib
from datetime import UTC, datetime
from typing import Final

from tutor.domain import Frozen, Intent, Move, Outcome, Reply
from tutor.wording.mood import mood
from tutor.wording.politeness import politeness

PAUSE_S: Final = 300.0
"""A longer pause before a turn is not counted as use."""
FIRST_S: Final = 60.0
"""What the first turn after a pause counts for: reading and writing it."""


class TurnFact(Frozen):
    """One row of `turn_fact`."""

    message_id: int
    learner_id: int
    day: str
    """The local day, ISO 8601."""
    at: str
    lesson_version_id: int | None = None
    model: str = ""
    intent: str = ""
    move: str = ""
    outcome: str = ""
    item: str = ""
    """The lesson's item; "" for a problem of the learner's own."""
    problem: str = ""
    """Tells one problem from another: the item, or a hash of the problem; "" while there is none."""
    attempts: int = 0
    rung: int = 0
    solved: int = 0
    begged: int = 0
    """The answer was asked for without an attempt."""
    emotional: int = 0
    """Something was felt, and the tutor pointed to people. What it was is not here."""
    rules_fired: int = 0
    revealed: int = 0
    """The answer was worked through, or a rule that withholds it was broken."""
    stopped: int = 0
    learner_words: int = 0
    tutor_words: int = 0
    tutor_questions: int = 0
    sentiment: float | None = None
    seconds: float = 0.0
    active: float = 0.0
    politeness: float | None = None
    """Of the tutor's words, -1 to 1; None where it was not measured."""


def fact_of(
    message_id: int,
    learner_id: int,
    lesson_version_id: int | None,
    question: str,
    reply: Reply,
    *,
    at: str,
    before: str = "",
) -> TurnFact:
    """The facts of one turn. `at`: when it ended (UTC, ISO 8601); `before`: when the learner's last turn did."""
    state = reply.state
    problem = state.item or (_hash(state.problem.question) if state.problem else "")
    leaked = any(rule.rule == "withhold" and rule.fired and rule.done == "shown" for rule in reply.rules)
    return TurnFact(
        message_id=message_id,
        learner_id=learner_id,
        lesson_version_id=reply.lesson_version_id or lesson_version_id,
        day=_moment(at).astimezone().date().isoformat(),
        at=at,
        model=reply.model,
        intent=reply.intent.value if reply.intent else "",
        move=reply.move.value if reply.move else "",
        outcome=reply.outcome.value,
        item=state.item,
        problem=problem,
        attempts=state.attempts,
        rung=state.rung,
        solved=int(state.solved or (bool(state.item) and state.item in state.items_solved)),
        begged=int(reply.intent is Intent.ASKS_ANSWER and state.begs > 0),
        emotional=int(reply.move is Move.SIGNPOST or reply.intent is Intent.DISTRESS),
        rules_fired=sum(rule.fired for rule in reply.rules),
        revealed=int(reply.move is Move.EXPLAIN or leaked),
        stopped=int(reply.outcome is Outcome.STOPPED),
        learner_words=len(question.split()),
        tutor_words=len(reply.text.split()),
        tutor_questions=reply.text.count("?") + reply.text.count("？"),
        sentiment=mood(question),
        seconds=reply.timings.total_ms / 1000,
        active=active(at, before),
        politeness=politeness(reply.text),
    )


def active(at: str, before: str) -> float:
    """Seconds of use that a turn stands for: the time since the last one, unless that was a pause."""
    if not before:
        return FIRST_S
    since = (_moment(at) - _moment(before)).total_seconds()
    return since if 0 <= since <= PAUSE_S else FIRST_S


def _moment(stored: str) -> datetime:
    moment = datetime.fromisoformat(stored)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _hash(question: str) -> str:
    return "~" + hashlib.blake2s(question.encode(), digest_size=6).hexdigest()
