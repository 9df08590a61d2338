"""Conversations in JSON lines, in the forms that such files have, and in written-out form ("Learner: ... Tutor: ...").

A line may be `{"text": ...}`, `{"messages": [{"role", "content"}]}`, `{"conversations": [{"from", "value"}]}`, a pair
(`prompt`, `question` or `instruction` with `completion`, `response`, `answer` or `output`), or a correction:
`{"question", "answer", "better", "category", "when"}`, where `answer` is what the tutor said and `better` what a person
says it should have said; or a correction as the app writes it (`ledger`).
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from tutor.workshop.collect import ledger
from tutor.workshop.collect.items import LEARNER, ROLES, SYSTEM, TUTOR, Item, Message
from tutor.workshop.collect.opening import lines_of, text_of
from tutor.workshop.collect.settings import CollectSettings
from tutor.workshop.collect.tally import Tally

_QUESTIONS: Final = ("question", "prompt", "instruction", "learner", "user")
_ANSWERS: Final = ("answer", "completion", "response", "output", "tutor", "assistant")
_SPOKEN: Final = re.compile(
    r"(learner|student|pupil|child|tutor|teacher|q|question|a|answer)\s*[:>]\s+(?=\S)", re.IGNORECASE
)
_FEWEST_SPOKEN: Final = 2


class UnreadableError(ValueError):
    """A line that is none of the known forms; the message is the reason's stable name."""


def read(path: Path, settings: CollectSettings, tally: Tally) -> Iterator[Item]:
    """Everything readable in a JSON lines file; the rest is counted with its line number."""
    decoder = msgspec.json.Decoder()
    with text_of(path, tally.passed) as text:
        for number, line in lines_of(text, settings.line_characters):
            if line is None:
                tally.drop("line_too_long", path.name, number)
                continue
            if not line.strip():
                continue
            try:
                found = _items(decoder.decode(line), path.name, number)
            except UnreadableError as error:
                tally.drop(str(error), path.name, number, line)
            except RecursionError:
                tally.drop("nested_too_deep", path.name, number)
            except (msgspec.DecodeError, UnicodeEncodeError):
                tally.drop("broken_line", path.name, number, line)
            else:
                yield from found


def _items(record: Any, source: str, line: int) -> tuple[Item, ...]:
    """What is in a line. Raises `UnreadableError`."""
    if not ledger.is_line(record):
        return (from_record(record, source, line),)
    found = ledger.items(record, source, line)
    if isinstance(found, str):
        raise UnreadableError(found)
    return found


def from_record(record: Any, source: str, line: int) -> Item:
    """The item in a line or a row. Raises `UnreadableError`."""
    if not isinstance(record, Mapping):
        raise UnreadableError("unknown_form")
    turns = record.get("messages", record.get("conversations"))
    if turns is not None:
        return Item(source=source, line=line, kind="chat", messages=_messages(turns))
    better = record.get("better")
    if isinstance(better, str) and better.strip():
        return _correction(record, better, source, line)
    question, answer = _first(record, _QUESTIONS), _first(record, _ANSWERS)
    if question and answer:
        more = record.get("input")
        asked = f"{question}\n\n{more}" if isinstance(more, str) and more.strip() else question
        reported = bool(record.get("category"))  # a report without a better answer: no example to follow
        pair = (Message(LEARNER, asked), Message(TUTOR, answer, learn=not reported))
        return Item(source=source, line=line, kind="chat", messages=pair)
    words = _first(record, ("text", "content", "body"))
    if words:
        return Item(source=source, line=line, text=words)
    raise UnreadableError("unknown_form")


def _correction(record: Mapping[str, Any], better: str, source: str, line: int) -> Item:
    question = _first(record, _QUESTIONS)
    if not question:
        raise UnreadableError("unknown_form")
    return Item(
        source=source,
        line=line,
        kind="correction",
        messages=(Message(LEARNER, question), Message(TUTOR, better)),
        rejected=_first(record, _ANSWERS),
        category=_word(record.get("category")),
        when=_word(record.get("when")),
    )


def _messages(turns: Any) -> tuple[Message, ...]:
    if not isinstance(turns, list) or not turns:
        raise UnreadableError("unknown_form")
    found: list[Message] = []
    for turn in turns:
        if not isinstance(turn, Mapping):
            raise UnreadableError("unknown_form")
        role = ROLES.get(str(turn.get("role", turn.get("from", ""))).lower())
        content = turn.get("content", turn.get("value"))
        if isinstance(content, list):
            parts = [part.get("text") for part in content if isinstance(part, Mapping)]
            content = "\n".join(part for part in parts if isinstance(part, str))
        if role is None or not isinstance(content, str):
            raise UnreadableError("unknown_role" if role is None else "unknown_form")
        if content.strip():
            found.append(Message(role, content))
    return tuple(found)


def _first(record: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((value for name in names if isinstance(value := record.get(name), str) and value.strip()), "")


def _word(value: Any) -> str:
    return value[:40] if isinstance(value, str) else ""


def spoken(text: str) -> tuple[Message, ...]:
    """A text that is a conversation written out, as messages; empty when it is none."""
    found: list[Message] = []
    for line in text.splitlines():
        start = _SPOKEN.match(line.strip().lstrip("*_>- "))
        if start is not None:
            words = line.strip().lstrip("*_>- ")[start.end() :]
            found.append(Message(ROLES[start[1].lower()], words.strip("*_ ")))
        elif line.strip() and not found:
            return ()
        elif line.strip():
            found[-1] = Message(found[-1].role, f"{found[-1].content}\n{line.strip()}")
    both = {message.role for message in found} - {SYSTEM}
    return tuple(found) if len(found) >= _FEWEST_SPOKEN and len(both) == 2 else ()
