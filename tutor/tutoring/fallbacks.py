"""What the tutor says when the model's words fail their checks: written by people, filled from exact facts."""

import re
from collections.abc import Sequence
from typing import Final

from tutor.domain import Fact, Move
from tutor.i18n import tr
from tutor.tutoring import invitations
from tutor.tutoring.explanations import is_worded

_PLAIN: Final[dict[Move, tuple[str, ...]]] = {
    Move.GREET: (
        "Hello. What would you like to work on?",
        "Hello, good to see you here. Which problem shall we look at?",
        "Hi there. Type a problem, and we will work on it step by step.",
    ),
    Move.ACKNOWLEDGE: (
        "You are welcome. What shall we look at next?",
        "All right. Which problem would you like to do now?",
        "Good. Tell me when you are ready for the next step.",
    ),
    Move.CONVERSE: (
        "I am not sure that I can answer that well. Could you ask it in another way?",
        "I would rather not guess about that. Who could you ask who knows it well?",
        "I do not have a checked answer to that. Shall we look at it with your teacher's notes?",
    ),
    Move.RECALL: (
        "I have an answer to that, but I may not say it here. Please ask your teacher.",
        "I cannot say that here. A teacher or a grown-up can answer it.",
    ),
    Move.REDIRECT: (
        "That is outside what I know. A teacher, a grown-up or a bigger model can help you with it.",
        "I cannot help with that, because I only know some maths. Please ask a teacher or someone at home.",
        "I do not know about that. It is a good thing to ask a person who does.",
    ),
    Move.ASK_ATTEMPT: (
        "Have a try first. What do you think you should start with?",
        "Give it a go, even if you are not sure. What would your first step be?",
    ),
    Move.HINT: ("Read the problem again slowly. What does it ask you to find?",),
    Move.DIAGNOSE: ("That is not right yet. Which step would you like to check?",),
    Move.SET_UP: (
        "I am not sure of the sum yet, so let us set it up together. What does the problem ask you to find?",
        "Let us build the sum together. Which numbers in the problem do you need?",
        "Let us look at the story first. Would you add, take away, multiply or share here?",
    ),
    Move.ADVISE: (
        "Short practice often works better than one long session. When could you do ten minutes?",
        "Try it from memory first, then check. What do you remember already?",
    ),
    Move.CONFIRM: ("Yes, that is right. You worked it out.",),
    Move.EXPLAIN: ("Let us go through it together, one line after the other.",),
}

_ABOUT: Final[dict[Move, tuple[str, ...]]] = {
    Move.GREET: (
        "Hello. Shall we go on with {question}?",
        "Hi there. We were looking at {question}: what would you try next?",
        "Hello again. Where are you with {question}?",
    ),
    Move.ACKNOWLEDGE: (
        "All right. What would you try next with {question}?",
        "Good. Let us go on with {question}.",
        "You are welcome. What is your next step for {question}?",
    ),
    Move.CONVERSE: (
        "I am not sure about that one. Shall we go on with {question}?",
        "I would rather not guess about that. What would you try next with {question}?",
    ),
    Move.REDIRECT: (
        "That is outside what I know, so please ask a person about it. Shall we go on with {question}?",
        "I cannot help with that. A teacher can. What would you try next with {question}?",
    ),
    Move.SET_UP: (
        "Let us build the sum together. Which numbers in the problem do you need?",
        "Let us look at the story first. Would you add, take away, multiply or share here?",
    ),
    Move.ADVISE: (
        "Short practice often works better than one long session. Shall we go on with {question}?",
        "Try it from memory first, then check. What is your next step for {question}?",
    ),
    Move.ASK_ATTEMPT: (
        "Have a try at {question} first. What do you think, and how did you get there?",
        "What would your first step be for {question}?",
        "I want to see your thinking before I help. What have you tried for {question}?",
        "Let us look at {question}. Which part can you do already?",
    ),
    Move.HINT: (
        "Here is something to think about. {hint}",
        "Try this. {hint}",
        "Let us take it in small steps. {hint}",
    ),
    Move.DIAGNOSE: (
        "You had a real go, and {attempt} is not right yet. {hint}",
        "Not quite: {attempt} does not fit. {hint}",
        "Thank you for trying. It is not {attempt}, so let us check a step. {hint}",
    ),
    Move.CONFIRM: (
        "Yes, {attempt} is right. Here is the working: {steps}.",
        "That is right. You can check it like this: {steps}.",
        "Correct. Your answer fits: {steps}.",
    ),
    Move.EXPLAIN: (
        "Let us go through it: {steps}. So the answer is {answer}. Which step was new to you?",
        "Here is one way to do it: {steps}. That gives {answer}. Can you say the first step in your own words?",
        "You have worked at this, so here are the steps: {steps}. The answer is {answer}.",
    ),
}


