"""The list of lessons: found, sorted, brought in and out, put away and taken back; versions; and the test page."""

import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tutor.domain import LessonState, Material, Outcome, Reply
from tutor.engine import protocol
from tutor.lessons.content import fingerprint
from tutor.qt.showcase import lessons
from tutor.qt.showcase.quiet_app import QuietApp
from tutor.qt.showcase.scenes import settle
from tutor.qt.teacher.lessons import files
from tutor.qt.teacher.lessons.editor import Editor
from tutor.qt.teacher.lessons.rehearsing import runner
from tutor.qt.teacher.lessons.section import LessonsSection
from tutor.qt.teacher.lessons.table import CHANGED, TITLE
from tutor.qt.teacher.lessons.trial import TrialPage
from tutor.qt.teacher.lessons.versions import VersionsPage
from tutor.qt.teacher.page import TeacherPage
from tutor.rehearsal.results import BROKEN, HELD, Rehearsal


@pytest.fixture
def page(app_of: Callable[[str], QuietApp], teacher_area: Callable[[QuietApp], TeacherPage]) -> TeacherPage:
    made = teacher_area(app_of("normal"))
    made.show_section("lessons")
    return made


@pytest.fixture
def section(page: TeacherPage) -> LessonsSection:
    return lessons.shelf(page)


def titles(section: LessonsSection) -> list[str]:
    settle()
    table = section.table.filter
    return [str(table.index(row, TITLE).data()) for row in range(table.rowCount())]


def shown(widget: QWidget) -> str:
    settle()
    return " ".join(found.text() for found in widget.findChildren(QLabel) if found.isVisibleTo(widget))


def press(widget: QWidget, words: str) -> None:
    settle()
    found = [b for b in widget.findChildren(QPushButton) if b.text() == words and b.isVisibleTo(widget)]
    assert found, f"no button {words!r}"
    found[0].click()
    settle()


def choose(section: LessonsSection, title: str) -> None:
    line = next(each for each in section._desk.lessons() if each.title == title)
    section.table.choose(line.id)
    settle()


# --- the list ---------------------------------------------------------------------------------------------------------


def test_an_empty_list_says_how_to_begin(page: TeacherPage) -> None:
    section = page.section("lessons")
    assert "Begin with a sample" in shown(section)
    press(section, "From a sample…")
    assert isinstance(section, LessonsSection) and len(section.samples.buttons) >= 8
    section.samples.buttons[0].click()
    settle()
    assert isinstance(section.page, Editor) and section.page.version.state is LessonState.DRAFT


def test_lessons_are_found_by_words_subject_age_and_state(section: LessonsSection) -> None:
    assert len(titles(section)) == 4
    section.search.setText("water")
    assert titles(section) == ["The water cycle"]
    section.search.clear()
    section.subject.choose("history")
    assert titles(section) == ["The Great Fire of London"]
    section.subject.choose("")
    section.state.choose("changed")
    assert titles(section) == ["Adding fractions, again"]
    section.age.choose("11-13")
    assert titles(section) == [] and "Nothing is found" in shown(section)


def test_a_column_sorts_by_what_it_means_not_by_how_it_is_written(section: LessonsSection) -> None:
    section._desk.new("Zebra crossings", age_band="5-7")
    section.enter()
    section.table.sortByColumn(2, Qt.SortOrder.AscendingOrder)
    assert titles(section)[0] == "Zebra crossings"
    for number in (10, 2):
        section._desk.new(f"A lesson {number}")
    section.enter()
    section.table.sortByColumn(TITLE, Qt.SortOrder.AscendingOrder)
    assert titles(section)[:2] == ["A lesson 2", "A lesson 10"]
    made = section._desk.new("Newest")
    section.enter()
    section.table.sortByColumn(CHANGED, Qt.SortOrder.DescendingOrder)
    assert titles(section)[0] == made.lesson.title


