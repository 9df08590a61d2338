"""One of two answers to judge: its words, and three questions about it with a choice of three each."""

from PySide6.QtWidgets import QButtonGroup, QPushButton, QVBoxLayout, QWidget

from tutor.i18n import tr
from tutor.qt.flow import FlowLayout
from tutor.qt.richtext.view import MessageView
from tutor.qt.widgets import Card, button, label, rule
from tutor.workshop.review.agreement import question_in_words
from tutor.workshop.review.judgements import QUESTIONS, Ratings


def choices() -> tuple[str, str, str]:
    """The words for 0, 1 and 2."""
    return tr("No"), tr("Partly"), tr("Yes")


class Rating(QWidget):
    """One question; nothing is chosen at first, and pressing what is chosen takes it back."""

    def __init__(self, question: str, of: str) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        words = question_in_words(question)
        row = QWidget()
        flow = FlowLayout(row, gap=8)
        self.chips: list[QPushButton] = []
        for value, choice in enumerate(choices()):
            chip = button(choice, "chip")
            chip.setCheckable(True)
            chip.setAccessibleName(tr("{answer}: {question} {choice}", answer=of, question=words, choice=choice))
            chip.clicked.connect(self._one_alone)
            self._group.addButton(chip, value)
            flow.addWidget(chip)
            self.chips.append(chip)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addWidget(label(words, "caption"))
        box.addWidget(row)

    def value(self) -> int | None:
        return next((i for i, chip in enumerate(self.chips) if chip.isChecked()), None)

    def choose(self, value: int | None) -> None:
        for i, chip in enumerate(self.chips):
            chip.setChecked(i == value)

    def _one_alone(self) -> None:
        chosen = self.sender()
        for chip in self.chips:
            if chip is not chosen:
                chip.setChecked(False)


class AnswerCard(Card):
    """The words, and what is asked about them."""

    def __init__(self, name: str) -> None:
        super().__init__(pad=20, gap=12)
        self.view = MessageView()
        self.view.setAccessibleName(name)
        self.ratings = {question: Rating(question, name) for question in QUESTIONS}
        self.body.addWidget(label(name, "caption"))
        self.body.addWidget(self.view)
        self.body.addStretch(1)
        self.body.addWidget(rule())
        for rating in self.ratings.values():
            self.body.addWidget(rating)

    def show_answer(self, text: str, ratings: Ratings) -> None:
        self.view.show_text(text or tr("(no words)"))
        for question, rating in self.ratings.items():
            rating.choose(ratings.get(question))

    def rated(self) -> Ratings:
        return Ratings(**{question: rating.value() for question, rating in self.ratings.items()})
