"""Which problem a message is about: the one that is open, a step on its way, or a new one in its place."""

from collections.abc import Sequence

from tutor.domain import Fact, TutoringState
from tutor.tutoring import grading, word_sums


def new_problem(text: str, facts: Sequence[Fact], state: TutoringState, attempt: str) -> Fact | None:
    """The problem that replaces the state's, None when the message is about the one that is open."""
    if not facts:
        return None
    old = state.problem
    if old is None:
        return facts[0]
    fresh = [f for f in facts if not _same(f, old) and not _is_working(f, old)]
    if any(_same(f, old) for f in facts):
        return None
    if not fresh or (not state.solved and attempt and _stated(text, fresh[0])):
        return None
    return fresh[0]


def _same(fact: Fact, other: Fact) -> bool:
    """Whether two facts are one problem. Stories may end in the same question, and differ in their steps."""
    return fact.question == other.question and (fact.kind != word_sums.KIND or fact.steps == other.steps)


def _is_working(fact: Fact, problem: Fact) -> bool:
    """Whether a fact found in the message is a step of the open problem, such as 10 × 7 on the way to 12 × 7."""
    return any(fact.question in step for step in problem.steps)


def _stated(text: str, fact: Fact) -> bool:
    """Whether the message claims a result for the fact: working that was shown, not a new question."""
    return bool(grading.attempt_in(text, fact)) and "?" not in text


def shows_working(text: str, facts: Sequence[Fact], problem: Fact) -> bool:
    """Whether the message states a step of the problem, as 10 × 7 = 70 on the way to 12 × 7."""
    return any(_is_working(f, problem) and _stated(text, f) for f in facts)
