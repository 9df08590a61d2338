"""One learner's chat: the same rules for the window and the terminal.

A `Session` owns what is open, asks the engine, and stores every word before it is shown. It tells listeners what
happens as the structs of `tutor.session_events`. All methods may be called from any thread and return soon; none of
them raises what a person can act on: that becomes a `Problem`.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from tutor import session_turns as turns
from tutor.domain import (
    AgeBand,
    Conversation,
    Flag,
    Learner,
    Message,
    Outcome,
    Reply,
    Role,
    SentenceCheck,
    TutoringState,
)
from tutor.engine import protocol
from tutor.errors import UserError
from tutor.i18n import tr, trn
from tutor.session_events import (
    Added,
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
from tutor.session_outbox import Outbox
from tutor.tutoring.guidelines import DEFAULT

if TYPE_CHECKING:
    from tutor.store import SearchHit, Store


class Engine(Protocol):
    """What a session needs of the engine's client."""

    def next_id(self) -> int: ...

    def send(self, request: protocol.Request, /) -> None: ...

    def cancel(self, target: int, /) -> None: ...


class _Turn(msgspec.Struct):
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


class Session:
    """The chat of one learner, or of a guest (`learner` None, with a store in memory).

    `overrides` win over stored settings (`tutor ask --model`, tests). Whoever wires the session hands it the engine's
    events by `handle` and the engine's condition by `engine_changed`.
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
        self.is_guest = learner is None
        self.learner = learner or store.add_learner(tr("Guest"), "", AgeBand.A8_10, "en-GB")
        self._store = store
        self._engine = engine
        self._overrides = dict(overrides or {})
        self._guidelines = guidelines or DEFAULT
        self._lock = threading.RLock()
        self._outbox: Outbox[SessionEvent] = Outbox()
        self._conversation: Conversation | None = None
        self._turn: _Turn | None = None
        self._warm: int | None = None
        self._deleted: list[int] = []
        self._engine_state = EngineState(state="loading")

    # --- looking --------------------------------------------------------------------------------------------------

    def listen(self, callback: Callable[[SessionEvent], None]) -> Callable[[], None]:
        """Call `callback` with every event from now on, in order. Returns the function that ends it.

        The callback runs on the thread that caused the event, never on two at once; it may call the session.
        """
        return self._outbox.listen(callback)

    @property
    def engine_state(self) -> EngineState:
        """The last `EngineState`, for viewers that come later."""
        return self._engine_state

    @property
    def conversation(self) -> Conversation | None:
        """The conversation shown; None for a new one without a message."""
        return self._conversation

    @property
    def answering(self) -> int | None:
        """The message that is being written, in whatever conversation."""
        turn = self._turn
        return turn.answer.id if turn else None

    def conversations(self) -> tuple[Conversation, ...]:
        """All conversations of the learner, newest first."""
        with self._told():
            return self._store.conversations(self.learner.id)
        return ()

    def messages(self) -> tuple[Message, ...]:
        """The branch shown, oldest first."""
        with self._told():
            if self._conversation is not None:
                return self._store.path(self._conversation.id)
        return ()

    def search(self, query: str) -> "tuple[SearchHit, ...]":
        """Conversations and messages that contain all words of `query`, best first."""
        with self._told():
            return self._store.search(self.learner.id, query)
        return ()

    def versions(self, message_id: int) -> tuple[Message, ...]:
        """The message and its siblings (edited questions, other answers), oldest first."""
        with self._told():
            return self._store.versions(message_id)
        return ()

    # --- conversations --------------------------------------------------------------------------------------------

    def new(self) -> None:
        """Show an empty conversation. It is stored with its first question."""
        with self._told():
            self._conversation = None
            self._tell(Opened(conversation=None))
            self._warm_up(())

    def open(self, conversation_id: int) -> None:
        """Show a conversation of this learner, and have its prompt prepared."""
        with self._told():
            conversation = self._own(conversation_id)
            path = self._show(conversation)
            if path and path[-1].status == "failed":
                self._tell(
                    Noted(
                        text=tr(
                            "The last answer was interrupted. What had been checked is kept. "
                            "Choose “Regenerate” to have the question answered again."
                        )
                    )
                )
            self._warm_up(path)

    def rename(self, conversation_id: int, title: str) -> None:
        """Give a conversation another title; an empty one is ignored."""
        with self._told():
            self._own(conversation_id)
            wanted = turns.title_from(turns.clean(title))
            if wanted:
                self._store.rename_conversation(conversation_id, wanted)
                self._refresh(conversation_id)
                self._list()

    def delete(self, conversation_id: int) -> None:
        """Take a conversation away; `undo_delete` brings it back."""
        with self._told():
            self._own(conversation_id)
            if self._turn and self._turn.answer.conversation_id == conversation_id:
                self._stop()
            self._store.delete_conversation(conversation_id)
            self._deleted.append(conversation_id)
            if self._conversation and self._conversation.id == conversation_id:
                self._conversation = None
                self._tell(Opened(conversation=None))
            self._list()

    def undo_delete(self) -> Conversation | None:
        """Bring back the conversation deleted last, and show it. None when there is none."""
        restored: Conversation | None = None
        with self._told():
            if self._deleted:
                restored = self._store.restore_conversation(self._deleted[-1])
                self._deleted.pop()
                self._list()
                self._show(restored)
        return restored

    # --- asking ---------------------------------------------------------------------------------------------------

    def ask(self, text: str) -> Message | None:
        """Store the learner's message and have it answered. None when it was refused (a `Problem` says why)."""
        words = turns.clean(text)
        with self._told(kept=text):
            if words and self._may_ask(words):
                head = self._conversation.head_id if self._conversation else None
                return self._begin(head, words)
        return None

    def edit(self, message_id: int, text: str) -> Message | None:
        """Ask another question in the place of `message_id`; the old branch is kept as a version."""
        words = turns.clean(text)
        with self._told(kept=text):
            old = self._store.message(message_id)
            self._own(old.conversation_id)
            if words and old.role is Role.LEARNER and self._may_ask(words):
                self._conversation = self._store.conversation(old.conversation_id)
                before = self._store.path_to(old.parent_id) if old.parent_id else ()
                self._tell(Opened(conversation=self._conversation, messages=before))
                return self._begin(old.parent_id, words)
        return None

    def regenerate(self, message_id: int) -> Message | None:
        """Have the question of an answer answered again; the older answers are kept as versions."""
        with self._told():
            message = self._store.message(message_id)
            self._own(message.conversation_id)
            question = message if message.role is Role.LEARNER else self._store.message(message.parent_id or 0)
            if not self._may_ask(""):
                return None
            path = self._store.path_to(question.id)
            answers = self._store.children(question.id)
            answer = self._store.begin_answer(question.id)
            self._conversation = self._store.conversation(question.conversation_id)
            self._tell(Opened(conversation=self._conversation, messages=path))
            self._tell(Added(message=answer))
            self._list()
            self._send(question, answer, path[:-1], fresh=False, retry=len(answers))
            return answer
        return None

    def stop(self) -> None:
        """End the answer under way; what has been shown stays."""
        with self._told():
            self._stop()

    def show_version(self, message_id: int) -> None:
        """Show the branch through this version, down to its newest end."""
        with self._told():
            message = self._store.message(message_id)
            self._own(message.conversation_id)
            self._store.set_head(message.conversation_id, self._store.newest_end(message_id))
            self._warm_up(self._show(self._store.conversation(message.conversation_id)))

    def rate(self, message_id: int, rating: int) -> None:
        """Thumbs up (1), down (-1), or neither (0)."""
        with self._told():
            self._own(self._store.message(message_id).conversation_id)
            self._store.rate(message_id, rating)

    def flag(self, message_id: int, category: str, what: str = "", better: str = "") -> Flag | None:
        """Report an answer. `what` is wrong and what would be `better`, in the learner's words."""
        with self._told():
            self._own(self._store.message(message_id).conversation_id)
            return self._store.flag(message_id, category, turns.clean(what), turns.clean(better))
        return None

    # --- what the engine says -------------------------------------------------------------------------------------

    def handle(self, event: protocol.Event) -> None:
        """An event of the engine; those of other requests are ignored."""
        with self._told():
            turn = self._turn
            if isinstance(event, protocol.Warmed) and event.id == self._warm:
                self._warm = None
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
            if state.state == "ready" and was.state != "ready" and self._turn is None:
                self._warm_up(self._store.path(self._conversation.id) if self._conversation else ())

    # --- inside ---------------------------------------------------------------------------------------------------

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

    def _own(self, conversation_id: int) -> Conversation:
        """The conversation, if it is this learner's and not deleted."""
        conversation = self._store.conversation(conversation_id)
        if conversation.learner_id != self.learner.id or conversation.deleted_at is not None:
            raise UserError(tr("This conversation is not there any more. Choose another one."), code="not_found")
        return conversation

    def _refresh(self, conversation_id: int) -> None:
        if self._conversation and self._conversation.id == conversation_id:
            self._conversation = self._store.conversation(conversation_id)

    def _show(self, conversation: Conversation) -> tuple[Message, ...]:
        self._conversation = conversation
        path = self._store.path(conversation.id)
        self._tell(Opened(conversation=conversation, messages=path))
        return path

    def _may_ask(self, words: str) -> bool:
        """Whether a question may be asked now; otherwise says why not, with the words back."""
        problem: tuple[str, str] | None = None
        contact = None if self.is_guest else self._store.contact()
        if not self.is_guest and (contact is None or not contact.confirmed_at):
            problem = (
                "no_contact",
                tr("Before anyone can chat, a grown-up names the safeguarding contact and confirms it in the set-up."),
            )
        elif self._turn is not None:
            problem = ("busy", tr("The tutor is still answering. Wait for it, or press Stop. Your words are kept."))
        elif len(words) > turns.MAX_CHARACTERS:
            problem = (
                "too_long",
                tr(
                    "This message has {n} characters; the most is {limit}. Nothing was sent and your words are kept. "
                    "Send the part that your question is about.",
                    n=f"{len(words):,}",
                    limit=f"{turns.MAX_CHARACTERS:,}",
                ),
            )
        elif self._engine_state.state == "failed":
            problem = ("engine_failed", self._engine_state.text)
        if problem:
            self._tell(Problem(code=problem[0], text=problem[1], kept_text=words))
        return problem is None

    def _begin(self, parent_id: int | None, words: str) -> Message:
        before = self._store.path_to(parent_id) if parent_id else ()
        if self._conversation is None:
            title = turns.title_from(words) or tr("Conversation")
            self._conversation, question, answer = self._store.begin_conversation(self.learner.id, title, words)
        else:
            question, answer = self._store.begin_turn(self._conversation.id, parent_id, words)
        self._refresh(question.conversation_id)
        self._tell(Added(message=question))
        self._tell(Added(message=answer))
        self._list()
        self._send(question, answer, before, fresh=True)
        return question

    def _send(
        self, question: Message, answer: Message, before: tuple[Message, ...], *, fresh: bool, retry: int = 0
    ) -> None:
        values = {**self._store.settings(self.learner.id), **self._overrides}
        if self._warm is not None:
            self._engine.cancel(self._warm)
            self._warm = None
        turn = _Turn(
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
        self._engine.send(
            protocol.Ask(
                id=turn.request,
                text=question.text,
                conversation=self._key(question.conversation_id),
                guidelines=self._guidelines,
                history=turns.history(before),
                state=turn.before,
                policy=turns.policy(values),
                generation=turns.generation(values),
                age_band=self.learner.age_band,
                language=self.learner.language,
                country=values["country"],
                retry=retry,
            )
        )

    def _key(self, conversation_id: int) -> str:
        return "" if self.is_guest else f"conversation-{conversation_id}"

    def _warm_up(self, path: tuple[Message, ...]) -> None:
        """Have the prompt of what is shown evaluated, unless an answer is under way."""
        if self._turn is not None or self._engine_state.state != "ready":
            return
        if self._warm is not None:
            self._engine.cancel(self._warm)
        self._warm = self._engine.next_id()
        key = self._key(self._conversation.id) if self._conversation else ""
        self._engine.send(
            protocol.Warm(id=self._warm, conversation=key, guidelines=self._guidelines, history=turns.history(path))
        )

    def _stop(self) -> None:
        if self._turn is not None and not self._turn.ending:
            self._turn.ending = True
            self._tell(StageChanged(message_id=self._turn.answer.id, stage="stopping"))
            self._engine.cancel(self._turn.request)

    def _sentence(self, turn: _Turn, event: protocol.Sentence) -> None:
        """Store first, then show. What cannot be stored is not shown, and the answer ends."""
        if turn.ending:
            return
        turn.shown.append((event.space, event.check))
        try:
            self._store.keep_partial(turn.answer.id, turns.partial(turn.shown, turn.before))
        except UserError:
            turn.shown.pop()
            self._stop()
            raise
        self._tell(Shown(message_id=turn.answer.id, index=event.index, space=event.space, check=event.check))

    def _replied(self, turn: _Turn, reply: Reply) -> None:
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

    def _fail(self, turn: _Turn, code: str, message: str) -> None:
        """The engine could not finish: keep what has been shown, and say so."""
        self._finish(turn, turns.partial(turn.shown, turn.before), "failed")
        self._tell(Problem(code=code, text=message))

    def _take_back(self, turn: _Turn, message: str) -> None:
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

    def _finish(self, turn: _Turn, reply: Reply, status: str) -> None:
        """Store the end of the answer. Where even that fails, what was kept so far is the answer (see `_told`)."""
        self._turn = None
        kept = turns.partial(turn.shown, turn.before)
        finished = msgspec.structs.replace(turn.answer, text=kept.text, reply=kept, status="failed")
        try:
            finished = self._store.finish_message(turn.answer.id, reply, status)
        finally:
            self._tell(Finished(message=finished))
        self._refresh(turn.answer.conversation_id)
