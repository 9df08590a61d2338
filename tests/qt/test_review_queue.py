"""The review queue: every decision and its way back, by mouse and keys; filters; blind grades."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot
from reading_from import from_the_beginning

from tutor.domain import Action, AgeBand, CorrectionStatus, Verdict
from tutor.domain_classes import Visible
from tutor.engine import protocol
from tutor.qt.showcase import data
from tutor.qt.showcase.quiet_app import QuietApp
from tutor.qt.showcase.scenes import READY
from tutor.qt.teacher.counted import Counted
from tutor.qt.teacher.review import Review
from tutor.qt.teacher.review_card import ReviewCard


@pytest.fixture
def app(app_of: Callable[[str], QuietApp]) -> QuietApp:
    """Ben reported an answer about units; Amira asks the teacher about primes."""
    app = app_of("normal")
    app.stand(READY)
    return app


@pytest.fixture
def review(app: QuietApp, qtbot: QtBot) -> Iterator[Review]:
    amira = app.store.learners()[0]
    answer = data.turn(app.store, amira.id, "Ships", "How do ships float?", data.reply(data.checked("I cannot say.")))
    app.escalations.put(answer, "outside", "for my project")
    made = Review(app)
    qtbot.addWidget(made)
    made.resize(900, 800)
    made.show()
    made.enter()
    yield made


def cards(review: Review) -> list[ReviewCard]:
    return review._cards


def words(widget: QWidget) -> str:
    return "\n".join(each.text() for each in widget.findChildren(QLabel) if each.isVisibleTo(widget))


def settle(qtbot: QtBot) -> None:
    qtbot.wait(30)


def test_it_shows_what_waits_newest_first_with_what_was_checked(review: Review, qtbot: QtBot) -> None:
    assert [card.item.kind for card in cards(review)] == ["escalation", "flag"]
    assert "outside the lesson" in words(cards(review)[0]) and "for my project" in words(cards(review)[0])
    cards(review)[1].open()
    settle(qtbot)
    shown = words(cards(review)[1])
    assert "One metre has 100 centimetres." in shown
    assert "What was checked" in shown and "Sum checked and right: 1 m = 100 cm." in shown


def test_an_answer_is_screened_then_stands_in_the_conversation_and_can_be_taken_back(
    review: Review, app: QuietApp, qtbot: QtBot
) -> None:
    card = cards(review)[0]
    card.setFocus()
    qtbot.keyClick(card, Qt.Key.Key_A)
    card.words.setPlainText("They push water away.")
    card.send.click()
    screen = next(r for r in reversed(app.quiet.sent) if isinstance(r, protocol.Screen))
    assert screen.items[0].text == "They push water away." and screen.age_band is AgeBand.A8_10
    app.say(protocol.Screened(id=screen.id, verdicts=(Verdict(action=Action.ALLOW),)))
    settle(qtbot)
    assert app.store.open_escalations() == 0 and [c.item.kind for c in cards(review)] == ["flag"]
    with qtbot.waitActive(review):
        review.activateWindow()
    qtbot.keyClick(cards(review)[0], Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot)
    assert app.store.open_escalations() == 1
    assert [c.item.kind for c in cards(review)] == ["escalation", "flag"]


def test_words_that_a_check_stops_are_warned_about_and_the_person_decides(
    review: Review, app: QuietApp, qtbot: QtBot
) -> None:
    card = cards(review)[0]
    card.write_answer()
    card.words.setPlainText("Do not be so stupid.")
    card.send.click()
    screen = next(r for r in reversed(app.quiet.sent) if isinstance(r, protocol.Screen))
    app.say(protocol.Screened(id=screen.id, verdicts=(Verdict(action=Action.BLOCK),)))
    settle(qtbot)
    assert app.store.open_escalations() == 1 and "Read them once more" in card.warning.text.text()
    card.send_anyway.click()
    settle(qtbot)
    assert app.store.open_escalations() == 0


def test_where_nothing_can_be_checked_it_says_so(review: Review, app: QuietApp, qtbot: QtBot) -> None:
    from tutor.session_events import EngineState

    app.stand(EngineState(state="loading"))
    card = cards(review)[0]
    card.write_answer()
    card.words.setPlainText("They push water away.")
    card.send.click()
    settle(qtbot)
    assert app.store.open_escalations() == 1 and "could not be checked" in card.warning.text.text()


def test_a_report_is_dismissed_with_a_reason_and_an_error_and_comes_back(
    review: Review, app: QuietApp, qtbot: QtBot
) -> None:
    card = cards(review)[1]
    card.error.choose("none")
    card.setFocus()
    qtbot.keyClick(card, Qt.Key.Key_D)
    qtbot.keyClick(card.reason, Qt.Key.Key_Return)
    assert "Please write a few words." in card.reason_field.complaint
    qtbot.keyClicks(card.reason, "It was right")
    qtbot.keyClick(card.reason, Qt.Key.Key_Return)
    settle(qtbot)
    assert app.store.review_counts()["flag"] == 0
    review.show_state("done")
    (done,) = cards(review)
    assert "Dismissed: It was right · No error" in words(done)
    done.error.choose("confusing")
    done.error.activated.emit(0)
    settle(qtbot)
    assert app.store.review_items("done")[0].error == "confusing"
    qtbot.keyClick(cards(review)[0], Qt.Key.Key_U)
    settle(qtbot)
    assert app.store.review_counts()["flag"] == 1


def test_the_right_words_go_to_the_corrections(review: Review, app: QuietApp, qtbot: QtBot) -> None:
    card = cards(review)[1]
    qtbot.keyClick(card, Qt.Key.Key_C)
    assert card.form.question.text() == "how many cm in 2.5 m"
    assert card.form.answer.toPlainText() == "multiply 2.5 by 100"
    card.form.answer.setPlainText("2.5 m is 250 cm.")
    card.error.choose("confusing")
    card._keep()
    settle(qtbot)
    made = app.store.corrections()[-1]
    assert (made.question, made.answer) == ("how many cm in 2.5 m", "2.5 m is 250 cm.")
    assert made.status is CorrectionStatus.PROPOSED  # until it is checked
    assert app.store.review_items("done")[0].decision == "corrected"


def test_what_a_learner_says_is_accepted_once_it_passed_the_checks(app: QuietApp, qtbot: QtBot) -> None:
    flag = app.store.flags()[0]
    made = app.corrections.flagged(flag)
    assert made is not None
    app.store.keep_check(made, made, True, ())
    review = Review(app)
    qtbot.addWidget(review)
    review.show()
    review.enter()
    (card,) = cards(review)
    qtbot.keyClick(card, Qt.Key.Key_Y)
    settle(qtbot)
    assert app.store.correction(made.id).status is CorrectionStatus.ACCEPTED
    review.take_back()
    assert app.store.correction(made.id).status is CorrectionStatus.PROPOSED
    assert app.store.review_counts()["flag"] == 1


def test_alike_ones_stand_together_and_one_decision_can_hold_for_all(app: QuietApp, qtbot: QtBot) -> None:
    ben = app.store.learners()[1]
    for asked in ("How many cm are in 2.5 m?", "What is the capital of France?"):
        app.store.flag(data.turn(app.store, ben.id, "t", asked, data.reply(data.checked("Hm."))), "wrong")
    review = Review(app)
    qtbot.addWidget(review)
    review.show()
    review.enter()
    settle(qtbot)
    assert "2 that are alike" in words(review) and len(cards(review)) == 3
    ((box, group), *_) = review._for_all.values()
    box.setChecked(True)
    card = next(card for card in cards(review) if card.item in group.items)
    card.ask_reason()
    card.reason.setText("Both are right")
    card._dismiss()
    settle(qtbot)
    assert [card.item.question for card in cards(review)] == ["What is the capital of France?"]
    review.take_back()
    assert len(cards(review)) == 3


def test_it_is_narrowed_by_kind_learner_and_words(review: Review, app: QuietApp, qtbot: QtBot) -> None:
    review.show_counted(Counted(section="review", kind="escalation"))
    assert [c.item.kind for c in cards(review)] == ["escalation"]
    review.show_counted(Counted(section="review"))
    review.filter.learner.choose(str(app.store.learners()[1].id))
    review.filter.learner.activated.emit(0)
    assert [c.item.kind for c in cards(review)] == ["flag"]
    review.filter.words.setText("zebra")
    qtbot.waitUntil(lambda: "Nothing is found." in words(review))


def test_arrows_go_from_card_to_card(review: Review, qtbot: QtBot) -> None:
    first, second = cards(review)
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Down)
    assert second.hasFocus()
    qtbot.keyClick(second, Qt.Key.Key_Up)
    assert first.hasFocus()


def test_a_flag_can_be_answered_and_undoing_leaves_no_question_that_nobody_asked(
    review: Review, app: QuietApp, qtbot: QtBot
) -> None:
    card = cards(review)[1]
    card.write_answer()
    card.words.setPlainText("You are right, it was too short.")
    review._answer(card.item, card.words.toPlainText(), True)
    ben = app.store.learners()[1]
    assert len(app.store.unread_answers(ben.id)) == 1
    review.take_back()
    assert app.store.unread_answers(ben.id) == () and app.store.review_counts() == {
        "flag": 1,
        "escalation": 1,
        "unsure": 0,
    }


def test_blind_grades_hide_whose_answer_it_is_and_go_by_keys(review: Review, app: QuietApp, qtbot: QtBot) -> None:
    store = app.store
    store.set_members(store.add_class("4a", Visible.ALL).id, [learner.id for learner in store.learners()])
    from_the_beginning(store)
    review.grade()
    grading = review.grading
    total = len(grading._sample)
    assert total >= 5
    everything = words(grading) + "".join(w.toolTip() + w.accessibleName() for w in grading.findChildren(QWidget))
    assert not any(learner.name in everything for learner in app.store.learners()) and "starter" not in everything
    first = grading.message_id
    for key in (Qt.Key.Key_5, Qt.Key.Key_4, Qt.Key.Key_3):
        qtbot.keyClick(grading, key)
    (grade,) = app.store.grades("2000-01-01")
    assert (grade.accurate, grade.kind, grade.level) == (5, 4, 3)
    assert grading.progress.value() == 1 and grading.message_id != first
    qtbot.keyClick(grading, Qt.Key.Key_S)
    assert grading.progress.value() == 2 and len(app.store.grades("2000-01-01")) == 1
    qtbot.keyClick(grading, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert app.store.grades("2000-01-01") == () and grading.message_id == first


def test_an_empty_queue_says_what_will_come(app_of: Callable[[str], QuietApp], qtbot: QtBot) -> None:
    review = Review(app_of("fresh"))
    qtbot.addWidget(review)
    review.show()
    review.enter()
    settle(qtbot)
    assert "Nothing waits for you." in words(review)
    review.grade()
    settle(qtbot)
    assert "There is nothing to grade." in words(review)


def test_turns_before_a_report_stay_closed_where_the_class_shows_figures_and_what_is_handed_over(
    review: Review, app: QuietApp
) -> None:
    item = next(card.item for card in cards(review) if card.item.kind == "flag")
    conversation = app.store.message(item.message_id).conversation_id
    answer = data.turn(
        app.store, item.learner_id, "t", "and then?", data.reply(data.checked("Hm.")), conversation=conversation
    )
    app.store.flag(answer, "wrong")
    later = next(found for found in app.store.review_items() if found.message_id == answer)
    assert len(review.desk.turns(later)) > 2
    app.store.set_members(app.store.add_class("4b", Visible.SUMMARY).id, [item.learner_id])
    assert [message.text for message in review.desk.turns(later)] == ["and then?", "Hm."]


def test_only_the_words_that_were_looked_at_are_sent(review: Review, app: QuietApp, qtbot: QtBot) -> None:
    first, second = cards(review)
    screens = []
    for card in (first, second, first):
        card.write_answer()
        card.words.setPlainText("They push water away.")
        card.send.click()
        screens.append(next(r for r in reversed(app.quiet.sent) if isinstance(r, protocol.Screen)))
        if len(screens) == 2:
            app.say(protocol.Screened(id=screens[0].id, verdicts=(Verdict(action=Action.BLOCK),)))
            settle(qtbot)
    app.say(protocol.Screened(id=screens[1].id, verdicts=(Verdict(action=Action.BLOCK),)))
    settle(qtbot)
    assert app.store.open_escalations() == 1 and "Read them once more" in second.warning.text.text()
    first.words.setPlainText("Something else.")
    app.say(protocol.Screened(id=screens[2].id, verdicts=(Verdict(action=Action.ALLOW),)))
    settle(qtbot)
    assert app.store.open_escalations() == 1
    again = next(r for r in reversed(app.quiet.sent) if isinstance(r, protocol.Screen))
    assert again.items[0].text == "Something else."
    app.say(protocol.Screened(id=again.id, verdicts=(Verdict(action=Action.ALLOW),)))
    settle(qtbot)
    assert app.store.open_escalations() == 0


def test_a_correction_that_was_written_here_goes_with_its_decision(review: Review, app: QuietApp) -> None:
    card = cards(review)[0]
    card.write_correction()
    card.form.answer.setPlainText("They push water away.")
    card._keep()
    made = app.store.corrections()[-1]
    assert made.answer == "They push water away."
    review.take_back()
    assert app.store.correction(made.id).status is CorrectionStatus.REJECTED
    assert app.store.review_counts()["escalation"] == 1


def corrected(review: Review, app: QuietApp, answer: str) -> int:
    """The first card is answered by a correction, which is in use. Its id."""
    card = cards(review)[0]
    card.write_correction()
    card.form.answer.setPlainText(answer)
    card._keep()
    made = app.store.corrections()[-1]
    app.store.keep_check(made, made, True, ())
    app.store.decide(made.id, CorrectionStatus.ACCEPTED, by="teacher")
    return made.id


def test_a_correction_that_was_written_long_ago_is_withdrawn_from_its_card(
    review: Review, app: QuietApp, qtbot: QtBot
) -> None:
    made = corrected(review, app, "They push water away.")
    later = Review(app)  # as after the page was locked, or the program ended
    qtbot.addWidget(later)
    later.show()
    later.show_state("done")
    card = next(card for card in cards(later) if card.item.correction_id == made)
    assert "Your correction: They push water away." in words(card)
    assert card._buttons["undo"].text() == "Withdraw the correction"
    card.error.choose("fact")
    card.classified.emit(card.item, "fact")
    card = next(card for card in cards(later) if card.item.correction_id == made)
    card._buttons["undo"].click()
    assert app.store.correction(made).status is CorrectionStatus.WITHDRAWN
    assert app.store.review_counts()["escalation"] == 1


def test_a_correction_that_others_stand_on_stays_until_the_last_is_taken_back(
    review: Review, app: QuietApp, qtbot: QtBot
) -> None:
    ship, flag = (card.item for card in cards(review))
    review.desk.correct(ship, {"question": ship.question, "answer": "They push water away."}, "", (flag,))
    made = app.store.corrections()[-1]
    assert made.phrasings == (flag.question,)
    done = {item.kind: item for item in app.store.review_items("done")}
    review.desk.undo(done["flag"])
    assert app.store.correction(made.id).status is CorrectionStatus.PROPOSED
    review.desk.undo(done["escalation"])
    assert app.store.correction(made.id).status is CorrectionStatus.REJECTED
    assert app.store.review_items("done") == ()
