"""Settings: where Tutor is used, how much help it gives, the passphrase."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QVBoxLayout

from tutor.classroom import kept
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.qt import strength
from tutor.qt.teacher.section import Section
from tutor.qt.teacher.setting_rows import GROUPS, SettingRow
from tutor.qt.widgets import Card, Field, Notice, Secret, button, clear, label, row
from tutor.qt.wizard_steps import RecoveryPanel
from tutor.qt.work import Operation

if TYPE_CHECKING:
    from tutor.store import Store


class SettingsSection(Section):
    """Each change is kept at once; a quiet line says so."""

    def __init__(self, store: "Store") -> None:
        super().__init__(tr("Settings"), tr("Every change is kept at once."))
        self._store = store
        self.rows: dict[str, SettingRow] = {}
        self.periods = Notice("")
        """What the periods of conversations and of the record mean together."""
        for heading, group in ((tr("Use"), "use"), (tr("How much help"), "help"), (tr("Time"), "time")):
            self.body.addWidget(label(heading, "heading"))
            card = Card()
            for key in GROUPS[group]:
                made = self.rows[key] = SettingRow(store, key)
                made.kept.connect(self._kept)
                card.body.addWidget(made)
            if group == "use":
                card.body.addWidget(self.periods)
            self.body.addWidget(card)
        self.body.addWidget(label(tr("Passphrase"), "heading"))
        self._passphrase = QVBoxLayout()
        self._passphrase.setSpacing(12)
        self.body.addLayout(self._passphrase)
        self.body.addStretch(1)
        self.rows["give_answers_reason"].kept.connect(self._reason_kept)

    def enter(self) -> None:
        for made in self.rows.values():
            made.refresh()
        self._guard_give_answers()
        self._tell_periods()
        self._closed_passphrase()

    def _kept(self, key: str) -> None:
        self.said.say(tr("Kept."), "good")
        if key in ("give_answers", "give_answers_reason"):
            self._guard_give_answers()
        self._tell_periods()

    def _tell_periods(self) -> None:
        words = kept.outlives(int(self._store.setting("conversation_months")), int(self._store.setting("record_days")))
        self.periods.text.setText(words)
        self.periods.setVisible(bool(words))

    def _reason_kept(self) -> None:
        """Without a reason the switch goes off again."""
        if not str(self._store.setting("give_answers_reason")).strip() and self._store.setting("give_answers"):
            self._store.set_setting("give_answers", False)
            self.rows["give_answers"].refresh()
        self._guard_give_answers()

    def _guard_give_answers(self) -> None:
        switch = self.rows["give_answers"].control
        if isinstance(switch, QCheckBox):
            switch.setEnabled(bool(str(self._store.setting("give_answers_reason")).strip()) or switch.isChecked())

    # --- the passphrase -------------------------------------------------------------------------------------------

    def _closed_passphrase(self) -> None:
        clear(self._passphrase)
        self._passphrase.addLayout(row(button(tr("Change the passphrase"), "plain", "key-round", self.open_passphrase)))

    def open_passphrase(self) -> None:
        clear(self._passphrase)
        card = Card()
        self.secret = Secret(tr("New passphrase or PIN"))
        self.again = Secret(tr("The same again"))
        self.secret_field = Field(tr("New passphrase or PIN"), self.secret)
        self.again_field = Field(tr("The same again"), self.again)
        self.set_button = button(tr("Set it"), "primary", "", self.set_passphrase)
        card.body.addWidget(self.secret_field)
        card.body.addWidget(self.again_field)
        card.body.addLayout(row(self.set_button, button(tr("Leave it as it is"), "quiet", "", self._closed_passphrase)))
        self._passphrase.addWidget(card)
        self.secret.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_passphrase(self) -> None:
        judged = strength.judge(self.secret.text())
        same = self.secret.text() == self.again.text()
        self.secret_field.complain("" if judged >= strength.Strength.FAIR else strength.words(judged))
        self.again_field.complain("" if same else tr("The two are not the same. Type it once more."))
        if judged < strength.Strength.FAIR or not same:
            return
        secret = self.secret.text()
        self.set_button.setEnabled(False)
        Operation(self, lambda: self._store.set_passphrase(secret), done=self._show_code, failed=self._failed)

    def _show_code(self, code: str) -> None:
        clear(self._passphrase)
        self.panel = RecoveryPanel()
        self.panel.show_code(code)
        self._passphrase.addWidget(label(tr("The new recovery code; the old one is used up."), "strong"))
        self._passphrase.addWidget(self.panel)
        self._passphrase.addLayout(row(button(tr("Go on"), "primary", "", self._code_kept)))

    def _code_kept(self) -> None:
        if not self.panel.problem_found():
            self._closed_passphrase()
            self.tell(tr("The passphrase is changed."))

    def _failed(self, error: UserError) -> None:
        self.set_button.setEnabled(True)
        self.complain(error)
