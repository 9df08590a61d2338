"""Conversations: list, rename, delete with undo, the branch shown."""

from typing import Any, Final

from tutor.domain import Conversation
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.store.owner import Family, now, reads, writes

UNDO_DAYS: Final = 30
"""A deleted conversation can be brought back this long; then it is purged when the store opens."""


class Conversations(Family):
    """Table `conversation`."""

    @reads
    def conversations(self, learner_id: int) -> tuple[Conversation, ...]:
        """What the learner has not deleted, newest first."""
        rows = self._rows(
            "SELECT * FROM conversation WHERE learner_id = ? AND deleted_at IS NULL ORDER BY updated_at DESC, id DESC",
            learner_id,
        )
        return tuple(as_conversation(row) for row in rows)

    @reads
    def conversation(self, conversation_id: int) -> Conversation:
        """Also a deleted one. Raises `UserError` (`not_found`)."""
        return self._conversation(conversation_id)

    @writes
    def new_conversation(self, learner_id: int, title: str) -> Conversation:
        return self._conversation(self._new_conversation(learner_id, title))

    @writes
    def rename_conversation(self, conversation_id: int, title: str) -> Conversation:
        self._do("UPDATE conversation SET title = ? WHERE id = ?", title, conversation_id)
        return self._conversation(conversation_id)

    @writes
    def delete_conversation(self, conversation_id: int) -> None:
        """Out of the list and out of search; kept for `UNDO_DAYS`."""
        self._do("UPDATE conversation SET deleted_at = ? WHERE id = ?", now(), conversation_id)

    @writes
    def restore_conversation(self, conversation_id: int) -> Conversation:
        """Undo `delete_conversation`. Raises `UserError` (`not_found`) once it is purged."""
        self._do("UPDATE conversation SET deleted_at = NULL WHERE id = ?", conversation_id)
        return self._conversation(conversation_id)

    @writes
    def set_head(self, conversation_id: int, message_id: int | None) -> None:
        """The branch shown ends with this message."""
        self._do("UPDATE conversation SET head_id = ? WHERE id = ?", message_id, conversation_id)

    def _new_conversation(self, learner_id: int, title: str, lesson_version_id: int | None = None) -> int:
        when = now()
        cursor = self._do(
            "INSERT INTO conversation (learner_id, title, created_at, updated_at, lesson_version_id) "
            "VALUES (?, ?, ?, ?, ?)",
            learner_id,
            title,
            when,
            when,
            lesson_version_id,
        )
        return cursor.lastrowid or 0

    def _conversation(self, conversation_id: int) -> Conversation:
        row = self._row("SELECT * FROM conversation WHERE id = ?", conversation_id)
        if row is None:
            raise UserError(tr("This conversation is not there any more. Choose another one."), code="not_found")
        return as_conversation(row)


def as_conversation(row: dict[str, Any]) -> Conversation:
    return Conversation(
        id=row["id"],
        learner_id=row["learner_id"],
        title=row["title"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        head_id=row["head_id"],
        deleted_at=row["deleted_at"],
        lesson_version_id=row["lesson_version_id"],
    )
