"""What waits for a teacher's eye: reports, questions put to them, answers that the tutor doubts; and decisions."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tutor.domain import Frozen, Message, Move
from tutor.errors import BugError
from tutor.store.classes import read_since, shown_of
from tutor.store.messages import Messages, as_message
from tutor.store.owner import now, reads, writes

KINDS: Final = ("flag", "escalation", "unsure")
ERRORS: Final = ("maths", "fact", "confusing", "level", "leaked", "refused", "blocked", "none")
DECISIONS: Final = ("dismissed", "corrected", "answered")
UNSURE_DAYS: Final = 30
"""An answer that the tutor asked about waits so long; then it is not worth anybody's time."""
_THE_CONTACTS: Final = (Move.SIGNPOST, Move.REFUSE)
_ID: Final = {"flag": "flag_id", "escalation": "escalation_id", "unsure": "asked_id"}
_PARTS: Final = {
    "flag": "SELECT 'flag' AS kind, flag.id AS id, flag.message_id AS message_id, flag.category AS reason, "
    "flag.what AS note, flag.better AS better, flag.created_at AS created_at, '' AS answer, "
    "review.id AS review_id, review.what AS decision, review.error AS error, review.why AS why, "
    "review.decided_at AS decided_at, review.correction_id AS correction_id FROM flag "
    "LEFT JOIN review ON review.flag_id = flag.id WHERE {state}",
    "escalation": "SELECT 'escalation', escalation.id, escalation.message_id, escalation.reason, escalation.note, '', "
    "escalation.created_at, escalation.answer, review.id, "
    "coalesce(review.what, CASE WHEN answered_at != '' THEN 'answered' END), review.error, review.why, "
    "coalesce(review.decided_at, nullif(answered_at, '')), review.correction_id FROM escalation "
    "LEFT JOIN review ON review.escalation_id = escalation.id WHERE {state}",
    "unsure": "SELECT 'unsure', asked_about.message_id, asked_about.message_id, asked_about.reason, '', '', "
    "asked_about.asked_at, '', review.id, review.what, review.error, review.why, review.decided_at, "
    "review.correction_id FROM asked_about "
    "LEFT JOIN review ON review.asked_id = asked_about.message_id "
    "WHERE said != 'right' AND (asked_at >= :unsure OR review.id IS NOT NULL) "
    f"AND (({shown_of('asked_about.learner_id')} <= 1 AND said = 'not_right') "
    f"OR asked_at >= {read_since('asked_about.learner_id')}) "
    "AND NOT EXISTS (SELECT 1 FROM flag WHERE flag.message_id = asked_about.message_id) AND {state}",
}
_STATE: Final = {
    "waiting": "review.id IS NULL",
    "done": "review.id IS NOT NULL",
    "all": "1",
}
_ANSWERED: Final = {"waiting": " AND answered_at = ''", "done": "", "all": ""}


class ReviewItem(Frozen):
    """Something that waits for a teacher, or waited."""

    kind: str
    """flag | escalation | unsure"""
    id: int
    message_id: int
    """The tutor's answer that it is about."""
    reason: str
    """Category of a flag, reason of an escalation, why the program asked."""
    note: str
    better: str
    created_at: str
    answer: str
    """The teacher's, to an escalation."""
    conversation_id: int
    title: str
    learner_id: int
    learner: str
    picture: str
    question: str
    said: str
    """The tutor's answer."""
    lesson_version_id: int | None
    lesson: str
    review_id: int | None = None
    decision: str = ""
    """"" while it waits."""
    error: str = ""
    why: str = ""
    decided_at: str = ""
    correction_id: int | None = None
    """What was written for it in the review."""


class ErrorCount(Frozen):
    """How many answers of one month, lesson and model were found to have one kind of error."""

    month: str
    lesson_version_id: int | None
    model: str
    error: str
    count: int


