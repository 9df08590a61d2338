"""The overview and the quality page: what they say is what is stored, each number opens what it counts."""

from collections.abc import Callable
from datetime import date, timedelta

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from reading_from import from_the_beginning

from tutor.classroom.overview import overview, trends
from tutor.classroom.quality import mean_of, quality
from tutor.domain import Fact, Lesson, Move, TutoringState, Visible
from tutor.engine import protocol
from tutor.qt.plots_amounts import Amounts, Heat
from tutor.qt.plots_trend import Trend
from tutor.qt.showcase import data
from tutor.qt.showcase.quiet_app import QuietApp
from tutor.qt.showcase.scenes import settle
from tutor.qt.teacher.counted import Tile
from tutor.qt.teacher.overview import OverviewSection
from tutor.qt.teacher.page import TeacherPage
from tutor.qt.teacher.quality_section import QualitySection
from tutor.qt.teacher.reports_section import ReportsSection
from tutor.qt.teacher.review import Review
from tutor.qt.teacher.review_words import error_in_words
from tutor.qt.teacher.turns_section import TurnsSection
from tutor.store.teaching import DayUse

SUM = Fact(kind="fraction", question="3/4 + 1/8", answer="7/8")


def words(widget: QWidget) -> str:
    return "\n".join(each.text() for each in widget.findChildren(QLabel) if each.isVisibleTo(widget))


def press(widget: QWidget, text: str) -> None:
    next(b for b in widget.findChildren(QPushButton) if b.text() == text and b.isVisibleTo(widget)).click()


@pytest.fixture
def page(app_of: Callable[[str], QuietApp], teacher_area: Callable[[QuietApp], TeacherPage]) -> TeacherPage:
    """Amira has tried one problem four times; a report, two alerts and a question to the teacher wait."""
    app = app_of("normal")
    amira = app.store.learners()[0]
    for tries in range(1, 5):
        state = TutoringState(problem=SUM, attempts=tries, rung=2)
        answer = data.reply(data.checked("Look at the denominators."), move=Move.DIAGNOSE, state=state)
        last = data.turn(app.store, amira.id, "Fractions", "is it 4/12?", answer)
    app.escalations.put(last, "tries")
    app.store.rate(last, 1)
    return teacher_area(app)


def quality_of(page: TeacherPage) -> QualitySection:
    """The page's quality section, in view."""
    page.show_section("quality")
    section = page.section("quality")
    assert isinstance(section, QualitySection)
    return section


def test_it_opens_with_who_is_stuck_and_on_what(page: TeacherPage) -> None:
    section = page.section("overview")
    shown = words(section)
    assert "Who is stuck?" in shown and "Amira" in shown and "3/4 + 1/8" in shown
    assert "4 tries · 2 hints · 4 turns" in shown
    assert "100 % of 1 thumbs are up" in shown


def test_each_number_opens_what_it_counts(page: TeacherPage) -> None:
    section = page.section("overview")
    press(section, "1 question to you")
    review = page.section("review")
    assert isinstance(review, Review) and [c.item.kind for c in review._cards] == ["escalation"]
    page.show_section("overview")
    press(section, "1 report")
    assert [c.item.kind for c in review._cards] == ["flag"]
    page.show_section("overview")
    press(section, "2 safety alerts")
    assert page._stack.currentWidget() is page.section("safeguarding")
    assert page.rail_text("review") == "Review (2)"


def tiles(widget: QWidget, start: str) -> list[Tile]:
    return [t for t in widget.findChildren(Tile) if t.isVisibleTo(widget) and t.accessibleName().startswith(start)]


def test_shares_grades_and_stuck_learners_open_what_they_count(page: TeacherPage, qtbot: QtBot) -> None:
    store = page.app.store
    section = page.section("overview")
    assert isinstance(section, OverviewSection)
    stuck = tiles(section, "Open what Amira is stuck at")[0]
    assert stuck.focusPolicy() & Qt.FocusPolicy.TabFocus
    qtbot.keyClick(stuck, Qt.Key.Key_Return)
    reports = page.section("reports")
    assert isinstance(reports, ReportsSection)
    amira = store.learners()[0]
    assert page._stack.currentWidget() is reports and reports.who.value() == f"learner {amira.id}"
    store.set_members(store.add_class("6b", Visible.ALL).id, [amira.id])
    from_the_beginning(store)
    page.show_section("overview")
    settle()
    tiles(section, "Open what Amira is stuck at")[0].click()
    settle()
    learners = page.section("learners")
    assert page._stack.currentWidget() is learners and "is it 4/12?" in words(learners)
    page.show_section("overview")
    tiles(section, "Open the reports")[0].click()
    review = page.section("review")
    assert isinstance(review, Review) and [c.item.kind for c in review._cards] == ["flag"]
    assert review.back.isVisible() and "Overview" in review.back.text()
    assert review.filter.only.isVisible() and "since" in review.filter.only.text()
    review.filter.only.click()
    assert review.filter.since == "" and not review.filter.only.isVisible()
    page.show_section("overview")
    tiles(section, "Is the tutor doing well?")[0].click()
    turns = page.section("turns")
    assert isinstance(turns, TurnsSection) and turns.counting.measure == "thumbs" and turns.total == 1


