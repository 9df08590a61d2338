"""Text as it should be read: ligatures, soft hyphens, odd spaces and invisible signs undone, broken words mended."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

_LIGATURES: Final = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "Ĳ": "IJ", "ĳ": "ij"}
)
_SOFT_HYPHEN: Final = "\u00ad"
_SPACES: Final = re.compile(r"[^\S\n]+")
_BROKEN: Final = re.compile(r"([^\W\d_]{2,})[-‐](\n)\s*([a-zà-öø-ÿ]{2,})")
"""A word that was cut at the end of a line."""
_JOINED: Final = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)+")
_KEPT: Final = frozenset(
    {"well", "self", "non", "mid", "half", "ex", "anti", "co", "semi", "all", "high", "low", "long", "short", "old",
     "new", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twenty", "thirty", "forty",
     "fifty", "sixty", "seventy", "eighty", "ninety"}
)  # fmt: skip
"""First parts that keep their hyphen where the text does not show the word elsewhere."""


def plain(text: str) -> str:
    """One line or paragraph with single spaces and nothing invisible. Line breaks become spaces."""
    return _SPACES.sub(" ", signs(text).replace("\n", " ")).strip()


def signs(text: str) -> str:
    """The same words in plain signs; line breaks stay."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    text = unicodedata.normalize("NFC", text.translate(_LIGATURES).replace(_SOFT_HYPHEN + "\n", ""))
    text = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(char for char in text if char in "\n\t" or _shown(char))


def _shown(char: str) -> bool:
    """Control signs, direction overrides, zero-width and private-use signs carry no words."""
    return char.isprintable() or unicodedata.category(char) == "Zs"


def known_compounds(lines: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Words written with a hyphen inside a line, and all words without: what a broken word is held against."""
    hyphened: set[str] = set()
    whole: set[str] = set()
    for line in lines:
        low = line.lower().replace("‐", "-")
        hyphened.update(_JOINED.findall(low))
        whole.update(re.findall(r"[^\W\d_]+", low))
    return frozenset(hyphened), frozenset(whole)


def mended(text: str, known: tuple[frozenset[str], frozenset[str]]) -> str:
    """Words that were broken at the end of a line put together again; a compound keeps its hyphen."""
    hyphened, whole = known

    def join(found: re.Match[str]) -> str:
        first, second = found.group(1), found.group(3)
        if f"{first}-{second}".lower() in hyphened:
            return f"{first}-{second}"
        if f"{first}{second}".lower() in whole:
            return first + second
        return f"{first}-{second}" if first.lower() in _KEPT else first + second

    return _BROKEN.sub(join, text)
