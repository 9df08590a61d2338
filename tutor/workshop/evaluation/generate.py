"""Held-out conversations carried on by the model itself, in llama.cpp, by the model's own chat template."""

from collections.abc import Sequence
from typing import Any

from tutor.domain import Frozen, Generation
from tutor.workshop.evaluation import replies
from tutor.workshop.progress import Progress
from tutor.workshop.writing.conversations import Talk, Turn, messages

GREEDY = Generation(temperature=0.0, repeat_penalty=1.0)


class Said(Frozen):
    """One reply of the model and the turn that it answers."""

    talk: str
    """The conversation's name: the unit of the bootstrap."""
    depth: int
    turn: Turn
    reply: str
    ended: bool
    """By itself, not by the limit of tokens."""


def carried_on(llama: Any, talks: Sequence[Talk], settings: Generation = GREEDY) -> list[list[Said]]:
    """Each conversation with the learner's words as written and the model's own replies as history.

    Greedy unless told otherwise, so that two models differ by what they are and not by chance.
    """
    found = []
    with Progress("evaluate: conversations", sum(len(t.turns) for t in talks)) as progress:
        for number, talk in enumerate(talks):
            found.append(_one(llama, f"talk-{number}", talk, settings))
            progress.add(len(talk.turns))
    return found


def _one(llama: Any, name: str, talk: Talk, settings: Generation) -> list[Said]:
    chat = [{"role": "system", "content": talk.system}] if talk.system else []
    said = []
    for depth, turn in enumerate(talk.turns):
        chat.append(messages(Talk(system="", turns=(turn,)))[0])
        reply, ended = replies.answer(llama, chat, settings)
        said.append(Said(talk=name, depth=depth, turn=turn, reply=reply, ended=ended))
        chat.append({"role": "assistant", "content": reply})
    return said
