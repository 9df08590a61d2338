"""One class: who is in it, what teachers see, which lessons are set, and what can be done with it."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Final

from PySide6.QtCore import QDate, QLocale, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDateEdit, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from tutor.classroom.screening import FINE, UNCHECKED
from tutor.domain import Assignment, Class, Learner, Looked, Visible
from tutor.i18n import tr, trn
from tutor.qt.flow import FlowLayout, flow
from tutor.qt.learner.parts import announce
from tutor.qt.teacher.looking import warning
from tutor.qt.widgets import Card, Choice, Field, Notice, button, label, row

Look = Callable[[str, Callable[[str], object]], object]
"""Has words looked at; what it is given second hears `fine`, `doubtful` or `unchecked`."""

_SEEN: Final = 16
"""Letters."""


def visible_choices() -> list[tuple[str, str]]:
    """What teachers may read, as (value, words)."""
    return [
        (Visible.SUMMARY.value, tr("Figures, and what a learner reports or asks the teacher")),
        (Visible.FLAGGED.value, tr("Also the turns around reported answers and questions")),
        (Visible.ALL.value, tr("Every conversation")),
    ]


def day_in_words(day: str) -> str:
    """A stored day as people write it here."""
    return QLocale().toString(QDate.fromString(day, Qt.DateFormat.ISODate), QLocale.FormatType.ShortFormat)


def span_in_words(assignment: Assignment) -> str:
    if not assignment.until_day:
        return tr("from {first}", first=day_in_words(assignment.from_day))
    return tr("{first} to {last}", first=day_in_words(assignment.from_day), last=day_in_words(assignment.until_day))


def _promise(one: Class) -> str:
    """What goes with the choice, in words."""
    words = tr("Learners are shown this, too.")
    if one.visible is not Visible.ALL:
        later = tr("“Every conversation” opens what is written from then on; what was written before stays closed.")
        return f"{words} {later}"
    if not one.visible_since:
        return " ".join((words, tr("You can read what a learner wrote since they came into this class.")))
    day = day_in_words(datetime.fromisoformat(one.visible_since).astimezone().date().isoformat())
    since = tr("You can read what was written since {day}, and since a learner came into this class.", day=day)
    return f"{words} {since}"


def word_in_words(looked: Looked) -> str:
    """Why learners are not shown the word that goes with a lesson; "" where they are."""
    return {
        Looked.NOT_YET: tr("Learners are not shown this word until the safety checks have looked at it."),
        Looked.DOUBTFUL: tr("Learners are not shown this word: the safety checks would not show it at their age."),
    }.get(looked, "")


def set_row(
    assignment: Assignment, title: str, on_away: Callable[[], object], on_show: Callable[[], object]
) -> QWidget:
    """A lesson that is set, with its days, the button that ends it, and one for a word that learners do not see."""
    line = QWidget()
    outer = QVBoxLayout(line)
    outer.setContentsMargins(0, 0, 0, 0)
    outer.setSpacing(4)
    box = QHBoxLayout()
    words = QVBoxLayout()
    words.setSpacing(2)
    words.addWidget(label(title))
    note = f" · {assignment.note}" if assignment.note else ""
    words.addWidget(label(span_in_words(assignment) + note, "caption"))
    box.addLayout(words, 1)
    away = button(tr("Not any more"), "quiet", "x", on_away)
    away.setAccessibleName(tr("Do not set {title} any more", title=title))
    box.addWidget(away, 0, Qt.AlignmentFlag.AlignTop)
    outer.addLayout(box)
    if assignment.note and (why := word_in_words(assignment.looked)):
        show = button(tr("Show it all the same"), "quiet", "eye", on_show)
        show.setAccessibleName(tr("Show learners of {title}: {word}", title=title, word=assignment.note))
        outer.addWidget(Notice(why, "warm"))
        outer.addLayout(row(show))
    return line


class ClassCard(Card):
    """Signals say what the teacher wants; the section does it."""

    wants_members = Signal(int)
    wants_lesson = Signal(int)
    wants_report = Signal(int)
    wants_archive = Signal(int)
    renamed = Signal(int, str)
    seen_changed = Signal(int, str)
    unset = Signal(int)
    word_shown = Signal(int)

    def __init__(self, one: Class, names: tuple[str, ...], lessons: tuple[tuple[Assignment, str], ...]) -> None:
        """`names`: of its learners; `lessons`: what is set, each with the lesson's title."""
        super().__init__(pad=16, gap=12)
        self.one = one
        self.name = QLineEdit(one.name)
        self.name.setMaxLength(60)
        self.name.setAccessibleName(tr("Name of the class"))
        self.name.editingFinished.connect(self._rename)
        self.seen = Choice(visible_choices(), one.visible.value)
        self.seen.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.seen.setMinimumContentsLength(_SEEN)  # its longest words are wider than a page with large text
        self.seen.view().setMinimumWidth(self.seen.view().sizeHintForColumn(0))
        self.seen.activated.connect(lambda _: self.seen_changed.emit(one.id, self.seen.value()))
        self.body.addWidget(self.name)
        self.body.addWidget(
            label(", ".join(names) if names else tr("Nobody is in this class yet."), "" if names else "quiet")
        )
        self.body.addWidget(label(trn("{n} learner", "{n} learners", len(names)), "caption"))
        self.body.addWidget(Field(tr("What teachers see of its learners"), self.seen, _promise(one)))
        if lessons:
            self.body.addWidget(label(tr("Lessons that are set"), "strong"))
        for assignment, title in lessons:
            away, show = (partial(signal.emit, assignment.id) for signal in (self.unset, self.word_shown))
            self.body.addWidget(set_row(assignment, title, away, show))
        acts = (
            (tr("Choose learners…"), "users", self.wants_members),
            (tr("Set a lesson…"), "book-open", self.wants_lesson),
            (tr("Report…"), "file-text", self.wants_report),
            (tr("Put away"), "archive", self.wants_archive),
        )
        made = []
        for words, symbol, signal in acts:
            each = button(words, "plain", symbol, partial(signal.emit, one.id))
            each.setAccessibleName(f"{words} {one.name}")
            made.append(each)
        self.body.addWidget(flow(*made))

    def _rename(self) -> None:
        if self.name.text().strip() != self.one.name:
            self.renamed.emit(self.one.id, self.name.text())


