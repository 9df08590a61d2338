"""A field of the form that stands for a place in the draft: it shows it, changes it, and says what is wrong there."""

from collections.abc import Iterator, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tutor.i18n import tr
from tutor.lessons.faults import Fault
from tutor.qt.teacher.lessons.controls import Control
from tutor.qt.teacher.lessons.draft import Draft, Lens
from tutor.qt.widgets import Field, Symbol, label


def within(path: str, field: str) -> bool:
    """Whether a path is this field or something in it."""
    return path == field or path.startswith(field + ".")


class Bound(Field):
    """`path` is how checks name the place: `title`, `items.2.answer`, `guidelines.0.topics`."""

    def __init__(self, draft: Draft, lens: Lens, path: str, name: str, control: Control, hint: str = "") -> None:
        super().__init__(name, control, hint)
        self.path = path
        self._draft, self._lens = draft, lens
        self.field_control = control
        self.advice = Advice()
        box = self.layout()
        assert box is not None
        box.addWidget(self.advice)
        control.edited.connect(self._edited)
        self.show_value()

    def show_value(self) -> None:
        """As it stands in the draft, without telling it back."""
        self.field_control.put(self._lens.get(self._draft.lesson))

    def mark(self, faults: Sequence[Fault]) -> None:
        """What is wrong here, and below it what might be better."""
        mine = [fault for fault in faults if within(fault.field, self.path)]
        self.complain("\n".join(_said(self.path, fault) for fault in mine if fault.stops))
        self.advice.say("\n".join(_said(self.path, fault) for fault in mine if not fault.stops))

    def _edited(self) -> None:
        value: Any = self.field_control.value()
        lesson = self._draft.lesson
        if value != self._lens.get(lesson):
            self._draft.change(self.path, self._lens.put(lesson, value), words=self.name.text())


class Advice(QWidget):
    """Worth a look, though nothing is wrong."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = label("", "warm")
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(Symbol("info", 18, "warm"), 0, Qt.AlignmentFlag.AlignTop)
        box.addWidget(self.words, 1)
        self.hide()

    def say(self, words: str) -> None:
        self.words.setText(words)
        self.setVisible(bool(words))


class Part(QWidget):
    """One part of the form. Subclasses build `self.body` and may rebuild it in `show_lesson`."""

    def __init__(self, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.draft = draft
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(16)

    def show_lesson(self) -> None:
        """The draft changed elsewhere: show it anew."""
        for field in self.fields():
            field.show_value()

    def fields(self) -> Iterator[Bound]:
        yield from self.findChildren(Bound)

    def mark(self, faults: Sequence[Fault]) -> None:
        """Show what is wrong at its field."""
        for field in self.fields():
            field.mark(faults)

    def reveal(self, path: str) -> QWidget | None:
        """Open whatever hides the field of this path, and return it; the nearest one where there is none."""
        return next((field for field in self.fields() if within(path, field.path)), None)


def bind(part: Part, name: str, words: str, control: Control, hint: str = "", *, base: Lens) -> Bound:
    """A field for one attribute of the struct at `base`."""
    return Bound(part.draft, base.field(name), name, words, control, hint)


def _said(field: str, fault: Fault) -> str:
    """With the line that it is about, where the field has several."""
    rest = fault.field[len(field) + 1 :].split(".")[0]
    return tr("Line {n}: {text}", n=int(rest) + 1, text=fault.text) if rest.isdecimal() else fault.text
