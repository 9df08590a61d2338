"""Markdown, tables, code and learners' words as documents; copying; what must never be loaded."""

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QImage, QTextDocument, QTextTable
from pytestqt.qtbot import QtBot

from tutor.qt import theme
from tutor.qt.richtext import code, markdown
from tutor.qt.richtext.flat import flat
from tutor.qt.richtext.view import MessageView


@pytest.fixture
def view(qtbot: QtBot) -> MessageView:
    made = MessageView()
    qtbot.addWidget(made)
    made.resize(600, 200)
    return made


def colours(view: MessageView) -> set[str]:
    """All text colours in the document."""
    found = set()
    block = view.document().begin()
    while block.isValid():
        found |= {f.format.foreground().color().name() for f in block.textFormats()}
        block = block.next()
    return found


def test_markdown_becomes_formatted_words(view: MessageView) -> None:
    view.show_text("# Title\n\nSome **bold** and *soft* words.\n\n1. one\n2. two")
    assert view.toPlainText() == "Title\nSome bold and soft words.\none\ntwo"
    bold = view.document().find("bold")
    assert bold.charFormat().fontWeight() > 500


def test_stars_between_numbers_stay_stars(view: MessageView) -> None:
    view.show_text("2 * 3 * 4 = 24 and 2*3*4 = 24")
    assert view.toPlainText().startswith("2 * 3 * 4 = 24")


def test_a_table_has_cells_with_hairlines(view: MessageView) -> None:
    view.show_text("| step | sum |\n|---|--:|\n| one | 6 + 1 |")
    [table] = [f for f in view.document().rootFrame().childFrames() if isinstance(f, QTextTable)]
    assert (table.rows(), table.columns()) == (2, 2)
    assert table.format().border() == 1
    assert table.format().borderBrush().color().name().upper() == theme.current().line


def test_code_is_highlighted_in_the_colours_of_the_theme(view: MessageView) -> None:
    view.show_text('```python\nreturn "seven"  # yes\n```')
    for name in ("accent", "good", "quiet"):
        assert getattr(theme.current(), name).lower() in colours(view)
    theme.apply(theme="dark")
    assert theme.current().accent.lower() in colours(view)
    assert view.toPlainText().strip() == 'return "seven"  # yes'


def test_code_in_an_unknown_language_is_shown_plain(view: MessageView) -> None:
    view.show_text("```klingon\nif <b> & so on\n```")
    assert view.toPlainText().strip() == "if <b> & so on"


def test_code_keeps_its_lines_and_spaces() -> None:
    source = "def f():\n\n    return 1\n"
    made = QTextDocument()
    made.setHtml(code.block(source, "python"))
    assert made.toPlainText().replace("\xa0", " ").strip() == source.strip()


def test_a_learners_words_stay_as_typed(view: MessageView) -> None:
    learner = MessageView(learner=True)
    words = "# not a title\n3 * 4 * 5 = *what*?\n  two   spaces <b>no tag</b> & so on"
    learner.show_text(words)
    assert learner.toPlainText().replace("\xa0", " ") == words
    learner.deleteLater()


def test_money_is_no_formula() -> None:
    assert markdown.question("I have $5 and you have $6.").formulas == ()
    assert markdown.answer("It costs $5 and $6.").formulas == ()


def test_html_is_shown_and_not_obeyed(view: MessageView) -> None:
    view.show_text('<img src="file:///etc/passwd"><script>alert(1)</script><b>x</b>')
    assert "<script>" in view.toPlainText()
    assert "￼" not in view.toPlainText()


def test_pictures_become_words_and_nothing_is_loaded(
    view: MessageView, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    real = MessageView.loadResource
    monkeypatch.setattr(MessageView, "loadResource", lambda self, k, n: (asked.append(n), real(self, k, n))[1])
    picture = tmp_path / "secret.png"
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.save(str(picture))
    view.show_text(f"![a cat](file://{picture}) ![](http://example.org/x.png) ![x]({picture})")
    view.show()
    view.grab()
    assert view.toPlainText() == "[picture: a cat] [picture] [picture: x]"
    assert asked == []


def test_even_a_picture_that_got_in_is_empty(view: MessageView, tmp_path: Path) -> None:
    picture = tmp_path / "secret.png"
    QImage(8, 8, QImage.Format.Format_RGB32).save(str(picture))
    given = view.loadResource(2, QUrl.fromLocalFile(str(picture)))
    assert isinstance(given, QImage) and given.isNull()


def test_links_are_words_unless_they_stay_in_the_program(view: MessageView) -> None:
    followed: list[str] = []
    view.link_clicked.connect(followed.append)
    view.show_text("[out](https://example.org) [file](file:///etc/passwd) [js](javascript:x) [in](lesson:12)")
    assert view.toPlainText() == "out file js in"
    links = [view.document().find(word).charFormat().anchorHref() for word in ("out", "file", "js", "in")]
    assert links == ["", "", "", "lesson:12"]
    view.anchorClicked.emit(QUrl("https://example.org"))
    view.anchorClicked.emit(QUrl("lesson:12"))
    assert followed == ["lesson:12"]


@pytest.mark.parametrize(
    ("title", "flat_title"),
    [
        (r"What is $\frac{3}{4}$ of 20?", "What is 3/4 of 20?"),
        (r"Solve $x^2 \times 3$", "Solve x² × 3"),
        ("I have $5 and you have $6", "I have $5 and you have $6"),
        ("Adding fractions", "Adding fractions"),
    ],
)
def test_titles_with_formulas_are_written_flat(title: str, flat_title: str) -> None:
    assert flat(title) == flat_title
