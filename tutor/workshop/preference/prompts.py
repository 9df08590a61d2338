"""A tutor's turn taken back out of a conversation, with what our checks need to judge another answer to it."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from random import Random
from typing import Final

from tutor.domain import Fact, Frozen, Move
from tutor.tutoring import brief
from tutor.tutoring.facts import facts_in
from tutor.workshop.writing.conversations import Turn

MOVES: Final = {order: move for move, order in brief.ORDERS.items()}
_NOTED: Final = re.compile(r"^(Problem|Answer|Attempt): (.*)$", re.M)

SEEN: Final = 4


class Asked(Frozen):
    """A prompt and the turn that is asked for."""

    prompt: tuple[dict[str, str], ...]
    turn: Turn
    """Its reply is the conversation's own."""
    facts: tuple[Fact, ...] = ()


def turn_of(words: str, notes: str, reply: str) -> tuple[Turn, tuple[Fact, ...]] | None:
    """The turn that the notes ask for, and the facts of its problem; None where the notes give no known order."""
    lines = notes.splitlines()
    if len(lines) < 2 or lines[0] != brief.OPENING or lines[1] not in MOVES:
        return None
    noted: dict[str, str] = dict(_NOTED.findall(notes))
    facts = facts_in(noted.get("Problem", ""))
    answer = noted.get("Answer", facts[0].answer if facts else "")
    attempt = re.sub(r" \((?:right|wrong)\)$", "", noted.get("Attempt", ""))
    move: Move = MOVES[lines[1]]
    return Turn(words=words, notes=notes, reply=reply, move=move, answer=answer, attempt=attempt), facts


def asked_in(messages: Sequence[dict[str, str]]) -> Iterator[Asked]:
    """Every turn of a conversation that the tutor-only notes say enough about."""
    for i, message in enumerate(messages):
        if message["role"] != "assistant" or not i or messages[i - 1]["role"] != "user":
            continue
        words, opening, rest = messages[i - 1]["content"].partition(brief.OPENING)
        found = turn_of(words.strip(), (opening + rest).strip(), message["content"])
        if found:
            yield Asked(prompt=tuple(messages[:i]), turn=found[0], facts=found[1])


def asked_of(path: Path, *, seed: int) -> Iterator[Asked]:
    """Every such turn of a file, its conversations in an order that `seed` draws; worked out when asked for."""
    lines = [line for line in path.read_bytes().splitlines() if line.strip()]
    Random(seed).shuffle(lines)
    for line in lines:
        yield from asked_in(json.loads(line).get("messages", ()))


def spread(source: Iterable[Asked], count: int) -> list[Asked]:
    """`count` turns (fewer if there are not so many), chosen evenly over the moves from `SEEN` times as many."""
    by_move: dict[Move, list[Asked]] = {}
    for asked in islice(source, SEEN * count):
        by_move.setdefault(asked.turn.move, []).append(asked)
    chosen: list[Asked] = []
    at = 0
    while len(chosen) < count and any(len(turns) > at for turns in by_move.values()):
        chosen += [turns[at] for turns in by_move.values() if len(turns) > at]
        at += 1
    return chosen[:count]
