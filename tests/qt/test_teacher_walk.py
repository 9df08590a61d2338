"""A walk over every page of the teacher's area: large text fits, many learners are found, words press their box."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot

from tutor.domain import AgeBand, Visible
from tutor.qt import theme
from tutor.qt.plots_trend import Trend
from tutor.qt.showcase.quiet_app import QuietApp
from tutor.qt.showcase.scenes import settle
from tutor.qt.teacher.learners import Learners
from tutor.qt.teacher.page import TeacherPage
from tutor.qt.teacher.reports_section import ReportsSection
from tutor.qt.teacher.section import Section
from tutor.qt.teacher.setting_rows import SettingRow, _Words


@pytest.fixture
def page(app_of: Callable[[str], QuietApp], teacher_area: Callable[[QuietApp], TeacherPage]) -> Iterator[TeacherPage]:
    app = app_of("normal")
    app.store.add_class("6b", Visible.ALL)
    theme.apply(theme="light", percent=200, font="hyperlegible", reduced_motion=True)
    yield teacher_area(app)
    theme.apply(theme="light", percent=100, font="hyperlegible", reduced_motion=True)


def test_with_large_text_no_page_is_wider_than_the_window(page: TeacherPage, qtbot: QtBot) -> None:
    for key in page.sections():
        page.show_section(key)
        section: Section = page.section(key)
        settle()
        column = section._column
        assert column.widget().width() <= column.viewport().width(), key


def test_many_learners_are_found_by_name(page: TeacherPage, qtbot: QtBot) -> None:
    learners = page.section("learners")
    assert isinstance(learners, Learners)
    page.show_section("learners")
    assert not learners.sought.isVisible(), "three are seen at once"
    for name in ("Dina", "Edda", "Finn", "Gala", "Hana", "Ivo"):
        page.app.store.add_learner(name, "fox", AgeBand.A8_10, "en-GB")
    page.show_section("learners")
    qtbot.keyClicks(learners.sought, "aM")
    assert [name for name, card in learners._cards if card.isVisible()] == ["amira"]
    learners.sought.setText("nobody of this name")
    assert learners._nobody.isVisible()
    learners.add()
    assert not learners.sought.isVisible() and not learners._nobody.isVisible()


def test_words_beside_a_box_press_it(page: TeacherPage, qtbot: QtBot) -> None:
    page.show_section("settings")
    settings = page.section("settings")
    rows = [row for row in settings.findChildren(SettingRow) if isinstance(row.control, QCheckBox)]

    row = rows[-1]
    box, (words,) = row.control, row.findChildren(_Words)
    assert isinstance(box, QCheckBox) and box.accessibleName() == words.text() and words.buddy() is box
    before = box.isChecked()
    qtbot.mouseClick(words, Qt.MouseButton.LeftButton)
    assert box.isChecked() is not before and page.app.store.setting(row.key) is box.isChecked()


def test_a_report_names_the_days_and_the_class(page: TeacherPage, qtbot: QtBot) -> None:
    store = page.app.store
    store.set_members(store.classes()[0].id, [learner.id for learner in store.learners()])
    page.show_section("reports")
    reports = page.section("reports")
    assert isinstance(reports, ReportsSection) and reports.who.itemText(0) == "6b: the whole class"
    reports.who.choose(f"class {store.classes()[0].id}")
    reports._show()
    settle()
    (plot,) = (each for each in reports.findChildren(Trend) if each.isVisible())
    minutes = sum(report.minutes for report in reports.reports)
    assert len(plot._parts) == 30 and round(sum(v or 0 for v in plot._lines[0].values)) == pytest.approx(minutes, abs=3)
