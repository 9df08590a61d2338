"""Maths words while an item of a lesson is in hand: explained before help is refused, unless the word is the answer."""

import re
from fractions import Fraction
from typing import Final

from tutor.domain import Fact, Item
from tutor.retrieval.words import one_word
from tutor.tutoring import glossary, item_grading, reading
from tutor.tutoring.glossary_terms import Term, named_in
from tutor.tutoring.numbers import NUMBER, number
from tutor.tutoring.rules.texts import LITTLE, plain_words

_JOINS: Final = frozenset({"and", "remainder"})
"""Words between the numbers of an answer."""


def meaning(text: str, item: Item, problem: Fact, *, solved: bool) -> str:
    """What people wrote about the word that is asked for, "" where none is, or where the item asks for just that.

    Of several words, such as two to be told apart, none may be what the item asks for.
    `problem`: the item as the problem of the tutoring.
    """
    said = glossary.meaning(text, problem, solved=solved)
    if not said or solved:
        return said
    found, _ = glossary.meant(text, problem)
    own = any(_is_answer(term, item) or _asks_what_it_is(term, item) for term in found)
    return "" if own or _stands_in(said, item) else said


def _is_answer(term: Term, item: Item) -> bool:
    """Whether the answer, an accepted form of it or a choice names the term."""
    return any(named_in(form, term) for form in (*_answers(item), *item.choices))


def _stands_in(said: str, item: Item) -> bool:
    """Whether the definition gives the answer, whatever it says of it: "not one", "four" for 4, its words in it."""
    if item_grading.gives_away(said, item):
        return True
    stems, numbers = {one_word(word) for word in plain_words(said)}, _numbers(said)
    for form in _answers(item):
        words = [word for word in plain_words(form) if not word[0].isdigit()]
        own = {one_word(word) for word in words if word not in LITTLE}
        values = _numbers(form)
        if values and values <= numbers and _is_number(form):
            return True
        if own and own <= stems and not _is_number(form):
            return True
        if not (words or values) and form in said:
            return True  # a sign: "%"
    return False


def _asks_what_it_is(term: Term, item: Item) -> bool:
    """Whether the item names the term and its answer, in words or found among its numbers, is what the term means."""
    if not named_in(item.question, term):
        return False
    return not _is_number(item.answer) or _numbers(item.answer) <= _numbers(item.question)


def _answers(item: Item) -> tuple[str, ...]:
    return tuple(form.strip() for form in (item.answer, *item.accepted) if form.strip())


def _is_number(answer: str) -> bool:
    """Whether an answer is worked out: numbers, with a unit at most."""
    letters = set(re.findall(r"[a-z]{2,}", reading.plain(answer))) - _JOINS
    return bool(_numbers(answer)) and len(letters) <= 1


def _numbers(text: str) -> set[Fraction]:
    """The numbers of a text; of a fraction its parts, too."""
    plain = reading.plain(text)
    found = [number(match[0]) for match in re.finditer(NUMBER, plain)] + [number(n) for n in re.findall(r"\d+", plain)]
    return {value for value in found if value is not None}
