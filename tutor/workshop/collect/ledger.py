"""Corrections in the JSON lines that the app writes (`tutor corrections export`, or its button): what may be learned.

Only accepted ones are examples. The answer is what is right, `wrong` what the tutor had said; each other way of asking
is a pair of its own.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from tutor.domain import Correction, CorrectionStatus
from tutor.workshop.collect.items import LEARNER, TUTOR, Item, Message


def is_line(record: Any) -> bool:
    """Whether a decoded line is a correction as the app writes it."""
    return (
        isinstance(record, Mapping)
        and isinstance(record.get("id"), int)
        and isinstance(record.get("question"), str)
        and isinstance(record.get("answer"), str)
        and bool({"created_at", "status"} & record.keys())
    )


def items(record: Any, source: str, line: int) -> tuple[Item, ...] | str:
    """The correction for each way of asking it, or the reason why there is none."""
    try:
        found = msgspec.convert(record, Correction)
    except msgspec.ValidationError:
        return "unknown_form"
    if not (found.question.strip() and found.answer.strip()):
        return "unknown_form"
    if found.status is not CorrectionStatus.ACCEPTED:
        return "not_accepted"
    return tuple(
        Item(
            source=source,
            line=line,
            kind="correction",
            app=True,
            messages=(Message(LEARNER, question), Message(TUTOR, found.answer)),
            rejected=found.wrong if first else "",
            category=found.kind,
            when=found.decided_at or found.created_at,
        )
        for first, question in [(True, found.question), *((False, other) for other in found.phrasings if other.strip())]
    )
