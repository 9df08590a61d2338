"""The words that matter when questions are compared: stems, numbers, names, opposites, and what is asked for."""

import math
import re
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

_DATA: Final[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))

_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*|\d+(?:[.,:/]\d+)*")
_CONTRACTED: Final = (
    (re.compile(r"\b(what|who|where|when|how|why|that|it|there|he|she)['’]s\b"), r"\1 is"),
    (re.compile(r"\b(?:can['’]t|cannot)\b"), "can not"),
    (re.compile(r"\b(\w+)n['’]t\b"), r"\1 not"),
    (re.compile(r"\bww ?(?:2|ii)\b|\bworld war (?:2|two|ii)\b"), "second world war"),
    (re.compile(r"\bww ?(?:1|i)\b|\bworld war (?:1|one|i)\b"), "first world war"),
    (re.compile(r"\b(?:take|taking|takes) (?:\w+ ){0,4}?away\b"), "subtract"),
    (re.compile(r"\bp\.\s?e\."), "pe"),
    (re.compile(r"\bhead ?(?:teacher|master|mistress)\b"), "head"),
    (re.compile(r"\bchang(?:e|es|ed|ing)\b(?=.*\b(?:in)?to\b)"), "turn"),
    (re.compile(r"\b(?:needs?|have|has|got) to\b"), "must"),
    (re.compile(r"\b(to|i|we|you) times\b"), r"\1 multiply"),
    (re.compile(r"\b(smaller|bigger|larger|this|that|the|which|any|each|no|another|only|right|same) ones?\b"), r"\1"),
    (re.compile(r"\bor not\b"), ""),
    (re.compile(r"\bbottom numbers?\b"), "denominator"),
    (re.compile(r"\btop numbers?\b"), "numerator"),
    (re.compile(r"\b(what|who|where|how)s\b"), r"\1 is"),
    (re.compile(r"['’]s?\b"), ""),
)
_COUNTS: Final = {name: str(value) for value, name in enumerate(str(_DATA["counts"]).split())}
_LOOSE_COUNTS: Final = frozenset({"one", "two"})
"""Written in letters they are often no more than a manner of speaking ("two fractions")."""
_LOOSE_DIGITS: Final = frozenset(_COUNTS[word] for word in _LOOSE_COUNTS)
_SUFFIXES: Final = (
    ("ies", "y"), ("sses", "ss"), ("ying", "y"), ("ation", ""), ("ing", ""), ("ied", "y"), ("ed", ""),
    ("es", ""), ("s", ""), ("e", ""), ("ly", ""),
)  # fmt: skip
_SHORTEST_STEM: Final = 3
LEAST: Final = 0.3
"""Weight of a word that is often left out."""
_COMMON: Final = 100
_RARE: Final = 4000
"""Ranks at which a word begins to matter, and matters fully."""
SHORTEST_ROOT: Final = 4
_MADE_BY: Final = frozenset({"er", "or", "an", "n", "ian", "ment", "al", "ness"})
_READ: Final = 1000
"""Characters of a text that are read; a question is shorter."""
_DIRECTIONS: Final = {"to": "to", "into": "to", "from": "from", "by": "by", "than": "than"}


def stem(word: str) -> str:
    """A word without its ending, so that `opens`, `opened` and `opening` are one; short words stay as they are."""
    if len(word) <= _SHORTEST_STEM or not word.isalpha() or word.endswith("ss"):
        return word
    for suffix, ending in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST_STEM:
            cut = word[: -len(suffix)] + ending
            if suffix in ("ing", "ed") and cut[-1] == cut[-2] and cut[-1] not in "lsz":
                cut = cut[:-1]
            return cut[:-1] if cut.endswith("e") and len(cut) > _SHORTEST_STEM else cut
    return word


def _stems(words: str) -> frozenset[str]:
    return frozenset(stem(word.lower()) for word in words.split())


_LITTLE: Final = frozenset(str(_DATA["little"]).split())
_NEGATION: Final = frozenset(str(_DATA["negation"]).split())
_SAME: Final = {member: f"={line.split()[0]}" for line in _DATA["same"] for member in _stems(line)}
_LIGHT: Final = frozenset(str(_DATA["light"]).split())
_ASKS: Final = tuple((str(each["name"]), re.compile(each["pattern"])) for each in _DATA["asks"])


def one_word(word: str) -> str:
    """The stem, or the group of words that count as one."""
    stemmed = stem(word)
    return _SAME.get(stemmed, stemmed)


_TURNING: Final = frozenset({one_word("turn"), one_word("change")})
_VAGUE_STEMS: Final = frozenset(one_word(word) for word in str(_DATA["vague"]).split())
_ABOUT_SOMETHING: Final = frozenset({"person", "time", "place", "count", "meaning"})
LIGHT_STEMS: Final = frozenset(one_word(word) for word in _LIGHT)
"""What may be in one question alone, where words decide."""

_OPPOSITE: Final = frozenset(
    pair
    for line in _DATA["opposite"]
    for left, right in [line.split("|")]
    for a in left.split()
    for b in right.split()
    for pair in ((one_word(a), one_word(b)), (one_word(b), one_word(a)))
)


