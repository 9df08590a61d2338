"""The privacy notice, in words that a ten-year-old understands, and when it is due."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

from tutor.domain import Contact, Learner, Setting, Visible
from tutor.i18n import tr, trn
from tutor.wording.visible import in_words


class Known(Protocol):
    """What the notice needs of the store."""

    def contact(self) -> Contact | None: ...

    def visible_of(self, learner_id: int) -> Visible: ...

    def setting(self, key: str, learner_id: int | None = None) -> Any: ...


TERM: Final = timedelta(days=120)
"""A term of school: after so long a learner is shown the notice again."""


def is_due(read: str, now: datetime | None = None) -> bool:
    """Whether a learner who read the notice at `read` ("" for never) is to be shown it."""
    now = now or datetime.now(UTC)
    try:
        then = datetime.fromisoformat(read)
    except ValueError:
        return True
    since = now - (then if then.tzinfo else then.replace(tzinfo=UTC))
    return not timedelta(days=-1) <= since < TERM  # a date ahead is a clock that was wrong


def read_now() -> str:
    """What is kept when a learner has read the notice; `is_due` reads it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def lines(store: Known, learner: Learner | None) -> list[str]:
    """The notice without pictures, for a terminal."""
    return [f"{heading}. {text}" for _symbol, heading, text in of(store, learner)]


def of(store: Known, learner: Learner | None) -> list[tuple[str, str, str]]:
    """The notice as it is for a learner of a store, or for nobody yet."""
    contact = store.contact()
    return points(
        contact.name if contact else "",
        store.visible_of(learner.id) if learner is not None else None,
        school=store.setting("setting") == Setting.SCHOOL,
        months=int(store.setting("conversation_months")),
        record_days=int(store.setting("record_days")),
    )


def points(
    contact: str,
    visible: Visible | None = None,
    *,
    school: bool = True,
    months: int = 0,
    record_days: int = 0,
) -> list[tuple[str, str, str]]:
    """(icon, heading, words). `contact` is the safeguarding contact's name, "" before there is one.

    `visible`: what teachers, or grown-ups at home, see of this learner's chats; None where no learner is known.
    `months`: how long a conversation is kept after the last turn, `record_days` the contact's record; 0: always.
    """
    who = contact or tr("a grown-up who looks after you")
    return [
        (
            "hard-drive",
            tr("Your words stay on this computer"),
            tr("What you write and what the tutor answers is kept here. It is not sent over the internet."),
        ),
        (
            "eye",
            tr("Who can read it"),
            tr(
                "You can read your own conversations. To keep you safe, all that you write and every answer is also in "
                "a safety record, and {who} can read it. {others}.",
                who=who,
                others=_others(visible, school=school),
            ),
        ),
        (
            "heart-handshake",
            tr("If you may be in danger"),
            tr(
                "If you write that somebody hurts you, or that you want to hurt yourself, {who} is told. That is to "
                "help you. You have done nothing wrong.",
                who=who,
            ),
        ),
        (
            "cpu",
            tr("The tutor is a program"),
            tr(
                "It is not a person and not a friend. It checks its sums, and can still be wrong. If something looks "
                "odd, press “Something is wrong” or ask a person."
            ),
        ),
        (
            "graduation-cap",
            tr("Learning from mistakes"),
            tr(
                "When you say what would be right, it is checked, and names and addresses are taken out. A grown-up "
                "decides what the tutor learns from it. At home it may be used at once, for you alone."
            ),
        ),
        (
            "trash-2",
            tr("You can have it deleted"),
            tr(
                "You can delete a conversation; the safety record keeps its words until its own time is over. Your "
                "parents or your teacher can get a copy of everything, or have all of it erased."
            ),
        ),
        ("history", tr("How long it is kept"), _kept(months, record_days)),
    ]


def _kept(months: int, record_days: int) -> str:
    conversations = (
        trn(
            "A conversation is deleted {n} month after you last wrote in it, with everything counted about it.",
            "A conversation is deleted {n} months after you last wrote in it, with everything counted about it.",
            months,
        )
        if months
        else tr("Your conversations are kept until you delete them or a grown-up has everything of you erased.")
    )
    record = (
        trn(
            "The safety record is kept {n} day, also of a conversation that is deleted, and longer where something is "
            "still to be looked at.",
            "The safety record is kept {n} days, also of a conversation that is deleted, and longer where something is "
            "still to be looked at.",
            record_days,
        )
        if record_days
        else tr("The safety record is kept until everything of you is erased, also of a conversation that is deleted.")
    )
    return f"{conversations} {record}"


def _others(visible: Visible | None, *, school: bool) -> str:
    if visible is not None:
        return in_words(visible, school=school)
    if school:
        return tr("What teachers see is set for each class, and your chat tells you")
    return tr("What grown-ups see is set for each learner, and your chat tells you")
