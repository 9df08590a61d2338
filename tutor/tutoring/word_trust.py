"""How sure the sum of a story is: by the reader's probability, by a model that writes the same, or by a model alone.

A model that read the sum from the words writes the same sum when only the numbers change; one that guessed seldom
does. What is not sure is no fact: the story is then set up together with the learner.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from tutor.domain import Fact
from tutor.tutoring import word_facts, word_sums
from tutor.tutoring.sum_reader import Candidate

READER: Final = 0.99
"""Smallest probability of the reader's first result that is stated: the least at which no story of three sets that were
kept for choosing it (409 stories) was wrong."""
LIKELY: Final = 0.9
"""Smallest one where a model writes a sum with the same result."""
LEAST: Final = 0.98
"""Smallest probability that a token of the sum may have: of 150 stories of held-out templates none was then wrong."""
VARIANTS: Final = (1, 4)
"""Shifts of the numbers in the stories that are asked besides the learner's own."""
AGREEING: Final = 2
"""Variants that must give the same sum."""

MAX_TOKENS: Final = 48
"""Tokens of an answer; a longer one is no sum of ours."""


class Said(NamedTuple):
    """A model's answer, and the least probability of a token in it (before the unit)."""

    text: str
    least: float


class Read(NamedTuple):
    """What became of a story."""

    found: word_sums.Sum | None
    least: float
    agreeing: int
    asked: int
    """Variants that could be made and were asked about."""

    @property
    def sure(self) -> bool:
        """Whether the sum may be stated."""
        return self.found is not None and self.least >= LEAST and agreed(self)


def agreed(found: Read) -> bool:
    """Whether the variants give the same sum. A story without variants agrees with nothing."""
    return found.agreeing >= AGREEING


def read(story: str, ask: Callable[[str], Said], *, least: float = LEAST) -> Read:
    """Ask for the sum of a story, and for those of its variants as long as the answer can still be sure.

    `ask` takes a normal story. A story whose numbers cannot be told apart has no variants; it is never sure.
    """
    told = word_sums.normal(story)
    said = ask(told)
    found = word_sums.parse(said.text, told)
    if found is None or said.least < least:
        return Read(found, said.least, 0, 0)
    agreeing = asked = 0
    for shift in VARIANTS:
        changed = word_sums.swapped(told, shift)
        if changed is None:
            break
        other, new = changed
        asked += 1
        theirs = word_sums.parse(ask(other).text, other)
        if theirs is None or word_sums.swapped_back(theirs.text, new) != found.text:
            break
        agreeing += 1
    return Read(found, said.least, agreeing, asked)


_BACKWARDS: Final = re.compile(
    r"\b(?:that|this|which) (?:is|was|makes) (?:\W?\w+\W? ){0,2}?(?:\S*\d\S*|twice|half|double|three)\b"
    r"[^.?!]*\b(?:than|as)\b"
)
"""A comparison told backwards ("That is 6 times as many as Ali has"): the reader takes it for one told forwards."""


def stated(story: str, candidates: Sequence[Candidate]) -> bool:
    """Whether the reader's first result may be stated by itself."""
    if not candidates or candidates[0].probability < READER:
        return False
    return _BACKWARDS.search(word_sums.normal(story)) is None


def worth_asking(story: str, candidates: Sequence[Candidate]) -> bool:
    """Whether a model's word on the story can change anything."""
    return not candidates or (candidates[0].probability >= LIKELY and not stated(story, candidates))


def fact(story: str, ask: Callable[[str], Said] | None, candidates: Sequence[Candidate] = ()) -> Fact | None:
    """The story worked, None when its sum is not sure. `candidates`: what the reader found, the likeliest first.

    What the reader is sure of needs no model; what it finds likely must be what a model writes, too. Without a reader
    the model alone must be sure.
    """
    top = candidates[0] if candidates else None
    if top is not None and stated(story, candidates):
        return word_facts.fact(top.found, story)
    if ask is None:
        return None
    if top is None:
        found = read(story, ask)
        return word_facts.fact(found.found, story) if found.sure and found.found is not None else None
    if top.probability < LIKELY:
        return None
    said = word_sums.parse(ask(word_sums.normal(story)).text, story)
    return word_facts.fact(top.found, story) if said is not None and said.value == top.found.value else None
