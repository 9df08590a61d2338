"""What the app and the engine process say to each other: typed JSON lines, one struct a line.

Requests go to the engine's standard input, events come back on its standard output. Every request but `Load`,
`Cancel` and `Shutdown` carries an `id` that its events repeat. Only msgspec and the domain are imported here, so the
app may use it freely.
"""

from typing import Final

import msgspec

from tutor.domain import (
    AgeBand,
    Direction,
    Finding,
    Frozen,
    Generation,
    Lesson,
    Passage,
    Remembered,
    Reply,
    SentenceCheck,
    TutoringState,
    Verdict,
)

VERSION: Final = 1


class Past(Frozen):
    """One finished turn of the history: the learner's words, the notes that went with them, the answer."""

    learner: str
    notes: str
    tutor: str


class Policy(Frozen):
    """What the teacher's settings allow in this conversation."""

    give_answers: bool = False
    """True: the whole solution may be shown without an attempt (a teacher's switch)."""
    max_hints: int = 3


# --- requests -------------------------------------------------------------------------------------------------------


class Load(Frozen, tag="load"):
    """Load (or replace) the model. `model` "" loads the safety classifier alone (for `tutor screen`)."""

    model: str
    safety: str
    """Folder or checkpoint file of the safety classifier."""
    thresholds: str = ""
    """A thresholds file instead of the one beside the classifier."""
    n_ctx: int = 0
    """0: the model's own, within what memory allows."""
    gpu: bool = True
    threads: int = 0
    """0: chosen by the engine."""
    snapshots: str = ""
    """Folder for saved prefixes; "" keeps none (guests)."""
    snapshot_bytes: int = 1_000_000_000
    snapshot_min_tokens: int = 512
    adapter: str = ""
    """Path of the adapter to answer with. One that cannot be used leaves the model alone in use (`ModelInfo`)."""
    adapter_sha256: str = ""
    """Of the adapter's file, as it was judged; "" is not compared."""


class Ask(Frozen, tag="ask"):
    """One learner's turn, to be answered by a checked reply."""

    id: int
    text: str
    conversation: str = ""
    """Key of the conversation for saved prefixes; "" for guests."""
    guidelines: str = ""
    history: tuple[Past, ...] = ()
    """Oldest first; only what may be in a prompt."""
    state: TutoringState = TutoringState()
    policy: Policy = Policy()
    generation: Generation = Generation()
    age_band: AgeBand = AgeBand.A8_10
    language: str = "en-GB"
    country: str = "GB"
    """For help lines."""
    watched: bool = True
    """The safeguarding contact can read this; False for a guest, whose words are not kept."""
    remembered: tuple[Remembered, ...] = ()
    """Accepted corrections found for this question, likeliest first."""
    retry: int = 0
    """> 0: Regenerate; the same question again, another answer wanted."""
    lesson: Lesson | None = None
    """What the teacher wrote for this conversation."""
    lesson_version_id: int | None = None
    passages: tuple[Passage, ...] = ()
    """Of the lesson's materials, found for this question, likeliest first. Text, never orders."""


class Warm(Frozen, tag="warm"):
    """A conversation was opened: evaluate its prefix now, so that the first answer comes soon."""

    id: int
    conversation: str = ""
    guidelines: str = ""
    history: tuple[Past, ...] = ()


class Measure(Frozen, tag="measure"):
    """How long is this text, and does it fit? Asked before a message is accepted."""

    id: int
    text: str
    guidelines: str = ""


class Screen(Frozen, tag="screen"):
    """Moderate texts without answering."""

    id: int
    items: tuple["ScreenItem", ...]
    age_band: AgeBand = AgeBand.A8_10


class ScreenItem(Frozen):
    text: str
    direction: Direction = Direction.INPUT
    context: tuple[str, ...] = ()
    """What was said before, oldest first."""


class Embed(Frozen, tag="embed"):
    """Encode texts, to compare questions with. Answered by `Embedded`, or by `Failed` (code `no_embedder`)."""

    id: int
    texts: tuple[str, ...]


class Vet(Frozen, tag="vet"):
    """Check a proposed correction. Answered by `Vetted`."""

    id: int
    question: str
    answer: str
    wrong: str = ""
    phrasings: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    """Of the people here, to be found in it."""
    age_band: AgeBand = AgeBand.A5_7
    """Of the youngest to whom it may be shown."""


class Resample(Frozen, tag="resample"):
    """Nothing else is asked: have the model say the last answer once more, at another seed, and compare the two.

    Any other request ends it at once. Answered by `Resampled`.
    """

    id: int
    of: int
    """Id of the `Ask` whose answer is meant."""