def test_how_many_conversations_use_a_lesson_is_counted(section: LessonsSection) -> None:
    store = section._app.store
    version = next(v for v in store.lesson_versions(section.table.line.id) if v.state is LessonState.PUBLISHED)
    learner = store.learners()[0]
    store.begin_conversation(learner.id, "Halves", "What is a half?", version.id)
    section.enter()
    assert section.table.line.conversations == 1


def test_enter_opens_the_editor_and_leaving_it_leads_back_to_the_row(section: LessonsSection) -> None:
    choose(section, "The water cycle")
    QTest.keyClick(section.table, Qt.Key.Key_Return)
    settle()
    assert isinstance(section.page, Editor) and section.page.draft.lesson.title == "The water cycle"
    section.page.leave()
    settle()
    assert section.page is None and section.table.line.title == "The water cycle"


def test_putting_a_lesson_away_can_be_taken_back(section: LessonsSection) -> None:
    choose(section, "The water cycle")
    section.archive(section.table.line)
    assert "The water cycle" not in titles(section)
    press(section, "Take it back")
    assert "The water cycle" in titles(section)


def test_what_was_put_away_is_found_again_and_brought_back(section: LessonsSection) -> None:
    choose(section, "The water cycle")
    lesson_id = section.table.line.id
    section.archive(section.table.line)
    section.state.choose("archived")
    assert titles(section) == ["The water cycle"]
    section.table.choose(lesson_id)
    assert section.back_action.isVisible() and not section.archive_action.isVisible()
    section.back_action.trigger()
    section.state.choose("")
    assert "The water cycle" in titles(section)


def test_withdrawing_keeps_the_lesson_and_closes_it_to_learners(section: LessonsSection) -> None:
    choose(section, "The water cycle")
    lesson_id = section.table.line.id
    section.retire(section.table.line)
    assert section._app.store.published_lesson(lesson_id) is None and "The water cycle" in titles(section)


def test_a_duplicate_is_a_lesson_of_its_own(section: LessonsSection) -> None:
    choose(section, "The water cycle")
    key = section.table.line.key
    section.duplicate(section.table.line)
    assert isinstance(section.page, Editor)
    assert section.page.draft.lesson.title == "The water cycle (copy)" and section.page.draft.lesson.key != key


# --- files ------------------------------------------------------------------------------------------------------------


def test_a_lesson_goes_out_and_comes_in_and_never_over_other_words_unasked(
    section: LessonsSection, qtbot: QtBot, tmp_path: Path
) -> None:
    choose(section, "Adding fractions, again")
    line = section.table.line
    file = tmp_path / "fractions.lesson"
    section._desk.save(line.id, msgspec.structs.replace(lessons.FRACTIONS, materials=()))
    section.save_to(line, file, files.save_lesson)
    qtbot.waitUntil(lambda: "Saved to fractions.lesson." in shown(section))
    draft = section._app.store.draft_of(line.id).lesson
    section._desk.save(line.id, msgspec.structs.replace(draft, title="Newer words"))
    section.bring_in(file)
    qtbot.waitUntil(lambda: "says something else" in shown(section))
    assert section._app.store.draft_of(line.id).lesson.title == "Newer words"
    press(section, "Keep both")
    qtbot.waitUntil(lambda: len(titles(section)) == 5)
    assert section._app.store.draft_of(line.id).lesson.title == "Newer words"


def test_a_lesson_without_a_materials_file_goes_out_and_in_and_says_what_is_missing(
    section: LessonsSection, qtbot: QtBot, tmp_path: Path
) -> None:
    choose(section, "Adding fractions, again")
    line = section.table.line
    missing = Material(name="gone.md", title="Gone")
    section._desk.save(line.id, msgspec.structs.replace(lessons.FRACTIONS, materials=(missing,)))
    section.save_to(line, tmp_path / "x.lesson", files.save_lesson)
    qtbot.waitUntil(lambda: "Saved to x.lesson." in shown(section))
    assert "not on this computer, so it was left out: gone.md. All the rest is there." in shown(section)
    section.bring_in(tmp_path / "x.lesson")
    qtbot.waitUntil(lambda: "did not come with it: gone.md. Add it under “Materials”." in shown(section))


