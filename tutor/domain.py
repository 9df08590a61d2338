"""The nouns of Tutor as frozen structs, shared by the store, the engine's protocol and the windows.

Everything here is plain data (msgspec), so it travels unchanged through JSON lines and SQLite's JSON columns.
Times are UTC, ISO 8601, as text. Identifiers are the store's integer primary keys.
"""

import msgspec

from tutor.domain_classes import Assigned, Assignment, Class, Lifted, Looked, Visible
from tutor.domain_kinds import Action, AgeBand, Direction, Intent, MathsStatus, Move, Outcome, Role, Setting
from tutor.domain_learning import (
    Adapter,
    AdapterState,
    Asked,
    Correction,
    CorrectionStatus,
    Decision,
    Finding,
)
from tutor.domain_lessons import (
    Escalated,
    Guideline,
    Item,
    Lesson,
    LessonState,
    LessonVersion,
    Material,
    Misconception,
    Passage,
    RuleCheck,
    Severity,
    kind_of,
)
from tutor.frozen import Frozen

__all__ = [
    "Action",
    "Adapter",
    "AdapterState",
    "AgeBand",
    "Alert",
    "Asked",
    "Assigned",
    "Assignment",
    "Class",
    "Contact",
    "Conversation",
    "Correction",
    "CorrectionStatus",
    "Decision",
    "Direction",
    "Escalated",
    "Fact",
    "Finding",
    "Flag",
    "Frozen",
    "Generation",
    "Guideline",
    "Intent",
    "Item",
    "Learner",
    "Lesson",
    "LessonState",
    "LessonVersion",
    "Lifted",
    "Looked",
    "Material",
    "MathsCheck",
    "MathsStatus",
    "Message",
    "Misconception",
    "Move",
    "Outcome",
    "Passage",
    "Remembered",
    "Reply",
    "Role",
    "RuleCheck",
    "SentenceCheck",
    "Setting",
    "Severity",
    "Timings",
    "TutoringState",
    "Verdict",
    "Visible",
    "kind_of",
]


class Verdict(Frozen):
    """Moderation of one text."""

    action: Action
    scores: dict[str, float] = msgspec.field(default_factory=dict)
    """Label to probability, 0 to 1. Empty when the classifier failed (then `action` is BLOCK)."""
    labels: tuple[str, ...] = ()
    """Labels over their threshold, worst first."""
    reason: str = ""
    """Why, for the record: "classifier", "rule:...", "error:..."."""


class Fact(Frozen):
    """A problem found in the learner's words, worked exactly."""

    kind: str
    """expression, equation, conversion, comparison, percentage, fraction, ratio, shape, average, time, money, sequence,
    divisors, word_problem."""
    question: str
    """Canonical text, such as `3/4 + 1/8` or `2x + 3 = 11`."""
    answer: str
    """Exact answer as a learner would write it: `7/8`, `x = 4`, `25 cm`."""
    steps: tuple[str, ...] = ()
    """Worked steps, each a true statement; the last one contains the answer."""
    hints: tuple[str, ...] = ()
    """Gradual hints in words, none of which contains the answer."""
    topic: str = ""
    """addition, subtraction, multiplication, division, fractions, percentages, equations, units, order, ..."""


class MathsCheck(Frozen):
    """The maths in one sentence."""

    status: MathsStatus = MathsStatus.NONE
    statements: tuple[str, ...] = ()
    """The statements that were read."""
    correction: str = ""
    """When wrong: the whole sentence with right numbers, or "" when it can only be left out."""
    ms: float = 0.0


class SentenceCheck(Frozen):
    """One sentence of a reply and what was checked before it was shown."""

    text: str
    """The words shown (after any correction)."""
    verdict: Verdict
    maths: MathsCheck = MathsCheck()
    tries: int = 1
    """1 = as first decoded; 2 or 3 = regenerated."""
    done: str = "shown"
    """shown | corrected | left_out | fallback | written (by people, not by the model)"""


class Remembered(Frozen):
    """An accepted correction that was found for a question; a verified fact of the lesson."""

    correction_id: int
    question: str
    """The question that was answered badly, as a person asked it."""
    answer: str
    """What is right, in the words that were accepted."""
    kind: str = "fact"
    """See `Correction.kind`."""
    likeness: float = 1.0
    """Cosine of the two questions' embeddings, -1 to 1."""
    own: bool = False
    """It came from a flag of the learner who asks."""


