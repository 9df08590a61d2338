"""The numbers of a story for the sum reader: those written in it, those that its words stand for, and where they stand.

The reader sees no number itself, only a place for one: what it learns about words holds for all numbers.
"""

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from tutor.tutoring import expressions as ex
from tutor.tutoring import word_sums

CONSTANTS: Final = (2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 24, 52, 60, 100, 365, 1000)
"""Numbers that words may stand for; a place in this row is what the reader knows of one."""
MOST: Final = 14
"""Numbers of a story that are looked at."""
_KEPT: Final = re.compile(r"(?:£|\$|€)?[12]|[1-9]/\d{1,2}")
"""Numbers that say something as they are: one, two, a part."""
_DIGITS: Final = ("5", "20", "300")


_NUMBERED: Final = re.compile(
    r"^(?:hi |please help\. |my homework says: )?(?:(?:question|q|no|nr)\.? ?\d{1,2} ?[:.)]|\d{1,2}\)) ?"
)
"""The number of the exercise, which is no number of the story."""


def told(story: str) -> str:
    """The normal story without the number of the exercise."""
    return _NUMBERED.sub("", word_sums.normal(story))


class Quantity(NamedTuple):
    """One number of a story."""

    value: Fraction
    text: str
    """As the story writes it."""
    unit: str
    """"" or a currency sign."""
    places: tuple[int, ...]
    """Where it stands in the slotted story, in characters; several words may stand for the same number."""
    constant: bool = False
    percent: bool = False
    noun: str = ""
    """The word after it."""

    @property
    def node(self) -> ex.Num:
        """The number as a leaf of a sum."""
        return ex.Num(self.value, self.text, self.unit)


class Slotted(NamedTuple):
    """A story as the reader sees it."""

    text: str
    quantities: tuple[Quantity, ...]


def slotted(story: str) -> Slotted:
    """The normal story with a stand-in of like length for each number, and its numbers in order, constants last."""
    pieces: list[str] = []
    found: list[Quantity] = []
    at = length = 0
    for match in word_sums.STORY_NUMBER.finditer(story):
        try:
            node = ex.parse(ex.tokens(match[0]))
        except ex.UnreadableError:
            continue
        if not isinstance(node, ex.Num) or len(found) == MOST:
            continue
        before, shown = story[at : match.start()], _shown(match[0])
        after = story[match.end() : match.end() + 40]
        noun = re.search(r"[a-z]+", after)
        place = length + len(before) + len(shown) - len(shown.lstrip("£$€ "))
        percent = re.match(r" ?%| ?per ?cent", after) is not None
        found.append(Quantity(node.value, match[0].strip("£$€ "), node.unit, (place,), percent=percent,
                              noun=noun[0] if noun else ""))  # fmt: skip
        pieces += [before, shown]
        length += len(before) + len(shown)
        at = match.end()
    text = "".join([*pieces, story[at:]])
    return Slotted(text, (*found, *_constants(text, story, len(found))))


def _shown(number: str) -> str:
    """A stand-in with the number's sign of money and about its size."""
    if _KEPT.fullmatch(number.replace(" ", "")):
        return number
    sign = number[0] + " " if number[0] in "£$€" else ""
    whole = re.sub(r"[^\d.]", "", number.split(".")[0].split("/")[0])
    return sign + _DIGITS[min(max(len(whole), 1), 3) - 1] + ("p" if number.endswith("p") else "")


def _constants(text: str, story: str, numbers: int) -> list[Quantity]:
    """What the story's words stand for, each value once, with all of the words that stand for it."""
    places: dict[int, list[int]] = {}
    for pattern, values in word_sums.CONSTANTS:
        if re.search(pattern, story) is None:
            continue
        starts = [m.start() for m in re.finditer(pattern, text)]
        for value in values if starts else ():
            places.setdefault(value, []).extend(starts)
    if (mean := word_sums.MEAN.search(text)) is not None:
        for value in range(2, min(numbers, 10) + 1):
            places.setdefault(value, []).append(mean.start())
    return [
        Quantity(Fraction(value), str(value), "", tuple(sorted(set(starts))), constant=True)
        for value, starts in sorted(places.items())
    ]


def index_of(wanted: ex.Num, quantities: Sequence[Quantity], used: Sequence[int]) -> int | None:
    """The place of a sum's number among a story's: the least used of those with its value, written ones first."""
    same = [i for i, q in enumerate(quantities) if q.value == wanted.value and (q.unit == wanted.unit or not q.unit)]
    return min(same, key=lambda i: (used[i], quantities[i].constant, i)) if same else None
