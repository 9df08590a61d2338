"""The grown-ups' part on a real store: settings, alerts, reports, learners, backups."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tutor import paths, settings
from tutor.moderation import crisis
from tutor.qt.showcase import data
from tutor.qt.showcase.quiet_app import QuietApp
from tutor.qt.showcase.scenes import FAILED, READY, settle
from tutor.qt.teacher.backups import Backups
from tutor.qt.teacher.learners import Learners
from tutor.qt.teacher.page import TeacherPage
from tutor.qt.teacher.review import FEW, PAGE
from tutor.qt.teacher.review_card import ReviewCard
from tutor.qt.teacher.safeguarding import AlertCard, Safeguarding, kind_in_words
from tutor.qt.teacher.setting_rows import GROUPS, SettingRow
from tutor.qt.teacher.settings_section import SettingsSection
from tutor.qt.teacher.tutor_section import TutorSection
from tutor.store.credentials import CONTACT

Open = Callable[[str], TeacherPage]
THINGS = ("volcano", "river", "moon", "ocean", "desert", "forest", "glacier", "cloud", "planet", "comet", "insect",
          "flower", "bridge", "castle")  # fmt: skip


@pytest.fixture
def opened(qtbot: QtBot, app_of: Callable[[str], QuietApp]) -> Open:
    def open_page(kind: str) -> TeacherPage:
        page = TeacherPage(app_of(kind))
        qtbot.addWidget(page)
        page.resize(1100, 800)
        page.show()
        return page

    return open_page


def press(widget: QWidget, text: str) -> None:
    settle()
    found = [b for b in widget.findChildren(QPushButton) if b.text() == text and not b.isHidden()]
    assert found, f"no button {text!r}"
    found[-1].click()


def texts(widget: QWidget) -> str:
    settle()
    return " ".join(found.text() for found in widget.findChildren(QLabel) if found.isVisibleTo(widget))


# --- settings -------------------------------------------------------------------------------------------------------


def test_every_setting_of_the_school_can_be_changed_somewhere() -> None:
    school = {declared.key for declared in settings.DECLARED if declared.scope == "school"}
    assert school == {key for group in GROUPS.values() for key in group} | {"model"}


@pytest.mark.parametrize("key", [key for group in GROUPS.values() for key in group if key != "give_answers"])
def test_a_setting_is_kept_at_once_and_goes_back_to_its_default(
    qtbot: QtBot, app_of: Callable[[str], QuietApp], key: str
) -> None:
    store = app_of("fresh").store
    row = SettingRow(store, key)
    qtbot.addWidget(row)
    others = {
        "setting": "home",
        "country": "IE",
        "gpu": False,
        "survey": False,
        "give_answers_reason": "revision week",
        "seed": 7,
    }
    others |= {"learner_corrections": False, "chat_from": "07:30", "chat_until": "19:00", "strictness": "stricter"}
    default = settings.BY_KEY[key].default
    wanted = others.get(key, default * 2 if default else 512 if key == "n_ctx" else 1)
    if key in ("top_p", "min_p"):
        wanted = 0.5
    if key == "repeat_penalty":
        wanted = 1.2
    row.change(wanted)
    assert store.setting(key) == wanted
    again = SettingRow(store, key)
    qtbot.addWidget(again)
    assert again.value() == wanted
    row.reset()
    assert store.setting(key) == default and row.value() == default


def test_whole_solutions_need_a_reason_and_go_off_without_one(opened: Open) -> None:
    page = opened("fresh")
    page.show_section("settings")
    section = page.section("settings")
    assert isinstance(section, SettingsSection)
    store = page.app.store
    switch = section.rows["give_answers"].control
    assert isinstance(switch, QCheckBox) and not switch.isEnabled()
    section.rows["give_answers_reason"].change("Revision week")
    assert switch.isEnabled()
    switch.setChecked(True)
    assert store.setting("give_answers") is True
    section.rows["give_answers_reason"].change("")
    assert store.setting("give_answers") is False and not switch.isChecked() and not switch.isEnabled()


def test_the_passphrase_is_changed_with_a_new_recovery_code(qtbot: QtBot, opened: Open) -> None:
    page = opened("fresh")
    page.show_section("settings")
    section = page.section("settings")
    assert isinstance(section, SettingsSection)
    section.open_passphrase()
    section.secret.line.setText("1234")
    section.again.line.setText("1234")
    section.set_passphrase()
    assert section.secret_field.complaint
    section.secret.line.setText("seven green boats")
    section.again.line.setText("seven green boats")
    section.set_passphrase()
    qtbot.waitUntil(lambda: "used up" in texts(section), timeout=5000)
    assert page.app.store.check_passphrase("seven green boats")


# --- the tutor ------------------------------------------------------------------------------------------------------


def tutor_section(page: TeacherPage) -> TutorSection:
    page.show_section("tutor")
    section = page.section("tutor")
    assert isinstance(section, TutorSection)
    return section


@pytest.mark.parametrize("content", [b"", b"hello, I am a text file\n", b"GGUF\x03\x00\x00\x00" + b"\xff" * 64])
def test_a_bad_model_file_is_refused_by_name_and_the_model_stays(
    qtbot: QtBot, opened: Open, tmp_path: Path, content: bytes
) -> None:
    page = opened("fresh")
    section = tutor_section(page)
    file = tmp_path / "bad-model.gguf"
    file.write_bytes(content)
    section.use_file(file)
    qtbot.waitUntil(section.choose_button.isEnabled, timeout=5000)
    assert "bad-model.gguf" in section.check.text.text() and section.check.property("panel") == "alert"
    assert page.app.store.setting("model") == ""


def test_a_good_model_file_is_checked_kept_and_loaded(qtbot: QtBot, opened: Open) -> None:
    page = opened("fresh")
    section = tutor_section(page)
    starts = page.app.starts
    section.use_file(paths.starter_model())
    qtbot.waitUntil(section.choose_button.isEnabled, timeout=5000)
    assert section.check.property("panel") == "good"
    assert page.app.store.setting("model") == str(paths.starter_model())
    assert page.app.starts == starts + 1
    section.use_shipped()
    assert page.app.store.setting("model") == ""


def test_why_the_graphics_card_is_not_used_and_why_a_start_failed_are_shown(qtbot: QtBot, opened: Open) -> None:
    page = opened("fresh")
    section = tutor_section(page)
    page.show_engine(READY)
    assert "The graphics card is not used" in texts(section) and "Tutor Starter" in texts(section)
    page.show_engine(FAILED)
    assert "tutor-big.gguf" in texts(section)
    starts = page.app.starts
    press(section, "Start the tutor again")
    qtbot.waitUntil(lambda: page.app.starts == starts + 1, timeout=5000)


def test_a_loading_setting_loads_the_model_again_and_reset_brings_all_back(opened: Open) -> None:
    page = opened("fresh")
    section = tutor_section(page)
    starts = page.app.starts
    section.rows["n_ctx"].change(2048)
    assert page.app.starts == starts + 1
    section.rows["temperature"].change(1.0)
    assert page.app.starts == starts + 1, "how it writes needs no new load"
    section.reset()
    assert page.app.store.setting("n_ctx") == 0 and page.app.store.setting("temperature") == 0.3
    control = section.rows["temperature"].control
    assert isinstance(control, QDoubleSpinBox) and control.value() == pytest.approx(0.3)


# --- safeguarding and review ----------------------------------------------------------------------------------------


def test_an_alert_waits_until_it_is_acknowledged_and_its_words_are_shown_on_request(opened: Open) -> None:
    page = opened("normal")
    page.show_section("safeguarding")
    section = page.section("safeguarding")
    assert isinstance(section, Safeguarding)
    settle()
    cards = [card for card in section.findChildren(AlertCard) if not card.isHidden()]
    worst = next(card for card in cards if card.alert.kind == "self_harm")
    assert "Not yet seen" in texts(worst) and "nobody would notice" not in texts(section)
    worst.show_words()
    assert any("nobody would notice" in found.text() for found in worst.findChildren(QLabel))
    before = len(page.app.store.alerts(unseen_only=True))
    press(worst, "I have seen this")
    assert len(page.app.store.alerts(unseen_only=True)) == before - 1
    assert page.app.store.acknowledged_by(worst.alert.id) == "The safeguarding lead"
    assert f"({before - 1})" in page.rail_text("safeguarding")


def test_the_contact_is_confirmed_again_when_it_changes(opened: Open) -> None:
    page = opened("fresh")
    page.show_section("safeguarding")
    section = page.section("safeguarding")
    assert isinstance(section, Safeguarding)
    press(section, "Change")
    section.form.reach.setText("Room 99")
    press(section, "Confirm")
    kept = page.app.store.contact()
    assert kept is not None and kept.reach != "Room 99", "changed without the tick"
    section.form.tick.setChecked(True)
    press(section, "Confirm")
    kept = page.app.store.contact()
    assert kept is not None and kept.reach == "Room 99"


def test_a_report_stands_with_its_question_and_answer(opened: Open) -> None:
    page = opened("normal")
    page.show_section("review")
    shown = texts(page.section("review"))
    assert "It is confusing" in shown and "multiply 2.5 by 100" in shown
    assert "how many cm in 2.5 m" in shown and "One metre has 100 centimetres." in shown


def test_many_reports_that_are_alike_show_a_few_first(opened: Open) -> None:
    page = opened("long")
    page.show_section("review")
    section = page.section("review")
    settle()
    assert len([card for card in section.findChildren(ReviewCard) if not card.isHidden()]) == FEW + 1
    press(section, "Show the other 22")
    settle()
    assert len([card for card in section.findChildren(ReviewCard) if not card.isHidden()]) == len(
        page.app.store.flags()
    )


def test_reports_that_are_not_alike_come_a_page_at_a_time(opened: Open) -> None:
    page = opened("normal")
    ben = page.app.store.learners()[1]
    for thing in THINGS:
        answer = data.turn(page.app.store, ben.id, thing, f"Who first saw a {thing}?", data.reply(data.checked("Hm.")))
        page.app.store.flag(answer, "wrong")
    page.show_section("review")
    section = page.section("review")
    settle()
    assert len([card for card in section.findChildren(ReviewCard) if not card.isHidden()]) == PAGE
    press(section, "Show more")
    settle()
    assert len([card for card in section.findChildren(ReviewCard) if not card.isHidden()]) == 15


# --- learners -------------------------------------------------------------------------------------------------------


def learners_section(page: TeacherPage) -> Learners:
    page.show_section("learners")
    section = page.section("learners")
    assert isinstance(section, Learners)
    return section


def test_a_learner_is_added_once(opened: Open) -> None:
    page = opened("fresh")
    section = learners_section(page)
    section.add()
    section.form.name.setText("AMIRA")
    press(section, "Keep")
    assert section.form.name_field.complaint and len(page.app.store.learners()) == 3
    section.form.name.setText("Dilan")
    press(section, "Keep")
    assert "Dilan" in [learner.name for learner in page.app.store.learners()]


def test_everything_of_a_learner_is_exported_to_a_file(qtbot: QtBot, opened: Open, tmp_path: Path) -> None:
    page = opened("normal")
    section = learners_section(page)
    section.export(page.app.store.learners()[0], tmp_path / "amira.json")
    qtbot.waitUntil(section.said.isVisible, timeout=5000)
    assert "What is a prime number?" in (tmp_path / "amira.json").read_text(encoding="utf-8")
    section.said.hide()
    section.export(page.app.store.learners()[0], tmp_path / "missing" / "amira.json")
    qtbot.waitUntil(section.said.isVisible, timeout=5000)
    assert section.said.property("panel") == "alert"


def test_an_export_needs_the_contacts_key_where_there_is_one(qtbot: QtBot, opened: Open, tmp_path: Path) -> None:
    page = opened("normal")
    section, file = learners_section(page), tmp_path / "amira.json"
    page.app.store.set_passphrase("quiet harbour lamp", CONTACT)
    section.export(page.app.store.learners()[0], file)
    section.key.line.setText("something else")
    section.key_button.click()
    qtbot.waitUntil(lambda: bool(section.key_field.complaint), timeout=5000)
    assert not file.exists()
    section.key.line.setText("quiet harbour lamp")
    section.key_button.click()
    qtbot.waitUntil(section.said.isVisible, timeout=5000)
    assert "What is a prime number?" in file.read_text(encoding="utf-8")


def test_a_learner_is_erased_only_after_the_name_was_typed(qtbot: QtBot, opened: Open) -> None:
    page = opened("normal")
    section = learners_section(page)
    ben = page.app.store.learners()[1]
    section.open_erase(ben)
    assert not section.erase_button.isEnabled()
    section.typed.setText("Be")
    assert not section.erase_button.isEnabled()
    section.typed.setText(" ben ")
    assert section.erase_button.isEnabled()
    with qtbot.waitSignal(section.changed, timeout=10_000):
        section.erase_button.click()
    assert [learner.name for learner in page.app.store.learners()] == ["Amira", "Chidi"]


# --- backups --------------------------------------------------------------------------------------------------------


def test_a_backup_is_made_and_put_back(qtbot: QtBot, opened: Open) -> None:
    page = opened("normal")
    page.show_section("backups")
    section = page.section("backups")
    assert isinstance(section, Backups)
    store = page.app.store
    before = len(store.list_backups())
    press(section, "Make a backup now")
    qtbot.waitUntil(lambda: "made and checked" in section.said.text.text(), timeout=10_000)
    assert len(store.list_backups()) == before + 1
    newest = store.list_backups()[0]
    store.remove_learner(store.learners()[0].id)
    section.ask(newest)
    with qtbot.waitSignal(page.restored, timeout=10_000):
        press(section, "Put it back")
    assert [learner.name for learner in store.learners()] == ["Amira", "Ben", "Chidi"]


def test_every_kind_of_alert_that_can_be_raised_has_words() -> None:
    kinds = {sign.kind for name in ("crisis", "danger") for _, sign in crisis.rules(name).rules}
    kinds |= {"not_checked", "threat", "dangerous_request", "sexual", "abusive_language", "unclear"}
    bare = {kind for kind in kinds if kind_in_words(kind) == kind.replace("_", " ").capitalize()}
    assert not bare
