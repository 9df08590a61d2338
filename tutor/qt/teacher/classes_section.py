"""Classes: who is in them, which lessons are set for them and when, what teachers see; lists brought in from a file."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QFileDialog, QLineEdit, QVBoxLayout, QWidget

from tutor.classroom import roster
from tutor.domain import Visible
from tutor.errors import UserError
from tutor.i18n import tr, trn
from tutor.qt import pictures, theme
from tutor.qt.flow import flow
from tutor.qt.teacher import setting_lessons
from tutor.qt.teacher.class_card import ClassCard, LessonForm, MembersForm
from tutor.qt.teacher.section import Section, empty
from tutor.qt.widgets import Notice, button, clear, label, row

if TYPE_CHECKING:
    from tutor.app import App

_PROBLEMS = 8
"""Lines of a list that are named; the rest is counted."""


class ClassesSection(Section):
    """`changed`: learners were added. `wants_report` carries the class."""

    changed = Signal()
    wants_report = Signal(int)

    def __init__(self, app: "App") -> None:
        super().__init__(
            tr("Classes"),
            tr("Put learners together, set lessons for all of them, and choose what teachers see of their work."),
        )
        self._app, self._store = app, app.store
        self.new_name = QLineEdit()
        self.new_name.setMaxLength(60)
        self.new_name.setPlaceholderText(tr("Name of a new class"))
        self.new_name.setAccessibleName(tr("Name of a new class"))
        self.new_name.setMinimumWidth(theme.scale(260))
        self.new_name.returnPressed.connect(self.add)
        self._top = flow(
            self.new_name,
            button(tr("Add a class"), "primary", "circle-plus", self.add),
            button(tr("Bring in a list…"), "plain", "upload", self._ask_list),
        )
        self._list = QVBoxLayout()
        self._list.setSpacing(12)
        self.body.addWidget(self._top)
        self.body.addLayout(self._list)
        self.body.addStretch(1)
        self.form: QWidget | None = None

    def enter(self) -> None:
        clear(self._list)
        self.form = None
        self._top.show()
        classes = self._store.classes()
        names = {learner.id: learner.name for learner in self._store.learners()}
        titles = {line.id: line.title for line in self._store.lessons()}
        for one in classes:
            members = tuple(names[each] for each in self._store.members(one.id) if each in names)
            made = tuple((each, titles.get(each.lesson_id, "")) for each in self._store.assignments(class_id=one.id))
            card = ClassCard(one, members, tuple((each, title) for each, title in made if title))
            card.wants_members.connect(self.choose_members)
            card.wants_lesson.connect(self.choose_lesson)
            card.wants_report.connect(self.wants_report)
            card.wants_archive.connect(self._archive)
            card.renamed.connect(self._rename)
            card.seen_changed.connect(self._see)
            card.unset.connect(self._unset)
            card.word_shown.connect(self._show_word)
            self._list.addWidget(card)
        if not classes:
            self._list.addWidget(
                empty(
                    tr(
                        "There are no classes yet. Name one above, or bring in a list from a spreadsheet: a first line "
                        "with name, year and class, then one learner a line."
                    )
                )
            )

    def add(self) -> None:
        """A class with the name that was typed."""
        name = self.new_name.text()
        if self._do(lambda: self._store.add_class(name), tr("The class {name} is there.", name=name.strip())):
            self.new_name.clear()

    # --- forms in place -------------------------------------------------------------------------------------------

    def choose_members(self, class_id: int) -> None:
        one = self._store.one_class(class_id)
        form = MembersForm(one, self._store.learners(), self._store.members(class_id))
        before = self._store.members(class_id)
        form.done.connect(
            lambda: self._do(
                lambda: self._store.set_members(class_id, form.chosen()),
                tr("{name} is kept.", name=one.name),
                lambda: self._store.set_members(class_id, before),
            )
        )
        self._open(form, form.left)

    def choose_lesson(self, class_id: int) -> None:
        one = self._store.one_class(class_id)
        members = self._store.members(class_id)
        learners = [each for each in self._store.learners() if each.id in members]
        form = setting_lessons.form_for(self._app, one.name, learners)
        form.done.connect(lambda: self._set(class_id, form))
        self._open(form, form.left)

    def _open(self, form: QWidget, left: SignalInstance) -> None:
        clear(self._list)
        self._top.hide()
        self.said.hide()
        self.form = form
        left.connect(self.enter)
        self._list.addWidget(form)

    def _set(self, class_id: int, form: LessonForm) -> None:
        undo: list[setting_lessons.Undo] = []
        self._do(
            lambda: undo.append(setting_lessons.set_lesson(self._store, form, class_id=class_id)),
            tr("The lesson is set."),
            lambda: undo[0](),
        )

    # --- one press ------------------------------------------------------------------------------------------------

    def _archive(self, class_id: int) -> None:
        self._do(
            lambda: self._store.archive_class(class_id),
            tr("The class is put away. Its learners and their work stay."),
            lambda: self._store.restore_class(class_id),
        )

    def _rename(self, class_id: int, name: str) -> None:
        before = self._store.one_class(class_id).name
        self._do(
            lambda: self._store.change_class(class_id, name=name),
            tr("The class is called {name} now.", name=name.strip()),
            lambda: self._store.change_class(class_id, name=before),
        )

    def _see(self, class_id: int, value: str) -> None:
        before = self._store.one_class(class_id)
        self._do(
            lambda: self._store.change_class(class_id, visible=Visible(value)),
            tr("Kept. Learners see it at the top of their chat."),
            lambda: self._store.take_change_back(before),
        )

    def _unset(self, assignment_id: int) -> None:
        undo: list[setting_lessons.Undo | None] = []
        self._do(
            lambda: undo.append(setting_lessons.unset(self._store, assignment_id)),
            tr("The lesson is not set any more. What was worked on stays."),
            lambda: undo[0]() if undo[0] is not None else None,
        )

    def _show_word(self, assignment_id: int) -> None:
        undo: list[setting_lessons.Undo | None] = []
        self._do(
            lambda: undo.append(setting_lessons.show_word(self._store, assignment_id)),
            tr("Learners are shown this word now."),
            lambda: undo[0]() if undo[0] is not None else None,
        )

    def _do(self, act: Callable[[], object], words: str, undo: Callable[[], object] | None = None) -> bool:
        try:
            act()
        except UserError as error:
            self.enter()
            self.complain(error)
            return False
        self.enter()
        self.tell(words, undo)
        return True

    # --- a list from a file ---------------------------------------------------------------------------------------

    def _ask_list(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(
            self, tr("Bring in a list of learners"), "", tr("Lists (*.csv *.txt *.tsv)")
        )
        if chosen:
            self.read_list(Path(chosen))

    def read_list(self, file: Path) -> None:
        """Show what a file holds before anything is added."""
        try:
            found = roster.read_file(file, known=[learner.name for learner in self._store.learners()])
        except UserError as error:
            self.complain(error)
            return
        clear(self._list)
        self._top.hide()
        self.said.hide()
        self._list.addWidget(label(tr("{file} holds", file=file.name), "heading"))
        count = len(found.entries)
        self._list.addWidget(label(trn("{n} new learner", "{n} new learners", count), "strong"))
        for entry in found.entries[:_PROBLEMS]:
            where = f" · {', '.join(entry.classes)}" if entry.classes else ""
            self._list.addWidget(label(f"{entry.name} · {entry.age_band.value}{where}", "quiet"))
        if count > _PROBLEMS:
            self._list.addWidget(label(trn("and {n} more", "and {n} more", count - _PROBLEMS), "caption"))
        if found.problems:
            lines = [tr("Line {n}: {why}", n=line, why=why) for line, why in found.problems[:_PROBLEMS]]
            self._list.addWidget(Notice("\n".join(lines), "warm"))
        self.take_button = button(
            trn("Add {n} learner", "Add {n} learners", count), "primary", "check", lambda: self._take(found)
        )
        self.take_button.setEnabled(count > 0)
        self._list.addLayout(row(self.take_button, button(tr("Leave it as it is"), "quiet", "", self.enter)))

    def _take(self, found: roster.Roster) -> None:
        added: list[int] = []

        def act() -> None:
            added.extend(learner.id for learner in roster.take_in(self._store, found, pictures.NAMES))

        def back() -> None:
            for learner_id in added:
                self._store.remove_learner(learner_id)
            self.changed.emit()

        words = trn("{n} learner was added.", "{n} learners were added.", len(found.entries))
        if self._do(act, words, back):
            self.changed.emit()
