"""The editor of one lesson: the form at the left, the preview at the right, everything saved as it is written."""

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from tutor.domain import Item, LessonState, LessonVersion
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.lessons.faults import LessonFault
from tutor.qt import theme
from tutor.qt.flow import flow
from tutor.qt.icons import icon
from tutor.qt.learner.parts import announce
from tutor.qt.teacher.lessons.controls import shortcut
from tutor.qt.teacher.lessons.draft import Draft
from tutor.qt.teacher.lessons.form import Form
from tutor.qt.teacher.lessons.preview import Preview
from tutor.qt.teacher.lessons.publish_panel import PublishPanel
from tutor.qt.teacher.section import when
from tutor.qt.widgets import Notice, button, label, tool

if TYPE_CHECKING:
    from tutor.app import App
    from tutor.domain import Lesson

BESIDE = 860
"""Pixels at 100% that the form and the preview need to stand side by side."""
TITLE = 240
"""Pixels at 100% that the name keeps beside the buttons."""


class Editor(QWidget):
    """`closed` goes back to the list; the words are saved by then."""

    closed = Signal()
    versions_wanted = Signal()
    test_wanted = Signal()
    published = Signal(str)
    """The title of what was published."""
    words_seen = Signal()
    """The safety checks have looked at what learners are shown as it stands."""

    def __init__(
        self,
        app: "App",
        version: LessonVersion,
        *,
        read_table: Callable[[str], tuple[Item, ...]],
        materials: Callable[[Draft], QWidget],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("page", "true")
        self.app = app
        self.version = version
        """As it was stored last."""
        self.draft = Draft(version.lesson, self._save, self)
        self.form = Form(self.draft, app.lessons.faults, read_table, partial(materials, self.draft))
        self.preview: Preview | None = None
        self.said = Notice("", "alert")
        self.said.hide()
        self.publish = PublishPanel()
        self.form.body.insertWidget(self.form.top, self.said)
        self.form.body.insertWidget(self.form.top + 1, self.publish)
        self._bar = self._make_bar()
        self._place = QHBoxLayout()
        self._place.setSpacing(0)
        self._place.addWidget(self.form, 11)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._bar)
        outer.addLayout(self._place, 1)
        self._connect()
        self._shortcuts()
        self._show_state()

    # --- what a teacher does ----------------------------------------------------------------------------------------

    def save(self) -> bool:
        """Now, by Ctrl+S; it happens by itself as well."""
        done = self.draft.save()
        if done:
            self._show_state()
            announce(self, tr("Saved"))
        return done

    def toggle_preview(self) -> None:
        """Fold the preview in or out."""
        if self.preview is not None and not self.preview.isHidden():
            self.preview.hide()
            self._arrange()
            return
        if self.preview is None:
            self.start_preview()
        else:
            self.preview.show()
            self._arrange()

    def start_preview(self) -> None:
        """A new conversation with the lesson as it is now."""
        self.draft.save()
        if self.preview is None:
            self.preview = Preview(self.app)
            self.preview.wanted_again.connect(self.start_preview)
            self._place.addWidget(self.preview, 9)
        self.preview.show()
        self._arrange()
        self.preview.begin(self.draft.lesson)

    def open_publish(self) -> None:
        """What stands in the way of publishing, or the button that does it."""
        if not self.draft.save():
            return
        self._show_publish()
        self.app.lessons.look_at_words(self.draft.lesson, self._tell_words_seen)
        self.form.verticalScrollBar().setValue(0)
        self.form.show()
        target = self.publish.go if self.publish.go.isEnabled() else self.publish.leave
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_publish(self) -> None:
        lesson = self.draft.lesson
        found = (*self.form.look(), *self.app.lessons.unchecked(lesson))
        self.publish.show_state(lesson, found, self.app.lessons.test_of(self.version))

    def _tell_words_seen(self) -> None:
        with contextlib.suppress(RuntimeError):  # the editor may be gone by then
            self.words_seen.emit()

    def _words_seen(self) -> None:
        if not self.publish.isHidden():
            self._show_publish()

    def leave(self) -> None:
        """Back to the list, unless what was written cannot be saved."""
        if self.draft.save():
            self.close_preview()
            self.closed.emit()

    def close_preview(self) -> None:
        if self.preview is not None:
            self.preview.end()
            self.preview.hide()
            self.preview.deleteLater()
            self.preview = None

    # --- inside -----------------------------------------------------------------------------------------------------

    def _make_bar(self) -> QFrame:
        bar = QFrame()
        bar.setProperty("panel", "bar")
        back = tool(tr("Back to the lessons"), "arrow-left", self.leave)
        self._title = label("", "strong")
        self._state = label("", "caption")
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self._title)
        names.addWidget(self._state)
        left = QWidget()
        box = QHBoxLayout(left)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(back, 0, Qt.AlignmentFlag.AlignTop)
        box.addLayout(names, 1)
        self.undo_button = tool(tr("Undo (Ctrl+Z)"), "undo-2", self.draft.undo)
        self.redo_button = tool(tr("Redo (Ctrl+Shift+Z)"), "redo-2", self.draft.redo)
        self.preview_button = button(tr("Preview"), "plain", "play", self.toggle_preview)
        self.preview_button.setToolTip(tr("Try it as a learner (Ctrl+Enter)"))
        self.versions_button = button(tr("Versions"), "quiet", "history", self._to_versions)
        self.test_button = button(tr("Test"), "plain", "shield-check", self._to_test)
        self.test_button.setAccessibleName(tr("Test this lesson"))
        self.publish_button = button(tr("Publish…"), "primary", "", self.open_publish)
        self._acts = (
            self.undo_button,
            self.redo_button,
            self.versions_button,
            self.preview_button,
            self.test_button,
            self.publish_button,
        )
        self._flow = flow(*self._acts, gap=4)
        self._rows = QBoxLayout(QBoxLayout.Direction.LeftToRight, bar)
        self._rows.setContentsMargins(16, 8, 16, 8)
        self._rows.setSpacing(8)
        self._rows.addWidget(left, 1)
        self._rows.addWidget(self._flow)
        return bar

    def _connect(self) -> None:
        self.draft.changed.connect(self._changed)
        self.draft.saved.connect(self._show_state)
        self.draft.failed.connect(self._not_saved)
        self.draft.stack.canUndoChanged.connect(self.undo_button.setEnabled)
        self.draft.stack.canRedoChanged.connect(self.redo_button.setEnabled)
        self.draft.stack.undoTextChanged.connect(self._name_steps)
        self.draft.stack.redoTextChanged.connect(self._name_steps)
        self.undo_button.setEnabled(False)
        self.redo_button.setEnabled(False)
        self.publish.closed.connect(self.publish.hide)
        self.publish.jumped.connect(self.form.go_to)
        self.publish.test_wanted.connect(self._to_test)
        self.publish.published.connect(self._publish)
        self.words_seen.connect(self._words_seen, Qt.ConnectionType.QueuedConnection)
        theme.changed.connect(self._arrange)

    def _shortcuts(self) -> None:
        for place in (self.form, self._bar):  # the preview has keys of its own
            for keys, deed in (
                ("Ctrl+S", self.save),
                ("Ctrl+Z", self.draft.undo),
                ("Ctrl+Shift+Z", self.draft.redo),
                ("Ctrl+Y", self.draft.redo),
                ("Ctrl+Return", self.start_preview),
                ("Ctrl+Enter", self.start_preview),
            ):
                shortcut(place, keys, deed)

    def _save(self, lesson: "Lesson") -> None:
        self.version = self.app.lessons.save(self.version.lesson_id, lesson)

    def _publish(self, why: str) -> None:
        lesson = self.draft.lesson
        if not self.publish.is_decided(lesson, self.app.lessons.doubts(lesson)):
            return
        try:
            self.version = self.app.lessons.publish(self.version.lesson_id, why=why)
        except LessonFault:
            self.open_publish()
            return
        except UserError as error:
            self.said.say(str(error), "alert")
            return
        self.publish.hide()
        self.said.say(tr("“{title}” is published. Learners can begin with it now.", title=self._name()), "good")
        self._show_state()
        self.published.emit(self._name())

    def _changed(self, _redraw: bool) -> None:
        self._title.setText(self._name())
        self._state.setText(tr("Saving…"))
        if self.said.property("panel") == "good":
            self.said.hide()
        if self.preview is not None:
            self.preview.show_changes(self.draft.lesson)

    def _name_steps(self, _words: str = "") -> None:
        """What undo and redo would do."""
        back, forth = self.draft.stack.undoText(), self.draft.stack.redoText()
        self.undo_button.setToolTip(tr("Undo: {what} (Ctrl+Z)", what=back) if back else tr("Undo (Ctrl+Z)"))
        self.redo_button.setToolTip(
            tr("Redo: {what} (Ctrl+Shift+Z)", what=forth) if forth else tr("Redo (Ctrl+Shift+Z)")
        )

    def _not_saved(self, error: UserError) -> None:
        self.said.say(
            tr("{reason} What you wrote stays here and is tried again with the next change.", reason=error), "alert"
        )
        self._state.setText(tr("Not saved"))

    def _show_state(self) -> None:
        if self.said.property("panel") == "alert" and not self.draft.waiting:
            self.said.hide()
        self._title.setText(self._name())
        published = self.version.state is LessonState.PUBLISHED
        state = tr("Published, version {n}", n=self.version.number) if published else tr("Draft")
        at = self.version.published_at if published else self.version.changed_at
        self._state.setText(" · ".join(part for part in (state, tr("saved {time}", time=_clock(at))) if part))
        self.publish_button.setEnabled(not published or self.draft.waiting)

    def _name(self) -> str:
        return self.draft.lesson.title.strip() or tr("(no title yet)")

    def _to_versions(self) -> None:
        if self.draft.save():
            self.versions_wanted.emit()

    def _to_test(self) -> None:
        if self.draft.save():
            self.test_wanted.emit()

    def _arrange(self) -> None:
        """Side by side where there is room, else one of them; the same for the name and the buttons."""
        needed = sum(each.sizeHint().width() for each in self._acts) + 4 * len(self._acts)
        one_row = self.width() - needed >= theme.scale(TITLE)
        self._rows.setDirection(QBoxLayout.Direction.LeftToRight if one_row else QBoxLayout.Direction.TopToBottom)
        self._flow.setMinimumWidth(needed if one_row else 0)
        self._flow.setMaximumWidth(needed if one_row else 16_777_215)
        shown = self.preview is not None and not self.preview.isHidden()
        self.form.setVisible(not shown or self.width() >= theme.scale(BESIDE))
        self.preview_button.setText(tr("Hide the preview") if shown else tr("Preview"))
        self.preview_button.setIcon(icon("eye-off" if shown else "play"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def hideEvent(self, event: QHideEvent) -> None:
        """Whatever takes the page away, the words are stored first."""
        self.draft.save()
        super().hideEvent(event)


def _clock(stored: str) -> str:
    """The time of a stored moment, with its day where that is not today."""
    try:
        moment = datetime.fromisoformat(stored)
    except ValueError:
        return ""
    local = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone()
    return local.strftime("%H:%M") if local.date() == datetime.now().astimezone().date() else when(stored)
