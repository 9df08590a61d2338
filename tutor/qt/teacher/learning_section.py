"""Learning: train an adapter on the accepted corrections, look at its judgement, use it, go back."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QVBoxLayout

from tutor import paths
from tutor.adaptation import protocol
from tutor.corrections.adapters import report_of, summary
from tutor.domain import Adapter, AdapterState
from tutor.errors import UserError
from tutor.i18n import tr, trn
from tutor.qt.flow import flow
from tutor.qt.teacher.section import Section, empty, when
from tutor.qt.teacher.training_card import TrainingCard, planned_in_words
from tutor.qt.training_desk import TrainingDesk
from tutor.qt.widgets import Card, Choice, Field, Notice, button, clear, label, row

if TYPE_CHECKING:
    from tutor.app import App

EVERYONE = "class"
NIGHT_MINUTES = 480.0


class LearningSection(Section):
    """`changed`: another adapter, or none, is in use."""

    changed = Signal()

    def __init__(self, app: "App", desk: TrainingDesk) -> None:
        super().__init__(
            tr("Learning"),
            tr(
                "Accepted corrections are used at once. Here the tutor is trained on them for good, on this computer. "
                "What it learnt is tested before it is used, and one press takes it back."
            ),
        )
        self._app, self._store, self._desk = app, app.store, desk
        self._ready = label("", "strong")
        self._why = label("", "caption")
        self.who = Choice([(EVERYONE, tr("Everyone"))], EVERYONE)
        self._who = Field(tr("For whom"), self.who, tr("One learner's own corrections count for that learner alone."))
        self.who.activated.connect(self._offer)
        self.plan = Notice("")
        self.plan.hide()
        self.ask_button = button(tr("Train the tutor…"), "primary", "graduation-cap", self.ask)
        self.start_button = button(tr("Start the training"), "primary", "play", partial(self.start, 0.0))
        self.night_button = button(tr("Start, and take the night for it"), "plain", "", self.start_overnight)
        self.leave_button = button(tr("Not now"), "quiet", "", self._leave)
        start = Card(pad=16, gap=8)
        for widget in (self._ready, self._why, self._who, self.plan):
            start.body.addWidget(widget)
        start.body.addWidget(flow(self.ask_button, self.start_button, self.night_button, self.leave_button))
        self.card = TrainingCard()
        self.card.pause.connect(desk.pause)
        self.card.resume.connect(desk.resume)
        self.card.cancel.connect(desk.cancel)
        self.card.hide()
        self._list = QVBoxLayout()
        self._list.setSpacing(12)
        self.body.addWidget(start)
        self.body.addWidget(self.card)
        self.body.addWidget(label(tr("What was learnt"), "heading"))
        self.body.addLayout(self._list)
        self.body.addLayout(row(button(tr("Bring in an adapter…"), "quiet", "folder-open", self._ask_file)))
        self.body.addStretch(1)
        self._asked = desk.planning
        desk.heard.connect(self._heard)
        desk.refused.connect(self._refused)
        for event in desk.events:
            self.show_event(event)

    def enter(self) -> None:
        chosen = self.who.value()
        self.who.clear()
        self.who.addItem(tr("Everyone"), EVERYONE)
        for learner in self._store.learners():
            own = [c for c in self._store.accepted_corrections(learner.id) if c.scope == "learner"]
            if own:
                self.who.addItem(learner.name, str(learner.id))
        self.who.choose(chosen)
        if not self._store.accepted_corrections() and self.who.value() == EVERYONE and self.who.count() > 1:
            self.who.setCurrentIndex(1)  # at home, where corrections are a learner's own
        self._who.setVisible(self.who.count() > 1)
        self._offer()
        self._show_adapters()

    def ask(self) -> None:
        """What would a training take?"""
        self._asked = True
        self.plan.say(tr("Looking at this computer and at the model…"))
        self._desk.train(self._base(), dry_run=True, **self._scope())
        self._offer()

    def start(self, minutes: float = 0.0) -> None:
        """Train, then judge. `minutes`: time that there is."""
        self._leave()
        self.card.begin()
        self.card.show()
        self._desk.train(self._base(), minutes=minutes, **self._scope())
        self._offer()

    def start_overnight(self) -> None:
        """With time for trying several settings, of which the best is kept."""
        self.start(NIGHT_MINUTES)

    def take_in(self, file: Path) -> None:
        """Have an adapter's file checked and judged here."""
        self.card.begin()
        self.card.show()
        self._desk.take_in(file, self._base())
        self._offer()

    # --- what the trainer says ------------------------------------------------------------------------------------

    def _heard(self, event: protocol.Event) -> None:
        self.show_event(event)
        if isinstance(event, protocol.LAST):
            self._show_adapters()
            self.changed.emit()
        self._offer()

    def show_event(self, event: protocol.Event) -> None:
        """What the trainer told, in the card or as the plan that was asked for."""
        if not self._asked:
            self.card.show()
            self.card.hear(event)
            return
        match event:
            case protocol.Planned():
                self.plan.say(planned_in_words(event))
                for shown in (self.start_button, self.night_button, self.leave_button):
                    shown.show()
            case protocol.Refused() | protocol.Failed():
                self._asked = False
                self.plan.say(event.message, "alert")

    def _refused(self, error: UserError) -> None:
        if self._asked:
            self._asked = False
            self.plan.say(str(error), "alert")
        else:
            self.card.hear(protocol.Refused(code=error.code, message=str(error)))
        self._offer()

    def _leave(self) -> None:
        self._asked = False
        self.plan.hide()
        self._offer()

    def _offer(self) -> None:
        """What can be pressed now, and how much there is to learn."""
        who = self.who.value()
        accepted = self._store.accepted_corrections(None if who == EVERYONE else int(who))
        known = {i for a in self._app.adapters.all() if a.state is AdapterState.ACTIVE for i in self._learnt(a)}
        fresh = sum(c.id not in known for c in accepted)
        self._ready.setText(
            trn("{n} accepted correction", "{n} accepted corrections", len(accepted))
            if accepted
            else tr("There is nothing to learn from yet")
        )
        if not accepted:
            self._why.setText(tr("Accept corrections first; twenty are a good number to train on."))
        elif fresh:
            self._why.setText(trn("{n} is not learnt yet.", "{n} are not learnt yet.", fresh))
        else:
            self._why.setText(tr("All of them are learnt."))
        running = self._desk.running
        planned = self._asked and not running
        self.ask_button.setVisible(not planned)
        self.ask_button.setEnabled(bool(accepted) and not running)
        self.start_button.setVisible(planned)
        self.night_button.setVisible(planned)
        self.leave_button.setVisible(planned)

    def _learnt(self, adapter: Adapter) -> tuple[int, ...]:
        return self._store.adapter_corrections(adapter.id)

    # --- the list -------------------------------------------------------------------------------------------------

    def _show_adapters(self) -> None:
        clear(self._list)
        running = self._desk.running
        adapters = [a for a in self._app.adapters.all() if a.state is not AdapterState.TRAINING or not running]
        for adapter in adapters:
            self._list.addWidget(self._adapter(adapter))
        if not adapters:
            self._list.addWidget(
                empty(tr("Nothing yet. After a training, what was learnt is listed here, with its test results."))
            )

    def _adapter(self, adapter: Adapter) -> Card:
        card = Card(pad=16, gap=8)
        card.body.addWidget(label(tr("Adapter {n}", n=adapter.id), "strong"))
        learner = self._name(adapter.learner_id)
        card.body.addWidget(label(" · ".join(part for part in (when(adapter.created_at), learner) if part), "caption"))
        card.body.addWidget(label(summary(adapter).capitalize()))
        if adapter.why:
            card.body.addWidget(Notice(adapter.why, "warm"))
        acts: list[tuple[str, str, Callable[[], object]]] = []
        if adapter.state is AdapterState.TRAINING:
            acts.append((tr("Go on"), "primary", partial(self._go_on, adapter)))
        elif adapter.state is AdapterState.ACTIVE:
            acts.append((tr("Go back to before"), "plain", partial(self._back, adapter)))
        elif adapter.promoted:
            acts.append((tr("Use it"), "primary", partial(self._use, adapter)))
        page = report_of(adapter)
        if page is not None:
            acts.append((tr("Before and after, answer by answer"), "plain", partial(_open, page)))
        if adapter.file:
            acts.append((tr("Save to a file…"), "quiet", partial(self._ask_export, adapter)))
        if adapter.state is not AdapterState.ACTIVE:
            acts.append((tr("Remove"), "quiet", partial(self._remove, adapter)))
        card.body.addWidget(flow(*(button(words, kind, "", act) for words, kind, act in acts)))
        return card

    def _name(self, learner_id: int | None) -> str:
        if learner_id is None:
            return tr("for everyone")
        try:
            return tr("for {name} alone", name=self._store.learner(learner_id).name)
        except UserError:
            return ""

    def _go_on(self, adapter: Adapter) -> None:
        self.who.choose(EVERYONE if adapter.learner_id is None else str(adapter.learner_id))
        self._leave()
        self.card.begin()
        self.card.show()
        self._desk.go_on(adapter.id)
        self._offer()

    def _use(self, adapter: Adapter) -> None:
        self._do(
            lambda: self._app.adapters.use(adapter.id),
            tr("The tutor answers with adapter {n} from the next question on.", n=adapter.id),
        )

    def _back(self, adapter: Adapter) -> None:
        self._do(
            lambda: self._app.adapters.back(Path(adapter.base), adapter.learner_id),
            tr("Done. The tutor answers as it did before."),
        )

    def _remove(self, adapter: Adapter) -> None:
        self._do(lambda: self._app.adapters.delete(adapter.id), tr("Adapter {n} is removed.", n=adapter.id))

    def _do(self, act: Callable[[], object], words: str) -> None:
        try:
            act()
        except UserError as error:
            self.complain(error)
            return
        self._show_adapters()
        self._offer()
        self.tell(words)
        self.changed.emit()

    def _ask_export(self, adapter: Adapter) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self, tr("Save the adapter"), f"tutor-adapter-{adapter.id}.gguf", tr("Adapters (*.gguf)")
        )
        if chosen:
            self._do(lambda: self._app.adapters.export(adapter.id, Path(chosen)), tr("The adapter is saved."))

    def _ask_file(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, tr("Bring in an adapter"), "", tr("Adapters (*.gguf)"))
        if chosen:
            self.take_in(Path(chosen))

    def _base(self) -> Path:
        return Path(str(self._store.setting("model")) or paths.starter_model())

    def _scope(self) -> dict[str, object]:
        who = self.who.value()
        return {} if who == EVERYONE else {"scope": "learner", "learner_id": int(who)}


def _open(page: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(page)))