class UseAdapter(Frozen, tag="use_adapter"):
    """Answer with this adapter from now on. Answered by `AdapterInUse`, or by `Failed` (code `adapter`): as before."""

    id: int
    path: str = ""
    """ "": with none."""
    sha256: str = ""
    """Of the file, as it was judged; "" is not compared."""
    scale: float = 1.0


class Cancel(Frozen, tag="cancel"):
    """Stop request `target`; its final event still comes."""

    target: int


class Shutdown(Frozen, tag="shutdown"):
    pass


Request = Load | Ask | Warm | Measure | Screen | Embed | Vet | Resample | UseAdapter | Cancel | Shutdown


# --- events ---------------------------------------------------------------------------------------------------------


class Hello(Frozen, tag="hello"):
    """The process is up; nothing is loaded yet."""

    version: int
    pid: int


class Loading(Frozen, tag="loading"):
    """Progress of `Load`. `stage`: classifier | model | embedder | warming."""

    stage: str
    fraction: float


class ModelInfo(Frozen):
    path: str
    name: str
    architecture: str
    n_ctx: int
    n_ctx_train: int
    parameters: int
    size: int
    """Bytes of the file."""
    sha256: str = ""
    scope: str = ""
    """"" for a general model, else the small world it was made for (`primary-maths`), read from `tutor.scope`."""
    device: str = "CPU"
    gpu_note: str = ""
    """Why the GPU is not used, when one was wanted."""
    adapter: str = ""
    """Name of the adapter in use: the first half of its file's SHA-256."""
    adapter_note: str = ""
    """Why the adapter is not used, when one was wanted."""


class Ready(Frozen, tag="ready"):
    """Everything asked for by `Load` is loaded. `model` is None when the classifier alone was asked for."""

    model: ModelInfo | None
    safety: str


class LoadFailed(Frozen, tag="load_failed"):
    """A `UserError` as data. The process stays up and takes another `Load`."""

    code: str
    message: str
    path: str = ""


class Stage(Frozen, tag="stage"):
    """What the engine is doing for request `id`: reading | thinking | checking | regenerating."""

    id: int
    stage: str


class Sentence(Frozen, tag="sentence"):
    """The next approved sentence. `space` is the white space that stood before it (may hold line breaks)."""

    id: int
    index: int
    space: str
    check: SentenceCheck


class Replied(Frozen, tag="replied"):
    """The end of `Ask`, also after `Cancel`."""

    id: int
    reply: Reply


class Warmed(Frozen, tag="warmed"):
    id: int
    tokens: int
    reused: int
    from_disk: bool
    ms: float


class Measured(Frozen, tag="measured"):
    id: int
    tokens: int
    limit: int
    """The most tokens that a message may have with these guidelines."""


class Embedded(Frozen, tag="embedded"):
    id: int
    vectors: tuple[bytes, ...]
    """One a text: 384 numbers of 32 bits, least byte first; of length 1, so that products are cosines."""


class Vetted(Frozen, tag="vetted"):
    """The words without personal data, and what the checks found. Fit for use when no finding stops it."""

    id: int
    question: str
    answer: str
    wrong: str = ""
    phrasings: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def passed(self) -> bool:
        return not any(finding.stops for finding in self.findings)


class Resampled(Frozen, tag="resampled"):
    """How far the two answers are apart. The second one's words are not told."""

    id: int
    score: float = 0.0
    """0 to 1; 0 also when there was nothing to compare: people worded the answer, or it took too long."""
    why: str = ""
    """numbers | answer (yes and no) | names | meaning; "" when they agree."""
    cut: bool = False
    """Something else was asked meanwhile."""


class AdapterInUse(Frozen, tag="adapter_in_use"):
    id: int
    adapter: str
    """As in `Reply.adapter`; "" for none."""


class Screened(Frozen, tag="screened"):
    id: int
    verdicts: tuple[Verdict, ...]


class Failed(Frozen, tag="failed"):
    """Request `id` could not be answered; a `UserError` as data. Codes: too_long | not_loaded | engine | ..."""

    id: int
    code: str
    message: str


Event = (
    Hello
    | Loading
    | Ready
    | LoadFailed
    | Stage
    | Sentence
    | Replied
    | Warmed
    | Measured
    | Screened
    | Embedded
    | Vetted
    | Resampled
    | AdapterInUse
    | Failed
)

_encoder = msgspec.json.Encoder()
_requests: msgspec.json.Decoder[Request] = msgspec.json.Decoder(Request)
_events: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


def encode(message: Request | Event) -> bytes:
    """One line, newline included. JSON escapes every control character, so a line is a message."""
    return _encoder.encode(message) + b"\n"


def decode_request(line: bytes) -> Request:
    """Raises `msgspec.DecodeError` when the line is not a request."""
    return _requests.decode(line)


def decode_event(line: bytes) -> Event:
    """Raises `msgspec.DecodeError` when the line is not an event."""
    return _events.decode(line)
