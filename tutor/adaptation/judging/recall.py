"""The correction memory as a judgement needs it: which corrections are remembered for a question, by the same rule."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from tutor.domain import Correction, Remembered
from tutor.moderation.spelling import vocabulary
from tutor.retrieval import likeness, words

Recall = Callable[[str], tuple[Remembered, ...]]
Embed = Callable[[Sequence[str]], list[npt.NDArray[np.float32]]]
_MOST: Final = 3
"""Corrections that a question is answered from, as in the memory itself."""


def of(ledger: Sequence[Correction], embed: Embed) -> Recall:
    """Remembers the corrections of a ledger by their questions and phrasings; without vectors, by words alone."""
    texts = [(c, text) for c in ledger for text in (c.question, *c.phrasings)]
    rows = embed([text for _, text in texts])
    ranks = vocabulary()
    read = [words.read(text, ranks) for _, text in texts]
    rule = likeness.load()

    def recall(question: str) -> tuple[Remembered, ...]:
        asked = words.read(question, ranks)
        vectors = embed([question])
        best: dict[int, tuple[float, float, Correction]] = {}
        for i, (correction, _) in enumerate(texts):
            cosine = float(vectors[0] @ rows[i]) if vectors and rows else 0.0
            if vectors and rows:
                chance = rule.chance(asked, read[i], cosine)
                known = chance >= rule.threshold
            else:
                chance = float(known := likeness.by_words_alone(asked, read[i]))
            if known and chance > best.get(correction.id, (0.0,))[0]:
                best[correction.id] = (chance, cosine, correction)
        found = sorted(best.values(), key=lambda entry: -entry[0])
        return tuple(
            Remembered(correction_id=c.id, question=c.question, answer=c.answer, kind=c.kind, likeness=round(cosine, 4))
            for _, cosine, c in found[:_MOST]
        )

    return recall
