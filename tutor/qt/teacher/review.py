"""Review: the learners' reports of bad answers, each with the question and the answer that it is about."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from tutor.domain import Flag, Role
from tutor.errors import UserError
from tutor.i18n import tr, trn
from tutor.qt.pictures import Picture
from tutor.qt.teacher.section import Section, empty, when
from tutor.qt.widgets import Card, button, clear, label, row, rule
from tutor.store import Store

PAGE = 20


def category_in_words(category: str) -> str:
    return {
        "wrong": tr("It is wrong"),
        "confusing": tr("It is confusing"),
        "unsafe": tr("It is not safe"),
        "unfair": tr("It is unfair"),
        "off_lesson": tr("It is not about the lesson"),
        "level": tr("Too hard or too easy"),
        "other": tr("Something else"),
    }.get(category, category)


class Review(Section):
    """Newest first, a page at a time."""

    def __init__(self, store: Store) -> None:
        super().__init__(
            tr("Review"), tr("What learners reported with “Something is wrong”. Nothing is learnt from it by itself.")
        )
        self._store = store
        self._shown = PAGE
        self._count = label("", "heading")
        self._list = QVBoxLayout()
        self._list.setSpacing(12)
        self._more = button(tr("Show more"), "plain", "chevron-down", self._show_more)
        self.body.addWidget(self._count)
        self.body.addLayout(self._list)
        self.body.addLayout(row(self._more))
        self.body.addStretch(1)

    def enter(self) -> None:
        clear(self._list)
        flags = self._store.flags()
        self._count.setText(trn("{n} report", "{n} reports", len(flags)) if flags else tr("No reports"))
        for flag in flags[: self._shown]:
            self._list.addWidget(self._card(flag))
        if not flags:
            self._list.addWidget(
                empty(tr("When a learner finds an answer wrong or confusing and says so, it is listed here."))
            )
        self._more.setVisible(len(flags) > self._shown)

    def _show_more(self) -> None:
        self._shown += PAGE
        self.enter()

    def _card(self, flag: Flag) -> Card:
        card = Card(pad=16, gap=8)
        head = QHBoxLayout()
        head.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(category_in_words(flag.category), "strong"))
        try:
            path = self._store.path_to(flag.message_id)
            conversation = self._store.conversation(path[-1].conversation_id)
            learner = self._store.learner(conversation.learner_id)
        except UserError:
            words.addWidget(label(when(flag.created_at), "caption"))
            card.body.addLayout(words)
            card.body.addWidget(label(tr("The conversation was deleted."), "quiet"))
            return card
        words.addWidget(label(f"{learner.name} · {conversation.title} · {when(flag.created_at)}", "caption"))
        head.addWidget(Picture(learner.picture, 40), 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        card.body.addLayout(head)
        if flag.what:
            card.body.addWidget(label(tr("What is wrong"), "caption"))
            card.body.addWidget(label(flag.what, select=True))
        if flag.better:
            card.body.addWidget(label(tr("What would be right"), "caption"))
            card.body.addWidget(label(flag.better, select=True))
        card.body.addWidget(rule())
        for message in path[-2:]:
            card.body.addWidget(
                label(tr("The learner wrote:") if message.role is Role.LEARNER else tr("Tutor answered:"), "caption")
            )
            card.body.addWidget(label(message.text, select=True))
        return card
