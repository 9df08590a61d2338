"""The answer under way: sent to the engine, stored and shown sentence by sentence, ended."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from tutor import session_turns as turns
from tutor.classroom.finding import Finder
from tutor.domain import AgeBand, Conversation, Learner, Message, Outcome, Passage, Reply, SentenceCheck, TutoringState
from tutor.engine import protocol
from tutor.errors import UserError
from tutor.i18n import tr, trn
from tutor.session_events import (
    EngineState,
    Finished,
    Listed,
    Noted,
    Opened,
    Problem,
    SessionEvent,
    Shown,
    StageChanged,
)
from tutor.session_lesson import Following
from tutor.session_memory import Recaller
from tutor.session_outbox import Outbox
from tutor.tutoring.guidelines import DEFAULT

if TYPE_CHECKING:
    from tutor.store import Store


class Engine(Protocol):
    """What a session needs of the engine's client."""

    def next_id(self) -> int: ...

    def send(
        self, request: protocol.Ask | protocol.Warm | protocol.Embed | protocol.Vet | protocol.Resample, /
    ) -> None: ...

    def cancel(self, target: int, /) -> None: ...


class Turn(msgspec.Struct):
    """The answer under way."""

    request: int
    question: Message
    answer: Message
    before: TutoringState
    dropped_before: int
    fresh: bool
    """The question came with this turn, so it can be taken back."""
    shown: list[tuple[str, SentenceCheck]]
    ending: bool = False
    """Stopped by the learner, or because nothing more could be stored: later sentences are not shown."""

    def kept(self) -> Reply:
        """The record that stays if nothing more comes."""
        return turns.partial(self.shown, self.before, self.question.text)


