"""One answer of the tutor: its text, what was checked, and what a learner can do with it."""

from typing import Final

import msgspec
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from tutor.domain import Correction, Escalated, Message, SentenceCheck
from tutor.i18n import tr
from tutor.qt.icons import icon
from tutor.qt.learner.asking_line import AskingLine
from tutor.qt.learner.check_line import CheckLine
from tutor.qt.learner.flag_panel import FlagPanel
from tutor.qt.learner.parts import FoldingRow, VersionSwitcher, announce, mini
from tutor.qt.learner.sources import QuietLine, Sources
from tutor.qt.learner.teacher_line import TeacherLine
from tutor.qt.learner.thinking import Thinking
from tutor.qt.richtext.view import MessageView
from tutor.qt.widgets import Notice, button, label, row
from tutor.wording import checks as check_words
from tutor.wording import people

REPAINT_MS: Final = 40
"""Sentences that arrive within this time are laid out together."""


class AnswerWidget(QWidget):
    """Grows sentence by sentence while it is written; gets its tools when it is finished."""

    rated = Signal(int, int)
    flagged = Signal(int, str, str, str)
    again = Signal(int)
    version_chosen = Signal(int)
    said_of = Signal(int, str)
    """What the learner says of an answer that was asked about."""
    put = Signal(int, str)
    """The question of this answer is to be put to the teacher, with what the learner adds."""
    put_declined = Signal(int)
    panel_opened = Signal(QWidget)

    def __init__(self, message: Message, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.message = message
        self._text = message.text
        self._checks: list[SentenceCheck] = list(message.reply.sentences) if message.reply else []
        self.view = MessageView()
        self.view.setAccessibleName(tr("The tutor's answer"))
        self.thinking: Thinking | None = None
        self.checks = CheckLine()
        self.checks.button.clicked.connect(self._checks_toggled)
        self.versions = VersionSwitcher(self.version_chosen.emit)
        self.flag_panel: FlagPanel | None = None
        self.tools = FoldingRow(self.checks.button, self._tools())
        self.asking: AskingLine | None = None
        self.teacher = TeacherLine()
        self.teacher.sent.connect(lambda note: self.put.emit(self.message.id, note))
        self.teacher.declined.connect(lambda: self.put_declined.emit(self.message.id))
        self.quiet = QuietLine()
        self.sources = Sources()
        self.sources.opened.connect(self.panel_opened)
        self._below: QWidget | None = None
        self._ending: QWidget | None = None
        self.try_again: QPushButton | None = None
        self._may_ask = True
        self._school = True
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(4)
        for widget in (self.view, self.quiet, self.sources, self.tools, self.checks.panel, self.teacher):
            self._box.addWidget(widget)
        self._repaint = QTimer(self)
        self._repaint.setSingleShot(True)
        self._repaint.setInterval(REPAINT_MS)
        self._repaint.timeout.connect(self._lay_out)
        self.show_message(message)

    # --- what happens -----------------------------------------------------------------------------------------------

    @property
    def writing(self) -> bool:
        return self.message.status == "writing"

    def add_sentence(self, index: int, space: str, check: SentenceCheck) -> None:
        """The next checked sentence; laid out with others that come within `REPAINT_MS`.

        One that came with the stored message already (opened while it was being written) is left out.
        """
        if index < len(self._checks):
            return
        self._text = (self._text + space + check.text) if self._text else check.text
        self._checks.append(check)
        if not self._repaint.isActive():
            self._repaint.start()

    def show_stage(self, stage: str) -> None:
        if self.thinking is not None:
            self.thinking.show_stage(stage)

    def show_message(self, message: Message) -> None:
        """The message as it is stored: under way, or finished with everything that can be done with it."""
        was_writing = self.writing and message.status != "writing"
        self.message = message
        self._text = message.text
        if message.reply is not None:
            self._checks = list(message.reply.sentences)
        self._lay_out()
        self._think(self.writing)
        self.tools.setVisible(not self.writing and bool(message.text))
        reply = message.reply if not self.writing else None
        self.quiet.show_line(reply.quiet if reply else "")
        self.sources.show_cites(reply.cites if reply else ())
        self._rating(message.rating)
        self._end()
        if was_writing and message.text:
            announce(self.view, tr("The tutor says: {words}", words=self.view.spoken()))

    def set_busy(self, busy: bool) -> None:
        """While another answer is written this one cannot be asked for again."""
        self._may_ask = not busy
        self.again_action.setEnabled(self._may_ask)
        if self.try_again is not None:
            self.try_again.setEnabled(self._may_ask)

    def spoken(self) -> str:
        return self.view.spoken()

    def copy(self) -> None:
        """The whole answer to the clipboard, as text with its LaTeX."""
        QGuiApplication.clipboard().setText(self.message.text)
        announce(self, tr("Copied"))

    def open_flag(self) -> None:
        """Open “Something is wrong” under the answer."""
        if self.flag_panel is None:
            self.flag_panel = FlagPanel()
            self.flag_panel.sent.connect(self._flagged)
            self.flag_panel.closed.connect(self.flag.setFocus)
            self._box.addWidget(self.flag_panel)
        self.flag_panel.start()
        self.panel_opened.emit(self.flag_panel)

    def show_corrected(self, correction: Correction) -> None:
        """What the learner said would be right has been checked."""
        if self.flag_panel is not None:
            self.flag_panel.show_corrected(correction)

    def put_below(self, widget: QWidget) -> None:
        """Something for whoever shows the chat, under everything that a learner sees; the one before goes."""
        if self._below is not None:
            self._below.hide()
            self._below.deleteLater()
        self._below = widget
        self._box.addWidget(widget)

    def ask_about(self, question: str) -> None:
        """A quiet question under the answer: was it right?"""
        if self.asking is None:
            self.asking = AskingLine(question)
            self.asking.said.connect(self._said)
            self._box.insertWidget(self._box.indexOf(self.tools) + 1, self.asking)

    def allow_teacher(self, *, school: bool) -> None:
        """There is somebody to put a question to: it stands in the menu."""
        self._school = school
        self.teacher_action.setText(people.ask(school=school))
        self.teacher_action.setVisible(True)

    def offer_teacher(self, words: str = "") -> None:
        """Offer to put the question to the teacher."""
        self.teacher.offer(words or people.offer(school=self._school))
        self.panel_opened.emit(self.teacher)

    def show_put(self, escalated: Escalated) -> None:
        """The question is with the teacher, or answered."""
        self.teacher.show_put(escalated, school=self._school)
        self.teacher_action.setEnabled(not escalated.answer)

    # --- inside -----------------------------------------------------------------------------------------------------

    def _ask_teacher(self) -> None:
        self.offer_teacher()
        self.teacher.note.setFocus()

    def _said(self, what: str) -> None:
        if self.asking is not None:
            self.asking.hide()
            self.asking.deleteLater()
            self.asking = None
        self.said_of.emit(self.message.id, what)
        if what == "not_right":
            self.open_flag()

    def _tools(self) -> QWidget:
        self.up = mini(tr("This helped"), "thumbs-up", lambda: self._rate(1))
        self.down = mini(tr("This did not help"), "thumbs-down", lambda: self._rate(-1))
        for thumb in (self.up, self.down):
            thumb.setCheckable(True)
        self.flag = mini(tr("Something is wrong"), "flag", self.open_flag)
        self.more = mini(tr("More"), "ellipsis")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.more)
        self.copy_action = QAction(icon("copy"), tr("Copy the answer"), menu)
        self.copy_action.triggered.connect(self.copy)
        self.again_action = QAction(icon("refresh-cw"), tr("Answer again"), menu)
        self.again_action.triggered.connect(self._again)
        self.teacher_action = QAction(icon("user"), "", menu)
        self.teacher_action.triggered.connect(self._ask_teacher)
        self.teacher_action.setVisible(False)
        menu.addActions([self.copy_action, self.again_action, self.teacher_action])
        self.more.setMenu(menu)
        group = QWidget()
        box = QHBoxLayout(group)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        for widget in (self.versions, self.up, self.down, self.flag, self.more):
            box.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        return group

    def _lay_out(self) -> None:
        self._repaint.stop()
        self.view.show_text(self._text)
        self.view.setVisible(bool(self._text))
        reply = self.message.reply
        rules = reply.rules if reply is not None and not self.writing else ()
        self.checks.show_checks(self._checks, check_words.used(reply) if reply else "", rules)
        self.tools.fold()

    def _think(self, on: bool) -> None:
        if on and self.thinking is None:
            self.thinking = Thinking()
            self._box.insertWidget(1, self.thinking)
        elif not on and self.thinking is not None:
            self.thinking.hide()
            self.thinking.deleteLater()
            self.thinking = None

    def _end(self) -> None:
        """What is said under an answer that was stopped or failed, with the way on."""
        if self._ending is not None:
            self._ending.hide()
            self._ending.deleteLater()
            self._ending = self.try_again = None
        if self.message.status == "stopped":
            self._ending = self._stopped()
        elif self.message.status == "failed":
            self._ending = self._failed()
        if self._ending is not None:
            self._box.insertWidget(self._box.indexOf(self.tools) + 1, self._ending)

    def _stopped(self) -> QWidget:
        nothing = tr("You stopped before the tutor answered.")
        ending = QWidget()
        box = QHBoxLayout(ending)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(label(tr("You stopped this answer.") if self.message.text else nothing, "quiet"), 1)
        box.addWidget(self._try_again())
        return ending

    def _failed(self) -> QWidget:
        kept = tr("The tutor could not finish this answer. Your question and what had been checked are kept.")
        nothing = tr("The tutor could not answer. Your question is kept.")
        ending = Notice(kept if self.message.text else nothing, "warm")
        ending.body.addLayout(row(self._try_again()))
        return ending

    def _try_again(self) -> QPushButton:
        self.try_again = button(tr("Try again"), "plain", "refresh-cw", self._again)
        self.try_again.setEnabled(self._may_ask)
        return self.try_again

    def _checks_toggled(self) -> None:
        if self.checks.panel.isVisible():
            self.panel_opened.emit(self.checks.panel)

    def _again(self) -> None:
        self.again.emit(self.message.id)

    def _rate(self, rating: int) -> None:
        wanted = 0 if self.message.rating == rating else rating
        self._rating(wanted)
        self.rated.emit(self.message.id, wanted)

    def _rating(self, rating: int) -> None:
        self.message = msgspec.structs.replace(self.message, rating=rating)
        for thumb, value, name in ((self.up, 1, "thumbs-up"), (self.down, -1, "thumbs-down")):
            thumb.setChecked(rating == value)
            thumb.setIcon(icon(name, "accent" if rating == value else "quiet"))

    def _flagged(self, category: str, what: str, better: str) -> None:
        self.flagged.emit(self.message.id, category, what, better)
