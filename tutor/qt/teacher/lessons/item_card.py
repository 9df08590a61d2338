"""One practice item as a card: a line that opens into its question, answer, hints, steps and typical mistakes."""

from collections.abc import Iterator, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from tutor.domain import Item, Misconception
from tutor.i18n import tr, trn
from tutor.lessons.faults import Fault
from tutor.qt import theme
from tutor.qt.icons import icon
from tutor.qt.teacher.lessons.bound import Bound, within
from tutor.qt.teacher.lessons.cards import Cards, ElementCard
from tutor.qt.teacher.lessons.controls import Control, Decimal, Line, Lines, Text
from tutor.qt.teacher.lessons.draft import Lens
from tutor.qt.widgets import Field, Paragraph, button, clear, label, row, rule, tool


class OpeningLine(QPushButton):
    """One line that can be pressed; words that do not fit are cut with an ellipsis."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = ""
        self.setProperty("kind", "rail")
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def say(self, words: str) -> None:
        self._words = words
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.width() - self.iconSize().width() - theme.scale(36)
        self.setText(self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, max(room, 60)))


class ItemCard(ElementCard):
    """Made closed; its form is made when it is first opened, so that a lesson with fifty items opens at once."""

    def __init__(self, cards: Cards, index: int, opened: set[str]) -> None:
        super().__init__(cards, index)
        self._opened = opened
        self._id = self.value.id
        self._form: QWidget | None = None
        self.problems = label("", "alert")
        self.problems.hide()
        self.line = OpeningLine()
        self.line.clicked.connect(self.toggle)
        self.head.addWidget(self.line, 1)
        self.add_tools()
        self._under = label("", "caption")
        self.body.addWidget(self._under)
        self.body.addWidget(self.problems)
        if self._id in opened:
            self.open()
        else:
            self._write_line()

    @property
    def words(self) -> str:
        return tr("item {n}", n=self.index + 1)

    def fits(self, value: object) -> bool:
        return isinstance(value, Item) and value.id == self._id

    def show_value(self) -> None:
        if self._form is not None and len(self.value.misconceptions) != len(self._mistakes):
            self._show_mistakes()
        super().show_value()
        self._write_line()

    def fields(self) -> Iterator[Bound]:
        yield from self.bound
        if self._form is not None:
            for mistake in self._mistakes:
                yield from mistake

    def toggle(self) -> None:
        if self._form is not None and self._form.isVisibleTo(self):
            self._opened.discard(self._id)
            self._form.hide()
            self._write_line()
        else:
            self.open()

    def open(self) -> None:
        """Show the form."""
        self._opened.add(self._id)
        if self._form is None:
            self._form = self._make()
            self.body.addWidget(self._form)
        self._form.show()
        self._write_line()
        self.cards.opened.emit()

    def mark(self, faults: Sequence[Fault]) -> None:
        """At its fields; where the form is closed, how many places must be put right."""
        if self.is_open:
            super().mark(faults)
            self.problems.hide()
            return
        self.whole.hide()
        mine = [f for f in faults if f.stops and within(f.field, f"{self.cards.name}.{self.index}")]
        self.problems.setText(trn("{n} place to put right", "{n} places to put right", len(mine)))
        self.problems.setVisible(bool(mine))

    # --- inside -----------------------------------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        return self._form is not None and self._form.isVisibleTo(self)

    def _write_line(self) -> None:
        item = self.value
        question = " ".join(item.question.split()) or tr("(no question yet)")
        self.line.say(f"{self.index + 1}.  {question}")
        self.line.setIcon(icon("chevron-down" if self.is_open else "chevron-right", "quiet"))
        spoken = tr("Item {n}: {question}", n=self.index + 1, question=question)
        hint = tr("Close it") if self.is_open else tr("Open it")
        self.line.setAccessibleName(f"{spoken}. {hint}")
        said = [tr("Answer: {answer}", answer=item.answer or "–")]
        if item.hints:
            said.append(trn("{n} hint", "{n} hints", len(item.hints)))
        if item.misconceptions:
            said.append(trn("{n} typical mistake", "{n} typical mistakes", len(item.misconceptions)))
        self._under.setText(" · ".join(said))
        self._under.setVisible(not self.is_open)

    def _make(self) -> QWidget:
        form = QWidget()
        box = QVBoxLayout(form)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        lens = self.cards.lens.at(self.index)
        prefix = f"{self.cards.name}.{self.index}."
        one_a_line = tr("One a line.")
        for name, words, control, hint in (
            ("question", tr("Question"), Text(least=2), tr("As the learner reads it. $…$ for formulas.")),
            ("answer", tr("Answer"), Line(), ""),
            ("accepted", tr("Other ways to write the answer"), Lines(), one_a_line),
            ("tolerance", tr("How far off a number may be"), Decimal(0.0, 1_000_000.0, 4), tr("0: exactly.")),
            ("choices", tr("Choices"), Lines(), tr("For multiple choice: one a line, the answer among them.")),
            ("skill", tr("Skill"), Line(), tr("One of the lesson's skills.")),
            ("id", tr("Name"), Line(), tr("In files and records, such as q1. Learners do not see it.")),
            ("hints", tr("Hints"), Lines(least=3), tr("One a line, gentlest first. None may hold the answer.")),
            ("steps", tr("Worked solution"), Lines(least=3), tr("One step a line; shown when the answer may be.")),
        ):
            box.addWidget(self._bind(lens, prefix, name, words, control, hint))
        box.addWidget(rule())
        box.addWidget(label(tr("Typical mistakes"), "strong"))
        box.addWidget(
            Paragraph(
                tr("When a learner answers so, the tutor says what you write here instead of guessing."), "caption"
            )
        )
        self._mistakes: list[list[Bound]] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(12)
        box.addLayout(self._list)
        box.addLayout(row(button(tr("Add a typical mistake"), "quiet", "plus", self.add_mistake)))
        self._show_mistakes()
        return form

    def _bind(self, lens: Lens, prefix: str, name: str, words: str, control: Control, hint: str = "") -> Field:
        made = Bound(self.cards.draft, lens.field(name), prefix + name, words, control, hint)
        control.edited.connect(self._write_line)
        self.bound.append(made)
        return made

    # --- typical mistakes -------------------------------------------------------------------------------------------

    def add_mistake(self) -> None:
        self._set_mistakes((*self.value.misconceptions, Misconception(answer="", why="")), tr("Add a typical mistake"))
        self._mistakes[-1][0].control.setFocus(Qt.FocusReason.OtherFocusReason)

    def remove_mistake(self, number: int) -> None:
        kept = tuple(m for n, m in enumerate(self.value.misconceptions) if n != number)
        self._set_mistakes(kept, tr("Remove a typical mistake"))

    def _set_mistakes(self, values: tuple[Misconception, ...], words: str) -> None:
        draft = self.cards.draft
        lens = self.cards.lens.at(self.index).field("misconceptions")
        self._drop_mistakes()
        draft.change(f"items.{self.index}.misconceptions", lens.put(draft.lesson, values), words=words, redraw=True)
        if len(self._mistakes) != len(values):
            self._show_mistakes()
        self._write_line()

    def _drop_mistakes(self) -> None:
        """Before there are fewer of them: a field must not look where there is nothing any more."""
        self._mistakes = []
        clear(self._list)

    def _show_mistakes(self) -> None:
        self._drop_mistakes()
        draft = self.cards.draft
        base = self.cards.lens.at(self.index).field("misconceptions")
        for number in range(len(self.value.misconceptions)):
            prefix = f"{self.cards.name}.{self.index}.misconceptions.{number}."
            mine: list[Bound] = []
            holder = QWidget()
            line = QHBoxLayout(holder)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(8)
            fields = QVBoxLayout()
            fields.setSpacing(8)
            for name, words, control in (
                ("answer", tr("A wrong answer"), Line()),
                ("why", tr("What the learner was thinking"), Line()),
                ("say", tr("What to say then"), Text(least=2)),
            ):
                made = Bound(draft, base.at(number).field(name), prefix + name, words, control)
                mine.append(made)
                fields.addWidget(made)
            line.addLayout(fields, 1)
            away = tool(tr("Remove this mistake"), "x", partial(self.remove_mistake, number))
            line.addWidget(away, 0, Qt.AlignmentFlag.AlignTop)
            self._list.addWidget(holder)
            self._mistakes.append(mine)
