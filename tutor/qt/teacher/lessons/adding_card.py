"""A material on its way in, with how far it is and a way to stop it; and the form for pasted text."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QProgressBar, QVBoxLayout

from tutor.classroom.adding import Step
from tutor.i18n import tr
from tutor.qt import theme
from tutor.qt.flow import flow
from tutor.qt.teacher.lessons.long_words import breakable
from tutor.qt.widgets import Card, Field, button, label


class AddingCard(Card):
    """`stopped`: the teacher wants it no more."""

    stopped = Signal()

    def __init__(self, name: str) -> None:
        super().__init__(pad=16, gap=8)
        self.words = label("", "caption")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.stop = button(tr("Stop"), "quiet", "x", self._stopped)
        self.stop.setAccessibleName(tr("Stop adding {name}", name=name))
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(label(breakable(name), "strong"))
        names.addWidget(self.words)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addLayout(names, 1)
        head.addWidget(self.stop)
        self.body.addLayout(head)
        self.body.addWidget(self.bar)
        self.bar.setAccessibleName(tr("How far {name} is", name=name))

    def show_step(self, step: Step) -> None:
        """How far it is now."""
        self.words.setText(step_in_words(step))
        self.bar.setRange(0, step.m or 1)  # 0 would be a bar that moves for ever
        self.bar.setValue(step.n)

    def _stopped(self) -> None:
        self.stop.setEnabled(False)
        self.words.setText(tr("Stopping…"))
        self.stopped.emit()


def step_in_words(step: Step) -> str:
    if step.stage == "reading":
        return tr("Reading page {n} of {m}", n=step.n, m=step.m) if step.m else tr("Reading…")
    if step.stage == "encoding":
        return tr(
            "Making it findable: {n} of {m} passages. You can go on with the lesson meanwhile.", n=step.n, m=step.m
        )
    return tr("Waiting for its turn…")


class PasteForm(Card):
    """`given`: title and text."""

    given = Signal(str, str)

    def __init__(self) -> None:
        super().__init__(pad=16, gap=12)
        self.title = Field(tr("Title"), QLineEdit(), tr("Answers cite the text by it."))
        self._line = self.title.control
        self._words = QPlainTextEdit()
        self._words.setTabChangesFocus(True)
        self._words.setMinimumHeight(theme.scale(160))
        self.text = Field(
            tr("Text"), self._words, tr("A short line of its own, with empty lines around, is a heading.")
        )
        keep = button(tr("Add the text"), "primary", "", self._keep)
        leave = button(tr("Leave it"), "quiet", "", self.hide)
        self.body.addWidget(self.title)
        self.body.addWidget(self.text)
        self.body.addWidget(flow(keep, leave))

    def fill(self, title: str, text: str) -> None:
        line = self._line
        assert isinstance(line, QLineEdit)
        line.setText(title)
        self._words.setPlainText(text)

    def clear(self) -> None:
        self.fill("", "")

    def _keep(self) -> None:
        line = self._line
        assert isinstance(line, QLineEdit)
        title, text = line.text().strip(), self._words.toPlainText().strip()
        self.title.complain("" if title else tr("Give the text a title."))
        self.text.complain("" if text else tr("Paste the text here."))
        if title and text:
            self.given.emit(title, text)
