"""Quality: content learners, blind grades, errors by kind, turn-taking, guidelines, fairness; month by month."""

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem, QVBoxLayout

from tutor.classroom.quality import GRADES, Month, Quality, Row, quality
from tutor.errors import UserError
from tutor.i18n import tr, trn
from tutor.lessons.faults import guideline_name
from tutor.qt import theme
from tutor.qt.flow import flow
from tutor.qt.plots import percent
from tutor.qt.plots_amounts import Amounts
from tutor.qt.plots_trend import Line, Trend
from tutor.qt.teacher.fairness_card import FairnessCard
from tutor.qt.teacher.grading import grade_in_words
from tutor.qt.teacher.in_parts import InParts
from tutor.qt.teacher.period import Period, month_in_words
from tutor.qt.teacher.review_words import error_in_words
from tutor.qt.teacher.section import Section, empty
from tutor.qt.widgets import Card, button, clear, label

if TYPE_CHECKING:
    from tutor.app import App

_ROW: Final = 34


def grade(value: float) -> str:
    return QLocale().toString(value, "f", 1)


class QualitySection(Section):
    """`wants_grading`: the blind grades."""

    wants_grading = Signal()

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
                partial(self._turns, shown.months, names),
                partial(self._rules, shown),
            )
        )

    # --- the parts ----------------------------------------------------------------------------------------------------

    def _grades(self, months: tuple[Month, ...], names: list[str]) -> None:
        card = self._card(tr("Blind grades"), tr("Of answers drawn by chance, 1 to 5."))
        if any(month.grades for month in months):
            lines = [_grade_line(months, name) for name in GRADES]
            card.body.addWidget(
                Trend(tr("Blind grades"), names, lines, tr("Grade"), grade, bounds=(1.0, 5.0), when=tr("Month"))
            )
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
            card.body.addWidget(
                Trend(thumbs.name, names, [thumbs], tr("Thumbs up"), percent, bounds=(0.0, 1.0), when=tr("Month"))
            )
        asked = [
            Line(name=tr("Did it help?"), values=tuple(m.helped for m in months)),
            Line(name=tr("Ask again?"), values=tuple(m.again for m in months)),
        ]
        if any(value is not None for line in asked for value in line.values):
            words = tr("The two questions")
            card.body.addWidget(Trend(words, names, asked, tr("1 to 5"), grade, bounds=(1.0, 5.0), when=tr("Month")))
        last = next((month for month in reversed(months) if month.mood is not None), None)
        if last is not None and last.mood is not None:
            mood = QLocale().toString(last.mood, "f", 2)
            card.body.addWidget(
                label(
                    tr("Mood words in {month}: {mood} on a scale from -1 to 1, in {n} messages that had any.",
                       month=month_in_words(last.month), mood=mood, n=last.moods)
                )
            )  # fmt: skip
        if not any(thumbs.counts) and last is None:
            card.body.addWidget(label(tr("Nobody said anything about it yet."), "quiet"))

    def _errors(self, shown: Quality) -> None:
        card = self._card(tr("Errors that you named"), tr("In the review and in blind grades."))
        totals: dict[str, int] = {}
        for month in shown.months:
            for error, count in month.errors.items():
                totals[error] = totals.get(error, 0) + count
        if not totals:
            card.body.addWidget(label(tr("None yet. In the review you can say what kind of error it was."), "quiet"))
        else:
            named = sorted(((error_in_words(e), float(n)) for e, n in totals.items()), key=lambda each: -each[1])
            heads = (tr("Kind of error"), tr("Answers"))
            card.body.addWidget(Amounts(tr("Errors by kind"), named, tr("Answers"), heads, _whole))
            lines = [
                Line(name=error_in_words(error), values=tuple(float(m.errors.get(error, 0)) for m in shown.months))
                for error in sorted(totals, key=lambda each: -totals[each])[:3]
            ]
            most = max(value or 0.0 for line in lines for value in line.values)
            card.body.addWidget(
                Trend(tr("Errors by month"), [month_in_words(m.month) for m in shown.months], lines, tr("Answers"),
                      _whole, bounds=(0.0, max(4.0, most)), when=tr("Month"))
            )  # fmt: skip
        card.body.addWidget(label(tr("By lesson"), "strong"))
        card.body.addWidget(_table(tr("By lesson"), tr("Lesson"), shown.lessons, tr("No lesson")))
        card.body.addWidget(label(tr("By model"), "strong"))
        card.body.addWidget(_table(tr("By model"), tr("Model"), shown.models, tr("Unknown")))

    def _turns(self, months: tuple[Month, ...], names: list[str]) -> None:
        card = self._card(tr("Taking turns"), tr("A tutor who listens says no more than it must, and asks."))
        share = Line(name=tr("The tutor's share of words"), values=tuple(m.tutor_share for m in months))
        card.body.addWidget(
            Trend(share.name, names, [share], tr("Share of words"), percent, bounds=(0.0, 1.0), when=tr("Month"))
        )
        last = months[-1]
        asked = QLocale().toString(last.questions, "f", 1)
        stops = QLocale().toString(100 * last.stopped.value, "f", 1)
        card.body.addWidget(
            label(
                tr("In {month} the tutor asked {n} questions a turn, and was interrupted with Stop in {stops} of 100.",
                   month=month_in_words(last.month), n=asked, stops=stops)
            )
        )  # fmt: skip

    def _rules(self, shown: Quality) -> None:
        if not shown.rules:
            return
        totals: dict[str, float] = {}
        for rule, _done, turns in shown.rules:
            totals[guideline_name(rule)] = totals.get(guideline_name(rule), 0.0) + turns
        card = self._card(tr("Guidelines that were needed"), tr("In how many turns each one held something back."))
        named = sorted(totals.items(), key=lambda each: -each[1])
        card.body.addWidget(
            Amounts(tr("Guidelines"), named, tr("Turns"), (tr("Guideline"), tr("Turns")), _whole)
        )  # fmt: skip

    def _card(self, heading: str, caption: str) -> Card:
        card = Card(pad=16, gap=8)
        card.body.addWidget(label(heading, "heading"))
        card.body.addWidget(label(caption, "caption"))
        self._page.addWidget(card)
        return card


