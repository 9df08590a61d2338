"""One conversation: header, messages, what the engine does, composer. Shows a bridge's events and passes on wishes."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tutor.domain import Item, Lesson, Message, Move, Role
from tutor.i18n import tr
from tutor.qt import theme
from tutor.qt.learner.answer import AnswerWidget
from tutor.qt.learner.composer import Composer
from tutor.qt.learner.engine_line import EngineLine
from tutor.qt.learner.header import Header
from tutor.qt.learner.message_list import MessageList
from tutor.qt.learner.parts import announce, mini
from tutor.qt.learner.question import QuestionWidget
from tutor.qt.learner.welcome import QuickChips, Welcome
from tutor.qt.widgets import COLUMN, Notice
from tutor.session_events import (
    Added,
    AskedAbout,
    Corrected,
    EngineState,
    Finished,
    Noted,
    Opened,
    Problem,
    Shown,
    StageChanged,
)

if TYPE_CHECKING:
    from tutor.qt.bridge import SessionBridge

VERSIONS_AT_ONCE = 8
LOOK_MS = 30_000
"""How often it is looked whether an assessment has begun or ended."""


class ConversationPane(QWidget):
    """The right side of the chat page."""

    busy_changed = Signal(bool)

    def __init__(self, bridge: "SessionBridge", note: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bridge = bridge
        self._answering: int | None = bridge.answering
        self._unversioned: list[int] = []
        self._problem_code = ""
        self.header = Header(note)
        self.welcome = Welcome(bridge.learner.name if bridge.learner else "")
        self.chips = QuickChips()
        self.messages = MessageList(self.welcome, self.chips)
        self.messages.around = bridge.around
        self.engine_line = EngineLine()
        self.problem = Notice("", "warm")
        self.off = Notice("", "notice")
        self._off = ""
        self._lesson: Lesson | None = bridge.lesson
        self.composer = Composer()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._ask_versions)
        self._clock = QTimer(self)
        self._clock.setInterval(LOOK_MS)
        self._clock.timeout.connect(self.look_at_times)
        self._clock.start()
        self._build()
        self._connect()
        self.engine_line.show_state(bridge.engine_state)
        self._show_lesson()
        self._settle()

    @property
    def answering(self) -> bool:
        return self._answering is not None

    def stop(self) -> None:
        """End the answer under way; does nothing when there is none."""
        if self._answering is not None:
            self.bridge.stop()

    # --- what the session says ----------------------------------------------------------------------------------------

    @Slot(object)
    def _opened(self, event: Opened) -> None:
        self.header.show_conversation(event.conversation)
        self.messages.show_messages(event.messages)
        self._answering = self.bridge.answering
        self._show_lesson()
        self._settle()

    @Slot(object)
    def _added(self, event: Added) -> None:
        self.problem.hide()
        self.messages.add(event.message)
        if event.message.parent_id is not None:
            self._version_later(event.message.parent_id)
        if event.message.role is Role.TUTOR and event.message.status == "writing":
            self._answering = event.message.id
        self.header.show_conversation(self.bridge.conversation)
        self._settle()

    @Slot(object)
    def _staged(self, event: StageChanged) -> None:
        widget = self.messages.widget_of(event.message_id)
        if isinstance(widget, AnswerWidget):
            widget.show_stage(event.stage)

    @Slot(object)
    def _shown(self, event: Shown) -> None:
        widget = self.messages.widget_of(event.message_id)
        if isinstance(widget, AnswerWidget):
            widget.add_sentence(event.index, event.space, event.check)

    @Slot(object)
    def _finished(self, event: Finished) -> None:
        if self._answering == event.message.id:
            self._answering = None
        self.messages.update_message(event.message)
        self._version_later(event.message.id)
        self._settle()

    @Slot(object)
    def _troubled(self, event: Problem) -> None:
        self._answering = self.bridge.answering
        if event.kept_text:
            self.composer.give_back(event.kept_text)
        self._problem_code = event.code
        text = event.text
        if event.code == "assessment":
            self.look_at_times()
            text = "" if self._off else text
        if event.code.startswith("engine") and self.bridge.engine_state.state != "ready":
            # the line above the composer says already what happened
            not_sent = tr("Your question was not sent: the tutor is not running. Your words are kept.")
            text = not_sent if event.kept_text else ""
        if text:
            self.problem.say(text, "warm")
            announce(self.problem, text, urgent=True)
        self._settle()

    @Slot(object)
    def _engine(self, event: EngineState) -> None:
        self.engine_line.show_state(event)
        if self._problem_code.startswith("engine") and (event.state == "ready" or not self.composer.words()):
            self.problem.hide()  # the line says now how it stands

    @Slot(object)
    def _noted(self, event: Noted) -> None:
        messages = self.messages.messages
        if not (messages and messages[-1].status == "failed"):  # what stands under a failed answer says it already
            self.messages.note(event.text)

    @Slot(object)
    def _corrected(self, event: Corrected) -> None:
        widget = self.messages.widget_of(event.message_id)
        if isinstance(widget, AnswerWidget):
            widget.show_corrected(event.correction)

    @Slot(object)
    def _asked_about(self, event: AskedAbout) -> None:
        widget = self.messages.widget_of(event.message_id)
        if isinstance(widget, AnswerWidget) and self._answering is None:
            widget.ask_about(event.text)

    @Slot()
    def look_at_times(self) -> None:
        """An assessment has the chat off: say so calmly. Words stay possible, for whoever needs help now."""
        before, self._off = self._off, self.bridge.off
        self._show_ways()
        if self._off and self._off != before:
            self.off.say(self._off, "notice")
            announce(self.off, self._off)
        elif not self._off:
            self.off.hide()

    # --- what the learner does ----------------------------------------------------------------------------------------

    @Slot()
    def edit_last(self) -> None:
        """Change the last question in its place."""
        questions = [w for w in self.messages.shown() if isinstance(w, QuestionWidget)]
        if questions:
            questions[-1].start_editing()

    @Slot(str)
    def _ask(self, words: str) -> None:
        self.problem.hide()
        self.bridge.ask(words)

    def put_above_composer(self, widget: QWidget) -> None:
        """Something quiet above the field: it can be left alone."""
        self._foot_box.insertWidget(0, widget)

    # --- inside -------------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        dismiss = mini(tr("Close this message"), "x", self.problem.hide)
        line = QHBoxLayout()
        self.problem.body.removeWidget(self.problem.text)
        line.addWidget(self.problem.text, 1)
        line.addWidget(dismiss, 0, Qt.AlignmentFlag.AlignTop)
        self.problem.body.addLayout(line)
        self.problem.hide()
        self._foot = QWidget()
        foot = self._foot_box = QVBoxLayout(self._foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(8)
        self.off.hide()
        for widget in (self.engine_line, self.off, self.problem, self.composer):
            foot.addWidget(widget)
        self._centre = centre = QHBoxLayout()
        self._beside_bar(0, 0)
        self.messages.verticalScrollBar().rangeChanged.connect(self._beside_bar)
        centre.addStretch(1)
        centre.addWidget(self._foot, 1000)
        centre.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.header)
        box.addWidget(self.messages, 1)
        box.addLayout(centre)
        theme.changed.connect(self._fit)
        self._fit()

    def _connect(self) -> None:
        bridge, messages = self.bridge, self.messages
        bridge.opened.connect(self._opened)
        bridge.added.connect(self._added)
        bridge.stage.connect(self._staged)
        bridge.shown.connect(self._shown)
        bridge.finished.connect(self._finished)
        bridge.problem.connect(self._troubled)
        bridge.engine.connect(self._engine)
        bridge.noted.connect(self._noted)
        bridge.corrected.connect(self._corrected)
        bridge.asked_about.connect(self._asked_about)
        messages.rated.connect(bridge.rate)
        messages.flagged.connect(bridge.flag)
        messages.said_of.connect(bridge.say_of)
        messages.again.connect(bridge.regenerate)
        messages.edited.connect(bridge.edit)
        messages.version_chosen.connect(bridge.show_version)
        messages.made.connect(self._version_later)
        self.composer.asked.connect(self._ask)
        self.composer.stopped.connect(self.stop)
        self.composer.edit_last.connect(self.edit_last)
        self.composer.paged.connect(messages.page)
        self.composer.emptied.connect(self._emptied)
        self.welcome.chosen.connect(self.composer.put)
        self.welcome.begun.connect(self._begin_lesson)
        self.welcome.tried.connect(self._ask)
        self.chips.asks.connect(self._ask)
        self.chips.begins.connect(self.composer.put)

    def _fit(self) -> None:
        self._foot.setMaximumWidth(theme.scale(COLUMN))

    @Slot(int, int)
    def _beside_bar(self, _low: int, high: int) -> None:
        """Keep the composer in line with the messages, which are narrower by their scroll bar."""
        bar = self.messages.verticalScrollBar().sizeHint().width() if high > 0 else 0
        self._centre.setContentsMargins(24, 8, 24 + bar, 16)

    def _settle(self) -> None:
        """Show what belongs to where the conversation stands."""
        messages = self.messages.messages
        busy = self._answering is not None
        self.welcome.setVisible(not messages)
        last: Message | None = messages[-1] if messages else None
        self.chips.setVisible(last is not None and _can_go_on(last) and not busy)
        self.chips.offer_item(_next_item(self._lesson, last))
        self.composer.set_answering(busy)
        self.messages.set_busy(busy)
        self.busy_changed.emit(busy)

    def _show_lesson(self) -> None:
        """What holds here: the lesson that is followed, or the lessons to choose from."""
        self._lesson = self.bridge.lesson
        self.header.show_lesson(self._lesson)
        if self.bridge.conversation is None:
            self.welcome.show_lesson(self._lesson)
            offers = self.bridge.offered() if self._lesson is None else ()
            self.welcome.show_lessons(offers, school=self.bridge.at_school)
        self.look_at_times()

    @Slot(int)
    def _begin_lesson(self, version_id: int) -> None:
        self.problem.hide()
        self.bridge.new(version_id)
        self.focus_composer()

    @Slot(bool)
    def _emptied(self, _empty: bool) -> None:
        self._show_ways()

    def _show_ways(self) -> None:
        """Ways to ask stand there while nothing is written, and not while a test is."""
        self.welcome.ways.setVisible(not self.composer.words() and not self._off)

    @Slot(int)
    def _version_later(self, message_id: int) -> None:
        """Versions cost a query each, so they are asked for when there is time, newest first."""
        if message_id not in self._unversioned:
            self._unversioned.append(message_id)
        self._later.start(0)

    def _ask_versions(self) -> None:
        for _ in range(min(VERSIONS_AT_ONCE, len(self._unversioned))):
            message_id = self._unversioned.pop()
            widget = self.messages.widget_of(message_id)
            if widget is not None:
                ids = tuple(version.id for version in self.bridge.versions(message_id))
                widget.versions.show_versions(ids, message_id)
                if isinstance(widget, AnswerWidget):
                    widget.tools.fold()
        if self._unversioned:
            self._later.start(0)

    def focus_composer(self) -> None:
        self.composer.field.setFocus(Qt.FocusReason.OtherFocusReason)


def _can_go_on(message: Message) -> bool:
    """Whether a hint or a second explanation could be wanted: not after words that point to a person, or a refusal."""
    move = message.reply.move if message.reply else None
    return message.role is Role.TUTOR and message.status == "done" and move not in (Move.SIGNPOST, Move.REFUSE)


def _next_item(lesson: Lesson | None, last: Message | None) -> Item | None:
    """The lesson's first item that is not solved, once the one that was worked on is."""
    state = last.reply.state if last is not None and last.reply is not None else None
    if lesson is None or state is None or not (state.solved or state.item in state.items_solved):
        return None
    return next((item for item in lesson.items if item.id not in state.items_solved), None)
