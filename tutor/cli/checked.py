"""One line that says what was checked in an answer, and an answer as complete plain data."""

from enum import Enum
from typing import Any

import msgspec

from tutor.domain import MathsStatus, Reply
from tutor.i18n import tr, trn


def line(reply: Reply) -> str:
    """Such as "checked: 3 sentences safe, 2 with sums that are right"."""
    if not reply.sentences:
        return tr("nothing was shown")
    if all(s.done in ("written", "fallback") for s in reply.sentences):
        return tr("written by people, not by the model")
    parts = [trn("{n} sentence safe", "{n} sentences safe", len(reply.sentences))]
    counted = {status: sum(s.maths.status is status for s in reply.sentences) for status in MathsStatus}
    if counted[MathsStatus.RIGHT]:
        parts.append(trn("{n} with sums that are right", "{n} with sums that are right", counted[MathsStatus.RIGHT]))
    if counted[MathsStatus.UNCHECKED]:
        parts.append(
            trn(
                "{n} with maths that could not be checked",
                "{n} with maths that could not be checked",
                counted[MathsStatus.UNCHECKED],
            )
        )
    replaced = sum(s.done in ("corrected", "fallback") for s in reply.sentences)
    if replaced:
        parts.append(trn("{n} put right", "{n} put right", replaced))
    return tr("checked: {what}", what=", ".join(parts))


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
