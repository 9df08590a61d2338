"""Is an answer right? Right: it says what matters of the accepted answer, and nothing against it.

What matters are numbers, names and the rarer words. A rule of thumb that can be read, not a model's opinion: its
labelled examples are a test. In doubt it says no, so that a gain is never made of lenient judging.
"""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from tutor.domain import Frozen
from tutor.retrieval.words import stem
from tutor.tutoring.reading import NUMBER_WORDS

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+(?:[.,:/]\d+)*")
_SHORT: Final = re.compile(r"'(?:s|re|ll|m|ve|d)\b")
"""What is left of a small word behind another one."""
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+|\n+")
_WORDS: Final[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("right.toml").read_text(encoding="utf-8"))
_NUMBERS: Final = {word: str(n) for n, word in enumerate(NUMBER_WORDS)} | {
    "thirty": "30",
    "forty": "40",
    "fifty": "50",
    "sixty": "60",
}
_LOOSE: Final = frozenset({"one", "zero"})
"""Written in letters they are often no number ("one of them"), so they are never asked for nor counted against."""
_PARTS_OF_DAY: Final = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*([ap])\.?\s?m\b\.?", re.IGNORECASE)
_CLOCK: Final = re.compile(r"\b(half past|quarter past|quarter to) (\d{1,2})\b")
_LITTLE: Final = frozenset(_WORDS["little"].split())
_NOT: Final = frozenset(_WORDS["not"].split())
_NO_DENIAL: Final = re.compile(
    r"\b(?:don't worry|no problem|no need to worry|why not|not only|not just|whether or not|not sure why|no matter)\b"
)
_OPPOSITES: Final = [frozenset(pair.split("/")) for pair in _WORDS["opposites"].split()]
_ONE_OF: Final = [frozenset(kind.split()) for kind in _WORDS["one_of"]]
_DOES_NOT_KNOW: Final = re.compile(
    r"\b(?:don't know|do not know|not sure|can't help|cannot help|outside what i know|ask (?:a|your) (?:teacher|grown))"
)
_SHARE: Final = 0.5
"""Of the rarer words that must be there beside the numbers and names; the rest may be said in another way."""
_SHARE_ALONE: Final = 0.7
"""The same where no number and no name vouches for the answer."""


class Scored(Frozen):
    """What was found in one answer."""

    right: bool
    why: str = ""
    """Empty when right, else the first thing that is missing or wrong: for the report's page, not for logs."""


def score(said: str, accepted: str, *, question: str = "", wrong: str = "") -> Scored:
    """Judge `said` against the `accepted` answer to `question`; `wrong` is the flagged answer, if there was one."""
    if not said.strip():
        return Scored(right=False, why="no answer")
    mine, wanted, asked, flagged = _Read(said), _Read(accepted), _Read(question), _Read(wrong)
    if _DOES_NOT_KNOW.search(mine.plain) and not _DOES_NOT_KNOW.search(wanted.plain):
        return Scored(right=False, why="says that it does not know")
    return _missing(mine, wanted, asked) or _against(mine, wanted, asked, flagged) or Scored(right=True)


def is_right(said: str, accepted: str, *, question: str = "", wrong: str = "") -> bool:
    return score(said, accepted, question=question, wrong=wrong).right


class _Read:
    """A text taken apart."""

    def __init__(self, text: str) -> None:
        self.text = text.replace("’", "'").replace("‘", "'")
        self.plain = _SHORT.sub("", _times(_counts(self.text.lower())))
        words = _WORD.findall(self.plain)
        self.numbers = {w.replace(",", "") for w in words if w[0].isdigit()}
        self.all = [w for w in words if not w[0].isdigit()]
        self.names = _names(self.text)
        self.rarer = {stem(w) for w in self.all if w not in _LITTLE and w not in _NOT and len(w) > 2} | {
            stem(n) for n in self.names
        }
        self.opposites = {w for w in self.all if any(w in pair for pair in _OPPOSITES)}
        self.kinds = [{w.removesuffix("s") for w in self.all if w.removesuffix("s") in kind} for kind in _ONE_OF]

    def denied(self) -> set[str]:
        """The words that a denial stands close before: `never in pen`."""
        found = set()
        for clause in re.split(r"[,.;:!?\n]", self.plain):
            words = _WORD.findall(clause)
            for i, word in enumerate(words):
                if word in _NOT:
                    found |= set(words[i + 1 : i + 5])
        return found

    def about(self, stems: set[str]) -> set[str]:
        """The rarer words of the sentences that have one of these."""
        found = set()
        for sentence in _SENTENCE.split(self.plain):
            here = {stem(w) for w in _WORD.findall(sentence) if w in self.all and stem(w) in self.rarer}
            found |= here if here & stems else set()
        return found

    def denies(self, about: set[str]) -> bool:
        """Whether the sentences about these stems deny something."""
        told = False
        for sentence in _SENTENCE.split(self.plain):
            words = set(_WORD.findall(_NO_DENIAL.sub(" ", sentence)))
            if not about or {stem(w) for w in words} & about:
                told = told or bool(words & _NOT)
        return told