class Words(NamedTuple):
    """What a question is made of."""

    plain: tuple[str, ...]
    """In small letters, contractions written out, without signs."""
    content: tuple[str, ...]
    """Stems of the words that carry meaning, in order; numbers as digits."""
    weights: dict[str, float]
    """How much each of `content` matters, 0 to 1: rare words most."""
    numbers: frozenset[str]
    loose: frozenset[str]
    """Numbers that may be missing in the other question."""
    names: frozenset[str]
    """Stems of words written with a capital inside the sentence."""
    negated: bool
    asks: str
    """`time`, `place`, `person`, ... or `what`."""
    turned: frozenset[tuple[str, str, str]]
    """Neighbours with a word of direction between them: (`metre`, `to`, `kilometre`)."""


def read(text: str, ranks: Mapping[str, int]) -> Words:
    """Take a question to pieces. `ranks`: words by how common they are, the commonest is 0."""
    plain = text[:_READ].lower().strip()
    for pattern, instead in _CONTRACTED:
        plain = pattern.sub(instead, plain)
    found = tuple(_COUNTS.get(word, word) for match in _WORD.findall(plain) for word in _parts(match))
    content: list[str] = []
    weights: dict[str, float] = {}
    turned: set[tuple[str, str, str]] = set()
    direction = ""
    for before, word in zip(("", *found), found, strict=False):
        direction = _DIRECTIONS.get(word, direction)
        if word in _LITTLE or word in _NEGATION or (word in _LIGHT and before in ("what", "which")):
            continue
        stemmed = one_word(word)
        source = next((each for each in reversed(content) if each not in _TURNING), "")
        if direction and source:
            turned.add((source, direction, stemmed))
        direction = ""
        content.append(stemmed)
        loose = word in _LOOSE_DIGITS and not re.search(rf"\b{word}\b", plain)
        weights[stemmed] = max(weights.get(stemmed, 0.0), LEAST if loose else weight(word, ranks))
    return Words(
        plain=found,
        content=tuple(content),
        weights=weights,
        numbers=frozenset(word for word in content if word[0].isdigit()),
        loose=frozenset(_COUNTS[word] for word in _LOOSE_COUNTS if re.search(rf"\b{word}\b", plain)),
        names=_names(text[:_READ]),
        negated=any(word in _NEGATION for word in found),
        asks=next((name for name, pattern in _ASKS if pattern.search(" ".join(found))), "what"),
        turned=frozenset(turned),
    )


def weight(word: str, ranks: Mapping[str, int]) -> float:
    """How much a word matters, 0 to 1."""
    if word in _LIGHT:
        return LEAST
    rank = ranks.get(word, len(ranks))
    return min(1.0, max(LEAST, math.log(max(rank, 1) / _COMMON) / math.log(_RARE / _COMMON)))


def _parts(word: str) -> list[str]:
    """`two-digit` as two words, `after-school` as two."""
    return word.split("-") if "-" in word else [word]


def _names(text: str) -> frozenset[str]:
    found = list(_WORD.finditer(text))
    if sum(match.group()[0].isupper() for match in found) * 2 > len(found) + 1:
        return frozenset()  # all in capitals: no word stands out
    return frozenset(
        one_word(part)
        for match in found[1:]
        if match.group()[0].isupper() and match.group() != "I"
        for part in _parts(match.group().lower())
    )


def carries(question: Words) -> bool:
    """Whether a question says what it is about; "why?" or "is it 84?" mean another thing each time."""
    about = {word for word in question.content if not word[0].isdigit()} - _VAGUE_STEMS
    return len(about) > 1 or bool(about - LIGHT_STEMS) or question.asks in _ABOUT_SOMETHING


def opposed(one: Collection[str], other: Collection[str]) -> bool:
    """Whether a word of one side stands against a word of the other."""
    return any((a, b) in _OPPOSITE for a in one for b in other)


def superlative(word: str) -> bool:
    """Whether a stem says which one of all is meant: biggest, hottest, most."""
    return word in ("most", "least", "=biggest", "=smallest") or (len(word) > SHORTEST_ROOT and word.endswith("est"))


def akin(one: str, other: str) -> bool:
    """Whether one word is made of the other, as painter of paint and African of Africa."""
    short, long = sorted((one, other), key=len)
    return len(short) >= SHORTEST_ROOT and long.startswith(short) and long[len(short) :] in _MADE_BY


def slip(one: str, other: str) -> bool:
    """Whether two words differ by one slip of the fingers: a letter more, less, another, or two swapped."""
    if min(len(one), len(other)) < 4 or one[0] != other[0] or abs(len(one) - len(other)) > 1:
        return False
    if len(one) == len(other):
        differ = [i for i in range(len(one)) if one[i] != other[i]]
        swapped = len(differ) == 2 and differ[1] == differ[0] + 1
        if swapped and one[differ[0]] == other[differ[1]] and one[differ[1]] == other[differ[0]]:
            return True
        return len(differ) == 1 and len(one) > 5
    short, long = sorted((one, other), key=len)
    return len(short) > 4 and any(long[:i] + long[i + 1 :] == short for i in range(len(long)))
