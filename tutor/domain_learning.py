"""The nouns of learning from corrections: what was put right, who decided, what was trained on it.

Read them from `tutor.domain`, with the others.
"""

from enum import StrEnum

import msgspec

from tutor.frozen import Frozen


class CorrectionStatus(StrEnum):
    """Where a correction stands. Only ACCEPTED ones reach memory and training."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    """Its phrasings live on in the correction named by `merged_into`."""


class Finding(Frozen):
    """What a check found in a correction, in words for people."""

    check: str
    """moderation | maths | personal | instruction | giving_answers | link | hidden | unread | unclear | length |
    contradiction | unchecked"""
    reason: str
    stops: bool = True
    """Not to be accepted without a teacher. False: mended (a name replaced), and told."""
    firm: bool = False
    """Not to be accepted by anybody as it stands."""


class Correction(Frozen):
    """A replacement text for a bad answer, with the record of who, when and why."""

    id: int
    question: str
    """What was asked, without personal data."""
    answer: str
    """What is right, without personal data."""
    wrong: str = ""
    """The flagged answer, "" when there was none."""
    kind: str = "fact"
    """fact | method | explanation | style | scope"""
    phrasings: tuple[str, ...] = ()
    """Other ways of asking the same, each written or accepted by a person."""
    scope: str = "class"
    """class | learner: for everyone on this machine, or for `learner_id` alone."""
    learner_id: int | None = None
    """Whose flag it came from; erased with that learner."""
    flag_id: int | None = None
    status: CorrectionStatus = CorrectionStatus.PROPOSED
    merged_into: int | None = None
    by: str = ""
    """Who decided: teacher | learner | import."""
    why: str = ""
    """The reason given, or the reasons of the checks that stopped it."""
    checked: str = ""
    """passed | stopped, of these very words; "" before the checks, and after an edit."""
    findings: tuple[Finding, ...] = ()
    created_at: str = ""
    decided_at: str = ""


class Decision(Frozen):
    """One line of a correction's history, which only grows."""

    id: int
    correction_id: int
    at: str
    by: str
    """teacher | learner | import"""
    what: str
    """proposed | accepted | edited | merged | rejected | withdrawn | undone"""
    why: str = ""
    undoes: int | None = None
    """The decision that this one took back."""


class Asked(Frozen):
    """An answer that a learner is asked about, because a word from a person would help there."""

    message_id: int
    learner_id: int
    reason: str
    """uncertain | disagreeing | unfamiliar | near_correction"""
    score: float
    """Nats a token; how far two samples are apart (0 to 1); distance of the nearest question (0 to 2); or likeness of
    the nearest correction (0 to 1)."""
    asked_at: str
    said: str = ""
    """right | not_right | not_now; "" while nothing was said."""


class AdapterState(StrEnum):
    TRAINING = "training"
    JUDGED = "judged"
    """Trained and measured; not in use."""
    ACTIVE = "active"
    RETIRED = "retired"
    FAILED = "failed"


class Adapter(Frozen):
    """A LoRA adapter for one GGUF file, and the record of where it came from."""

    id: int
    file: str
    """Path of the adapter's GGUF; "" while training."""
    base_sha256: str
    ledger_sha256: str
    """Hash of the corrections that it was trained on."""
    scope: str = "class"
    learner_id: int | None = None
    state: AdapterState = AdapterState.TRAINING
    promoted: bool = False
    """The judgement allows its use."""
    stale: bool = False
    """A correction that it used is gone: retrain."""
    figures: dict[str, float] = msgspec.field(default_factory=dict)
    report: str = ""
    """Folder with the report, its plots and the answers before and after."""
    base: str = ""
    """Path of the model that it was trained on, as it was then."""
    file_sha256: str = ""
    """Of the file as it was judged."""
    why: str = ""
    """Why it failed, or why its judgement does not allow its use."""
    replaced_id: int | None = None
    """The adapter that was in use before this one; None: the model alone."""
    created_at: str = ""
    changed_at: str = ""
