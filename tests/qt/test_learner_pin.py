"""A learner's PIN in the window: asked for after the picture was chosen, counted and locked; given by a grown-up."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tutor.domain import Learner
from tutor.qt.learner.pin_door import PinDoor
from tutor.qt.picker import LearnerCard, Picker
from tutor.qt.showcase.quiet_app import QuietApp
from tutor.qt.teacher.learners import Learners
from tutor.qt.window import MainWindow
from tutor.store.guarded import FREE_TRIES

PIN = "2580"


@pytest.fixture
def app(window: MainWindow, app_of: Callable[[str], QuietApp]) -> Iterator[QuietApp]:
    """Behind the window: three learners, of whom Amira has a PIN."""
    made = app_of("normal")
    made.store.set_pin(made.store.learners()[0].id, PIN)
    window.show_app(made)
    yield made
    window.app = None


def card(window: MainWindow, name: str) -> LearnerCard:
    picker = window.current
    assert isinstance(picker, Picker)
    return next(each for each in picker.cards() if each.learner.name == name)


def door(window: MainWindow) -> PinDoor:
    card(window, "Amira").click()
    page = window.current
    assert isinstance(page, PinDoor) and window.page == "pin"
    return page


def attempt(qtbot: QtBot, page: PinDoor, pin: str) -> None:
    QTest.keyClicks(page.pin.line, pin)
    QTest.keyClick(page.pin.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not page.busy, timeout=5000)


def test_only_who_has_a_pin_is_asked_and_the_card_says_so(window: MainWindow, app: QuietApp) -> None:
    assert card(window, "Amira").accessibleDescription() == "A PIN is asked for."
    assert card(window, "Ben").accessibleDescription() == ""
    card(window, "Ben").click()
    assert window.page == "chat"


def test_the_right_pin_opens_by_keyboard_alone(qtbot: QtBot, window: MainWindow, app: QuietApp) -> None:
    page = door(window)
    assert window.focusWidget() is page.pin.line and page.pin.line.accessibleName() == "Your PIN"
    assert page.pin.line.echoMode() is page.pin.line.EchoMode.Password
    QTest.keyClicks(page.pin.line, "2x5 8a0")
    assert page.pin.text() == PIN, "digits alone are taken"
    assert window.learner is None, "nothing of the learner is open yet"
    with qtbot.waitSignal(window.page_shown, timeout=5000) as shown:
        QTest.keyClick(page.pin.line, Qt.Key.Key_Return)
    assert shown.args == ["chat"] and window.learner is not None and window.learner.name == "Amira"
    window.show_picker()
    assert window.learner is None
    door(window)


def test_a_wrong_pin_says_who_helps_and_back_leads_to_the_picker(
    qtbot: QtBot, window: MainWindow, app: QuietApp
) -> None:
    page = door(window)
    QTest.keyClick(page.pin.line, Qt.Key.Key_Return)
    assert page.field.complaint == "Type your PIN."
    attempt(qtbot, page, "1111")
    assert "Try again, or ask your teacher" in page.field.complaint
    assert page.pin.text() == "" and window.focusWidget() is page.pin.line and window.page == "pin"
    assert "ask your teacher" in page.pin.accessibleDescription(), "heard by who does not see it"
    page.forgotten.click()
    assert "Ask your teacher. They can give you a new one." in page.notice.text.text()
    page.back.click()
    assert window.page == "picker" and window.learner is None


def test_at_home_a_grown_up_helps(qtbot: QtBot, window: MainWindow, app: QuietApp) -> None:
    app.store.set_setting("setting", "home")
    page = door(window)
    attempt(qtbot, page, "1111")
    assert "ask your grown-up" in page.field.complaint


def test_too_many_wrong_pins_lock_and_coming_back_wins_nothing(
    qtbot: QtBot, window: MainWindow, app: QuietApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = door(window)
    for n in range(FREE_TRIES + 1):
        assert page.open_button.isEnabled(), f"locked after {n} tries"
        attempt(qtbot, page, f"111{n}")
    assert not page.open_button.isEnabled() and not page.pin.isEnabled() and window.focusWidget() is page.back
    first = page.notice.text.text()
    assert "Wait" in first and "seconds" in first and "ask your teacher" in first
    qtbot.waitUntil(lambda: page.notice.text.text() != first, timeout=3000)
    page.back.click()
    again = door(window)
    assert not again.open_button.isEnabled()
    monkeypatch.setattr(app.store, "pin_locked_for", lambda _learner: 0.0)
    qtbot.waitUntil(again.open_button.isEnabled, timeout=3000)
    assert window.focusWidget() is again.pin.line and not again.notice.isVisible()
    monkeypatch.undo()
    attempt(qtbot, again, PIN)
    assert window.page == "pin" and not again.open_button.isEnabled(), "the store keeps the wait, not the page"
    again.back.click()
    card(window, "Ben").click()
    assert window.page == "chat", "nobody else waits"


def test_a_page_that_forgets_to_ask_leads_to_the_door(window: MainWindow, app: QuietApp) -> None:
    window.show_chat(app.store.learners()[0])
    assert window.page == "pin" and window.learner is None
    window.show_chat(app.store.learners()[1])
    assert window.page == "chat"


@pytest.fixture
def section(window: MainWindow, app: QuietApp) -> Learners:
    """The grown-ups' page of learners."""
    from tutor.qt.teacher.page import TeacherPage

    window.open_teacher()
    page = window.current
    assert isinstance(page, TeacherPage)
    page.show_section("learners")
    made = page.section("learners")
    assert isinstance(made, Learners)
    return made


