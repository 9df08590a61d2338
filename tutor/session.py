"""One learner's chat: the same rules for the window and the terminal.

A `Session` owns what is open, asks the engine, and stores every word before it is shown. It tells listeners what
happens as the structs of `tutor.session_events`. All methods may be called from any thread and return soon; none of
them raises what a person can act on: that becomes a `Problem`.
"""

import contextlib
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tutor import session_turns as turns
from tutor.classroom.escalations import Escalations
from tutor.classroom.offered import Offered, offered
from tutor.corrections.asking import Asking, in_words
from tutor.corrections.queue import Queue
from tutor.domain import Asked, Conversation, Correction, Flag, Learner, Lesson, Message, Reply, Role
from tutor.engine import protocol
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.moderation import crisis
from tutor.session_answers import Engine, Turn
from tutor.session_events import Added, AskedAbout, Corrected, Noted, Opened, Problem
from tutor.session_limits import Limits
from tutor.session_people import WithPeople

if TYPE_CHECKING:
    from tutor.store import SearchHit, Store


class Session(WithPeople):
    """The chat of one learner, or of a guest (`learner` None, with a store in memory)."""

    def __init__(
        self,
        store: "Store",
        engine: Engine,
        learner: Learner | None,
        overrides: Mapping[str, Any] | None = None,
        *,
        guidelines: str = "",
        queue: Queue | None = None,
        desk: Escalations | None = None,
    ) -> None:
        """`overrides` win over stored settings (`tutor ask --model`, tests); no `guidelines`: the tutor's own.

        `queue`: takes flags in, for all sessions of a store; by default one for this session.
        `desk`: the same for questions to the teacher.
        """
        super().__init__(store, engine, learner, overrides, guidelines=guidelines, desk=desk)
        self._queue = queue or Queue(store, engine)
        self._queue.listen(self._corrected)
        self._asking = Asking(store, engine, self.learner, self._ask_about)
        self._limits = None if self.is_guest else Limits(store, self.learner.id)
        self._deleted: list[int] = []

    # --- looking --------------------------------------------------------------------------------------------------

    @property
    def conversation(self) -> Conversation | None:
        """The conversation shown; None for a new one without a message."""
        return self._conversation

    @property
    def lesson(self) -> Lesson | None:
        """The lesson that what is shown follows, in the version that it began with; None for none."""
        with self._told():
            return self._following.of(self._conversation)[0]
        return None

    def offered(self) -> tuple[Offered, ...]:
        """Lessons that the learner may begin with, those set for them first. A guest has none."""
        with self._told():
            if not self.is_guest:
                return offered(self._store, self.learner, datetime.now(UTC), self._following.may_show)
        return ()

    def judge_words_with(self, may_show: Callable[[Lesson, str], bool]) -> None:
        """Who judges words of lessons that are shown as they stand."""
        self._following.may_show = may_show

    @property
    def off(self) -> str:
        """Non-empty: an assessment has the chat off now, and what the learner is told."""
        with contextlib.suppress(UserError), self._lock:  # asked again and again; asking a question says why
            return self._following.switched_off(self._conversation, "") or ""
        return ""

    def lesson_titles(self, version_ids: Collection[int]) -> dict[int, str]:
        """The titles of versions that conversations began with; those that cannot be read are left out."""
        found = {}
        for version_id in version_ids:
            with contextlib.suppress(UserError), self._lock:
                found[version_id] = self._store.lesson_version(version_id).lesson.title
        return found

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
        """The message and its siblings (edited questions, other answers), oldest first.

        None for a message that was taken back meanwhile: whoever asks has not heard of it yet.
        """
        with self._told():
            try:
                return self._store.versions(message_id)
            except UserError as error:
                if error.code != "not_found":
                    raise
        return ()

    # --- conversations --------------------------------------------------------------------------------------------

    def new(self, lesson_version_id: int | None = None, *, draft: Lesson | None = None) -> None:
        """Show an empty conversation. It is stored with its first question.

        It follows a published lesson and keeps that version, or, to try it out, a `draft` that is stored nowhere.
        """
        with self._told():
            self._following.begin(lesson_version_id, draft)
            self._leave()
            self._conversation = None
            self._tell(Opened(conversation=None))
            self._warm_up(())

    def open(self, conversation_id: int, at: int | None = None) -> None:
        """Show a conversation of this learner, and have its prompt prepared.

        `at`: a message that must be on the branch shown, such as one that a search found.
        """
        with self._told():
            conversation = self._own(conversation_id)
            self._following.begin(None, None)
            if at is not None and at not in {message.id for message in self._store.path(conversation_id)}:
                self._store.set_head(conversation_id, self._store.newest_end(at))
                conversation = self._store.conversation(conversation_id)
            path = self._show(conversation)
            if path and path[-1].status == "failed":
                self._tell(
                    Noted(
                        text=tr(
                            "The last answer was interrupted. What had been checked is kept. "
                            "Choose “Try again” to have the question answered again."
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
            if words and self._may_ask(words, self._conversation):
                head = self._conversation.head_id if self._conversation else None
                return self._begin(head, words)
        return None

    def edit(self, message_id: int, text: str) -> Message | None:
        """Ask another question in the place of `message_id`; the old branch is kept as a version."""
        words = turns.clean(text)
        with self._told(kept=text):
            old = self._store.message(message_id)
            conversation = self._own(old.conversation_id)
            if words and old.role is Role.LEARNER and self._may_ask(words, conversation):
                self._conversation = conversation
                before = self._store.path_to(old.parent_id) if old.parent_id else ()
                self._tell(Opened(conversation=self._conversation, messages=before))
                return self._begin(old.parent_id, words)
        return None

    def regenerate(self, message_id: int) -> Message | None:
        """Have the question of an answer answered again; the older answers are kept as versions."""
        with self._told():
            message = self._store.message(message_id)
            conversation = self._own(message.conversation_id)
            question = message if message.role is Role.LEARNER else self._store.message(message.parent_id or 0)
            if not self._may_ask("", conversation):
                return None
            path = self._store.path_to(question.id)
            # an answer that failed was no answer: the same one is wanted again, not another one
            retry = sum(answer.status in ("done", "stopped") for answer in self._store.children(question.id))
            answer = self._store.begin_answer(question.id)
            self._conversation = self._store.conversation(question.conversation_id)
            self._tell(Opened(conversation=self._conversation, messages=path))
            self._tell(Added(message=answer))
            self._list()
            self._send(question, answer, path[:-1], fresh=False, retry=retry)
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
            flag = self._store.flag(message_id, category, turns.clean(what), turns.clean(better))
            if not self.is_guest:
                self._queue.flagged(flag)
                self._heed(f"{turns.clean(what)}\n{turns.clean(better)}".strip(), message_id)
            return flag
        return None

    def say_of(self, message_id: int, said: str) -> None:
        """What the learner says of an answer that was asked about: right | not_right | not_now.

        After "not_right" a flag with what would be right may follow.
        """
        with self._told():
            self._own(self._store.message(message_id).conversation_id)
            self._store.keep_said(message_id, said)

    # --- what the engine says -------------------------------------------------------------------------------------

    def handle(self, event: protocol.Event) -> None:
        """An event of the engine; those of other requests are ignored."""
        with self._told():
            if self._queue.handle(event) or self._asking.handle(event):
                return
        super().handle(event)

    # --- inside --------------------------------------------------------------------------------------------

    def _ask_about(self, asked: Asked) -> None:
        self._tell(AskedAbout(message_id=asked.message_id, asked=asked, text=in_words(asked)))

    def _finish(self, turn: Turn, reply: Reply, status: str) -> None:
        super()._finish(turn, reply, status)
        self._asking.forget()
        if status == "done" and not self.is_guest and self._engine_state.state == "ready":
            path = self._store.path_to(turn.answer.id)
            if self._limits is not None and (note := self._limits.note()):
                self._tell(Noted(text=note))
            self._asking.consider(path, int(self._store.setting("asks_a_day")), turn.request)

    def _corrected(self, correction: Correction) -> None:
        """The checks have looked at a correction; told when it came from a flag of this learner."""
        with self._told():
            flag = self._store.flag_of(correction.flag_id) if correction.flag_id is not None else None
            if flag is not None and correction.learner_id == self.learner.id and correction.answer:
                self._tell(Corrected(message_id=flag.message_id, correction=correction))

    def _own(self, conversation_id: int) -> Conversation:
        """The conversation, if it is this learner's and not deleted."""
        conversation = self._store.conversation(conversation_id)
        if conversation.learner_id != self.learner.id or conversation.deleted_at is not None:
            raise UserError(tr("This conversation is not there any more. Choose another one."), code="not_found")
        return conversation

    def _may_ask(self, words: str, conversation: Conversation | None) -> bool:
        """Whether a question may be asked in a conversation now; otherwise says why not, with the words back."""
        problem: tuple[str, str] | None = None
        contact = None if self.is_guest else self._store.contact()
        if not self.is_guest and (contact is None or not contact.confirmed_at):
            problem = (
                "no_contact",
                tr("Before anyone can chat, a grown-up names the safeguarding contact and confirms it in the set-up."),
            )
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
        elif (off := self._following.switched_off(conversation, words)) is not None:
            problem = ("assessment", off)
        elif (over := self._over(words)) is not None:
            problem = over
        elif self._turn is not None:
            problem = ("busy", tr("The tutor is still answering. Wait for it, or press Stop. Your words are kept."))
        elif self._engine_state.state == "failed":
            problem = ("engine_failed", self._engine_state.text)
        if problem:
            self._tell(Problem(code=problem[0], text=problem[1], kept_text=words))
        return problem is None

    def _over(self, words: str) -> tuple[str, str] | None:
        """Why it is not the time to chat. A cry for help is heard at any time."""
        problem = self._limits.problem() if self._limits is not None else None
        return problem if problem is not None and crisis.signs(words) is None else None

    def _begin(self, parent_id: int | None, words: str) -> Message:
        before = self._store.path_to(parent_id) if parent_id else ()
        if self._conversation is None:
            title = turns.title_from(words) or tr("Conversation")
            self._conversation, question, answer = self._store.begin_conversation(
                self.learner.id, title, words, self._following.begins_with
            )
        else:
            question, answer = self._store.begin_turn(self._conversation.id, parent_id, words)
        self._refresh(question.conversation_id)
        self._tell(Added(message=question))
        self._tell(Added(message=answer))
        self._list()
        self._send(question, answer, before, fresh=True)
        return question
