"""Cards over a tuple in the draft, one for each element, that can be added, moved and removed by mouse and keys."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from tutor.i18n import tr
from tutor.lessons.faults import Fault
from tutor.qt.learner.parts import announce
from tutor.qt.teacher.lessons.bound import Bound, within
from tutor.qt.teacher.lessons.controls import shortcut
from tutor.qt.teacher.lessons.draft import Draft, Lens
from tutor.qt.widgets import Card, Notice, tool


class ElementCard(Card):
    """One element. Subclasses fill `head` and `body`, list their `bound` fields, and name themselves in `words`."""

    def __init__(self, cards: "Cards", index: int) -> None:
        super().__init__(pad=16, gap=12)
        self.cards, self.index = cards, index
        self._type = type(self.value)
        self.bound: list[Bound] = []
        self.head = QHBoxLayout()
        self.head.setSpacing(4)
        self.body.addLayout(self.head)
        self.whole = Notice("", "warm")
        self.whole.hide()
        self.body.addWidget(self.whole)

    @property
    def value(self) -> Any:
        return self.cards.lens.get(self.cards.draft.lesson)[self.index]

    @property
    def words(self) -> str:
        return ""

    def add_tools(self) -> None:
        """Up, down, remove at the end of the head, and their keys."""
        self.up = tool(tr("Move up (Alt+Up)"), "chevron-up", lambda: self.cards.shift(self.index, -1))
        self.down = tool(tr("Move down (Alt+Down)"), "chevron-down", lambda: self.cards.shift(self.index, 1))
        self.away = tool(tr("Remove"), "trash-2", lambda: self.cards.remove(self.index))
        for button, name in (
            (self.up, tr("Move {what} up", what=self.words)),
            (self.down, tr("Move {what} down", what=self.words)),
            (self.away, tr("Remove {what}", what=self.words)),
        ):
            button.setAccessibleName(name)
            self.head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        shortcut(self, "Alt+Up", lambda: self.cards.shift(self.index, -1))
        shortcut(self, "Alt+Down", lambda: self.cards.shift(self.index, 1))

    def fit_tools(self, count: int) -> None:
        """There are so many elements now."""
        self.up.setEnabled(self.index > 0)
        self.down.setEnabled(self.index < count - 1)

    def fields(self) -> Iterator[Bound]:
        yield from self.bound

    def show_value(self) -> None:
        """The element changed elsewhere; its kind is the same."""
        for field in self.fields():
            field.show_value()

    def fits(self, value: Any) -> bool:
        """Whether this card can show that element."""
        return type(value) is self._type

    def mark(self, faults: Sequence[Fault]) -> None:
        """What is wrong at its fields; what is about the whole of it stands at the top."""
        mine = [fault for fault in faults if within(fault.field, f"{self.cards.name}.{self.index}")]
        at_fields = []
        for field in self.fields():
            field.mark(mine)
            at_fields += [fault for fault in mine if within(fault.field, field.path)]
        whole = [fault for fault in mine if fault not in at_fields]
        self.whole.setVisible(bool(whole))
        if whole:
            words = "\n".join(fault.text for fault in whole)
            self.whole.say(words, "alert" if any(fault.stops for fault in whole) else "warm")

    def open(self) -> None:
        """Show everything of it."""

    def focus_first(self) -> None:
        """Where one begins to write."""
        first = next(self.fields(), None)
        (first.control if first is not None else self.away).setFocus(Qt.FocusReason.OtherFocusReason)


class Cards(QWidget):
    """`make(self, index)` gives the card of an element; `name` is the path of the tuple (`guidelines`, `items`)."""

    opened = Signal()
    """A card shows more than before: problems may be marked at its fields."""

    def __init__(self, draft: Draft, lens: Lens, name: str, make: Callable[["Cards", int], ElementCard]) -> None:
        super().__init__()
        self.draft, self.lens, self.name = draft, lens, name
        self._make = make
        self.cards: list[ElementCard] = []
        self._changing = False
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(12)
        self.show_all()

    def show_all(self) -> None:
        """As the draft has it; a card is made anew only where another element stands now."""
        if self._changing:
            return
        values = self.lens.get(self.draft.lesson)
        self.setUpdatesEnabled(False)
        while len(self.cards) > len(values):
            self._drop(self.cards.pop())
        for index, value in enumerate(values):
            if index == len(self.cards):
                self.cards.append(self._make(self, index))
                self._box.addWidget(self.cards[index])
            elif self.cards[index].fits(value):
                self.cards[index].show_value()
            else:
                self._drop(self.cards[index])
                self.cards[index] = self._make(self, index)
                self._box.insertWidget(index, self.cards[index])
        for card in self.cards:
            card.fit_tools(len(values))
        self.setUpdatesEnabled(True)

    def _drop(self, card: ElementCard) -> None:
        self._box.removeWidget(card)
        card.hide()
        card.deleteLater()

    def fields(self) -> Iterator[Bound]:
        for card in self.cards:
            yield from card.fields()

    def mark(self, faults: Sequence[Fault]) -> None:
        for card in self.cards:
            card.mark(faults)

    def add(self, value: Any, words: str) -> None:
        """At the end, opened, ready to write."""
        self._change((*self.lens.get(self.draft.lesson), value), words)
        self.cards[-1].open()
        self.cards[-1].focus_first()

    def shift(self, index: int, by: int) -> None:
        """One place up (-1) or down (1); what had the focus keeps it."""
        values = list(self.lens.get(self.draft.lesson))
        to = index + by
        if not 0 <= to < len(values):
            return
        focused = self._focused(self.cards[index])
        words = self.cards[index].words
        values.insert(to, values.pop(index))
        self._change(tuple(values), tr("Move {what}", what=words))
        self._focus(self.cards[to], focused)
        announce(self, tr("{what} is now number {n} of {total}", what=words, n=to + 1, total=len(values)))

    def remove(self, index: int) -> None:
        words = self.cards[index].words
        values = self.lens.get(self.draft.lesson)
        self._change((*values[:index], *values[index + 1 :]), tr("Remove {what}", what=words))
        announce(self, tr("{what} was removed. Ctrl+Z brings it back.", what=words))
        if self.cards:
            self.cards[min(index, len(self.cards) - 1)].away.setFocus(Qt.FocusReason.OtherFocusReason)

    def card_of(self, path: str) -> ElementCard | None:
        """The card whose element a path names, such as `items.2.answer`."""
        parts = path.split(".")
        if len(parts) < 2 or parts[0] != self.name or not parts[1].isdecimal():
            return None
        index = int(parts[1])
        return self.cards[index] if index < len(self.cards) else None

    def _change(self, values: tuple[Any, ...], words: str) -> None:
        self._changing = True
        self.draft.change(self.name, self.lens.put(self.draft.lesson, values), words=words, redraw=True)
        self._changing = False
        self.show_all()

    def _focused(self, card: ElementCard) -> str:
        """Which control of a card has the focus, as the end of its path."""
        focus = QApplication.focusWidget()
        for field in card.fields():
            if focus is not None and field.isAncestorOf(focus):
                return field.path.split(".", 2)[-1]
        return ""

    def _focus(self, card: ElementCard, name: str) -> None:
        for field in card.fields():
            if name and field.path.split(".", 2)[-1] == name:
                field.control.setFocus(Qt.FocusReason.OtherFocusReason)
                return
        for button in (card.up, card.down):
            if button.isEnabled():
                button.setFocus(Qt.FocusReason.OtherFocusReason)
                return