class TutoringState(Frozen):
    """Where a conversation stands. Travels with each tutor message, so that branches keep their own."""

    problem: Fact | None = None
    attempts: int = 0
    """Real attempts at this problem."""
    rung: int = 0
    """Hints given for this problem."""
    begs: int = 0
    """Times that the answer was asked for without an attempt."""
    solved: bool = False
    tried: tuple[str, ...] = ()
    """Wrong answers given to this problem, oldest first."""
    advised: int = 0
    """Pieces of advice about learning given so far in this conversation."""
    item: str = ""
    """The lesson's item that is worked on; "" for a problem of the learner's own."""
    items_solved: tuple[str, ...] = ()
    """Items of the lesson solved in this conversation."""
    turns_on_rung: int = 0
    """Messages of the learner since the last hint."""
    hinted_at: float = 0.0
    """When the last hint was given, in seconds since 1970; 0 for none."""


class Timings(Frozen):
    """Milliseconds, and tokens, of one reply."""

    first_sentence_ms: float = 0.0
    total_ms: float = 0.0
    prefill_ms: float = 0.0
    decode_ms: float = 0.0
    moderation_ms: float = 0.0
    maths_ms: float = 0.0
    rules_ms: float = 0.0
    """Of all looks at a lesson's guidelines, the message's and the whole turn's too."""
    prompt_tokens: int = 0
    reused_tokens: int = 0
    completion_tokens: int = 0


class Reply(Frozen):
    """A finished, checked reply with everything that a record needs."""

    text: str
    outcome: Outcome
    sentences: tuple[SentenceCheck, ...] = ()
    input_verdict: Verdict | None = None
    intent: Intent | None = None
    intent_confidence: float = 0.0
    move: Move | None = None
    facts: tuple[Fact, ...] = ()
    state: TutoringState = TutoringState()
    used: tuple[int, ...] = ()
    """Ids of the corrections that the answer rests on ("Used your correction")."""
    used_own: bool = False
    """One of them came from a flag of this learner."""
    doubt: float = 0.0
    """Mean entropy of the answer's tokens in nats; high where the model was not sure."""
    notes: str = ""
    """The tutor-only notes that followed the learner's words in the prompt (kept, so that the prefix can be reused)."""
    in_history: bool = True
    """False when the learner's words or the answer must stay out of later prompts."""
    dropped_turns: int = 0
    """Oldest turns that no longer fitted the context window."""
    model: str = ""
    adapter: str = ""
    device: str = ""
    timings: Timings = Timings()
    lesson_version_id: int | None = None
    """The lesson that it followed."""
    rules: tuple[RuleCheck, ...] = ()
    """Which guidelines were looked at, which fired, what was done."""
    quiet: str = ""
    """A quiet line for the learner, such as "Your teacher wants you to try first"."""
    cites: tuple[Passage, ...] = ()
    """The passages that the answer rests on."""
    escalate: str = ""
    """Non-empty: the tutor offered to put the question to the teacher, and why (see `Escalated.reason`)."""
    alert: str = ""
    """Non-empty: the safeguarding contact must be told; the kind (`self_harm`, `abuse`, `dangerous_request`, ...)."""
    severity: int = 0
    """Of the alert: 0 none, 1 look when you can, 2 soon, 3 now."""


class Learner(Frozen):
    id: int
    name: str
    picture: str
    """Name of a picture in assets."""
    age_band: AgeBand
    language: str
    """BCP 47, such as `en-GB`."""
    created_at: str = ""


class Contact(Frozen):
    """The safeguarding contact."""

    name: str
    reach: str
    """Phone, e-mail or room: how to reach them."""
    confirmed_at: str = ""


class Conversation(Frozen):
    id: int
    learner_id: int
    title: str
    created_at: str
    updated_at: str
    head_id: int | None = None
    """The message that is the end of the branch shown."""
    deleted_at: str | None = None
    lesson_version_id: int | None = None
    """The version of the lesson that it began with, and keeps."""


class Message(Frozen):
    """A node of a conversation's tree: siblings with one parent are versions of each other."""

    id: int
    conversation_id: int
    parent_id: int | None
    role: Role
    text: str
    created_at: str
    reply: Reply | None = None
    """Only on the tutor's messages, once finished."""
    status: str = "done"
    """learner: done. tutor: writing | done | stopped | failed"""
    rating: int = 0
    """-1, 0 or 1"""


class Flag(Frozen):
    """A learner's report of a bad answer."""

    id: int
    message_id: int
    category: str
    """wrong | confusing | unsafe | unfair | off_lesson | level | other"""
    what: str = ""
    better: str = ""
    """What would be right, in the learner's words."""
    created_at: str = ""


class Alert(Frozen):
    """Something that the safeguarding contact must see."""

    id: int
    message_id: int | None
    learner_id: int | None
    kind: str
    severity: int
    created_at: str
    seen_at: str | None = None


class Generation(Frozen):
    """How the model decodes; a teacher may change it."""

    temperature: float = 0.3
    top_k: int = 40
    top_p: float = 0.95
    min_p: float = 0.05
    repeat_penalty: float = 1.05
    seed: int = -1
    """-1: a new seed each reply."""
    max_tokens: int = 400
    best_of: int = 1
    """Candidates decoded; the one with the highest mean log-probability is kept."""
