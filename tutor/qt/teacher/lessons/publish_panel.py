"""Publishing as a panel in the page: what must be put right first, what the test said, a reason where one is due.

Words that learners are shown as they stand, and that no safety check has called fine, need a second press.
"""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tutor.domain import Lesson
from tutor.i18n import tr, trn
from tutor.lessons import faults
from tutor.lessons.faults import Fault
from tutor.qt.flow import flow
from tutor.qt.learner.parts import announce
from tutor.qt.teacher.lessons.controls import Text
from tutor.qt.widgets import Card, Field, Notice, Symbol, button, clear, label
from tutor.rehearsal.results import Rehearsal, rule_in_words

SHORTEST_REASON = 10
"""Characters; a shorter reason tells nobody anything."""


class PublishPanel(Card):
    """`published` carries the reason ("" when none is due), `jumped` the path of a field to look at."""

    published = Signal(str)
    jumped = Signal(str)
    test_wanted = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, pad=16, gap=12)
        self._due = False
        self._decided: tuple[object, ...] = ()
        """What the next press publishes all the same."""
        self.title = label("", "heading")
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        self.tested = Notice("")
        self.doubted = Notice("", "warm")
        self.reason = Text(least=2)
        self.reason_field = Field(
            tr("Why is it published all the same?"),
            self.reason,
            tr("The reason is kept with this version, for whoever asks later."),
        )
        self.reason.edited.connect(self._forgive)
        self.go = button(tr("Publish"), "primary", "check", self._publish)
        self.test = button(tr("Test this lesson first"), "plain", "play", self.test_wanted.emit)
        self.leave = button(tr("Not now"), "quiet", "", self.closed.emit)
        self.body.addWidget(self.title)
        self.body.addWidget(
            label(
                tr("Learners who begin from now on get this version. Conversations that go on keep theirs."), "caption"
            )
        )
        self.body.addLayout(self._list)
        self.body.addWidget(self.tested)
        self.body.addWidget(self.reason_field)
        self.body.addWidget(self.doubted)
        self.body.addWidget(flow(self.go, self.test, self.leave))
        self.hide()

    def show_state(self, lesson: Lesson, found: Sequence[Fault], rehearsal: Rehearsal | None) -> None:
        """What stands in the way. `rehearsal`: the last test of the lesson as it stands, if there was one."""
        self.title.setText(tr("Publish “{title}”", title=lesson.title or tr("(no title yet)")))
        clear(self._list)
        stops = faults.stopping(found)
        for fault in sorted(found, key=lambda each: not each.stops):
            self._list.addWidget(self._place(fault, lesson))
        broken = rehearsal.broken_blocking if rehearsal is not None else ()
        self._due = bool(broken)
        if stops:
            self.tested.say(
                trn("{n} place must be put right first.", "{n} places must be put right first.", len(stops)), "warm"
            )
        elif rehearsal is None:
            self.tested.say(
                tr("It was not tested as it stands. A test with difficult students takes some minutes."), "notice"
            )
        elif broken:
            names = ", ".join(rule_in_words(rule) for rule in broken)
            self.tested.say(tr("In the test this did not always hold: {rules}.", rules=names), "warm")
        elif not rehearsal.finished:
            self.tested.say(tr("The test was cancelled before its end; what was tried held."), "notice")
        else:
            self.tested.say(tr("The test was passed: everything that is never to be shown was held."), "good")
        self.reason_field.setVisible(self._due and not stops)
        self.test.setVisible(not stops and rehearsal is None)
        self.go.setEnabled(not stops)
        self._decided = ()
        self.doubted.hide()
        self.go.setText(tr("Publish"))
        self.show()

    def is_decided(self, lesson: Lesson, doubts: Sequence[Fault]) -> bool:
        """Whether a person has read these words since they were warned. The first time it warns, and gives False."""
        wanted = (lesson.title, lesson.summary, *doubts)
        if not doubts or wanted == self._decided:
            return True
        self._decided = wanted
        places = ", ".join(dict.fromkeys(faults.place(fault.field, lesson) for fault in doubts))
        self.doubted.say(
            tr(
                "Learners are shown these words, and no check has called them fine: {places}. Read them, then decide.",
                places=places,
            ),
            "warm",
        )
        self.go.setText(tr("Publish all the same"))
        announce(self, self.doubted.text.text())
        return False

    def _place(self, fault: Fault, lesson: Lesson) -> QWidget:
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        symbol = Symbol("circle-alert", 18, "alert") if fault.stops else Symbol("info", 18, "warm")
        line.addWidget(symbol, 0, Qt.AlignmentFlag.AlignTop)
        words = faults.sentence(fault, lesson)
        line.addWidget(label(words[:1].upper() + words[1:]), 1)
        show = button(tr("Show"), "link", "", partial(self.jumped.emit, fault.field))
        show.setAccessibleName(tr("Show where: {text}", text=fault.text))
        line.addWidget(show)
        return holder

    def _publish(self) -> None:
        reason = self.reason.value().strip()
        if self._due and len(reason) < SHORTEST_REASON:
            self.reason_field.complain(tr("Please write a sentence: what broke, and why that is all right."))
            self.reason.setFocus()
            return
        self.published.emit(reason if self._due else "")

    def _forgive(self) -> None:
        self.reason_field.complain("")