class Answers:
    """What `Session` stands on: the lock, the events, what is shown, and the one answer under way.

    Whoever wires a session hands it the engine's events by `handle` and the engine's condition by `engine_changed`.
    """

    def __init__(
        self,
        store: "Store",
        engine: Engine,
        learner: Learner | None,
        overrides: Mapping[str, Any] | None = None,
        *,
        guidelines: str = "",
    ) -> None:
        """`learner` None: a guest, with a store in memory. `overrides` win over stored settings."""
        self.is_guest = learner is None
        self.learner = learner or store.add_learner(tr("Guest"), "", AgeBand.A8_10, "en-GB")
        self._store = store
        self._engine = engine
        self._overrides = dict(overrides or {})
        self._guidelines = guidelines or DEFAULT
        self._lock = threading.RLock()
        self._outbox: Outbox[SessionEvent] = Outbox()
        self._conversation: Conversation | None = None
        self._turn: Turn | None = None
        self._warm: int | None = None
        self._given_up: set[int] = set()
        """Requests that were stopped while no engine could be told."""
        self._engine_state = EngineState(state="loading")
        self._recaller = Recaller(store, engine, None if self.is_guest else self.learner.id)
        self._following = Following(store, None if self.is_guest else self.learner.id)

    def listen(self, callback: Callable[[SessionEvent], None]) -> Callable[[], None]:
        """Call `callback` with every event from now on, in order. Returns the function that ends it.

        The callback runs on the thread that caused the event, never on two at once; it may call the session.
        """
        return self._outbox.listen(callback)

    def find_passages_with(self, finder: Finder) -> None:
        """Look passages up with this finder, which all sessions of a store share; before anything is asked."""
        self._recaller.find_with(finder)

    def around(self, passage_id: int) -> tuple[Passage, ...]:
        """A passage that an answer cites, between its neighbours in the text; empty when the text is gone."""
        with self._told():
            return self._recaller.around(passage_id)
        return ()

    @property
    def engine_state(self) -> EngineState:
        """The last `EngineState`, for viewers that come later."""
        return self._engine_state

    @property
    def answering(self) -> int | None:
        """The message that is being written, in whatever conversation."""
        turn = self._turn
        return turn.answer.id if turn else None

    # --- what the engine says -------------------------------------------------------------------------------------

    def handle(self, event: protocol.Event) -> None:
        """An event of the engine; those of other requests are ignored."""
        with self._told():
            turn = self._turn
            if isinstance(event, protocol.Warmed) and event.id == self._warm:
                self._warm = None
            if self._recaller.handle(event):
                if self._turn is None:
                    self._recaller.fill()
                return
            if turn is None or getattr(event, "id", None) != turn.request:
                return
            match event:
                case protocol.Stage(stage=stage):
                    self._tell(StageChanged(message_id=turn.answer.id, stage=stage))
                case protocol.Sentence():
                    self._sentence(turn, event)
                case protocol.Replied(reply=reply):
                    self._replied(turn, reply)
                case protocol.Failed(code="too_long", message=message) if turn.fresh:
                    self._take_back(turn, message)
                case protocol.Failed(code=code, message=message):
                    self._fail(turn, code, message)

    def engine_changed(self, state: EngineState) -> None:
        """The engine is loading, ready, restarting or failed. A failed one ends the answer under way."""
        with self._told():
            was, self._engine_state = self._engine_state, state
            self._tell(state)
            if state.state == "failed" and self._turn is not None:
                self._fail(self._turn, "engine_failed", state.text)
            if state.state == "ready":
                self._recaller.renew()
                for request in self._given_up:
                    self._engine.cancel(request)
                self._given_up.clear()
            if state.state == "ready" and was.state != "ready" and self._turn is None:
                self._warm_up(self._store.path(self._conversation.id) if self._conversation else ())

    def engine_ended(self) -> None:
        """The engine was ended on purpose (other settings, closing): the answer under way ends as it stands."""
        with self._told():
            self._warm = None
            self._given_up.clear()
            self._recaller.ended()
            if self._turn is not None:
                self._finish(self._turn, self._turn.kept(), "failed")

    # --- for Session ----------------------------------------------------------------------------------------

    @contextmanager
    def _told(self, kept: str = "") -> Iterator[None]:
        """Hold the lock; turn a `UserError` into a `Problem`; deliver events once the lock is free."""
        try:
            with self._lock:
                try:
                    yield
                except UserError as error:
                    self._tell(Problem(code=error.code, text=str(error), kept_text=kept))
        finally:
            self._outbox.deliver()

    def _tell(self, event: SessionEvent) -> None:
        self._outbox.put(event)

    def _list(self) -> None:
        self._tell(Listed(conversations=self._store.conversations(self.learner.id)))

    def _refresh(self, conversation_id: int) -> None:
        if self._conversation and self._conversation.id == conversation_id:
            self._conversation = self._store.conversation(conversation_id)

    def _show(self, conversation: Conversation) -> tuple[Message, ...]:
        self._conversation = conversation
        path = self._store.path(conversation.id)
        self._tell(Opened(conversation=conversation, messages=path))
        return path

    def _send(
        self, question: Message, answer: Message, before: tuple[Message, ...], *, fresh: bool, retry: int = 0
    ) -> None:
        values = {**self._store.settings(self.learner.id), **self._overrides}
        lesson, lesson_version_id = self._following.asked(self._conversation)
        if self._warm is not None:
            self._engine.cancel(self._warm)
            self._warm = None
        turn = Turn(
            request=self._engine.next_id(),
            question=question,
            answer=answer,
            before=turns.state(before),
            dropped_before=turns.dropped(before),
            fresh=fresh,
            shown=[],
        )
        self._turn = turn
        if self._engine_state.state != "ready":
            self._tell(StageChanged(message_id=answer.id, stage="waiting"))
        self._recaller.send(
            protocol.Ask(
                id=turn.request,
                text=question.text,
                conversation=self._key(question.conversation_id),
                guidelines=self._following.text(self._conversation, self._guidelines),
                history=self._history(before),
                state=turn.before,
                policy=turns.policy(values),
                generation=turns.generation(values),
                age_band=self.learner.age_band,
                language=self.learner.language,
                country=values["country"],
                watched=not self.is_guest,
                retry=retry,
                lesson=lesson,
                lesson_version_id=lesson_version_id,
            )
        )

    def _warm_up(self, path: tuple[Message, ...]) -> None:
        """Have the prompt of what is shown evaluated, unless an answer is under way."""
        if self._turn is not None or self._engine_state.state != "ready":
            return
        if self._warm is not None:
            self._engine.cancel(self._warm)
        self._warm = self._engine.next_id()
        key = self._key(self._conversation.id) if self._conversation else ""
        guidelines = self._following.text(self._conversation, self._guidelines)
        self._engine.send(
            protocol.Warm(id=self._warm, conversation=key, guidelines=guidelines, history=self._history(path))
        )

    def _stop(self) -> None:
        """Have the engine stop; while it loads or restarts, end the answer here and tell the engine later."""
        turn = self._turn
        if turn is None or turn.ending:
            return
        turn.ending = True
        self._engine.cancel(turn.request)
        waits = self._recaller.waiting == turn.request
        if self._engine_state.state == "ready" and not waits:
            self._tell(StageChanged(message_id=turn.answer.id, stage="stopping"))
        else:
            if not waits:
                self._given_up.add(turn.request)
            kept = turn.kept()
            self._finish(turn, msgspec.structs.replace(kept, outcome=Outcome.STOPPED), "stopped")

    # --- inside --------------------------------------------------------------------------------------------

    def _key(self, conversation_id: int) -> str:
        return "" if self.is_guest else f"conversation-{conversation_id}"

    def _history(self, path: tuple[Message, ...]) -> tuple[protocol.Past, ...]:
        """What of a branch may be in a prompt; nothing of corrections that were withdrawn since."""
        used = turns.used(path)
        return turns.history(path, used - self._store.still_told(used) if used else used)

    def _sentence(self, turn: Turn, event: protocol.Sentence) -> None:
        """Store first, then show. What cannot be stored is not shown, and the answer ends."""
        if turn.ending:
            return
        turn.shown.append((event.space, event.check))
        try:
            self._store.keep_partial(turn.answer.id, turn.kept())
        except UserError:
            turn.shown.pop()
            self._stop()
            raise
        self._tell(Shown(message_id=turn.answer.id, index=event.index, space=event.space, check=event.check))

    def _replied(self, turn: Turn, reply: Reply) -> None:
        status = {Outcome.STOPPED: "stopped", Outcome.FAILED: "failed"}.get(reply.outcome, "done")
        self._finish(turn, reply, status)
        if reply.dropped_turns > turn.dropped_before:
            self._tell(
                Noted(
                    text=trn(
                        "This conversation is long: the tutor no longer sees its first question and answer.",
                        "This conversation is long: the tutor no longer sees its first {n} questions and answers.",
                        reply.dropped_turns,
                    )
                )
            )

    def _fail(self, turn: Turn, code: str, message: str) -> None:
        """The engine could not finish: keep what has been shown, and say so."""
        self._finish(turn, turn.kept(), "failed")
        self._tell(Problem(code=code, text=message))

    def _take_back(self, turn: Turn, message: str) -> None:
        """The engine counted too many tokens: as if never sent, with the words back in the box."""
        self._turn = None
        left = self._store.take_back(turn.question.id)
        if self._conversation and self._conversation.id == turn.question.conversation_id:
            if left is None:
                self._conversation = None
                self._tell(Opened(conversation=None))
            else:
                self._show(left)
        self._list()
        self._tell(Problem(code="too_long", text=message, kept_text=turn.question.text))

    def _finish(self, turn: Turn, reply: Reply, status: str) -> None:
        """Store the end of the answer. Where even that fails, what was kept so far is the answer (see `_told`)."""
        self._turn = None
        self._recaller.forget()
        kept = turn.kept()
        finished = msgspec.structs.replace(turn.answer, text=kept.text, reply=kept, status="failed")
        try:
            finished = self._store.finish_message(turn.answer.id, reply, status)
        finally:
            self._tell(Finished(message=finished))
        self._refresh(turn.answer.conversation_id)
        if self._engine_state.state == "ready":
            self._recaller.fill()
