r"""LaTeX in words, for screen readers: `\frac{3}{4}` becomes "3 over 4"."""

import re
from typing import Final

from tutor.i18n import tr

MAX_TOKENS: Final = 400
MAX_DEPTH: Final = 12

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\d+(?:[.,]\d+)*|[A-Za-z]|[^\sA-Za-z\d]")


def _symbols() -> dict[str, str]:
    return {
        "+": tr("plus"),
        "-": tr("minus"),
        "−": tr("minus"),
        "*": tr("times"),
        "/": tr("over"),
        "=": tr("equals"),
        "<": tr("is less than"),
        ">": tr("is greater than"),
        "%": tr("percent"),
        "\\%": tr("percent"),
        "!": tr("factorial"),
        "\\times": tr("times"),
        "\\cdot": tr("times"),
        "\\div": tr("divided by"),
        "\\pm": tr("plus or minus"),
        "\\le": tr("is at most"),
        "\\leq": tr("is at most"),
        "\\ge": tr("is at least"),
        "\\geq": tr("is at least"),
        "\\ne": tr("is not equal to"),
        "\\neq": tr("is not equal to"),
        "\\approx": tr("is about"),
        "\\to": tr("to"),
        "\\rightarrow": tr("to"),
        "\\infty": tr("infinity"),
        "\\degree": tr("degrees"),
        "\\circ": tr("degrees"),
        "\\sum": tr("sum"),
        "\\int": tr("integral"),
        "\\ldots": tr("and so on"),
        "\\dots": tr("and so on"),
        "\\$": tr("dollars"),
    }


_SILENT: Final = frozenset("{}&|~") | frozenset(
    ["\\left", "\\right", "\\,", "\\;", "\\:", "\\!", "\\ ", "\\\\", "\\quad", "\\qquad", "\\displaystyle", "\\limits"]
)


def words(latex: str) -> str:
    """The formula as a person would read it out; unknown commands are read by their name."""
    tokens = _TOKEN.findall(latex)[:MAX_TOKENS]
    spoken, _ = _sequence(tokens, 0, 0, _symbols())
    return re.sub(r"\s+", " ", spoken).strip()


def _sequence(tokens: list[str], at: int, depth: int, symbols: dict[str, str]) -> tuple[str, int]:
    """Words up to the closing brace (or the end), and the index after it."""
    parts: list[str] = []
    while at < len(tokens) and tokens[at] != "}":
        said, at = _one(tokens, at, depth, symbols)
        parts.append(said)
    return " ".join(part for part in parts if part), at + 1


def _argument(tokens: list[str], at: int, depth: int, symbols: dict[str, str]) -> tuple[str, int]:
    """A braced group or a single token."""
    if at >= len(tokens):
        return "", at
    if tokens[at] == "{" and depth < MAX_DEPTH:
        return _sequence(tokens, at + 1, depth + 1, symbols)
    return _one(tokens, at, depth, symbols)


def _one(tokens: list[str], at: int, depth: int, symbols: dict[str, str]) -> tuple[str, int]:
    token = tokens[at]
    if token == "{" and depth < MAX_DEPTH:
        return _sequence(tokens, at + 1, depth + 1, symbols)
    if token in ("\\frac", "\\dfrac", "\\tfrac") and depth < MAX_DEPTH:
        top, at = _argument(tokens, at + 1, depth + 1, symbols)
        bottom, at = _argument(tokens, at, depth + 1, symbols)
        return _fraction(top, bottom), at
    if token == "\\sqrt" and depth < MAX_DEPTH:
        inside, at = _argument(tokens, at + 1, depth + 1, symbols)
        return tr("the square root of {value}", value=inside) + ("," if " " in inside else ""), at
    if token == "^" and depth < MAX_DEPTH:
        power, at = _argument(tokens, at + 1, depth + 1, symbols)
        return _power(power, symbols), at
    if token == "_" and depth < MAX_DEPTH:
        below, at = _argument(tokens, at + 1, depth + 1, symbols)
        return tr("sub {value}", value=below), at
    if token in ("\\text", "\\mathrm", "\\mathbf", "\\operatorname", "\\textbf") and depth < MAX_DEPTH:
        letters, at = _argument(tokens, at + 1, depth + 1, symbols)
        return letters if len(letters) < 2 else re.sub(r"(?<=\b\w) (?=\w\b)", "", letters), at
    if token in symbols:
        return symbols[token], at + 1
    if token in _SILENT or token == "}":
        return "", at + 1
    return token.lstrip("\\"), at + 1


def _fraction(top: str, bottom: str) -> str:
    """Short fractions in one breath, long ones with their ends marked."""
    if " " in top or " " in bottom:
        return tr("the fraction {top}, over {bottom},", top=top, bottom=bottom)
    return tr("{top} over {bottom}", top=top, bottom=bottom)


def _power(power: str, symbols: dict[str, str]) -> str:
    if power == "2":
        return tr("squared")
    if power == "3":
        return tr("cubed")
    if power == symbols["\\circ"]:
        return power
    return tr("to the power {value}", value=power)
