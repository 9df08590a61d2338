"""Prepared HTML into a QTextDocument: base style, formulas in their places, line height; and text back out of it."""

import math
from collections.abc import Callable
from typing import Final, NamedTuple

from PySide6.QtCore import QObject, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFontMetricsF,
    QPainter,
    QPyTextObject,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextOption,
    QTextTable,
)

from tutor.qt import theme
from tutor.qt.richtext import formula, spoken
from tutor.qt.richtext.markdown import PLACE, Formula, Prepared

KIND: Final = int(QTextFormat.ObjectTypes.UserObject) + 1
LATEX: Final = int(QTextFormat.Property.UserProperty) + 1
DISPLAY: Final = int(QTextFormat.Property.UserProperty) + 2
OBJECT: Final = "\ufffc"
LINE_HEIGHT: Final = 1.5
"""Of the text size, as in the look; Qt wants it as a part of the font's own height."""


MAX_COST: Final = 6_000
"""Of all formulas of a message together; the rest is shown as written."""


class Placed(NamedTuple):
    """A formula in a document."""

    position: int
    formula: Formula

    def source(self) -> str:
        mark = "$$" if self.formula.display else "$"
        return f"{mark}{self.formula.latex}{mark}"


class FormulaObject(QPyTextObject):
    """Draws the formulas of one document. Too wide ones are made smaller rather than cut."""

    def intrinsicSize(self, doc: QTextDocument, _position: int, fmt: QTextFormat) -> QSizeF:
        drawn = _drawn(doc, fmt)
        if drawn is None:
            return QSizeF(1, 1)
        scale = _fit(doc, drawn)
        hanging = math.ceil(QFontMetricsF(fmt.toCharFormat().font()).descent())
        return QSizeF(drawn.width * scale, _rise(doc, drawn, scale) + max(hanging, drawn.descent * scale))

    def drawObject(
        self, painter: QPainter, rect: QRectF | QRect, doc: QTextDocument, _position: int, fmt: QTextFormat
    ) -> None:
        drawn = _drawn(doc, fmt)
        if drawn is not None:
            scale = _fit(doc, drawn)
            height = (drawn.ascent + drawn.descent) * scale
            top = rect.y() + _rise(doc, drawn, scale) - drawn.ascent * scale
            drawn.paint(painter, QRectF(rect.x(), top, drawn.width * scale, height))


def _drawn(doc: QTextDocument, fmt: QTextFormat) -> formula.Drawn | None:
    latex, display = str(fmt.property(LATEX)), bool(fmt.property(DISPLAY))
    return formula.draw(latex, doc.defaultFont().pixelSize(), theme.current().ink, display=display)


def _fit(doc: QTextDocument, drawn: formula.Drawn) -> float:
    room = doc.textWidth() - 2 * doc.documentMargin()
    return min(1.0, room / drawn.width) if room > 0 else 1.0


def _rise(doc: QTextDocument, drawn: formula.Drawn, scale: float) -> float:
    """How far the object reaches above the base line: at least as far as the words do, so that lines stay even."""
    return max(drawn.ascent * scale, QFontMetricsF(doc.defaultFont()).ascent())


def new(parent: QObject, painter: FormulaObject) -> QTextDocument:
    """An empty document that draws its formulas by `painter` (which must live as long)."""
    document = QTextDocument(parent)
    document.setUndoRedoEnabled(False)
    document.setDocumentMargin(0)
    document.documentLayout().registerHandler(KIND, painter)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    document.setDefaultTextOption(option)
    return document


def fill(document: QTextDocument, prepared: Prepared) -> tuple[Placed, ...]:
    """Replace the document's content, in the theme and text size in force. Returns where the formulas went."""
    font = theme.font(16)
    document.setDefaultFont(font)
    document.setIndentWidth(theme.scale(24))
    document.setDefaultStyleSheet(_style())
    document.setHtml(prepared.html)
    _line_height(document, LINE_HEIGHT * font.pixelSize() / QFontMetricsF(font).height())
    _tables(document)
    placed = _formulas(document, prepared.formulas)
    last = QTextCursor(document.lastBlock())
    ending = QTextBlockFormat()
    ending.setBottomMargin(0)
    last.mergeBlockFormat(ending)
    return placed


def text(document: QTextDocument, placed: tuple[Placed, ...], start: int, end: int, *, aloud: bool = False) -> str:
    """The words from `start` to `end` with the formulas as LaTeX, or as a person would say them."""
    say: Callable[[Placed], str] = (lambda p: spoken.words(p.formula.latex)) if aloud else Placed.source
    parts: list[str] = []
    cursor = QTextCursor(document)
    at = start
    for each in placed:
        if start <= each.position < end:
            parts += [_words(cursor, at, each.position), say(each)]
            at = each.position + 1
    parts.append(_words(cursor, at, end))
    return "".join(parts)


