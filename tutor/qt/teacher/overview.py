"""Overview: who is stuck, what waits, whether the tutor does well; then who worked on what, and what has changed."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tutor.classroom.overview import Grid, Overview, Stuck, overview
from tutor.errors import UserError
from tutor.i18n import tr, trn
from tutor.qt.pictures import Picture
from tutor.qt.plots import percent
from tutor.qt.plots_amounts import Amounts, Heat
from tutor.qt.plots_trend import Line, Trend
from tutor.qt.teacher.counted import Counted, Tile, number
from tutor.qt.teacher.in_parts import InParts
from tutor.qt.teacher.period import Period, day_in_words
from tutor.qt.teacher.section import Section, empty, when
from tutor.qt.teacher.thirds import Thirds
from tutor.qt.widgets import Card, Symbol, button, clear, label, row
from tutor.store.counted import Counting

if TYPE_CHECKING:
    from tutor.app import App

FEW: Final = 3
MOST: Final = 40
"""Rows of the grid of learners; who worked most comes first, the table holds as many."""


def minutes(amount: float) -> str:
    return tr("{n} min", n=QLocale().toString(amount, "f", 0 if amount >= 1 or not amount else 1))


class OverviewSection(Section):
    """`wanted` carries the `Counted` of the number that was pressed."""

    wanted = Signal(object)

    def __init__(self, app: "App") -> None:
        super().__init__(tr("Overview"))
        self._store = app.store
        self.period = Period(app.store)
        self.period.changed.connect(self.enter)
        self._all_stuck = self._turned = False
        self._page = QVBoxLayout()
        self._page.setSpacing(16)
        self.body.addWidget(self.period)
        self.body.addLayout(self._page)
        self.body.addStretch(1)
        self.shown: Overview | None = None
        self.parts = InParts(self)

    def enter(self) -> None:
        self.period.refresh()
        try:
            shown = overview(self._store, self.period.days, self.period.class_id)
        except UserError as error:
            self.complain(error)
            return
        if shown == self.shown and not self._turned:
            return  # nothing has happened since; plots are costly to draw
        self.shown, self._turned = shown, False
        self.parts.begin(())
        clear(self._page)
        self._page.addWidget(Thirds([self._stuck(self.shown), self._waits(self.shown), self._well(self.shown)]))
        if self.shown.turns:
            self._work(self.shown)
        else:
            nothing = tr("Nobody worked with the tutor in this time. Choose a longer one, or set a lesson.")
            if not self._store.learners():
                nothing = tr("There are no learners yet. Add the first one under “Learners”.")
            self._page.addWidget(empty(nothing))

    # --- three questions ----------------------------------------------------------------------------------------------

    def _stuck(self, shown: Overview) -> Card:
        card, box = self._question(tr("Who is stuck?"), "life-buoy", str(len(shown.stuck)), self._show_stuck)
        if not shown.stuck:
            box.addWidget(label(tr("Nobody, as far as the tutor can tell."), "quiet"))
        few = shown.stuck if self._all_stuck else shown.stuck[:FEW]
        for each in few:
            box.addWidget(self._one_stuck(each))
        if len(shown.stuck) > FEW:
            others = len(shown.stuck) - FEW
            words = tr("Show fewer") if self._all_stuck else trn("and {n} other", "and {n} others", others)
            box.addLayout(row(button(words, "link", "", self._toggle_stuck)))
        return card

    def _one_stuck(self, stuck: Stuck) -> QWidget:
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(stuck.learner, "strong"))
        what = " · ".join(part for part in (stuck.what, stuck.lesson) if part)
        words.addWidget(label(what))
        words.addWidget(label(f"{stuck.why} · {when(stuck.at)}", "caption"))
        line.addWidget(Picture(stuck.picture, 32), 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        counted = Counted(section="learners", learner_id=stuck.learner_id, message_id=stuck.message_id)
        return Tile(
            tr("Open what {name} is stuck at: {what}", name=stuck.learner, what=what),
            holder,
            partial(self.wanted.emit, counted),
        )

    def _show_stuck(self) -> None:
        """All of them; where all are shown already, the first one's work."""
        if self.shown is None or not self.shown.stuck:
            return
        if len(self.shown.stuck) > FEW and not self._all_stuck:
            self._toggle_stuck()
            return
        first = self.shown.stuck[0]
        self.wanted.emit(Counted(section="learners", learner_id=first.learner_id, message_id=first.message_id))

    def _toggle_stuck(self) -> None:
        self._all_stuck, self._turned = not self._all_stuck, True
        self.enter()

    def _waits(self, shown: Overview) -> Card:
        waiting = shown.waiting
        first = next((key for key in ("alert", "escalation", "flag", "unsure", "correction") if waiting[key]), "")
        section = {"alert": "safeguarding", "correction": "corrections"}.get(first, "review")
        card, box = self._question(
            tr("What waits for me?"), "bell", str(sum(waiting.values())), partial(self._open, section)
        )
        for key, section, words in (
            ("alert", "safeguarding", trn("{n} safety alert", "{n} safety alerts", waiting["alert"])),
            ("escalation", "review", trn("{n} question to you", "{n} questions to you", waiting["escalation"])),
            ("flag", "review", trn("{n} report", "{n} reports", waiting["flag"])),
            ("unsure", "review", trn("{n} answer in doubt", "{n} answers in doubt", waiting["unsure"])),
            ("correction", "corrections", trn("{n} correction", "{n} corrections", waiting["correction"])),
        ):
            if waiting[key]:
                box.addLayout(row(button(words, "link", "", partial(self._open, section, kind=key))))
        if not any(waiting.values()):
            box.addWidget(label(tr("Nothing. Everything is looked at."), "quiet"))
        return card

    def _well(self, shown: Overview) -> Card:
        helped, more = shown.helped, partial(self._open, "quality")
        card, box = self._question(
            tr("Is the tutor doing well?"), "thumbs-up", percent(helped.value) if helped.of else "–",
            partial(self._list, "thumbs") if helped.of else more,
        )  # fmt: skip
        if helped.of:
            low, high = helped.interval
            words = tr(
                "{share} of {n} thumbs are up ({low} – {high})",
                share=percent(helped.value), n=helped.of, low=percent(low), high=percent(high),
            )  # fmt: skip
            box.addWidget(number(words, tr("Open the thumbs: {words}", words=words), partial(self._list, "thumbs")))
        else:
            box.addWidget(label(tr("Nobody pressed a thumb in this time."), "quiet"))
        if shown.graded:
            grade = QLocale().toString(shown.accurate, "f", 1)
            words = tr("Graded {grade} of 5 for accuracy ({n})", grade=grade, n=shown.graded)
            grades = partial(self._list, "grades")
            box.addWidget(number(words, tr("Open the blind grades: {words}", words=words), grades))
        if shown.turns:
            rate = QLocale().toString(100 * shown.reports / shown.turns, "f", 1)
            words = tr("{rate} reports in 100 answers", rate=rate)
            reports = partial(self._open, "review", kind="flag", state="all", since=self._since())
            box.addWidget(number(words, tr("Open the reports: {words}", words=words), reports))
        box.addLayout(row(button(tr("More about quality"), "link", "", more)))
        return card

    def _question(
        self, words: str, symbol: str, figure: str, on_click: Callable[[], object]
    ) -> tuple[Card, QVBoxLayout]:
        card = Card(pad=16, gap=8)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Symbol(symbol, 20, "accent"), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(label(words, "strong"), 1)
        card.body.addLayout(head)
        card.body.addWidget(number(figure, f"{words} {figure}", on_click, "display"))
        box = QVBoxLayout()
        box.setSpacing(8)
        card.body.addLayout(box)
        card.body.addStretch(1)
        return card, box

    def _open(self, section: str, **what: Any) -> None:
        """What a number counts, of the class that is shown."""
        self.wanted.emit(Counted(section=section, class_id=self.period.class_id, days=self.period.days, **what))

    def _since(self) -> str:
        return (date.today() - timedelta(days=self.period.days - 1)).isoformat()

    def _list(self, measure: str, **what: Any) -> None:
        """The turns that a number counts."""
        wanted = {"since": self._since(), "until": "", "class_id": self.period.class_id, **what}
        self._open("turns", counting=Counting(measure=measure, **wanted))

    def _days(self, grid: Grid, at: int) -> dict[str, str]:
        """First and last day of one part of the time."""
        first = grid.parts[at]
        last = first + timedelta(days=6 if grid.weekly else 0)
        return {"since": max(first.isoformat(), self._since()), "until": last.isoformat()}

    def _open_field(self, grid: Grid, row: int, column: int) -> None:
        """A learner's turns of a day or week; the column of names opens their report."""
        learner = grid.learner_ids[row]
        if column:
            self._list("minutes", learner_id=learner, **self._days(grid, column - 1))
        else:
            self._open("reports", learner_id=learner)

    # --- who worked on what -------------------------------------------------------------------------------------------

    def _work(self, shown: Overview) -> None:
        grid = shown.grid
        parts = [day_in_words(day) for day in grid.parts]
        axis = tr("Week from") if grid.weekly else tr("Day")
        heading = tr("Minutes of each learner, by week") if grid.weekly else tr("Minutes of each learner, by day")
        card = self._card(tr("Who worked, and when"), tr("The stronger a field, the more minutes."))
        heat = Heat(heading, grid.names[:MOST], parts, grid.minutes[:MOST], axis, tr("Learner"), minutes)
        heat.let_choose(
            tr("Press a field to see the turns; in the table, Enter does, and on a name opens the learner's report.")
        )
        heat.chosen.connect(partial(self._open_field, grid))
        card.body.addWidget(heat)
        self.parts.begin((partial(self._on_what, shown), partial(self._changed, shown, parts, axis)))

    def _on_what(self, shown: Overview) -> None:
        if shown.lessons:
            named = [(title or tr("No lesson"), amount) for title, amount in shown.lessons]
            card = self._card(tr("On what"), "")
            bars = Amounts(tr("Minutes by lesson"), named, tr("Minutes"), (tr("Lesson"), tr("Minutes")), minutes)
            bars.let_choose(tr("Press a lesson to see its turns; in the table, Enter does."))
            bars.chosen.connect(
                lambda at, _part: self._list("minutes", lesson_id=shown.lesson_ids[at], own=not shown.lesson_ids[at])
            )
            card.body.addWidget(bars)

    def _changed(self, shown: Overview, parts: list[str], axis: str) -> None:
        grid = shown.grid
        card = self._card(tr("What has changed"), "")
        for each in shown.trends:
            opens = tr("Open the turns: {words}", words=each.words)
            card.body.addWidget(number(each.words, opens, partial(self._list, each.measure)))
        if sum(share.of > 0 for share in grid.begged) > 1:
            line = Line(
                name=tr("Asked for the answer without a try"),
                values=tuple(share.value if share.of else None for share in grid.begged),
                low=tuple(share.interval[0] if share.of else None for share in grid.begged),
                high=tuple(share.interval[1] if share.of else None for share in grid.begged),
                counts=tuple(share.of for share in grid.begged),
            )
            most = max((high or 0.0) for high in line.high)
            trend = Trend(
                line.name, parts, [line], tr("Share of messages"), percent, bounds=(0.0, max(0.1, most)), when=axis
            )
            trend.let_choose(tr("Press a point to see the turns; in the table, Enter does."))
            trend.chosen.connect(lambda at, _line: self._list("begged", **self._days(grid, at)))
            card.body.addWidget(trend)

    def _card(self, heading: str, caption: str) -> Card:
        card = Card(pad=16, gap=8)
        card.body.addWidget(label(heading, "heading"))
        if caption:
            card.body.addWidget(label(caption, "caption"))
        self._page.addWidget(card)
        return card
