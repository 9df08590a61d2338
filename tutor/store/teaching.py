"""Facts of every turn: written with the end of an answer, read by the teacher's pages in one scan."""

from datetime import date
from typing import Any, Final

from tutor.domain import Frozen, Message, Reply
from tutor.store.owner import Family, now, reads
from tutor.store.turn_facts import TurnFact, fact_of

_COLUMNS: Final = TurnFact.__struct_fields__
_INSERT: Final = f"INSERT OR REPLACE INTO turn_fact ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' for _ in _COLUMNS)})"
LONG_DAYS: Final = 60
"""From here on a page is read off the index of months, before off the index of days."""
_IN_CLASS: Final = "(?2 IS NULL OR turn_fact.learner_id IN (SELECT learner_id FROM class_member WHERE class_id = ?2))"


class DayUse(Frozen):
    """One learner's day."""

    learner_id: int
    day: str
    turns: int
    minutes: float
    begged: int
    emotional: int


class Tally(Frozen):
    """What the turns of one month with one lesson and one model come to."""

    month: str
    """Such as `2026-03`."""
    lesson_version_id: int | None
    model: str
    turns: int
    minutes: float
    stopped: int
    revealed: int
    rules_fired: int
    learner_words: int
    tutor_words: int
    tutor_questions: int
    moods: int
    """Messages that had a mood at all."""
    mood_sum: float
    spoken: int
    """Answers whose politeness was measured."""
    polite_sum: float
    blunt: int
    """Answers with more blunt than polite words."""


class Struggle(Frozen):
    """A problem that a learner has worked at without solving it."""

    learner_id: int
    problem: str
    item: str
    lesson_version_id: int | None
    turns: int
    attempts: int
    rung: int
    at: str
    message_id: int
    """The last answer about it."""


class TurnFacts(Family):
    """Tables `turn_fact` and `rule_fired`."""

    def _keep_fact(
        self, learner_id: int, lesson_version_id: int | None, question: Message | None, answer_id: int, reply: Reply
    ) -> None:
        """Within the transaction that finishes the answer, so that there is never one without the other."""
        last = self._row("SELECT max(at) AS at FROM turn_fact WHERE learner_id = ?", learner_id)
        fact = fact_of(
            answer_id,
            learner_id,
            lesson_version_id,
            question.text if question else "",
            reply,
            at=now(),
            before=(last or {}).get("at") or "",
        )
        self._do(_INSERT, *(getattr(fact, name) for name in _COLUMNS))
        for rule in reply.rules:
            if rule.fired:
                self._do(
                    "INSERT INTO rule_fired (message_id, rule, severity, done, times) VALUES (?, ?, ?, ?, ?) "
                    "ON CONFLICT (message_id, rule, done) DO UPDATE SET times = times + excluded.times",
                    answer_id,
                    rule.rule,
                    rule.severity.value,
                    rule.done,
                    rule.times,
                )

    @reads
    def turn_fact(self, message_id: int) -> TurnFact | None:
        row = self._row("SELECT * FROM turn_fact WHERE message_id = ?", message_id)
        return TurnFact(**row) if row else None

    @reads
    def day_use(self, since: str, class_id: int | None = None) -> tuple[DayUse, ...]:
        """Each learner's days from a day on (local, ISO 8601), oldest first."""
        rows = self._rows(
            "SELECT learner_id, day, count(*) AS turns, sum(active) / 60 AS minutes, sum(begged) AS begged, "
            f"sum(emotional) AS emotional FROM turn_fact WHERE day >= ?1 AND {_IN_CLASS} "
            "GROUP BY day, learner_id ORDER BY day, learner_id",
            since,
            class_id,
        )
        return tuple(DayUse(**row) for row in rows)

    @reads
    def tallies(self, since: str, class_id: int | None = None) -> tuple[Tally, ...]:
        """Month by lesson by model, from a day on."""
        long = (date.today() - date.fromisoformat(since)).days > LONG_DAYS
        index = "turn_fact_month" if long else "turn_fact_day"
        rows = self._rows(
            "SELECT substr(day, 1, 7) AS month, lesson_version_id, model, count(*) AS turns, "
            "sum(active) / 60 AS minutes, sum(stopped) AS stopped, sum(revealed) AS revealed, "
            "sum(rules_fired) AS rules_fired, sum(learner_words) AS learner_words, "
            "sum(tutor_words) AS tutor_words, sum(tutor_questions) AS tutor_questions, count(sentiment) AS moods, "
            "total(sentiment) AS mood_sum, count(politeness) AS spoken, total(politeness) AS polite_sum, "
            f"coalesce(sum(politeness < 0), 0) AS blunt FROM turn_fact INDEXED BY {index} "
            f"WHERE day >= ?1 AND {_IN_CLASS} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
            since,
            class_id,
        )
        return tuple(Tally(**row) for row in rows)

    @reads
    def struggles(
        self, since: str, class_id: int | None = None, *, tries: int = 3, hints: int = 3, turns: int = 6
    ) -> tuple[Struggle, ...]:
        """Problems begun since a day and not solved, after so many failed tries, or hints, or turns; newest first.

        Each learner's latest one alone: whoever went on to something else is not stuck on what was before.
        """
        rows = self._rows(
            "SELECT learner_id, problem, count(*) AS turns, max(message_id) AS message_id "
            f"FROM turn_fact INDEXED BY turn_fact_day WHERE day >= ?1 AND problem != '' AND {_IN_CLASS} "
            "GROUP BY learner_id, problem ORDER BY message_id DESC",
            since,
            class_id,
        )
        latest: dict[int, dict[str, Any]] = {}
        for row in rows:
            latest.setdefault(row["learner_id"], row)
        found: list[Struggle] = []
        for row in latest.values():
            # as it stands now: whoever solved it once and is at it again may be stuck all the same
            (last,) = self._rows("SELECT * FROM turn_fact WHERE message_id = ?", row["message_id"])
            known = {**last, **row}
            if not known["solved"] and (
                known["attempts"] >= tries or known["rung"] >= hints or known["turns"] >= turns
            ):
                found.append(Struggle(**{name: known[name] for name in Struggle.__struct_fields__}))
        return tuple(found)

    @reads
    def rules_fired(self, since: str, class_id: int | None = None) -> tuple[tuple[str, str, int], ...]:
        """(guideline, what was done, turns in which it fired) from a day on, most often first."""
        rows = self._rows(
            "SELECT rule, done, count(*) AS turns FROM rule_fired JOIN turn_fact USING (message_id) "
            f"WHERE day >= ?1 AND {_IN_CLASS} GROUP BY rule, done ORDER BY turns DESC",
            since,
            class_id,
        )
        return tuple((row["rule"], row["done"], row["turns"]) for row in rows)
