"""The materials of a lesson: the texts that it may speak from, each with its title and licence."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from tutor.domain import Material
from tutor.i18n import tr
from tutor.lessons.faults import Fault
from tutor.qt.teacher.lessons.bound import Bound, Part
from tutor.qt.teacher.lessons.cards import Cards, ElementCard
from tutor.qt.teacher.lessons.controls import Line
from tutor.qt.teacher.lessons.draft import WHOLE, Draft
from tutor.qt.teacher.lessons.long_words import breakable
from tutor.qt.teacher.lessons.materials import MaterialsPanel
from tutor.qt.teacher.section import empty
from tutor.qt.widgets import Paragraph, label

if TYPE_CHECKING:
    from tutor.app import App


class MaterialCard(ElementCard):
    """One material."""

    def __init__(self, cards: Cards, index: int) -> None:
        super().__init__(cards, index)
        self._name = self.value.name
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(label(breakable(self.value.title or self._name), "strong"))
        names.addWidget(label(breakable(self._name), "caption"))
        self.head.addLayout(names, 1)
        self.add_tools()
        lens, prefix = cards.lens.at(index), f"{cards.name}.{index}."
        for name, words, hint in (
            ("title", tr("Title"), tr("Answers cite it by this.")),
            ("licence", tr("Licence"), tr("Such as CC BY 4.0. May stay empty.")),
        ):
            field = Bound(cards.draft, lens.field(name), prefix + name, words, Line(), hint)
            self.bound.append(field)
            self.body.addWidget(field)

    @property
    def words(self) -> str:
        return str(self.value.title or self.value.name)

    def fits(self, value: object) -> bool:
        return isinstance(value, Material) and value.name == self._name


class MaterialsPart(Part):
    """`adding` makes what brings materials in; it changes the draft by itself."""

    def __init__(self, draft: Draft, adding: Callable[[Draft], QWidget] | None = None) -> None:
        super().__init__(draft)
        self.body.addWidget(
            Paragraph(
                tr(
                    "Texts that the tutor may speak from. With the guideline “Only from the materials” it says nothing "
                    "else, and names the page or heading; a learner can open the passage."
                ),
                "quiet",
            )
        )
        self.empty = empty(tr("There are no materials yet. Add a file, or paste a text."))
        self.cards = Cards(draft, WHOLE.field("materials"), "materials", MaterialCard)
        self.body.addWidget(self.empty)
        self.body.addWidget(self.cards)
        if adding is not None:
            self.body.addWidget(adding(draft))
        self.show_lesson()

    def show_lesson(self) -> None:
        self.cards.show_all()
        self.empty.setVisible(not self.draft.lesson.materials)

    def fields(self) -> Iterator[Bound]:
        yield from self.cards.fields()

    def mark(self, faults: Sequence[Fault]) -> None:
        self.cards.mark(faults)

    def reveal(self, path: str) -> QWidget | None:
        return super().reveal(path) or self.cards.card_of(path)


def materials_part(app: "App", draft: Draft) -> MaterialsPart:
    """With what reads materials in."""
    return MaterialsPart(draft, partial(MaterialsPanel, app.materials))
