"""Tone: harshness, sarcasm, shouting, flattery of wrong work, claimed feelings or friendship, guilt and secrets."""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tutor.domain_lessons import Tone
from tutor.tutoring.rules import asking
from tutor.tutoring.rules.sight import Sight

_DATA: Final = tomllib.loads(Path(__file__).with_name("tone.toml").read_text(encoding="utf-8"))
_PATTERNS: Final[dict[str, re.Pattern[str]]] = {
    name: re.compile("|".join(f"(?:{pattern})" for pattern in patterns)) for name, patterns in _DATA["faults"].items()
}
_PRAISE: Final = re.compile("|".join(f"(?:{pattern})" for pattern in _DATA["praise_of_work"]))
_QUOTED: Final = re.compile(r"[\"“«„][^\"”»“]{0,400}[\"”»“]")
_LOUD: Final = re.compile(r"\b[A-Z]{3,}(?:'[A-Z]+)?\b")
_SHORT_FORMS: Final = frozenset(str(_DATA["short_forms"]).split())
_OF_A_TEXT: Final = re.compile(
    r"\b(?:in|of|from) (?:the|a|this|that|your) (?:\w+ )?(?:story|poem|text|book|tale|play|fable|sentence|picture|novel"
    r"|chapter|passage|film|song|problem|puzzle)\b"
    r"|\b(?:the|this) (?:text|story|poem|book|diary|passage) (?:says|tells)\b"
    r"|\b(?:says|said) (?:the|her|his) (?:text|story|poem|book|diary)\b|\b(?:the|this) word \w+\b"
)
_TO_SOMEBODY: Final = re.compile(r"\b(?:you|your|yours|you're|you've|u|i|i'm|me|my|we|us|our)\b")
_LOUD_MOST: Final = 1
"""Words in capitals that are still emphasis."""


def broken(text: str, before: Sequence[str], guideline: Tone, sight: Sight) -> str | None:
    """The fault that a sentence has, None when it has none that the guideline names."""
    said = _QUOTED.sub(" ", text)
    plain = re.sub(r"\s+", " ", said.casefold().replace("’", "'")).strip()
    if "shouting" in guideline.faults and _shouts(said):
        return "shouting"
    if _OF_A_TEXT.search(plain) and not _TO_SOMEBODY.search(plain):
        return None  # what people in a text are like, or a word means
    for fault in guideline.faults:
        if fault == "shouting":
            continue
        if fault == "flattery":
            if _flatters(plain, sight):
                return fault
        elif fault in _PATTERNS and _PATTERNS[fault].search(plain):
            return fault
    whole = len(guideline.faults) >= len(_PATTERNS)  # the fitted rule does not say which fault it is
    return "sounds amiss" if whole and said.strip() and asking.asks("tone", said, sight.encode) else None


def _shouts(text: str) -> bool:
    loud = [word for word in _LOUD.findall(text) if word not in _SHORT_FORMS]
    if re.search(r"[!?]{3,}|!{2,}", text):
        return True
    letters = [c for c in text if c.isalpha()]
    return len(loud) > _LOUD_MOST or (
        bool(loud) and len(letters) > 3 and sum(c.isupper() for c in letters) > 0.6 * len(letters)
    )


def _flatters(plain: str, sight: Sight) -> bool:
    """Praise of the person beyond measure, always; praise of the work where the work is wrong."""
    if _PATTERNS["flattery"].search(plain):
        return True
    return sight.right is False and _PRAISE.search(plain) is not None
