"""Which item of the lesson a learner's message is about: its number, its text, other words for it, or the next one."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import msgspec

from tutor.domain import Fact, Item, Lesson, TutoringState
from tutor.retrieval.words import akin, slip
from tutor.tutoring import facts as maths
from tutor.tutoring import grading, reading
from tutor.tutoring.rules.answers import KIND, fact_of, given_away, key_of
from tutor.tutoring.rules.patterns import compiled
from tutor.tutoring.rules.texts import LITTLE, plain_words, stems

_NUMBERED: Final = compiled("items", "numbered")
_PLACES: Final = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_PLACE: Final = re.compile(rf"\b({'|'.join(_PLACES)}|last|final) (?:question|exercise|problem|task|item)\b")
_NEXT: Final = compiled("items", "next")
_BEGIN: Final = compiled("items", "begin")
_SAME: Final = 0.75
"""Share of an item's own words that a message in other words must have."""
_LEAST: Final = 2
_FEW: Final = 4
"""Words around a sum that are no story: "What is", "Work out"."""


def by_id(lesson: Lesson, item_id: str) -> Item | None:
    return next((item for item in lesson.items if item.id == item_id), None)


def named(text: str, lesson: Lesson, state: TutoringState, facts: Sequence[Fact] = ()) -> Item | None:
    """The item that a message is about where that is not plain from the state; None for no other than the one in hand.

    `facts`: the exact problems found in the message.
    """
    if not lesson.items:
        return None
    words = reading.signs(text)
    if (numbered := _by_number(words, lesson)) is not None:
        return numbered
    if (stated := _by_text(text, lesson, facts)) is not None:
        return stated
    waiting = state.problem is not None and not state.solved
    if _NEXT.search(words) and not re.search(r"\bnext (?:step|bit|part|hint)\b", words):
        return following(lesson, state)
    if not waiting and _BEGIN.search(words):
        return following(lesson, state)
    return None


def following(lesson: Lesson, state: TutoringState) -> Item | None:
    """The next item that is not solved, after the one in hand and then from the first on; None when all are solved."""
    ids = [item.id for item in lesson.items]
    at = ids.index(state.item) + 1 if state.item in ids else 0
    order = [*lesson.items[at:], *lesson.items[:at]]
    return next((item for item in order if item.id not in state.items_solved and item.id != state.item), None)


def _by_number(words: str, lesson: Lesson) -> Item | None:
    match = _NUMBERED.search(words)
    if match:
        number = match[1] or match[2]
        own = by_id(lesson, f"q{number}") or by_id(lesson, number)
        return own or (lesson.items[int(number) - 1] if 0 < int(number) <= len(lesson.items) else None)
    place = _PLACE.search(words)
    if place:
        at = len(lesson.items) - 1 if place[1] in ("last", "final") else _PLACES.index(place[1])
        return lesson.items[at] if at < len(lesson.items) else None
    return None


def _by_text(text: str, lesson: Lesson, facts: Sequence[Fact]) -> Item | None:
    said, plain = _own(text), f" {' '.join(plain_words(text))} "
    for item in lesson.items:
        question = " ".join(plain_words(item.question))
        if len(question.split()) >= _LEAST and f" {question} " in plain:
            return item
    for fact in facts:
        for item in lesson.items:
            if same_problem(fact, item):
                return item
    best: tuple[float, Item] | None = None
    numbers = set(re.findall(r"\d+", text))
    for item in lesson.items:
        own = _own(item.question)
        if set(re.findall(r"\d+", item.question)) != numbers or len(own) < _LEAST:
            continue
        share = sum(any(w == s or slip(w, s) or akin(w, s) for s in said) for w in own) / len(own)
        back = sum(any(w == s or slip(w, s) or akin(w, s) for s in own) for w in said) / max(len(said), 1)
        if share >= _SAME and back >= 0.5 and (best is None or share > best[0]):
            best = share, item
    return best[1] if best else None


def _own(text: str) -> frozenset[str]:
    return frozenset(word for word in stems(text) if not word.isdigit() and word not in LITTLE)


def same_problem(fact: Fact, item: Item) -> bool:
    """Whether an exact problem of the learner's is an item in other signs: 38 + 47 for 47 + 38."""
    mine, theirs = (sorted(re.findall(r"\d+", reading.plain(q))) for q in (fact.question, item.question))
    if not mine or mine != theirs:
        return False
    exact = exact_fact(item)
    if exact is not None and exact.question == fact.question:
        return True
    return grading.is_right(fact.answer, fact_of(item)) or given_away(f"the answer is {fact.answer}.", key_of(item))


@lru_cache(maxsize=512)
def exact_fact(item: Item) -> Fact | None:
    """The item's problem as the program works it, where it can and comes to the same answer."""
    found = maths.facts_in(item.question)
    if len(found) != 1 or not grading.is_right(item.answer, found[0]):
        return None
    return found[0]


def problem_of(item: Item) -> Fact:
    """An item as the problem of the tutoring: the teacher's hints and steps, else those that the program works out.

    Hints that hold the answer are left out.
    """
    fact, exact, key = fact_of(item), exact_fact(item), key_of(item)
    hints = tuple(hint for hint in item.hints if not given_away(hint, key))
    bare = exact is not None and len(plain_words(item.question)) <= len(plain_words(exact.question)) + _FEW
    return msgspec.structs.replace(
        fact,
        kind=KIND,
        question=exact.question if exact and bare else item.question.strip(),
        hints=hints or (exact.hints if exact else ()),
        steps=item.steps or (exact.steps if exact else ()),
        topic=item.skill or (exact.topic if exact else ""),
    )
