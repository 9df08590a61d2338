"""Everything by keyboard, named for screen readers, nothing cut at any text size or theme."""

import pytest
from chat_fakes import sentence
from chat_page import Chat
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from tutor.qt import theme
from tutor.qt.learner.answer import AnswerWidget

ROLES = {
    QAccessible.Role.Button,
    QAccessible.Role.PushButton,
    QAccessible.Role.ButtonMenu,
    QAccessible.Role.CheckBox,
    QAccessible.Role.RadioButton,
    QAccessible.Role.EditableText,
    QAccessible.Role.List,
    QAccessible.Role.Document,
    QAccessible.Role.StaticText,
}


def everything(chat: Chat) -> AnswerWidget:
    """A page with every part open."""
    chat.session.fill(2)
    chat.ask(r"What is $\frac{3}{4}$ of 20?")
    chat.session.say(sentence("A quarter of 20 is 5.", sums=("20/4 = 5",)), sentence("Now take three of them."))
    chat.session.finish()
    chat.settle()
    widget = chat.answers()[-1]
    widget.checks.toggle()
    widget.open_flag()
    chat.pane.composer.toggle_symbols()
    chat.page.sidebar.offer_undo("Area of a rectangle")
    chat.settle(120)
    return widget


def focusable(chat: Chat) -> list[QWidget]:
    return [
        w for w in chat.page.findChildren(QWidget) if w.isVisible() and w.focusPolicy() & Qt.FocusPolicy.TabFocus.value
    ]


def test_every_widget_that_takes_the_focus_has_a_name_and_a_role(qtbot: QtBot) -> None:
    chat = Chat(qtbot)
    everything(chat)
    seen = focusable(chat)
    assert len(seen) > 40
    for widget in seen:
        interface = QAccessible.queryAccessibleInterface(widget)
        name = interface.text(QAccessible.Text.Name)
        assert name.strip(), f"no name: {widget!r}"
        assert interface.role() in ROLES, f"{interface.role()} of {name!r}"


def test_formulas_are_read_out_in_words(qtbot: QtBot) -> None:
    chat = Chat(qtbot)
    everything(chat)
    interface = QAccessible.queryAccessibleInterface(chat.questions()[0].view)
    assert interface.text(QAccessible.Text.Name) == "You said"
    assert interface.text(QAccessible.Text.Description) == "What is 3 over 4 of 20?"


def test_tab_goes_through_everything_once_and_in_a_sensible_order(qtbot: QtBot) -> None:
    chat = Chat(qtbot)
    widget = everything(chat)
    chat.page.sidebar.learner.setFocus()
    walked: list[QWidget] = []
    for _ in range(200):
        now = chat.page.window().focusWidget()
        if now in walked:
            break
        walked.append(now)
        QTest.keyClick(now, Qt.Key.Key_Tab)
    groups = {id(button) for button in widget.flag_panel.chips.buttons()} if widget.flag_panel else set()
    missing = [w for w in focusable(chat) if w not in walked and id(w) not in groups and w.isEnabled()]
    assert missing == []
    order = [
        chat.page.sidebar.learner,
        chat.page.sidebar.new,
        chat.page.sidebar.search,
        chat.page.sidebar.chats,
        chat.pane.header.more,
        chat.questions()[0].view,
        widget.view,
        widget.checks.button,
        widget.flag,
        chat.pane.chips.hint,
        chat.pane.composer.field,
        chat.pane.composer.sigma,
    ]
    places = [walked.index(each) for each in order]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("percent", "look"),
    [(80, "light"), (100, "contrast"), (150, "dark"), (200, "light"), (200, "contrast-dark")],
)
def test_nothing_is_cut_at_any_text_size(qtbot: QtBot, percent: int, look: str) -> None:
    chat = Chat(qtbot, percent=percent, look=look, width=1180)
    everything(chat)
    page = QRect(QPoint(0, 0), chat.page.size())
    for widget in chat.page.findChildren(QWidget):
        if not widget.isVisible() or not isinstance(widget, QAbstractButton | QLabel):
            continue
        words = widget.text()
        box = QRect(widget.mapTo(chat.page, QPoint(0, 0)), widget.size())
        assert box.left() >= 0 and box.right() <= page.right(), f"{words!r} leaves the page"
        if isinstance(widget, QLabel):
            needed = widget.heightForWidth(widget.width()) if widget.wordWrap() else widget.sizeHint().height()
            assert widget.height() >= needed - 1, f"{words!r} is cut: {widget.height()} of {needed}"
        elif widget is not chat.page.sidebar.learner:
            hint = widget.sizeHint()
            assert widget.width() >= hint.width() - 1, f"{words!r} is cut: {widget.width()} of {hint.width()}"
            assert widget.height() >= hint.height() - 1, f"{words!r} is cut"


def test_a_message_is_as_high_as_its_words_after_the_text_size_changed(qtbot: QtBot) -> None:
    chat = Chat(qtbot)
    widget = chat.answered("Some words that need several lines when they are large. " * 6)
    before = widget.view.height()
    theme.apply(percent=200)
    chat.settle(150)
    assert widget.view.height() > 2 * before
    assert widget.view.document().size().height() <= widget.view.viewport().height() + 1


def test_a_change_of_theme_recolours_formulas_and_words(qtbot: QtBot) -> None:
    chat = Chat(qtbot, look="light")
    widget = chat.answered(r"$\frac{7}{8}$")
    light = widget.view.grab().toImage()
    theme.apply(theme="dark")
    chat.settle(150)
    dark = widget.view.grab().toImage()
    assert light != dark
    column = [dark.pixelColor(x, y).lightness() for x in range(4, 24) for y in range(4, dark.height() - 4)]
    assert max(column) > 200, "the formula is drawn in light ink"
