"""What the finders of facts share: trying patterns within bounds, lists of numbers, and building a fact."""

import re
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from itertools import islice
from typing import Final

from tutor.domain import Fact
from tutor.tutoring import hints
from tutor.tutoring.numbers import decimal as decimal_words
from tutor.tutoring.numbers import mixed, number, terminates

MAX_MATCHES: Final = 6
"""Places in a text that one pattern is tried on."""

Found = list[tuple[int, int, Fact]]
"""Facts with the place of their problem in the plain text."""

Maker = Callable[[re.Match[str]], Fact | None]

ITEM: Final = r"-?\d{1,7}(?:\.\d{1,4})?"
LIST: Final = rf"{ITEM}(?:(?: ?[,;&] ?(?:and |& )?| and | ){ITEM}){{1,19}}(?![\w/%:]|\.\d| ?[*÷/+^=])"
"""Two to twenty numbers with commas, spaces or "and" between them."""

AMOUNT: Final = r"(?:£ ?\d{1,6}(?:\.\d{1,2})?|\d{1,6} ?(?:p|pence)\b)"
"""A price: £3.45, 80p."""


def matched(text: str, makers: Iterable[tuple[re.Pattern[str], Maker]]) -> Found:
    """What the makers make of the places where their patterns fit."""
    found: Found = []
    for pattern, make in makers:
        for match in islice(pattern.finditer(text), MAX_MATCHES):
            fact = make(match)
            if fact is not None:
                found.append((match.start(), match.end(), fact))
    return found


def fact(
    kind: str, topic: str, question: str, answer: str, steps: Sequence[str],
    *, hint: str, answers: Sequence[Fraction], given: Iterable[Fraction] = (), **words: object,
) -> Fact:  # fmt: skip
    """A fact with its graded hints: `hint` names the wordings, `words` fill them."""
    graded = hints.graded(hint, question, answers, given, **words)
    return Fact(kind=kind, question=question, answer=answer, steps=tuple(steps), hints=graded, topic=topic)


def values_of(words: str) -> list[Fraction]:
    """The numbers of a list."""
    return [Fraction(n) for n in re.findall(ITEM, words)]


def plainly(value: Fraction) -> str:
    """A value as decimal where it ends, as fraction where it does not: 4.5, 3 1/3."""
    return decimal_words(value) if terminates(value, 4) else mixed(value)


def in_words(items: Sequence[str]) -> str:
    """`3, 5 and 10`"""
    return f"{', '.join(items[:-1])} and {items[-1]}" if len(items) > 1 else "".join(items)


def price(words: str) -> Fraction | None:
    """The pounds in a price."""
    bare = words.strip().removeprefix("£").strip()
    pence = re.fullmatch(r"(\d+) ?(?:p|pence)", bare)
    if pence:
        return Fraction(int(pence[1]), 100)
    return number(bare)
