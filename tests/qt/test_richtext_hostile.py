"""Texts that were never meant to be shown: no hang, no crash, nothing loaded, nothing lost from the copy."""

import random
import subprocess
import sys
import time

import pytest
from pytestqt.qtbot import QtBot

from tutor.qt.richtext import formula, spoken
from tutor.qt.richtext.view import MessageView

PATIENCE_S = 8
"""Of processor time, which a busy machine does not use up; each takes well under a second."""

HOSTILE = {
    "a megabyte of words": "word " * 200_000,
    "a megabyte in one word": "x" * 1_000_000,
    "a megabyte of lines": "x\n" * 500_000,
    "nul and control characters": "a\x00b\x01c\x1b[31md\x7f\r\n\x0be",
    "right to left": "مرحبا ‏123 \u202eabc\u202c שלום " * 200,
    "combining": "e" + "\u0301" * 5_000 + " Z̷̢͇a̵l̶g̴o̷" * 100,
    "ten thousand emoji": "😀👩‍👩‍👧‍👦🏳️‍🌈" * 3_400,
    "lone surrogates": "a\ud800b\udfffc",
    "qt's own markers": "a\ufdd0b\ufdd1c\ufffcd\ue000e\uffff" * 50,
    "open brackets": "[" * 20_000,
    "open brackets with images": "![" * 10_000,
    "stars": "*a " * 6_000 + "**" * 3_000,
    "backticks": "`" * 9_999 + "``` ` " * 1_000,
    "quotes in quotes": ">" * 20_000,
    "lists in lists": "".join(" " * n + "- x\n" for n in range(200)),
    "angle brackets": "<" * 20_000,
    "links in links": "[a](" * 5_000,
    "a wide table": "|" * 5_000 + "\n" + "|-" * 5_000 + "\n",
    "a long table": "|a|b|\n|-|-|\n" + "|1|2|\n" * 3_000,
    "dollars": "$" * 20_000,
    "pairs of dollars": "$a$ " * 5_000,
    "open maths": r"\(" * 10_000,
    "open display maths": "\\[\n" * 6_000,
    "entities": "&amp;&#0;&#x110000;&nbsp;" * 500,
    "html": "<table><tr><td>" * 1_000 + '<img src="file:///dev/zero"><iframe src="http://x">',
    "style": '<style>* {font-size: 9999px}</style><p style="font-size:9999px">x',
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("learner", [False, True], ids=["tutor", "learner"])
def test_no_text_hangs_or_breaks_a_message(qtbot: QtBot, name: str, learner: bool) -> None:
    view = MessageView(learner=learner, fit=learner)
    qtbot.addWidget(view)
    view.resize(600, 200)
    view.set_room(500)
    started = time.process_time()
    view.show_text(HOSTILE[name])
    view.show()
    view.grab()
    assert time.process_time() - started < PATIENCE_S
    assert view.document().characterCount() > 1
    assert view.viewport().width() <= 600


def test_a_long_text_says_how_much_is_not_shown(qtbot: QtBot) -> None:
    view = MessageView()
    qtbot.addWidget(view)
    view.show_text("word " * 200_000)
    assert "980,000 more characters are kept and copied, but not shown here." in view.toPlainText()


def test_a_very_long_word_is_broken_and_not_cut(qtbot: QtBot) -> None:
    view = MessageView()
    qtbot.addWidget(view)
    view.resize(300, 100)
    view.show()
    view.show_text("x" * 500)
    assert view.document().idealWidth() <= 300
    assert view.document().begin().layout().lineCount() > 5


LATEX = [
    "{" * 500,
    "}" * 500,
    r"\frac" * 200,
    r"\sqrt{" * 100,
    "x^" * 200,
    "x_{" * 100,
    r"\left(" * 60,
    "&" * 500,
    r"\begin{matrix}" * 40,
    r"\begin{matrix}" + r"1 & 2 \\" * 60 + r"\end{matrix}",
    r"\def\x{\x\x}\x",
    r"\input{/etc/passwd}",
    r"\href{http://x}{y}",
    r"\rule{99999em}{99999em}",
    r"\hspace{99999em}x",
    r"\text{$x$}",
    "\x00",
    "日本語",
    r"\frac{1}{" * 12 + "1" + "}" * 12,
    r"\left(" * 7 + "1" + r"\right)" * 7,
    r"\sqrt[" * 50,
    r"\overbrace{" * 20,
    "'" * 300,
    r"\\" * 200,
    "#$%^&_",
    "\\",
    "x+" * 3_000,
]


@pytest.mark.parametrize("latex", LATEX)
def test_no_latex_hangs_or_raises(qtbot: QtBot, latex: str) -> None:
    started = time.process_time()
    drawn = formula.draw(latex, 16, "#000000", display=True)
    spoken.words(latex)
    assert time.process_time() - started < PATIENCE_S
    assert drawn is None or (drawn.width < 20_000 and drawn.ascent + drawn.descent < 5_000)


def test_latex_of_random_pieces_never_raises(qtbot: QtBot) -> None:
    pieces = [
        r"\frac",
        r"\sqrt",
        r"\left",
        r"\right",
        "{",
        "}",
        "^",
        "_",
        "(",
        ")",
        "[",
        "]",
        "x",
        "12",
        "&",
        r"\\",
        "'",
    ]
    pieces += [r"\begin{matrix}", r"\end{matrix}", r"\text", r"\overline", r"\sum", r"\limits", r"\,", "|", "=", " "]
    rng = random.Random(20)
    started = time.process_time()
    for _ in range(250):
        latex = "".join(rng.choices(pieces, k=rng.randint(1, 25)))
        formula.draw(latex, 16, "#000000", display=False)
        spoken.words(latex)
    assert time.process_time() - started < 3 * PATIENCE_S


def test_nothing_heavy_is_imported_before_the_first_message() -> None:
    script = (
        "import sys\n"
        "import tutor.qt.learner.page, tutor.qt.richtext.view\n"
        "print([name for name in ('pygments', 'ziamath', 'markdown_it', 'mdit_py_plugins') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
