"""Is the answer of an item said? A second look, apart from the engine's own check, so that one does not test itself."""

import re
from typing import Final

from tutor.domain import Fact, Item
from tutor.tutoring import reveals

_WORD: Final = re.compile(r"\d+(?:[.,/:]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?")
_DENIED: Final = re.compile(r"\b(?:not|isn't|no|never|don't|doesn't)\W+(?:\w+\W+){0,2}$", re.IGNORECASE)
_LITTLE: Final = frozenset(
    ("the", "a", "an", "of", "to", "in", "on", "is", "are", "was", "it", "and", "or", "by", "for", "with", "as", "at",
     "be", "its", "it's")
)  # fmt: skip


def words_of(text: str) -> list[str]:
    """The words and numbers of a text in small letters, without little words."""
    return [word for word in (found.lower() for found in _WORD.findall(text)) if word not in _LITTLE]


def is_number(item: Item) -> bool:
    """Whether the key is a number, perhaps with a unit."""
    return bool(re.fullmatch(r"\W*-?[£$€]?\s?\d[\d.,/: ]*\s?(?:[^\W\d_]{1,12}|%|°C)?[²³]?\.?", item.answer.strip()))


def says_answer(text: str, item: Item) -> bool:
    """Whether a text says the key of an item, or another accepted form of it."""
    if is_number(item):
        return reveals.reveals_answer(text, Fact(kind="item", question=item.question, answer=item.answer))
    if item.choices:
        named = [choice for choice in item.choices if _stands(text, choice, ())]
        if any(choice != item.answer for choice in named):
            return False  # the choices are weighed against each other
    known = set(words_of(item.question))
    return any(_stands(text, form, known) for form in (item.answer, *item.accepted))


def _stands(text: str, form: str, known: set[str] | tuple[()]) -> bool:
    """Whether the words of a form that the question does not hold stand together in a text, and are not denied."""
    wanted = [word for word in words_of(form) if word not in known]
    if not wanted:
        return False
    positions = [(match.group().lower(), match.start()) for match in _WORD.finditer(text)]
    positions = [(word, start) for word, start in positions if word not in _LITTLE]
    for n in range(len(positions) - len(wanted) + 1):
        if [word for word, _ in positions[n : n + len(wanted)]] == wanted:
            return not _DENIED.search(text[: positions[n][1]])
    return False