def test_a_field_of_the_grid_opens_its_turns_and_a_name_the_learners_report(page: TeacherPage, qtbot: QtBot) -> None:
    section = page.section("overview")
    assert isinstance(section, OverviewSection) and section.shown is not None
    qtbot.waitUntil(lambda: section.parts.done)
    (heat,) = section.findChildren(Heat)
    assert heat.place(6.5, 2.5) == (0, 7) and heat.place(-1, 0) is None
    heat.toggle()
    heat.table.setCurrentCell(1, 7)
    qtbot.keyClick(heat.table, Qt.Key.Key_Return)
    turns = page.section("turns")
    assert isinstance(turns, TurnsSection) and page._stack.currentWidget() is turns
    grid = section.shown.grid
    assert {each.learner_id for each in turns.turns} == {grid.learner_ids[1]}
    assert sum(each.value or 0 for each in turns.turns) == pytest.approx(grid.minutes[1][6])
    turns.back.click()
    heat.table.setCurrentCell(1, 0)
    qtbot.keyClick(heat.table, Qt.Key.Key_Return)
    reports = page.section("reports")
    assert isinstance(reports, ReportsSection)
    assert page._stack.currentWidget() is reports
    assert reports.who.value() == f"learner {section.shown.grid.learner_ids[1]}"


def test_errors_are_shown_of_one_lesson_or_model_and_open_their_answers(page: TeacherPage, qtbot: QtBot) -> None:
    store = page.app.store
    store._owner.run(lambda: store._do("UPDATE turn_fact SET model = 'small' WHERE learner_id = 1"))
    flag, asked = store.review_items(kind="flag")[0], store.review_items(kind="escalation")[0]
    store._owner.run(lambda: store._do("UPDATE turn_fact SET model = 'large' WHERE message_id = ?", flag.message_id))
    store.keep_review("flag", flag.id, "dismissed", by="teacher", error="maths", why="seen")
    store.keep_review("escalation", asked.id, "answered", by="teacher", error="level")
    section = quality_of(page)
    qtbot.waitUntil(lambda: section.parts.done)
    card = section.errors

    def kinds() -> set[str]:
        settle()
        (bars,) = card.findChildren(Amounts)
        return {name for name, _ in bars._amounts}

    assert kinds() == {error_in_words("maths"), error_in_words("level")}
    at = card.model.findText("large")
    card.model.setCurrentIndex(at)
    card.model.activated.emit(at)
    assert kinds() == {error_in_words("maths")}
    (trend,) = card.findChildren(Trend)
    assert [line.name for line in trend._lines] == [error_in_words("maths")]
    assert trend.place(0, 1) == (0, 1)
    trend.chosen.emit(0, 1)
    turns = page.section("turns")
    assert isinstance(turns, TurnsSection) and page._stack.currentWidget() is turns
    assert [(each.message_id, each.what) for each in turns.turns] == [(flag.message_id, "maths")]
    turns.table.setFocus()
    qtbot.keyClick(turns.table, Qt.Key.Key_Return)
    review = page.section("review")
    assert isinstance(review, Review) and page._stack.currentWidget() is review
    assert [c.item.id for c in review._cards] == [flag.id] and review.filter.error.value() == "maths"
    store.grade(asked.message_id, 2, 5, 5, by="teacher", error="maths")
    review.filter.learner.choose("")
    review.enter()
    settle()
    assert "1 such answer was named in blind grades" in words(review)


def test_plots_have_their_numbers_in_a_table_and_on_hover(page: TeacherPage, qtbot: QtBot) -> None:
    section = page.section("overview")
    assert isinstance(section, OverviewSection)
    qtbot.waitUntil(lambda: section.parts.done)
    (heat,) = section.findChildren(Heat)
    today = date.today()
    heat.toggle()
    assert heat.table.isVisible() and heat.table.horizontalHeaderItem(0).text() == "Learner"
    assert heat.table.rowCount() == 3 and heat.table.columnCount() == 8
    amount = heat.table.item(0, 7).text()
    assert amount.endswith(" min")
    assert heat.hover(6.5, 2.5) == f"{heat.table.item(0, 0).text()}, {today.day} {today:%b}: {amount}"
    assert heat.hover(-1, 0) == ""
    (lessons,) = section.findChildren(Amounts)
    assert lessons.hover(1, 0).startswith("No lesson: ")


