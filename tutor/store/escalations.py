"""Questions that learners put to their teacher, and what the teacher answered."""

from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from tutor.domain import Escalated
from tutor.errors import BugError, UserError
from tutor.i18n import tr
from tutor.store.owner import Family, now, reads, writes

REASONS: Final = ("tries", "unsure", "outside", "asked", "words")


class Escalations(Family):
    """Table `escalation`: one for an answer at most."""

    @writes
    def put_to_teacher(self, message_id: int, reason: str, note: str = "") -> Escalated:
        """Put the question of an answer to the teacher. Put again before there is an answer, the note is renewed.

        Raises `BugError` for a reason that is not in `REASONS`, `UserError` (`not_found`) without the message.
        """
        if reason not in REASONS:
            raise BugError(f"unknown reason to ask a teacher: {reason}")
        owner = self._row(
            "SELECT learner_id FROM message JOIN conversation ON conversation.id = conversation_id "
            "WHERE message.id = ?",
            message_id,
        )
        if owner is None:
            raise UserError(tr("This message is not there any more."), code="not_found")
        self._do(
            "INSERT INTO escalation (message_id, learner_id, reason, note, created_at) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (message_id) DO UPDATE SET note = excluded.note WHERE answered_at = ''",
            message_id,
            owner["learner_id"],
            reason,
            note,
            now(),
        )
        (row,) = self._rows("SELECT * FROM escalation WHERE message_id = ?", message_id)
        return Escalated(**row)

    @reads
    def escalation(self, escalation_id: int) -> Escalated:
        """Raises `UserError` (`not_found`): the conversation was deleted for good."""
        return self._escalation(escalation_id)

    @reads
    def open_escalations(self) -> int:
        """How many have no answer and were not dismissed."""
        row = self._row(
            "SELECT count(*) AS n FROM escalation LEFT JOIN review ON review.escalation_id = escalation.id "
            "WHERE answered_at = '' AND review.id IS NULL"
        )
        return int(row["n"]) if row else 0

    @reads
    def escalations_in(self, conversation_id: int) -> tuple[Escalated, ...]:
        """Those of one conversation, all its branches, oldest first."""
        rows = self._rows(
            "SELECT escalation.* FROM escalation JOIN message ON message.id = message_id WHERE conversation_id = ? "
            "ORDER BY escalation.id",
            conversation_id,
        )
        return tuple(Escalated(**row) for row in rows)

    @writes
    def answer_escalation(self, escalation_id: int, answer: str, by: str) -> Escalated:
        """Keep a teacher's answer; another one takes its place and is new to the learner again."""
        asked = self._escalation(escalation_id).created_at
        when = now()
        if when == asked:  # only what nobody had asked is answered in the moment in which it is made
            when = (datetime.fromisoformat(when) + timedelta(milliseconds=1)).isoformat(timespec="milliseconds")
        self._do(
            "UPDATE escalation SET answer = ?, answered_by = ?, answered_at = ?, read_at = '' WHERE id = ?",
            answer,
            by,
            when,
            escalation_id,
        )
        return self._escalation(escalation_id)

    @writes
    def tell_learner(self, message_id: int, words: str, by: str) -> Escalated:
        """A person's words under an answer about which the learner had asked nobody, such as one that was reported."""
        known = self._row("SELECT id FROM escalation WHERE message_id = ?", message_id)
        if known is not None:
            return self.answer_escalation(known["id"], words, by)
        when = now()
        self._do(
            "INSERT INTO escalation (message_id, learner_id, reason, created_at, answer, answered_by, answered_at) "
            "SELECT message.id, learner_id, 'asked', ?, ?, ?, ? FROM message JOIN conversation "
            "ON conversation.id = conversation_id WHERE message.id = ?",
            when,
            words,
            by,
            when,
            message_id,
        )
        (row,) = self._rows("SELECT * FROM escalation WHERE message_id = ?", message_id)
        return Escalated(**row)

    @reads
    def escalation_of(self, message_id: int) -> Escalated | None:
        """What was put or said under an answer."""
        row = self._row("SELECT * FROM escalation WHERE message_id = ?", message_id)
        return Escalated(**row) if row else None

    @writes
    def take_answer_back(self, escalation_id: int) -> Escalated:
        """As if it had not been answered; what nobody had asked goes altogether. Gives it without its answer."""
        known = self._escalation(escalation_id)
        if known.created_at == known.answered_at:
            self._do("DELETE FROM escalation WHERE id = ?", escalation_id)
            return msgspec.structs.replace(known, answer="", answered_by="", answered_at="", read_at="")
        self._do(
            "UPDATE escalation SET answer = '', answered_by = '', answered_at = '', read_at = '' WHERE id = ?",
            escalation_id,
        )
        return self._escalation(escalation_id)

    @writes
    def read_answers(self, conversation_id: int) -> int:
        """The learner has seen the teacher's answers in a conversation. Gives how many were new."""
        return self._do(
            "UPDATE escalation SET read_at = ? WHERE answered_at != '' AND read_at = '' "
            "AND message_id IN (SELECT id FROM message WHERE conversation_id = ?)",
            now(),
            conversation_id,
        ).rowcount

    @reads
    def unread_answers(self, learner_id: int) -> tuple[int, ...]:
        """The learner's conversations in which an answer of the teacher's is new."""
        rows = self._rows(
            "SELECT DISTINCT conversation_id FROM escalation JOIN message ON message.id = message_id "
            "JOIN conversation ON conversation.id = conversation_id "
            "WHERE escalation.learner_id = ? AND answered_at != '' AND read_at = '' AND deleted_at IS NULL",
            learner_id,
        )
        return tuple(row["conversation_id"] for row in rows)

    def _escalation(self, escalation_id: int) -> Escalated:
        row: dict[str, Any] | None = self._row("SELECT * FROM escalation WHERE id = ?", escalation_id)
        if row is None:
            raise UserError(tr("This question is not there any more."), code="not_found")
        return Escalated(**row)
