"""Safeguarding in the grown-ups' part: the contact's own key, the record, the levels, the checklist."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tutor import paths
from tutor.classroom import safeguarding
from tutor.qt.showcase.quiet_app import QuietApp
from tutor.qt.showcase.scenes import settle
from tutor.qt.teacher.safeguarding import AlertCard, Safeguarding
from tutor.qt.teacher.safeguarding_levels import NUMBERS, Levels
from tutor.store.credentials import CONTACT

KEY = "quiet harbour lamp"


@pytest.fixture
def page(qtbot: QtBot, app_of: Callable[[str], QuietApp]) -> Safeguarding:
    made = Safeguarding(app_of("normal").store)
    qtbot.addWidget(made)
    made.resize(900, 800)
    made.show()
    made.enter()
    return made


def texts(page: Safeguarding) -> str:
    settle()
    return " ".join(each.text() for each in page.findChildren(QLabel) if each.isVisible())


def show_words(page: Safeguarding) -> None:
    settle()
    page.findChildren(AlertCard)[0].show_words()


def prompt(page: Safeguarding) -> str:
    return page._store.moderation_log(alert_id=page._store.alerts()[0].id)[0].prompt


def test_the_words_are_behind_the_contacts_own_key(page: Safeguarding, qtbot: QtBot) -> None:
    words = prompt(page)
    show_words(page)
    assert words in texts(page), "without a key of the contact's own, the teachers' passphrase is enough"
    page._store.set_passphrase(KEY, CONTACT)
    page.door.close_door()
    page.enter()
    show_words(page)
    assert words not in texts(page) and "contact's key opens" in texts(page)
    page.show_page("record")
    assert words not in texts(page)
    page.show_page("alerts")
    page.door.secret.line.setText("something else")
    with qtbot.waitSignal(page.door.changed, timeout=500, raising=False):
        page.door.try_it()
    assert not page.door.is_open and page.door.secret_field.complaint
    page.door.secret.line.setText(KEY)
    with qtbot.waitSignal(page.door.changed, timeout=5000):
        page.door.try_it()
    show_words(page)
    assert words in texts(page)
    page.show_page("record")
    assert words in texts(page)


def test_whoever_leaves_the_page_leaves_the_record_closed(page: Safeguarding, qtbot: QtBot) -> None:
    page._store.set_passphrase(KEY, CONTACT)
    page.door.close_door()
    page.door.secret.line.setText(KEY)
    with qtbot.waitSignal(page.door.changed, timeout=5000):
        page.door.try_it()
    assert page.door.is_open
    words = prompt(page)
    page.show_page("record")
    assert words in texts(page)
    page.hide()
    page.show()
    assert not page.door.is_open and words not in texts(page)
    page.enter()
    assert words not in texts(page)
    page.show_page("alerts")
    assert words not in texts(page)


def test_leaving_the_page_as_the_program_ends_shows_nothing_and_fails_over_nothing(page: Safeguarding) -> None:
    page.show_page("record")
    words = page.record._list.itemAt(0).widget().findChildren(QLabel)[1].text()
    assert words in texts(page)
    page._store.close()
    page.hide()
    page.show()
    assert words not in texts(page)


def test_the_key_is_set_twice_alike_and_its_recovery_code_is_shown(page: Safeguarding, qtbot: QtBot) -> None:
    page.door.show_form()
    page.door.new.line.setText(KEY)
    page.door.again.line.setText("another")
    page.door.set_key()
    assert page.door.again_field.complaint and not page._store.has_passphrase(CONTACT)
    page.door.again.line.setText(KEY)
    page.door.set_key()
    qtbot.waitUntil(lambda: hasattr(page.door, "panel"), timeout=5000)
    assert page._store.check_passphrase(KEY, CONTACT) and not page.door.is_open


def test_the_record_shows_what_was_marked_first_and_all_when_asked(page: Safeguarding) -> None:
    page.show_page("record")
    serious = page.record._list.count()
    page.record.serious.choose("")
    page.record._begin()
    settle()
    assert page.record._list.count() > serious > 0


def test_a_level_is_shown_with_what_it_trades_and_the_schools_choice_moves_it(
    qtbot: QtBot, tmp_path: Path, app_of: Callable[[str], QuietApp]
) -> None:
    shutil.copy(paths.safety_model() / "thresholds.toml", tmp_path)
    grid = [round(n / 100, 2) for n in range(2, 100)]
    curve = {"levels": grid, "stopped": [1 - x for x in grid], "passed": grid, "harmless": 100, "harmful": 50}
    (tmp_path / NUMBERS).write_text(json.dumps({"toxicity": curve, "threat": {**curve, "harmful": 0}}))
    store = app_of("fresh").store
    levels = Levels(store, tmp_path)
    qtbot.addWidget(levels)
    assert [levels.name.itemData(n) for n in range(levels.name.count())] == ["toxicity"]
    before = levels.level_in_force("toxicity")
    assert f"{before:.2f}" in levels.said.text() and "50 harmful" in levels.said.text()
    with qtbot.waitSignal(levels.changed):
        levels.row.change("stricter")
    assert levels.level_in_force("toxicity") < before and f"{before:.2f}" not in levels.said.text()
    (tmp_path / NUMBERS).write_text("{broken")
    bare = Levels(store, tmp_path)
    qtbot.addWidget(bare)
    assert bare._traded.isHidden()


def test_the_checklist_shows_every_line_with_its_state(page: Safeguarding) -> None:
    page.show_page("checklist")
    lines = safeguarding.lines(page._store)
    shown = texts(page)
    assert all(line.says in shown for line in lines)
    assert f"{sum(line.state == safeguarding.HOLDS for line in lines)} of {len(lines)}" in shown
    assert "::" not in shown
    page.checklist._toggle()
    assert lines[0].tests[0] in texts(page)


def test_the_shipped_classifier_has_its_trade_offs(qtbot: QtBot, app_of: Callable[[str], QuietApp]) -> None:
    levels = Levels(app_of("fresh").store)
    qtbot.addWidget(levels)
    kinds = {levels.name.itemData(n) for n in range(levels.name.count())}
    assert {"toxicity", "self_harm", "dangerous_request"} <= kinds and "harmful texts pass" in levels.said.text()


def test_what_the_period_for_conversations_deletes_is_told(page: Safeguarding) -> None:
    store = page._store
    assert not page.kept.isVisible()
    long_ago = "UPDATE conversation SET updated_at = '2020-01-01T00:00:00.000+00:00'"
    store._owner.run(lambda: store._do("DELETE FROM turn_fact"))
    store._owner.run(lambda: store._do("UPDATE alert SET seen_at = created_at"))
    many = store._owner.run(lambda: store._do(long_ago)).rowcount
    store.set_setting("conversation_months", 6)
    assert store.delete_past() == 0
    page.enter()
    assert f"{many} conversations" in page.kept.text.text() and "period for conversations is new" in texts(page)
    store._owner.run(lambda: store._do("UPDATE setting SET changed_at = '2020-01-01T00:00:00.000+00:00'"))
    assert store.delete_past() == many
    page.enter()
    assert f"{many} conversations were past their time and deleted for good" in page.kept.text.text()
    line = next(line for line in safeguarding.lines(store) if line.key == "conversations")
    assert "6 months." in line.note and str(many) in line.note
