"""Every number of the overview and of quality opens the turns that it counts, without a learner's words, and back."""

from collections.abc import Callable

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QTableWidget, QWidget
from pytestqt.qtbot import QtBot
from reading_from import from_the_beginning

from tutor.domain import Intent, Move, Outcome, RuleCheck, Severity, TutoringState, Visible
from tutor.qt.plots_trend import Trend
from tutor.qt.showcase import data
from tutor.qt.showcase.quiet_app import QuietApp
from tutor.qt.showcase.scenes import settle
from tutor.qt.teacher.counted import Tile
from tutor.qt.teacher.learners import Learners
from tutor.qt.teacher.overview import OverviewSection
from tutor.qt.teacher.page import TeacherPage
from tutor.qt.teacher.quality_section import QualitySection
from tutor.qt.teacher.reports_section import ReportsSection
from tutor.qt.teacher.turns_section import TurnsSection
from tutor.store.counted import PAGE

GLAD, SAD = "thanks, that zebrafish was great", "i feel so alone, zebrafish"
FIRED = RuleCheck(rule="length", severity=Severity.REWRITE, fired=True, where="turn", done="rewritten")


@pytest.fixture
def page(app_of: Callable[[str], QuietApp], teacher_area: Callable[[QuietApp], TeacherPage]) -> TeacherPage:
    """Amira is in a class that shows everything. One turn of hers was glad, one was stopped, one about feelings."""
    app = app_of("fresh")
    store = app.store
    for learner in store.learners():
        data.turn(store, learner.id, "Sums", "What is 3 + 4?", data.reply(data.checked("Well done! What is next?")))
    amira = store.learners()[0]
    store.set_members(store.add_class("6b", Visible.ALL).id, [amira.id])
    from_the_beginning(store)
    rude = msgspec.structs.replace(data.reply(data.checked("Wrong. Do it again.")), rules=(FIRED,))
    glad = data.turn(store, amira.id, "T", GLAD, rude)
    stopped = msgspec.structs.replace(data.reply(data.checked("You can see that")), outcome=Outcome.STOPPED)
    data.turn(store, amira.id, "T", "go on", stopped)
    felt = data.reply(data.checked("Please talk to somebody."), move=Move.SIGNPOST, intent=Intent.DISTRESS)
    data.turn(store, amira.id, "T", SAD, felt)
    begs = data.reply(data.checked("Try first."), intent=Intent.ASKS_ANSWER, state=TutoringState(begs=1))
    data.turn(store, amira.id, "T", "just tell me", begs)
    store.rate(glad, -1)
    store.grade(glad, 2, 1, 5, by="teacher", error="level")
    store.keep_survey(amira.id, 4, 5)
    return teacher_area(app)


def shown(widget: QWidget) -> str:
    """Everything that can be read on it, tables and their tips included."""
    texts = [each.text() for each in widget.findChildren(QLabel) if each.isVisibleTo(widget)]
    for table in widget.findChildren(QTableWidget):
        for y in range(table.rowCount()):
            items = (table.item(y, x) for x in range(table.columnCount()))
            texts += [f"{item.text()} {item.toolTip()}" for item in items if item is not None]
    return "\n".join(texts)


def quality_of(page: TeacherPage, qtbot: QtBot) -> QualitySection:
    page.show_section("quality")
    section = page.section("quality")
    assert isinstance(section, QualitySection)
    qtbot.waitUntil(lambda: section.parts.done)
    settle()
    return section


def listed(page: TeacherPage) -> TurnsSection:
    turns = page._stack.currentWidget()
    assert isinstance(turns, TurnsSection)
    return turns


def by_keys(plot: Trend, qtbot: QtBot, column: int = 1) -> None:
    """As somebody does who has no mouse: to the table, to the last month, Enter."""
    if plot.table.isHidden():
        qtbot.keyClick(plot.turn, Qt.Key.Key_Space)
    plot.table.setFocus()
    plot.table.setCurrentCell(plot.table.rowCount() - 1, column)
    qtbot.keyClick(plot.table, Qt.Key.Key_Return)


