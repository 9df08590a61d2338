"""The safeguarding contact's form: who, how to reach them, read back and confirmed by a tick."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from tutor.domain import Contact
from tutor.i18n import tr
from tutor.qt.widgets import Field, Notice, label


class ContactForm(QWidget):
    """The tick belongs to the words shown: it is cleared when they change."""

    changed = Signal()

    def __init__(self, contact: Contact | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = QLineEdit(contact.name if contact else "")
        self.name.setMaxLength(120)
        self.reach = QLineEdit(contact.reach if contact else "")
        self.reach.setMaxLength(200)
        self.name_field = Field(tr("Name"), self.name)
        self.reach_field = Field(
            tr("How to reach them"), self.reach, tr("A phone number, an e-mail address or a room.")
        )
        self.read_back = Notice("", "notice")
        self.tick = QCheckBox(tr("This is right, and this person knows about it"))
        self.tick_field_error = label("", "alert")
        self.tick_field_error.hide()
        self.read_back.body.addWidget(self.tick)
        self.read_back.body.addWidget(self.tick_field_error)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(16)
        for widget in (self.name_field, self.reach_field, self.read_back):
            box.addWidget(widget)
        self.name.textChanged.connect(self._edited)
        self.reach.textChanged.connect(self._edited)
        self.tick.toggled.connect(self._ticked)
        self._read_back()

    def values(self) -> tuple[str, str]:
        return self.name.text().strip(), self.reach.text().strip()

    def problem_found(self) -> bool:
        """True when something must be put right first; shown beside the field, which gets the focus."""
        name, reach = self.values()
        self.name_field.complain("" if name else tr("Write who should be told first."))
        self.reach_field.complain("" if reach else tr("Write how this person can be reached."))
        ticked = self.tick.isChecked()
        self._complain_tick("" if ticked or not (name and reach) else tr("Read the line above, then tick the box."))
        for wrong, control in ((not name, self.name), (not reach, self.reach), (not ticked, self.tick)):
            if wrong:
                control.setFocus()
                return True
        return False

    def _edited(self) -> None:
        self.tick.setChecked(False)
        self.name_field.complain("")
        self.reach_field.complain("")
        self._read_back()
        self.changed.emit()

    def _ticked(self) -> None:
        self._complain_tick("")
        self.changed.emit()

    def _complain_tick(self, text: str) -> None:
        self.tick_field_error.setText(text)
        self.tick_field_error.setVisible(bool(text))

    def _read_back(self) -> None:
        name, reach = self.values()
        complete = bool(name and reach)
        self.read_back.setVisible(complete)
        if complete:
            self.read_back.text.setText(
                tr(
                    "If a message sounds as if a child may be in danger, this is who should know: {name}, {reach}.",
                    name=name,
                    reach=reach,
                )
            )
