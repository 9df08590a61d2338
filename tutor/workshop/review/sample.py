"""The sample: pairs of answers to the same conversation, drawn with a seed, kept in a file that reviewers share."""

import hashlib
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from tutor.domain import Frozen
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.tutoring import brief

SAMPLE = "sample.jsonl"


class Line(Frozen):
    """One message of the conversation before the answers."""

    role: str
    """user | assistant"""
    content: str


class Answer(Frozen):
    text: str
    source: str
    """Which model or file; never shown to a reviewer."""


class Pair(Frozen):
    """Two answers to one conversation."""

    id: str
    before: tuple[Line, ...]
    answers: tuple[Answer, Answer]

    def turned(self, reviewer: str) -> bool:
        """Whether this reviewer sees the second answer on the left: by chance, but the same every time."""
        digest = hashlib.sha256(f"{reviewer}\x00{self.id}".encode()).digest()
        return digest[0] % 2 == 1

    def shown(self, reviewer: str) -> tuple[str, str]:
        """The answers' words, left and right."""
        first, second = (answer.text for answer in self.answers)
        return (second, first) if self.turned(reviewer) else (first, second)


def pair(before: Sequence[Line], first: Answer, second: Answer) -> Pair:
    """A pair whose name follows from what is in it."""
    words = msgspec.json.encode([before, first, second])
    return Pair(id=hashlib.sha256(words).hexdigest()[:16], before=tuple(before), answers=(first, second))


def without_notes(content: str) -> str:
    """A learner's words, without the notes that only the tutor reads."""
    return content.partition(f"\n\n{brief.OPENING}")[0].strip()


def lines(messages: Iterable[Any]) -> tuple[Line, ...]:
    """Chat messages as a reviewer sees them: no system text, no notes. Raises KeyError, TypeError on another shape."""
    return tuple(
        Line(role=m["role"], content=without_notes(m["content"]) if m["role"] == "user" else m["content"].strip())
        for m in messages
        if m["role"] in ("user", "assistant")
    )


def read(path: Path) -> list[Pair]:
    """Pairs from a JSON lines file, of any of three shapes:

    `{"prompt": [messages], "answers": [{"text", "source"}, {"text", "source"}]}`, preference pairs
    `{"prompt", "chosen", "rejected"}`, and chats `{"messages", "source"}`, paired where two sources answered the same
    messages. Raises UserError.
    """
    found: list[Pair] = []
    chats: dict[tuple[Line, ...], dict[str, str]] = defaultdict(dict)
    try:
        for raw in path.read_bytes().splitlines():
            if raw.strip():
                _read_line(msgspec.json.decode(raw), found, chats)
    except (OSError, msgspec.MsgspecError, KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise UserError(
            tr("{file} cannot be read as answers to judge ({reason}). Nothing was changed.", file=path, reason=error),
            code="bad_answers",
        ) from error
    for before, by_source in chats.items():
        if len(by_source) >= 2:
            (one, first), (two, second) = list(by_source.items())[:2]
            found.append(pair(before, Answer(text=first, source=one), Answer(text=second, source=two)))
    # two answers with the same words leave nothing to judge
    different = {p.id: p for p in found if p.answers[0].text.strip() != p.answers[1].text.strip()}
    if not different:
        raise UserError(
            tr(
                "{file} holds no two different answers to the same conversation, so there is nothing to compare. Give "
                "a file with pairs, or two model files.",
                file=path,
            ),
            code="no_pairs",
        )
    return list(different.values())


def _read_line(line: Any, found: list[Pair], chats: dict[tuple[Line, ...], dict[str, str]]) -> None:
    if "chosen" in line:
        answers = [Answer(text=line[name], source=name) for name in ("chosen", "rejected")]
        found.append(pair(lines(line["prompt"]), answers[0], answers[1]))
    elif "answers" in line:
        first, second = (Answer(text=a["text"], source=a["source"]) for a in line["answers"][:2])
        found.append(pair(lines(line["prompt"]), first, second))
    else:
        said = lines(line["messages"])
        if said[-1].role == "assistant":
            chats[said[:-1]].setdefault(line.get("source", ""), said[-1].content)


def draw(pairs: Sequence[Pair], count: int, seed: int) -> list[Pair]:
    """At most `count` pairs, by chance, in an order by chance."""
    chosen = sorted(pairs, key=lambda p: p.id)
    random.Random(seed).shuffle(chosen)
    return chosen[:count]


def keep(pairs: Sequence[Pair], folder: Path) -> None:
    """Write the sample, whole or not at all, so that every reviewer judges the same one."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{SAMPLE}.part"
    part.write_bytes(b"".join(msgspec.json.encode(p) + b"\n" for p in pairs))
    part.replace(folder / SAMPLE)


def kept(folder: Path) -> list[Pair]:
    """The sample of a folder; none where it was not drawn yet. Raises UserError when it is damaged."""
    file = folder / SAMPLE
    if not file.exists():
        return []
    try:
        return [msgspec.json.decode(line, type=Pair) for line in file.read_bytes().splitlines() if line.strip()]
    except (OSError, msgspec.MsgspecError) as error:
        raise UserError(
            tr(
                "The sample {file} cannot be read ({reason}). The judgements beside it are kept. Move the folder "
                "away and draw a new sample.",
                file=file,
                reason=error,
            ),
            code="bad_sample",
        ) from error