def _counts(text: str) -> str:
    """Number words as digits, where they are surely numbers."""
    return re.sub(r"[a-z]+", lambda m: _NUMBERS[m[0]] if m[0] in _NUMBERS and m[0] not in _LOOSE else m[0], text)


def _times(text: str) -> str:
    """Times of day in one form: `4 pm`, `4:00 p.m.` and `16:00` are 16:00; `half past 3` is 3:30."""

    def clock(found: re.Match[str]) -> str:
        hour = int(found[2])
        return {"half past": f"{hour}:30", "quarter past": f"{hour}:15", "quarter to": f"{hour - 1 or 12}:45"}[found[1]]

    def day(found: re.Match[str]) -> str:
        hour = int(found[1]) % 12 + (12 if found[3].lower() == "p" else 0)
        return f"{hour}:{found[2] or '00'} "

    return _PARTS_OF_DAY.sub(day, _CLOCK.sub(clock, text))


def _names(text: str) -> set[str]:
    """Capitalised words that do not begin a sentence, in small letters; days, months and titles are no names here."""
    found = set()
    for sentence in _SENTENCE.split(text):
        for word in re.findall(r"(?<![.!?:])\s[\"'(]?([A-Z][\w'-]*[a-z][\w'-]*|[A-Z]{2,})", sentence):
            name = re.sub(r"'s$", "", word).lower()
            if name not in _LITTLE and name not in _ONE_OF[0]:
                found.add(name)
    return found


def _missing(mine: _Read, wanted: _Read, asked: _Read) -> Scored | None:
    """What the accepted answer says and this one does not."""
    for number in sorted(wanted.numbers - asked.numbers):
        if not _has_number(number, mine.numbers):
            return Scored(right=False, why=f"without the number {number}")
    stems = {stem(w) for w in mine.all}
    for name in sorted(wanted.names - asked.names):
        if stem(name) not in stems and name not in mine.all:
            return Scored(right=False, why=f"without the name {name}")
    for mine_kind, wanted_kind, asked_kind in zip(mine.kinds, wanted.kinds, asked.kinds, strict=True):
        if not wanted_kind - asked_kind <= mine_kind:
            return Scored(right=False, why=f"without {', '.join(sorted(wanted_kind - mine_kind))}")
    needed = wanted.rarer - asked.rarer
    there = {w for w in needed if w in stems}
    vouched = bool(wanted.numbers - asked.numbers or wanted.names - asked.names)
    if needed and len(there) < (_SHARE if vouched else _SHARE_ALONE) * len(needed):
        return Scored(right=False, why=f"too few of its words: {', '.join(sorted(needed - there))}")
    if not needed and not vouched and not wanted.rarer & stems and wanted.rarer:
        return Scored(right=False, why="about something else")
    topic = wanted.rarer & asked.rarer
    if topic and not topic & stems and (other := mine.about(needed) - wanted.rarer - asked.rarer):
        return Scored(right=False, why=f"about something else: {', '.join(sorted(other))}")
    return None


def _against(mine: _Read, wanted: _Read, asked: _Read, flagged: _Read) -> Scored | None:
    """What this answer says against the accepted one."""
    known = wanted.numbers | asked.numbers
    if wanted.numbers:
        for number in sorted(mine.numbers):
            if not _has_number(number, known):
                return Scored(right=False, why=f"another number, {number}")
    for number in sorted((flagged.numbers - known) & mine.numbers):
        return Scored(right=False, why=f"the flagged number {number}")
    for name in sorted((flagged.names - wanted.names - asked.names) & set(mine.all)):
        return Scored(right=False, why=f"the flagged name {name}")
    for mine_kind, wanted_kind, asked_kind in zip(mine.kinds, wanted.kinds, asked.kinds, strict=True):
        if wanted_kind and mine_kind - wanted_kind - asked_kind:
            return Scored(right=False, why=f"another one, {', '.join(sorted(mine_kind - wanted_kind))}")
    for pair in _OPPOSITES:
        here, there = pair & set(mine.all), pair & set(wanted.all)
        if len(there) == 1 and here - there and (not here & there or not (here - there) & set(asked.all)):
            return Scored(right=False, why=f"the opposite, {', '.join(sorted(here - there))}")
        if len(here) == len(there) == 2 and mine.denied() & pair != wanted.denied() & pair:
            return Scored(right=False, why=f"turned around: {', '.join(sorted(pair))}")
    about = (wanted.rarer - asked.rarer) or wanted.rarer
    if mine.denies(about) != wanted.denies(about):
        return Scored(right=False, why="denied where the accepted answer is not, or the other way round")
    return None


def _has_number(number: str, among: Iterable[str]) -> bool:
    """Also as an equal value: 0.50 is 0.5, and 16:00 is met by 4:00 where nobody says which half of the day."""
    return any(number == other or _value(number) == _value(other) for other in among)


def _value(number: str) -> str:
    if ":" in number:
        hour, _, minute = number.partition(":")
        return f"{int(hour) % 12}:{minute}"
    return number.rstrip("0").rstrip(".") if "." in number else number
