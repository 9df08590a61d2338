"""One formula, drawn by ziamath as SVG in the theme's ink. Cached; what cannot be drawn gives None.

ziamath (30 MB, a quarter of a second) is imported with the first formula.
"""

import logging
import math
import re
from functools import lru_cache
from typing import Final, NamedTuple

from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtSvg import QSvgRenderer

MAX_COST: Final = 1_200
"""Of one formula, see `cost`; a fifth of a second or so."""

MAX_DEPTH: Final = 7
"""Nested groups; more is not something a lesson has."""

_LOG = logging.getLogger(__name__)
_OPENING: Final = ("{", "\\left", "\\begin")
_NESTING = re.compile(r"\\left(?![a-z])|\\right(?![a-z])|\\begin|\\end|\\[{}]|[{}]")
_VIEW_BOX = re.compile(r'viewBox="(-?[\d.]+) (-?[\d.]+) ([\d.]+) ([\d.]+)"')


class Drawn(NamedTuple):
    """A formula ready to paint; pixels."""

    renderer: QSvgRenderer
    width: float
    ascent: float
    descent: float

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        self.renderer.render(painter, rect)


@lru_cache(maxsize=400)
def draw(latex: str, px: int, colour: str, *, display: bool) -> Drawn | None:
    """The formula at a font size of `px`, or None when it cannot be read (then show its source)."""
    if depth(latex) > MAX_DEPTH or cost(latex) > MAX_COST:
        return None
    try:
        import ziamath

        ziamath.config.svg2 = False  # QtSvg drops glyphs that are referred to by <use>
        # fractions keep their full size within a line, too: small ones are hard to read for children
        svg = ziamath.Latex(latex, size=px, color=colour, inline=not display and "\\frac" not in latex).svg()
    except Exception as error:  # noqa: BLE001 - any LaTeX may come; ziamath and latex2mathml raise all kinds of errors
        _LOG.info("a formula could not be drawn: %s", type(error).__name__)
        return None
    box = _VIEW_BOX.search(svg)
    if box is None:
        return None
    _, top, width, height = (float(number) for number in box.groups())
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    if not renderer.isValid() or not (0 < width < 20_000 and 0 < height < 5_000):
        return None
    return Drawn(renderer, width, -top, height + top)


def cost(latex: str) -> int:
    """How long drawing takes, in units of about 0.2 ms: by length, and doubled by each level of nesting (measured)."""
    return len(latex) << max(0, depth(latex) - 2)


def depth(latex: str) -> int:
    """The deepest nesting of braces, `\\left` and `\\begin`; not more than a bit over `MAX_DEPTH` is counted."""
    deepest = now = 0
    for token in _NESTING.findall(latex):
        if not token.startswith("\\{") and not token.startswith("\\}"):
            now += 1 if token in _OPENING else -1
        deepest = max(deepest, now)
        if deepest > MAX_DEPTH:
            break
    return deepest


@lru_cache(maxsize=64)
def font_with_descent(pixels: float) -> QFont:
    """A font whose descent is at least `pixels`.

    Qt sets an inline object on the base line by the descent of its format's font, so this is how far it hangs down.
    """
    font = QFont()
    wanted = math.ceil(max(0.0, pixels))
    for size in range(1, 400):
        font.setPixelSize(size)
        if QFontMetrics(font).descent() >= wanted:
            break
    return font
