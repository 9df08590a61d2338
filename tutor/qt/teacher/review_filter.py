"""What of the review queue is shown: kind, lesson, learner, kind of error, words; and what a number narrowed it to."""

from typing import Any, Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from tutor.i18n import tr
from tutor.qt.flow import flow
from tutor.qt.teacher import review_words
from tutor.qt.teacher.counted import Counted
from tutor.qt.teacher.period import span_in_words
from tutor.qt.widgets import Choice, button
from tutor.store import Store
from tutor.store.reviews import KINDS

_PAUSE_MS: Final = 250


class ReviewFilter(QWidget):
    """`changed`: something else is wanted."""

    changed = Signal()

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self.class_id: int | None = None
        self.since = self.until = ""
        """First and last day (ISO 8601) of the answers; "" for no matter."""
        self.kind = Choice([("", tr("Everything")), *((k, review_words.kind_in_words(k)) for k in KINDS)])
        self.lesson = Choice([("", tr("Every lesson"))])
        self.learner = Choice([("", tr("Every learner"))])
        named = [(key, words) for key, words in review_words.errors() if key and key != "none"]
        self.error = Choice([("", tr("Every kind of error")), *named])
        for choice, name in (
            (self.kind, tr("Kind")),
            (self.lesson, tr("Lesson")),
            (self.learner, tr("Learner")),
            (self.error, tr("Kind of error")),
        ):
            choice.setAccessibleName(name)
            choice.activated.connect(lambda _index: self.changed.emit())
        self.words = QLineEdit()
        self.words.setPlaceholderText(tr("Find in questions and answers"))
        self.words.setAccessibleName(tr("Find in questions and answers"))
        self.words.setClearButtonEnabled(True)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.changed)
        self.words.textChanged.connect(lambda _text: self._pause.start())
        self.only = button("", "chip", "x", self._widen)
        self.only.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(flow(self.kind, self.lesson, self.learner, self.error, self.only))
        box.addWidget(self.words)

    def refresh(self) -> None:
        """The lessons and learners that there are now."""
        for choice, every, found in (
            (self.lesson, tr("Every lesson"), [(str(line.id), line.title) for line in self._store.lessons()]),
            (self.learner, tr("Every learner"), [(str(each.id), each.name) for each in self._store.learners()]),
        ):
            wanted = choice.value()
            choice.clear()
            choice.addItem(every, "")
            for key, words in found:
                choice.addItem(words, key)
            choice.choose(wanted if choice.findData(wanted) >= 0 else "")
        self.lesson.setVisible(self.lesson.count() > 1)
        classes = {each.id: each.name for each in self._store.classes()}
        if self.class_id not in classes:
            self.class_id = None
        parts = [classes.get(self.class_id or 0, ""), span_in_words(self.since, self.until)]
        only = ", ".join(part for part in parts if part)
        self.only.setText(tr("Only {what}", what=only))
        self.only.setAccessibleName(tr("Only {what}. Press to see all.", what=only))
        self.only.setVisible(bool(only))

    def narrow_to(self, counted: Counted) -> None:
        """Show what a number counts, and nothing else."""
        self.class_id, self.since, self.until = counted.class_id, counted.since, counted.until
        self.refresh()
        self.kind.choose(counted.kind)
        self.error.choose(counted.error)
        self.lesson.choose(str(counted.lesson_id or ""))
        self.learner.choose(str(counted.learner_id or ""))
        self.words.clear()
        self._pause.stop()

    def _widen(self) -> None:
        self.class_id, self.since, self.until = None, "", ""
        self.refresh()
        self.changed.emit()

    def wanted(self) -> dict[str, Any]:
        """As `Store.review_items` takes it."""
        return {
            "kind": self.kind.value(),
            "lesson_id": int(self.lesson.value()) if self.lesson.value() else None,
            "learner_id": int(self.learner.value()) if self.learner.value() else None,
            "class_id": self.class_id,
            "words": self.words.text(),
            "error": self.error.value(),
            "since": self.since,
            "until": self.until,
        }

    @property
    def narrow(self) -> bool:
        """Whether not everything is wanted."""
        return any(bool(value) for value in self.wanted().values())
