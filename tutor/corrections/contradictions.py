"""Corrections that ask alike, and pairs of them that cannot both be right: other numbers, other names, yes and no."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from tutor.corrections import likely
from tutor.domain import Correction, CorrectionStatus, Frozen
from tutor.moderation.spelling import vocabulary
from tutor.retrieval import likeness, words
from tutor.retrieval.words import Words

SAME: Final = 0.72
"""From which they are taken for one question."""
_SHORT: Final = 3
"""Content words of an answer that names one thing."""
_YES: Final = re.compile(r"\W*(?:yes|yeah|yep|true|correct|right|of course|always)\b", re.IGNORECASE)
_NO: Final = re.compile(r"\W*(?:no|nope|false|wrong|incorrect|never|not)\b", re.IGNORECASE)
_STANDING: Final = (CorrectionStatus.PROPOSED, CorrectionStatus.ACCEPTED)


class Contradiction(Frozen):
    """Two corrections to be shown side by side."""

    one: Correction
    other: Correction
    why: str
    """numbers | names | negation | opposite | other"""


def pairs(corrections: Iterable[Correction]) -> tuple[Contradiction, ...]:
    """All that contradict each other among those that are proposed or accepted, in their order."""
    standing = [c for c in corrections if c.status in _STANDING and c.answer.strip()]
    found = ((standing[i], standing[j], why(standing[i], standing[j])) for i, j in sorted(likely.pairs(standing)))
    return tuple(Contradiction(one=one, other=other, why=reason) for one, other, reason in found if reason)


def against(correction: Correction, others: Iterable[Correction]) -> Correction | None:
    """The first of the others that it contradicts."""
    return next((other for other in others if other.id != correction.id and why(correction, other)), None)


def why(one: Correction, other: Correction) -> str:
    """What makes two corrections contradict each other; "" when nothing does, or when they are for two learners."""
    if one.scope == other.scope == "learner" and one.learner_id != other.learner_id:
        return ""
    if not any(_one_question(a, b) for a in _asked(one) for b in _asked(other)):
        return ""
    return _differ(one.answer, other.answer)


def alike(one: Correction, other: Correction) -> bool:
    """Whether a person should look at the two together."""
    return max(share(a, b) for a in _asked(one) for b in _asked(other)) >= likely.ALIKE


def groups(corrections: Sequence[Correction]) -> tuple[tuple[Correction, ...], ...]:
    """The corrections with those that ask alike together, oldest first, as the groups first come."""
    stands_with = list(range(len(corrections)))

    def first(i: int) -> int:
        while stands_with[i] != i:
            i = stands_with[i] = stands_with[stands_with[i]]
        return i

    for i, j in likely.pairs(corrections):
        if first(i) != first(j) and alike(corrections[i], corrections[j]):
            low, high = sorted((first(i), first(j)))
            stands_with[high] = low
    made: dict[int, list[Correction]] = {}
    for i, correction in enumerate(corrections):
        made.setdefault(first(i), []).append(correction)
    return tuple(tuple(sorted(group, key=lambda c: c.id)) for group in made.values())


def beside(corrections: Sequence[Correction], others: Sequence[Correction]) -> dict[int, tuple[Correction, ...]]:
    """For each correction by its id, those of the others that ask alike, in their order."""
    every = [*corrections, *others]
    found: dict[int, list[Correction]] = {c.id: [] for c in corrections}
    for i, j in likely.pairs(every):
        if i < len(corrections) <= j and alike(every[i], every[j]):
            found[every[i].id].append(every[j])
    return {number: tuple(alike_) for number, alike_ in found.items()}


@lru_cache(maxsize=65_536)
def share(one: str, other: str) -> float:
    """How much of what two questions say is the same, by the weight of their words: 0 to 1."""
    a, b = _read(one), _read(other)
    if a.plain == b.plain:
        return 1.0
    if (a.numbers ^ b.numbers) - a.loose - b.loose:
        return 0.0
    whole = sum(a.weights.values()) + sum(b.weights.values())
    return 2 * likeness.align(a, b).shared / whole if whole else 0.0


def _one_question(one: str, other: str) -> bool:
    if share(one, other) < SAME:
        return False
    a, b = _read(one), _read(other)
    return a.plain == b.plain or not likeness.against(a, b, likeness.align(a, b))


def _differ(one: str, other: str) -> str:
    a, b = _read(one), _read(other)
    if a.plain == b.plain:
        return ""
    if _says(one) * _says(other) < 0:
        return "negation"
    if a.numbers and b.numbers and not (a.numbers <= b.numbers or b.numbers <= a.numbers):
        return "numbers"
    if words.opposed(set(a.content) - set(b.content), set(b.content) - set(a.content)):
        return "opposite"
    if a.names and b.names and not a.names & b.names:
        return "names"
    apart = likeness.align(a, b)
    if apart.shared and a.negated != b.negated and len(apart.asked_more) + len(apart.known_more) <= _SHORT:
        return "negation"
    named = min(len(set(a.content)), len(set(b.content)))
    return "other" if 0 < named <= _SHORT and not apart.shared and not (a.numbers or b.numbers) else ""


def _says(answer: str) -> int:
    return 1 if _YES.match(answer) else -1 if _NO.match(answer) else 0


def _asked(correction: Correction) -> tuple[str, ...]:
    return correction.question, *correction.phrasings


@lru_cache(maxsize=32_768)
def _read(text: str) -> Words:
    return words.read(text, vocabulary())
