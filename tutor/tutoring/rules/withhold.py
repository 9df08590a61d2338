"""Withholding: the answer of an item that is not unlocked, in any form, is not said."""

from collections.abc import Sequence
from typing import Final

from tutor.domain_lessons import Withhold
from tutor.tutoring import reading
from tutor.tutoring.rules import answers
from tutor.tutoring.rules.answers import Key
from tutor.tutoring.rules.sight import Sight
from tutor.tutoring.rules.texts import LITTLE, stems

_ABOUT: Final = 0.5
"""Share of an item's own words from which a text is about it."""


def unlocked(guideline: Withhold | None, sight: Sight) -> frozenset[str]:
    """The items whose answers may be said as the state stands; all where nothing is withheld."""
    lesson, state = sight.lesson, sight.state
    every = frozenset(item.id for item in lesson.items)
    if guideline is None:
        return every
    solved = frozenset(state.items_solved) & every
    if guideline.mastery > 0 and every and len(solved) >= guideline.mastery * len(every):
        return every
    mine = {state.item} if state.item and (state.solved or 0 < guideline.attempts <= state.attempts) else set()
    return solved | mine


def broken(text: str, before: Sequence[str], guideline: Withhold, sight: Sight) -> str | None:
    """The id of an item whose answer the text says, None when it says none."""
    passed_on = sight.passes_on(text)
    others = None if passed_on else _without_own(text, sight)
    for key in sight.keys:
        if key.item == sight.state.item:
            if answers.given_away(text, key, before):
                return key.item
        elif others and _about(others, before, key, sight) and answers.given_away(others, key):
            return key.item
    return None


def _without_own(text: str, sight: Sight) -> str:
    """A text without the question in hand, whose numbers may be the answers of others."""
    problem = sight.state.problem
    own = reading.plain(problem.question).strip(" ?.!") if problem is not None else ""
    plain = reading.plain(text)
    return plain.replace(own, " ; ") if own and own in plain else text


def _about(text: str, before: Sequence[str], key: Key, sight: Sight) -> bool:
    """Whether a text speaks of another item than the one in hand: its numbers are only its answer there."""
    own = key.question_stems - LITTLE
    if not own or not key.question:
        return False
    said = stems(" ".join((*before[-1:], text, sight.words)))
    return len(own & said) >= max(2, _ABOUT * len(own))
