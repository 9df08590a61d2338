"""One line that says what was checked in an answer, and an answer as complete plain data."""

from enum import Enum
from typing import Any

import msgspec

from tutor.domain import Reply
from tutor.i18n import tr
from tutor.wording import checks


def line(reply: Reply) -> str:
    """The line that the window shows under an answer: "checked: sums ✓ · safe words ✓"."""
    parts = (checks.used(reply), checks.line(reply.sentences, reply.rules).shown or tr("nothing was shown"))
    return " · ".join(part for part in parts if part)


def plain(value: Any) -> Any:
    """The value as JSON types with every field named, also where it has its default."""
    if isinstance(value, msgspec.Struct):
        return {name: plain(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def as_json(reply: Reply) -> str:
    """One object: text, sentences with their checks, intent, move, facts, tokens, timings and the rest."""
    whole = plain(reply)
    times = whole.pop("timings")
    tokens = {name.removesuffix("_tokens"): times.pop(name) for name in tuple(times) if name.endswith("_tokens")}
    return msgspec.json.encode({**whole, "tokens": tokens, "timings": times}).decode()
