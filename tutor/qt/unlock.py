"""The door to the grown-ups' part: passphrase, the wait after wrong tries, the recovery code."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from tutor.errors import UserError
from tutor.i18n import tr
from tutor.qt import strength
from tutor.qt.countdown import Countdown
from tutor.qt.widgets import Column, Field, Notice, Paragraph, Secret, button, label, row
from tutor.qt.wizard_steps import RecoveryPanel
from tutor.qt.work import Operation

if TYPE_CHECKING:
    from tutor.store import Store


class Unlock(QWidget):
    """`opened` when the passphrase was right, `cancelled` to go back."""

    opened = Signal()
    cancelled = Signal()

    def __init__(self, store: "Store", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("page", "true")
        self._store = store
        self.busy = False
        """A passphrase or code is being checked."""
        self._title = label("", "title")
        self._lead = Paragraph("", "quiet")
        self.notice = Notice("", "warm")
        self.notice.hide()
        self._parts = [self._make_door(), self._make_forgotten(), self._make_new_code()]
        column = Column(width=480, top=96)
        for widget in (self._title, self._lead, self.notice, *self._parts):
            column.body.addWidget(widget)
        column.body.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(column)
        self._countdown = Countdown(lambda: self._store.locked_for(), self)
        self._countdown.waiting.connect(self._wait)
        self._countdown.over.connect(self._wait_is_over)
        self.start()

    # --- the three parts ------------------------------------------------------------------------------------------

    def _make_door(self) -> QWidget:
        self.secret = Secret(tr("Passphrase or PIN"))
        self.secret_field = Field(tr("Passphrase or PIN"), self.secret)
        self.open_button = button(tr("Open"), "primary", "lock-open", self.try_it)
        self.secret.line.returnPressed.connect(self.try_it)
        self.secret.line.textEdited.connect(lambda: self.secret_field.complain(""))
        return _part(
            self.secret_field,
            row(self.open_button, button(tr("Back"), "quiet", "arrow-left", self.cancelled.emit)),
            row(button(tr("I have forgotten it"), "link", "", self.show_forgotten)),
        )

    def _make_forgotten(self) -> QWidget:
        self.recovery = QLineEdit()
        self.recovery.setMaxLength(40)
        self.recovery_field = Field(
            tr("Recovery code"), self.recovery, tr("Four groups of four, from the set-up. Capitals do not matter.")
        )
        self.new_secret = Secret(tr("New passphrase or PIN"))
        self.new_field = Field(tr("New passphrase or PIN"), self.new_secret)
        self.set_button = button(tr("Set it"), "primary", "", self.recover)
        self.new_secret.line.returnPressed.connect(self.recover)
        return _part(
            self.recovery_field,
            self.new_field,
            row(self.set_button, button(tr("Back"), "quiet", "arrow-left", self.start)),
        )

    def _make_new_code(self) -> QWidget:
        self.panel = RecoveryPanel()
        return _part(self.panel, row(button(tr("Go on"), "primary", "", self.code_kept)))

    def start(self) -> None:
        """The door, closed."""
        self._show_part(0, tr("For grown-ups"), tr("Settings, alerts and learners are behind a passphrase."))
        self.secret.clear()
        self.secret_field.complain("")
        self._countdown.look()
        self.secret.line.setFocus()

    def show_forgotten(self) -> None:
        self._show_part(
            1, tr("Use the recovery code"), tr("It was shown once, when Tutor was set up. It sets a new passphrase.")
        )
        self.recovery_field.complain("")
        self.new_field.complain("")
        self.recovery.setFocus()

    def _show_part(self, index: int, title: str, lead: str) -> None:
        self._title.setText(title)
        self._lead.setText(lead)
        for i, part in enumerate(self._parts):
            part.setVisible(i == index)

    # --- trying ---------------------------------------------------------------------------------------------------

    def try_it(self) -> None:
        secret = self.secret.text()
        if not self.open_button.isEnabled():
            return
        if not secret:
            self.secret_field.complain(tr("Type the passphrase or PIN."))
            return
        self._busy(True)
        Operation(self, lambda: self._store.check_passphrase(secret), done=self.tried, failed=self._failed)

    def tried(self, right: bool) -> None:
        self._busy(False)
        self.secret.clear()
        if right:
            self.secret_field.complain("")
            self.opened.emit()
            return
        self.secret_field.complain(tr("This was not right. Nothing was changed."))
        self._countdown.look()
        self.secret.line.setFocus()

    def _failed(self, error: UserError) -> None:
        self._busy(False)
        if error.code == "locked":
            self._countdown.look()
        elif error.code == "wrong_code":
            self.recovery_field.complain(str(error))
            self._countdown.look()
        else:
            self.notice.say(str(error), "alert")

    def recover(self) -> None:
        if not self.set_button.isEnabled():
            return
        judged = strength.judge(self.new_secret.text())
        code, secret = self.recovery.text(), self.new_secret.text()
        self.recovery_field.complain("" if code.strip() else tr("Type the recovery code."))
        self.new_field.complain("" if judged >= strength.Strength.FAIR else strength.words(judged))
        if not code.strip() or judged < strength.Strength.FAIR:
            return
        self._busy(True)
        Operation(self, lambda: self._store.use_recovery_code(code, secret), done=self._recovered, failed=self._failed)

    def _recovered(self, code: str) -> None:
        self._busy(False)
        self.recovery.clear()
        self.new_secret.clear()
        self.panel.show_code(code)
        self._show_part(
            2, tr("Your new recovery code"), tr("The old one is used up. This one is shown now and never again.")
        )

    def code_kept(self) -> None:
        if not self.panel.problem_found():
            self.panel.forget()
            self.opened.emit()

    def _busy(self, busy: bool) -> None:
        self.busy = busy
        self.open_button.setEnabled(not busy)
        self.set_button.setEnabled(not busy)

    def _wait(self, when: str) -> None:
        self._let_type(False)
        self.notice.say(tr("Too many wrong tries. The next one is possible in {when}.", when=when), "warm")

    def _wait_is_over(self) -> None:
        self._let_type(True)
        self.notice.hide()
        self.secret.line.setFocus()

    def _let_type(self, may: bool) -> None:
        for widget in (self.secret, self.open_button, self.set_button):
            widget.setEnabled(may)


def _part(*rows: object) -> QWidget:
    part = QWidget()
    box = QVBoxLayout(part)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(16)
    for item in rows:
        if isinstance(item, QWidget):
            box.addWidget(item)
        else:
            box.addLayout(item)  # type: ignore[arg-type]
    return part
