"""What a teacher is told about the period for conversations: what went, what will go, and why it waits."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from tutor.i18n import tr, trn
from tutor.store.keeping import Keeping

_SHORTEST_MONTH: Final = 28
"""Days."""
FRESH: Final = timedelta(days=14)
"""So long the safeguarding page tells what was deleted last; the checklist always does."""


def news(keeping: Keeping, when: Callable[[str], str]) -> tuple[str, str]:
    """(kind of notice, words); two empty ones when there is nothing to tell. `when` puts a stored moment in words."""
    if keeping.waits_until and keeping.clock:
        return "warm", waits(keeping, when)
    if keeping.waits_until and keeping.past:
        return "notice", waits(keeping, when)
    if keeping.unfinished:
        return "warm", unfinished()
    recent = keeping.last_at and datetime.now(UTC) - datetime.fromisoformat(keeping.last_at) < FRESH
    return ("notice", went(keeping, when)) if recent and keeping.months else ("", "")


def stands(keeping: Keeping, when: Callable[[str], str]) -> str:
    """The period in words, with what it did last."""
    if not keeping.months:
        return tr("They are kept until the learner is erased.")
    parts = [trn("{n} month.", "{n} months.", keeping.months)]
    if keeping.waits_until:
        parts.append(waits(keeping, when))
    if keeping.last_at:
        parts.append(went(keeping, when))
    if keeping.unfinished:
        parts.append(unfinished())
    return " ".join(parts)


def outlives(months: int, record_days: int) -> str:
    """What the two periods mean together, where the record keeps words of conversations that are gone; else ""."""
    if not months or 0 < record_days <= months * _SHORTEST_MONTH:
        return ""
    gone = trn(
        "Conversations go {n} month after their last turn.",
        "Conversations go {n} months after their last turn.",
        months,
    )
    stays = (
        trn(
            "What was written in them stays in the safeguarding record until it is {n} day old; the privacy notice "
            "tells learners so.",
            "What was written in them stays in the safeguarding record until it is {n} days old; the privacy notice "
            "tells learners so.",
            record_days,
        )
        if record_days
        else tr("What was written in them stays in the safeguarding record until the learner is erased.")
    )
    return f"{gone} {stays}"


def went(keeping: Keeping, when: Callable[[str], str]) -> str:
    return trn(
        "{n} conversation was past its time and deleted for good ({when}).",
        "{n} conversations were past their time and deleted for good ({when}).",
        keeping.last_count,
        when=when(keeping.last_at),
    )


def waits(keeping: Keeping, when: Callable[[str], str]) -> str:
    """Why nothing is deleted yet, how much will be, and what a person can do about it."""
    will_go = trn(
        "From {when} on, {n} conversation that is past its time is deleted for good.",
        "From {when} on, {n} conversations that are past their time are deleted for good.",
        keeping.past,
        when=when(keeping.waits_until),
    )
    if keeping.clock:
        why = tr(
            "The date of this computer has leapt since Tutor was last used, as after holidays, when the clock is wrong "
            "or when an older backup was put back. Nothing is deleted for a week. If the date is wrong, set it right."
        )
    else:
        why = tr("The period for conversations is new. If it is not what you meant, change it under Settings.")
    return f"{why} {will_go}" if keeping.past else why


def unfinished() -> str:
    return tr(
        "Backups still hold conversations that were deleted. Tutor goes on by itself; if this stays for days, see that "
        "the disk has room."
    )
