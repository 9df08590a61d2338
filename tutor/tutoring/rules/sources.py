"""Sources: what is stated of the world stands in the passages that were found, and only their places are cited."""

import re
from collections.abc import Sequence
from typing import Final

from tutor.domain import Passage
from tutor.domain_lessons import Sources
from tutor.retrieval.words import akin, slip
from tutor.tutoring.rules.patterns import compiled
from tutor.tutoring.rules.sight import Sight
from tutor.tutoring.rules.texts import is_question, stems, talk

_SUPPORTED: Final = 0.6
"""Share of a sentence's own words that must stand in one passage, or in what else the turn may say."""
_LEAST: Final = 3
"""Words that say something, from which a sentence is a statement of fact."""
_TALK: Final = stems(talk("texts"))
"""Words about the work, which no passage must hold."""
_TALKING: Final = compiled("sources", "talking")
_PLACE: Final = re.compile(r"\b(?:p\.|pp\.|pages?|chapter|section) ?(\d{1,4})\b", re.IGNORECASE)
_NUMBER: Final = re.compile(r"(?<![\w.])\d+(?:[.,]\d+)*")
_ITEM: Final = re.compile(r"\b(?:question|q|item|step|part|number|exercise) ?\d+", re.IGNORECASE)


def broken(text: str, before: Sequence[str], guideline: Sources, sight: Sight) -> str | None:
    """`place`: a page is cited that was not given; `number`, `unsupported`: a fact that no passage holds."""
    plain = text.strip()
    given = " ".join((sight.given, *(f.question for f in sight.facts)))
    for match in _PLACE.finditer(plain):
        if match[1] not in {n for p in sight.passages for n in re.findall(r"\d+", f"{p.place} {p.text}")}:
            return "place"
    if is_question(plain) or not states(plain):
        return None
    allowed = f"{given} {_lesson_words(sight)} {sight.words if sight.right is not False else ''}"
    numbers = {n.replace(",", "") for n in _NUMBER.findall(_ITEM.sub(" ", _PLACE.sub(" ", plain)))}
    known = {n.replace(",", "") for p in (allowed, *(f"{p.place} {p.text}" for p in sight.passages))
             for n in re.findall(r"\d+(?:[.,]\d+)*", p)}  # fmt: skip
    if not {n.rstrip(".") for n in numbers} <= {n.rstrip(".") for n in known}:
        return "number"
    said = stems(plain) - _TALK
    base = stems(allowed)
    best = max((held(said, one | base) for one in sight.passage_stems), default=held(said, base))
    return None if best >= _SUPPORTED * len(said) else "unsupported"


def states(text: str) -> bool:
    """Whether a sentence says something about the world, and not only about the work."""
    said = stems(text) - _TALK
    if _TALKING.match(text.casefold().replace("’", "'")) and len(said) < 2 * _LEAST:
        return False
    return len(said) >= _LEAST or (len(said) > 1 and bool(_NUMBER.search(_ITEM.sub(" ", _PLACE.sub(" ", text)))))


def _lesson_words(sight: Sight) -> str:
    """What the lesson itself may say of the item in hand."""
    lesson, state = sight.lesson, sight.state
    texts = [lesson.title, lesson.summary]
    for item in lesson.items:
        if item.id == state.item:
            texts += [item.question, *item.choices, *item.hints, *(m.say for m in item.misconceptions)]
            if item.id in sight.unlocked:
                texts += [item.answer, *item.steps]
    return " ".join(texts)


def held(said: frozenset[str], there: frozenset[str]) -> int:
    """How many words of one set stand in the other, in another form or with a slip of the fingers, too."""
    return sum(any(word == known or akin(word, known) or slip(word, known) for known in there) for word in said)


def cited(text: str, passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """The passages that a text rests on, the one it shares most with first."""
    said = stems(text) - _TALK
    shares = [(held(said, stems(f"{p.heading} {p.text}")), -i) for i, p in enumerate(passages)]
    enough = max(2, max((share for share, _ in shares), default=0) * 2 // 3)
    ranked = sorted((pair for pair in shares if pair[0] >= enough), reverse=True)
    return tuple(passages[-i] for _, i in ranked)


def content(text: str) -> frozenset[str]:
    """The words of a text that say something about the world."""
    return stems(text) - _TALK