@pytest.mark.parametrize(
    ("plot", "measure", "count"),
    [
        ("Blind grades", "grades", 1),
        ("Thumbs up", "thumbs", 1),
        ("The two questions", "surveys", 1),
        ("Mood words", "mood", 1),
        ("Politeness", "polite", None),
        ("The tutor's share of words", "words", None),
    ],
)
def test_each_plot_of_quality_opens_what_it_counts_by_keys(
    page: TeacherPage, qtbot: QtBot, plot: str, measure: str, count: int | None
) -> None:
    section = quality_of(page, qtbot)
    (found,) = (each for each in section.findChildren(Trend) if each._name == plot)
    by_keys(found, qtbot)
    turns = listed(page)
    every = page.app.store.tallies("2000-01-01")
    assert turns.counting.measure == measure
    assert turns.total == len(turns.turns) == count or sum(
        each.spoken if measure == "polite" else each.turns for each in every
    )
    assert turns.table.accessibleName() and turns.table.rowCount() == turns.total
    assert "zebrafish" not in shown(turns)
    assert turns.back.hasFocus() and "Quality" in turns.back.text()
    qtbot.keyClick(turns.back, Qt.Key.Key_Space)
    assert page._stack.currentWidget() is section and found.table.hasFocus()


@pytest.mark.parametrize(("measure", "count"), [("questions", None), ("stopped", 1), ("blunt", 1)])
def test_the_figures_of_how_the_tutor_speaks_are_buttons(
    page: TeacherPage, qtbot: QtBot, measure: str, count: int | None
) -> None:
    section = quality_of(page, qtbot)
    words = {"questions": "questions a turn", "stopped": "ended with Stop", "blunt": "blunt"}[measure]
    (tile,) = (each for each in section.speaking.findChildren(Tile) if words in each.accessibleName())
    assert tile.focusPolicy() & Qt.FocusPolicy.TabFocus and tile.accessibleName().startswith("Open the turns")
    qtbot.keyClick(tile, Qt.Key.Key_Space)
    turns = listed(page)
    assert turns.counting.measure == measure and (count is None or turns.total == count)


def test_guidelines_and_the_tables_of_errors_open_their_answers(page: TeacherPage, qtbot: QtBot) -> None:
    section = quality_of(page, qtbot)
    section.rules.chosen.emit(0, 1)
    turns = listed(page)
    assert (turns.counting.rules, turns.total) == (("length",), 1)
    assert turns.table.item(0, 3).text() == "written again"
    turns.back.click()
    (models,) = (t for t in section.errors.findChildren(QTableWidget) if t.accessibleName() == "By model")
    for column, measure, count in ((1, "answers", models.item(0, 1).text()), (2, "errors", "1"), (4, "grades", "1")):
        models.cellActivated.emit(0, column)
        assert listed(page).counting.measure == measure and str(listed(page).total) == count
        listed(page).back.click()
    models.cellActivated.emit(0, 0)
    assert page._stack.currentWidget() is section and section.errors.model.value() == "0"


def test_politeness_is_shown_of_one_lesson_or_model(page: TeacherPage, qtbot: QtBot) -> None:
    page.app.store._owner.run(lambda: page.app.store._do("UPDATE turn_fact SET model = 'rude' WHERE politeness < 0"))
    section = quality_of(page, qtbot)
    card = section.speaking

    def mean() -> float:
        (line,) = next(t for t in card.findChildren(Trend) if t._name == "Politeness")._lines
        assert line.values[-1] is not None
        return line.values[-1]

    everybody = mean()
    card.model.setCurrentIndex(card.model.findText("rude"))
    card.model.activated.emit(0)
    settle()
    assert mean() < 0 < everybody
    by_keys(next(t for t in card.findChildren(Trend) if t._name == "Politeness"), qtbot)
    assert (listed(page).counting.model, listed(page).total) == ("rude", 1) and "rude" in shown(listed(page))


