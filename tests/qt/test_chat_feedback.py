"""What a learner can say about an answer, and what it says about itself: thumbs, flags, checks, copy."""

import pytest
from chat_fakes import SAFE, sentence
from chat_page import Chat
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from tutor.corrections.asking import in_words
from tutor.domain import (
    Action,
    Asked,
    Correction,
    CorrectionStatus,
    MathsCheck,
    MathsStatus,
    SentenceCheck,
    Verdict,
)
from tutor.session_events import AskedAbout, Corrected
from tutor.wording import checks as check_words


@pytest.fixture
def chat(qtbot: QtBot) -> Chat:
    return Chat(qtbot)


def test_a_thumb_is_kept_and_a_second_press_takes_it_back(chat: Chat) -> None:
    widget = chat.answered()
    number = widget.message.id
    QTest.mouseClick(widget.up, Qt.MouseButton.LeftButton)
    assert chat.session.tree[number].rating == 1 and widget.up.isChecked()
    QTest.mouseClick(widget.down, Qt.MouseButton.LeftButton)
    assert chat.session.tree[number].rating == -1 and not widget.up.isChecked()
    QTest.mouseClick(widget.down, Qt.MouseButton.LeftButton)
    assert chat.session.tree[number].rating == 0 and not widget.down.isChecked()


def test_a_flag_is_sent_with_its_words_and_thanked_for(chat: Chat) -> None:
    widget = chat.answered("7 × 8 = 54")
    QTest.mouseClick(widget.flag, Qt.MouseButton.LeftButton)
    panel = widget.flag_panel
    assert panel is not None and panel.isVisible() and not panel.send.isEnabled()
    QTest.mouseClick(panel.chips.button(0), Qt.MouseButton.LeftButton)
    QTest.keyClicks(panel.what, "The product")
    QTest.keyClicks(panel.better, "56")
    QTest.mouseClick(panel.send, Qt.MouseButton.LeftButton)
    chat.settle()
    [flag] = chat.session.flagged
    assert (flag.message_id, flag.category, flag.what, flag.better) == (widget.message.id, "wrong", "The product", "56")
    assert panel.thank_you.isVisible()
    assert panel.thank_you.text() == "Thank you. It is being checked."
    assert not panel.send.isVisible()
    for status, words in (
        (CorrectionStatus.ACCEPTED, "answers so from now on"),
        (CorrectionStatus.PROPOSED, "grown-up"),
    ):
        correction = Correction(id=1, question="7 × 8", answer="56", status=status)
        chat.session.tell(Corrected(message_id=widget.message.id, correction=correction))
        chat.settle()
        assert words in panel.thank_you.text()


def test_an_answer_that_is_asked_about_takes_a_word_and_asks_no_more(chat: Chat) -> None:
    widget = chat.answered("7 × 8 = 54")
    asked = Asked(message_id=widget.message.id, learner_id=1, reason="uncertain", score=1.2, asked_at="")
    chat.session.tell(AskedAbout(message_id=widget.message.id, asked=asked, text=in_words(asked)))
    chat.settle()
    assert widget.asking is not None and "was not sure" in widget.asking.findChildren(QLabel)[0].text()
    no = next(b for b in widget.asking.findChildren(QPushButton) if b.text() == "No")
    QTest.mouseClick(no, Qt.MouseButton.LeftButton)
    chat.settle()
    assert chat.session.said == [(widget.message.id, "not_right")]
    assert widget.asking is None and widget.flag_panel is not None and widget.flag_panel.isVisible()


def test_escape_closes_the_flag_panel_without_sending(chat: Chat) -> None:
    widget = chat.answered()
    widget.open_flag()
    panel = widget.flag_panel
    assert panel is not None
    QTest.keyClick(panel.what, Qt.Key.Key_Escape)
    assert not panel.isVisible() and chat.session.flagged == []


def test_the_line_says_what_was_checked_and_opens_to_each_sentence(chat: Chat) -> None:
    chat.ask()
    chat.session.say(sentence("3 + 4 = 7.", sums=("3 + 4 = 7",)), sentence("Well done."))
    chat.session.finish()
    chat.settle()
    checks = chat.answers()[-1].checks
    assert checks.button.text() == "checked: sums ✓ · safe words ✓"
    assert "sums right" in checks.button.accessibleName()
    QTest.mouseClick(checks.button, Qt.MouseButton.LeftButton)
    texts = [label.text() for label in checks.panel.findChildren(QLabel)]
    assert "Sum checked and right: 3 + 4 = 7. Words checked: safe." in texts
    assert "No sum in it. Words checked: safe." in texts
    QTest.mouseClick(checks.button, Qt.MouseButton.LeftButton)
    assert not checks.panel.isVisible()


def test_copy_gives_the_text_with_its_latex(chat: Chat) -> None:
    widget = chat.answered(r"It is $\frac{7}{8}$.")
    widget.copy_action.trigger()
    assert QGuiApplication.clipboard().text() == r"It is $\frac{7}{8}$."


def check(status: MathsStatus = MathsStatus.NONE, done: str = "shown", verdict: Verdict = SAFE) -> SentenceCheck:
    return SentenceCheck(text="x", verdict=verdict, maths=MathsCheck(status=status), done=done)


@pytest.mark.parametrize(
    ("checks", "words"),
    [
        ((), ""),
        ((check(),), "checked: safe words ✓"),
        ((check(MathsStatus.UNCHECKED),), "checked: some maths could not be checked · safe words ✓"),
        ((check(MathsStatus.RIGHT, "corrected"),), "checked: sums ✓ · safe words ✓ · 1 sum corrected"),
        ((check(), check(done="left_out"), check(done="left_out")), "checked: safe words ✓ · 2 sentences left out"),
        ((check(done="written"),), "written by people, not by the model"),
        ((check(), check(done="fallback")), "checked: safe words ✓ · partly written by people"),
    ],
)
def test_the_line_claims_only_what_was_checked(checks: tuple[SentenceCheck, ...], words: str) -> None:
    assert check_words.line(checks).shown == words


def test_blocked_words_are_never_called_safe() -> None:
    blocked = check(verdict=Verdict(action=Action.BLOCK))
    assert "safe" not in check_words.line((check(), blocked)).shown
    assert "safe" not in check_words.sentence(blocked)
