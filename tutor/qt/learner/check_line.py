"""The line under an answer that says what was checked; opened, it shows each sentence with its checks."""

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from tutor.domain import RuleCheck, SentenceCheck
from tutor.i18n import tr
from tutor.qt.icons import icon
from tutor.qt.learner.parts import small
from tutor.qt.widgets import clear, label, rule
from tutor.wording import checks as check_words


class CheckLine:
    """A button for the row under an answer, and the panel that it opens (placed by the message)."""

    def __init__(self) -> None:
        self.button = small("", self.toggle)
        self.button.hide()
        self.panel = QFrame()
        self.panel.setProperty("panel", "card")
        self.panel.hide()
        self._box = QVBoxLayout(self.panel)
        self._box.setContentsMargins(16, 12, 16, 12)
        self._box.setSpacing(8)
        self._sentences: tuple[SentenceCheck, ...] = ()
        self._spoken = ""

    def show_checks(self, sentences: Sequence[SentenceCheck], used: str = "", rules: Sequence[RuleCheck] = ()) -> None:
        """`used`: whose correction the answer rests on, in words; it comes first. `rules`: the lesson's, as found."""
        self._sentences = tuple(sentences)
        words = check_words.line(self._sentences, rules)
        self._spoken = ". ".join(part for part in (used, words.spoken) if part)
        self.button.setText(" · ".join(part for part in (used, words.shown) if part))
        self.button.setVisible(bool(words.shown))
        self._mark(opened=self.panel.isVisible())
        if self.panel.isVisible():
            self._fill()

    def toggle(self) -> None:
        opening = not self.panel.isVisible()
        if opening:
            self._fill()
        self.panel.setVisible(opening)
        self._mark(opened=opening)

    def _mark(self, *, opened: bool) -> None:
        self.button.setIcon(icon("chevron-down" if opened else "chevron-right", "quiet"))
        hint = tr("Hide what was checked") if opened else tr("Show what was checked in each sentence")
        self.button.setAccessibleName(f"{self._spoken}. {hint}")
        self.button.setToolTip(hint)

    def _fill(self) -> None:
        clear(self._box)
        for index, check in enumerate(self._sentences):
            if index:
                self._box.addWidget(rule())
            entry = QWidget()
            lines = QVBoxLayout(entry)
            lines.setContentsMargins(0, 0, 0, 0)
            lines.setSpacing(2)
            lines.addWidget(label(check.text or tr("(a sentence that is not shown)"), select=True))
            lines.addWidget(label(check_words.sentence(check), "caption"))
            self._box.addWidget(entry)
