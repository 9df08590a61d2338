"""Safeguarding: alerts until they are acknowledged, the contact, the record, the levels, the checklist."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from tutor.classroom import kept
from tutor.domain import Alert
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.qt.contact_form import ContactForm
from tutor.qt.flow import flow
from tutor.qt.teacher.contact_door import ContactDoor
from tutor.qt.teacher.safeguarding_checklist import Checklist
from tutor.qt.teacher.safeguarding_levels import Levels
from tutor.qt.teacher.safeguarding_record import Record
from tutor.qt.teacher.section import Section, empty, when
from tutor.qt.widgets import Card, Notice, Symbol, button, clear, label, row
from tutor.store import Store


def kind_in_words(kind: str) -> str:
    return {
        "self_harm": tr("May want to hurt themselves"),
        "suicide": tr("May want to end their life"),
        "abuse": tr("May be hurt by somebody"),
        "isolation": tr("Sounds very alone"),
        "hopeless": tr("Sounds hopeless"),
        "friend": tr("Worries about a friend"),
        "eating": tr("May be struggling with eating"),
        "sexual": tr("Wrote something sexual"),
        "abusive_language": tr("Used abusive words"),
        "not_checked": tr("Could not be checked: please read it"),
        "unclear": tr("Was answered with written words; the tutor stopped before it said why"),
        "dangerous_request": tr("Asked for something dangerous"),
        "bullying": tr("May be bullied"),
        "threat": tr("A threat against somebody"),
    }.get(kind, kind.replace("_", " ").capitalize())


def urgency(severity: int) -> tuple[str, str, str]:
    """(words, icon, colour)."""
    if severity >= 3:
        return tr("Look at it now"), "triangle-alert", "alert"
    if severity == 2:
        return tr("Look at it soon"), "triangle-alert", "warm"
    return tr("Look when you can"), "info", "accent"


class AlertCard(Card):
    """One alert; the words are shown only when asked for, so that nobody reads them over a shoulder by chance."""

    acknowledged = Signal(int)

    def __init__(self, store: Store, alert: Alert, may_read: Callable[[], bool] = lambda: True) -> None:
        """`may_read`: whether the words may be shown now."""
        super().__init__(pad=16, gap=8)
        self._store, self.alert, self._may_read = store, alert, may_read
        words, symbol, colour = urgency(alert.severity)
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(Symbol(symbol, 22, colour), 0, Qt.AlignmentFlag.AlignTop)
        middle = QVBoxLayout()
        middle.setSpacing(2)
        middle.addWidget(label(kind_in_words(alert.kind), "strong"))
        middle.addWidget(label(f"{words} · {self._who()} · {when(alert.created_at)}", "caption"))
        line.addLayout(middle, 1)
        self.body.addLayout(line)
        self._words = QVBoxLayout()
        self.body.addLayout(self._words)
        self._show = button(tr("Show the words"), "plain", "eye", self.show_words)
        buttons: list[QWidget] = [self._show]
        if alert.seen_at is None:
            buttons.append(button(tr("I have seen this"), "primary", "check", self._acknowledge))
        self.body.addLayout(row(*buttons))
        if alert.seen_at is not None:
            by = store.acknowledged_by(alert.id)
            self.body.addWidget(label(tr("Seen by {who}, {when}", who=by, when=when(alert.seen_at)), "caption"))
        else:
            self.body.addWidget(label(tr("Not yet seen"), "warm"))

    def _who(self) -> str:
        if self.alert.learner_id is None:
            return tr("a guest")
        try:
            return self._store.learner(self.alert.learner_id).name
        except UserError:
            return tr("a learner who was erased")

    def show_words(self) -> None:
        if not self._may_read():
            if not self._words.count():
                self._words.addWidget(label(tr("The contact's key opens the words: see above."), "quiet"))
            return
        clear(self._words)
        self._show.hide()
        entries = self._store.moderation_log(alert_id=self.alert.id)
        for entry in entries:
            self._words.addWidget(label(tr("The learner wrote:"), "caption"))
            self._words.addWidget(label(entry.prompt, select=True))
            self._words.addWidget(label(tr("Tutor answered:"), "caption"))
            self._words.addWidget(label(entry.answer, select=True))
        if not entries:
            self._words.addWidget(label(tr("The words are not stored."), "quiet"))

    def _acknowledge(self) -> None:
        self.acknowledged.emit(self.alert.id)


class Safeguarding(Section):
    """Four pages: alerts with the contact, the record, how strict the levels are, the checklist."""

    changed = Signal()
    levels_changed = Signal()
    """The engine must load other safety levels."""

    def __init__(self, store: Store) -> None:
        super().__init__(
            tr("Safeguarding"),
            tr("What the tutor noticed and passes on. It decides nothing on its own; please act as your rules say."),
        )
        self._store = store
        self.pages: dict[str, QWidget] = {}
        self._turns = QButtonGroup(self)
        self._turn_of: dict[str, QPushButton] = {}
        for key, words in (
            ("alerts", tr("Alerts")),
            ("record", tr("Record")),
            ("levels", tr("How strict")),
            ("checklist", tr("Checklist")),
        ):
            made = button(words, "chip", "", partial(self.show_page, key))
            made.setCheckable(True)
            self._turns.addButton(made)
            self._turn_of[key] = made
            self.pages[key] = QWidget()
        self.kept = Notice("")
        self.kept.hide()
        self.body.addWidget(self.kept)
        self.body.addWidget(flow(*self._turn_of.values()))
        page = QVBoxLayout(self.pages["alerts"])
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(16)
        self.levels: Levels | None = None
        self.checklist = Checklist(store)
        self.door = ContactDoor(store)
        self.record = Record(store, lambda: self.door.is_open)
        self.door.changed.connect(self.enter)
        self._waiting = label("", "heading")
        self._alerts = QVBoxLayout()
        self._alerts.setSpacing(12)
        self._seen_button: QPushButton = button(tr("Show the ones already seen"), "quiet", "history", self._show_seen)
        self._with_seen = False
        self._contact = QVBoxLayout()
        self._contact.setSpacing(12)
        page.addWidget(self.door)
        page.addWidget(self._waiting)
        page.addLayout(self._alerts)
        page.addLayout(row(self._seen_button))
        page.addSpacing(16)
        page.addWidget(label(tr("Safeguarding contact"), "heading"))
        page.addLayout(self._contact)
        for each in self.pages.values():
            self.body.addWidget(each)
        self.body.addStretch(1)
        self.show_page("alerts")

    def show_page(self, key: str) -> None:
        """Alerts, levels or the checklist; the last two are made when they are first looked at."""
        if key == "levels" and self.levels is None:
            self.levels = Levels(self._store)
            self.levels.changed.connect(self.levels_changed)
            _put(self.pages["levels"], self.levels)
        if key == "record":
            _put(self.pages["record"], self.record)
            self.record.refresh()
        if key == "checklist":
            _put(self.pages["checklist"], self.checklist)
            self.checklist.refresh()
        for name, each in self.pages.items():
            each.setVisible(name == key)
            self._turn_of[name].setChecked(name == key)

    def hideEvent(self, event: QHideEvent) -> None:
        """Whoever leaves the page leaves the record closed, and no words that it opened."""
        try:
            self.door.close_door()
            if not self.door.is_open:
                self.enter()
        except UserError:  # the program ends, or the file cannot be read
            clear(self._alerts)
            self.record.forget()
        super().hideEvent(event)

    def enter(self) -> None:
        self._tell_what_is_kept()
        if self.record.isVisibleTo(self) or not self.door.is_open:
            self.record.refresh()
        clear(self._alerts)
        alerts = self._store.alerts(unseen_only=not self._with_seen)
        unseen = sum(1 for alert in alerts if alert.seen_at is None)
        self._waiting.setText(tr("Not yet seen: {n}", n=unseen) if unseen else tr("Nothing waits"))
        for alert in alerts:
            card = AlertCard(self._store, alert, lambda: self.door.is_open)
            card.acknowledged.connect(self._acknowledge)
            self._alerts.addWidget(card)
        if not alerts:
            self._alerts.addWidget(
                empty(
                    tr(
                        "When a message sounds as if a child may be in danger, or asks for something dangerous, it is "
                        "shown here until somebody has seen it."
                    )
                )
            )
        seen_before = len(self._store.alerts()) > unseen
        self._seen_button.setVisible(seen_before and not self._with_seen)
        self._show_contact()

    def _tell_what_is_kept(self) -> None:
        """What the period for conversations has deleted, or will."""
        kind, words = kept.news(self._store.keeping(), when)
        if words:
            self.kept.say(words, kind)
        self.kept.setVisible(bool(words))

    def _acknowledge(self, alert_id: int) -> None:
        contact = self._store.contact()
        try:
            self._store.acknowledge(alert_id, contact.name if contact else tr("a teacher"))
        except UserError as error:
            self.complain(error)
            return
        self.enter()
        self.changed.emit()

    def _show_seen(self) -> None:
        self._with_seen = True
        self.enter()

    def _show_contact(self) -> None:
        clear(self._contact)
        contact = self._store.contact()
        card = Card(pad=16, gap=4)
        if contact is not None:
            card.body.addWidget(label(contact.name, "strong"))
            card.body.addWidget(label(contact.reach))
            card.body.addWidget(label(tr("Confirmed {when}", when=when(contact.confirmed_at)), "caption"))
        card.body.addLayout(row(button(tr("Change"), "plain", "pencil", self._edit_contact)))
        self._contact.addWidget(card)

    def _edit_contact(self) -> None:
        clear(self._contact)
        self.form = ContactForm(self._store.contact())
        self._contact.addWidget(self.form)
        self._contact.addLayout(
            row(
                button(tr("Confirm"), "primary", "check", self._keep_contact),
                button(tr("Leave it as it is"), "quiet", "", self._show_contact),
            )
        )
        self.form.name.setFocus()

    def _keep_contact(self) -> None:
        if self.form.problem_found():
            return
        try:
            self._store.set_contact(*self.form.values(), confirmed=True)
        except UserError as error:
            self.complain(error)
            return
        self._show_contact()
        self.tell(tr("The safeguarding contact is changed."))


def _put(holder: QWidget, inside: QWidget) -> None:
    """Put a widget into an empty one, once."""
    if holder.layout() is None:
        box = QVBoxLayout(holder)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(inside)
