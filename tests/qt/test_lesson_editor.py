"""The lesson editor: fields with what is wrong, undo over the whole form, saving by itself, publishing, the preview."""

import threading
from collections.abc import Sequence

import msgspec
import pytest
from lesson_editing import complaint, control, guidelines, items, press, retype, shown, stored
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tutor.domain import (
    Lesson,
    LessonState,
    Severity,
    kind_of,
)
from tutor.domain_lessons import Tone, Wish
from tutor.errors import UserError
from tutor.lessons.faults import Fault
from tutor.qt.showcase import lessons
from tutor.qt.showcase.scenes import settle
from tutor.qt.teacher.lessons.draft import Draft
from tutor.qt.teacher.lessons.editor import Editor
from tutor.qt.teacher.lessons.guidelines_part import GuidelineCard
from tutor.qt.teacher.lessons.item_card import ItemCard

# --- saving and undoing -----------------------------------------------------------------------------------------------


def test_what_is_written_is_stored_by_itself_soon_after(editor: Editor, qtbot: QtBot) -> None:
    retype(control(editor, "title"), "Halves")
    assert stored(editor).title == "Adding fractions"
    qtbot.waitUntil(lambda: stored(editor).title == "Halves", timeout=3000)
    assert "saved" in editor._state.text()


def test_somebody_who_never_pauses_is_saved_as_well(editor: Editor, qtbot: QtBot) -> None:
    field = control(editor, "title")
    field.setFocus()
    for _ in range(30):
        QTest.keyClicks(field, "x")
        qtbot.wait(100)
        if stored(editor).title != "Adding fractions":
            break
    assert "x" in stored(editor).title


def test_leaving_the_page_in_any_way_stores_the_last_words(editor: Editor) -> None:
    retype(control(editor, "title"), "Quarters")
    editor.hide()
    assert stored(editor).title == "Quarters"


def test_words_that_cannot_be_stored_stay_and_are_tried_again(qtbot: QtBot) -> None:
    full = True

    def save(_lesson: object) -> None:
        if full:
            raise UserError("The disk is full.", code="disk_full")

    draft = Draft(lessons.FRACTIONS, save)
    told: list[UserError] = []
    draft.failed.connect(told.append)
    draft.change("title", msgspec.structs.replace(lessons.FRACTIONS, title="Thirds"))
    assert not draft.save() and draft.waiting and draft.lesson.title == "Thirds"
    assert told[0].code == "disk_full"
    full = False
    assert draft.save() and not draft.waiting


