"""Practice items: their cards, a new one, and many at once from a table."""

import re
from collections.abc import Callable, Iterator, Sequence

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from tutor.domain import Item
from tutor.errors import UserError
from tutor.i18n import tr, trn
from tutor.lessons.faults import Fault
from tutor.lessons.items import with_items
from tutor.qt import theme
from tutor.qt.flow import flow
from tutor.qt.teacher.lessons.bound import Bound, Part
from tutor.qt.teacher.lessons.cards import Cards
from tutor.qt.teacher.lessons.draft import WHOLE, Draft
from tutor.qt.teacher.lessons.item_card import ItemCard
from tutor.qt.teacher.section import empty
from tutor.qt.widgets import Card, Field, Notice, Paragraph, button, label


class ItemsPart(Part):
    """`read_table` turns pasted CSV into items with ids of their own; it raises `UserError`."""

    def __init__(self, draft: Draft, read_table: Callable[[str], tuple[Item, ...]]) -> None:
        super().__init__(draft)
        self._read_table = read_table
        self.opened: set[str] = set()
        """Items whose form is open; also after they were moved."""
        self.body.addWidget(
            Paragraph(
                tr("What learners practise. The tutor knows the answers; a guideline says when it may say them."),
                "quiet",
            )
        )
        self.empty = empty(tr("There are no items yet. Add one, or paste a table from a spreadsheet."))
        self.cards = Cards(draft, WHOLE.field("items"), "items", lambda cards, i: ItemCard(cards, i, self.opened))
        self.add = button(tr("Add an item"), "plain", "plus", self.add_item)
        self.many = button(tr("Paste a table…"), "quiet", "list", self.open_table)
        self.said = Notice("", "good")
        self.said.hide()
        self.table = self._table()
        self.body.addWidget(self.empty)
        self.body.addWidget(self.cards)
        self.body.addWidget(flow(self.add, self.many))
        self.body.addWidget(self.said)
        self.body.addWidget(self.table)
        self.show_lesson()

    def show_lesson(self) -> None:
        self.cards.show_all()
        self.empty.setVisible(not self.draft.lesson.items)

    def fields(self) -> Iterator[Bound]:
        yield from self.cards.fields()

    def mark(self, faults: Sequence[Fault]) -> None:
        self.cards.mark(faults)

    def reveal(self, path: str) -> QWidget | None:
        card = self.cards.card_of(path)
        if card is not None:
            card.open()
        return super().reveal(path) or card

    def add_item(self) -> None:
        item = Item(id=free_id(self.draft.lesson.items), question="", answer="")
        self.opened.add(item.id)
        self.cards.add(item, tr("Add an item"))
        self.empty.hide()

    # --- a table ----------------------------------------------------------------------------------------------------

    def open_table(self) -> None:
        self.said.hide()
        self.table.show()
        self.pasted.setFocus()

    def add_table(self) -> None:
        """The pasted rows become items at the end."""
        try:
            read = self._read_table(self.pasted.toPlainText())
        except UserError as error:
            self.pasted_field.complain(str(error))
            return
        self.pasted_field.complain("")
        lesson = with_items(self.draft.lesson, read)
        self.draft.change("items", lesson, words=tr("Add a table"), redraw=True)
        self.show_lesson()
        self.pasted.clear()
        self.table.hide()
        self.said.say(trn("{n} item was added.", "{n} items were added.", len(read)), "good")

    def _table(self) -> Card:
        card = Card(pad=16, gap=8)
        self.pasted = QPlainTextEdit()
        self.pasted.setTabChangesFocus(False)
        self.pasted.setFixedHeight(theme.scale(160))
        self.pasted.setPlaceholderText("question,answer,hints\n1/4 + 1/4,1/2,What is a quarter and a quarter?")
        self.pasted_field = Field(
            tr("Rows with a heading line"),
            self.pasted,
            tr(
                "Columns: question, answer, and where you like accepted, tolerance, choices, skill, hints, steps. "
                "Several entries in a cell are parted by |."
            ),
        )
        card.body.addWidget(label(tr("Items from a table"), "strong"))
        card.body.addWidget(self.pasted_field)
        card.body.addWidget(
            flow(
                button(tr("Add these items"), "primary", "", self.add_table),
                button(tr("Leave it"), "quiet", "", card.hide),
            )
        )
        card.hide()
        return card


def free_id(items: list[Item] | tuple[Item, ...]) -> str:
    """The next `q…` that no item has."""
    numbers = [int(found[1]) for item in items if (found := re.fullmatch(r"q(\d{1,6})", item.id))]
    return f"q{max(numbers, default=0) + 1}"
