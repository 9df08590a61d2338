"""Two short questions to learners now and then, and their thumbs: how content they are."""

from datetime import UTC, datetime, timedelta
from typing import Final

from tutor.domain import Frozen
from tutor.store.owner import Family, now, reads, writes

EVERY: Final = timedelta(days=7)
"""A learner is asked once in this time at most, whether they answered or not."""
LEAST_TURNS: Final = 4
"""Answers since the last time; before there is nothing to ask about."""


class MonthRatings(Frozen):
    """Thumbs and surveys of one month."""

    month: str
    up: int = 0
    down: int = 0
    surveys: int = 0
    """Surveys with an answer."""
    helped: float = 0.0
    """Sum of the answers, 1 to 5 each."""
    again: float = 0.0


class Surveys(Family):
    """Table `survey`, and `rating` counted."""

    @reads
    def survey_due(self, learner_id: int) -> bool:
        """Whether a learner may be asked: not asked for a week, and enough was talked about since."""
        last = self._row("SELECT max(asked_at) AS at FROM survey WHERE learner_id = ?", learner_id)
        since = (last or {}).get("at") or ""
        if since and datetime.now(UTC) - datetime.fromisoformat(since) < EVERY:
            return False
        turns = self._row("SELECT count(*) AS n FROM turn_fact WHERE learner_id = ? AND at > ?", learner_id, since)
        return bool(turns and turns["n"] >= LEAST_TURNS)

    @writes
    def keep_survey(self, learner_id: int, helped: int, again: int, lesson_version_id: int | None = None) -> None:
        """Keep what was said, 1 to 5 each; 0 for not answered. Two zeros: declined."""
        self._do(
            "INSERT INTO survey (learner_id, lesson_version_id, helped, again, asked_at) VALUES (?, ?, ?, ?, ?)",
            learner_id,
            lesson_version_id,
            helped,
            again,
            now(),
        )

    @reads
    def thumbs(self, since: str, class_id: int | None = None) -> tuple[int, int]:
        """Thumbs up and down under answers given from a day on."""
        row = self._row(
            "SELECT total(rating = 1) AS up, total(rating = -1) AS down FROM rating CROSS JOIN turn_fact "
            "USING (message_id) WHERE day >= ?1 AND "
            "(?2 IS NULL OR learner_id IN (SELECT learner_id FROM class_member WHERE class_id = ?2))",
            since,
            class_id,
        )
        return (int(row["up"]), int(row["down"])) if row else (0, 0)

    @reads
    def reports_since(self, since: str, class_id: int | None = None) -> int:
        """Reports of answers given from a day on."""
        row = self._row(
            "SELECT count(*) AS n FROM flag CROSS JOIN turn_fact USING (message_id) WHERE day >= ?1 AND "
            "(?2 IS NULL OR learner_id IN (SELECT learner_id FROM class_member WHERE class_id = ?2))",
            since,
            class_id,
        )
        return int(row["n"]) if row else 0

    @reads
    def ratings_by_month(self, since: str, class_id: int | None = None) -> tuple[MonthRatings, ...]:
        """From a day on, oldest first."""
        of_class = "(?2 IS NULL OR learner_id IN (SELECT learner_id FROM class_member WHERE class_id = ?2))"
        thumbs = self._rows(
            "SELECT substr(day, 1, 7) AS month, sum(rating = 1) AS up, sum(rating = -1) AS down "
            f"FROM rating CROSS JOIN turn_fact USING (message_id) WHERE day >= ?1 AND {of_class} GROUP BY 1",
            since,
            class_id,
        )
        said = self._rows(
            "SELECT substr(asked_at, 1, 7) AS month, count(*) AS surveys, sum(helped) AS helped, sum(again) AS again "
            f"FROM survey WHERE asked_at >= ?1 AND helped > 0 AND again > 0 AND {of_class} GROUP BY 1",
            since,
            class_id,
        )
        by_month: dict[str, dict[str, float]] = {}
        for row in (*thumbs, *said):
            by_month.setdefault(row.pop("month"), {}).update(row)
        return tuple(MonthRatings(month=month, **by_month[month]) for month in sorted(by_month))  # type: ignore[arg-type]