def _words(cursor: QTextCursor, start: int, end: int) -> str:
    cursor.setPosition(start)
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    found = cursor.selectedText().replace("\u2029", "\n").replace("\u2028", "\n").replace("\xa0", " ")
    return found.replace("\ufdd0", "\n").replace("\ufdd1", "\n")


def _style() -> str:
    tokens, px = theme.current(), theme.scale
    mono = "'DejaVu Sans Mono', 'Noto Sans Mono', 'Consolas', 'Menlo', monospace"
    gap = f"margin-top: 0px; margin-bottom: {px(10)}px"
    return f"""
p {{ {gap}; }}
h1 {{ font-size: {px(22)}px; font-weight: 600; margin-top: {px(12)}px; margin-bottom: {px(8)}px; }}
h2 {{ font-size: {px(20)}px; font-weight: 600; margin-top: {px(12)}px; margin-bottom: {px(8)}px; }}
h3, h4, h5, h6 {{ font-size: {px(17)}px; font-weight: 600; margin-top: {px(10)}px; margin-bottom: {px(6)}px; }}
ul, ol {{ margin-top: 0px; margin-bottom: {px(10)}px; }}
li {{ margin-bottom: {px(4)}px; }}
blockquote {{ margin-left: {px(16)}px; color: {tokens.quiet}; }}
pre, code {{ font-family: {mono}; font-size: {px(15)}px; }}
pre {{ margin: 0px; white-space: pre-wrap; }}
th {{ font-weight: 600; }}
a {{ color: {tokens.accent}; text-decoration: underline; }}
"""


def _line_height(document: QTextDocument, part: float) -> None:
    spacing = QTextBlockFormat()
    spacing.setLineHeight(round(part * 100), int(QTextBlockFormat.LineHeightTypes.ProportionalHeight.value))
    cursor = QTextCursor(document)
    cursor.select(QTextCursor.SelectionType.Document)
    cursor.mergeBlockFormat(spacing)


def _tables(document: QTextDocument) -> None:
    """Hairlines around the cells of tables of data; a gap under every table."""
    tokens = theme.current()
    for frame in document.rootFrame().childFrames():
        if not isinstance(frame, QTextTable):
            continue
        shape = frame.format()
        if shape.cellPadding() != 10:  # not a block of code, see code.block
            shape.setBorderCollapse(True)
            shape.setBorder(1)
            shape.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
            shape.setBorderBrush(_brush(tokens.edge if tokens.contrast else tokens.line))
            shape.setCellPadding(theme.scale(6))
        elif tokens.contrast:
            shape.setBorderCollapse(True)
            shape.setBorder(1)
            shape.setBorderBrush(_brush(tokens.edge))
        shape.setTopMargin(theme.scale(6))
        shape.setBottomMargin(theme.scale(12))
        frame.setFormat(shape)


def _brush(colour: str) -> QBrush:
    return QBrush(QColor(colour))


def _formulas(document: QTextDocument, formulas: tuple[Formula, ...]) -> tuple[Placed, ...]:
    placed: list[Placed] = []
    cursor = QTextCursor(document)
    px, ink = document.defaultFont().pixelSize(), theme.current().ink
    below = QFontMetricsF(document.defaultFont()).descent()
    left = MAX_COST
    for each in formulas:
        cursor = document.find(PLACE, cursor)
        if cursor.isNull():
            break
        left -= formula.cost(each.latex)
        drawn = formula.draw(each.latex, px, ink, display=each.display) if left >= 0 else None
        if drawn is None:
            cursor.insertText(Placed(0, each).source())
            continue
        shape = QTextCharFormat()
        shape.setObjectType(KIND)
        shape.setProperty(LATEX, each.latex)
        shape.setProperty(DISPLAY, each.display)
        shape.setFont(formula.font_with_descent(max(drawn.descent, below)))
        shape.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignBaseline)
        shape.setToolTip(spoken.words(each.latex))
        alone = each.display and cursor.block().length() == 2
        cursor.insertText(OBJECT, shape)
        placed.append(Placed(cursor.position() - 1, each))
        if alone:
            _centre(cursor)
    return tuple(placed)


def _centre(cursor: QTextCursor) -> None:
    centred = QTextBlockFormat()
    centred.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    centred.setTopMargin(theme.scale(4))
    centred.setBottomMargin(theme.scale(12))
    cursor.mergeBlockFormat(centred)