def test_a_file_that_is_no_lesson_changes_nothing_and_says_why(
    section: LessonsSection, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "x.lesson"
    file.write_bytes(b"PK not a zip")
    section.bring_in(file)
    qtbot.waitUntil(lambda: section.said.isVisible() and section.said.property("panel") == "alert")
    assert len(titles(section)) == 4


def test_items_go_out_as_a_table_and_as_cards_and_come_back(
    section: LessonsSection, qtbot: QtBot, tmp_path: Path
) -> None:
    choose(section, "Adding fractions, again")
    line = section.table.line
    table, cards = tmp_path / "items.csv", tmp_path / "items.apkg"
    section.save_to(line, table, files.save_items)
    qtbot.waitUntil(lambda: table.exists() and "items.csv" in shown(section))
    section.save_to(line, cards, files.save_anki)
    qtbot.waitUntil(lambda: "3 cards are in it." in shown(section), timeout=20_000)
    assert cards.read_bytes().startswith(b"PK")
    section.items_in(line, table)
    qtbot.waitUntil(lambda: "3 items were added." in shown(section))
    assert len(section._app.store.draft_of(line.id).lesson.items) == 6


# --- versions ---------------------------------------------------------------------------------------------------------


def test_two_versions_stand_side_by_side_and_an_older_one_comes_back_as_the_draft(
    page: TeacherPage, section: LessonsSection
) -> None:
    lessons.versions(page)
    assert isinstance(section.page, VersionsPage)
    words = shown(section.page)
    assert "3 places are different." in words and "Adding fractions, again" in words
    lesson_id = section.page.versions[0].lesson_id
    section._desk.publish(lesson_id)
    section._open_versions(lesson_id)
    press(section.page, "Bring it back as the draft")
    assert isinstance(section.page, Editor) and section.page.draft.lesson == lessons.FRACTIONS
    assert section._app.store.published_lesson(lesson_id).lesson.title == "Adding fractions, again"


# --- the test page ----------------------------------------------------------------------------------------------------


def test_the_words_that_an_older_version_takes_the_place_of_come_back_with_undo(section: LessonsSection) -> None:
    desk = section._desk
    made = desk.new("Halves")
    old = msgspec.structs.replace(made.lesson, summary="As it was first.")
    desk.save(made.lesson_id, old)
    section._app.store.publish_draft(made.lesson_id)
    written = msgspec.structs.replace(old, summary="Hours of work.")
    desk.save(made.lesson_id, written)
    section._open_versions(made.lesson_id)
    press(section, "Bring it back as the draft")
    editor = section.page
    assert isinstance(editor, Editor) and editor.draft.lesson == old and desk.edit(made.lesson_id).lesson == old
    editor.draft.undo()
    editor.draft.save()
    assert desk.edit(made.lesson_id).lesson == written


def trial_of(qtbot: QtBot, run: Callable[..., Rehearsal]) -> TrialPage:
    made = TrialPage(lessons.FRACTIONS, run)
    qtbot.addWidget(made)
    made.resize(1000, 800)
    made.show()
    return made


def test_the_table_says_held_and_broken_in_words_and_a_press_shows_the_turns(qtbot: QtBot, tmp_path: Path) -> None:
    found = lessons.rehearsal(fingerprint(lessons.FRACTIONS))
    trial = trial_of(qtbot, lambda *_: found)
    trial.start()
    qtbot.waitUntil(lambda: trial.table.isVisible())
    assert found.cell("withhold", "begs").state == BROKEN and found.cell("withhold", "rude").state == HELD
    row, column = found.rules.index("withhold"), found.students.index("begs")
    item = trial.table.item(row, column)
    assert item.text() == "broken (2)"
    spoken = item.data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Withholding answers, Begs for the answer: broken (2)"
    trial.table.setCurrentCell(row, column)
    QTest.keyClick(trial.table, Qt.Key.Key_Return)
    words = shown(trial.talk)
    assert "It is 7/8." in words
    assert any("the answer of q2 was said before a try" in n.text() for n in trial.talk.findChildren(QLabel))
    trial.save(tmp_path / "record.json")
    assert msgspec.json.decode((tmp_path / "record.json").read_bytes(), type=Rehearsal) == found


def test_a_test_can_be_cancelled_and_shows_what_was_tried(qtbot: QtBot) -> None:
    begun = threading.Event()

    def run(lesson: object, progress: Callable[..., None], stopped: Callable[[], bool]) -> Rehearsal:
        begun.set()
        while not stopped():
            threading.Event().wait(0.01)
        found = lessons.rehearsal("x", broken=False)
        return msgspec.structs.replace(found, finished=False)

    trial = trial_of(qtbot, run)
    trial.start()
    qtbot.waitUntil(begun.is_set)
    assert trial.cancel_button.isVisible() and not trial.start_button.isVisible()
    trial.cancel()
    qtbot.waitUntil(lambda: trial.table.isVisible())
    assert "was cancelled" in trial.said.text.text() and trial.start_button.text() == "Test again"


def answering(app: QuietApp, until: Callable[[], bool]) -> Callable[[], bool]:
    """The engine answers whatever it is asked, until something holds."""
    answered: set[int] = set()

    def answer() -> bool:
        for request in tuple(app.quiet.sent):
            if isinstance(request, protocol.Ask) and request.id not in answered:
                answered.add(request.id)
                app.say(protocol.Replied(id=request.id, reply=Reply(text="Try it first.", outcome=Outcome.DONE)))
        return until()

    return answer


def test_the_real_students_talk_with_the_engine_and_the_record_is_kept_with_the_draft(
    section: LessonsSection, qtbot: QtBot
) -> None:
    app = section._app
    assert isinstance(app, QuietApp)
    choose(section, "Adding fractions, again")
    line = section.table.line
    section.test(line)
    trial = section.page
    assert isinstance(trial, TrialPage)
    trial.start()
    qtbot.waitUntil(answering(app, lambda: trial.result is not None), timeout=60_000)
    assert trial.result is not None and trial.result.finished
    assert sum(len(talk.turns) for talk in trial.result.talks) > 50
    version = app.store.draft_of(line.id)
    assert section._desk.test_of(version) == trial.result


def test_a_test_goes_on_when_the_page_is_locked_and_its_record_is_kept(section: LessonsSection, qtbot: QtBot) -> None:
    app = section._app
    assert isinstance(app, QuietApp)
    version = app.store.draft_of(section.table.line.id)
    trial = TrialPage(version.lesson, runner(app, version))
    trial.start()
    qtbot.waitUntil(lambda: any(isinstance(request, protocol.Ask) for request in app.quiet.sent), timeout=60_000)
    trial.deleteLater()
    settle()

    def kept() -> bool:
        return section._desk.test_of(app.store.lesson_version(version.id)) is not None

    qtbot.waitUntil(answering(app, kept), timeout=60_000)


def test_a_test_that_is_cancelled_at_once_takes_no_whole_ones_place(section: LessonsSection) -> None:
    app = section._app
    version = app.store.draft_of(section.table.line.id)
    whole = Rehearsal(lesson_key=version.lesson.key, lesson_sha256=fingerprint(version.lesson), seconds=7.0)
    assert section._desk.keep_test(version.id, version.lesson, whole)
    cut = runner(app, version)(version.lesson, lambda _told: None, lambda: True)
    assert not cut.finished and section._desk.test_of(app.store.lesson_version(version.id)) == whole


def test_without_a_model_the_test_says_so_and_nothing_is_lost(section: LessonsSection, qtbot: QtBot) -> None:
    from tutor.session_events import EngineState

    section._app.stand(EngineState(state="failed", text="The model file cannot be used."))
    section.test(section.table.line)
    section.page.start()
    qtbot.waitUntil(lambda: section.page.said.isVisible())
    assert section.page.said.text.text() == "The model file cannot be used."
    assert section.page.start_button.isVisible()
