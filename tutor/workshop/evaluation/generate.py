"""Held-out conversations carried on by the model itself, in llama.cpp, by the model's own chat template."""

from collections.abc import Sequence
from typing import Any

from tutor.domain import Frozen, Generation
from tutor.workshop.evaluation import replies
from tutor.workshop.evaluation.parts import digest
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


class Named(Frozen):
    """A held-out conversation with a name that is the same for the same conversation alone."""

    name: str
    talk: Talk


def named(talks: Sequence[Talk]) -> list[Named]:
    """Each with its place and a digest of it: two models are compared on what both were asked, whatever the files."""
    return [Named(name=f"talk-{number}-{digest(talk)[:6]}", talk=talk) for number, talk in enumerate(talks)]


def carried_on(llama: Any, of: Named, settings: Generation = GREEDY) -> list[Said]:
    """A conversation with the learner's words as written and the model's own replies as history.

    Greedy unless told otherwise, so that two models differ by what they are and not by chance.
    """
    name, talk = of.name, of.talk
    chat = [{"role": "system", "content": talk.system}] if talk.system else []
    said = []
    for depth, turn in enumerate(talk.turns):
        chat.append(messages(Talk(system="", turns=(turn,)))[0])
        reply, ended = replies.answer(llama, chat, settings)
        said.append(Said(talk=name, depth=depth, turn=turn, reply=reply, ended=ended))
        chat.append({"role": "assistant", "content": reply})
    return said