def test_undo_goes_back_over_the_whole_form_by_keyboard(editor: Editor) -> None:
    retype(control(editor, "title"), "Halves")
    answer = control(editor, "items.1.answer")
    retype(answer, "14/16")
    assert editor.draft.lesson.items[1].answer == "14/16"
    QTest.keyClick(answer, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert editor.draft.lesson.items[1].answer == "7/8" and answer.text() == "7/8"
    QTest.keyClick(answer, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert editor.draft.lesson.title == "Adding fractions"
    assert control(editor, "title").text() == "Adding fractions"
    QTest.keyClick(editor.form, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert editor.draft.lesson.title == "Halves" and control(editor, "title").text() == "Halves"
    assert editor.redo_button.isEnabled() and editor.undo_button.isEnabled()


def test_what_was_undone_is_stored_too(editor: Editor) -> None:
    retype(control(editor, "title"), "Halves")
    editor.save()
    editor.draft.undo()
    assert editor.save() and stored(editor).title == "Adding fractions"


def test_a_published_lesson_gets_a_draft_only_when_something_changes(editor: Editor) -> None:
    editor.version = editor.app.lessons.publish(editor.version.lesson_id)
    editor.hide()
    editor.show()
    assert [v.state for v in editor.app.lessons.versions(editor.version.lesson_id)] == [LessonState.PUBLISHED]
    retype(control(editor, "title"), "Halves")
    editor.save()
    assert editor.version.state is LessonState.DRAFT and editor.version.number == 2


# --- what is wrong ----------------------------------------------------------------------------------------------------


def test_what_is_wrong_stands_at_its_field_and_is_counted_at_the_part(editor: Editor) -> None:
    retype(control(editor, "title"), "")
    assert "no title" in complaint(editor, "title")
    assert editor.form.chips["about"].text() == "About (1 to put right)"
    assert control(editor, "title").accessibleDescription() == complaint(editor, "title")
    retype(control(editor, "title"), "Halves")
    assert complaint(editor, "title") == "" and editor.form.chips["about"].text() == "About"


def test_a_hint_that_holds_the_answer_is_named_by_its_line(editor: Editor) -> None:
    retype(control(editor, "items.1.hints"), "Think of eighths.\nIt is 7/8.")
    assert "Line 2" in complaint(editor, "items.1.hints") and "answer" in complaint(editor, "items.1.hints")


def test_a_closed_item_says_how_much_is_to_be_put_right(editor: Editor) -> None:
    retype(control(editor, "items.2.answer"), "5/6")
    card = items(editor).cards.cards[2]
    assert isinstance(card, ItemCard)
    card.toggle()
    editor.form.look()
    assert card.problems.text() == "1 place to put right"


def test_advice_is_shown_but_stops_nothing(editor: Editor) -> None:
    control(editor, "items.2.hints")
    editor.form.look()
    field = next(f for f in items(editor).fields() if f.path == "items.2.hints")
    assert field.complaint == "" and "no hint" in field.advice.words.text()
    assert editor.form.chips["items"].text() == "Practice items"


# --- guidelines -------------------------------------------------------------------------------------------------------


def test_guidelines_are_added_from_a_menu_in_plain_words(editor: Editor) -> None:
    part = guidelines(editor)
    part.fill_menu()
    actions = {action.text(): action for action in part.menu.actions()}
    assert "How answers are held back" in actions
    assert not actions["Withholding answers"].isEnabled() and actions["Forbidden topics"].isEnabled()
    actions["Forbidden topics"].trigger()
    settle()
    assert kind_of(editor.draft.lesson.guidelines[-1]) == "forbidden"
    last = part.cards.cards[-1]
    assert last.bound[0].control.hasFocus()
    editor.form.look()
    assert "No topic is named" in last.bound[0].complaint


def test_every_kind_has_a_card_with_what_code_checks_and_a_wish_says_that_it_cannot(editor: Editor) -> None:
    from tutor.qt.teacher.lessons.guidelines_part import MAKERS

    every = tuple(make() for make in MAKERS.values())
    editor.draft.change("guidelines", msgspec.structs.replace(editor.draft.lesson, guidelines=every), redraw=True)
    part = guidelines(editor)
    assert len(part.cards.cards) == 16
    for card in part.cards.cards:
        assert isinstance(card, GuidelineCard)
        assert ("Code checks" in shown(card)) != isinstance(card.value, Wish)
    wish = next(card for card in part.cards.cards if isinstance(card.value, Wish))
    assert "Code cannot check this." in shown(wish)


def test_severity_and_parameters_reach_the_lesson(editor: Editor) -> None:
    severity = control(editor, "guidelines.4.severity")
    severity.setCurrentIndex(severity.findData("warn"))
    severity.activated.emit(severity.currentIndex())
    assert editor.draft.lesson.guidelines[4].severity is Severity.WARN
    retype(control(editor, "guidelines.1.note"), "Have a go.")
    assert editor.draft.lesson.guidelines[1].note == "Have a go."
    control(editor, "guidelines.1.attempts").setValue(3)
    assert editor.draft.lesson.guidelines[1].attempts == 3
    part = guidelines(editor)
    tone = next(c for c in part.cards.cards if isinstance(c.value, Tone))
    tone.bound[0].control.boxes["sarcasm"].click()
    faults = next(g for g in editor.draft.lesson.guidelines if isinstance(g, Tone)).faults
    assert "sarcasm" not in faults and len(faults) == 5


# --- items ------------------------------------------------------------------------------------------------------------


def test_alt_and_arrows_move_an_item_and_the_focus_goes_with_it(editor: Editor) -> None:
    answer = control(editor, "items.0.answer")
    answer.setFocus()
    QTest.keyClick(answer, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    settle()
    assert [item.id for item in editor.draft.lesson.items] == ["q2", "q1", "q3"]
    moved = items(editor).cards.cards[1]
    assert isinstance(moved, ItemCard) and moved.is_open
    assert next(f for f in moved.fields() if f.path == "items.1.answer").control.hasFocus()
    editor.draft.undo()
    assert [item.id for item in editor.draft.lesson.items] == ["q1", "q2", "q3"]


def test_an_item_is_removed_and_brought_back(editor: Editor) -> None:
    part = items(editor)
    away = part.cards.cards[1].away
    assert away.accessibleName() == "Remove item 2"
    away.click()
    assert [item.id for item in editor.draft.lesson.items] == ["q1", "q3"] and len(part.cards.cards) == 2
    editor.draft.undo()
    settle()
    assert [card.value.id for card in part.cards.cards] == ["q1", "q2", "q3"]


def test_a_new_item_has_a_name_of_its_own_and_the_focus(editor: Editor) -> None:
    part = items(editor)
    press(part, "Add an item")
    assert editor.draft.lesson.items[-1].id == "q4"
    assert part.cards.cards[-1].bound[0].control.hasFocus()


def test_typical_mistakes_are_added_written_removed_and_undone(editor: Editor) -> None:
    part = items(editor)
    card = part.cards.cards[1]
    card.open()
    press(card, "Add a typical mistake")
    retype(control(editor, "items.1.misconceptions.0.answer"), "4/12")
    assert editor.draft.lesson.items[1].misconceptions[0].answer == "4/12"
    card.remove_mistake(0)
    assert editor.draft.lesson.items[1].misconceptions == ()
    editor.draft.undo()
    settle()
    assert control(editor, "items.1.misconceptions.0.answer").text() == "4/12"


def test_a_pasted_table_becomes_items_with_names_that_are_free(editor: Editor) -> None:
    part = items(editor)
    press(part, "Paste a table…")
    part.pasted.setPlainText("question,answer\n,1")
    press(part, "Add these items")
    assert part.pasted_field.complaint and len(editor.draft.lesson.items) == 3
    part.pasted.setPlainText("question,answer\nOne?,1\nTwo?,2")
    press(part, "Add these items")
    assert [item.id for item in editor.draft.lesson.items] == ["q1", "q2", "q3", "q4", "q5"]
    assert part.said.text.text() == "2 items were added."


# --- big lessons ------------------------------------------------------------------------------------------------------


def test_a_check_after_a_change_runs_beside_the_window_and_marks_the_newest_words(
    editor: Editor, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    form, go_on, threads = editor.form, threading.Event(), []
    real = form._check

    def slow(lesson: Lesson) -> Sequence[Fault]:
        threads.append(threading.current_thread())
        go_on.wait(10)
        return real(lesson)

    monkeypatch.setattr(form, "_check", slow)
    field = control(editor, "title")
    retype(field, "")
    qtbot.waitUntil(lambda: len(threads) == 1)
    retype(field, "Halves")  # while the check is under way, the window goes on
    assert editor.draft.lesson.title == "Halves"
    go_on.set()
    qtbot.waitUntil(lambda: len(threads) == 2 and not form._looking)
    assert threading.main_thread() not in threads
    assert not [fault for fault in form.faults if fault.field == "title"]
    retype(field, "")
    qtbot.waitUntil(lambda: "title" in {fault.field for fault in form.faults})
