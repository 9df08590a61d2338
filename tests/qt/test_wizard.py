"""The first run on a real store: nothing is skipped, everything is stored, and the learner can chat afterwards."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QRadioButton
from pytestqt.qtbot import QtBot

from tutor.qt import wizard_steps as w
from tutor.qt.showcase.quiet_app import QuietApp
from tutor.qt.wizard import Wizard


@pytest.fixture
def app(app_of: Callable[[str], QuietApp]) -> QuietApp:
    return app_of("empty")


@pytest.fixture
def wizard(qtbot: QtBot, app: QuietApp) -> Wizard:
    made = Wizard(app.store)
    qtbot.addWidget(made)
    made.show()
    return made


def contact(wizard: Wizard) -> None:
    step = wizard.step
    assert isinstance(step, w.ContactStep)
    step.form.name.setText("Head of year")
    step.form.reach.setText("Room 3")
    step.form.tick.setChecked(True)


def to_passphrase(wizard: Wizard) -> w.PassphraseStep:
    wizard.go_on()
    contact(wizard)
    wizard.go_on()
    step = wizard.step
    assert isinstance(step, w.PassphraseStep)
    return step


def to_recovery(wizard: Wizard, secret: str = "otter lamp cloud") -> w.RecoveryStep:
    passphrase = to_passphrase(wizard)
    passphrase.first.line.setText(secret)
    passphrase.second.line.setText(secret)
    wizard.go_on()
    step = wizard.step
    assert isinstance(step, w.RecoveryStep)
    return step


def test_the_whole_first_run_is_stored_and_ends_in_a_finished_set_up(
    qtbot: QtBot, wizard: Wizard, app: QuietApp
) -> None:
    school = next(r for r in wizard.findChildren(QRadioButton) if r.property("value") == "school")
    qtbot.mouseClick(school.parentWidget(), Qt.MouseButton.LeftButton)
    assert school.isChecked(), "a press anywhere on its card chooses it"
    recovery = to_recovery(wizard)
    code = recovery.panel.code.text()
    recovery.panel.tick.setChecked(True)
    wizard.go_on()
    learner = wizard.step
    assert isinstance(learner, w.LearnerStep)
    learner.form.name.setText("  Amira ")
    learner.form.pictures.choose("whale")
    learner.form.age.choose("11-13")
    wizard.go_on()
    assert app.store.is_set_up()
    shown = " ".join(label.text() for label in wizard.step.findChildren(QLabel))
    assert "Head of year" in shown and "Room 3" in shown and "Amira" in shown
    with qtbot.waitSignal(wizard.finished, timeout=1000):
        wizard.go_on()
    stored = app.store.learners()[0]
    assert (stored.name, stored.picture, stored.age_band.value) == ("Amira", "whale", "11-13")
    assert app.store.setting("setting") == "school"
    assert app.store.check_passphrase("otter lamp cloud")
    assert app.store.use_recovery_code(code.lower(), "another three words")


def test_nobody_gets_past_the_contact_without_name_reach_and_tick(wizard: Wizard, app: QuietApp) -> None:
    wizard.go_on()
    step = wizard.step
    assert isinstance(step, w.ContactStep)
    wizard.go_on()
    assert wizard.step is step
    assert step.form.name_field.complaint and step.form.reach_field.complaint
    assert not step.form.read_back.isVisible()
    step.form.name.setText("Head of year")
    step.form.reach.setText("Room 3")
    assert step.form.read_back.isVisible()
    assert "Head of year" in step.form.read_back.text.text() and "Room 3" in step.form.read_back.text.text()
    wizard.go_on()
    assert wizard.step is step
    assert app.store.contact() is None
    step.form.tick.setChecked(True)
    step.form.reach.setText("Room 4")
    assert not step.form.tick.isChecked(), "a tick must belong to the words that are shown"
    step.form.tick.setChecked(True)
    wizard.go_on()
    kept = app.store.contact()
    assert kept is not None and kept.reach == "Room 4" and kept.confirmed_at


@pytest.mark.parametrize("weak", ["", "123", "1234", "9876", "1111", "password", "abab"])
def test_easy_passphrases_are_refused_in_words(wizard: Wizard, app: QuietApp, weak: str) -> None:
    step = to_passphrase(wizard)
    step.first.line.setText(weak)
    step.second.line.setText(weak)
    wizard.go_on()
    assert wizard.step is step
    assert step.first_field.complaint
    assert not app.store.has_passphrase()


def test_two_different_passphrases_are_noticed(wizard: Wizard, app: QuietApp) -> None:
    step = to_passphrase(wizard)
    step.first.line.setText("otter lamp cloud")
    step.second.line.setText("otter lamp clod")
    wizard.go_on()
    assert step.second_field.complaint and not app.store.has_passphrase()


def test_a_four_digit_pin_without_a_pattern_is_enough(wizard: Wizard, app: QuietApp) -> None:
    to_recovery(wizard, "8305")
    assert app.store.check_passphrase("8305")


def test_the_recovery_code_is_shown_once_copied_and_saved(wizard: Wizard, tmp_path: Path) -> None:
    step = to_recovery(wizard)
    code = step.panel.code.text()
    assert len(code) == 19
    wizard.go_on()
    assert wizard.step is step and step.panel.error.isVisible()
    step.panel.save(tmp_path / "code.txt")
    assert code in (tmp_path / "code.txt").read_text(encoding="utf-8")
    step.panel.save(tmp_path / "missing" / "code.txt")
    assert "could not be saved" in step.panel.said.text()
    step.panel.copy()
    assert QApplication.clipboard().text() == code
    step.panel.tick.setChecked(True)
    wizard.go_on()
    assert step.panel.code.text() == ""
    assert not wizard.back.isVisible(), "there is no way back to a code that was shown once"


def test_back_keeps_what_was_typed_and_enter_goes_on(wizard: Wizard) -> None:
    to_passphrase(wizard)
    wizard.go_back()
    step = wizard.step
    assert isinstance(step, w.ContactStep) and step.form.name.text() == "Head of year"
    QTest.keyClick(step.form.name, Qt.Key.Key_Return)
    assert isinstance(wizard.step, w.PassphraseStep)
    wizard.back.setFocus()
    QTest.keyClick(wizard.back, Qt.Key.Key_Return)
    assert isinstance(wizard.step, w.ContactStep), "Enter must press the button that has the focus"
