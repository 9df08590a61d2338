"""Lessons: the list, and from it the editor, the versions and the test of one of them."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QMenu, QWidget

from tutor.domain import LessonVersion
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.qt import choices
from tutor.qt.flow import flow
from tutor.qt.icons import icon
from tutor.qt.teacher.lessons import files, words
from tutor.qt.teacher.lessons.editor import Editor
from tutor.qt.teacher.lessons.materials_part import materials_part
from tutor.qt.teacher.lessons.rehearsing import runner
from tutor.qt.teacher.lessons.samples import SampleChoice
from tutor.qt.teacher.lessons.table import LessonTable, states
from tutor.qt.teacher.lessons.trial import TrialPage
from tutor.qt.teacher.lessons.versions import VersionsPage
from tutor.qt.teacher.section import Section
from tutor.qt.widgets import Choice, Notice, button
from tutor.qt.work import Operation
from tutor.store.lessons import LessonLine

if TYPE_CHECKING:
    from tutor.app import App

WIDE = 960


class LessonsSection(Section):
    """`changed`: what learners can begin with is another."""

    changed = Signal()

    def __init__(self, app: "App") -> None:
        super().__init__(
            tr("Lessons"),
            tr(
                "What the tutor must do, in your words. Write a lesson, try it, test it against difficult students, "
                "and publish it; then set it for a class or let learners choose it."
            ),
        )
        self._app, self._desk = app, app.lessons
        self._column.widen(WIDE)
        self.page: QWidget | None = None
        """What is shown in place of the list."""
        self.table = LessonTable()
        self.table.opened.connect(self.edit)
        self.table.picked.connect(self._picked)
        self.new_button = button(tr("New lesson"), "primary", "plus", self.new)
        self.sample_button = button(tr("From a sample…"), "plain", "book-open", self.open_samples)
        self.import_button = button(tr("Bring in a file…"), "quiet", "folder-open", self._ask_import)
        self.samples = SampleChoice(self._desk.samples)
        self.samples.used.connect(self.use_sample)
        self.samples.hide()
        self._found: files.Found | None = None
        self._both = self._make_both()
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Find a lesson"))
        self.search.setAccessibleName(tr("Find a lesson"))
        self.search.setClearButtonEnabled(True)
        self.subject = _any(tr("Every subject"), tr("Subject"), words.subjects())
        self.age = _any(tr("Every age"), tr("Age"), choices.age_bands())
        self.state = _any(tr("Every state"), tr("State"), states())
        self.empty = Notice("")
        self._acts = self._make_acts()
        self.search.textChanged.connect(self._filter)
        for choice in (self.subject, self.age, self.state):
            choice.currentIndexChanged.connect(self._filter)
        self._filters = flow(self.search, self.subject, self.age, self.state)
        for widget in (
            flow(self.new_button, self.sample_button, self.import_button),
            self._both,
            self.samples,
            self._filters,
            self._acts,
            self.table,
            self.empty,
        ):
            self.body.addWidget(widget)
        self.body.addStretch(1)

    # --- the list ---------------------------------------------------------------------------------------------------

    def enter(self) -> None:
        lines = (*self._desk.lessons(), *self._desk.lessons(archived=True))
        self.table.show_lines(lines)
        self._filters.setVisible(bool(lines))
        self._filter()
        self._picked(self.table.line)

    def _filter(self, *_: object) -> None:
        self.table.filter.want(self.search.text(), self.subject.value(), self.age.value(), self.state.value())
        self.table.fit()
        every = sum(not line.archived_at for line in self.table.model_of_lines.lines)
        shown = self.table.filter.rowCount()
        self.table.setVisible(bool(shown))
        self._acts.setVisible(bool(shown))
        if shown and self.table.line is None:
            self.table.selectRow(0)
        self.empty.setVisible(not shown)
        if not every and not self.state.value():
            self.empty.say(
                tr(
                    "There are no lessons yet. Begin with a sample and change it: that is the quickest way. Or write "
                    "one of your own with “New lesson”."
                )
            )
        elif not shown:
            self.empty.say(tr("Nothing is found. Try another word, or show every subject, age and state."))

    def _picked(self, line: LessonLine | None) -> None:
        self._acts.setEnabled(line is not None)
        if line is not None:
            self.retire_action.setEnabled(line.published_id is not None)
            self.archive_action.setVisible(not line.archived_at)
            self.back_action.setVisible(bool(line.archived_at))
            self.publish_button.setEnabled(line.draft_id is not None)

    def _make_acts(self) -> QWidget:
        """What can be done with the lesson that is chosen."""
        self.edit_button = button(tr("Edit"), "plain", "pencil", self._with_line(self.edit))
        self.test_button = button(tr("Test"), "plain", "shield-check", self._with_line(self.test))
        self.publish_button = button(tr("Publish…"), "plain", "check", self._with_line(self.publish))
        self.versions_button = button(tr("Versions"), "plain", "history", self._with_line(self.show_versions))
        self.more = button(tr("More"), "quiet", "ellipsis")
        menu = QMenu(self.more)
        for text, symbol, act in (
            (tr("Duplicate"), "copy", self.duplicate),
            (tr("Save to a file…"), "download", self._ask_export),
            (tr("Items as a table (CSV)…"), "list", self._ask_items_out),
            (tr("Items from a file (CSV, GIFT)…"), "upload", self._ask_items_in),
            (tr("Items as Anki cards…"), "graduation-cap", self._ask_anki),
        ):
            menu.addAction(icon(symbol), text).triggered.connect(self._with_line(act))
        menu.addSeparator()
        self.retire_action = menu.addAction(icon("eye-off"), tr("Withdraw: nobody begins with it any more"))
        self.retire_action.triggered.connect(self._with_line(self.retire))
        self.archive_action = menu.addAction(icon("archive"), tr("Put away"))
        self.archive_action.triggered.connect(self._with_line(self.archive))
        self.back_action = menu.addAction(icon("undo-2"), tr("Bring back"))
        self.back_action.triggered.connect(self._with_line(self.unarchive))
        self.more.setMenu(menu)
        return flow(self.edit_button, self.test_button, self.publish_button, self.versions_button, self.more)

    def _with_line(self, act: Callable[[LessonLine], object]) -> Callable[..., object]:
        def do(*_: object) -> None:
            line = self.table.line
            if line is not None:
                act(line)

        return do

    # --- what a teacher does ----------------------------------------------------------------------------------------

    def new(self) -> None:
        """A draft with the usual guidelines, ready for its title."""

        def go() -> None:
            form = self._open_editor(self._desk.new()).form
            form.go_to("title")
            title = form.parts["about"].findChild(QLineEdit)
            if title is not None:
                title.selectAll()

        self._try(go)

    def open_samples(self) -> None:
        """The eight that ship."""
        if self.samples.isVisible():
            self.samples.hide()
            return
        self._try(self.samples.show_samples)

    def use_sample(self, name: str) -> None:
        """A copy of a sample to change, under a key of its own."""
        self.samples.hide()
        self._try(lambda: self._open_editor(self._desk.use_sample(name)))

    def edit(self, line: LessonLine) -> None:
        self._try(lambda: self._open_editor(self._newest(line.id)))

    def publish(self, line: LessonLine) -> None:
        """In the editor, where problems can be put right."""

        def go() -> None:
            self._open_editor(self._newest(line.id)).open_publish()

        self._try(go)

    def show_versions(self, line: LessonLine) -> None:
        self._try(lambda: self._open_versions(line.id))

    def test(self, line: LessonLine) -> None:
        self._try(lambda: self._open_trial(self._newest(line.id)))

    def duplicate(self, line: LessonLine) -> None:
        self._try(lambda: self._open_editor(files.duplicate(self._desk, self._newest(line.id))))

    def retire(self, line: LessonLine) -> None:
        self._step(lambda: self._desk.retire(line.id), tr("“{title}” is withdrawn.", title=line.title))

    def unarchive(self, line: LessonLine) -> None:
        self._step(lambda: self._desk.unarchive(line.id), tr("“{title}” is back in the list.", title=line.title))

    def archive(self, line: LessonLine) -> None:
        self._step(lambda: self._desk.archive(line.id), tr("“{title}” is put away.", title=line.title))

    def bring_in(self, file: Path) -> None:
        """A lesson's file from elsewhere: checked, then a draft. Where it is here with other words, asks first."""
        Operation(self, lambda: files.look_into(self._desk, file), done=self._looked_into, failed=self.complain)

    def _looked_into(self, found: files.Found) -> None:
        if not found.in_the_way:
            self._take_in(found, as_new=False)
            return
        self._found = found
        self._both.text.setText(
            tr("“{title}” is here already, and its draft says something else.", title=found.file.lesson.title)
        )
        self._both.show()

    def _take_in(self, found: files.Found, *, as_new: bool) -> None:
        self._both.hide()
        Operation(
            self,
            lambda: self._desk.take_in(found.file, as_new=as_new),
            done=self._brought_in,
            failed=self.complain,
        )

    def _make_both(self) -> Notice:
        """What to do with a lesson that is here with other words."""
        made = Notice("", "warm")

        def take(as_new: bool) -> None:
            if self._found is not None:
                self._take_in(self._found, as_new=as_new)

        made.body.addWidget(
            flow(
                button(tr("Keep both"), "primary", "", partial(take, True)),
                button(tr("Take it in place of the draft"), "plain", "", partial(take, False)),
                button(tr("Leave it"), "quiet", "", made.hide),
            )
        )
        made.hide()
        return made

    # --- pages ------------------------------------------------------------------------------------------------------

    def show_list(self) -> None:
        """Back to the list, on the lesson that was open."""
        self._show(None)
        self.enter()
        self.table.setFocus()

    def _newest(self, lesson_id: int) -> LessonVersion:
        return self._desk.versions(lesson_id)[0]

    def _open_editor(self, version: LessonVersion) -> Editor:
        made = Editor(self._app, version, read_table=files.read_table, materials=partial(materials_part, self._app))
        made.closed.connect(self.show_list)
        made.versions_wanted.connect(lambda: self._try(lambda: self._open_versions(version.lesson_id)))
        made.test_wanted.connect(lambda: self._try(lambda: self._open_trial(made.version)))
        made.published.connect(lambda _title: self.changed.emit())
        self._show(made)
        return made

    def _open_versions(self, lesson_id: int) -> None:
        before = self._newest(lesson_id)
        made = VersionsPage(self._desk, lesson_id)
        made.closed.connect(lambda: self._try(lambda: self._open_editor(self._newest(lesson_id))))
        made.restored.connect(lambda: self._try(lambda: self._open_restored(before)))
        self._show(made)

    def _open_restored(self, before: LessonVersion) -> None:
        """The draft, with the words that it had `before` as a step back: they stand in no other version."""
        restored = self._newest(before.lesson_id).lesson
        draft = self._open_editor(before).draft
        draft.change("restored", restored, words=tr("An older version was brought back"), redraw=True)
        draft.save()

    def _open_trial(self, version: LessonVersion) -> None:
        made = TrialPage(version.lesson, runner(self._app, version), self._desk.test_of(version))
        made.closed.connect(lambda: self._try(lambda: self._open_editor(self._newest(version.lesson_id))))
        self._show(made)

    def _show(self, page: QWidget | None) -> None:
        """This page in place of the list; the one before goes, and with it its preview or test."""
        before, self.page = self.page, page
        self._column.setVisible(page is None)
        if page is not None:
            layout = self.layout()
            assert layout is not None
            layout.addWidget(page)
            page.setFocus()
        if isinstance(before, Editor):
            before.close_preview()
        if isinstance(before, TrialPage):
            before.cancel()
        if before is not None:
            before.hide()
            before.deleteLater()

    # --- files ------------------------------------------------------------------------------------------------------

    def _brought_in(self, made: LessonVersion) -> None:
        self.enter()
        self.table.choose(made.lesson_id)
        self.tell(files.brought_in(self._desk, made.lesson), self._desk.undo)

    def _ask_import(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, tr("Bring in a lesson"), "", files.lesson_patterns())
        if chosen:
            self.bring_in(Path(chosen))

    def _ask_export(self, line: LessonLine) -> None:
        self._save_as(line, tr("Save the lesson"), ".lesson", tr("Lessons (*.lesson *.toml)"), files.save_lesson)

    def _ask_items_out(self, line: LessonLine) -> None:
        self._save_as(line, tr("Save the items"), ".csv", tr("Tables (*.csv)"), files.save_items)

    def _ask_anki(self, line: LessonLine) -> None:
        self._save_as(line, tr("Save as Anki cards"), ".apkg", tr("Anki packages (*.apkg)"), files.save_anki)

    def _ask_items_in(self, line: LessonLine) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, tr("Items from a file"), "", files.item_patterns())
        if chosen:
            self.items_in(line, Path(chosen))

    def items_in(self, line: LessonLine, file: Path) -> None:
        """The items of a file at the end of the draft."""
        version = self._newest(line.id)
        Operation(self, lambda: files.add_items(self._desk, version, file), done=self._said_so, failed=self.complain)

    def _said_so(self, words: str) -> None:
        self.enter()
        self.tell(words)

    def _save_as(self, line: LessonLine, title: str, ending: str, pattern: str, save: files.Save) -> None:
        name = "".join(c if c.isalnum() else "-" for c in line.title).strip("-") or "lesson"
        chosen, _ = QFileDialog.getSaveFileName(self, title, name + ending, pattern)
        if chosen:
            self.save_to(line, Path(chosen), save)

    def save_to(self, line: LessonLine, file: Path, save: files.Save) -> None:
        """Write what `save` writes of the newest version."""
        version = self._newest(line.id)
        Operation(
            self,
            lambda: save(self._desk, version, file),
            done=lambda more: self.tell(" ".join(p for p in (tr("Saved to {file}.", file=file.name), more) if p)),
            failed=self.complain,
        )

    # --- inside -----------------------------------------------------------------------------------------------------

    def _try(self, act: Callable[[], object]) -> None:
        self.said.hide()
        try:
            act()
        except UserError as error:
            if self.page is not None:
                self.show_list()
            self.complain(error)

    def _step(self, act: Callable[[], object], told: str) -> None:
        """Something that the desk can take back."""

        def go() -> None:
            act()
            self.enter()
            self.tell(told, self._desk.undo)
            self.changed.emit()

        self._try(go)


def _any(every: str, name: str, options: list[tuple[str, str]]) -> Choice:
    made = Choice([("", every), *options])
    made.setAccessibleName(name)
    return made
