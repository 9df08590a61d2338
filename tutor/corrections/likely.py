"""Which corrections may ask alike, found by the rarer words that they share: thousands of them without every pair.

Two questions ask alike only when they share a good part of the weight of both. So they share one of the rarer words of
each, where the commoner ones together weigh less than that part (prefix filtering: Chaudhuri, Ganti and Kaushik, "A
primitive operator for similarity joins in data cleaning", 2006). A slip of the fingers and words made of one another
count as one word, as in `likeness.align`; missed are at most pairs that only a misspelt common word holds together.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from tutor.domain import Correction
from tutor.moderation.spelling import vocabulary
from tutor.retrieval import words
from tutor.retrieval.words import Words

_PART: Final = 1 / 3
"""Of the weight of a question that two must share at least. Who asks alike has `ALIKE` of both together in common, that
is 3/7 of either; the rest is for words that weigh more in one form than in another."""
ALIKE: Final = 0.6
"""Share of the weight of their words, 0 to 1, from which two questions may ask alike."""


class _Text(NamedTuple):
    """One wording, as it is compared."""

    of: int
    """Place of its correction."""
    plain: tuple[str, ...]
    weights: dict[str, float]
    """By the word that stands for all that may be taken for it."""
    whole: float


def pairs(corrections: Sequence[Correction]) -> Iterator[tuple[int, int]]:
    """Places of those that may ask alike, the smaller first, each pair once, ordered by the second."""
    read = [(i, _read(text)) for i, c in enumerate(corrections) for text in (c.question, *c.phrasings)]
    one_of = _classes({word for _, each in read for word in each.content})
    texts = [_text(i, each, one_of) for i, each in read]
    often = Counter(key for text in texts for key in text.weights)
    known: dict[str, list[_Text]] = defaultdict(list)
    found: dict[int, set[int]] = defaultdict(set)
    for text in texts:
        mine = found[text.of]
        for key in _keys(text, often):
            for other in known[key]:
                if other.of != text.of and other.of not in mine and _may(text, other):
                    mine.add(other.of)
            known[key].append(text)
    for i in sorted(found):
        yield from ((j, i) for j in sorted(found[i]))


def _text(of: int, read: Words, one_of: dict[str, str]) -> _Text:
    weights: dict[str, float] = {}
    for word, weight in read.weights.items():
        key = one_of[word]
        weights[key] = weights.get(key, 0.0) + weight
    return _Text(of, read.plain, weights, sum(read.weights.values()))


def _may(one: _Text, other: _Text) -> bool:
    """Whether they could ask alike at best: each shared word counted where it weighs more."""
    if one.plain == other.plain:
        return True
    theirs = other.weights
    shared = sum(max(weight, theirs[key]) for key, weight in one.weights.items() if key in theirs)
    return 2 * shared >= ALIKE * (one.whole + other.whole) > 0


def _keys(text: _Text, often: Counter[str]) -> Iterator[str]:
    """The rarer words of a wording; the wording itself, for those that have no word that counts."""
    yield " ".join(text.plain)
    left = text.whole
    for key in sorted(text.weights, key=lambda key: (often[key], key)):
        if left < _PART * text.whole:
            return
        yield f"{key}?"  # never taken for a wording of one word
        left -= text.weights[key]


def _classes(every: set[str]) -> dict[str, str]:
    """Each word, and one that stands for all that may be taken for it."""
    root = {word: word for word in every}

    def top(word: str) -> str:
        while root[word] != word:
            root[word] = root[root[word]]
            word = root[word]
        return word

    shortened: dict[str, list[str]] = defaultdict(list)
    for word in sorted(every):
        for form in {word, *(word[:i] + word[i + 1 :] for i in range(1, len(word)))}:
            for other in shortened[form]:
                if words.slip(word, other):
                    root[top(word)] = top(other)
            shortened[form].append(word)
        for end in range(words.SHORTEST_ROOT, len(word)):
            if word[:end] in every and words.akin(word, word[:end]):
                root[top(word)] = top(word[:end])
    return {word: top(word) for word in every}


def _read(text: str) -> Words:
    return words.read(text, vocabulary())
