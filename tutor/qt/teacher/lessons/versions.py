"""The versions of a lesson: what each was, two side by side, and an older one brought back as the draft."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from tutor.domain import LessonState, LessonVersion
from tutor.errors import UserError
from tutor.i18n import tr, trn
from tutor.lessons.comparing import Difference
from tutor.qt.flow import flow
from tutor.qt.teacher.lessons.controls import Pick
from tutor.qt.teacher.section import empty, when
from tutor.qt.widgets import Card, Column, Field, Notice, button, clear, label, rule

if TYPE_CHECKING:
    from tutor.classroom.lessons import LessonDesk

WIDE = 900


def state_in_words(version: LessonVersion) -> str:
    return {
        LessonState.DRAFT: tr("Draft"),
        LessonState.PUBLISHED: tr("Published"),
        LessonState.RETIRED: tr("Earlier version"),
    }[version.state]


def name_of(version: LessonVersion) -> str:
    """A version in a list."""
    return tr("{n} · {state}", n=version.number, state=state_in_words(version))


class VersionsPage(QWidget):
    """`restored` after an older version became the draft."""

    closed = Signal()
    restored = Signal()

    def __init__(self, desk: "LessonDesk", lesson_id: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("page", "true")
        self._desk = desk
        self.versions = desk.versions(lesson_id)
        column = Column(width=WIDE, top=24)
        self.body = column.body
        self.body.addWidget(flow(button(tr("Back to the lesson"), "quiet", "arrow-left", self.closed.emit)))
        self.body.addWidget(label(tr("Versions of “{title}”", title=self.versions[0].lesson.title), "title"))
        self.said = Notice("", "alert")
        self.said.hide()
        self.body.addWidget(self.said)
        for version in self.versions:
            self.body.addWidget(self._card(version))
        names = [(str(version.id), name_of(version)) for version in self.versions]
        self.before, self.after = Pick(names), Pick(names)
        self._differences = QVBoxLayout()
        self._differences.setSpacing(12)
        self._compare = QWidget()
        box = QVBoxLayout(self._compare)
        box.setContentsMargins(0, 8, 0, 0)
        box.setSpacing(12)
        box.addWidget(label(tr("What is different"), "heading"))
        box.addWidget(flow(Field(tr("Before"), self.before), Field(tr("After"), self.after), gap=16))
        box.addLayout(self._differences)
        self.body.addWidget(self._compare)
        self.body.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(column)
        self.before.edited.connect(self.compare)
        self.after.edited.connect(self.compare)
        if len(self.versions) > 1:
            self.before.choose(str(self.versions[1].id))
            self.after.choose(str(self.versions[0].id))
            self.compare()
        self._compare.setVisible(len(self.versions) > 1)
        if len(self.versions) == 1:
            self.body.insertWidget(
                self.body.count() - 1,
                empty(tr("There is one version so far. The next one begins when you change what is published.")),
            )

    def compare(self) -> None:
        """The two chosen ones, field by field."""
        clear(self._differences)
        found = self._desk.compare(int(self.before.value()), int(self.after.value()))
        if not found:
            self._differences.addWidget(empty(tr("They say the same.")))
            return
        self._differences.addWidget(
            label(trn("{n} place is different.", "{n} places are different.", len(found)), "caption")
        )
        for difference in found:
            self._differences.addWidget(self._difference(difference))

    def restore(self, version: LessonVersion) -> None:
        """Its words as the draft; what is published stays until the draft is."""
        try:
            self._desk.restore(version.id)
        except UserError as error:
            self.said.say(str(error), "alert")
            return
        self.restored.emit()

    def _card(self, version: LessonVersion) -> Card:
        card = Card(pad=16, gap=4)
        card.body.addWidget(label(name_of(version), "strong"))
        at = version.published_at or version.changed_at
        said = tr("published {time}", time=when(at)) if version.published_at else tr("changed {time}", time=when(at))
        tested = self._desk.test_of(version)
        parts = [said]
        if tested is not None:
            broken = tested.broken_blocking
            parts.append(
                trn("test: {n} guideline broken", "test: {n} guidelines broken", len(broken))
                if broken
                else tr("test passed")
            )
        card.body.addWidget(label(" · ".join(parts), "caption"))
        if version.why:
            card.body.addWidget(
                Notice(tr("Published although a guideline broke in the test: {why}", why=version.why), "warm")
            )
        changed = self.versions[0].state is LessonState.DRAFT and self.versions[0].lesson != version.lesson
        if version.state is LessonState.RETIRED or (version.state is LessonState.PUBLISHED and changed):
            back = button(tr("Bring it back as the draft"), "plain", "rotate-ccw", partial(self.restore, version))
            back.setAccessibleName(tr("Bring version {n} back as the draft", n=version.number))
            card.body.addWidget(flow(back))
        return card

    def _difference(self, difference: Difference) -> QWidget:
        """A field with its two sides; what was added or taken out has one."""
        holder = QWidget()
        box = QVBoxLayout(holder)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        what = {"added": tr("new"), "removed": tr("taken out"), "moved": tr("in another order")}.get(
            difference.what, tr("changed")
        )
        where = difference.where[:1].upper() + difference.where[1:]
        box.addWidget(label(tr("{where}: {what}", where=where, what=what), "strong"))
        if difference.what != "moved":
            sides = QGridLayout()
            sides.setSpacing(12)
            for column, (name, text, kind) in enumerate(
                ((tr("Before"), difference.before, "alert"), (tr("After"), difference.after, "good"))
            ):
                side = Card(pad=12, gap=2)
                side.setAccessibleName(f"{name}: {text}")
                side.body.addWidget(label(name, "caption"))
                side.body.addWidget(label(text or tr("(nothing)"), "" if text else "quiet", select=True))
                side.body.addStretch(1)
                side.setProperty("side", kind)
                sides.addWidget(side, 0, column)
                sides.setColumnStretch(column, 1)
            box.addLayout(sides)
        box.addWidget(rule())
        return holder
