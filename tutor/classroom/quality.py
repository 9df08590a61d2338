"""How well the tutor does, over months: content learners, errors by kind, how it speaks, blind grades."""

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import msgspec

from tutor.classroom.overview import Share, lesson_named
from tutor.domain import Frozen
from tutor.store.grades import GradedTurn
from tutor.store.surveys import MonthRatings
from tutor.store.teaching import Tally

if TYPE_CHECKING:
    from tutor.store import Store

GRADES: Final = ("accurate", "kind", "level")
_T: Final = (12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.20, 2.18, 2.16, 2.14, 2.13, 2.12, 2.11,
             2.10, 2.09, 2.09, 2.08, 2.07, 2.07, 2.06, 2.06, 2.06, 2.05, 2.05, 2.05)  # fmt: skip
"""Student's t for a 95% interval of the mean, by degrees of freedom from 1 on; beyond them 1.96."""


class Mean(Frozen):
    """A mean with its 95% interval."""

    value: float
    low: float
    high: float
    count: int


class Month(Frozen):
    """One month of figures."""

    month: str
    """Such as `2026-03`."""
    thumbs: Share
    helped: float | None
    """Mean answer to the first question, 1 to 5."""
    again: float | None
    mood: float | None
    """Mean of the mood words, -1 to 1."""
    moods: int
    grades: dict[str, Mean]
    errors: dict[str, int]


class Row(Frozen):
    """A lesson or a model beside the others."""

    name: str
    turns: int
    errors: dict[str, int]
    rules_fired: int
    revealed: int
    graded: Mean | None
    """For accuracy."""
    lesson_id: int | None = None


class Speaking(Frozen):
    """How the tutor spoke in the answers of one month, lesson and model."""

    month: str
    lesson: str = ""
    """Title; "" for work without a lesson."""
    model: str = ""
    turns: int = 0
    learner_words: int = 0
    tutor_words: int = 0
    asked: int = 0
    """The tutor's questions."""
    stopped: int = 0
    """Answers that a learner ended with Stop."""
    spoken: int = 0
    """Answers whose politeness was measured."""
    polite_sum: float = 0.0
    blunt: int = 0

    @property
    def share(self) -> float | None:
        """The tutor's part of all words."""
        words = self.tutor_words + self.learner_words
        return self.tutor_words / words if words else None

    @property
    def questions(self) -> float | None:
        """The tutor's questions a turn."""
        return self.asked / self.turns if self.turns else None

    @property
    def politeness(self) -> float | None:
        """The mean, -1 to 1."""
        return self.polite_sum / self.spoken if self.spoken else None

    def __add__(self, other: "Speaking") -> "Speaking":
        """Both together, under the name of this one."""
        sums = {name: getattr(self, name) + getattr(other, name) for name in _SUMMED}
        return msgspec.structs.replace(self, **sums)


_SUMMED: Final = ("turns", "learner_words", "tutor_words", "asked", "stopped", "spoken", "polite_sum", "blunt")


def speaking_of(
    found: "Iterable[Speaking]", *, lesson: str | None = None, model: str | None = None
) -> dict[str, Speaking]:
    """By month, of one lesson or model where one is given."""
    made: dict[str, Speaking] = {}
    for each in found:
        if lesson in (None, each.lesson) and model in (None, each.model):
            made[each.month] = made.get(each.month, Speaking(month=each.month)) + each
    return made


class Named(Frozen):
    """Errors of one kind that were named in answers of one month, lesson and model."""

    month: str
    lesson: str
    """Title; "" for work without a lesson."""
    model: str
    error: str
    count: int


def errors_of(
    found: "Iterable[Named]", *, lesson: str | None = None, model: str | None = None
) -> dict[str, Counter[str]]:
    """By month, of one lesson or model where one is given."""
    made: dict[str, Counter[str]] = defaultdict(Counter)
    for each in found:
        if lesson in (None, each.lesson) and model in (None, each.model):
            made[each.month][each.error] += each.count
    return made


class Quality(Frozen):
    """Everything on the page, in data."""

    months: tuple[Month, ...]
    lessons: tuple[Row, ...]
    models: tuple[Row, ...]
    errors: tuple[Named, ...]
    speaking: tuple[Speaking, ...]
    rules: tuple[tuple[str, str, int], ...]
    """(guideline, what was done, turns)"""


