"""The last fairness measurement of each version of a lesson: made-up messages and their answers, nobody's words."""

from tutor.domain import Frozen
from tutor.store.owner import Family, now, reads, writes


class FairnessRun(Frozen):
    """A measurement that was finished."""

    lesson_version_id: int | None
    """None for work without a lesson."""
    model: str
    measured_at: str
    """UTC, ISO 8601."""
    result: str
    """JSON of `tutor.classroom.fairness.Measured`."""


class FairnessRuns(Family):
    """Table `fairness_run`."""

    @writes
    def keep_fairness(self, lesson_version_id: int | None, result: str, model: str = "") -> FairnessRun:
        """Keep it in the place of the last one of this version."""
        made = FairnessRun(lesson_version_id=lesson_version_id, model=model, measured_at=now(), result=result)
        self._do("DELETE FROM fairness_run WHERE lesson_version_id IS ?", lesson_version_id)
        self._do(
            "INSERT INTO fairness_run (lesson_version_id, model, measured_at, result) VALUES (?, ?, ?, ?)",
            lesson_version_id,
            model,
            made.measured_at,
            result,
        )
        return made

    @reads
    def fairness_run(self, lesson_version_id: int | None) -> FairnessRun | None:
        """The last one of this version; None where it was not measured."""
        row = self._row(
            "SELECT lesson_version_id, model, measured_at, result FROM fairness_run WHERE lesson_version_id IS ?",
            lesson_version_id,
        )
        return FairnessRun(**row) if row is not None else None
