"""Whether two questions mean the same: a small logistic rule over their vectors and the words that matter.

Vectors alone take "when does it open" and "when does it close" for one question; words alone miss other wordings. The
weights are fitted on `same_questions.toml` by `python -m tutor.bench.likeness --fit` and kept in `likeness.toml`.
"""

import math
import tomllib
from pathlib import Path
from typing import Final, NamedTuple

from tutor.retrieval import words
from tutor.retrieval.words import Words

FILE: Final = Path(__file__).with_name("likeness.toml")
FEATURES: Final = (
    "cosine",
    "cosine_high",
    "cosine_low",
    "asked_more",
    "known_more",
    "replaced",
    "shared",
    "all_shared",
    "asks_same",
    "asks_other",
    "asks_measure",
    "name_missing",
    "thing_added",
    "thing_replaced",
)
"""What the rule weighs, in the order of its weights. What speaks against a pair outright is in `against`."""

_HIGH: Final = 0.85
_LOW: Final = 0.6
_CLASH: Final = frozenset({"time", "place", "person", "reason", "spelling", "meaning", "count", "yes_or_no"})
"""Two of these never ask the same."""
_WITH_MANNER: Final = frozenset({"time", "person", "reason", "count", "yes_or_no"})
_MEASURE: Final = frozenset({"amount", "span", "count", "reason", "yes_or_no"})
_HEAVY: Final = 0.75
"""Weight from which a word is a thing of its own."""
_THING: Final = 0.4
"""The same where another one stands in its place."""


class Aligned(NamedTuple):
    """The content words of two questions beside each other."""

    asked_more: tuple[str, ...]
    """Only in the question that is asked."""
    known_more: tuple[str, ...]
    """Only in the question that is known."""
    shared: float
    """Weight of the words that both have."""


def align(asked: Words, known: Words) -> Aligned:
    """Pair the words of two questions; one slip of the fingers does not matter, except in names."""
    left = list(dict.fromkeys(known.content))
    more: list[str] = []
    shared = 0.0
    for word in dict.fromkeys(asked.content):
        found = next((other for other in left if other == word), None)
        if found is None and word not in asked.names:
            found = next((other for other in left if other not in known.names and words.slip(word, other)), None)
        if found is None:
            found = next((other for other in left if words.akin(word, other)), None)
        if found is None:
            more.append(word)
        else:
            left.remove(found)
            shared += known.weights[found]
    return Aligned(tuple(more), tuple(left), shared)


def against(asked: Words, known: Words, both: Aligned) -> str:
    """What makes two questions different ones however alike they look; "" when nothing does."""
    if (asked.numbers ^ known.numbers) - asked.loose - known.loose:
        return "numbers"
    if words.opposed(both.asked_more, both.known_more):
        return "opposites"
    if any(map(words.superlative, both.asked_more)) and any(map(words.superlative, both.known_more)):
        return "superlatives"
    if asked.negated != known.negated:
        return "negation"
    if _clash(asked.asks, known.asks):
        return "asks"
    if any((b, how, a) in known.turned for a, how, b in asked.turned):
        return "order"
    return ""


def _clash(one: str, other: str) -> bool:
    kinds = {one, other}
    if len(kinds) == 1 or kinds == {"span", "count"}:
        return False
    return kinds <= _CLASH or (bool(kinds & {"manner", "amount", "span"}) and bool(kinds & _WITH_MANNER))


def features(asked: Words, known: Words, cosine: float, both: Aligned) -> tuple[float, ...]:
    """The numbers of `FEATURES` for a pair."""
    more = sum(asked.weights[word] for word in both.asked_more)
    missing = sum(known.weights[word] for word in both.known_more)
    whole = more + missing + both.shared
    asks_same = asked.asks == known.asks
    every = frozenset(asked.plain), frozenset(known.plain)
    return (
        cosine,
        max(cosine - _HIGH, 0.0),
        max(_LOW - cosine, 0.0),
        min(more, 2.0),
        min(missing, 2.0),
        min(more, missing, 2.0),
        both.shared / whole if whole else 1.0,
        len(every[0] & every[1]) / max(len(every[0] | every[1]), 1),
        float(asks_same),
        float(not asks_same and "what" not in (asked.asks, known.asks)),
        float(not asks_same and "what" in (asked.asks, known.asks) and bool({asked.asks, known.asks} & _MEASURE)),
        float(any(word in known.names for word in both.known_more)),
        float(any(asked.weights[word] >= _HEAVY for word in both.asked_more)),
        float(
            any(asked.weights[word] >= _THING for word in both.asked_more)
            and any(known.weights[word] >= _THING for word in both.known_more)
        ),
    )


class Rule(NamedTuple):
    """Fitted weights and the threshold."""

    weights: tuple[float, ...]
    bias: float
    threshold: float
    """Chance from which two questions mean the same."""

    def chance(self, asked: Words, known: Words, cosine: float) -> float:
        """How likely it is that both mean the same, 0 to 1. The same words in the same order: 1."""
        if asked.plain == known.plain:
            return 1.0
        both = align(asked, known)
        if against(asked, known, both):
            return 0.0
        weighed = zip(self.weights, features(asked, known, cosine, both), strict=True)
        score = self.bias + sum(weight * number for weight, number in weighed)
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))


def load() -> Rule:
    """The rule that ships."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return Rule(tuple(float(data["weights"][name]) for name in FEATURES), float(data["bias"]), float(data["threshold"]))


def by_words_alone(asked: Words, known: Words) -> bool:
    """The stricter rule without vectors: all words that matter are in both, and nothing speaks against it."""
    if asked.plain == known.plain:
        return True
    both = align(asked, known)
    if not both.shared or asked.asks != known.asks or against(asked, known, both):
        return False
    return words.LIGHT_STEMS.issuperset((*both.asked_more, *both.known_more))