def _whole(amount: float) -> str:
    return QLocale().toString(round(amount))


def _grade_line(months: tuple[Month, ...], name: str) -> Line:
    found = [month.grades.get(name) for month in months]
    return Line(
        name=grade_in_words(name),
        values=tuple(mean.value if mean else None for mean in found),
        low=tuple(mean.low if mean else None for mean in found),
        high=tuple(mean.high if mean else None for mean in found),
        counts=tuple(mean.count if mean else 0 for mean in found),
    )


def _table(name: str, first: str, rows: tuple[Row, ...], nameless: str) -> QTableWidget:
    heads = (first, tr("Answers"), tr("Errors"), tr("Most often"), tr("Accuracy"))
    made = QTableWidget(len(rows), len(heads))
    made.setAccessibleName(name)
    made.setHorizontalHeaderLabels(list(heads))
    made.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    made.verticalHeader().hide()
    made.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    for y, each in enumerate(rows):
        worst = max(each.errors, key=lambda error: each.errors[error]) if each.errors else ""
        mean = each.graded
        graded = f"{grade(mean.value)} ({grade(mean.low)} – {grade(mean.high)})" if mean else "–"
        cells: tuple[str | int, ...] = (each.name or nameless, each.turns, sum(each.errors.values()),
                                        error_in_words(worst) if worst else "–", graded)  # fmt: skip
        for x, value in enumerate(cells):
            item = QTableWidgetItem()
            item.setData(Qt.ItemDataRole.DisplayRole, value)  # numbers stay numbers, so that they sort as such
            item.setToolTip(trn("{n} grade", "{n} grades", mean.count) if mean and value == graded else str(value))
            made.setItem(y, x, item)
    made.setSortingEnabled(True)
    made.horizontalHeader().setSortIndicator(-1, made.horizontalHeader().sortIndicatorOrder())
    made.setFixedHeight(theme.scale(_ROW * (min(len(rows), 6) + 1) + 8))
    return made
