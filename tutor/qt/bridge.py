"""A session's events as Qt signals on the window's thread, and its methods for widgets to call.

Session events arrive on whatever thread caused them. `_arrived` is connected queued, so every public signal is
emitted on the thread that the bridge lives in, in the order in which the events were sent.
"""

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

from tutor.domain import Conversation, Escalated, Flag, Learner, Lesson, Message, Passage
from tutor.session_events import (
    Added,
    AskedAbout,
    Corrected,
    EngineState,
    Finished,
    Listed,
    MayPut,
    Noted,
    Opened,
    Problem,
    Put,
    SessionEvent,
    Shown,
    StageChanged,
    SurveyOffered,
    TeacherAnswered,
)

if TYPE_CHECKING:
    from tutor.classroom.offered import Offered
    from tutor.session import Session
    from tutor.store import SearchHit


class SessionBridge(QObject):
    """Wraps one learner's session for widgets. Each signal carries the event of that name."""

    opened = Signal(object)
    listed = Signal(object)
    added = Signal(object)
    stage = Signal(object)
    shown = Signal(object)
    finished = Signal(object)
    problem = Signal(object)
    engine = Signal(object)
    noted = Signal(object)
    corrected = Signal(object)
    asked_about = Signal(object)
    may_put = Signal(object)
    put = Signal(object)
    teacher_answered = Signal(object)
    survey_offered = Signal(object)
    _arrived = Signal(object)

    def __init__(self, session: "Session", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.engine_state = session.engine_state
        """The newest one, for widgets that are made later."""
        self._emit: dict[type, Callable[[object], None]] = {
            Opened: self.opened.emit,
            Listed: self.listed.emit,
            Added: self.added.emit,
            StageChanged: self.stage.emit,
            Shown: self.shown.emit,
            Finished: self.finished.emit,
            Problem: self.problem.emit,
            EngineState: self.engine.emit,
            Noted: self.noted.emit,
            Corrected: self.corrected.emit,
            AskedAbout: self.asked_about.emit,
            MayPut: self.may_put.emit,
            Put: self.put.emit,
            TeacherAnswered: self.teacher_answered.emit,
            SurveyOffered: self.survey_offered.emit,
        }
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._end_listening = session.listen(self.hear)

    def close(self) -> None:
        """Hear nothing more of the session; its answer under way goes on to its end."""
        self._end_listening()

    def hear(self, event: SessionEvent) -> None:
        """Called by the session on any thread."""
        self._arrived.emit(event)

    @Slot(object)
    def _deliver(self, event: SessionEvent) -> None:
        if isinstance(event, EngineState):
            self.engine_state = event
        self._emit[type(event)](event)

    # --- what widgets may ask of the session ---------------------------------------------------------------------

    @property
    def learner(self) -> Learner | None:
        return self.session.learner

    @property
    def conversation(self) -> Conversation | None:
        return self.session.conversation

    @property
    def answering(self) -> int | None:
        """The message that is being written, if any."""
        return self.session.answering

    def conversations(self) -> tuple[Conversation, ...]:
        return self.session.conversations()

    def search(self, text: str) -> "tuple[SearchHit, ...]":
        return self.session.search(text)

    def messages(self) -> tuple[Message, ...]:
        return self.session.messages()

    def versions(self, message_id: int) -> tuple[Message, ...]:
        return self.session.versions(message_id)

    @property
    def lesson(self) -> Lesson | None:
        """The lesson that what is shown follows."""
        return self.session.lesson

    @property
    def off(self) -> str:
        """Non-empty: an assessment has the chat off now, and what the learner is told."""
        return self.session.off

    def offered(self) -> "tuple[Offered, ...]":
        return self.session.offered()

    def lesson_titles(self, version_ids: Collection[int]) -> dict[int, str]:
        return self.session.lesson_titles(version_ids)

    def around(self, passage_id: int) -> tuple[Passage, ...]:
        return self.session.around(passage_id)

    def new(self, lesson_version_id: int | None = None) -> None:
        self.session.new(lesson_version_id)

    def open(self, conversation_id: int, at: int | None = None) -> None:
        self.session.open(conversation_id, at)

    def rename(self, conversation_id: int, title: str) -> None:
        self.session.rename(conversation_id, title)

    def delete(self, conversation_id: int) -> None:
        self.session.delete(conversation_id)

    def undo_delete(self) -> Conversation | None:
        return self.session.undo_delete()

    def show_version(self, message_id: int) -> None:
        self.session.show_version(message_id)

    def ask(self, text: str) -> Message | None:
        return self.session.ask(text)

    def stop(self) -> None:
        self.session.stop()

    def regenerate(self, message_id: int) -> Message | None:
        return self.session.regenerate(message_id)

    def edit(self, message_id: int, text: str) -> Message | None:
        return self.session.edit(message_id, text)

    def rate(self, message_id: int, rating: int) -> None:
        self.session.rate(message_id, rating)

    def flag(self, message_id: int, category: str, what: str = "", better: str = "") -> Flag | None:
        return self.session.flag(message_id, category, what, better)

    def say_of(self, message_id: int, said: str) -> None:
        self.session.say_of(message_id, said)

    @property
    def has_teacher(self) -> bool:
        return self.session.has_teacher

    @property
    def at_school(self) -> bool:
        return self.session.at_school

    def put_to_teacher(self, message_id: int, note: str = "") -> Escalated | None:
        return self.session.put_to_teacher(message_id, note)

    def not_to_teacher(self, message_id: int) -> None:
        self.session.not_to_teacher(message_id)

    def unread_answers(self) -> tuple[int, ...]:
        return self.session.unread_answers()

    def read_answers(self) -> None:
        self.session.read_answers()

    def answer_survey(self, helped: int, again: int) -> None:
        self.session.answer_survey(helped, again)
