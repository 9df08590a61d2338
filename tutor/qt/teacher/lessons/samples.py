"""The sample lessons to begin from, as a panel in the list."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tutor.i18n import tr, trn
from tutor.qt import choices
from tutor.qt.teacher.lessons import words
from tutor.qt.widgets import Card, button, clear, label, rule, tool

if TYPE_CHECKING:
    from tutor.lessons.samples import Sample


class SampleChoice(Card):
    """`used` carries the name of a sample; `samples` gives them and may raise `UserError`."""

    used = Signal(str)

    def __init__(self, samples: "Callable[[], Sequence[Sample]]", parent: QWidget | None = None) -> None:
        super().__init__(parent, pad=16, gap=12)
        self._samples = samples
        head = QHBoxLayout()
        head.addWidget(label(tr("Samples to begin from"), "heading"), 1)
        self.away = tool(tr("Close the samples"), "x", self.hide)
        head.addWidget(self.away, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(head)
        self.body.addWidget(
            label(tr("You get a copy that is yours to change. Learners see it once it is published."), "caption")
        )
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        self.body.addLayout(self._list)
        self.buttons: list[QWidget] = []

    def show_samples(self) -> None:
        """Read them and show the panel."""
        clear(self._list)
        self.buttons = []
        for number, sample in enumerate(self._samples()):
            if number:
                self._list.addWidget(rule())
            self._list.addWidget(self._line(sample))
        self.show()
        if self.buttons:
            self.buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _line(self, sample: "Sample") -> QWidget:
        lesson = sample.lesson
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(label(lesson.title, "strong"))
        age = dict(choices.age_bands()).get(lesson.age_band, "")
        items = trn("{n} item", "{n} items", len(lesson.items))
        said = [words.subject_in_words(lesson.subject), age, items]
        if lesson.materials:
            said.append(trn("{n} material", "{n} materials", len(lesson.materials)))
        names.addWidget(label(" · ".join(part for part in said if part), "caption"))
        names.addWidget(label(lesson.summary))
        line.addLayout(names, 1)
        use = button(tr("Use it"), "plain", "", partial(self.used.emit, sample.name))
        use.setAccessibleName(tr("Use the sample {title}", title=lesson.title))
        self.buttons.append(use)
        line.addWidget(use, 0, Qt.AlignmentFlag.AlignVCenter)
        return holder
