"""Is the asked-for move the move that a reply makes, read from its words; and what the program's checks would show.

The moves are recognised by rules that know nothing of how a reply was written: a verdict, the hint of the notes said
again, every step with the answer, honest words about limits, an invitation to try.
"""

import re
from typing import Final

from tutor.domain import Fact, MathsStatus, Move
from tutor.tutoring import checks
from tutor.tutoring.brief import copied, noted, says, steps
from tutor.workshop.writing.replies import sentences

HONEST: Final = re.compile(
    r"don't know|do not know|outside|only know|can't|cannot|beyond me|not something|too hard|can't make sense", re.I
)
ELSEWHERE: Final = re.compile(r"teacher|grown-up|at home|person|book|bigger model", re.I)
WRONG: Final = re.compile(
    r"\b(?:not|isn't|doesn't|wasn't)\b[^.?]{0,30}\b(?:right|it|fit|work|answer|there|quite)\b|\bnot (?:quite|yet)\b"
    r"|\bit(?:'s| is) not\b|\bit isn't\b|\bbut not\b|^not\b",
    re.I,
)
RIGHT: Final = re.compile(
    r"\b(?:right|correct|exactly|spot on|you've got it|you found it|that's it|well done)\b|^yes\b", re.I
)
_TRY: Final = re.compile(r"\?|\b(?:try|go|guess|show|tell|start|begin)\b", re.I)
_HELLO: Final = re.compile(
    r"\b(?:hello|hi|good (?:morning|afternoon|evening)|welcome|happy to|yes|of course|i'm)\b|\?", re.I
)


def called(reply: str) -> str:
    """ "wrong", "right" or "" : what a reply says of an attempt."""
    first = " ".join(sentences(reply)[:2])
    if WRONG.search(first):
        return "wrong"
    return "right" if RIGHT.search(first) else ""


def explains(reply: str, notes: str) -> bool:
    """Whether every step and the answer are said."""
    said = reply.lower()
    return all(step.lower() in said for step in (*steps(notes), noted(notes, "Answer")))


def makes(move: Move, reply: str, notes: str) -> bool:
    """Whether a reply makes the move that its notes ask for."""
    honest = bool(HONEST.search(reply) and ELSEWHERE.search(reply))
    if move is Move.REDIRECT:
        return honest
    if move is Move.DIAGNOSE:
        check = noted(notes, "Check")
        return called(reply) == "wrong" and (not check or says(reply, check))
    if move is Move.CONFIRM:
        return called(reply) == "right"
    if move is Move.EXPLAIN:
        return explains(reply, notes)
    if move is Move.HINT:
        return says(reply, noted(notes, "Hint"))
    if move in (Move.SET_UP, Move.ADVISE):
        return says(reply, noted(notes, "Ask") or noted(notes, "Tip"))
    if honest or called(reply) == "wrong":
        return False
    if move is Move.ASK_ATTEMPT:
        return bool(_TRY.search(reply))
    return bool(_HELLO.search(reply)) if move is Move.GREET else bool(reply)


def piped(reply: str, words: str, notes: str, *, fact: Fact | None, withhold: bool, fallback: str) -> str:
    """The reply after the program's maths checks: a wrong sentence is corrected, else written words take over.

    The running program first decodes such a sentence again, twice; here that is left out, so this is the lower end.
    """
    known = copied(f"{words} {notes}")
    facts = (fact,) if fact is not None else ()
    shown: list[str] = []
    for sentence in sentences(reply):
        if sentence in shown:
            continue
        check = checks.check_sentence(sentence, facts)
        foreign = fact is not None and not copied(sentence) <= known
        reveals = withhold and fact is not None and checks.reveals_answer(sentence, fact)
        if not (check.status is MathsStatus.WRONG or foreign or reveals):
            shown.append(sentence)
        elif check.correction and not foreign and not reveals:
            shown.append(check.correction)
        else:
            return " ".join([*shown, *(s for s in sentences(fallback) if s not in shown)])
    return " ".join(shown) or fallback