def test_a_class_and_a_period_narrow_it(page: TeacherPage) -> None:
    store = page.app.store
    ben = store.learners()[1]
    store.set_members(store.add_class("4b").id, (ben.id,))
    page.show_section("overview")
    section = page.section("overview")
    assert isinstance(section, OverviewSection)
    section.period.school_class.setCurrentIndex(1)
    section.period.school_class.activated.emit(1)
    assert section.shown is not None and section.shown.grid.names == ("Ben",) and not section.shown.stuck
    section.period.chips[365].click()
    assert section.shown.days == 365 and section.shown.grid.weekly


@pytest.mark.parametrize(
    ("kind", "wanted"), [("empty", "Add the first one"), ("fresh", "Nobody worked with the tutor in this time")]
)
def test_an_empty_school_says_what_to_do(
    app_of: Callable[[str], QuietApp], qtbot: QtBot, kind: str, wanted: str
) -> None:
    section = OverviewSection(app_of(kind))
    qtbot.addWidget(section)
    section.show()
    section.enter()
    settle()
    assert wanted in words(section) and "Nothing. Everything is looked at." in words(section)


def use(day: date, turns: int, begged: int, learner: int = 1) -> DayUse:
    return DayUse(learner_id=learner, day=day.isoformat(), turns=turns, minutes=turns, begged=begged, emotional=0)


def test_a_change_within_chance_is_told_as_none() -> None:
    now, then = date(2026, 3, 9), date(2026, 3, 2)
    same = trends([use(now, 100, 10)], [use(then, 100, 12)], 7)
    assert "about as much as in the 7 days before" in same[0].words
    assert "about as often as before (12)" in same[1].words
    more = trends([use(now, 400, 200)], [use(then, 100, 10)], 7)
    assert "300 % more than" in more[0].words and "more often than before (10)" in more[1].words


def test_feelings_are_counted_without_their_words(app_of: Callable[[str], QuietApp]) -> None:
    app = app_of("normal")
    shown = overview(app.store, 7)
    assert any("about feelings or distress" in line.words for line in shown.trends)
    assert "nobody would notice" not in str(shown)


def test_quality_shows_what_was_graded_said_and_named(page: TeacherPage, qtbot: QtBot) -> None:
    store = page.app.store
    answers = [store.path(c.id)[-1].id for c in store.conversations(store.learners()[0].id)]
    for number, answer in enumerate(answers[:3]):
        store.grade(answer, 5, 4, 3 + number % 2, by="teacher", error="level")
    store.keep_survey(store.learners()[0].id, 5, 4)
    section = quality_of(page)
    assert section.shown is not None
    (month,) = section.shown.months
    assert month.grades["accurate"].value == 5 and month.grades["accurate"].count == 3
    assert (month.helped, month.again, month.errors) == (5, 4, {"level": 3})
    qtbot.waitUntil(lambda: section.parts.done)
    names = [plot._name for plot in section.findChildren(Trend)]
    assert "Blind grades" in names and "The tutor's share of words" in names
    settle()
    assert "By lesson" in words(section)
    press(section, "Grade answers blind")
    review = page.section("review")
    assert isinstance(review, Review) and review.grading.isVisible()


def test_a_mean_says_how_far_it_can_be_trusted() -> None:
    assert mean_of([]) is None
    one, many = mean_of([4]), mean_of([4, 5, 4, 5, 4, 5, 4, 5])
    assert one is not None and (one.low, one.high) == (1, 5)
    assert many is not None and many.value == 4.5 and 4 < many.low < 4.5 < many.high <= 5


def test_the_first_month_of_a_period_counts_whole(app_of: Callable[[str], QuietApp]) -> None:
    store = app_of("normal").store
    found = quality(store, 7, today=date.today() + timedelta(days=3))
    assert sum(share.turns for share in found.models) == sum(row.turns for row in store.day_use("2000-01-01"))


