"""Which passages of a lesson's materials a question is about: words and vectors, fused by rank, above a threshold.

Each passage is encoded in parts of about three sentences, and its likest part speaks for it: a question is short, and
the mean of a hundred words is like nothing in particular. SQLite compares them (sqlite-vec, `tutor/store/passages.py`);
`cosines` here is the same in NumPy, for a Python whose sqlite3 cannot load that. Constants were chosen on the
development questions of `tutor/bench/materials_questions.toml`.
"""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from tutor.retrieval.hybrid import fused
from tutor.retrieval.vectors import BYTES

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

MOST: Final = 3
"""Passages that an answer is given."""
CANDIDATES: Final = 10
"""Of each search."""
NEAREST: Final = 4 * CANDIDATES
"""Passages whose likeness is known: one that words find may be further off than the candidates by vectors."""
DIGITS: Final = 6
"""Of a cosine, as SQLite's are given."""
WORDS_COUNT: Final = 0.5
"""Of a place in the search by words, in that of one by vectors: a child seldom says what the text says."""
STEEPNESS: Final = 5
"""Added to a place: small, so that a first place of one search is not outvoted by two middling ones."""
ALIKE: Final = 0.35
"""Cosine from which a passage is about the question."""
ALIKE_WITH_WORDS: Final = 0.25
"""The same where the passage is among the first by words as well."""
FIRST_BY_WORDS: Final = 3
SHARE_OF_WORDS: Final = 0.6
"""Of a question's words that a passage must hold where there are no vectors."""

_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_LITTLE_WORDS: Final = (
    "a an the is are was were be been do does did has have had i you he she it we they me my your his her its our "
    "their this that these those there what which who whom whose why how when where can could will would should "
    "may might must of to in on at by for from with and or but not no so if than then as into out up down over "
    "about after before any some all more most very just really get got go went come make made please tell"
)
_LITTLE: Final = frozenset(_LITTLE_WORDS.split())
_BACK_WORDS: Final = "it its that this they them those these he she him her why how more else"
_POINTS_BACK: Final = frozenset(_BACK_WORDS.split())
_FEW: Final = 1


class Encoded(NamedTuple):
    """The encoded parts of passages."""

    owners: "npt.NDArray[np.int64]"
    """Of each part, its passage's id, shape (n,); the parts of a passage stand together."""
    rows: "npt.NDArray[np.float32]"
    """Shape (n, 384), of length 1."""


def encoded(ids: Sequence[int], sizes: Sequence[int], rows: bytes | bytearray) -> Encoded:
    """From passages' ids, how many bytes each has, and the vectors of their parts one behind the other.

    A passage whose bytes are no encoded texts is left out. Raises ValueError where sizes and bytes do not fit.
    """
    import numpy as np

    if sum(sizes) != len(rows):
        raise ValueError("sizes and bytes do not fit")
    kept = np.repeat([size % BYTES == 0 for size in sizes], sizes) if any(size % BYTES for size in sizes) else None
    whole = rows if kept is None else np.frombuffer(rows, dtype=np.uint8)[kept].tobytes()
    owners = np.repeat(np.array(ids, dtype=np.int64), [0 if size % BYTES else size // BYTES for size in sizes])
    return Encoded(owners, np.frombuffer(whole, dtype="<f4").reshape(-1, BYTES // 4))


def cosines(many: Sequence[Encoded], vector: bytes) -> dict[int, float]:
    """How like each of the `NEAREST` passages is to a question: its best part's cosine."""
    import numpy as np

    found: list[tuple[float, int]] = []
    one = np.frombuffer(vector, dtype="<f4")
    for owners, rows in many:
        if not len(owners):
            continue
        starts = np.flatnonzero(np.r_[True, owners[1:] != owners[:-1]])
        best = np.maximum.reduceat(rows @ one, starts)
        near = np.argpartition(-best, min(NEAREST, len(best)) - 1)[:NEAREST]
        found += [(-round(float(best[at]), DIGITS), int(owners[starts[at]])) for at in near]
    return {each: -far for far, each in sorted(found)[:NEAREST]}


def words(question: str) -> tuple[str, ...]:
    """The words of a question that may stand in a text, each once."""
    plain = [word for word in _WORD.findall(question.lower().replace("’", "'")) if "n't" not in word]
    kept = (word.split("'")[0] for word in plain)
    return tuple(dict.fromkeys(word for word in kept if word not in _LITTLE))


def in_context(question: str, before: str = "") -> str:
    """What is looked for: the question, with the one `before` where it only points back ("and why does it?")."""
    said = {word.lower() for word in _WORD.findall(question)}
    if before and len(words(question)) <= _FEW and said & _POINTS_BACK:
        return f"{before} {question}"
    return question


def order(by_words: Sequence[int], alike: Mapping[int, float]) -> list[int]:
    """One order of both searches, best first."""
    by_vector = sorted(alike, key=lambda each: (-alike[each], each))
    return fused(by_words[:CANDIDATES], by_vector, weights=(WORDS_COUNT, 1.0), constant=STEEPNESS)


def chosen(by_words: Sequence[int], alike: Mapping[int, float]) -> list[int]:
    """The passages that an answer may rest on, best first, at most `MOST`; none for an unrelated question."""
    first = frozenset(by_words[:FIRST_BY_WORDS])
    return [
        each
        for each in order(by_words, alike)[:MOST]
        if alike.get(each, 0.0) >= (ALIKE_WITH_WORDS if each in first else ALIKE)
    ]


def chosen_by_words(wanted: Sequence[str], found: Mapping[str, Sequence[int]]) -> list[int]:
    """The same without vectors. `found`: for each word the passages that hold it, likeliest first."""
    counts: dict[int, int] = {}
    for word in wanted:
        for each in found.get(word, ()):
            counts[each] = counts.get(each, 0) + 1
    enough = [each for each, count in counts.items() if count >= max(1.0, SHARE_OF_WORDS * len(wanted))]
    places = fused(*(found.get(word, ()) for word in wanted))
    return sorted(enough, key=lambda each: (-counts[each], places.index(each)))[:MOST]
