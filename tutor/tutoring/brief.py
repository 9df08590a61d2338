"""The brief: how a move and its facts are put to the model.

The same text is used in prompts and in the training of the small tutor, so it lives here, below both. It follows the
learner's words in the last user message and is kept with the turn, so that a prompt's prefix stays byte-identical.
What a move must not reveal is simply not in its brief: a hint's brief has no answer to leak.
"""

import re
from typing import Final

from tutor.domain import Fact, Move

OPENING = "[For the tutor only]"

ORDERS: dict[Move, str] = {
    Move.GREET: "Greet the learner and ask what to work on.",
    Move.ACKNOWLEDGE: "Answer in one friendly sentence and lead back to the work.",
    Move.ASK_ATTEMPT: "Ask the learner to try first. Do not say the answer.",
    Move.HINT: "Give this one hint in your own words. Do not say the answer.",
    Move.DIAGNOSE: "Say kindly that the attempt is not right and ask about the step to check. Do not say the answer.",
    Move.CONFIRM: "Say that the attempt is right and name what was done.",
    Move.EXPLAIN: "Explain these steps and the answer.",
    Move.SET_UP: "Set the sum up together: ask this one question in your own words. Do not say an answer.",
    Move.ADVISE: "Give this one piece of advice about learning in your own words.",
    Move.RECALL: "Pass this verified answer on in your own words, with nothing added.",
    Move.CONVERSE: "Answer briefly in simple words. Say so when you are not sure. Ask one question back.",
    Move.REDIRECT: "Say honestly that this is outside what you know. Suggest a person or a bigger model.",
}
"""Moves that the model puts into words; REFUSE and SIGNPOST are written by people and never reach it."""

_GIVEN: Final = {Move.SET_UP: "Ask", Move.ADVISE: "Tip"}
"""How what is given is called; elsewhere it is an accepted correction: `Known`."""


def render(move: Move, fact: Fact | None = None, *, attempt: str = "", rung: int = 0, given: str = "") -> str:
    """The notes for one turn.

    `attempt` is what the learner gave as answer (for DIAGNOSE and CONFIRM), `rung` the number of hints given before
    this one (0 for the first), `given` the question of SET_UP, the tip of ADVISE, or one line of an accepted
    correction. Raises KeyError for a move that no model may word.
    """
    lines = [OPENING, ORDERS[move]]
    if given:
        lines.append(f"{_GIVEN.get(move, 'Known')}: {given}")
    if fact is not None:
        lines.append(f"Problem: {fact.question}")
        if move is Move.HINT and fact.hints:
            lines.append(f"Hint: {fact.hints[min(rung, len(fact.hints) - 1)]}")
        if move is Move.DIAGNOSE and fact.hints:
            lines.append(f"Check: {fact.hints[min(rung, len(fact.hints) - 1)]}")
        if move in (Move.EXPLAIN, Move.CONFIRM):
            if fact.steps:
                lines.append("Steps: " + "; ".join(fact.steps))
            lines.append(f"Answer: {fact.answer}")
    if attempt and move in (Move.DIAGNOSE, Move.CONFIRM):
        lines.append(f"Attempt: {attempt} ({'right' if move is Move.CONFIRM else 'wrong'})")
    return "\n".join(lines)


def user_message(words: str, notes: str) -> str:
    """The content of one user message: the learner's words, then the notes (if any)."""
    return f"{words}\n\n{notes}" if notes else words


_LINE: Final = re.compile(r"^(\w+): (.*)$", re.MULTILINE)
_ATTEMPT: Final = re.compile(r"^Attempt: (.*) \((?:right|wrong)\)$", re.MULTILINE)
_TO_SAY: Final = ("Hint", "Check", "Ask", "Tip", "Known")
_WORD: Final = re.compile(r"[a-z]{3,}|\d+(?:[.,:/]\d+)*", re.IGNORECASE)
_SAME_WORDS: Final = 0.8
_COPIED: Final = re.compile(r"\d+(?:[.,]\d+)*|(?<![A-Za-z'’])[b-hj-z](?![A-Za-z'’])")
"""A number in digits, or a letter that stands alone or behind a number: an unknown, a unit."""


_FRACTION: Final = re.compile(r"(?:\d+ )?\d+/\d+")


def copied(text: str) -> frozenset[str]:
    """The numbers written in digits in a text, and the letters that stand for unknowns and units.

    A fraction counts as a whole besides its parts, since `3 3/4` is no copy of `3/4`.
    """
    wholes = _FRACTION.findall(text)
    return frozenset([*_COPIED.findall(text), *wholes, *(whole.split()[-1] for whole in wholes)])


def noted(notes: str, name: str) -> str:
    """A line of the notes without its name, "" when there is none."""
    found: dict[str, str] = dict(_LINE.findall(notes))
    return found.get(name, "")


def steps(notes: str) -> tuple[str, ...]:
    """The steps of an explanation or a confirmation, one after the other."""
    return tuple(step for step in noted(notes, "Steps").split("; ") if step)


def attempted(notes: str) -> str:
    """What the learner gave as answer, "" when nothing was."""
    found = _ATTEMPT.search(notes)
    return found[1] if found else ""


def sums(notes: str) -> tuple[str, ...]:
    """What stands in the notes, as a reply may write it."""
    return (*notes.splitlines(), *_whole(notes))


def _whole(notes: str) -> tuple[str, ...]:
    """The problem with its answer, where neither is an equation."""
    problem, answer = noted(notes, "Problem"), noted(notes, "Answer")
    return (f"{problem} = {answer}",) if problem and answer and "=" not in problem + answer else ()


def to_say(notes: str) -> str:
    """The one line that a reply must pass on: a hint, a step to check, a question, a tip; "" when there is none."""
    line = next((line for name in _TO_SAY if (line := noted(notes, name).strip())), "")
    return f"{line}." if line[-1:].isalnum() or line.endswith(")") else line


def to_name(move: Move | None, notes: str) -> str:
    """The problem that a reply which asks for a try may name, "" for other moves."""
    return noted(notes, "Problem") if move is Move.ASK_ATTEMPT else ""


def says(reply: str, wanted: str) -> bool:
    """Whether a line stands in a reply: nearly all of its words and numbers, in whatever order."""
    needed = [word.lower() for word in _WORD.findall(wanted)]
    there = {word.lower() for word in _WORD.findall(reply)}
    return bool(needed) and sum(word in there for word in needed) >= _SAME_WORDS * len(needed)
