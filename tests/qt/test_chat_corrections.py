"""Under an answer that rests on a correction stands whose it was, to be seen and to be heard."""

import msgspec
from chat_fakes import sentence
from chat_page import Chat
from pytestqt.qtbot import QtBot

from tutor.domain import Outcome, Reply
from tutor.qt.learner.answer import AnswerWidget


def show(widget: AnswerWidget, **rests_on: object) -> str:
    reply = Reply(text="At 8:15.", outcome=Outcome.WRITTEN, sentences=(sentence("At 8:15."),), **rests_on)  # type: ignore[arg-type]
    widget.show_message(msgspec.structs.replace(widget.message, reply=reply))
    return widget.checks.button.text()


def test_an_answer_says_whose_correction_it_used(qtbot: QtBot) -> None:
    chat = Chat(qtbot)
    widget = chat.answered("At 8:15.")
    assert show(widget) == "checked: safe words ✓"
    assert show(widget, used=(3,), used_own=True) == "Used your correction · checked: safe words ✓"
    assert widget.checks.button.accessibleName().startswith("Used your correction. checked: words safe.")
    assert show(widget, used=(3,)) == "Your teacher's correction was used · checked: safe words ✓"
    assert widget.checks.button.isVisible()