@pytest.mark.parametrize("measure", ["mood", "emotional"])
def test_feelings_are_listed_without_words_or_figures_and_open_no_conversation(
    page: TeacherPage, qtbot: QtBot, measure: str
) -> None:
    section = page.section("overview")
    assert isinstance(section, OverviewSection)
    section._list(measure)
    turns = listed(page)
    assert turns.total and all(each.value is None for each in turns.turns) and turns.table.columnCount() == 3
    assert "Amira" in shown(turns) and "zebrafish" not in shown(turns)
    turns.table.setFocus()
    qtbot.keyClick(turns.table, Qt.Key.Key_Return)
    reports = page._stack.currentWidget()
    assert isinstance(reports, ReportsSection) and reports.who.value() == f"learner {turns.turns[0].learner_id}"


@pytest.mark.parametrize("measure", ["grades", "surveys"])
def test_what_is_blind_stays_blind(page: TeacherPage, qtbot: QtBot, measure: str) -> None:
    section = page.section("overview")
    assert isinstance(section, OverviewSection)
    section._list(measure)
    turns = listed(page)
    names = [learner.name for learner in page.app.store.learners()]
    assert turns.total == 1 and not any(name in shown(turns) for name in names)
    turns.table.setFocus()
    qtbot.keyClick(turns.table, Qt.Key.Key_Return)
    assert page._stack.currentWidget() is turns


def test_the_overviews_sentences_open_their_turns(page: TeacherPage, qtbot: QtBot) -> None:
    section = page.section("overview")
    assert isinstance(section, OverviewSection)
    qtbot.waitUntil(lambda: section.parts.done)
    settle()
    for words, measure in (("worked", "minutes"), ("without a try", "begged"), ("feelings or distress", "emotional")):
        (tile,) = (each for each in section.findChildren(Tile) if words in each.accessibleName())
        tile.click()
        assert listed(page).counting.measure == measure and listed(page).total
        listed(page).back.click()


def test_a_turn_is_read_where_the_class_shows_it_and_the_way_leads_back_step_by_step(
    page: TeacherPage, qtbot: QtBot
) -> None:
    section = quality_of(page, qtbot)
    section._open_turns("stopped")
    turns = listed(page)
    turns.table.setFocus()
    qtbot.keyClick(turns.table, Qt.Key.Key_Return)
    settle()
    learners = page._stack.currentWidget()
    assert isinstance(learners, Learners) and "go on" in shown(learners)
    learners.back.click()
    assert page._stack.currentWidget() is turns and turns.total == 1
    turns.back.click()
    assert page._stack.currentWidget() is section and not section.back.isVisible()
    page.show_section("learners")
    assert not learners.back.isVisible(), "from the rail there is nothing to go back to"


def test_a_long_list_comes_a_page_at_a_time(page: TeacherPage, qtbot: QtBot) -> None:
    store = page.app.store

    def many() -> None:
        for number in range(PAGE + 20):
            store._do(
                "INSERT INTO message (id, conversation_id, role, text, created_at, status) "
                "VALUES (?, 1, 'tutor', '', '', 'done')",
                9_000 + number,
            )
            store._do(
                "INSERT INTO turn_fact (message_id, learner_id, day, at, stopped) "
                "VALUES (?, 1, date('now', 'localtime', '-1 day'), ?, 1)",
                9_000 + number,
                f"2026-01-01T00:{number // 60:02}:{number % 60:02}.000+00:00",
            )

    store._owner.run(many)
    quality_of(page, qtbot)._open_turns("stopped")
    turns = listed(page)
    assert turns.total == PAGE + 21 and len(turns.turns) == PAGE and not turns.newer.isVisible()
    turns.older.click()
    assert len(turns.turns) == 21 and not turns.older.isVisible() and "101 to 121 of 121" in shown(turns)
    turns.newer.click()
    assert len(turns.turns) == PAGE