class MembersForm(QWidget):
    """Everybody with a box to tick. `done` carries nothing; read `chosen()`."""

    done = Signal()
    left = Signal()

    def __init__(self, one: Class, learners: tuple[Learner, ...], members: tuple[int, ...]) -> None:
        super().__init__()
        self._boxes: dict[int, QCheckBox] = {}
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        box.addWidget(label(tr("Who is in {name}?", name=one.name), "heading"))
        if not learners:
            box.addWidget(label(tr("There are no learners yet. Add them under Learners, or bring in a list."), "quiet"))
        holder = QWidget()
        grid = FlowLayout(holder, gap=16)
        for learner in learners:
            tick = self._boxes[learner.id] = QCheckBox(learner.name)
            tick.setChecked(learner.id in members)
            grid.addWidget(tick)
        box.addWidget(holder)
        box.addLayout(
            row(
                button(tr("Keep"), "primary", "check", self.done.emit),
                button(tr("Leave it as it is"), "quiet", "", self.left.emit),
            )
        )

    def chosen(self) -> tuple[int, ...]:
        return tuple(learner_id for learner_id, tick in self._boxes.items() if tick.isChecked())


class LessonForm(QWidget):
    """Which lesson, from when until when, and a word to the learners.

    That word is looked at before it is kept. What the checks doubt or could not see needs a second press.
    """

    done = Signal()
    left = Signal()

    def __init__(self, name: str, lessons: tuple[tuple[int, str], ...]) -> None:
        """`lessons`: the published ones, as (id, title)."""
        super().__init__()
        self.look: Look = lambda _, told: told(UNCHECKED)
        """How the word is looked at."""
        self._read = ""
        """The word that was looked at; one that the teacher was warned of is kept all the same by another press."""
        self._found = Looked.NOT_YET
        self.lesson = Choice([(str(lesson_id), title) for lesson_id, title in lessons])
        today = QDate(date.today())  # type: ignore[call-overload]
        self.first, self.last = QDateEdit(today), QDateEdit(today.addDays(7))
        for edit in (self.first, self.last):
            edit.setCalendarPopup(True)
            edit.setDisplayFormat(QLocale().dateFormat(QLocale.FormatType.ShortFormat))
        self.no_end = QCheckBox(tr("No last day"))
        self.no_end.toggled.connect(self.last.setDisabled)
        self.note = QLineEdit()
        self.note.setMaxLength(120)
        self.last_field = Field(tr("Last day"), self.last)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        box.addWidget(label(tr("Set a lesson for {name}", name=name), "heading"))
        if not lessons:
            box.addWidget(label(tr("No lesson is published yet. Publish one under Lessons first."), "quiet"))
        for field in (
            Field(tr("Lesson"), self.lesson),
            Field(tr("First day"), self.first),
            self.last_field,
            self.no_end,
            Field(tr("A word to the learners"), self.note, tr("For example: before Friday, please.")),
        ):
            box.addWidget(field)
        self.said = Notice("", "warm")
        self.said.hide()
        box.addWidget(self.said)
        self.keep = button(tr("Set it"), "primary", "check", self._check)
        self.keep.setEnabled(bool(lessons))
        self.note.textEdited.connect(self._forgive)
        box.addLayout(row(self.keep, button(tr("Leave it as it is"), "quiet", "", self.left.emit)))

    def values(self) -> tuple[int, str, str, str]:
        """(lesson, first day, last day or "", note)."""
        last = "" if self.no_end.isChecked() else self.last.date().toString(Qt.DateFormat.ISODate)
        first = self.first.date().toString(Qt.DateFormat.ISODate)
        return int(self.lesson.value()), first, last, self.note.text()

    @property
    def looked(self) -> Looked:
        """What was made of the word."""
        return self._found if self.note.text().strip() == self._read else Looked.NOT_YET

    def _check(self) -> None:
        reversed_ = not self.no_end.isChecked() and self.last.date() < self.first.date()
        self.last_field.complain(tr("This is before the first day.") if reversed_ else "")
        words = self.note.text().strip()
        if reversed_:
            return
        if not words or words == self._read:
            self.done.emit()
            return
        self.keep.setEnabled(False)
        self.look(words, partial(self._looked_at, words))

    def _looked_at(self, words: str, found: str) -> None:
        """The checks have seen the word to the learners, or could not."""
        self.keep.setEnabled(True)
        if words != self.note.text().strip():  # written on meanwhile: these words are looked at, too
            self._check()
        elif found == FINE:
            self._read, self._found = words, Looked.FINE
            self._check()
        else:
            self._read, self._found = words, Looked.READ
            self.said.say(warning(found), "warm")
            announce(self, self.said.text.text())
            self.keep.setText(tr("Set it all the same"))

    def _forgive(self) -> None:
        """Other words are other words, also those that were there before."""
        self._read = ""
        self.said.hide()
        self.keep.setText(tr("Set it"))
