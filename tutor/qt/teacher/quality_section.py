"""Quality: content learners, blind grades, errors by kind, how the tutor speaks, guidelines, fairness; by month."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from tutor.classroom.quality import GRADES, Month, Quality, Row, quality
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.lessons.faults import guideline_name
from tutor.qt.flow import flow
from tutor.qt.plots import percent, whole
from tutor.qt.plots_amounts import Amounts
from tutor.qt.plots_trend import Line, Trend
from tutor.qt.teacher.counted import Counted
from tutor.qt.teacher.errors_card import ErrorsCard
from tutor.qt.teacher.fairness_card import FairnessCard
from tutor.qt.teacher.grading import grade_in_words, one_decimal
from tutor.qt.teacher.in_parts import InParts
from tutor.qt.teacher.period import Period, days_of, month_in_words
from tutor.qt.teacher.section import Section, empty
from tutor.qt.teacher.speaking_card import SpeakingCard
from tutor.qt.teacher.turns_words import politeness_in_words as two_decimals
from tutor.qt.widgets import Card, button, clear, label
from tutor.store.counted import Counting

if TYPE_CHECKING:
    from tutor.app import App


class QualitySection(Section):
    """`wants_grading`: the blind grades. `wanted` carries the `Counted` of a number that was pressed."""

    wants_grading = Signal()
    wanted = Signal(object)

    def __init__(self, app: "App") -> None:
        super().__init__(
            tr("Quality"),
            tr("Month by month. A band is where the true value lies with 95% certainty; where bands overlap, the "
               "difference may be chance."),
        )  # fmt: skip
        self._store = app.store
        self.period = Period(app.store, 365)
        self.period.changed.connect(self.enter)
        self._page = QVBoxLayout()
        self._page.setSpacing(16)
        self.fairness = FairnessCard(app)
        self.body.addWidget(self.period)
        self.body.addLayout(self._page)
        self.body.addWidget(self.fairness)
        self.body.addStretch(1)
        self.shown: Quality | None = None
        self.parts = InParts(self)

    def enter(self) -> None:
        self.period.refresh()
        self.fairness.refresh()
        try:
            shown = quality(self._store, self.period.days, self.period.class_id)
        except UserError as error:
            self.complain(error)
            return
        if shown == self.shown:
            return
        self.shown = shown
        self.parts.begin(())
        clear(self._page)
        if not shown.months:
            self._page.addWidget(empty(tr("Nobody worked with the tutor in this time. Figures will stand here.")))
            return
        names = [month_in_words(month.month) for month in shown.months]
        self._grades(shown.months, names)
        self.parts.begin(
            (
                partial(self._content, shown.months, names),
                partial(self._errors, shown),
                partial(self._speaking, shown),
                partial(self._rules, shown),
            )
        )

    # --- the parts ----------------------------------------------------------------------------------------------------

    def _grades(self, months: tuple[Month, ...], names: list[str]) -> None:
        card = self._card(tr("Blind grades"), tr("Of answers drawn by chance, 1 to 5."))
        if any(month.grades for month in months):
            lines = [_grade_line(months, name) for name in GRADES]
            trend = Trend(
                tr("Blind grades"), names, lines, tr("Grade"), one_decimal, bounds=(1.0, 5.0), when=tr("Month")
            )
            self._opens(trend, months, "grades")
            card.body.addWidget(trend)
        else:
            card.body.addWidget(label(tr("Nothing was graded yet. Twenty answers take about ten minutes."), "quiet"))
        card.body.addWidget(flow(button(tr("Grade answers blind"), "plain", "star", self.wants_grading.emit)))

    def _content(self, months: tuple[Month, ...], names: list[str]) -> None:
        card = self._card(
            tr("Are learners content?"),
            tr("Thumbs under answers; two questions, once a week at most; and the Tutor mood words: how the learners' "
               "own words sound, by a small list, as a rough figure for a whole class."),
        )  # fmt: skip
        thumbs = Line(
            name=tr("Thumbs up"),
            values=tuple(m.thumbs.value if m.thumbs.of else None for m in months),
            low=tuple(m.thumbs.interval[0] if m.thumbs.of else None for m in months),
            high=tuple(m.thumbs.interval[1] if m.thumbs.of else None for m in months),
            counts=tuple(m.thumbs.of for m in months),
        )
        if any(thumbs.counts):
            trend = Trend(thumbs.name, names, [thumbs], tr("Thumbs up"), percent, bounds=(0.0, 1.0), when=tr("Month"))
            self._opens(trend, months, "thumbs")
            card.body.addWidget(trend)
        asked = [
            Line(name=tr("Did it help?"), values=tuple(m.helped for m in months)),
            Line(name=tr("Ask again?"), values=tuple(m.again for m in months)),
        ]
        if any(value is not None for line in asked for value in line.values):
            words = tr("The two questions")
            trend = Trend(words, names, asked, tr("1 to 5"), one_decimal, bounds=(1.0, 5.0), when=tr("Month"))
            self._opens(trend, months, "surveys")
            card.body.addWidget(trend)
        last = next((month for month in reversed(months) if month.mood is not None), None)
        if last is not None:
            mood = Line(
                name=tr("Mood words"), values=tuple(m.mood for m in months), counts=tuple(m.moods for m in months)
            )
            trend = Trend(mood.name, names, [mood], tr("Low to glad"), two_decimals, bounds=(-1.0, 1.0),
                          when=tr("Month"))  # fmt: skip
            self._opens(trend, months, "mood")
            card.body.addWidget(trend)
        if not any(thumbs.counts) and last is None:
            card.body.addWidget(label(tr("Nobody said anything about it yet."), "quiet"))

    def _errors(self, shown: Quality) -> None:
        self.errors = ErrorsCard(shown, self.period.class_id)
        self.errors.wanted.connect(self.wanted)
        self.errors.listed.connect(self._open_turns)
        self._page.addWidget(self.errors)

    def _speaking(self, shown: Quality) -> None:
        self.speaking = SpeakingCard(shown)
        self.speaking.wanted.connect(self._open_turns)
        self._page.addWidget(self.speaking)

    def _rules(self, shown: Quality) -> None:
        if not shown.rules:
            return
        totals: dict[str, float] = {}
        for rule, _done, turns in shown.rules:
            totals[rule] = totals.get(rule, 0.0) + turns
        card = self._card(tr("Guidelines that were needed"), tr("How often each one held something back."))
        needed = sorted(totals, key=lambda each: -totals[each])
        self.rules = Amounts(
            tr("Guidelines"), [(guideline_name(rule), totals[rule]) for rule in needed], tr("Turns"),
            (tr("Guideline"), tr("Turns")), whole,
        )  # fmt: skip
        self.rules.let_choose(tr("Press a bar to see its answers; in the table, Enter does."))
        self.rules.chosen.connect(lambda at, _column: self._open_turns("rule", rules=(needed[at],)))
        card.body.addWidget(self.rules)

    # --- what a number opens --------------------------------------------------------------------------------------

    def _opens(self, trend: Trend, months: tuple[Month, ...], measure: str) -> None:
        """Each point of a trend opens what it counts."""
        trend.let_choose(tr("Press a point to see what it counts; in the table, Enter does."))
        trend.chosen.connect(lambda at, _line: self._open_turns(measure, months[at].month))

    def _open_turns(
        self,
        measure: str,
        month: str = "",
        lesson: Row | None = None,
        model: Row | None = None,
        error: str = "",
        *,
        rules: tuple[str, ...] = (),
    ) -> None:
        if self.shown is None:
            return
        first, last = days_of(month) if month else (f"{self.shown.months[0].month}-01", "")
        counting = Counting(
            measure=measure,
            since=first,
            until=last,
            class_id=self.period.class_id,
            lesson_id=lesson.lesson_id if lesson else None,
            own=lesson is not None and lesson.lesson_id is None,
            model=model.name if model else None,
            rules=rules,
            error=error,
        )
        self.wanted.emit(Counted(section="turns", counting=counting))

    def about_class(self, class_id: int | None) -> None:
        """Show one class, or everyone."""
        if class_id != self.period.class_id:
            self.period.school_class.choose(str(class_id or ""))
            self.enter()

    def _card(self, heading: str, caption: str) -> Card:
        card = Card(pad=16, gap=8)
        card.body.addWidget(label(heading, "heading"))
        card.body.addWidget(label(caption, "caption"))
        self._page.addWidget(card)
        return card


def _grade_line(months: tuple[Month, ...], name: str) -> Line:
    found = [month.grades.get(name) for month in months]
    return Line(
        name=grade_in_words(name),
        values=tuple(mean.value if mean else None for mean in found),
        low=tuple(mean.low if mean else None for mean in found),
        high=tuple(mean.high if mean else None for mean in found),
        counts=tuple(mean.count if mean else 0 for mean in found),
    )
