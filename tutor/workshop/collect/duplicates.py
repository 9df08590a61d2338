"""Exact and near duplicates, by hashes and by MinHash (Broder, "On the resemblance and containment of documents").

A tutor's texts are full of sums that look alike: "3 + 4" and "3 + 5" are two. So in short texts the numbers and signs
count with every piece, and a text is a near duplicate only where they are the same.
"""

import re
from hashlib import blake2b
from typing import Final, Literal

from rensa import RMinHash, RMinHashDeduplicator

from tutor.tutoring.reading import NUMBER_WORDS
from tutor.workshop.collect.settings import CollectSettings

PIECE: Final = 5
"""Characters in a piece: a slip of the finger changes five of them, not three whole words."""
_SEED: Final = 1
_SURE: Final = 0.9
"""The chance at which two texts right at the threshold are compared at all."""
_NUMBER_OR_SIGN: Final = re.compile(
    r"\d+(?:[.,/:]\d+)*|[+×÷*=<>%^√£$€]|(?<=[\d ])[-−](?=[\d ])|\b(?:" + "|".join((*NUMBER_WORDS, "half")) + r")\b"
)


def normal(text: str) -> str:
    """The text without capitals, spacing and marks at the ends of words, which are no difference."""
    return " ".join(word.strip(".,;:!?\"'()[]*_`") or word for word in text.casefold().split())


def bands_for(threshold: float, permutations: int) -> int:
    """The fewest bands (powers of two) with which a pair right at the threshold is found with `_SURE` chance."""
    bands = 2
    while bands < permutations and 1 - (1 - threshold ** (permutations // bands)) ** bands < _SURE:
        bands *= 2
    return bands


class Duplicates:
    """What was seen so far; 16 bytes a text for exact duplicates and a MinHash for near ones."""

    def __init__(self, settings: CollectSettings) -> None:
        self._settings = settings
        self._exact: set[bytes] = set()
        self._near = RMinHashDeduplicator(
            threshold=settings.near,
            num_perm=settings.permutations,
            use_lsh=True,
            num_bands=bands_for(settings.near, settings.permutations),
            seed=_SEED,
        )

    def seen(self, text: str, *, near: bool = True) -> Literal["exact_duplicate", "near_duplicate"] | None:
        """Whether a text is a duplicate of an earlier one; if not, it is remembered (for `near` ones if wanted)."""
        words = normal(text)
        key = blake2b(words.encode(), digest_size=16).digest()
        if key in self._exact:
            return "exact_duplicate"
        self._exact.add(key)
        if not near or self._settings.near >= 1:
            return None
        sketch = RMinHash(num_perm=self._settings.permutations, seed=_SEED)
        sketch.update(self._pieces(words))
        return None if self._near.add(key.hex(), sketch) else "near_duplicate"

    def _pieces(self, words: str) -> list[str]:
        bound = ""
        if words.count(" ") < self._settings.numbers_count_words:
            bound = " ".join(_NUMBER_OR_SIGN.findall(words)) + "|"
        return list({bound + words[at : at + PIECE] for at in range(max(len(words) - PIECE + 1, 1))})