_TO_DO: Final = (
    "Have a try at this first: {question}. What do you get?",
    "I want to see your thinking before I help: {question}. What is your first step?",
)
_TO_ANSWER: Final = (
    "Let us hear your idea first, even a guess. {question}?",
    "Have a try yourself first, and tell me how you got there. {question}?",
)
"""The same for a problem that is an order or a question of its own and fits into no sentence."""
_ONE_NUMBER: Final = re.compile(r"(?!.*sq)\S*\d\S*(?: \S+)?")
"""An attempt that can be called right by its name: 12, 1 2/3, 4 cm; not 143 sqm, a list or a word."""
_GIVEN: Final[dict[Move, tuple[str, ...]]] = {
    Move.SET_UP: (
        "I am not sure of the sum yet, so let us set it up together. {given}",
        "Let us build the sum together. {given}",
        "One step at a time. {given}",
    ),
    Move.ADVISE: (
        "{given}",
        "Here is something that helps many learners. {given}",
        "You could try this. {given}",
    ),
}
_BACK: Final = (
    "Shall we go on with {question}?",
    "What would you try next with {question}?",
    "Now, what is your next step for {question}?",
)
"""Back to the work after a word of maths was explained."""


def explained(meaning: str, problem: Fact | None, variant: int = 0) -> str:
    """What a word means, as people wrote it, and then back to the `problem` that is open."""
    if problem is None:
        return meaning
    _, question = _about(Move.ADVISE, problem.question)
    return f"{meaning} {tr(_BACK[variant % len(_BACK)], question=question)}"


def fallback_text(
    move: Move, fact: Fact | None, *, attempt: str = "", rung: int = 0, variant: int = 0, given: str = ""
) -> str:
    """A whole reply. `given`: the question of SET_UP, the tip of ADVISE.

    Raises KeyError for REFUSE and SIGNPOST, which moderation words.
    """
    if given and move in _GIVEN:
        return tr(_GIVEN[move][variant % len(_GIVEN[move])], given=given)
    if fact is None or (move in (Move.HINT, Move.DIAGNOSE) and not fact.hints):
        wordings = _PLAIN[move]
        return tr(wordings[variant % len(wordings)])
    wordings, question = _about(move, fact.question)
    if move is Move.DIAGNOSE and not attempt:
        wordings = _PLAIN[move]
    if move is Move.CONFIRM and not _ONE_NUMBER.fullmatch(attempt):
        wordings = wordings[1:]  # "yes, no is right"
    hint = fact.hints[min(rung, len(fact.hints) - 1)] if fact.hints else ""
    return tr(
        wordings[variant % len(wordings)],
        question=question,
        attempt=attempt,
        hint=hint,
        steps=_in_a_row(fact.steps),
        answer=fact.answer,
    )


def _in_a_row(steps: Sequence[str]) -> str:
    """Steps as one sentence; those that hold a list, or a name, are kept apart."""
    return ("; " if is_worded(steps) else ", ").join(steps)


def _about(move: Move, question: str) -> tuple[tuple[str, ...], str]:
    """The wordings about a problem, and the problem as they name it."""
    kind, bare = invitations.shape(question), question.rstrip("? ")
    if kind == "term" or not any("{question}" in wording for wording in _ABOUT[move]):
        return _ABOUT[move], invitations.named(bare)
    if move is not Move.ASK_ATTEMPT:
        return _ABOUT[move], tr("our problem")
    return (_TO_DO, bare) if kind == "task" else (_TO_ANSWER, bare[:1].upper() + bare[1:])
