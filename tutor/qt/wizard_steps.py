"""The steps of the first run, one small page each. A step checks itself and stores what it asked for."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QProgressBar,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from tutor.i18n import tr
from tutor.qt import choices, strength
from tutor.qt.contact_form import ContactForm
from tutor.qt.learner_form import LearnerForm
from tutor.qt.pictures import Picture
from tutor.qt.widgets import Card, Choice, Field, Notice, Secret, button, label, row

if TYPE_CHECKING:
    from tutor.store import Store


class Step(QWidget):
    """One page of the wizard. `title` and `lead` are shown above it."""

    title = ""
    lead = ""

    def __init__(self, store: "Store") -> None:
        super().__init__()
        self.store = store
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(16)

    def enter(self) -> None:
        """The step is about to be shown."""

    def leave(self) -> bool:
        """Check and store; False keeps the wizard on this step. Raises UserError."""
        return True

    @property
    def can_go_back(self) -> bool:
        return True


class ChoiceCard(Card):
    """A card that is one choice: a press anywhere on it chooses it."""

    def __init__(self, radio: QRadioButton, about: str) -> None:
        super().__init__(pad=16, gap=4)
        self._radio = radio
        radio.setAccessibleDescription(about)
        words = label(about, "quiet")
        words.setIndent(36)
        self.body.addWidget(radio)
        self.body.addWidget(words)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._radio.setChecked(True)
        self._radio.setFocus(Qt.FocusReason.MouseFocusReason)


class UseStep(Step):
    """Home or school, and the country for help lines."""

    def __init__(self, store: "Store") -> None:
        super().__init__(store)
        self.title = tr("Welcome to Tutor")
        self.lead = tr(
            "Tutor helps children to learn, on this computer alone: nothing they write leaves it. "
            "A grown-up sets it up first. It takes about three minutes."
        )
        self.box.addWidget(label(tr("Where will it be used?"), "heading"))
        self._group = QButtonGroup(self)
        now = str(store.setting("setting"))
        for value, words, meaning in choices.settings_of_use():
            radio = QRadioButton(words)
            radio.setProperty("value", value)
            radio.setChecked(value == now)
            self._group.addButton(radio)
            self.box.addWidget(ChoiceCard(radio, meaning))
        self.country = Choice(choices.countries(), str(store.setting("country")))
        self.box.addWidget(Field(tr("Country"), self.country, tr("Decides which help lines a child in need is shown.")))

    def leave(self) -> bool:
        checked = self._group.checkedButton()
        self.store.set_setting("setting", str(checked.property("value")) if checked else "home")
        self.store.set_setting("country", self.country.value())
        return True


class ContactStep(Step):
    """Who is told when a child may be in danger."""

    def __init__(self, store: "Store") -> None:
        super().__init__(store)
        self.form = ContactForm(store.contact())
        self.box.addWidget(self.form)

    def enter(self) -> None:
        school = self.store.setting("setting") == "school"
        self.title = tr("Who looks after safety?")
        self.lead = (
            tr("The safeguarding contact of your school. Nobody can chat before there is one; it can be changed later.")
            if school
            else tr("The grown-up who is there when a child needs help. Nobody can chat before there is one.")
        )

    def leave(self) -> bool:
        if self.form.problem_found():
            return False
        self.store.set_contact(*self.form.values(), confirmed=True)
        return True


class PassphraseStep(Step):
    """The grown-ups' passphrase or PIN, typed twice."""

    def __init__(self, store: "Store") -> None:
        super().__init__(store)
        self.title = tr("A passphrase for grown-ups")
        self.lead = tr(
            "It guards the settings, the alerts and the list of learners. Three or four words are easy to "
            "remember and hard to guess; a PIN works too. After wrong tries it locks for a while."
        )
        self.code = ""
        self.first = Secret(tr("Passphrase or PIN"))
        self.second = Secret(tr("The same again"))
        self.first_field = Field(tr("Passphrase or PIN"), self.first)
        self.second_field = Field(tr("The same again"), self.second)
        self.meter = QProgressBar()
        self.meter.setRange(0, int(strength.Strength.STRONG))
        self.meter.setTextVisible(False)
        self.meter.setAccessibleName(tr("How hard it is to guess"))
        self.words = label("", "quiet")
        for widget in (self.first_field, self.meter, self.words, self.second_field):
            self.box.addWidget(widget)
        self.first.line.textChanged.connect(self._weigh)
        self.second.line.textChanged.connect(self._forgive)
        self._weigh()

    def leave(self) -> bool:
        judged = strength.judge(self.first.text())
        if judged < strength.Strength.FAIR:
            self.first_field.complain(strength.words(judged))
            self.first.line.setFocus()
            return False
        if self.first.text() != self.second.text():
            self.second_field.complain(tr("The two are not the same. Type it once more."))
            self.second.line.setFocus()
            return False
        self.code = self.store.set_passphrase(self.first.text())
        self.first.clear()
        self.second.clear()
        return True

    def _weigh(self) -> None:
        self.first_field.complain("")
        judged = strength.judge(self.first.text())
        self.meter.setValue(int(judged) if self.first.text() else 0)
        said = strength.words(judged) if self.first.text() else tr("For example: three words that belong together.")
        self.words.setText(said)

    def _forgive(self) -> None:
        self.second_field.complain("")


