"""The messages of the branch shown, one widget each, in a centred column that stays at its end if the reader is there.

Only the newest `PAGE` messages get widgets at once; older ones come when the reader asks or scrolls up to them.
"""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from tutor.domain import Escalated, Message, Role
from tutor.i18n import trn
from tutor.qt.learner.answer import AnswerWidget
from tutor.qt.learner.parts import announce, small
from tutor.qt.learner.passage import Around
from tutor.qt.learner.question import QuestionWidget
from tutor.qt.widgets import Column, label

PAGE: Final = 40
NEAR: Final = 32
"""Pixels from the end that still count as being there."""

MessageWidget = QuestionWidget | AnswerWidget


class MessageList(Column):
    """Shows messages and passes on what the learner does with them."""

    rated = Signal(int, int)
    flagged = Signal(int, str, str, str)
    said_of = Signal(int, str)
    put = Signal(int, str)
    put_declined = Signal(int)
    again = Signal(int)
    edited = Signal(int, str)
    version_chosen = Signal(int)
    made = Signal(int)
    """A message got its widget: its versions may be asked for."""

    def __init__(self, head: QWidget, tail: QWidget, parent: QWidget | None = None) -> None:
        """`head` stands before the first message, `tail` after the last."""
        super().__init__(parent, gap=20, top=24)
        self._messages: list[Message] = []
        self._widgets: dict[int, MessageWidget] = {}
        self._first = 0
        self._at_end = True
        self._anchor: tuple[QWidget, int] | None = None
        """What the reader looks at when not at the end: a message, and how far below the top edge it stands."""
        self._holding = False
        self._busy = False
        self._school: bool | None = None
        self._put: dict[int, Escalated] = {}
        self._offers: dict[int, str] = {}
        self.around: Around | None = None
        """Finds what stands around a passage that an answer cites."""
        self.notes: list[QWidget] = []
        self.earlier: QPushButton = small("", self.show_earlier)
        self.earlier.hide()
        self.body.addWidget(self.earlier, 0, Qt.AlignmentFlag.AlignHCenter)
        self.body.addWidget(head)
        self.body.addWidget(tail)
        self.body.addStretch(1)
        bar = self.verticalScrollBar()
        bar.setSingleStep(24)
        bar.valueChanged.connect(self._scrolled)
        bar.rangeChanged.connect(self._hold)

    # --- looking ------------------------------------------------------------------------------------------------------

    def widget_of(self, message_id: int) -> MessageWidget | None:
        return self._widgets.get(message_id)

    def shown(self) -> list[MessageWidget]:
        """The widgets there are, oldest first."""
        return [self._widgets[m.id] for m in self._messages[self._first :]]

    @property
    def messages(self) -> tuple[Message, ...]:
        return tuple(self._messages)

    @property
    def at_end(self) -> bool:
        return self._at_end

    # --- changing -----------------------------------------------------------------------------------------------------

    def show_messages(self, messages: Sequence[Message]) -> None:
        """Show this branch. Widgets of messages at its start that were shown before are kept."""
        self.setUpdatesEnabled(False)
        same = 0
        for old, new in zip(self._messages, messages, strict=False):
            if old.id != new.id:
                break
            same += 1
        self._clear_notes()
        for message in self._messages[same:]:
            self._forget(message)
        kept = self._messages[:same]
        self._messages = list(messages)
        if not kept:
            self._first = max(0, len(messages) - PAGE)
            self._at_end = bool(messages)
        for message in messages[max(same, self._first) :]:
            self._insert(message, self._place())
        for message in messages[self._first : same]:
            widget = self._widgets[message.id]
            if isinstance(widget, AnswerWidget) and widget.message != message:
                widget.show_message(message)
        self._show_dropped()
        self._show_earlier_button()
        self.setUpdatesEnabled(True)
        if not messages:
            self.verticalScrollBar().setValue(0)

    def add(self, message: Message) -> None:
        """A message at the end; the reader is taken there."""
        self._messages.append(message)
        self._insert(message, self._place())
        if message.role is Role.LEARNER:
            self.go_to_end()

    def update_message(self, message: Message) -> None:
        """A message as it is stored now."""
        for index, old in enumerate(self._messages):
            if old.id == message.id:
                self._messages[index] = message
        widget = self._widgets.get(message.id)
        if isinstance(widget, AnswerWidget):
            widget.show_message(message)

    def allow_teacher(self, *, school: bool) -> None:
        """Every answer's question can be put to the teacher (a grown-up where this is no school)."""
        self._school = school

    def offer_teacher(self, message_id: int, words: str) -> None:
        """Under this answer stands the offer to put its question to the teacher."""
        self._offers[message_id] = words
        widget = self._widgets.get(message_id)
        if isinstance(widget, AnswerWidget):
            widget.offer_teacher(words)

    def show_put(self, escalated: Escalated) -> None:
        """A question was put to the teacher, or answered."""
        self._offers.pop(escalated.message_id, None)
        self._put[escalated.message_id] = escalated
        widget = self._widgets.get(escalated.message_id)
        if isinstance(widget, AnswerWidget):
            widget.show_put(escalated)

    def note(self, words: str) -> None:
        """A quiet line under the last message."""
        self._note(words, self._place())
        announce(self, words)

    def set_busy(self, busy: bool) -> None:
        """While an answer is written, nothing else can be asked."""
        self._busy = busy
        for widget in self._widgets.values():
            widget.set_busy(busy)

    def show_earlier(self) -> None:
        """Give the `PAGE` messages before the first one their widgets; what is seen stays where it is."""
        if self._first == 0:
            return
        self._look_at_what_is_seen()
        self.setUpdatesEnabled(False)
        start = max(0, self._first - PAGE)
        for offset, message in enumerate(self._messages[start : self._first]):
            self._insert(message, 2 + offset)
        self._first = start
        self._show_earlier_button()
        self.setUpdatesEnabled(True)

    def go_to(self, message_id: int) -> None:
        """Scroll to a message and give it the focus."""
        at = next((i for i, m in enumerate(self._messages) if m.id == message_id), None)
        if at is None:
            return
        while at < self._first:
            self.show_earlier()
        widget = self._widgets[message_id]
        self._at_end = False
        self._anchor = (widget, NEAR)
        widget.view.setFocus(Qt.FocusReason.OtherFocusReason)
        QTimer.singleShot(0, self, self._hold)

    def go_to_end(self) -> None:
        self._at_end = True
        self._hold()

    def page(self, by: int) -> None:
        """Scroll by pages (from the field below)."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + by * bar.pageStep())

    # --- inside -------------------------------------------------------------------------------------------------------

    def _place(self) -> int:
        """The layout index at the end, before the tail and the stretch."""
        return self.body.count() - 2

    def _insert(self, message: Message, at: int) -> None:
        widget: MessageWidget
        if message.role is Role.LEARNER:
            widget = QuestionWidget(message)
            widget.edited.connect(self.edited)
        else:
            widget = AnswerWidget(message)
            widget.rated.connect(self.rated)
            widget.flagged.connect(self.flagged)
            widget.said_of.connect(self.said_of)
            widget.again.connect(self.again)
            widget.put.connect(self.put)
            widget.put_declined.connect(self._declined)
            self._with_teacher(widget)
            widget.panel_opened.connect(self._make_visible)
            widget.sources.around = self.around
        widget.version_chosen.connect(self.version_chosen)
        widget.set_busy(self._busy)
        self._widgets[message.id] = widget
        self.body.insertWidget(at, widget)
        self.made.emit(message.id)

    def _with_teacher(self, widget: AnswerWidget) -> None:
        """What a person said, or is to be asked, also under answers that come into sight later."""
        if self._school is not None:
            widget.allow_teacher(school=self._school)
        if (put := self._put.get(widget.message.id)) is not None:
            widget.show_put(put)
        elif widget.message.id in self._offers:
            widget.offer_teacher(self._offers[widget.message.id])

    def _declined(self, message_id: int) -> None:
        self._offers.pop(message_id, None)
        self.put_declined.emit(message_id)

    def _forget(self, message: Message) -> None:
        widget = self._widgets.pop(message.id, None)
        if widget is not None:
            if self._anchor is not None and self._anchor[0] is widget:
                self._anchor = None
            self.body.removeWidget(widget)
            widget.hide()
            widget.deleteLater()

    def _note(self, words: str, at: int) -> None:
        line = label(words, "caption")
        line.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.notes.append(line)
        self.body.insertWidget(at, line)

    def _clear_notes(self) -> None:
        for line in self.notes:
            self.body.removeWidget(line)
            line.hide()
            line.deleteLater()
        self.notes.clear()

    def _show_dropped(self) -> None:
        """Under the last answer, how much of a long conversation the tutor no longer sees."""
        last = self._messages[-1] if self._messages else None
        if last is not None and last.reply is not None and last.reply.dropped_turns:
            words = trn(
                "This conversation is long: the tutor no longer sees its first question and answer.",
                "This conversation is long: the tutor no longer sees its first {n} questions and answers.",
                last.reply.dropped_turns,
            )
            self._note(words, self._place())

    def _show_earlier_button(self) -> None:
        self.earlier.setVisible(self._first > 0)
        words = trn("Show {n} earlier message", "Show {n} earlier messages", min(PAGE, self._first))
        self.earlier.setText(words)

    def _scrolled(self, value: int) -> None:
        """The reader moved: remember where they are."""
        if not self._holding:
            self._at_end = value >= self.verticalScrollBar().maximum() - NEAR
            self._look_at_what_is_seen()

    def _look_at_what_is_seen(self) -> None:
        top = self.verticalScrollBar().value()
        for message in self._messages[self._first :]:
            widget = self._widgets[message.id]
            if self._top_of(widget) + widget.height() > top:
                self._anchor = (widget, self._top_of(widget) - top)
                return

    def _top_of(self, widget: QWidget) -> int:
        return widget.mapTo(self._inside, QPoint(0, 0)).y() + self._inside.y()

    def _hold(self) -> None:
        """Something above or below changed its height: keep the reader where they were."""
        bar = self.verticalScrollBar()
        self._holding = True
        if self._at_end and self._messages:
            bar.setValue(bar.maximum())
        elif self._anchor is not None and not self._at_end:
            widget, below_top = self._anchor
            bar.setValue(self._top_of(widget) - below_top)
        self._holding = False

    def _make_visible(self, widget: QWidget) -> None:
        """A panel opened: show it as soon as it has its place."""
        QTimer.singleShot(50, widget, lambda: self.ensureWidgetVisible(widget, 0, NEAR))
