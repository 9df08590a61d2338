"""CSV files: rows of texts, of questions and answers, or of messages that belong to one conversation."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tutor.workshop.collect import chats
from tutor.workshop.collect.items import ROLES, Item, Message
from tutor.workshop.collect.opening import lines_of, text_of
from tutor.workshop.collect.settings import CollectSettings
from tutor.workshop.collect.tally import Tally

_CONVERSATION: Final = ("conversation", "conversation_id", "chat", "chat_id", "session", "thread")
_ROLE: Final = ("role", "speaker", "from", "who")


def read(path: Path, settings: CollectSettings, tally: Tally) -> Iterator[Item]:
    """The rows of a table whose first row names the columns, as `chats.from_record` understands the names.

    Rows with a speaker's column and a text are messages: those that follow each other with one conversation's name are
    one conversation.
    """
    limit = csv.field_size_limit(settings.line_characters)
    try:
        with text_of(path, tally.passed) as text:
            yield from _rows(path.name, _lines(text, path.name, settings, tally), settings, tally)
    finally:
        csv.field_size_limit(limit)


def _lines(text: io.TextIOWrapper, source: str, settings: CollectSettings, tally: Tally) -> Iterator[str]:
    for number, line in lines_of(text, settings.line_characters):
        if line is None:
            tally.drop("line_too_long", source, number)
        else:
            yield line.replace("\x00", "")


def _rows(source: str, lines: Iterator[str], settings: CollectSettings, tally: Tally) -> Iterator[Item]:
    heading = next(lines, "")
    delimiter = max(",;\t", key=heading.count)
    names = [name.strip().lower() for name in next(csv.reader([heading], delimiter=delimiter), [])]
    talk: list[Message] = []
    last, start = "", 0
    for number, row in _readable(lines, delimiter, source, tally):
        record = dict(zip(names, row, strict=False))
        role = next((record[name] for name in _ROLE if record.get(name)), "")
        words = next((record[name] for name in ("text", "content", "message") if record.get(name)), "")
        if not (role and words):
            try:
                yield chats.from_record(record, source, number)
            except chats.UnreadableError as error:
                tally.drop(str(error), source, number, " ".join(row))
            continue
        if role.strip().lower() not in ROLES:
            tally.drop("unknown_role", source, number, words)
            continue
        key = next((record[name] for name in _CONVERSATION if record.get(name)), "")
        if talk and (key != last or len(talk) > settings.messages):
            yield Item(source=source, line=start, kind="chat", messages=tuple(talk))
            talk = []
        last, start = key, start if talk else number
        talk.append(Message(ROLES[role.strip().lower()], words))
    if talk:
        yield Item(source=source, line=start, kind="chat", messages=tuple(talk))


def _readable(lines: Iterator[str], delimiter: str, source: str, tally: Tally) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number of their last line; a row that the csv module cannot read is counted."""
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            tally.drop("broken_line", source, reader.line_num + 1)
            continue
        if any(cell.strip() for cell in row):
            yield reader.line_num + 1, row
