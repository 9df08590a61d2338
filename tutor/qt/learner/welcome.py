"""An empty conversation: a greeting, lessons or a lesson's questions, ways to ask; the chips under the last answer."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from tutor.domain import Item, Lesson
from tutor.i18n import tr
from tutor.qt.flow import FlowLayout
from tutor.qt.learner.lesson_choice import LessonChoice
from tutor.qt.richtext.flat import flat
from tutor.qt.widgets import button, clear, label
from tutor.wording.items import in_words

if TYPE_CHECKING:
    from tutor.classroom.offered import Offered

MOST_STARTERS: Final = 6
"""Items of a lesson that get a chip of their own."""


def examples() -> tuple[str, ...]:
    """Ways to ask, from easy to hard, and one that shows that saying what one tried is welcome."""
    return (
        tr("What is 3/4 + 1/8?"),
        tr("How do I find 15% of 60?"),
        tr("I tried 7 × 8 and got 54. Is it right?"),
        tr("Can you give me a hint for 2x + 3 = 11?"),
        tr("How many centimetres are 2.5 metres?"),
    )


class Welcome(QWidget):
    """Emits `chosen` with an example; it is put into the field, so that it can be changed.

    `begun` carries the version of a lesson, `tried` the words of an item of the lesson that is open.
    """

    chosen = Signal(str)
    begun = Signal(int)
    tried = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hello = (
            tr("Hello {name}. What shall we work on?", name=name) if name else tr("Hello. What shall we work on?")
        )
        self.greeting = label("", "title")
        self.lead = label("", "quiet")
        self.lessons = LessonChoice()
        self.lessons.begun.connect(self.begun)
        self._offers: tuple[Offered, ...] = ()
        self._lesson: Lesson | None = None
        self._school = True
        self.ways = QWidget()
        keep = self.ways.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self.ways.setSizePolicy(keep)
        ways = QVBoxLayout(self.ways)
        ways.setContentsMargins(0, 0, 0, 0)
        ways.setSpacing(12)
        self._ask = label("", "strong")
        ways.addWidget(self._ask)
        self.buttons: list[QPushButton] = []
        self._chips = QWidget()
        self._flow = FlowLayout(self._chips, gap=8)
        ways.addWidget(self._chips)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 32, 0, 0)
        box.setSpacing(12)
        box.addWidget(self.greeting)
        box.addWidget(self.lead)
        box.addSpacing(12)
        box.addWidget(self.lessons)
        box.addWidget(self.ways)
        box.addStretch(1)
        self.show_lesson(None)

    def show_lessons(self, offers: "Sequence[Offered]", *, school: bool = True) -> None:
        """What the learner may begin with. `school`: whoever sets lessons is a teacher."""
        self._offers, self._school = tuple(offers), school
        self.lessons.show_lessons(self._offers if self._lesson is None else (), school=school)

    def show_lesson(self, lesson: Lesson | None) -> None:
        """The lesson that a new conversation follows, with its first questions; None for none."""
        self._lesson = lesson
        clear(self._flow)
        self.buttons = []
        if lesson is None:
            self.greeting.setText(self._hello)
            self.lead.setText(
                tr("I help you find the answer yourself, step by step. I check every sum before I show it.")
            )
            self._ask.setText(tr("You could ask:"))
            for words in examples():
                self._chip(button(words, "chip", "", partial(self.chosen.emit, words)))
        else:
            self.greeting.setText(flat(lesson.title))
            self.lead.setText(flat(lesson.summary) or tr("We work on it step by step."))
            items = lesson.items[:MOST_STARTERS]
            self._ask.setText(tr("Begin with a question, or write your own:") if items else "")
            for number, item in enumerate(items, start=1):
                words = in_words(item)
                made = button(tr("Try question {n}", n=number), "chip", "", partial(self.tried.emit, words))
                made.setToolTip(flat(words))
                made.setAccessibleDescription(flat(words))
                self._chip(made)
        self._ask.setVisible(bool(self.buttons))
        self.lessons.show_lessons(self._offers if lesson is None else (), school=self._school)

    def _chip(self, made: QPushButton) -> None:
        self.buttons.append(made)
        self._flow.addWidget(made)


class QuickChips(QWidget):
    """[Give me a hint] [Explain again] [I tried…] under the last answer. `asks` sends, `begins` starts a sentence."""

    asks = Signal(str)
    begins = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hint = button(tr("Give me a hint"), "chip", "lightbulb", self._hint)
        self.explain = button(tr("Explain again"), "chip", "rotate-ccw", self._explain)
        self.tried = button(tr("I tried…"), "chip", "pencil", self._tried)
        self.next = button(tr("Next question"), "chip", "arrow-right", self._next)
        self._item = ""
        flow = FlowLayout(self, gap=8)
        for each in (self.hint, self.explain, self.tried, self.next):
            flow.addWidget(each)
        self.offer_item(None)

    def offer_item(self, item: Item | None) -> None:
        """The lesson's next item, once the one before is solved; None for none."""
        self._item = in_words(item) if item is not None else ""
        self.next.setVisible(bool(self._item))
        self.next.setToolTip(flat(self._item))

    def _next(self) -> None:
        self.asks.emit(self._item)

    def _hint(self) -> None:
        self.asks.emit(tr("Give me a hint, please."))

    def _explain(self) -> None:
        self.asks.emit(tr("Explain it again, please."))

    def _tried(self) -> None:
        self.begins.emit(tr("I tried") + " ")
