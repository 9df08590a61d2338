"""The nouns of Tutor as frozen structs, shared by the store, the engine's protocol and the windows.

Everything here is plain data (msgspec), so it travels unchanged through JSON lines and SQLite's JSON columns.
Times are UTC, ISO 8601, as text. Identifiers are the store's integer primary keys.
"""

from enum import StrEnum
from typing import dataclass_transform

import msgspec


class AgeBand(StrEnum):
    """Age in years; thresholds, wording and help lines depend on it."""

    A5_7 = "5-7"
    A8_10 = "8-10"
    A11_13 = "11-13"
    A14_17 = "14-17"
    ADULT = "18+"


class Setting(StrEnum):
    """Where the program is used."""

    HOME = "home"
    SCHOOL = "school"


class Role(StrEnum):
    LEARNER = "learner"
    TUTOR = "tutor"


class Intent(StrEnum):
    """What the learner wants with a message."""

    ASKS_ANSWER = "asks_answer"
    ASKS_HINT = "asks_hint"
    ASKS_EXPLANATION = "asks_explanation"
    ATTEMPT = "attempt"
    OFF_TOPIC = "off_topic"
    FEEDBACK = "feedback"
    DISTRESS = "distress"
    GREETING = "greeting"


class Move(StrEnum):
    """What the tutor does next. Structure picks it; the model only finds the words."""

    GREET = "greet"
    ACKNOWLEDGE = "acknowledge"
    """Thanks, feedback, "ok": a short friendly reply that leads back to the work."""
    ASK_ATTEMPT = "ask_attempt"
    HINT = "hint"
    DIAGNOSE = "diagnose"
    """The attempt is wrong: say so kindly and point at the step to look at again."""
    CONFIRM = "confirm"
    """The attempt is right: say so and name what was done well."""
    EXPLAIN = "explain"
    """Work it through in steps, answer included (only after a real attempt or where allowed)."""
    SET_UP = "set_up"
    """A word problem whose sum is not sure: set it up together, without an answer."""
    ADVISE = "advise"
    """Study skills: one written piece of advice, put into the model's words."""
    RECALL = "recall"
    """An accepted correction answers this question: pass its words on."""
    CONVERSE = "converse"
    """A question without checkable facts: answer it briefly (general models only)."""
    REDIRECT = "redirect"
    """Outside what this tutor knows: say so honestly, suggest a person or a bigger model."""
    REFUSE = "refuse"
    """Not allowed: written text, never the model's."""
    SIGNPOST = "signpost"
    """Distress: written text that points to people, never the model's."""


class Action(StrEnum):
    """What moderation wants done with a text."""

    ALLOW = "allow"
    REVIEW = "review"
    """Shown, and marked for the safeguarding contact."""
    BLOCK = "block"
    """Not shown."""
    REFUSE = "refuse"
    """A dangerous request: answered with a written refusal."""
    SIGNPOST = "signpost"
    """Distress: answered with written, human-pointing words, and an alert."""


class Direction(StrEnum):
    INPUT = "input"
    OUTPUT = "output"


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(msgspec.field,))
class Frozen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of all domain structs."""


class Verdict(Frozen):
    """Moderation of one text."""

    action: Action
    scores: dict[str, float] = {}
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


class MathsStatus(StrEnum):
    NONE = "none"
    """Nothing to check."""
    RIGHT = "right"
    WRONG = "wrong"
    UNCHECKED = "unchecked"
    """Looks like maths, could not be read within the bounds; never claimed as checked."""


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


class Timings(Frozen):
    """Milliseconds, and tokens, of one reply."""

    first_sentence_ms: float = 0.0
    total_ms: float = 0.0
    prefill_ms: float = 0.0
    decode_ms: float = 0.0
    moderation_ms: float = 0.0
    maths_ms: float = 0.0
    prompt_tokens: int = 0
    reused_tokens: int = 0
    completion_tokens: int = 0


class Outcome(StrEnum):
    """How a reply ended."""

    DONE = "done"
    STOPPED = "stopped"
    """The learner pressed Stop; what had been checked stays."""
    WRITTEN = "written"
    """Written by people: refusal, signpost, fallback."""
    FAILED = "failed"


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
    """uncertain | unfamiliar | near_correction"""
    score: float
    """Nats a token, distance of the nearest question (0 to 2), or likeness of the nearest correction (0 to 1)."""
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
    figures: dict[str, float] = {}
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
