"""Blind grades of answers drawn by chance, and which answers may be drawn."""

from typing import Final

from tutor.domain import Frozen
from tutor.store.classes import read_since
from tutor.store.owner import Family, now, reads, writes

_MAY_READ: Final = (
    f"may_read AS MATERIALIZED (SELECT id AS learner_id, {read_since('learner.id')} AS since FROM learner)"
)
"""Whole conversations are read only of learners who were told so, and from then on."""


class Grade(Frozen):
    """Three grades from 1 to 5."""

    message_id: int
    accurate: int
    kind: int
    level: int
    error: str
    """See `tutor.store.reviews.ERRORS`; "" for none."""
    graded_by: str
    graded_at: str


class GradedTurn(Frozen):
    """A grade with what it was about: for trends."""

    accurate: int
    kind: int
    level: int
    error: str
    day: str
    lesson_version_id: int | None
    model: str


class Drawable(Frozen):
    """An answer that may be drawn, with what a draw is spread over."""

    message_id: int
    day: str
    lesson_version_id: int | None


class Grades(Family):
    """Table `grade`."""

    @writes
    def grade(self, message_id: int, accurate: int, kind: int, level: int, *, by: str, error: str = "") -> Grade:
        """Keep a grade, in the place of an earlier one."""
        made = Grade(
            message_id=message_id, accurate=accurate, kind=kind, level=level, error=error, graded_by=by, graded_at=now()
        )
        self._do(
            "INSERT OR REPLACE INTO grade (message_id, accurate, kind, level, error, graded_by, graded_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            *(getattr(made, name) for name in Grade.__struct_fields__),
        )
        return made

    @writes
    def take_grade_back(self, message_id: int) -> None:
        self._do("DELETE FROM grade WHERE message_id = ?", message_id)

    @reads
    def drawable(self, since: str) -> tuple[Drawable, ...]:
        """Finished answers of the model from a day on that nobody graded, of learners whose words may be read.

        None that was about distress or danger: those belong to the safeguarding contact.
        """
        rows = self._rows(
            f"WITH {_MAY_READ} SELECT message_id, day, lesson_version_id FROM turn_fact "
            "JOIN may_read USING (learner_id) WHERE day >= ? AND outcome = 'done' AND at >= since "
            "AND emotional = 0 AND move NOT IN ('signpost', 'refuse') "
            "AND message_id NOT IN (SELECT message_id FROM grade)",
            since,
        )
        return tuple(Drawable(**row) for row in rows)

    @reads
    def graded_errors(
        self, error: str, since: str = "", until: str = "", lesson_id: int | None = None, class_id: int | None = None
    ) -> int:
        """How many blind grades name this kind of error, of answers from a first to a last day, "" for no matter."""
        (row,) = self._rows(
            "SELECT count(*) AS n FROM grade CROSS JOIN turn_fact USING (message_id) WHERE error = ?1 "
            "AND (?2 = '' OR day >= ?2) AND (?3 = '' OR day <= ?3) AND (?4 IS NULL OR lesson_version_id IN "
            "(SELECT id FROM lesson_version WHERE lesson_id = ?4)) AND (?5 IS NULL OR learner_id IN "
            "(SELECT learner_id FROM class_member WHERE class_id = ?5))",
            error,
            since,
            until,
            lesson_id,
            class_id,
        )
        return int(row["n"])

    @reads
    def grades(self, since: str, class_id: int | None = None) -> tuple[GradedTurn, ...]:
        """Grades of answers given from a day on, by the day of the answer."""
        rows = self._rows(
            "SELECT accurate, kind, level, error, day, lesson_version_id, model FROM grade "
            "CROSS JOIN turn_fact USING (message_id) WHERE day >= ?1 AND "
            "(?2 IS NULL OR learner_id IN (SELECT learner_id FROM class_member WHERE class_id = ?2)) ORDER BY day",
            since,
            class_id,
        )
        return tuple(GradedTurn(**row) for row in rows)