def quality(store: "Store", days: int, class_id: int | None = None, today: date | None = None) -> Quality:
    """Of the months of the last `days` days; the first one is counted whole. Raises `UserError` of the disk."""
    first = ((today or date.today()) - timedelta(days=days - 1)).replace(day=1).isoformat()
    tallies = store.tallies(first, class_id)
    grades = store.grades(first, class_id)
    errors = store.errors_by_month(first, class_id)
    by_month: dict[str, Counter[str]] = defaultdict(Counter)
    by_lesson: dict[int | None, Counter[str]] = defaultdict(Counter)
    by_model: dict[str, Counter[str]] = defaultdict(Counter)
    for found in errors:
        by_month[found.month][found.error] += found.count
        by_lesson[found.lesson_version_id][found.error] += found.count
        by_model[found.model][found.error] += found.count
    thumbs = {each.month: each for each in store.ratings_by_month(first, class_id)}
    months = sorted({tally.month for tally in tallies} | set(by_month))
    versions = {tally.lesson_version_id for tally in tallies} | {found.lesson_version_id for found in errors}
    named = {each: lesson_named(store, each) for each in versions}
    titles = {each: title for each, (title, _) in named.items()}
    lesson_ids = dict(named.values())
    of_lesson: dict[str, Counter[str]] = defaultdict(Counter)  # versions of a lesson stand together
    for version, counted in by_lesson.items():
        of_lesson[titles.get(version, "")] += counted
    return Quality(
        months=tuple(
            _month(
                month,
                [tally for tally in tallies if tally.month == month],
                thumbs.get(month, MonthRatings(month=month)),
                [grade for grade in grades if grade.day.startswith(month)],
                by_month[month],
            )
            for month in months
        ),
        lessons=_rows(tallies, grades, of_lesson, lambda each: titles.get(each.lesson_version_id, ""), lesson_ids),
        models=_rows(tallies, grades, by_model, lambda each: each.model),
        errors=tuple(
            Named(
                month=each.month,
                lesson=titles[each.lesson_version_id],
                model=each.model,
                error=each.error,
                count=each.count,
            )
            for each in errors
        ),
        speaking=tuple(
            Speaking(
                month=each.month,
                lesson=titles[each.lesson_version_id],
                model=each.model,
                turns=each.turns,
                learner_words=each.learner_words,
                tutor_words=each.tutor_words,
                asked=each.tutor_questions,
                stopped=each.stopped,
                spoken=each.spoken,
                polite_sum=each.polite_sum,
                blunt=each.blunt,
            )
            for each in tallies
        ),
        rules=store.rules_fired(first, class_id),
    )


def mean_of(values: Sequence[float]) -> Mean | None:
    """With Student's t; None of none, no narrower than the scale for one."""
    if not values:
        return None
    middle = statistics.fmean(values)
    if len(values) < 2:
        return Mean(value=middle, low=1.0, high=5.0, count=1)
    t = _T[len(values) - 2] if len(values) - 2 < len(_T) else 1.96
    half = t * statistics.stdev(values) / math.sqrt(len(values))
    return Mean(value=middle, low=max(1.0, middle - half), high=min(5.0, middle + half), count=len(values))


def _month(
    month: str, tallies: Sequence[Tally], said: MonthRatings, grades: Sequence[GradedTurn], errors: Counter[str]
) -> Month:
    moods = sum(tally.moods for tally in tallies)
    found = {name: mean_of([getattr(grade, name) for grade in grades]) for name in GRADES}
    return Month(
        month=month,
        thumbs=Share(count=said.up, of=said.up + said.down),
        helped=said.helped / said.surveys if said.surveys else None,
        again=said.again / said.surveys if said.surveys else None,
        mood=sum(tally.mood_sum for tally in tallies) / moods if moods else None,
        moods=moods,
        grades={name: mean for name, mean in found.items() if mean is not None},
        errors=dict(errors),
    )


def _rows(
    tallies: Iterable[Tally],
    grades: Iterable[GradedTurn],
    errors: Mapping[str, Counter[str]],
    name_of: Callable[[Tally | GradedTurn], str],
    lesson_ids: Mapping[str, int | None] | None = None,
) -> tuple[Row, ...]:
    """One row a name, most turns first."""
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    graded: dict[str, list[float]] = defaultdict(list)
    for tally in tallies:
        mine = sums[name_of(tally)]
        mine["turns"] += tally.turns
        mine["rules_fired"] += tally.rules_fired
        mine["revealed"] += tally.revealed
    for grade in grades:
        graded[name_of(grade)].append(grade.accurate)
    return tuple(
        Row(
            name=name,
            turns=mine["turns"],
            errors=dict(errors.get(name, {})),
            rules_fired=mine["rules_fired"],
            revealed=mine["revealed"],
            graded=mean_of(graded[name]),
            lesson_id=(lesson_ids or {}).get(name),
        )
        for name, mine in sorted(sums.items(), key=lambda found: -found[1]["turns"])
    )
