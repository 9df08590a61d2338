"""The review window: one pair after the other, what was judged kept at once, the last one taken back at a key."""

import sys
from collections.abc import Sequence

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from tutor import i18n, paths
from tutor.errors import UserError
from tutor.i18n import tr, trn
from tutor.qt import theme
from tutor.qt.learner.parts import announce
from tutor.qt.review.pair_page import PairPage
from tutor.qt.widgets import Column, Notice, Paragraph, Symbol, button, clear, label, row
from tutor.workshop.review import agreement, judgements
from tutor.workshop.review.judgements import LEFT, RIGHT, SAME, Desk, Ratings
from tutor.workshop.review.sample import Pair


class ReviewWindow(QWidget):
    """Shows the desk's next pair until none is left."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setProperty("page", "true")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(tr("Which answer is better?"))
        self.resize(1040, 820)
        self._desk = desk
        self._pair: Pair | None = None
        self.notice = Notice("", "alert")
        self.notice.hide()
        self.page = PairPage()
        self.page.chosen.connect(self.judge)
        self.end = Column(gap=16, top=96, width=560)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.page)
        self._stack.addWidget(self.end)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._head())
        above = QHBoxLayout()
        above.setContentsMargins(24, 0, 24, 0)
        above.addWidget(self.notice)
        outer.addLayout(above)
        outer.addWidget(self._stack, 1)
        for key, value in (("1", LEFT), ("2", RIGHT), ("0", SAME)):
            QShortcut(QKeySequence(key), self, lambda v=value: self.judge(v))
        QShortcut(QKeySequence.StandardKey.Undo, self, self.undo)
        self.show_next()

    def _head(self) -> QWidget:
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(tr("Pairs judged"))
        self.count = label("", "caption", wrap=False)
        self.back = button(tr("Take back the last"), "quiet", "undo-2", self.undo)
        self.back.setToolTip(tr("Ctrl+Z"))
        head = QFrame()
        head.setProperty("panel", "bar")
        words = QHBoxLayout()
        words.setSpacing(16)
        words.addWidget(label(tr("Which answer is better?"), "heading"), 1)
        words.addWidget(self.count)
        words.addWidget(self.back)
        box = QVBoxLayout(head)
        box.setContentsMargins(24, 16, 24, 16)
        box.setSpacing(12)
        box.addLayout(words)
        box.addWidget(self.progress)
        return head

    def show_next(self, left: Ratings = Ratings(), right: Ratings = Ratings()) -> None:  # noqa: B008 - frozen
        """The first pair without a judgement, or the end."""
        self._pair = self._desk.next()
        total, done = len(self._desk.pairs), self._desk.done
        self.progress.setRange(0, max(1, total))
        self.progress.setValue(done)
        self.count.setText(tr("{done} of {total} judged", done=done, total=total) if total else "")
        self.back.setEnabled(done > 0)
        if self._pair is None:
            self._show_end()
            return
        self._stack.setCurrentWidget(self.page)
        self.page.show_pair(self._pair, self._desk.reviewer, left, right)
        announce(self, tr("Pair {n} of {total}", n=done + 1, total=total))

    def judge(self, better: int) -> None:
        """Store the choice (1 left, 2 right, 0 the same) and go on; nothing is lost where storing fails."""
        if self._pair is None:
            return
        left, right = self.page.left.rated(), self.page.right.rated()
        try:
            self._desk.judge(self._pair, better, left, right)
        except UserError as error:
            self.notice.say(str(error), "alert")
            announce(self, str(error))
            return
        self.notice.hide()
        self.show_next()

    def undo(self) -> None:
        """Show the last judged pair again, with its ratings."""
        try:
            taken = self._desk.undo()
        except UserError as error:
            self.notice.say(str(error), "alert")
            return
        if taken is None:
            return
        _, judgement = taken
        sides = (judgement.first, judgement.second)
        self.show_next(*(sides[::-1] if judgement.turned else sides))

    # --- the end ----------------------------------------------------------------------------------------------------

    def _show_end(self) -> None:
        clear(self.end.body)
        body = self.end.body
        if not self._desk.pairs:
            body.addWidget(Symbol("list", 40, "accent"), 0, Qt.AlignmentFlag.AlignHCenter)
            body.addWidget(_centred(tr("There is nothing to judge here"), "title"))
            body.addWidget(
                _centred(
                    tr(
                        "The sample is empty. Draw one from a file with pairs of answers, or from two model files: "
                        "tutor workshop review FIRST.gguf SECOND.gguf"
                    ),
                    "quiet",
                )
            )
        else:
            body.addWidget(Symbol("circle-check", 40, "good"), 0, Qt.AlignmentFlag.AlignHCenter)
            body.addWidget(_centred(tr("That was the last one. Thank you."), "title"))
            n = len(self._desk.pairs)
            body.addWidget(
                _centred(
                    trn(
                        "{n} pair is judged and stored in {folder}.",
                        "{n} pairs are judged and stored in {folder}.",
                        n,
                        folder=self._desk.folder,
                    ),
                    "quiet",
                )
            )
            self._add_agreement()
        done = button(tr("Close"), "primary", "", self.close)
        holder = QHBoxLayout()
        holder.addStretch(1)
        holder.addLayout(row(done, stretch=False))
        holder.addStretch(1)
        body.addLayout(holder)
        body.addStretch(1)
        self._stack.setCurrentWidget(self.end)
        done.setFocus()

    def _add_agreement(self) -> None:
        """What reviewers agree on, as soon as there are two."""
        try:
            every = judgements.everybody(self._desk.folder)
        except UserError as error:
            self.end.body.addWidget(Notice(str(error), "warm"))
            return
        people = len({j.reviewer for j in every})
        if people < 2:
            words = tr("Agreement can be worked out as soon as a second person has judged the same pairs.")
            self.end.body.addWidget(Notice(words, "notice"))
            return
        lines = [tr("How far {n} reviewers agree (Krippendorff's alpha, 1 is wholly):", n=people)]
        for found in agreement.agreement(every):
            name = agreement.question_in_words(found.question)
            lines.append(f"{name} {agreement.alpha_in_words(found)}")
        self.end.body.addWidget(Notice("\n".join(lines), "notice"))


def _centred(text: str, role: str) -> QWidget:
    made = Paragraph(text, role)
    made.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    return made


def run(desk: Desk, argv: Sequence[str] = ()) -> int:
    """Show the window until it is closed. Returns the exit code."""
    app = QApplication.instance() or QApplication([sys.argv[0], *argv])
    assert isinstance(app, QApplication)
    app.setApplicationName("tutor")
    app.setApplicationDisplayName("Tutor")
    QLocale.setDefault(QLocale.system())
    i18n.use(QLocale().bcp47Name(), paths.assets() / "translations")
    theme.apply(theme="system")
    window = ReviewWindow(desk)
    window.show()
    return app.exec()
