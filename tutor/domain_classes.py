"""The nouns of classes: groups of learners, what is set for whom, and what a time limit leaves.

Read them from `tutor.domain`, with the others.
"""

from enum import StrEnum

from tutor.frozen import Frozen


class Visible(StrEnum):
    """What of a learner's chats teachers may read. Alerts for the safeguarding contact are no part of it."""

    SUMMARY = "summary"
    """Figures (how long, on what, how far), and what the learner hands over: an answer that they report, a question
    that they put to the teacher, each as it stands."""
    FLAGGED = "flagged"
    """Also the turns around these, and answers that the learner called wrong when the tutor asked."""
    ALL = "all"
    """Every conversation."""


class Class(Frozen):
    """A group of learners."""

    id: int
    name: str
    visible: Visible = Visible.FLAGGED
    visible_since: str = ""
    """When this was chosen (UTC, ISO 8601); "" for from the beginning. What was written before stays as promised."""
    created_at: str = ""
    archived_at: str | None = None


class Looked(StrEnum):
    """What the safety checks made of a teacher's word to learners."""

    NOT_YET = ""
    """They have not looked at it; learners are not shown it."""
    FINE = "fine"
    DOUBTFUL = "doubtful"
    """Learners are not shown it, until a teacher says so."""
    READ = "read"
    """A teacher was warned, read it once more, and shows it all the same."""


class Assignment(Frozen):
    """A lesson set for a class or for one learner. Days are local dates (ISO 8601)."""

    id: int
    lesson_id: int
    class_id: int | None
    learner_id: int | None
    from_day: str
    until_day: str = ""
    """The last day; "" for no end."""
    note: str = ""
    """A word to the learner."""
    created_at: str = ""
    looked: Looked = Looked.NOT_YET
    """At that word."""


class Assigned(Frozen):
    """A lesson as a learner finds it."""

    lesson_version_id: int
    lesson_id: int
    title: str
    summary: str
    until_day: str = ""
    note: str = ""
    """Only what may be shown."""


class Lifted(Frozen):
    """A time limit that a grown-up lifted for a day, with the reason."""

    id: int
    learner_id: int
    day: str
    minutes: int
    """More than the limit on that day."""
    reason: str
    lifted_by: str
    created_at: str = ""
