"""The contact's own key: set once with its recovery code, asked for before what children wrote is shown."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from tutor.errors import UserError
from tutor.i18n import tr
from tutor.qt import strength
from tutor.qt.widgets import Card, Field, Notice, Secret, button, clear, label, row
from tutor.qt.wizard_steps import RecoveryPanel
from tutor.qt.work import Operation
from tutor.store.credentials import CONTACT

if TYPE_CHECKING:
    from tutor.store import Store


class ContactDoor(QWidget):
    """`changed`: it was opened, closed, or a key was set. While it is closed nobody reads the record."""

    changed = Signal()

    def __init__(self, store: "Store") -> None:
        super().__init__()
        self._store = store
        self._open = False
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(12)
        self.show_state()

    @property
    def is_open(self) -> bool:
        """Whether words may be shown: without a key of the contact's own, to whoever is in the teacher's part."""
        return self._open or not self._store.has_passphrase(CONTACT)

    def close_door(self) -> None:
        """The page was left: the key is asked for again."""
        self._open = False
        self.show_state()

    def show_state(self) -> None:
        clear(self._box)
        if not self._store.has_passphrase(CONTACT):
            notice = Notice(
                tr(
                    "What children wrote can be read by everybody who knows the teachers' passphrase. With a key of "
                    "their own, the safeguarding contact alone reads it."
                )
            )
            notice.body.addLayout(row(button(tr("Set the contact's own key…"), "plain", "key-round", self.show_form)))
            self._box.addWidget(notice)
        elif self._open:
            self._box.addLayout(row(button(tr("Close the record"), "plain", "lock", self._close)))
        else:
            self._show_lock()

    def _show_lock(self) -> None:
        card = Card(pad=16, gap=12)
        self.secret = Secret(tr("The contact's key"))
        self.secret_field = Field(
            tr("The contact's key"), self.secret, tr("Alerts can be acknowledged without it; the words need it.")
        )
        self.secret.line.returnPressed.connect(self.try_it)
        self.open_button = button(tr("Open the record"), "primary", "lock-open", self.try_it)
        card.body.addWidget(self.secret_field)
        card.body.addLayout(row(self.open_button, button(tr("Forgotten…"), "link", "", self._show_forgotten)))
        self._box.addWidget(card)

    def try_it(self) -> None:
        secret = self.secret.text()
        if not secret or not self.open_button.isEnabled():
            return
        self.open_button.setEnabled(False)
        Operation(self, lambda: self._store.check_passphrase(secret, CONTACT), done=self._tried, failed=self._not_tried)

    def _tried(self, right: bool) -> None:
        self.open_button.setEnabled(True)
        self.secret.clear()
        if not right:
            self.secret_field.complain(tr("This was not right. Nothing was changed."))
            return
        self._open = True
        self.show_state()
        self.changed.emit()

    def _not_tried(self, error: UserError) -> None:
        self.open_button.setEnabled(True)
        self.secret_field.complain(str(error))

    def _close(self) -> None:
        self.close_door()
        self.changed.emit()

    # --- setting it -----------------------------------------------------------------------------------------------

    def show_form(self) -> None:
        """Choose the key, twice."""
        self._form(tr("The contact chooses a key that teachers do not know."), code=False)

    def _show_forgotten(self) -> None:
        self._form(tr("The recovery code was shown once, when the key was set. It sets a new key."), code=True)

    def _form(self, lead: str, *, code: bool) -> None:
        clear(self._box)
        card = Card(pad=16, gap=12)
        card.body.addWidget(label(lead))
        self.code = QLineEdit()
        self.code.setMaxLength(40)
        self.code_field = Field(tr("Recovery code"), self.code)
        if code:
            card.body.addWidget(self.code_field)
        self.new, self.again = Secret(tr("New key")), Secret(tr("The same again"))
        self.new_field, self.again_field = Field(tr("New key"), self.new), Field(tr("The same again"), self.again)
        self.set_button = button(tr("Set it"), "primary", "check", lambda: self.set_key(code=code))
        card.body.addWidget(self.new_field)
        card.body.addWidget(self.again_field)
        card.body.addLayout(row(self.set_button, button(tr("Leave it as it is"), "quiet", "", self.show_state)))
        self._box.addWidget(card)
        self.new.line.setFocus()

    def set_key(self, *, code: bool = False) -> None:
        judged, secret, given = strength.judge(self.new.text()), self.new.text(), self.code.text()
        same = secret == self.again.text()
        self.new_field.complain("" if judged >= strength.Strength.FAIR else strength.words(judged))
        self.again_field.complain("" if same else tr("The two are not the same. Type it once more."))
        if judged < strength.Strength.FAIR or not same:
            return
        self.set_button.setEnabled(False)
        Operation(
            self,
            lambda: (
                self._store.use_recovery_code(given, secret, CONTACT)
                if code
                else self._store.set_passphrase(secret, CONTACT)
            ),
            done=self._set,
            failed=self._not_set,
        )

    def _set(self, recovery: str) -> None:
        clear(self._box)
        self.panel = RecoveryPanel()
        self.panel.show_code(recovery)
        self._box.addWidget(label(tr("The contact's recovery code. It is shown now and never again."), "strong"))
        self._box.addWidget(self.panel)
        self._box.addLayout(row(button(tr("Go on"), "primary", "", self._code_kept)))

    def _code_kept(self) -> None:
        if not self.panel.problem_found():
            self.panel.forget()
            self.show_state()
            self.changed.emit()

    def _not_set(self, error: UserError) -> None:
        self.set_button.setEnabled(True)
        (self.code_field if error.code in ("wrong_code", "locked") else self.new_field).complain(str(error))
