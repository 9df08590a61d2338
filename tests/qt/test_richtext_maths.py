"""Formulas: read, drawn on the base line, copied as LaTeX, spoken in words, shown as source when they are broken."""

import pytest
from PySide6.QtGui import QFontMetricsF
from pytestqt.qtbot import QtBot

from tutor.qt import theme
from tutor.qt.richtext import formula, markdown, spoken
from tutor.qt.richtext.view import MessageView


@pytest.fixture
def view(qtbot: QtBot) -> MessageView:
    made = MessageView()
    qtbot.addWidget(made)
    made.resize(600, 200)
    return made


@pytest.mark.parametrize(
    ("text", "latex", "display"),
    [
        ("a $x^2$ b", "x^2", False),
        (r"a \(x^2\) b", "x^2", False),
        ("$$x^2$$", "x^2", True),
        ("$$\nx^2\n$$", "x^2", True),
        (r"\[x^2\]", "x^2", True),
        ("So:\n\\[\nx^2\n= 4\n\\]\nand on", "x^2\n= 4", True),
        (r"- item \(x^2\)", "x^2", False),
    ],
)
def test_every_way_to_write_a_formula_is_read(text: str, latex: str, display: bool) -> None:
    assert markdown.answer(text).formulas == (markdown.Formula(latex, display),)


@pytest.mark.parametrize("text", [r"`\(x\)`", "```\n$x$\n```", r"\(never closed", "cost: 5$ or 6$", r"\\(x\\)"])
def test_what_is_no_formula_stays_text(text: str) -> None:
    assert markdown.answer(text).formulas == ()


def test_a_learners_formulas_are_drawn_too() -> None:
    prepared = markdown.question(r"what is $\frac{3}{4}$ + \(x\)?")
    assert [f.latex for f in prepared.formulas] == [r"\frac{3}{4}", "x"]


def test_copying_gives_the_latex(view: MessageView) -> None:
    view.show_text(r"To add $\frac{3}{4}$ and $x$:" + "\n\n" + r"\[a+b\]")
    assert view.copied() == "To add $\\frac{3}{4}$ and $x$:\n$$a+b$$"
    view.selectAll()
    assert view.createMimeDataFromSelection().text() == view.copied()


def test_copying_a_selection_gives_only_that(view: MessageView) -> None:
    view.show_text(r"one $x$ two $y$ three")
    cursor = view.document().find("two")
    start = cursor.selectionStart()
    cursor.setPosition(start)
    cursor.setPosition(start + 5, cursor.MoveMode.KeepAnchor)
    view.setTextCursor(cursor)
    assert view.copied() == "two $y$"


def test_a_formula_stands_on_the_base_line(view: MessageView) -> None:
    view.show_text(r"one $\frac{3}{4}$ two")
    drawn = formula.draw(r"\frac{3}{4}", theme.scale(16), theme.current().ink, display=False)
    assert drawn is not None
    line = view.document().begin().layout().lineAt(0)
    metrics = QFontMetricsF(theme.font(16))
    assert line.descent() >= drawn.descent - 0.5
    assert line.descent() <= drawn.descent + 2
    assert line.ascent() >= drawn.ascent - 0.5 > metrics.ascent()


def test_a_display_formula_has_a_centred_line_of_its_own(view: MessageView) -> None:
    view.show_text("So\n\n$$x^2$$\n\nand on")
    block = view.document().findBlockByNumber(1)
    assert block.length() == 2
    assert block.blockFormat().alignment().name == "AlignHCenter"


def test_formulas_follow_text_size_and_colour(view: MessageView) -> None:
    small = formula.draw("x", 16, "#000000", display=False)
    large = formula.draw("x", 32, "#000000", display=False)
    assert small is not None and large is not None
    assert large.width == pytest.approx(2 * small.width, rel=0.2)
    assert formula.draw("x", 16, "#000000", display=False) is small, "cached"
    assert formula.draw("x", 16, "#FFFFFF", display=False) is not small


def test_a_wide_formula_is_made_smaller_and_not_cut(view: MessageView) -> None:
    view.resize(300, 200)
    view.show()
    view.show_text("$$" + " + ".join(rf"\frac{{{n}}}{{{n + 1}}}" for n in range(30)) + "$$")
    assert view.document().size().width() <= 300
    assert view.document().idealWidth() <= 300


@pytest.mark.parametrize("broken", [r"\frac{", r"\nosuchcommand{x}{", r"}{", r"\left(", r"x^^2", "&&&", r"\begin{x}"])
def test_broken_latex_is_shown_as_it_was_written(view: MessageView, broken: str) -> None:
    view.show_text(f"before ${broken}$ after")
    shown = view.copied()
    assert shown.startswith("before ") and shown.endswith(" after")
    assert broken in shown


@pytest.mark.parametrize(
    ("latex", "words"),
    [
        (r"\frac{3}{4}", "3 over 4"),
        (r"\frac{x+1}{2}", "the fraction x plus 1, over 2,"),
        (r"x^2 + y^3", "x squared plus y cubed"),
        (r"2^{10}", "2 to the power 10"),
        (r"90^\circ", "90 degrees"),
        (r"\sqrt{16} = 4", "the square root of 16 equals 4"),
        (r"3 \times 4 \le 12", "3 times 4 is at most 12"),
        (r"5\text{ cm}", "5 cm"),
        (r"12{,}5 \div 2", "12 , 5 divided by 2"),
    ],
)
def test_formulas_are_read_out_as_people_say_them(latex: str, words: str) -> None:
    assert spoken.words(latex) == words


def test_the_accessible_text_has_the_spoken_form(view: MessageView) -> None:
    view.show_text(r"It is $\frac{7}{8}$.")
    assert view.spoken() == "It is 7 over 8."
    assert view.accessibleDescription() == "It is 7 over 8."
