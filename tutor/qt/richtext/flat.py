"""A short text with its LaTeX written flat, for titles and lists: `$\frac{3}{4}$` becomes 3/4."""

import re
from typing import Final

_FRACTION: Final = re.compile(r"\\[dt]?frac\s*\{([^{}]{0,80})\}\s*\{([^{}]{0,80})\}")
_ROOT: Final = re.compile(r"\\sqrt\s*\{([^{}]{0,80})\}")
_SIGNS: Final = {
    r"\times": "×", r"\cdot": "·", r"\div": "÷", r"\pm": "±", r"\leq": "≤", r"\geq": "≥", r"\neq": "≠", r"\le": "≤",
    r"\ge": "≥", r"\ne": "≠", r"\pi": "π", r"\%": "%", r"^2": "²", r"^3": "³",
}  # fmt: skip
_MARKS: Final = re.compile(r"\\[()\[\]]|(\${1,2})(?=[^\s$])([^$]*[^\s$])\1(?!\d)")


def flat(text: str) -> str:
    """The text as it can stand in one plain line; words without formulas stay as they are."""
    if "\\" not in text and text.count("$") < 2:
        return text
    text = _FRACTION.sub(r"\1/\2", text)
    text = _ROOT.sub(r"√\1", text)
    for latex, sign in _SIGNS.items():
        text = text.replace(latex, sign)
    return _MARKS.sub(lambda found: found.group(2) or "", text)
