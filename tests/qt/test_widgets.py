"""The small widgets: columns that scroll instead of squeezing, rows that wrap, fields that say what is wrong."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLineEdit, QTextBrowser, QWidget
from pytestqt.qtbot import QtBot

from tutor.qt import logfile
from tutor.qt.flow import FlowLayout
from tutor.qt.showcase.scenes import settle
from tutor.qt.strength import Strength, judge, words
from tutor.qt.widgets import Column, Field, Paragraph, button


class Tall(QTextBrowser):
    def sizeHint(self) -> QSize:
        return QSize(200, 300)

    def minimumSizeHint(self) -> QSize:
        return QSize(50, 20)


def test_a_column_scrolls_rather_than_squeezing_what_could_be_smaller(qtbot: QtBot) -> None:
    column = Column()
    qtbot.addWidget(column)
    parts = [Tall() for _ in range(4)]
    for part in parts:
        column.body.addWidget(part)
    column.resize(600, 500)
    column.show()
    settle()
    assert all(part.height() >= 300 for part in parts)
    assert column.verticalScrollBar().maximum() > 0


@pytest.mark.parametrize(("width", "rows"), [(1000, 1), (330, 2), (120, 6)])
def test_a_flow_wraps_and_never_overlaps(qtbot: QtBot, width: int, rows: int) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = FlowLayout(holder, gap=8)
    parts = [QWidget() for _ in range(6)]
    for part in parts:
        part.setFixedSize(100, 30)
        flow.addWidget(part)
    holder.resize(width, flow.heightForWidth(width))
    holder.show()
    settle()
    assert len({part.y() for part in parts}) == rows
    assert flow.heightForWidth(width) == rows * 30 + (rows - 1) * 8
    boxes = [part.geometry() for part in parts]
    assert not any(a.intersects(b) for i, a in enumerate(boxes) for b in boxes[i + 1 :])


def test_a_field_says_what_is_wrong_to_eyes_and_screen_readers(qtbot: QtBot) -> None:
    line = QLineEdit()
    field = Field("Name", line, "A first name is enough.")
    qtbot.addWidget(field)
    field.show()
    seen = QAccessible.queryAccessibleInterface(line)
    assert seen.text(QAccessible.Text.Name) == "Name"
    assert seen.text(QAccessible.Text.Description) == "A first name is enough."
    field.complain("Write a name first.")
    assert field.complaint == "Write a name first." and line.property("wrong") == "true"
    assert seen.text(QAccessible.Text.Description) == "Write a name first."
    field.complain("")
    assert seen.text(QAccessible.Text.Description) == "A first name is enough." and line.property("wrong") == "false"


def test_a_paragraph_shows_markup_as_it_was_written(qtbot: QtBot) -> None:
    made = Paragraph("2 < 3 & <b>not bold</b>\nnext line")
    qtbot.addWidget(made)
    made.show()
    assert made.text() == "2 < 3 & <b>not bold</b>\nnext line"
    seen = QAccessible.queryAccessibleInterface(made)
    assert seen.text(QAccessible.Text.Name) == made.text()


def test_a_button_calls_once_and_not_with_qts_own_arguments(qtbot: QtBot) -> None:
    calls: list[int] = []
    made = button("Go on", on_click=lambda: calls.append(1))
    qtbot.addWidget(made)
    made.click()
    assert calls == [1]


@pytest.mark.parametrize(
    ("secret", "least"),
    [
        ("", Strength.SHORT), ("12", Strength.SHORT), ("1234", Strength.EASY), ("4321", Strength.EASY),
        ("7777", Strength.EASY), ("abcdef", Strength.EASY), ("Password", Strength.EASY), ("1212", Strength.EASY),
        ("8305", Strength.FAIR), ("otter lamp cloud", Strength.STRONG), ("Tr1cky!pass", Strength.GOOD),
    ],
)  # fmt: skip
def test_strength_is_judged_as_people_would_guess(secret: str, least: Strength) -> None:
    judged = judge(secret)
    assert judged == least if least < Strength.FAIR else judged >= least
    assert words(judged)


def test_the_log_keeps_kind_and_place_of_an_error_not_its_text(own_home: Path) -> None:
    import logging

    formatter = logfile.ShortFormatter("%(message)s")
    try:
        raise ValueError("what the learner wrote")
    except ValueError:
        import sys

        record = logging.LogRecord("tutor", logging.ERROR, __file__, 1, "it failed", None, sys.exc_info())
    said = formatter.format(record)
    assert "ValueError" in said and "test_widgets.py" in said and "what the learner wrote" not in said
