"""Messages: a tree for each conversation, written sentence by sentence."""

import logging
from typing import Any, Final

import msgspec

from tutor.domain import Conversation, Message, Outcome, Reply, Role
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.store.alerts import Alerts
from tutor.store.conversations import Conversations
from tutor.store.owner import now, reads, writes
from tutor.store.teaching import TurnFacts

_log = logging.getLogger(__name__)
_replies: Final = msgspec.json.Decoder(Reply)
_SELECT: Final = (
    "SELECT message.*, coalesce(rating.rating, 0) AS rating FROM message "
    "LEFT JOIN rating ON rating.message_id = message.id "
)


class Messages(Conversations, Alerts, TurnFacts):
    """Tables `message` and `rating`."""

    @writes
    def begin_conversation(
        self, learner_id: int, title: str, text: str, lesson_version_id: int | None = None
    ) -> tuple[Conversation, Message, Message]:
        """A conversation with its first question, and the place for its answer (status `writing`).

        It keeps the version of the lesson that it begins with.
        """
        conversation_id = self._new_conversation(learner_id, title, lesson_version_id)
        question, answer = self._begin_turn(conversation_id, None, text)
        return self._conversation(conversation_id), question, answer

    @writes
    def begin_turn(self, conversation_id: int, parent_id: int | None, text: str) -> tuple[Message, Message]:
        """Store a learner's message under `parent_id` and the place for its answer, and show that branch."""
        return self._begin_turn(conversation_id, parent_id, text)

    @writes
    def begin_answer(self, question_id: int) -> Message:
        """The place for another answer to a question, and show that branch."""
        question = self._message(question_id)
        answer_id = self._add(question.conversation_id, question_id, Role.TUTOR, "", "writing")
        self._touch(question.conversation_id, answer_id)
        return self._message(answer_id)

    @writes
    def add_message(
        self,
        conversation_id: int,
        parent_id: int | None,
        role: Role,
        text: str,
        *,
        reply: Reply | None = None,
        status: str = "done",
    ) -> Message:
        """A message as it is, at the end of the branch shown (for imports, samples and tests)."""
        message_id = self._add(conversation_id, parent_id, role, text, status, reply)
        self._touch(conversation_id, message_id)
        return self._message(message_id)

    @writes
    def keep_partial(self, message_id: int, shown: Reply) -> None:
        """Store what has been shown of an answer so far; a crash loses nothing of it."""
        self._do(
            "UPDATE message SET text = ?, reply = ? WHERE id = ? AND status = 'writing'",
            shown.text,
            _json(shown),
            message_id,
        )

    @writes
    def finish_message(self, message_id: int, reply: Reply, status: str) -> Message:
        """Store the end of an answer with its record for the contact and, where there is cause, an alert."""
        self._finish(self._message(message_id), reply, status)
        return self._message(message_id)

    @writes
    def take_back(self, question_id: int) -> Conversation | None:
        """Remove a question that was not accepted, with the place for its answer.

        Returns the conversation as it was before, or None when this was all there was of it.
        """
        question = self._message(question_id)
        self._do("DELETE FROM message WHERE id = ?", question_id)
        newest = self._row(
            "SELECT max(id) AS id FROM message WHERE conversation_id = ? AND parent_id IS ?",
            question.conversation_id,
            question.parent_id,
        )
        end = (newest or {}).get("id") or question.parent_id
        if end is None:
            self._do("DELETE FROM conversation WHERE id = ?", question.conversation_id)
            return None
        head = self._newest_end(end)
        self._do("UPDATE conversation SET head_id = ? WHERE id = ?", head, question.conversation_id)
        return self._conversation(question.conversation_id)

    @reads
    def message(self, message_id: int) -> Message:
        """Raises `UserError` (`not_found`)."""
        return self._message(message_id)

    @reads
    def messages(self, conversation_id: int) -> tuple[Message, ...]:
        """All messages of all branches, in the order they were written."""
        rows = self._rows(_SELECT + "WHERE conversation_id = ? ORDER BY id", conversation_id)
        return tuple(as_message(row) for row in rows)

    @reads
    def path(self, conversation_id: int) -> tuple[Message, ...]:
        """The branch shown, oldest first."""
        head = self._conversation(conversation_id).head_id
        return self._path_to(head) if head is not None else ()

    @reads
    def path_to(self, message_id: int) -> tuple[Message, ...]:
        """The branch that ends with this message, oldest first."""
        return self._path_to(message_id)

    @reads
    def versions(self, message_id: int) -> tuple[Message, ...]:
        """The message and its siblings, oldest first."""
        message = self._message(message_id)
        rows = self._rows(
            _SELECT + "WHERE conversation_id = ? AND parent_id IS ? AND role = ? ORDER BY id",
            message.conversation_id,
            message.parent_id,
            message.role.value,
        )
        return tuple(as_message(row) for row in rows)

    @reads
    def children(self, message_id: int) -> tuple[Message, ...]:
        """What follows a message directly, oldest first."""
        return tuple(as_message(row) for row in self._rows(_SELECT + "WHERE parent_id = ? ORDER BY id", message_id))

    @reads
    def newest_end(self, message_id: int) -> int:
        """The end of the newest branch through this message."""
        return self._newest_end(message_id)

    @writes
    def rate(self, message_id: int, rating: int) -> None:
        """Thumbs up (1), down (-1), or neither (0)."""
        self._do("DELETE FROM rating WHERE message_id = ?", message_id)
        if rating:
            self._do(
                "INSERT INTO rating (message_id, rating, rated_at) VALUES (?, ?, ?)",
                message_id,
                1 if rating > 0 else -1,
                now(),
            )

    def _finish(self, answer: Message, reply: Reply, status: str) -> None:
        self._do(
            "UPDATE message SET text = ?, reply = ?, status = ? WHERE id = ?",
            reply.text,
            _json(reply),
            status,
            answer.id,
        )
        self._do("UPDATE conversation SET updated_at = ? WHERE id = ?", now(), answer.conversation_id)
        question = self._message(answer.parent_id) if answer.parent_id else None
        conversation = self._conversation(answer.conversation_id)
        self._record(conversation.learner_id, question, answer.id, reply)
        self._keep_fact(conversation.learner_id, conversation.lesson_version_id, question, answer.id, reply)

    def _end_interrupted(self) -> None:
        """Answers that a crash of the app cut off: failed, with what had been shown, and in the contact's record."""
        for row in self._rows(_SELECT + "WHERE status = 'writing'"):
            answer = as_message(row)
            shown = answer.reply or Reply(text=answer.text, outcome=Outcome.FAILED, in_history=False)
            self._finish(answer, shown, "failed")

    def _begin_turn(self, conversation_id: int, parent_id: int | None, text: str) -> tuple[Message, Message]:
        self._conversation(conversation_id)  # it may be past its time and gone
        question_id = self._add(conversation_id, parent_id, Role.LEARNER, text, "done")
        answer_id = self._add(conversation_id, question_id, Role.TUTOR, "", "writing")
        self._touch(conversation_id, answer_id)
        return self._message(question_id), self._message(answer_id)

    def _add(
        self,
        conversation_id: int,
        parent_id: int | None,
        role: Role,
        text: str,
        status: str,
        reply: Reply | None = None,
    ) -> int:
        cursor = self._do(
            "INSERT INTO message (conversation_id, parent_id, role, text, created_at, reply, status) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            conversation_id,
            parent_id,
            role.value,
            text,
            now(),
            _json(reply) if reply else None,
            status,
        )
        return cursor.lastrowid or 0

    def _touch(self, conversation_id: int, head_id: int) -> None:
        self._do("UPDATE conversation SET head_id = ?, updated_at = ? WHERE id = ?", head_id, now(), conversation_id)

    def _message(self, message_id: int) -> Message:
        row = self._row(_SELECT + "WHERE message.id = ?", message_id)
        if row is None:
            raise UserError(tr("This message is not there any more."), code="not_found")
        return as_message(row)

    def _path_to(self, message_id: int) -> tuple[Message, ...]:
        rows = self._rows(
            "WITH RECURSIVE up (up_id, up_parent, depth) AS ("
            " SELECT id, parent_id, 0 FROM message WHERE id = ?"
            " UNION ALL SELECT id, parent_id, depth + 1 FROM message JOIN up ON id = up_parent) "
            + _SELECT
            + "JOIN up ON up_id = message.id ORDER BY depth DESC",
            message_id,
        )
        return tuple(as_message(row) for row in rows)

    def _newest_end(self, message_id: int) -> int:
        while row := self._row("SELECT max(id) AS id FROM message WHERE parent_id = ?", message_id):
            if row["id"] is None:
                break
            message_id = row["id"]
        return message_id


def as_message(row: dict[str, Any]) -> Message:
    return Message(
        id=row["id"],
        conversation_id=row["conversation_id"],
        parent_id=row["parent_id"],
        role=Role(row["role"]),
        text=row["text"],
        created_at=row["created_at"],
        reply=_reply(row["reply"], row["id"]),
        status=row["status"],
        rating=row["rating"],
    )


def _reply(stored: str | None, message_id: int) -> Reply | None:
    """The words are in `text` too, so a record that cannot be read costs its details alone."""
    if stored is None:
        return None
    try:
        return _replies.decode(stored)
    except msgspec.DecodeError:
        _log.warning("the record of message %d cannot be read", message_id)
        return None


def _json(reply: Reply) -> str:
    return msgspec.json.encode(reply).decode()
