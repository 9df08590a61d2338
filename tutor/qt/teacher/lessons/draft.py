"""A lesson under edit: its newest words, what undo goes back to, and saving by itself soon after a change."""

import time
from collections.abc import Callable
from typing import Any, Final

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from tutor.domain import Lesson
from tutor.errors import UserError
from tutor.qt.work import unexpected

SAVE_MS: Final = 400
"""After the last key. Every save is committed, so a crash costs at most the words typed in this time."""
SAVE_AT_MOST_MS: Final = 1000
"""However long somebody types without a pause."""
TOGETHER_S: Final = 1.5
"""Changes of one field with shorter pauses than this are undone together."""
_DEEPEST: Final = 500


class Lens:
    """Where a value stands within a lesson: how to read it, and a lesson with another value there."""

    def __init__(self, get: Callable[[Lesson], Any], put: Callable[[Lesson, Any], Lesson]) -> None:
        self.get = get
        self.put = put

    def field(self, name: str) -> "Lens":
        """An attribute of the struct here."""
        return Lens(
            lambda lesson: getattr(self.get(lesson), name),
            lambda lesson, value: self.put(lesson, msgspec.structs.replace(self.get(lesson), **{name: value})),
        )

    def at(self, index: int) -> "Lens":
        """An element of the tuple here."""
        return Lens(
            lambda lesson: self.get(lesson)[index],
            lambda lesson, value: self.put(lesson, (*self.get(lesson)[:index], value, *self.get(lesson)[index + 1 :])),
        )

    def key(self, key: str) -> "Lens":
        """A text of the dictionary here; "" takes it out."""

        def put(lesson: Lesson, value: str) -> Lesson:
            left = {k: v for k, v in self.get(lesson).items() if k != key}
            return self.put(lesson, {**left, key: value} if value else left)

        return Lens(lambda lesson: self.get(lesson).get(key, ""), put)


WHOLE: Final = Lens(lambda lesson: lesson, lambda _, value: value)


class Draft(QObject):
    """Everything that edits a lesson goes through `change`; everything that shows it hears `changed`."""

    changed = Signal(bool)
    """True: not by the widget that was typed into (undo, redo, a card moved), so all must be shown anew."""
    saved = Signal()
    failed = Signal(object)
    """The `UserError` why the draft could not be saved. The words stay here, and are tried again."""

    def __init__(self, lesson: Lesson, save: Callable[[Lesson], object], parent: QObject | None = None) -> None:
        """`save` stores the draft and returns when it is committed; it raises `UserError`."""
        super().__init__(parent)
        self.lesson = lesson
        self.stack = QUndoStack(self)
        self.stack.setUndoLimit(_DEEPEST)
        self._save = save
        self._kept = lesson
        self._top: _Change | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SAVE_MS)
        self._soon.timeout.connect(self.save)
        self._latest = QTimer(self)
        self._latest.setSingleShot(True)
        self._latest.setInterval(SAVE_AT_MOST_MS)
        self._latest.timeout.connect(self.save)

    @property
    def waiting(self) -> bool:
        """Whether something is not saved yet."""
        return self.lesson != self._kept

    def change(self, what: str, lesson: Lesson, *, words: str = "", redraw: bool = False) -> None:
        """The lesson is this now. `what` names the field: changes of one field in a row are undone together.

        `words` names the step for people; `redraw`: the widgets do not show it yet.
        """
        if lesson == self.lesson:
            return
        top = self._top
        goes_on = (
            top is not None
            and not redraw
            and top.what == what
            and self.stack.index() == self.stack.count() > 0
            and time.monotonic() - top.at < TOGETHER_S
        )
        if goes_on and top is not None:
            top.after, top.at = lesson, time.monotonic()
            self.set(lesson, redraw=False)
            return
        self._top = _Change(self, what, self.lesson, lesson, words)
        self.stack.push(self._top)
        if redraw:
            self.changed.emit(True)

    def undo(self) -> None:
        self._top = None
        self.stack.undo()

    def redo(self) -> None:
        self._top = None
        self.stack.redo()

    def set(self, lesson: Lesson, *, redraw: bool) -> None:
        """Without a step to undo; for the steps themselves."""
        self.lesson = lesson
        self._soon.start()
        if not self._latest.isActive():
            self._latest.start()
        self.changed.emit(redraw)

    def save(self) -> bool:
        """Store what is not stored yet. False when that did not work."""
        self._soon.stop()
        self._latest.stop()
        if not self.waiting:
            return True
        wanted = self.lesson
        try:
            self._save(wanted)
        except UserError as error:
            self.failed.emit(error)
            return False
        except Exception as error:  # noqa: BLE001 - whatever it was, the words must stay and the teacher must know
            self.failed.emit(unexpected(error))
            return False
        self._kept = wanted
        self.saved.emit()
        return True


class _Change(QUndoCommand):
    """One step: the lesson before and after it. Both share whatever did not change."""

    def __init__(self, draft: Draft, what: str, before: Lesson, after: Lesson, words: str) -> None:
        super().__init__(words)
        self.what, self.before, self.after = what, before, after
        self.at = time.monotonic()
        self._draft = draft
        self._first = True

    def redo(self) -> None:
        first, self._first = self._first, False
        self._draft.set(self.after, redraw=not first)

    def undo(self) -> None:
        self._draft.set(self.before, redraw=True)
