"""Guidelines: a card each, with its parameters, what happens when it is broken, and what code checks of it."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from tutor.classroom.lessons import usual_guidelines
from tutor.domain import Guideline, Severity, kind_of
from tutor.domain_lessons import (
    Assessment,
    AttemptFirst,
    Correctness,
    Escalation,
    Forbidden,
    HintLadder,
    Language,
    Length,
    Questions,
    ReadingLevel,
    Scope,
    Sources,
    Tone,
    Wish,
    Withhold,
    Words,
)
from tutor.i18n import tr
from tutor.lessons.faults import Fault
from tutor.qt.flow import FlowLayout
from tutor.qt.teacher.lessons import words
from tutor.qt.teacher.lessons.bound import Bound, Part
from tutor.qt.teacher.lessons.cards import Cards, ElementCard
from tutor.qt.teacher.lessons.controls import Decimal, Line, Pick, Whole
from tutor.qt.teacher.lessons.draft import WHOLE, Draft
from tutor.qt.teacher.lessons.parameters import parameters
from tutor.qt.teacher.section import empty
from tutor.qt.widgets import Notice, Paragraph, Symbol, button, label, row

MAKERS: dict[str, type[Any]] = {
    kind_of(kind()): kind
    for kind in (
        Scope, Withhold, HintLadder, AttemptFirst, Questions, ReadingLevel, Length, Words, Sources, Tone, Language,
        Forbidden, Escalation, Assessment, Correctness, Wish,
    )
}  # fmt: skip


class GuidelineCard(ElementCard):
    """One guideline."""

    def __init__(self, cards: Cards, index: int) -> None:
        super().__init__(cards, index)
        self.kind = words.kinds()[kind_of(self.value)]
        draft = cards.draft
        lens = cards.lens.at(index)
        prefix = f"{cards.name}.{index}."
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(label(self.kind.name, "strong"))
        names.addWidget(label(self.kind.does, "caption"))
        self.head.addLayout(names, 1)
        self.add_tools()
        small = QWidget()
        self._numbers = FlowLayout(small, gap=16)
        for each in parameters(kind_of(self.value)):
            field = Bound(draft, lens.field(each.name), prefix + each.name, each.words, each.control(), each.hint)
            self.bound.append(field)
            if isinstance(field.field_control, Whole | Decimal | Pick):
                field.name.setWordWrap(False)
                self._numbers.addWidget(field)
            else:
                self.body.addWidget(field)
        if self._numbers.count():
            self.body.insertWidget(2, small)
        self.severity: Bound | None = None
        if not self.kind.fixed and self.kind.checked:
            pick = Pick(words.severities())
            pick.edited.connect(self._explain)
            self.severity = Bound(
                draft, lens.field("severity"), prefix + "severity", tr("Words that break it"), _Severities(pick)
            )
            self.bound.append(self.severity)
            self.body.addWidget(self.severity)
        if self.kind.checked and kind_of(self.value) not in ("escalation", "assessment"):
            self._say(lens, prefix)
        self.body.addWidget(self._checked())
        self._explain()

    @property
    def words(self) -> str:
        return self.kind.name

    def show_value(self) -> None:
        super().show_value()
        self._explain()

    def _say(self, lens: Any, prefix: str) -> None:
        note = Line()
        note.setPlaceholderText(tr("The tutor's own words"))
        field = Bound(
            self.cards.draft, lens.field("note"), prefix + "note", tr("What the learner is quietly told then"), note
        )
        self.bound.append(field)
        self.body.addWidget(field)

    def _checked(self) -> QWidget:
        """What code makes sure of, and what it cannot."""
        if not self.kind.checked:
            return Notice(
                tr("Code cannot check this. The model reads your wish and usually follows it, but nothing makes sure."),
                "warm",
            )
        line = QWidget()
        box = QHBoxLayout(line)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        said = tr("Code checks: {what}", what=self.kind.checked)
        box.addWidget(Symbol("shield-check", 18, "good"), 0, Qt.AlignmentFlag.AlignTop)
        box.addWidget(label(" ".join(part for part in (said, self.kind.fixed) if part), "caption"), 1)
        return line

    def _explain(self) -> None:
        if self.severity is not None:
            self.severity.explain(words.severity_in_words(self.value.severity))


class _Severities(Pick):
    """Severity as the enum that the guideline holds."""

    def __init__(self, like: Pick) -> None:
        super().__init__([(like.itemData(i), like.itemText(i)) for i in range(like.count())])
        self.edited.connect(like.edited)

    def value(self) -> Severity:
        return Severity(super().value())

    def put(self, value: str) -> None:
        super().put(str(value))


class GuidelinesPart(Part):
    """The cards, and the menu that adds one."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(draft)
        self.body.addWidget(
            Paragraph(
                tr(
                    "What the tutor must do in this lesson. Code checks every sentence before a learner reads it, and "
                    "keeps a record for you."
                ),
                "quiet",
            )
        )
        self.empty = empty(
            tr("There are no guidelines yet: the tutor gives hints, as always. Add one, such as “Withholding answers”.")
        )
        self.cards = Cards(draft, WHOLE.field("guidelines"), "guidelines", GuidelineCard)
        self.add = button(tr("Add a guideline"), "plain", "plus")
        self.menu = QMenu(self.add)
        self.menu.aboutToShow.connect(self.fill_menu)
        self.add.setMenu(self.menu)
        self.body.addWidget(self.empty)
        self.body.addWidget(self.cards)
        self.body.addLayout(row(self.add))
        self.show_lesson()

    def show_lesson(self) -> None:
        self.cards.show_all()
        self.empty.setVisible(not self.draft.lesson.guidelines)

    def fields(self) -> Any:
        yield from self.cards.fields()

    def mark(self, faults: Sequence[Fault]) -> None:
        self.cards.mark(faults)

    def reveal(self, path: str) -> QWidget | None:
        return super().reveal(path) or self.cards.card_of(path)

    def fill_menu(self) -> None:
        """Kinds under their headings; what a lesson has once is greyed when it is there."""
        self.menu.clear()
        there = {kind_of(each) for each in self.draft.lesson.guidelines}
        kinds = words.kinds()
        for heading, group in words.groups():
            self.menu.addSection(heading)
            for name in group:
                action = self.menu.addAction(kinds[name].name)
                action.setEnabled(kinds[name].many or name not in there)
                action.setToolTip(kinds[name].does)
                action.triggered.connect(partial(self.add_kind, name))

    def add_kind(self, name: str, _checked: bool = False) -> None:
        """A guideline of this kind, with its usual parameters."""
        kind = words.kinds()[name]
        self.cards.add(usual(name, self.draft), tr("Add “{what}”", what=kind.name))
        self.empty.hide()


def usual(name: str, draft: Draft) -> Guideline:
    """A new guideline as most lessons want it."""
    lesson = draft.lesson
    for each in usual_guidelines(lesson.age_band):
        if kind_of(each) == name and name != "language":
            return each
    values = {"language": lesson.language} if name == "language" else {}
    made: Guideline = MAKERS[name](**values)
    return made
