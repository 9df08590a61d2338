"""A conversation as data: what was said, with what an evaluation needs to judge it."""

from tutor.domain import Frozen, Move
from tutor.tutoring import brief


class Turn(Frozen):
    """One exchange, with what an evaluation needs to judge it."""

    words: str
    notes: str
    reply: str
    move: Move
    kind: str = ""
    """The kind of problem, or of small talk."""
    answer: str = ""
    """The problem's answer, which some moves must not say."""
    attempt: str = ""
    question: str = ""
    """The problem, canonically."""
    template: str = ""
    """The way of putting the problem, where the learner's words hold it."""
    phrasings: tuple[str, ...] = ()
    """The learner's wordings that were used, as they stand in their banks."""


class Talk(Frozen):
    """A whole conversation."""

    system: str
    turns: tuple[Turn, ...]


def messages(talk: Talk) -> list[dict[str, str]]:
    """The conversation as chat messages; notes follow the learner's words in every turn."""
    said = [{"role": "system", "content": talk.system}] if talk.system else []
    for turn in talk.turns:
        said.append({"role": "user", "content": brief.user_message(turn.words, turn.notes)})
        said.append({"role": "assistant", "content": turn.reply})
    return said
