"""What the safeguarding contact sees: alerts until they are acknowledged, and the record of prompts and answers."""

from typing import Any, Final

import msgspec

from tutor.domain import Action, Alert, Frozen, Message, Reply, Verdict
from tutor.store.owner import Family, now, reads, writes

_WORST: Final = (Action.SIGNPOST, Action.REFUSE, Action.BLOCK, Action.REVIEW, Action.ALLOW)
_verdicts: Final = msgspec.json.Decoder(tuple[Verdict, ...])
_verdict: Final = msgspec.json.Decoder(Verdict)


class LogEntry(Frozen):
    """One turn in the record for the safeguarding contact."""

    id: int
    learner_id: int | None
    message_id: int | None
    """The answer; None once its conversation was purged. The words stay here."""
    alert_id: int | None
    created_at: str
    prompt: str
    answer: str
    input_verdict: Verdict | None
    output_verdicts: tuple[Verdict, ...]
    action: Action
    """The most serious one of the turn."""


class Alerts(Family):
    """Tables `alert` and `moderation`."""

    @writes
    def add_alert(self, learner_id: int | None, message_id: int | None, kind: str, severity: int) -> Alert:
        return self._alert(self._add_alert(learner_id, message_id, kind, severity))

    @writes
    def keep_disclosure(self, learner_id: int, message_id: int, words: str, kind: str, severity: int) -> Alert:
        """What a learner wrote to a person, past the engine: an alert, and the words in the contact's record."""
        alert_id = self._add_alert(learner_id, message_id, kind, severity)
        self._do(
            "INSERT INTO moderation (learner_id, message_id, alert_id, created_at, prompt, answer, output_verdicts, "
            "action) VALUES (?, ?, ?, ?, ?, '', '[]', ?)",
            learner_id,
            message_id,
            alert_id,
            now(),
            words,
            Action.SIGNPOST.value,
        )
        return self._alert(alert_id)

    @reads
    def alerts(self, *, unseen_only: bool = False) -> tuple[Alert, ...]:
        """Not yet seen first, then the most severe, then the newest."""
        where = "WHERE seen_at IS NULL " if unseen_only else ""
        rows = self._rows(f"SELECT * FROM alert {where}ORDER BY seen_at IS NOT NULL, severity DESC, id DESC")
        return tuple(_as_alert(row) for row in rows)

    @writes
    def acknowledge(self, alert_id: int, by: str) -> Alert:
        """Mark as seen by a named person. The first acknowledgement stays."""
        self._do("UPDATE alert SET seen_at = ?, seen_by = ? WHERE id = ? AND seen_at IS NULL", now(), by, alert_id)
        return self._alert(alert_id)

    @reads
    def acknowledged_by(self, alert_id: int) -> str:
        """Who acknowledged it; "" while nobody has."""
        row = self._row("SELECT seen_by FROM alert WHERE id = ?", alert_id)
        return str(row["seen_by"]) if row else ""

    @reads
    def moderation_log(
        self,
        *,
        learner_id: int | None = None,
        alert_id: int | None = None,
        limit: int = 200,
        before: int | None = None,
        serious: bool = False,
    ) -> tuple[LogEntry, ...]:
        """Turns with their verdicts, newest first, for the safeguarding contact alone. `before`: an id, to page on.

        `serious`: only those in which something was marked, stopped, refused, answered by people or passed on.
        """
        rows = self._rows(
            "SELECT * FROM moderation WHERE (?1 IS NULL OR learner_id = ?1) AND (?2 IS NULL OR alert_id = ?2) "
            "AND (?3 IS NULL OR id < ?3) AND (NOT ?5 OR action != 'allow' OR alert_id IS NOT NULL) "
            "ORDER BY id DESC LIMIT ?4",
            learner_id,
            alert_id,
            before,
            limit,
            serious,
        )
        return tuple(_as_entry(row) for row in rows)

    def _record(self, learner_id: int, question: Message | None, answer_id: int, reply: Reply) -> None:
        """Within the transaction that finishes the answer, so that no alert can be lost between the two."""
        alert_id = None
        if reply.alert:
            alert_id = self._add_alert(learner_id, question.id if question else answer_id, reply.alert, reply.severity)
        unjudged = question is not None and reply.input_verdict is None
        outputs = tuple(check.verdict for check in reply.sentences)
        actions = {verdict.action for verdict in (*outputs, *((reply.input_verdict,) if reply.input_verdict else ()))}
        if unjudged:
            actions.add(Action.REVIEW)  # the engine ended before it had looked: a person should
        self._do(
            "INSERT INTO moderation (learner_id, message_id, alert_id, created_at, prompt, answer, input_verdict, "
            "output_verdicts, action) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            learner_id,
            answer_id,
            alert_id,
            now(),
            question.text if question else "",
            reply.text,
            msgspec.json.encode(reply.input_verdict).decode() if reply.input_verdict else None,
            msgspec.json.encode(outputs).decode(),
            next((action for action in _WORST if action in actions), Action.ALLOW).value,
        )

    def _add_alert(self, learner_id: int | None, message_id: int | None, kind: str, severity: int) -> int:
        cursor = self._do(
            "INSERT INTO alert (message_id, learner_id, kind, severity, created_at) VALUES (?, ?, ?, ?, ?)",
            message_id,
            learner_id,
            kind,
            severity,
            now(),
        )
        return cursor.lastrowid or 0

    def _alert(self, alert_id: int) -> Alert:
        (row,) = self._rows("SELECT * FROM alert WHERE id = ?", alert_id)
        return _as_alert(row)


def _as_alert(row: dict[str, Any]) -> Alert:
    return Alert(**{name: row[name] for name in Alert.__struct_fields__})


def _as_entry(row: dict[str, Any]) -> LogEntry:
    return LogEntry(
        id=row["id"],
        learner_id=row["learner_id"],
        message_id=row["message_id"],
        alert_id=row["alert_id"],
        created_at=row["created_at"],
        prompt=row["prompt"],
        answer=row["answer"],
        input_verdict=_verdict.decode(row["input_verdict"]) if row["input_verdict"] else None,
        output_verdicts=_verdicts.decode(row["output_verdicts"]),
        action=Action(row["action"]),
    )
