"""Corrections in the grown-ups' part: accept, edit, reject, withdraw, take back, and two that contradict each other."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tutor.domain import CorrectionStatus, Outcome, Reply
from tutor.engine import protocol
from tutor.qt.showcase import learning
from tutor.qt.showcase.quiet_app import QuietApp
from tutor.qt.showcase.scenes import settle
from tutor.qt.teacher.correction_card import CorrectionCard, CorrectionForm
from tutor.qt.teacher.corrections_section import AT_ONCE, SOON_MS, CorrectionsSection
from tutor.qt.teacher.page import TeacherPage


@pytest.fixture
def page(qtbot: QtBot, app_of: Callable[[str], QuietApp]) -> TeacherPage:
    made = TeacherPage(app_of("normal"))
    qtbot.addWidget(made)
    learning.corrections(made.app.store)
    made.resize(1100, 900)
    made.show()
    made.show_section("corrections")
    return made


def section(page: TeacherPage) -> CorrectionsSection:
    found = page.section("corrections")
    assert isinstance(found, CorrectionsSection)
    return found


def card(page: TeacherPage, question: str) -> CorrectionCard:
    settle()
    found = [c for c in section(page).findChildren(CorrectionCard) if c.correction.question == question]
    return found[-1]


def press(widget: QWidget, text: str) -> None:
    settle()
    found = [b for b in widget.findChildren(QPushButton) if b.text() == text and b.isVisibleTo(widget)]
    assert found, f"no button {text!r}"
    found[-1].click()
    settle()


def texts(widget: QWidget) -> str:
    settle()
    return " ".join(found.text() for found in widget.findChildren(QLabel) if found.isVisibleTo(widget))


def status(page: TeacherPage, correction_id: int) -> CorrectionStatus:
    return page.app.store.correction(correction_id).status


def test_accepting_uses_it_and_taking_it_back_puts_it_in_the_queue_again(page: TeacherPage) -> None:
    wanted = card(page, "how many cm in 2.5 m").correction
    press(card(page, wanted.question), "Accept")
    assert status(page, wanted.id) is CorrectionStatus.ACCEPTED
    assert page.rail_text("corrections") == "Corrections (3)"
    press(section(page), "Take it back")
    assert status(page, wanted.id) is CorrectionStatus.PROPOSED


def test_what_a_check_forbids_can_be_edited_or_rejected_but_not_accepted(page: TeacherPage) -> None:
    wrong = card(page, "What is 7 times 8?")
    assert "7 × 8 = 54" in texts(wrong)
    buttons = {b.text() for b in wrong.findChildren(QPushButton) if b.isVisibleTo(wrong)}
    assert not any(text.startswith("Accept") for text in buttons) and {"Edit", "Reject"} <= buttons
    press(wrong, "Reject")
    assert status(page, wrong.correction.id) is CorrectionStatus.REJECTED


def test_an_edited_correction_is_checked_again_before_it_is_used(page: TeacherPage) -> None:
    wrong = card(page, "What is 7 times 8?")
    wrong.edit()
    wrong.form.answer.setPlainText("")
    press(wrong, "Keep")
    assert wrong.form.fields["answer"].complaint
    wrong.form.answer.setPlainText("7 × 8 = 56")
    press(wrong, "Keep")
    assert status(page, wrong.correction.id) is CorrectionStatus.PROPOSED
    app = page.app
    assert isinstance(app, QuietApp)
    asked = app.quiet.sent[-1]
    assert isinstance(asked, protocol.Vet) and asked.answer == "7 × 8 = 56"
    app.say(protocol.Vetted(id=asked.id, question=asked.question, answer=asked.answer))
    assert status(page, wrong.correction.id) is CorrectionStatus.ACCEPTED


def test_two_that_contradict_each_other_stand_side_by_side_and_one_is_kept(page: TeacherPage) -> None:
    assert "These two contradict each other" in texts(section(page))
    settle()
    keep = [b for b in section(page).findChildren(QPushButton) if b.text() == "Keep this one"]
    assert len(keep) == 2
    keep[0].click()
    assert "These two contradict each other" not in texts(section(page))
    every = page.app.store.corrections()
    library = [c for c in every if "library" in c.question]
    assert sorted(c.status.value for c in library) == ["accepted", "rejected"]


def test_withdrawing_takes_it_out_of_use(page: TeacherPage) -> None:
    section(page).show_view("used")
    used = card(page, "How do we multiply big numbers?")
    press(used, "Withdraw")
    assert status(page, used.correction.id) is CorrectionStatus.WITHDRAWN
    section(page).show_view("aside")
    press(card(page, "How do we multiply big numbers?"), "Take the last decision back")
    assert status(page, used.correction.id) is CorrectionStatus.ACCEPTED


def test_finding_shows_only_what_fits_and_says_when_nothing_does(page: TeacherPage) -> None:
    found = section(page)
    found.show_view("used")
    found._find.setText("grid method")
    settle()
    assert [c.correction.kind for c in found.findChildren(CorrectionCard)] == ["method"]
    found._find.setText("xylophone")
    assert "Nothing is found." in texts(found)


def test_an_empty_queue_says_how_it_fills(qtbot: QtBot, app_of: Callable[[str], QuietApp]) -> None:
    made = TeacherPage(app_of("fresh"))
    qtbot.addWidget(made)
    made.show()
    made.show_section("corrections")
    assert "Something is wrong" in texts(section(made))


def test_a_file_goes_out_without_learners_and_comes_in_to_wait(page: TeacherPage, qtbot: QtBot, tmp_path: Path) -> None:
    store, shown = page.app.store, section(page)
    file = tmp_path / "corrections.jsonl"
    shown.save(file)
    qtbot.waitUntil(lambda: "2 corrections are saved." in texts(shown))
    assert "learner_id" not in file.read_text()
    shown.bring_in(file)
    qtbot.waitUntil(lambda: "Nothing in this file is new." in texts(shown))
    file.write_text(file.read_text().replace("library", "museum").replace("multiply", "divide"))
    before = len(store.corrections(CorrectionStatus.PROPOSED))
    shown.bring_in(file)
    qtbot.waitUntil(lambda: "2 corrections wait for you." in texts(shown))
    assert len(store.corrections(CorrectionStatus.PROPOSED)) == before + 2
    file.write_bytes(b"{not json}\n")
    shown.bring_in(file)
    qtbot.waitUntil(lambda: shown.said.property("panel") == "alert")
    assert len(store.corrections(CorrectionStatus.PROPOSED)) == before + 2


def test_what_a_check_found_is_shown_when_it_ends_but_not_over_somebodys_writing(
    page: TeacherPage, qtbot: QtBot
) -> None:
    store, queue = page.app.store, page.app.corrections
    made = store.propose_correction("When is the fair?", "In May.")
    section(page).enter()
    assert card(page, made.question).correction.checked == ""
    store.keep_check(made, made, True, ())
    queue._after_check(store.correction(made.id))
    qtbot.waitUntil(lambda: card(page, made.question).correction.checked == "passed")
    section(page).write()
    queue._after_check(store.correction(made.id))
    qtbot.wait(SOON_MS + 50)
    assert section(page).findChildren(CorrectionForm)


def test_what_the_tutor_asks_about_is_listed_with_its_reason_and_what_the_learner_said(page: TeacherPage) -> None:
    store = page.app.store
    learner = store.learners()[0]
    _, _question, answer = store.begin_conversation(learner.id, "whales", "Do whales sing?")
    store.finish_message(answer.id, Reply(text="Whales cannot sing.", outcome=Outcome.DONE), "done")
    store.keep_asked(answer.id, learner.id, "disagreeing", 0.8)
    store.keep_said(answer.id, "not_right")
    shown = section(page)
    shown.show_view("asked")
    assert "Asked about (1)" in {b.text() for b in shown.findChildren(QPushButton)}
    told = texts(shown)
    assert "Said once more, the tutor gave another answer." in told and "it was not right" in told
    assert learner.name in told and "Whales cannot sing." not in told, "the turn is opened only when asked for"
    press(shown, "Open the turn")
    assert "Do whales sing?" in texts(shown) and "Whales cannot sing." in texts(shown)
    press(shown, "Write the correction")
    form = shown.findChildren(CorrectionForm)[-1]
    assert form.question.text() == "Do whales sing?"
    form.answer.setPlainText("Yes, whales sing to each other.")
    press(shown, "Keep")
    made = store.corrections()[-1]
    assert (made.answer, made.wrong) == ("Yes, whales sing to each other.", "Whales cannot sing.")
    assert made.status is CorrectionStatus.PROPOSED, "a teacher's own is used once its checks pass"


def test_hundreds_that_wait_are_compared_while_the_window_stays_alive(page: TeacherPage, qtbot: QtBot) -> None:
    store, shown = page.app.store, section(page)
    for number in range(AT_ONCE + 1):
        store.propose_correction(f"What is in box number {number}?", "Chalk.")
    shown.enter()
    # before any event is handled: on a quick machine the comparison ends with the first ones
    assert any("Comparing" in found.text() for found in shown.findChildren(QLabel))
    qtbot.waitUntil(lambda: bool(shown.findChildren(CorrectionCard)) and "Comparing" not in texts(shown))
    assert "These two contradict each other" in texts(shown)
    shown.enter()
    shown.show_view("used")
    qtbot.wait(300)
    assert all(c.correction.status is CorrectionStatus.ACCEPTED for c in shown.findChildren(CorrectionCard))
