"""Which turns a number of the teacher's pages counts: when, whose, in which lesson, how much; nobody's words."""

from typing import Any, Final

from tutor.domain import Frozen
from tutor.store.owner import Family, reads

_TURN: Final = {
    "answers": ("1", "NULL"),
    "minutes": ("1", "active / 60.0"),
    "words": ("learner_words + tutor_words > 0", "tutor_words * 1.0 / (tutor_words + learner_words)"),
    "questions": ("1", "tutor_questions"),
    "stopped": ("stopped = 1", "NULL"),
    "begged": ("begged = 1", "NULL"),
    "polite": ("politeness IS NOT NULL", "politeness"),
    "blunt": ("politeness < 0", "politeness"),
    # how a learner sounded, or felt, is nobody's figure about one child
    "mood": ("sentiment IS NOT NULL", "NULL"),
    "emotional": ("emotional = 1", "NULL"),
}
"""By measure: which turns count, and the value of each."""
MEASURES: Final = (*_TURN, "thumbs", "grades", "surveys", "rule", "errors")
BLIND: Final = ("grades", "surveys")
"""Whose they are is not told: grades are blind, and what is said about the tutor is said freely."""
PAGE: Final = 100
_SOURCE: Final = {
    "thumbs": "rating CROSS JOIN turn_fact USING (message_id)",
    "grades": "grade CROSS JOIN turn_fact USING (message_id)",
    "rule": "rule_fired CROSS JOIN turn_fact USING (message_id)",
    "errors": "(SELECT message_id, error, max(open) AS open FROM ("
    "SELECT coalesce(flag.message_id, escalation.message_id, asked_id) AS message_id, error, 1 AS open FROM review "
    "LEFT JOIN flag ON flag.id = flag_id LEFT JOIN escalation ON escalation.id = escalation_id "
    "UNION ALL SELECT message_id, error, 0 FROM grade) WHERE error NOT IN ('', 'none') "
    "GROUP BY message_id, error) AS found CROSS JOIN turn_fact USING (message_id)",
    "surveys": "(SELECT id AS message_id, learner_id, substr(asked_at, 1, 10) AS day, asked_at AS at, "
    "lesson_version_id, '' AS model, helped, again FROM survey WHERE helped > 0 AND again > 0) AS turn_fact",
}
_SELECT: Final = {
    "thumbs": "turn_fact.learner_id AS learner_id, rating AS value, '' AS what, NULL AS more",
    "grades": "NULL AS learner_id, accurate AS value, grade.error AS what, kind * 10 + level AS more",
    "rule": "turn_fact.learner_id AS learner_id, NULL AS value, rule_fired.done AS what, NULL AS more",
    "errors": "CASE WHEN open THEN turn_fact.learner_id END AS learner_id, NULL AS value, found.error AS what, "
    "NULL AS more",
    "surveys": "NULL AS learner_id, helped AS value, '' AS what, again AS more",
}


class Counting(Frozen):
    """What was counted."""

    measure: str
    """One of `MEASURES`."""
    since: str = ""
    until: str = ""
    """First and last day (local, ISO 8601); "" for no matter."""
    class_id: int | None = None
    learner_id: int | None = None
    lesson_id: int | None = None
    own: bool = False
    """Only work without a lesson."""
    model: str | None = None
    rules: tuple[str, ...] = ()
    """Of `rule`: these guidelines."""
    error: str = ""
    """Of `errors`: this kind."""


class CountedTurn(Frozen):
    """One turn, or one survey."""

    message_id: int
    """The answer; 0 for what is blind."""
    learner_id: int | None
    """None where it is not told whose it is."""
    learner: str
    day: str
    at: str
    """When it ended (UTC, ISO 8601); "" for what is blind."""
    lesson: str
    value: float | None
    """Minutes, share of words, questions, politeness, thumb (1 or -1), grade for accuracy, first survey answer."""
    more: tuple[int, ...]
    """Of a grade: kind and level; of a survey: the second answer."""
    what: str
    """What a guideline did, or the kind of error."""