class Reviews(Messages):
    """Table `review`."""

    @writes
    def keep_review(
        self,
        kind: str,
        of: int,
        what: str,
        *,
        by: str,
        error: str = "",
        why: str = "",
        correction_id: int | None = None,
    ) -> int:
        """Keep a decision about an item, in the place of an earlier one; `correction_id`: what it wrote. Gives its id.

        Raises `BugError` for a kind, decision or error that does not exist.
        """
        if kind not in KINDS or what not in DECISIONS or error not in ("", *ERRORS):
            raise BugError(f"no such review: {kind}, {what}, {error}")
        column = _ID[kind]
        self._do(f"DELETE FROM review WHERE {column} = ?", of)
        cursor = self._do(
            f"INSERT INTO review ({column}, what, error, why, decided_by, decided_at, correction_id) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            of,
            what,
            error,
            why,
            by,
            now(),
            correction_id,
        )
        return cursor.lastrowid or 0

    @writes
    def take_review_back(self, kind: str, of: int) -> None:
        """The item waits again."""
        self._do(f"DELETE FROM review WHERE {_ID[kind]} = ?", of)

    @reads
    def reviews_with(self, correction_id: int) -> int:
        """How many decisions stand on a correction that was written for them."""
        (row,) = self._find("SELECT count(*) AS n FROM review WHERE correction_id = :id", id=correction_id)
        return int(row["n"])

    @reads
    def review_counts(self, class_id: int | None = None) -> dict[str, int]:
        """How many of each kind wait."""
        counts = dict.fromkeys(KINDS, 0)
        for kind in KINDS:
            (row,) = self._find(
                f"SELECT count(*) AS n FROM ({_part(kind, 'waiting')}) AS item "
                + (
                    "WHERE (SELECT learner_id FROM message JOIN conversation ON conversation.id = conversation_id "
                    "WHERE message.id = item.message_id) IN "
                    "(SELECT learner_id FROM class_member WHERE class_id = :class_id)"
                    if class_id is not None
                    else ""
                ),
                **self._named(class_id=class_id),
            )
            counts[kind] = int(row["n"])
        return counts

    @reads
    def review_items(
        self,
        state: str = "waiting",
        *,
        kind: str = "",
        lesson_id: int | None = None,
        learner_id: int | None = None,
        words: str = "",
        limit: int = 20,
        offset: int = 0,
        class_id: int | None = None,
        error: str = "",
        since: str = "",
        until: str = "",
    ) -> tuple[ReviewItem, ...]:
        """Newest first. `state`: waiting | done | all; `words` are looked for in question, answer and note.

        `error`: of this kind (see `ERRORS`); `since`, `until`: first and last day of the answer, "" for no matter.
        """
        kinds = (kind,) if kind else KINDS
        union = " UNION ALL ".join(_part(each, state) for each in kinds)
        if kinds[0] != "flag":  # the first part of a union names its columns
            union = f"SELECT * FROM ({_part('flag', state)}) WHERE 0 UNION ALL {union}"
        rows = self._find(
            "SELECT item.*, conversation.id AS conversation_id, conversation.title AS title, learner.id AS learner_id, "
            "learner.name AS learner, learner.picture AS picture, coalesce(asked.text, '') AS question, "
            "answer.text AS said, conversation.lesson_version_id AS lesson_version_id, "
            f"coalesce(lesson_version.title, '') AS lesson FROM ({union}) AS item "
            "JOIN message AS answer ON answer.id = item.message_id LEFT JOIN message AS asked ON asked.id = "
            "answer.parent_id JOIN conversation ON conversation.id = answer.conversation_id "
            "JOIN learner ON learner.id = conversation.learner_id "
            "LEFT JOIN lesson_version ON lesson_version.id = conversation.lesson_version_id "
            "WHERE (:learner_id IS NULL OR learner.id = :learner_id) "
            "AND (:lesson_id IS NULL OR lesson_version.lesson_id = :lesson_id) "
            "AND (:class_id IS NULL OR learner.id IN (SELECT learner_id FROM class_member WHERE class_id = :class_id)) "
            "AND (:error = '' OR item.error = :error) "
            "AND (:since = '' OR date(answer.created_at, 'localtime') >= :since) "
            "AND (:until = '' OR date(answer.created_at, 'localtime') <= :until) "
            "AND (:words = '' OR instr(lower(asked.text), :words) OR instr(lower(answer.text), :words) "
            "OR instr(lower(item.note), :words)) "
            "ORDER BY item.created_at DESC, item.id DESC LIMIT :limit OFFSET :offset",
            **self._named(
                learner_id=learner_id,
                lesson_id=lesson_id,
                words=words.strip().lower(),
                limit=limit,
                offset=offset,
                class_id=class_id,
                error=error,
                since=since,
                until=until,
            ),
        )
        return tuple(_as_item(row) for row in rows)

    @reads
    def turns_before(self, message_id: int, turns: int = 3, *, told: bool = False) -> tuple[Message, ...]:
        """An answer with its question and so many turns before them, oldest first.

        `told`: only what was written since the learner was told that teachers read everything.

        Turns before it about distress or danger are left out: those words are the safeguarding contact's.
        """
        rows = self._find(
            "WITH RECURSIVE up (up_id, up_parent, depth) AS ("
            " SELECT id, parent_id, 0 FROM message WHERE id = :message_id"
            " UNION ALL SELECT id, parent_id, depth + 1 FROM message JOIN up ON id = up_parent WHERE depth < :most) "
            "SELECT message.*, coalesce(rating.rating, 0) AS rating FROM up JOIN message ON message.id = up_id "
            "LEFT JOIN rating ON rating.message_id = message.id WHERE NOT :told OR message.created_at >= ("
            f"SELECT {read_since('conversation.learner_id')} FROM conversation WHERE id = message.conversation_id) "
            "ORDER BY depth DESC",
            told=told,
            message_id=message_id,
            most=2 * turns + 1,
        )
        found = [as_message(row) for row in rows]
        others = [m for m in found if m.id != message_id and m.reply is not None and m.reply.move in _THE_CONTACTS]
        left_out = {m.id for m in others} | {m.parent_id for m in others}
        return tuple(message for message in found if message.id not in left_out)

    @reads
    def errors_by_month(self, since: str, class_id: int | None = None) -> tuple[ErrorCount, ...]:
        """Errors that teachers named, of reviews and of grades, by the month of the answer."""
        rows = self._find(
            "SELECT substr(day, 1, 7) AS month, lesson_version_id, model, error, count(*) AS count FROM ("
            " SELECT coalesce(flag.message_id, escalation.message_id, asked_id) AS message_id, error FROM review"
            " LEFT JOIN flag ON flag.id = flag_id LEFT JOIN escalation ON escalation.id = escalation_id"
            " WHERE error NOT IN ('', 'none')"
            " UNION SELECT message_id, error FROM grade WHERE error NOT IN ('', 'none')) AS found "
            "CROSS JOIN turn_fact USING (message_id) WHERE day >= :since AND (:class_id IS NULL OR learner_id IN "
            "(SELECT learner_id FROM class_member WHERE class_id = :class_id)) GROUP BY 1, 2, 3, 4 ORDER BY 1",
            since=since,
            class_id=class_id,
        )
        return tuple(ErrorCount(**row) for row in rows)

    def _find(self, sql: str, **named: Any) -> list[dict[str, Any]]:
        return list(self._db.query(sql, named))

    def _named(self, **named: Any) -> dict[str, Any]:
        return {"unsure": (datetime.now(UTC) - timedelta(days=UNSURE_DAYS)).isoformat(), **named}


_TEXTS: Final = ("decision", "error", "why", "decided_at")


def _as_item(row: dict[str, Any]) -> ReviewItem:
    return ReviewItem(**{**row, **{name: row[name] or "" for name in _TEXTS}})


def _part(kind: str, state: str) -> str:
    condition = _STATE[state]
    if kind == "escalation":
        condition = {"done": "(review.id IS NOT NULL OR answered_at != '')"}.get(state, condition + _ANSWERED[state])
    return _PARTS[kind].format(state=condition)
