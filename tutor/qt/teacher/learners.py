"""Learners: add, change, read where it is allowed, more time, a PIN, export to a file, erase after typing the name."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from tutor.domain import Learner, Visible
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.qt import choices
from tutor.qt.flow import FlowLayout
from tutor.qt.learner_form import LearnerForm
from tutor.qt.pictures import Picture
from tutor.qt.teacher import setting_lessons
from tutor.qt.teacher.class_card import LessonForm, set_row
from tutor.qt.teacher.learner_pin import PinForm
from tutor.qt.teacher.more_time import MoreTime
from tutor.qt.teacher.reading import Reading
from tutor.qt.teacher.section import Section, empty
from tutor.qt.widgets import Card, Field, Notice, Secret, button, clear, label, row
from tutor.qt.work import Operation
from tutor.session_limits import Limits
from tutor.store.credentials import CONTACT
from tutor.wording.visible import in_words

if TYPE_CHECKING:
    from tutor.app import App


_MANY: Final = 9
"""From so many learners on one is looked for by name."""


class Learners(Section):
    """One card a learner; forms open in place."""

    changed = Signal()

    def __init__(self, app: "App") -> None:
        super().__init__(
            tr("Learners"), tr("Each learner has conversations of their own that other learners do not see.")
        )
        self._app = app
        self._store = app.store
        self._add_button = button(tr("Add a learner"), "primary", "circle-plus", self.add)
        self.sought = QLineEdit()
        self.sought.setPlaceholderText(tr("Find a learner"))
        self.sought.setAccessibleName(tr("Find a learner"))
        self.sought.setClearButtonEnabled(True)
        self.sought.textChanged.connect(self._narrow)
        self._cards: list[tuple[str, Card]] = []
        self._nobody = empty(tr("Nothing is found."))
        self._list = QVBoxLayout()
        self._list.setSpacing(12)
        self.body.addLayout(row(self._add_button))
        self.body.addWidget(self.sought)
        self.body.addWidget(self._nobody)
        self.body.addLayout(self._list)
        self.body.addStretch(1)

    def enter(self) -> None:
        self._empty_list()
        self._add_button.show()
        learners = self._store.learners()
        self._set = setting_lessons.by_learner(self._store)
        self._with_pin = self._store.learners_with_pin()
        self.sought.setVisible(len(learners) >= _MANY)
        for learner in learners:
            card = self._card(learner)
            self._cards.append((learner.name.casefold(), card))
            self._list.addWidget(card)
        self._narrow()
        if not learners:
            self._list.addWidget(empty(tr("There are no learners yet. Add the first one.")))

    def _make_room(self) -> None:
        """For a form in the place of the list."""
        self._empty_list()
        self._add_button.hide()
        self.said.hide()

    def _show(self, form: LessonForm | MoreTime | PinForm | Reading) -> None:
        """In the place of the list, which comes back when the form is left."""
        self._make_room()
        form.left.connect(self.enter)
        self._list.addWidget(form)

    def _empty_list(self) -> None:
        clear(self._list)
        self._cards = []
        self._nobody.hide()
        self.sought.hide()

    def _narrow(self, _text: str = "") -> None:
        """Only learners whose name has what is looked for."""
        wanted = self.sought.text().strip().casefold() if not self.sought.isHidden() else ""
        for name, card in self._cards:
            card.setVisible(wanted in name)
        self._nobody.setVisible(bool(self._cards) and not any(wanted in name for name, _ in self._cards))

    def add(self) -> None:
        """Open the form for a new learner."""
        self._open_form(None)

    # --- one learner ----------------------------------------------------------------------------------------------

    def _card(self, learner: Learner) -> Card:
        card = Card(pad=16, gap=8)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(Picture(learner.picture, 48), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(learner.name, "strong"))
        bands = dict(choices.age_bands())
        languages = dict(choices.languages())
        words.addWidget(
            label(
                f"{bands.get(learner.age_band.value, '')} · {languages.get(learner.language, learner.language)}",
                "caption",
            )
        )
        visible = self._store.visible_of(learner.id)
        seen = in_words(visible, school=self._store.setting("setting") == "school")
        classes = ", ".join(each.name for each in self._store.classes_of(learner.id))
        pin = tr("has a PIN") if learner.id in self._with_pin else ""
        words.addWidget(label(" · ".join(part for part in (classes, seen, pin) if part), "caption"))
        limits = Limits(self._store, learner.id)
        if allowed := limits.allowed():
            words.addWidget(
                label(tr("Today {used} of {allowed} minutes", used=limits.used(), allowed=allowed), "caption")
            )
        head.addLayout(words, 1)
        card.body.addLayout(head)
        for assignment, title in self._set.get(learner.id, ()):
            away, show = (partial(act, assignment.id) for act in (self._unset, self._show_word))
            card.body.addWidget(set_row(assignment, title, away, show))
        holder = QWidget()
        flow = FlowLayout(holder)
        actions: list[tuple[str, str, str, Callable[[Learner], object]]] = []
        if visible is Visible.ALL:
            actions.append((tr("Read conversations…"), "plain", "eye", self.read))
        if allowed:
            actions.append((tr("More time today…"), "plain", "history", self.open_more_time))
        for text, kind, symbol, action in (
            (tr("Change"), "plain", "pencil", self._open_form),
            (tr("Set a lesson…"), "plain", "book-open", self.choose_lesson),
            (tr("PIN…"), "plain", "lock", self.open_pin),
            *actions,
            (tr("Export…"), "plain", "download", self._ask_export),
            (tr("Erase…"), "danger", "trash-2", self.open_erase),
        ):
            made = button(text, kind, symbol, partial(action, learner))
            made.setAccessibleName(f"{text} {learner.name}")
            flow.addWidget(made)
        card.body.addWidget(holder)
        return card

    def _open_form(self, learner: Learner | None) -> None:
        self._make_room()
        self._list.addWidget(
            label(tr("Change {name}", name=learner.name) if learner else tr("A new learner"), "heading")
        )
        self.form = LearnerForm(learner)
        self._list.addWidget(self.form)
        self._list.addLayout(
            row(
                button(tr("Keep"), "primary", "check", lambda: self._keep(learner)),
                button(tr("Leave it as it is"), "quiet", "", self.enter),
            )
        )
        self.form.name.setFocus()

    def _keep(self, learner: Learner | None) -> None:
        taken = frozenset(
            other.name.casefold() for other in self._store.learners() if learner is None or other.id != learner.id
        )
        if self.form.problem_found(taken):
            return
        name, picture, band, language = self.form.values()
        try:
            if learner is None:
                self._store.add_learner(name, picture, band, language)
            else:
                self._store.update_learner(learner.id, name=name, picture=picture, age_band=band, language=language)
        except UserError as error:
            self.complain(error)
            return
        self.enter()
        self.changed.emit()
        self.tell(tr("{name} was added.", name=name) if learner is None else tr("{name} was changed.", name=name))

    def _ask_export(self, learner: Learner) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        safe = "".join(c if c.isalnum() else "-" for c in learner.name)
        chosen, _ = QFileDialog.getSaveFileName(
            self, tr("Export everything of {name}", name=learner.name), str(Path(folder) / f"tutor-{safe}.json")
        )
        if chosen:
            self.export(learner, Path(chosen))

    def export(self, learner: Learner, file: Path) -> None:
        """Write everything that is stored about a learner to a file; the contact's record is in it."""
        if self._store.has_passphrase(CONTACT):
            self._ask_key(learner, file)
        else:
            self._write(learner, file)

    def _ask_key(self, learner: Learner, file: Path) -> None:
        self._make_room()
        self._list.addWidget(label(tr("Export everything of {name}", name=learner.name), "heading"))
        self.key = Secret(tr("The contact's key"))
        self.key_field = Field(
            tr("The contact's key"),
            self.key,
            tr("An export holds every conversation and the safeguarding record, so the contact opens it."),
        )
        self.key.line.returnPressed.connect(lambda: self._try_key(learner, file))
        self.key_button = button(tr("Export"), "primary", "download", lambda: self._try_key(learner, file))
        self._list.addWidget(self.key_field)
        self._list.addLayout(row(self.key_button, button(tr("Leave it as it is"), "quiet", "", self.enter)))
        self.key.line.setFocus()

    def _try_key(self, learner: Learner, file: Path) -> None:
        secret = self.key.text()
        if not secret or not self.key_button.isEnabled():
            return
        self.key_button.setEnabled(False)

        def tried(right: bool) -> None:
            self.key_button.setEnabled(True)
            self.key.clear()
            if not right:
                self.key_field.complain(tr("This was not right. Nothing was changed."))
                return
            self.enter()
            self._write(learner, file)

        def not_tried(error: UserError) -> None:
            self.key_button.setEnabled(True)
            self.key_field.complain(str(error))

        Operation(self, lambda: self._store.check_passphrase(secret, CONTACT), done=tried, failed=not_tried)

    def _write(self, learner: Learner, file: Path) -> None:
        Operation(
            self,
            lambda: self._store.export_learner(learner.id, file),
            done=lambda written: self.tell(
                tr(
                    "Everything of {name} is in {file}. It holds their words: keep it safe.",
                    name=learner.name,
                    file=written,
                )
            ),
            failed=self.complain,
        )

    # --- lessons that are set -------------------------------------------------------------------------------------

    def choose_lesson(self, learner: Learner) -> None:
        """The form for a lesson with its days, for this learner alone."""
        self.lesson_form = setting_lessons.form_for(self._app, learner.name, (learner,))
        self.lesson_form.done.connect(lambda: self._set_for(learner, self.lesson_form))
        self._show(self.lesson_form)

    def _set_for(self, learner: Learner, form: LessonForm) -> None:
        try:
            undo = setting_lessons.set_lesson(self._store, form, learner_id=learner.id)
        except UserError as error:
            self.complain(error)
            return
        self.enter()
        self.tell(tr("The lesson is set for {name}.", name=learner.name), undo)

    def _unset(self, assignment_id: int) -> None:
        try:
            undo = setting_lessons.unset(self._store, assignment_id)
        except UserError as error:
            self.complain(error)
            return
        self.enter()
        self.tell(tr("The lesson is not set any more. What was worked on stays."), undo)

    def _show_word(self, assignment_id: int) -> None:
        try:
            undo = setting_lessons.show_word(self._store, assignment_id)
        except UserError as error:
            self.complain(error)
            return
        self.enter()
        self.tell(tr("Learners are shown this word now."), undo)

    # --- reading, and more time -----------------------------------------------------------------------------------

    def read(self, learner: Learner) -> None:
        """Their conversations, where their class shows teachers all of them."""
        self.reading = Reading(self._store, learner)
        self._show(self.reading)

    def read_at(self, learner: Learner, message_id: int) -> bool:
        """Open the conversation with this message, where teachers may read it; whether it was opened."""
        reading = Reading(self._store, learner)
        if not reading.show_message(message_id):
            reading.deleteLater()
            return False
        self.reading = reading
        self._show(reading)
        return True

    def open_more_time(self, learner: Learner) -> None:
        """A form for more minutes on this day, with the reason."""
        self.more_time = MoreTime(self._store, learner)
        self.more_time.done.connect(self._done)
        self.more_time.failed.connect(self.complain)
        self._show(self.more_time)
        self.more_time.reason.setFocus()

    # --- a PIN ----------------------------------------------------------------------------------------------------

    def open_pin(self, learner: Learner) -> None:
        """The form that gives a learner a PIN, or takes it away."""
        self.pin_form = PinForm(self._store, learner)
        self.pin_form.done.connect(self._done)
        self._show(self.pin_form)
        self.pin_form.first.line.setFocus()

    def _done(self, told: str) -> None:
        self.enter()
        self.tell(told)

    # --- erasing --------------------------------------------------------------------------------------------------

    def open_erase(self, learner: Learner) -> None:
        self._make_room()
        self._list.addWidget(label(tr("Erase {name}", name=learner.name), "heading"))
        self._list.addWidget(
            Notice(
                tr(
                    "Every conversation, report and setting of {name} is erased, also from the backups. Nobody can "
                    "bring it back. Export it first if somebody may need it.",
                    name=learner.name,
                ),
                "warm",
            )
        )
        self.typed = QLineEdit()
        self.typed_field = Field(tr("Type the name to go on: {name}", name=learner.name), self.typed)
        self.erase_button = button(tr("Erase for ever"), "danger", "trash-2", lambda: self._erase(learner))
        self.erase_button.setEnabled(False)
        self.typed.textChanged.connect(
            lambda text: self.erase_button.setEnabled(text.strip().casefold() == learner.name.strip().casefold())
        )
        self._list.addWidget(self.typed_field)
        self._list.addLayout(
            row(self.erase_button, button(tr("Keep {name}", name=learner.name), "primary", "", self.enter))
        )
        self.typed.setFocus()

    def _erase(self, learner: Learner) -> None:
        self.erase_button.setEnabled(False)
        self.typed.setEnabled(False)
        self.said.say(tr("Erasing {name}, also from the backups…", name=learner.name))
        Operation(
            self,
            lambda: self._app.erase_learner(learner.id),
            done=lambda _: self._erased(learner.name),
            failed=self._not_erased,
        )

    def _erased(self, name: str) -> None:
        self.enter()
        self.changed.emit()
        self.tell(tr("Everything of {name} was erased.", name=name))

    def _not_erased(self, error: UserError) -> None:
        self.enter()
        self.complain(error)
