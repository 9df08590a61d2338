"""What a report about learners is made of: their work by lesson and by day, from the facts of turns alone."""

from tutor.domain import Frozen
from tutor.store.owner import Family, reads


class LessonWork(Frozen):
    """One learner's work with one lesson, or without any (`title` "")."""

    learner_id: int
    title: str
    subject: str
    turns: int
    minutes: float
    problems: int
    """Different problems worked on."""
    solved: int
    hinted: int
    """Of those, solved with a hint."""
    begged: int
    first_day: str
    last_day: str


class DayWork(Frozen):
    """One learner's day."""

    learner_id: int
    day: str
    minutes: float
    turns: int


class Reports(Family):
    """Table `turn_fact`, read for reports. Days are local, ISO 8601, both included."""

    @reads
    def lesson_work(self, learner_ids: tuple[int, ...], since: str, until: str) -> tuple[LessonWork, ...]:
        """By learner, then the lessons worked on most."""
        rows = self._rows(
            "WITH work AS (SELECT learner_id, coalesce(title, '') AS title, coalesce(subject, '') AS subject, problem, "
            "count(*) AS turns, sum(active) AS seconds, max(solved) AS solved, max(rung) AS rung, "
            "sum(begged) AS begged, min(day) AS first_day, max(day) AS last_day FROM turn_fact "
            "LEFT JOIN lesson_version ON lesson_version.id = lesson_version_id "
            f"WHERE learner_id IN ({_marks(learner_ids)}) AND day BETWEEN ? AND ? "
            "GROUP BY learner_id, title, subject, problem) "
            "SELECT learner_id, title, subject, sum(turns) AS turns, sum(seconds) / 60.0 AS minutes, "
            "sum(problem != '') AS problems, sum(problem != '' AND solved) AS solved, "
            "sum(problem != '' AND solved AND rung > 0) AS hinted, sum(begged) AS begged, "
            "min(first_day) AS first_day, max(last_day) AS last_day FROM work "
            "GROUP BY learner_id, title, subject ORDER BY learner_id, minutes DESC",
            *learner_ids,
            since,
            until,
        )
        return tuple(LessonWork(**row) for row in rows)

    @reads
    def day_work(self, learner_ids: tuple[int, ...], since: str, until: str) -> tuple[DayWork, ...]:
        """By learner and day."""
        rows = self._rows(
            "SELECT learner_id, day, sum(active) / 60.0 AS minutes, count(*) AS turns FROM turn_fact "
            f"WHERE learner_id IN ({_marks(learner_ids)}) AND day BETWEEN ? AND ? "
            "GROUP BY learner_id, day ORDER BY learner_id, day",
            *learner_ids,
            since,
            until,
        )
        return tuple(DayWork(**row) for row in rows)

    @reads
    def asked_between(self, learner_ids: tuple[int, ...], since: str, until: str) -> dict[int, tuple[int, int]]:
        """By learner: questions put to the teacher, and how many of them have an answer."""
        rows = self._rows(
            "SELECT escalation.learner_id, count(*) AS asked, sum(answered_at != '') AS answered FROM escalation "
            f"JOIN turn_fact USING (message_id) WHERE escalation.learner_id IN ({_marks(learner_ids)}) "
            "AND day BETWEEN ? AND ? GROUP BY escalation.learner_id",
            *learner_ids,
            since,
            until,
        )
        return {row["learner_id"]: (row["asked"], row["answered"]) for row in rows}


def _marks(values: tuple[int, ...]) -> str:
    return ", ".join("?" for _ in values) or "NULL"
