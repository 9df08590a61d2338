"""Mending: wrongly decoded characters, odd spaces, invisible characters, empty lines."""

import re
from typing import Final

import ftfy

_CONFIG: Final = ftfy.TextFixerConfig(explain=False, unescape_html="auto", normalization="NFC")
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffc]")
_SPACES: Final = re.compile("[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_REPLACED: Final = "\ufffd"

MOST_LOST: Final = 0.02
"""A text with a larger share of characters that could not be decoded is not worth keeping."""


def mend(text: str) -> str:
    """The text as its writer meant it. Line breaks between paragraphs stay; indents of single lines do not."""
    text = ftfy.fix_text(text, _CONFIG).encode("utf-8", "replace").decode("utf-8")
    lines = (_SPACES.sub(" ", _INVISIBLE.sub("", line)).strip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def is_lost(text: str) -> bool:
    """Whether too much of a text was lost before it came here."""
    return text.count(_REPLACED) > MOST_LOST * len(text)
