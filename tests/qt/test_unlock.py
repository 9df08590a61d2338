"""The door to the grown-ups' part: wrong tries are counted, the wait is shown, the recovery code opens it."""

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from tutor.qt.showcase.data import PASSPHRASE
from tutor.qt.showcase.quiet_app import QuietApp
from tutor.qt.unlock import Unlock
from tutor.store.guarded import FREE_TRIES


@pytest.fixture
def app(app_of: Callable[[str], QuietApp]) -> QuietApp:
    return app_of("fresh")


@pytest.fixture
def door(qtbot: QtBot, app: QuietApp) -> Unlock:
    made = Unlock(app.store)
    qtbot.addWidget(made)
    made.show()
    return made


def attempt(qtbot: QtBot, door: Unlock, secret: str) -> None:
    door.secret.line.setText(secret)
    door.try_it()
    qtbot.waitUntil(lambda: door.secret_field.complaint != "" or door.notice.isVisible(), timeout=5000)
    qtbot.waitUntil(lambda: not door.busy, timeout=5000)


def test_the_right_passphrase_opens(qtbot: QtBot, door: Unlock) -> None:
    door.secret.line.setText(PASSPHRASE)
    with qtbot.waitSignal(door.opened, timeout=5000):
        door.try_it()
    assert door.secret.text() == "", "a passphrase must not stay in the field"


def test_wrong_tries_lock_the_door_and_the_wait_is_counted_down(qtbot: QtBot, door: Unlock, app: QuietApp) -> None:
    for n in range(FREE_TRIES + 1):
        assert door.open_button.isEnabled(), f"locked after {n} tries"
        attempt(qtbot, door, f"wrong words {n}")
    assert not door.open_button.isEnabled() and not door.secret.isEnabled()
    assert door.notice.isVisible()
    first = door.notice.text.text()
    assert "seconds" in first
    qtbot.waitUntil(lambda: door.notice.text.text() != first, timeout=3000)
    fresh = Unlock(app.store)
    qtbot.addWidget(fresh)
    fresh.show()
    assert not fresh.open_button.isEnabled(), "a new page must not give a fresh guess"


def test_the_door_opens_again_when_the_wait_is_over(
    qtbot: QtBot, door: Unlock, app: QuietApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.store, "locked_for", lambda: 30.0)
    door.start()
    assert not door.open_button.isEnabled()
    monkeypatch.setattr(app.store, "locked_for", lambda: 0.0)
    qtbot.waitUntil(door.open_button.isEnabled, timeout=2000)
    assert not door.notice.isVisible()


def test_the_recovery_code_sets_a_new_passphrase_and_shows_the_next_code(
    qtbot: QtBot, door: Unlock, app: QuietApp
) -> None:
    code = app.store.set_passphrase(PASSPHRASE)
    door.show_forgotten()
    door.recovery.setText(code)
    door.new_secret.line.setText("seven green boats")
    door.recover()
    qtbot.waitUntil(door.panel.isVisible, timeout=5000)
    assert door.panel.code.text() not in ("", code)
    door.panel.tick.setChecked(True)
    with qtbot.waitSignal(door.opened, timeout=1000):
        door.code_kept()
    assert app.store.check_passphrase("seven green boats")


def test_a_wrong_recovery_code_says_so(qtbot: QtBot, door: Unlock, app: QuietApp) -> None:
    door.show_forgotten()
    door.recovery.setText("AAAA-BBBB-CCCC-DDDD")
    door.new_secret.line.setText("seven green boats")
    door.recover()
    qtbot.waitUntil(lambda: door.recovery_field.complaint != "", timeout=5000)
    assert app.store.check_passphrase(PASSPHRASE)