class RecoveryPanel(QWidget):
    """A recovery code, shown once: copy, save, and a tick that it is kept."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.code = label("", "display", wrap=False, select=True)
        self.code.setAccessibleName(tr("Recovery code"))
        self.said = label("", "good")
        self.tick = QCheckBox(tr("I have written it down or saved it where children do not find it"))
        self.error = label(tr("Tick the box when the code is kept safe. It is not shown again."), "alert")
        self.error.hide()
        self.tick.toggled.connect(lambda: self.error.hide())
        card = Card()
        card.body.addWidget(self.code)
        card.body.addLayout(
            row(
                button(tr("Copy"), "plain", "copy", self.copy),
                button(tr("Save to a file…"), "plain", "save", self._ask_where),
            )
        )
        card.body.addWidget(self.said)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(16)
        box.addWidget(card)
        box.addWidget(self.tick)
        box.addWidget(self.error)

    def show_code(self, code: str) -> None:
        self.code.setText(code)
        self.tick.setChecked(False)
        self.said.setText("")
        self.error.hide()

    def forget(self) -> None:
        self.code.setText("")

    def problem_found(self) -> bool:
        if self.tick.isChecked():
            return False
        self.error.show()
        self.tick.setFocus()
        return True

    def save(self, file: Path) -> None:
        """Write the code to a file. Says in place what came of it."""
        text = tr(
            "Tutor's recovery code: {code}\nIt sets a new passphrase. Keep it where children do not find it.\n",
            code=self.code.text(),
        )
        try:
            file.write_text(text, encoding="utf-8")
        except OSError:
            self.said.setText(tr("It could not be saved there. Choose another folder, or write it down."))
            return
        self.said.setText(tr("Saved as {file}.", file=file.name))

    def copy(self) -> None:
        QGuiApplication.clipboard().setText(self.code.text())
        self.said.setText(tr("Copied."))

    def _ask_where(self) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        start = str(Path(folder) / "tutor-recovery-code.txt")
        chosen, _ = QFileDialog.getSaveFileName(self, tr("Save the recovery code"), start)
        if chosen:
            self.save(Path(chosen))


class RecoveryStep(Step):
    """The recovery code, once."""

    def __init__(self, store: "Store", passphrase: PassphraseStep) -> None:
        super().__init__(store)
        self.title = tr("Your recovery code")
        self.lead = tr(
            "It opens the grown-ups' part when the passphrase is forgotten. It is shown now and never again."
        )
        self._passphrase = passphrase
        self.panel = RecoveryPanel()
        self.box.addWidget(self.panel)

    def enter(self) -> None:
        self.panel.show_code(self._passphrase.code)

    def leave(self) -> bool:
        if self.panel.problem_found():
            return False
        self._passphrase.code = ""
        self.panel.forget()
        return True


class LearnerStep(Step):
    """The first learner."""

    def __init__(self, store: "Store") -> None:
        super().__init__(store)
        self.title = tr("The first learner")
        self.lead = tr("More can be added later.")
        self.form = LearnerForm()
        self.box.addWidget(self.form)
        self._added: int | None = None

    @property
    def can_go_back(self) -> bool:
        return False

    def leave(self) -> bool:
        if self.form.problem_found():
            return False
        name, picture, band, language = self.form.values()
        if self._added is None:
            self._added = self.store.add_learner(name, picture, band, language).id
        else:
            self.store.update_learner(self._added, name=name, picture=picture, age_band=band, language=language)
        return True


class DoneStep(Step):
    """Everything in one look, before the first chat."""

    def __init__(self, store: "Store") -> None:
        super().__init__(store)
        self.title = tr("Everything is ready")
        self.lead = tr("This is what was set up. All of it can be changed behind the passphrase.")
        self._card = Card()
        self.box.addWidget(self._card)
        self.box.addWidget(
            Notice(
                tr(
                    "Tutor is a program and makes mistakes. It checks sums and words before it shows them, and says "
                    "under each answer what was checked."
                )
            )
        )

    def enter(self) -> None:
        from tutor.qt.widgets import clear

        clear(self._card.body)
        contact = self.store.contact()
        uses = {value: words for value, words, _ in choices.settings_of_use()}
        if contact is not None:
            self._line(tr("Safeguarding contact"), f"{contact.name} · {contact.reach}")
        self._line(tr("Used"), uses.get(str(self.store.setting("setting")), ""))
        for learner in self.store.learners():
            line = QHBoxLayout()
            line.setSpacing(12)
            line.addWidget(Picture(learner.picture, 40))
            line.addWidget(label(learner.name, "strong"), 1)
            self._card.body.addLayout(line)

    def _line(self, name: str, value: str) -> None:
        self._card.body.addWidget(label(name, "caption"))
        self._card.body.addWidget(label(value, "strong"))
