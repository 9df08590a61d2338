"""A learner's conversations for a teacher, where their class lets teachers see all of them: to be read, not changed."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tutor.domain import Conversation, Learner, Message, Role
from tutor.errors import UserError
from tutor.i18n import tr, trn
from tutor.qt.flow import flow
from tutor.qt.teacher.section import empty, when
from tutor.qt.widgets import Card, button, clear, label, row
from tutor.store import Store

PAGE = 20
"""Conversations, or turns, shown at once."""


class Reading(QWidget):
    """`left`: back to the learners. Opens nothing where teachers may not read."""

    left = Signal()

    def __init__(self, store: Store, learner: Learner) -> None:
        super().__init__()
        self._store, self._learner = store, learner
        self._shown = PAGE
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(12)
        self.show_list()

    @property
    def allowed(self) -> bool:
        """Whether teachers may read what this learner writes now."""
        return self._store.read_since(self._learner.id) is not None

    def _open(self, moment: str) -> bool:
        """Whether the learner knew it when this was written."""
        since = self._store.read_since(self._learner.id)
        return since is not None and moment >= since

    def show_list(self) -> None:
        """The conversations, newest first."""
        clear(self._box)
        self._box.addWidget(label(tr("Conversations of {name}", name=self._learner.name), "heading"))
        self._box.addLayout(row(button(tr("Back to the learners"), "quiet", "arrow-left", self.left.emit)))
        if not self.allowed:
            self._box.addWidget(
                empty(tr("The class of {name} shows teachers less than that.", name=self._learner.name))
            )
            return
        known = self._store.conversations(self._learner.id)
        every = [each for each in known if self._open(each.updated_at)]
        for conversation in every[: self._shown]:
            card = Card(pad=12, gap=4)
            title = self._title(conversation)
            card.body.addWidget(label(title, "strong"))
            card.body.addWidget(label(when(conversation.updated_at), "caption"))
            read = button(tr("Read"), "plain", "eye", partial(self.show_one, conversation.id))
            read.setAccessibleName(tr("Read {title}", title=title))
            card.body.addWidget(flow(read))
            self._box.addWidget(card)
        closed = len(known) - len(every)
        if closed:
            words = trn(
                "{n} conversation from before you could read everything stays closed.",
                "{n} conversations from before you could read everything stay closed.",
                closed,
            )
            self._box.addWidget(label(words, "caption"))
        if not known:
            self._box.addWidget(empty(tr("{name} has not written anything yet.", name=self._learner.name)))
        if len(every) > self._shown:
            more = trn("Show {n} more", "Show {n} more", min(PAGE, len(every) - self._shown))
            self._box.addLayout(row(button(more, "plain", "chevron-down", self._more)))

    def show_one(self, conversation_id: int) -> None:
        """The branch that the learner sees."""
        if not self.allowed:
            self.show_list()
            return
        clear(self._box)
        conversation = self._store.conversation(conversation_id)
        self._box.addWidget(label(self._title(conversation), "heading"))
        self._box.addLayout(row(button(tr("Back to the conversations"), "quiet", "arrow-left", self.show_list)))
        whole = self._store.path(conversation_id)
        path = [message for message in whole if self._open(message.created_at)]
        if len(path) < len(whole):
            earlier = tr("What was written here before you could read everything is not shown.")
            self._box.addWidget(label(earlier, "caption"))
        skipped = max(0, len(path) - 2 * PAGE)
        if skipped:
            self._box.addWidget(label(trn("{n} older message", "{n} older messages", skipped), "caption"))
        for message in path[skipped:]:
            self._box.addWidget(_said(message, self._learner.name))

    def _title(self, conversation: Conversation) -> str:
        """A title is made of the first question's words."""
        return conversation.title if self._open(conversation.created_at) else tr("A conversation that began earlier")

    def show_message(self, message_id: int) -> bool:
        """The conversation with this message; whether teachers may read it."""
        try:
            message = self._store.message(message_id)
        except UserError:
            return False
        if not self._open(message.created_at):
            return False
        self.show_one(message.conversation_id)
        return True

    def _more(self) -> None:
        self._shown += PAGE
        self.show_list()


def _said(message: Message, name: str) -> QWidget:
    card = Card(pad=12, gap=4)
    who = name if message.role is Role.LEARNER else tr("Tutor")
    card.body.addWidget(label(f"{who} · {when(message.created_at)}", "caption"))
    card.body.addWidget(label(message.text, select=True))
    return card