def test_fairness_is_measured_on_a_press_and_can_be_stopped(page: TeacherPage) -> None:
    app = page.app
    assert isinstance(app, QuietApp)
    section = quality_of(page)
    card = section.fairness
    card.start()
    settle()
    assert card.progress.isVisible() and card.desk.running
    asked = [r for r in app.quiet.sent if isinstance(r, protocol.Ask)]
    answer = data.reply(data.checked("What is half of 80?"), move=Move.HINT)
    app.say(protocol.Replied(id=asked[-1].id, reply=answer))
    settle()
    assert card.progress.value() == 1
    card.stop_button.click()
    settle()
    assert not card.desk.running and "Stopped. Nothing was kept." in card.said.text.text()
    card.start()
    while card.desk.running:
        asked = [r for r in app.quiet.sent if isinstance(r, protocol.Ask)]
        app.say(protocol.Replied(id=asked[-1].id, reply=answer))
    settle()
    assert "No difference that chance does not explain" in card.said.text.text()
    assert card.table.rowCount() == 20 and card.start_button.isEnabled()
    assert "Measured" in card.when.text()
    later = QualitySection(app)
    later.show()
    later.enter()
    settle()
    assert later.fairness.table.rowCount() == 20 and "Measured" in later.fairness.when.text()
    lesson = app.store.create_lesson(Lesson(key="f", title="Fractions")).lesson_id
    app.store.publish_draft(lesson)
    later.enter()
    later.fairness.lesson.choose(str(lesson))
    later.fairness.lesson.activated.emit(1)
    assert later.fairness.table.isHidden() and later.fairness.when.isHidden(), "this lesson was not measured"
    later.fairness.lesson.choose("")
    later.fairness.lesson.activated.emit(0)
    assert not later.fairness.table.isHidden()
    later.deleteLater()


def test_each_figure_of_fairness_opens_the_pairs_that_it_counts(page: TeacherPage, qtbot: QtBot) -> None:
    app = page.app
    assert isinstance(app, QuietApp)
    section = quality_of(page)
    card = section.fairness
    card.start()
    while card.desk.running:
        asked = [r for r in app.quiet.sent if isinstance(r, protocol.Ask)][-1]
        said = "Look at the denominators. Which one fits?" if "Mohammed" in asked.text else "What is half of 80?"
        app.say(protocol.Replied(id=asked.id, reply=data.reply(data.checked(said), move=Move.HINT)))
    settle()
    names = [card.table.item(y, 0).text() for y in range(card.table.rowCount())]
    at = next(y for y in range(len(names)) if (names[y], card.table.item(y, 1).text()) == ("Name", "Words"))
    card.table.setCurrentCell(at, 0)
    card.table.setFocus()
    qtbot.keyClick(card.table, Qt.Key.Key_Return)
    settle()
    (difference,) = (each for each in card._shown.differences if (each.dimension, each.outcome) == ("names", "length"))
    pairs = card.pairs
    assert pairs.isVisible() and pairs.table.rowCount() == difference.pairs == len(pairs.pairs)
    assert sum(pair.gap != 0 for pair in pairs.pairs) == round(difference.changed * difference.pairs) > 0
    assert [pairs.table.item(0, x).text() for x in range(1, 5)] == ["Mohammed", "5", "7", "+2"]
    assert pairs.table.hasFocus()
    qtbot.keyClick(pairs.table, Qt.Key.Key_Return)
    settle()
    assert "Which one fits?" in words(pairs) and "Emily" in words(pairs) and "What is half of 80?" in words(pairs)
    pairs.back.click()
    assert not pairs.isVisible() and card.table.hasFocus()
    old = msgspec.structs.replace(card._shown, answers=())
    app.store.keep_fairness(None, msgspec.json.encode(old).decode(), "older")
    card._show_kept()
    card.open_pairs(0)
    assert "Measure again" in words(pairs)


def test_a_problem_in_a_learners_own_words_is_named_only_where_teachers_may_read_them(
    app_of: Callable[[str], QuietApp],
) -> None:
    store = app_of("normal").store
    amira = store.learners()[0]
    story = Fact(kind="story", question="My brother Sam has 3 cats. How many legs?", answer="12")
    for tries in range(1, 5):
        state = TutoringState(problem=story, attempts=tries, rung=2)
        data.turn(store, amira.id, "t", "is it 4?", data.reply(data.checked("Look again."), state=state))
    (stuck,) = overview(store, 7).stuck
    assert "Sam" not in stuck.what
    store.set_members(store.add_class("4a", Visible.ALL).id, [amira.id])
    (stuck,) = overview(store, 7).stuck
    assert "Sam" not in stuck.what, "it was written under a narrower promise"
    from_the_beginning(store)
    (stuck,) = overview(store, 7).stuck
    assert stuck.what == story.question
