"""Emoji as words, since the classifier's vocabulary has few: Unicode's own names, plainer where a name is odd."""

import re
import unicodedata
from collections.abc import Callable
from typing import Final

_PLAIN: Final = {
    "🖕": "middle finger", "🍆": "penis", "🍑": "bottom", "💩": "poo", "🤬": "swearing face", "😂": "laughing",
    "🤣": "laughing", "😭": "crying", "😢": "crying", "💀": "skull", "☠": "skull", "🔪": "knife", "🔫": "gun",
    "💣": "bomb", "🤮": "vomiting", "🤢": "sick face", "🤡": "clown", "😡": "angry", "😠": "angry", "👿": "devil",
    "😈": "devil", "❤": "love", "😍": "love", "🥰": "love", "👍": "thumbs up", "👎": "thumbs down", "😊": "smile",
    "😀": "smile", "😃": "smile", "😄": "smile", "😁": "grin", "🙂": "smile", "🙃": "upside down smile",
    "😔": "sad", "☹": "sad", "🙁": "sad", "😞": "sad", "😩": "tired", "😫": "tired", "🙏": "please", "🤔": "thinking",
    "🎉": "party", "🔥": "fire", "💊": "pills", "🩸": "blood", "⚰": "coffin", "🪦": "grave", "🐒": "monkey",
    "🐵": "monkey", "🦍": "gorilla", "🐷": "pig", "🐖": "pig", "🐀": "rat", "🐁": "rat", "🐕": "dog", "🐶": "dog",
    "🚮": "rubbish", "🗑": "rubbish bin", "☪": "muslim", "✡": "jewish", "✝": "christian", "🕌": "mosque",
    "🕍": "synagogue", "⛪": "church", "♀": "woman", "♂": "man", "⚧": "transgender", "🏳": "flag", "🏴": "flag",
    "🌈": "rainbow", "♿": "wheelchair", "🧕": "woman with headscarf", "👳": "man with turban", "✅": "yes", "❌": "no",
}  # fmt: skip
_DROPPED: Final = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f\u200d\u20e3\U000e0020-\U000e007f]")
"""Skin tones, joiners and other parts without a meaning of their own here."""
_FLAG: Final = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
_EMOJI: Final = re.compile(
    "[\U0001f000-\U0001f1e5\U0001f200-\U0001faff\u2600-\u27bf\u2b50\u2b55\u231a\u231b\u23e9-\u23f3]"
)
_NOISE: Final = re.compile(r"\b(?:with|face|sign|symbol|of|heavy|black|white)\b", re.I)
_MATHS: Final = frozenset("✓✔✕✖✗✘➕➖➗")
"""Marks that learners use in sums."""


def named(text: str) -> str:
    """The text with every emoji as a word or two."""
    return text if text.isascii() else _swap(text, _word)


def without(text: str) -> str:
    """The text with no emoji."""
    return text if text.isascii() else _swap(text, lambda _: "")


def _swap(text: str, word: Callable[[str], str]) -> str:
    def spaced(match: re.Match[str]) -> str:
        return match[0] if match[0] in _MATHS else f" {word(match[0])} "

    if not (_EMOJI.search(text) or _FLAG.search(text)):
        return text
    text = _FLAG.sub(lambda m: f" {word(m[0])} ", _DROPPED.sub("", text))
    return re.sub(r" {2,}", " ", _EMOJI.sub(spaced, text)).strip(" ")


def _word(char: str) -> str:
    known = _PLAIN.get(char)
    if known is not None:
        return known
    if len(char) > 1:
        return "flag"
    name = unicodedata.name(char, "").lower()
    return " ".join(_NOISE.sub(" ", name).split()) or name
