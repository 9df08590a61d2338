"""Reading level: the Flesch-Kincaid grade (Kincaid et al. 1975), 0.39 words/sentence + 11.8 syllables/word - 15.59."""

import re
from collections.abc import Collection, Sequence
from typing import Final

from tutor.domain_lessons import ReadingLevel
from tutor.tutoring.rules.sight import Sight
from tutor.tutoring.rules.syllables import syllables
from tutor.tutoring.rules.texts import WORD, sentences, stems

LEAST_WORDS: Final = 8
"""Shorter texts have no level that means anything."""
_KNOWN: Final = 2
"""Most syllables that count of a word that the lesson itself teaches."""
_MATHS: Final = re.compile(r"[\d=+\-−*/×÷·<>≤≥≈^()%£$€.,:½¼¾\s]*\d[\d=+\-−*/×÷·<>≤≥≈^()%£$€.,:½¼¾\s]*")


def grade(text: str, known: Collection[str] = ()) -> float:
    """Of a whole text. `known`: stems of words that the reader is taught, which count no more than two syllables.

    A sum in signs counts as one word of one syllable.
    """
    words = syllabic = 0
    cut = sentences(_MATHS.sub(lambda m: " 1" + ("\n" if "\n" in m[0] else " "), text))
    cut = [one for one in cut if WORD.search(one)]
    for word in (word for one in cut for word in WORD.findall(one)):
        words += 1
        count = syllables(word)
        syllabic += min(count, _KNOWN) if count > _KNOWN and stems(word.casefold()) & frozenset(known) else count
    return 0.39 * words / len(cut) + 11.8 * syllabic / words - 15.59 if words else 0.0


def broken(text: str, before: Sequence[str], guideline: ReadingLevel, sight: Sight) -> str | None:
    """`9.2 > 6` when the turn so far is too hard and this sentence makes it so."""
    whole = " ".join((*before, text))
    if len(WORD.findall(whole)) < LEAST_WORDS:
        return None
    found = grade(whole, sight.vocabulary)
    if found <= guideline.grade or (before and grade(text, sight.vocabulary) <= guideline.grade):
        return None
    return f"{found:.1f} > {guideline.grade:g}"


def turn_broken(text: str, guideline: ReadingLevel, sight: Sight) -> str | None:
    """The same of a whole turn."""
    return broken(text, (), guideline, sight)
