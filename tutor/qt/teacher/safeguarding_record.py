"""The contact's record: what was written and answered, with the verdicts, newest first."""

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from tutor.domain import Action
from tutor.i18n import tr
from tutor.qt.teacher.safeguarding_levels import label_in_words
from tutor.qt.teacher.section import empty, when
from tutor.qt.widgets import Card, Choice, Field, button, clear, label, row
from tutor.store import Store
from tutor.store.alerts import LogEntry

PAGE = 20
EVERYBODY = ""


def action_in_words(action: Action) -> str:
    return {
        Action.ALLOW: tr("Nothing found"),
        Action.REVIEW: tr("Shown, and marked"),
        Action.BLOCK: tr("Stopped"),
        Action.REFUSE: tr("Refused"),
        Action.SIGNPOST: tr("Pointed to people"),
    }[action]


class Record(QWidget):
    """Shows nothing while `may_read` says no."""

    def __init__(self, store: Store, may_read: Callable[[], bool]) -> None:
        super().__init__()
        self._store, self._may_read = store, may_read
        self.who = Choice([(EVERYBODY, tr("Everybody"))])
        self.serious = Choice([("", tr("All turns")), ("serious", tr("Only what was marked or stopped"))], "serious")
        self.who.activated.connect(self._begin)
        self.serious.activated.connect(self._begin)
        self._list = QVBoxLayout()
        self._list.setSpacing(12)
        self._more = button(tr("Show more"), "plain", "chevron-down", self._show_more)
        self._before: int | None = None
        self._filters = QWidget()
        filters = QVBoxLayout(self._filters)
        filters.setContentsMargins(0, 0, 0, 0)
        filters.addWidget(Field(tr("Learner"), self.who))
        filters.addWidget(Field(tr("Which"), self.serious))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        box.addWidget(self._filters)
        box.addLayout(self._list)
        box.addLayout(row(self._more))

    def refresh(self) -> None:
        """Read anew, from the newest on."""
        chosen = self.who.value()
        self.who.clear()
        self.who.addItem(tr("Everybody"), EVERYBODY)
        for learner in self._store.learners():
            self.who.addItem(learner.name, str(learner.id))
        self.who.choose(chosen)
        self._begin()

    def forget(self) -> None:
        """Nothing stays on show."""
        clear(self._list)

    def _begin(self) -> None:
        clear(self._list)
        self._before = None
        self._more.hide()
        self._filters.setVisible(self._may_read())
        if not self._may_read():
            self._list.addWidget(empty(tr("The contact's key opens the record: see the page “Alerts”.")))
            return
        self._show_more()
        if not self._list.count():
            self._list.addWidget(empty(tr("Nothing like that is in the record.")))

    def _show_more(self) -> None:
        """The next page of those that are wanted; looked for in steps, since most turns are harmless."""
        learner_id = int(self.who.value()) if self.who.value() else None
        entries = self._store.moderation_log(
            learner_id=learner_id, limit=PAGE, before=self._before, serious=bool(self.serious.value())
        )
        names = {learner.id: learner.name for learner in self._store.learners()}
        for entry in entries:
            self._list.addWidget(self._card(entry, names))
        self._more.setVisible(len(entries) == PAGE)
        if entries:
            self._before = entries[-1].id

    def _card(self, entry: LogEntry, names: dict[int, str]) -> Card:
        card = Card(pad=12, gap=4)
        who = names.get(entry.learner_id or 0, tr("a learner who is not here any more"))
        card.body.addWidget(label(f"{who} · {when(entry.created_at)} · {action_in_words(entry.action)}", "caption"))
        card.body.addWidget(label(entry.prompt, select=True))
        card.body.addWidget(label(entry.answer, "quiet", select=True))
        labels = sorted({name for verdict in (entry.input_verdict, *entry.output_verdicts) if verdict
                         for name in verdict.labels})  # fmt: skip
        if labels:
            card.body.addWidget(label(", ".join(label_in_words(name) for name in labels), "caption"))
        return card
