"""A typed session in memory for the chat's tests: a tree of messages, and an engine that says what the test says."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime

import msgspec

from tutor.classroom.offered import Offered
from tutor.domain import (
    Action,
    AgeBand,
    Conversation,
    Escalated,
    Flag,
    Learner,
    Lesson,
    MathsCheck,
    MathsStatus,
    Message,
    Outcome,
    Reply,
    Role,
    SentenceCheck,
    Verdict,
)
from tutor.session_events import (
    Added,
    EngineState,
    Finished,
    Listed,
    Opened,
    Problem,
    Put,
    SessionEvent,
    Shown,
    TeacherAnswered,
)
from tutor.store.search import SearchHit

SAFE = Verdict(action=Action.ALLOW)


def sentence(text: str, *, sums: tuple[str, ...] = (), done: str = "shown") -> SentenceCheck:
    """A checked sentence; with `sums` its maths was found right."""
    maths = MathsCheck(status=MathsStatus.RIGHT, statements=sums) if sums else MathsCheck()
    return SentenceCheck(text=text, verdict=SAFE, maths=maths, done=done)


class FakeSession:
    """What the bridge uses of a session, over lists. Nothing answers by itself: call `say` and `finish`."""

    def __init__(self, name: str = "Amira") -> None:
        self.learner = Learner(id=1, name=name, picture="fox", age_band=AgeBand.A8_10, language="en-GB")
        self.engine_state = EngineState(state="ready")
        self.conversation: Conversation | None = None
        self.answering: int | None = None
        self.tree: dict[int, Message] = {}
        self.chats: dict[int, Conversation] = {}
        self.deleted: list[Conversation] = []
        self.flagged: list[Flag] = []
        self.said: list[tuple[int, str]] = []
        self.asked: list[str] = []
        self.refuse = ""
        self.has_teacher, self.at_school = True, True
        self.put: list[Escalated] = []
        self.declined: list[int] = []
        self.unread: tuple[int, ...] = ()
        self.surveys: list[tuple[int, int]] = []
        self.lesson: Lesson | None = None
        self.written: dict[int, Lesson] = {}
        """Lessons by version, for those that are offered."""
        self.offers: tuple[Offered, ...] = ()
        self.off = ""
        self._listeners: list[Callable[[SessionEvent], None]] = []

    # --- what a test does ---------------------------------------------------------------------------------------------

    def tell(self, event: SessionEvent) -> None:
        for listener in self._listeners:
            listener(event)

    def say(self, *checks: SentenceCheck) -> None:
        """The next sentences of the answer under way."""
        assert self.answering is not None
        for check in checks:
            old = self.tree[self.answering]
            before = old.reply.sentences if old.reply else ()
            space = " " if before else ""
            reply = Reply(text=old.text + space + check.text, outcome=Outcome.FAILED, sentences=(*before, check))
            self.tree[old.id] = msgspec.structs.replace(old, text=reply.text, reply=reply)
            self.tell(Shown(message_id=old.id, index=len(before), space=space, check=check))

    def finish(self, status: str = "done") -> None:
        assert self.answering is not None
        finished = msgspec.structs.replace(self.tree[self.answering], status=status)
        self.tree[finished.id] = finished
        self.answering = None
        self.tell(Finished(message=finished))

    def answer(self, text: str, *checks: SentenceCheck) -> None:
        """A whole answer."""
        self.say(*(checks or (sentence(text),)))
        self.finish()

    def fill(self, turns: int, *, question: str = "What is 3 + 4?", answer: str = "It is $7$.") -> Conversation:
        """A stored conversation of `turns` questions and answers."""
        conversation = self._conversation(question)
        parent: int | None = None
        for number in range(turns):
            asked = self._message(conversation.id, parent, Role.LEARNER, f"{question} ({number + 1})")
            check = sentence(answer, sums=("3 + 4 = 7",))
            reply = Reply(text=answer, outcome=Outcome.DONE, sentences=(check,))
            said = self._message(conversation.id, asked.id, Role.TUTOR, answer, reply=reply)
            parent = said.id
        return self._head(conversation.id, parent)

    # --- what the bridge uses -----------------------------------------------------------------------------------------

    def listen(self, callback: Callable[[SessionEvent], None]) -> Callable[[], None]:
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback)

    def conversations(self) -> tuple[Conversation, ...]:
        return tuple(sorted(self.chats.values(), key=lambda c: (c.updated_at, c.id), reverse=True))

    def search(self, query: str) -> tuple[SearchHit, ...]:
        hits: list[SearchHit] = []
        for message in self.tree.values():
            at = message.text.lower().find(query.lower())
            if at >= 0 and message.conversation_id in self.chats:
                chat = self.chats[message.conversation_id]
                mark = (at, at + len(query))
                hits.append(SearchHit(conversation=chat, message_id=message.id, snippet=message.text, marks=(mark,)))
        return tuple(hits)

    def messages(self) -> tuple[Message, ...]:
        return self._path(self.conversation.head_id) if self.conversation else ()

    def versions(self, message_id: int) -> tuple[Message, ...]:
        mine = self.tree[message_id]
        return tuple(
            m for m in self.tree.values() if (m.conversation_id, m.parent_id) == (mine.conversation_id, mine.parent_id)
        )

    def offered(self) -> tuple[Offered, ...]:
        return self.offers

    def lesson_titles(self, version_ids: Collection[int]) -> dict[int, str]:
        return {offer.version_id: offer.title for offer in self.offers if offer.version_id in version_ids}

    def new(self, lesson_version_id: int | None = None) -> None:
        self.lesson = self.written.get(lesson_version_id or 0)
        self.conversation = None
        self.tell(Opened(conversation=None))

    def open(self, conversation_id: int, at: int | None = None) -> None:
        self.conversation = self.chats[conversation_id]
        if at is not None and at not in {message.id for message in self.messages()}:
            self.conversation = self._head(conversation_id, at)
        self.tell(Opened(conversation=self.conversation, messages=self.messages()))

    def rename(self, conversation_id: int, title: str) -> None:
        self.chats[conversation_id] = msgspec.structs.replace(self.chats[conversation_id], title=title)
        if self.conversation and self.conversation.id == conversation_id:
            self.conversation = self.chats[conversation_id]
        self._list()

    def delete(self, conversation_id: int) -> None:
        self.deleted.append(self.chats.pop(conversation_id))
        if self.conversation and self.conversation.id == conversation_id:
            self.conversation = None
            self.tell(Opened(conversation=None))
        self._list()

    def undo_delete(self) -> Conversation | None:
        restored = self.deleted.pop()
        self.chats[restored.id] = restored
        self._list()
        self.open(restored.id)
        return restored

    def ask(self, text: str) -> Message | None:
        if self.refuse:
            self.tell(Problem(code="too_long", text=self.refuse, kept_text=text))
            return None
        self.asked.append(text)
        head = self.conversation.head_id if self.conversation else None
        if self.conversation is None:
            self.conversation = self._conversation(text)
        return self._begin(head, text)

    def edit(self, message_id: int, text: str) -> Message | None:
        old = self.tree[message_id]
        self.tell(Opened(conversation=self.conversation, messages=self._path(old.parent_id)))
        return self._begin(old.parent_id, text)

    def regenerate(self, message_id: int) -> Message | None:
        question = self.tree[self.tree[message_id].parent_id or 0]
        self.tell(Opened(conversation=self.conversation, messages=self._path(question.id)))
        return self._answer(question)

    def stop(self) -> None:
        self.finish("stopped")

    def show_version(self, message_id: int) -> None:
        end = message_id
        while children := [m.id for m in self.tree.values() if m.parent_id == end]:
            end = max(children)
        self.conversation = self._head(self.tree[message_id].conversation_id, end)
        self.tell(Opened(conversation=self.conversation, messages=self.messages()))

    def rate(self, message_id: int, rating: int) -> None:
        self.tree[message_id] = msgspec.structs.replace(self.tree[message_id], rating=rating)

    def flag(self, message_id: int, category: str, what: str = "", better: str = "") -> Flag | None:
        made = Flag(id=len(self.flagged) + 1, message_id=message_id, category=category, what=what, better=better)
        self.flagged.append(made)
        return made

    def say_of(self, message_id: int, said: str) -> None:
        self.said.append((message_id, said))

    def put_to_teacher(self, message_id: int, note: str = "") -> Escalated | None:
        made = Escalated(id=len(self.put) + 1, message_id=message_id, learner_id=1, reason="asked", note=note)
        self.put.append(made)
        self.tell(Put(escalated=made))
        return made

    def not_to_teacher(self, message_id: int) -> None:
        self.declined.append(message_id)

    def unread_answers(self) -> tuple[int, ...]:
        return self.unread

    def read_answers(self) -> None:
        self.unread = ()
        self.tell(TeacherAnswered(conversations=()))

    def answer_survey(self, helped: int, again: int) -> None:
        self.surveys.append((helped, again))

    # --- inside -------------------------------------------------------------------------------------------------------

    def _list(self) -> None:
        self.tell(Listed(conversations=self.conversations()))

    def _conversation(self, title: str) -> Conversation:
        now = datetime.now(UTC).isoformat()
        made = Conversation(
            id=len(self.chats) + len(self.deleted) + 1, learner_id=1, title=title[:40], created_at=now, updated_at=now
        )
        self.chats[made.id] = made
        return made

    def _message(
        self,
        conversation: int,
        parent: int | None,
        role: Role,
        text: str,
        *,
        status: str = "done",
        reply: Reply | None = None,
    ) -> Message:
        made = Message(
            id=len(self.tree) + 1,
            conversation_id=conversation,
            parent_id=parent,
            role=role,
            text=text,
            created_at=datetime.now(UTC).isoformat(),
            status=status,
            reply=reply,
        )
        self.tree[made.id] = made
        return made

    def _head(self, conversation: int, head: int | None) -> Conversation:
        self.chats[conversation] = msgspec.structs.replace(self.chats[conversation], head_id=head)
        return self.chats[conversation]

    def _path(self, end: int | None) -> tuple[Message, ...]:
        path: list[Message] = []
        while end is not None:
            path.append(self.tree[end])
            end = self.tree[end].parent_id
        return tuple(reversed(path))

    def _begin(self, parent: int | None, text: str) -> Message:
        assert self.conversation is not None
        question = self._message(self.conversation.id, parent, Role.LEARNER, text)
        self.tell(Added(message=question))
        self._answer(question)
        self._list()
        return question

    def _answer(self, question: Message) -> Message:
        made = self._message(question.conversation_id, question.id, Role.TUTOR, "", status="writing")
        self.conversation = self._head(question.conversation_id, made.id)
        self.answering = made.id
        self.tell(Added(message=made))
        return made
