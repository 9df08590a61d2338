"""Which answers the program asked a learner about, why, and what came of it; and what it chooses by."""

from tutor.domain import Asked
from tutor.store.owner import Family, now, reads, writes


class AskedAbout(Family):
    """Table `asked_about`, and the figures of earlier answers."""

    @writes
    def keep_asked(self, message_id: int, learner_id: int, reason: str, score: float) -> Asked:
        """Store that an answer is asked about."""
        self._do(
            "INSERT INTO asked_about (message_id, learner_id, reason, score, asked_at) VALUES (?, ?, ?, ?, ?)",
            message_id,
            learner_id,
            reason,
            score,
            now(),
        )
        return self._asked(message_id)

    @writes
    def keep_said(self, message_id: int, said: str) -> Asked | None:
        """Store what the learner said; the last word counts. None when the answer was not asked about."""
        self._do("UPDATE asked_about SET said = ? WHERE message_id = ?", said, message_id)
        known = self._row("SELECT 1 FROM asked_about WHERE message_id = ?", message_id)
        return self._asked(message_id) if known else None

    @reads
    def asked_since(self, learner_id: int, when: str) -> tuple[Asked, ...]:
        """What a learner was asked about from a moment on (UTC, ISO 8601), newest first."""
        rows = self._rows(
            "SELECT * FROM asked_about WHERE learner_id = ? AND asked_at >= ? ORDER BY asked_at DESC", learner_id, when
        )
        return tuple(Asked(**row) for row in rows)

    @reads
    def asked_about(self, limit: int = 200) -> tuple[Asked, ...]:
        """For the teacher: what was asked about, newest first."""
        rows = self._rows("SELECT * FROM asked_about ORDER BY asked_at DESC LIMIT ?", limit)
        return tuple(Asked(**row) for row in rows)

    @reads
    def doubts(self, model: str, limit: int) -> tuple[float, ...]:
        """How unsure the model was of its last answers (nats, see `Reply.doubt`), newest first."""
        rows = self._rows(
            "SELECT json_extract(reply, '$.doubt') AS doubt FROM message WHERE role = 'tutor' AND status = 'done' "
            "AND json_extract(reply, '$.model') = ? AND json_extract(reply, '$.doubt') > 0 ORDER BY id DESC LIMIT ?",
            model,
            limit,
        )
        return tuple(row["doubt"] for row in rows)

    @reads
    def earlier_questions(self, learner_id: int, before_id: int, limit: int) -> tuple[str, ...]:
        """A learner's questions before a message, newest first."""
        rows = self._rows(
            "SELECT text FROM message JOIN conversation ON conversation.id = conversation_id WHERE learner_id = ? "
            "AND role = 'learner' AND message.id < ? ORDER BY message.id DESC LIMIT ?",
            learner_id,
            before_id,
            limit,
        )
        return tuple(row["text"] for row in rows)

    def _asked(self, message_id: int) -> Asked:
        (row,) = self._rows("SELECT * FROM asked_about WHERE message_id = ?", message_id)
        return Asked(**row)
