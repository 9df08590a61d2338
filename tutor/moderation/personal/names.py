"""Names of the class: found in any text by the roster, with care where a name is also a word (Will, May, Mark)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

ALSO_WORDS: Final = frozenset(Path(__file__).with_name("name_words.txt").read_text("utf-8").split())
"""Names that are ordinary words too, or nearly: taken for names only where the words around say so."""

_MONTHS: Final = frozenset(("may", "april", "june", "august"))
_NAME_FOLLOWS: Final = re.compile(r"(?:\b(?:name(?:'s| is)|called|dear|hi|hello|hey)|@)\s*$", re.IGNORECASE)
_SENTENCE_STARTS: Final = re.compile(r"(?:^|[.!?:\n\"“(]|\A)\s*$")
_DOES: Final = re.compile(
    r"(?:['’]s\b|\s+(?:and|has|had|have|is|was|got|gets|gave|gives|says|said|thinks|thought|bought|buys|wants|needs|eats|"
    r"ate|runs|ran|walks|goes|went|likes|makes|made|[A-Z][a-z]+\b))"
)
_DATE_BEFORE: Final = re.compile(
    r"(?:\b(?:in|on|of|since|until|till|last|next|this|early|late|during)|\d(?:st|nd|rd|th)?)\s*$"
)
_DATE_AFTER: Final = re.compile(r"\s*\d")


class Roster:
    """The names of a class, ready to be looked for."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._first: set[str] = set()
        self._last: set[str] = set()
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """One person: first name, then any others; "Last, First" is understood."""
        if name.count(",") == 1:
            name = " ".join(reversed(name.split(",")))
        words = tuple(re.findall(r"[^\W\d_][\w'’-]*", name.casefold()))
        if not words:
            return
        self._first.add(words[0])
        self._last |= {word for word in words[1:] if len(word) > 2}

    def __len__(self) -> int:
        return len(self._first)

    def holds(self, word: str) -> bool:
        return word.casefold() in self._first or word.casefold() in self._last

    def found_in(self, text: str) -> Iterator[tuple[int, int]]:
        """Where names stand; a first name and the last name after it are one."""
        shouting = text.isupper()
        last: tuple[int, int] | None = None
        for match in re.finditer(r"[^\W\d_]+(?:-[^\W\d_]+)*(?:['’](?!s\b)[^\W\d_]+)*", text):
            word, (start, end) = match[0], match.span()
            bare = word.casefold()
            joined = last is not None and text[last[1] : start].isspace() and word[0].isupper() and bare in self._last
            if joined and last is not None:
                last = (last[0], end)
                continue
            if not self._is_name(text, bare, word, start, end, shouting):
                continue
            if last is not None:
                yield last
            last = (start, end)
        if last is not None:
            yield last

    def _is_name(self, text: str, bare: str, word: str, start: int, end: int, shouting: bool) -> bool:
        first = bare in self._first
        if not first and not (bare in self._last and word[0].isupper()):
            return False
        if bare not in ALSO_WORDS:
            return len(bare) > 2 or word[0].isupper()
        before, after = text[max(start - 40, 0) : start], text[end : end + 40]
        if _NAME_FOLLOWS.search(before):
            return True
        if not first or not word[0].isupper() or shouting:
            return False
        if bare in _MONTHS and (_DATE_BEFORE.search(before) or _DATE_AFTER.match(after)):
            return False
        return bool(_DOES.match(after)) or not _SENTENCE_STARTS.search(before)


STAND_INS: Final = ("Sam", "Alex", "Kim", "Charlie", "Noor", "Jamie", "Sasha", "Ash", "Remy", "Toni", "Ira", "Quinn")


def stand_in(name: str, given: Mapping[str, str], roster: Roster, text: str) -> str:
    """Another name for a person, the same throughout a text; never one of the class, nor one that the text has."""
    key = name.split()[0].casefold()
    if key in given:
        return given[key]
    taken = set(given.values())
    free = [n for n in STAND_INS if n not in taken and not roster.holds(n) and not re.search(rf"\b{n}\b", text)]
    return free[0] if free else f"Learner {len(taken) + 1}"
