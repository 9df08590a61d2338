"""How the tutor speaks: politely or bluntly, how much, asking how often, stopped how often; by lesson and by model."""

from functools import partial

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QVBoxLayout

from tutor.classroom.quality import Quality, Row, Speaking, speaking_of
from tutor.i18n import tr, trn
from tutor.qt.flow import flow
from tutor.qt.plots import percent
from tutor.qt.plots_trend import Line, Trend
from tutor.qt.teacher.counted import number
from tutor.qt.teacher.period import month_in_words
from tutor.qt.teacher.turns_words import politeness_in_words
from tutor.qt.widgets import Card, Choice, clear, label


class SpeakingCard(Card):
    """`wanted` carries what was pressed: measure, month ("" for all of them), and the lesson's and model's rows."""

    wanted = Signal(str, str, object, object)

    def __init__(self, shown: Quality) -> None:
        super().__init__(pad=16, gap=8)
        self._shown = shown
        self.lesson, self.model = choices(shown)
        for choice in (self.lesson, self.model):
            choice.activated.connect(lambda _index: self.fill())
        self._plots = QVBoxLayout()
        self._plots.setSpacing(8)
        self.body.addWidget(label(tr("How the tutor speaks"), "heading"))
        self.body.addWidget(
            label(
                tr("A tutor who listens says no more than it must, asks, and is polite. Politeness is a rough figure, "
                   "from -1 (blunt) to 1 (polite), by words such as “please” and “you must”; English only."),
                "caption",
            )
        )  # fmt: skip
        self.body.addWidget(flow(self.lesson, self.model))
        self.body.addLayout(self._plots)
        self.fill()

    def fill(self) -> None:
        """The plots of what is chosen."""
        clear(self._plots)
        lesson, model = chosen(self._shown, self.lesson, self.model)
        found = speaking_of(
            self._shown.speaking, lesson=lesson.name if lesson else None, model=model.name if model else None
        )
        if not found:
            self._plots.addWidget(label(tr("Nothing was said here in this time."), "quiet"))
            return
        months = [month.month for month in self._shown.months]
        names = [month_in_words(month) for month in months]
        spoken = [found.get(month, Speaking(month=month)) for month in months]
        if any(each.spoken for each in spoken):
            polite = Line(
                name=tr("Politeness"),
                values=tuple(each.politeness for each in spoken),
                counts=tuple(each.spoken for each in spoken),
            )
            trend = Trend(polite.name, names, [polite], polite.name, politeness_in_words, bounds=(-1.0, 1.0),
                          when=tr("Month"))  # fmt: skip
            self._add(trend, "polite", months)
        else:
            self._plots.addWidget(label(tr("How politely it spoke was not measured in these answers."), "quiet"))
        share = Line(
            name=tr("The tutor's share of words"),
            values=tuple(each.share for each in spoken),
            counts=tuple(each.turns for each in spoken),
        )
        trend = Trend(share.name, names, [share], tr("Share of words"), percent, bounds=(0.0, 1.0), when=tr("Month"))
        self._add(trend, "words", months)
        self._last(found[max(found)])

    def _add(self, trend: Trend, measure: str, months: list[str]) -> None:
        trend.let_choose(tr("Press a point to see its answers; in the table, Enter does."))
        trend.chosen.connect(lambda at, _line: self._open(measure, months[at]))
        self._plots.addWidget(trend)

    def _last(self, last: Speaking) -> None:
        """The newest month's figures that need no plot, each a button."""
        month, say = month_in_words(last.month), QLocale().toString
        told = [
            ("questions", tr("In {month} the tutor asked {n} questions a turn.", month=month,
                             n=say(last.questions or 0.0, "f", 1))),
            ("stopped", trn("In {month} {n} answer was ended with Stop ({share} of 100).",
                            "In {month} {n} answers were ended with Stop ({share} of 100).", last.stopped, month=month,
                            share=say(100 * last.stopped / last.turns if last.turns else 0.0, "f", 1))),
        ]  # fmt: skip
        if last.spoken:
            words = trn(
                "In {month} {n} answer had more blunt than polite words.",
                "In {month} {n} answers had more blunt than polite words.",
                last.blunt,
                month=month,
            )
            told.append(("blunt", words))
        for measure, words in told:
            self._plots.addWidget(
                number(words, tr("Open the turns: {words}", words=words), partial(self._open, measure, last.month))
            )

    def _open(self, measure: str, month: str) -> None:
        self.wanted.emit(measure, month, *chosen(self._shown, self.lesson, self.model))


def choices(shown: Quality) -> tuple[Choice, Choice]:
    """A lesson and a model to choose from, each by its place among the rows."""
    lesson = Choice([("", tr("Every lesson")), *_named(shown.lessons, tr("No lesson"))])
    model = Choice([("", tr("Every model")), *_named(shown.models, tr("Unknown"))])
    lesson.setAccessibleName(tr("Lesson"))
    model.setAccessibleName(tr("Model"))
    return lesson, model


def chosen(shown: Quality, lesson: Choice, model: Choice) -> tuple[Row | None, Row | None]:
    """The rows of what is chosen."""
    return (
        shown.lessons[int(lesson.value())] if lesson.value() else None,
        shown.models[int(model.value())] if model.value() else None,
    )


def _named(rows: tuple[Row, ...], nameless: str) -> list[tuple[str, str]]:
    return [(str(number), each.name or nameless) for number, each in enumerate(rows)]
