"""What a session tells whoever shows it: frozen structs, the same for the window and the terminal.

They arrive on whatever thread caused them (often the engine's reader thread), in order, one at a time.
"""

from tutor.domain import Asked, Conversation, Correction, Escalated, Frozen, Message, SentenceCheck
from tutor.engine.protocol import ModelInfo


class Opened(Frozen):
    """Show this conversation and these messages, instead of what was shown before.

    Sent when a conversation is opened or begun, when another version is chosen, and when a message was taken back.
    """

    conversation: Conversation | None
    """None: a new conversation without a message yet; it is stored with its first question."""
    messages: tuple[Message, ...] = ()
    """The branch shown, oldest first."""


class Listed(Frozen):
    """The learner's conversations changed (new, renamed, deleted, restored, or moved to the top)."""

    conversations: tuple[Conversation, ...]
    """Newest first."""


class Added(Frozen):
    """A message was stored at the end of the branch shown: the learner's, or the tutor's with status `writing`."""

    message: Message


class StageChanged(Frozen):
    """What happens with the answer `message_id`: waiting | reading | thinking | checking | regenerating | stopping."""

    message_id: int
    stage: str


class Shown(Frozen):
    """The next checked sentence of an answer, already stored. `space` stood before it."""

    message_id: int
    index: int
    space: str
    check: SentenceCheck


class Finished(Frozen):
    """An answer ended (done, stopped or failed), as it is stored now."""

    message: Message


class Problem(Frozen):
    """Something did not work: what happened, what was kept, what to do.

    Codes: no_contact | busy | too_long | engine_died | engine_failed | engine_gone | disk_full | read_only | ...
    """

    code: str
    text: str
    kept_text: str = ""
    """The learner's words, to be put back into the box, when they were not stored."""


class EngineState(Frozen):
    """Where the engine stands."""

    state: str
    """loading | ready | restarting | failed"""
    stage: str = ""
    """While loading: classifier | model | embedder | warming."""
    fraction: float = 0.0
    text: str = ""
    """For people: what is happening, or what happened and what to do."""
    model: ModelInfo | None = None
    device: str = ""


class Noted(Frozen):
    """A quiet line for the learner, such as "The start of this conversation no longer fits"."""

    text: str


class Corrected(Frozen):
    """What a learner said would be right was checked: it is in use from now on, or kept for a grown-up.

    Whether it is used is its `status`; `findings` say why not.
    """

    message_id: int
    """The answer that was flagged."""
    correction: Correction


class AskedAbout(Frozen):
    """A quiet question may stand under an answer: was it right? (`Session.say_of` takes what is said.)"""

    message_id: int
    asked: Asked
    text: str
    """The question, with the reason why this answer was chosen."""


class MayPut(Frozen):
    """Under this answer stands an offer to put its question to a person (`Session.put_to_teacher` takes it up)."""

    message_id: int
    reason: str
    """tries | unsure | outside | asked | words"""
    text: str


class Put(Frozen):
    """A question put to the teacher, as it stands: with its answer, or waiting, under `escalated.message_id`."""

    escalated: Escalated


class TeacherAnswered(Frozen):
    """In which conversations an answer of the teacher's is new; none: all are read."""

    conversations: tuple[int, ...]


class SurveyOffered(Frozen):
    """Two questions may be asked now, once; they can be left alone (`Session.answer_survey` takes what is said)."""


SessionEvent = (
    Opened
    | Listed
    | Added
    | StageChanged
    | Shown
    | Finished
    | Problem
    | EngineState
    | Noted
    | Corrected
    | AskedAbout
    | MayPut
    | Put
    | TeacherAnswered
    | SurveyOffered
)