def give(qtbot: QtBot, section: Learners, learner: Learner, first: str, second: str) -> None:
    button = next(each for each in section.findChildren(QPushButton) if each.accessibleName() == f"PIN… {learner.name}")
    button.click()
    section.pin_form.first.line.setText(first)
    section.pin_form.second.line.setText(second)
    section.pin_form.keep()


def test_a_grown_up_gives_changes_and_takes_away_a_pin(qtbot: QtBot, section: Learners, app: QuietApp) -> None:
    ben = app.store.learners()[1]
    give(qtbot, section, ben, "4711", "4711")
    qtbot.waitUntil(lambda: app.store.has_pin(ben.id) and not section.said.isHidden(), timeout=5000)
    assert app.store.check_pin(ben.id, "4711") and "Ben has a PIN now" in section.said.text.text()
    give(qtbot, section, ben, "902617", "902617")
    qtbot.waitUntil(lambda: not section.said.isHidden(), timeout=5000)
    assert app.store.check_pin(ben.id, "902617") and not app.store.check_pin(ben.id, "4711")
    section.open_pin(ben)
    section.pin_form.remove_button.click()
    qtbot.waitUntil(lambda: not section.said.isHidden(), timeout=5000)
    assert not app.store.has_pin(ben.id) and "taken away" in section.said.text.text()


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [("", "", "Too short"), ("12", "12", "Too short"), ("1234", "1234", "Too easy"), ("4711", "4712", "not the same")],
)
def test_a_pin_that_is_short_easy_or_mistyped_is_not_kept(
    qtbot: QtBot, section: Learners, app: QuietApp, first: str, second: str, said: str
) -> None:
    ben = app.store.learners()[1]
    give(qtbot, section, ben, first, second)
    form = section.pin_form
    assert said in form.first_field.complaint + form.second_field.complaint and not app.store.has_pin(ben.id)


def test_the_form_tells_of_a_wait_and_another_pin_ends_it(qtbot: QtBot, section: Learners, app: QuietApp) -> None:
    amira = app.store.learners()[0]
    for _ in range(FREE_TRIES + 1):
        app.store.check_pin(amira.id, "1111")
    give(qtbot, section, amira, "", "")
    assert "another PIN ends the wait" in section.pin_form.notice.text.text()
    section.pin_form.first.line.setText("4711")
    section.pin_form.second.line.setText("4711")
    section.pin_form.keep()
    qtbot.waitUntil(lambda: not section.said.isHidden(), timeout=5000)
    assert app.store.pin_locked_for(amira.id) == 0.0 and app.store.check_pin(amira.id, "4711")
