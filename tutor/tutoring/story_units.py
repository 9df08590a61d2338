"""The unit of what a story asks for: "apples" of "how many apples are left?", "km" of "how far did she drive?"."""

import re
from typing import Final

from tutor.tutoring import word_sums

_COUNTED: Final = re.compile(
    r"\bhow many (?:more |fewer |other |total |extra |different |of the |of his |of her |such |whole )?"
    r"(?P<noun>[a-z]+(?: (?:cars|clips|creams))?)\b"
)
_NO_NOUN: Final = frozenset(
    [
        "is",
        "are",
        "was",
        "were",
        "do",
        "does",
        "did",
        "will",
        "would",
        "can",
        "could",
        "must",
        "should",
        "has",
        "have",
        "had",
        "go",
        "goes",
        "went",
        "remain",
        "remained",
        "left",
        "more",
        "fewer",
        "get",
        "gets",
        "got",
        "stay",
        "stayed",
        "of",
        "in",
        "on",
        "at",
        "to",
        "per",
        "each",
        "he",
        "she",
        "they",
        "it",
        "we",
        "i",
        "you",
        "the",
        "there",
        "still",
        "now",
        "come",
        "came",
        "make",
        "times",
        "belong",
        "sat",
        "sit",
        "fit",
        "can's",
        "walk",
        "like",
        "have's",
        "stand",
        "stayed",
        "travelled",
        "cycle",
        "joined",
        "swim",
        "need",
        "not",
    ]
)
_MEASURED: Final = (
    (re.compile(r"\bhow (?:far|much (?:further|farther))\b|\bwhat distance\b"), ("km", "m", "miles", "metres", "cm")),
    (re.compile(r"\bhow (?:tall|high|wide|deep|much (?:taller|higher|wider|longer|deeper))\b|\bwhat length\b"),
     ("cm", "m", "metres", "mm", "km")),
    (re.compile(r"\bhow (?:heavy|much heavier)\b|\bweigh"), ("kg", "g", "grams", "tonnes")),
    (re.compile(r"\bhow old\b"), ("years",)),
    (re.compile(r"\bhow long\b"), ("minutes", "hours", "seconds", "days", "weeks", "cm", "m", "metres", "km")),
    (re.compile(r"\bhow much (?:water|juice|milk|lemonade|paint|oil|petrol|fuel)\b"), ("litres", "ml")),
)  # fmt: skip


def asked(story: str) -> str:
    """The unit that a normal story asks for, "" where its words do not say it for certain."""
    question = _question(story)
    counted = _COUNTED.search(question)
    if counted is not None:
        return counted["noun"] if counted["noun"] not in _NO_NOUN and len(counted["noun"]) > 1 else ""
    for pattern, units in _MEASURED:
        if pattern.search(question):
            after = {m[1] for m in re.finditer(r"\d ?([a-z]+)\b", story)}
            fitting = [unit for unit in units if unit in after]
            return fitting[0] if len(fitting) == 1 else ""
    return ""


def _question(story: str) -> str:
    sentences = [m[0] for m in word_sums.SENTENCE.finditer(story) if word_sums.asks(m[0])]
    return sentences[-1] if sentences else story
