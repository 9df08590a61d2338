"""The learner picker: who is there, how many, what stands there when nobody is."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from tutor.qt import theme
from tutor.qt.picker import MANY, LearnerCard, Picker, fitting
from tutor.qt.showcase.quiet_app import QuietApp
from tutor.session_events import EngineState


def picker(qtbot: QtBot, app: QuietApp) -> Picker:
    made = Picker(app.store)
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    return made


def texts(widget: Picker) -> str:
    return " ".join(found.text() for found in widget.findChildren(QLabel) if found.isVisible())


def test_a_learner_is_chosen_by_mouse_and_by_keyboard(qtbot: QtBot, app_of: Callable[[str], QuietApp]) -> None:
    page = picker(qtbot, app_of("normal"))
    assert [card.learner.name for card in page.cards()] == ["Amira", "Ben", "Chidi"]
    with qtbot.waitSignal(page.chosen, timeout=1000) as by_mouse:
        qtbot.mouseClick(page.cards()[1], Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(page.chosen, timeout=1000) as by_key:
        page.cards()[2].setFocus()
        QTest.keyClick(page.cards()[2], Qt.Key.Key_Space)
    assert (by_mouse.args[0].name, by_key.args[0].name) == ("Ben", "Chidi")


def test_without_learners_it_says_what_to_do(qtbot: QtBot, app_of: Callable[[str], QuietApp]) -> None:
    page = picker(qtbot, app_of("empty"))
    assert page.cards() == []
    assert "Add a learner" in texts(page)


def test_many_learners_can_be_found_by_name(qtbot: QtBot, app_of: Callable[[str], QuietApp]) -> None:
    page = picker(qtbot, app_of("long"))
    assert len(page.cards()) >= MANY and page.finder.isVisible()
    page.finder.setText("  mAx")
    assert [card.learner.name for card in page.cards() if not card.isHidden()] == ["Maximiliane-Alexandra"]
    page.finder.setText("nobody at all")
    assert "Nobody has this name" in texts(page)
    page.finder.clear()
    assert all(not card.isHidden() for card in page.cards())


def test_waiting_alerts_are_mentioned_without_saying_what_they_are(
    qtbot: QtBot, app_of: Callable[[str], QuietApp]
) -> None:
    app = app_of("normal")
    page = picker(qtbot, app)
    assert "2 notes wait" in texts(page)
    assert "hurt" not in texts(page) and "danger" not in texts(page)
    for alert in app.store.alerts():
        app.store.acknowledge(alert.id, "Head of year")
    page.refresh()
    assert "wait" not in texts(page)


def test_the_engines_progress_stands_at_the_foot_and_goes_when_it_is_ready(
    qtbot: QtBot, app_of: Callable[[str], QuietApp]
) -> None:
    page = picker(qtbot, app_of("fresh"))
    page.show_engine(EngineState(state="loading", stage="model", fraction=0.4))
    assert page.engine_line.isVisible() and "model" in texts(page)
    page.show_engine(EngineState(state="failed", text="The model file is broken."))
    assert "The model file is broken." in texts(page)
    page.show_engine(EngineState(state="ready"))
    assert not page.engine_line.isVisible()


def test_every_door_leads_somewhere(qtbot: QtBot, app_of: Callable[[str], QuietApp]) -> None:
    page = picker(qtbot, app_of("fresh"))
    doors = {found.text(): found for found in page.findChildren(QPushButton)}
    for text, signal in (
        ("Add a learner", page.wants_new_learner),
        ("For grown-ups", page.wants_teacher),
        ("How it looks", page.wants_preferences),
        ("What happens with my words?", page.wants_privacy),
    ):
        with qtbot.waitSignal(signal, timeout=1000):
            doors[text].click()


@pytest.mark.parametrize("name", ["Bo", "Anna Maria Theresia von und zu Hohenstein", "Maximilianealexandrawilhelmine"])
def test_long_names_fit_the_card(qtbot: QtBot, name: str) -> None:
    metrics = QFontMetrics(theme.font(16, bold=True))
    lines = fitting(name, metrics, 150).splitlines()
    assert 1 <= len(lines) <= 2
    assert all(metrics.horizontalAdvance(line) <= 150 for line in lines)


def test_the_whole_name_is_there_for_a_screen_reader(qtbot: QtBot, app_of: Callable[[str], QuietApp]) -> None:
    page = picker(qtbot, app_of("long"))
    card = next(c for c in page.findChildren(LearnerCard) if c.learner.name.startswith("Anna Maria"))
    assert card.accessibleName() == "Anna Maria Theresia von und zu"
