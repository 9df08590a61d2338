"""How a small tutor explains: steps as they stand and in their order, the answer, and words of a few kinds between.

Such a tutor leaves a step out now and then, takes another first, or goes on in a sum of its own. So it chooses among
the words that it was trained to say: how to begin, how to go from one step to the next, how to say the answer, whether
to ask something at the end. What can only follow in one way is put down as it stands. The workshop trains towards the
same words, so they live here, below both.
"""

import re
from collections.abc import Sequence
from typing import Final

from tutor.domain import Move
from tutor.tutoring import brief

LEADS: Final = (
    "Let's go through it: ",
    "Of course: ",
    "Here is how it goes: ",
    "Step by step: ",
    "Here are the steps: ",
    "This is one way to do it: ",
    "You tried, so let's work it through: ",
    "We begin with this: ",
    "First, ",
    "First, ",
    "First, ",
    "To begin, ",
)
PLAIN_LEADS: Final = ("First, ", "To begin, ", "Start like this, ", "Step by step, ")
"""For steps that hold commas or colons of their own."""
ONE_STEP: Final = ("We can work it out: ", "Here it is in one step: ", "It goes like this: ", "This is all it needs: ")
NEXT_STEPS: Final = ("Then ", "Next, ", "After that, ", "Now ", "Going on, ")
JOINS: Final = (", then ", "; ", "; ", ", next ")
SO: Final = (
    "So the answer is {x}.",
    "So the answer is {x}.",
    "So it is {x}.",
    "That gives {x}.",
    "The answer is {x}.",
    "And that makes {x}.",
)
SO_OF: Final = ("So the answer to {p} is {x}.", "So {p} comes to {x}.")
SO_STATED: Final = ("So {x}.", "That means {x}.", "So we know: {x}.", "And so {x}.")
"""For answers that are statements of their own, such as `3/4 > 2/3`."""
CLOSINGS: Final = (
    "Does that make sense?",
    "Which step was new to you?",
    "Shall we try another like it?",
    "Is there a step that is not clear?",
    "Would you like to try one like it?",
    "Can you say it back in your own words?",
)
_TRIED: Final = "You tried"
_ANSWER_NEXT: Final = re.compile(r"\b(?:answer is|that makes|that gives|so it is)\s*\Z", re.IGNORECASE)
_HEAD: Final = re.compile(r"(?:\s?(?:[A-Za-z']+|[^\w\s])|.)?", re.DOTALL)
_TERM: Final = re.compile(r"(?!.*[A-Za-z]{2})[^=]+")
"""A problem that a sentence can hold: signs and numbers."""


def is_worded(steps: Sequence[str]) -> bool:
    """Whether steps hold commas or colons of their own."""
    return any("," in step or ": " in step for step in steps)


def conclusions(answer: str) -> tuple[str, ...]:
    """The sentences that can say an answer `x`."""
    return SO_STATED if re.search(r"[<>]| is ", answer) else SO


class Explanation:
    """What may stand in one explanation, and what is put down in it."""

    def __init__(self, notes: str, *, tried: bool) -> None:
        """`tried`: the learner has, of whom else it is not said."""
        self._steps = brief.steps(notes)
        self._answer = brief.noted(notes, "Answer")
        steps, problem, worded = self._steps, brief.noted(notes, "Problem"), is_worded(self._steps)
        leads = (PLAIN_LEADS if worded else LEADS) if len(steps) > 1 else ("",) if worded else ONE_STEP
        joins = (*(("; ",) if worded else JOINS), *(f". {one}" for one in NEXT_STEPS))
        first = [lead + steps[0] for lead in leads if tried or not lead.startswith(_TRIED)]
        so = conclusions(self._answer) + (SO_OF if _TERM.fullmatch(problem) else ())
        last = [f". {one.format(x=self._answer, p=problem)}" for one in so]
        self._parts = (
            tuple(one[:1].upper() + one[1:] for one in first),
            *(tuple(join + step for join in joins) for step in steps[1:]),
            tuple(one + end for one in last for end in ("", *(f" {closing}" for closing in CLOSINGS))),
        )
        """What can follow: first, after each step that is followed by another, and after the last."""

    def ways(self, said: str) -> tuple[str, ...]:
        """Words and signs with which it may go on, "" for its end; none where it has left its own words."""
        begun, parts = self._place(said)
        return tuple(dict.fromkeys(_HEAD.match(part, len(begun))[0] for part in parts if part.startswith(begun)))  # type: ignore[index]  # it matches nothing, too

    def follows(self, said: str) -> str:
        """What can only follow now, "" where there is a choice."""
        begun, parts = self._place(said)
        return _common([part[len(begun) :] for part in parts if part.startswith(begun)])

    def conclusion(self, said: str) -> str:
        """How a sentence will most probably end that is about to say the answer; "" elsewhere."""
        return f" {self._answer}." if _ANSWER_NEXT.search(said) else ""

    def _place(self, said: str) -> tuple[str, tuple[str, ...]]:
        """What is begun, and all that it may become."""
        for parts in self._parts[:-1]:
            whole = next((part for part in parts if said.startswith(part)), None)
            if whole is None:
                return said, parts
            said = said[len(whole) :]
        return said, self._parts[-1]


def of(move: Move, notes: str, *, tried: bool) -> Explanation | None:
    """None for other moves, where there are no steps, and where people have a way of their own."""
    if move is not Move.EXPLAIN or not brief.noted(notes, "Steps") or brief.noted(notes, "Known"):
        return None
    return Explanation(notes, tried=tried)


def _common(texts: Sequence[str]) -> str:
    """What all of them begin with, up to the end of a word."""
    if not texts:
        return ""
    first, last = min(texts), max(texts)
    if first == last:
        return first
    end = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    while end and (first[end - 1] == " " or (first[end - 1].isalnum() and last[end : end + 1].isalnum())):
        end -= 1
    return first[:end]