class CountedTurns(Family):
    """Tables `turn_fact`, `rating`, `grade`, `rule_fired`, `review`, `survey`, read one by one."""

    @reads
    def counted(self, counting: Counting, *, limit: int = PAGE, offset: int = 0) -> tuple[CountedTurn, ...]:
        """Newest first."""
        measure, named = counting.measure, _named(counting)
        value = _TURN.get(measure, ("", "NULL"))[1]
        select = _SELECT.get(measure, f"turn_fact.learner_id AS learner_id, {value} AS value, '' AS what, NULL AS more")
        rows = self._db.query(
            f"SELECT message_id, {select}, day, at, coalesce(lesson_version.title, '') AS lesson, "
            f"learner.name AS learner FROM {_source(counting)} LEFT JOIN lesson_version "
            "ON lesson_version.id = turn_fact.lesson_version_id LEFT JOIN learner ON learner.id = turn_fact.learner_id "
            f"WHERE {_where(counting)} ORDER BY day DESC, at DESC, message_id DESC LIMIT :limit OFFSET :offset",
            {**named, "limit": limit, "offset": offset},
        )
        return tuple(_as_counted(row, measure) for row in rows)

    @reads
    def count_counted(self, counting: Counting) -> int:
        """How many `counted` gives in all."""
        sql = f"SELECT count(*) AS n FROM {_source(counting, sums=True)} WHERE {_where(counting)}"
        (row,) = self._db.query(sql, _named(counting))
        return int(row["n"])


def _source(counting: Counting, *, sums: bool = False) -> str:
    """The index of days gives the newest at once; that of months holds what is summed, but for feelings."""
    if counting.measure in _SOURCE:
        return _SOURCE[counting.measure]
    if counting.learner_id is not None:
        return "turn_fact"
    months = sums and counting.measure not in ("begged", "emotional")
    return f"turn_fact INDEXED BY turn_fact_{'month' if months else 'day'}"


def _where(counting: Counting) -> str:
    parts = [_TURN[counting.measure][0]] if counting.measure in _TURN else []
    parts.append("turn_fact.day BETWEEN :since AND :until")
    if counting.class_id is not None:
        parts.append("turn_fact.learner_id IN (SELECT learner_id FROM class_member WHERE class_id = :class_id)")
    if counting.learner_id is not None:
        parts.append("turn_fact.learner_id = :learner_id")
    if counting.own:
        parts.append("turn_fact.lesson_version_id IS NULL")
    elif counting.lesson_id is not None:
        parts.append("turn_fact.lesson_version_id IN (SELECT id FROM lesson_version WHERE lesson_id = :lesson_id)")
    if counting.model is not None:
        parts.append("turn_fact.model = :model")
    if counting.measure == "rule":
        marks = ", ".join(f":rule{n}" for n in range(len(counting.rules)))
        parts.append(f"rule IN ({marks})")
    if counting.measure == "errors" and counting.error:
        parts.append("found.error = :error")
    return " AND ".join(parts)


def _named(counting: Counting) -> dict[str, Any]:
    return {
        "since": counting.since,
        "until": counting.until or "9999",
        "class_id": counting.class_id,
        "learner_id": counting.learner_id,
        "lesson_id": counting.lesson_id,
        "model": counting.model,
        "error": counting.error,
        **{f"rule{n}": rule for n, rule in enumerate(counting.rules)},
    }


def _as_counted(row: dict[str, Any], measure: str) -> CountedTurn:
    blind = row["learner_id"] is None
    more = row["more"]
    return CountedTurn(
        message_id=0 if blind else row["message_id"],
        learner_id=row["learner_id"],
        learner="" if blind else row["learner"] or "",
        day=row["day"],
        at="" if blind else row["at"],
        lesson=row["lesson"],
        value=row["value"],
        more=() if more is None else divmod(int(more), 10) if measure == "grades" else (int(more),),
        what=row["what"],
    )
