"""Correction memory: finds the accepted corrections that answer a question, also one that is put in other words.

FTS5 and the vectors of the text encoder each give an order, reciprocal rank fusion makes one of them, and a fitted
rule decides which of the likeliest really mean the same (`tutor.retrieval.likeness`). Without vectors words decide.
"""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from tutor.domain import Remembered
from tutor.moderation.spelling import vocabulary
from tutor.retrieval import likeness, words
from tutor.retrieval.hybrid import fused

if TYPE_CHECKING:
    from tutor.store import Store
    from tutor.store.memory import MemoryRow

MOST: Final = 3
"""Corrections that a question is answered from."""
_CANDIDATES: Final = 40
"""Rows that the rule looks at."""
_BATCH: Final = 16
"""Texts that are encoded beside a question."""
_BY_WORDS: Final = 0.99
"""Chance that is given to what words alone find; the very same words come first."""


class Memory:
    """The corrections that count for one learner; for a guest (None) those for everyone."""

    def __init__(self, store: "Store", learner_id: int | None) -> None:
        self._store, self._learner_id = store, learner_id

    def to_encode(self, question: str) -> tuple[str, ...]:
        """What the engine should encode before `find`: the question, then texts that have no vector yet.

        Empty when nothing is remembered, or when a remembered question has the very same words.
        """
        rows = self._store.memory_rows(self._learner_id)
        if not rows:
            return ()
        asked = read(repaired(question, rows))
        if any(words.carries(read(row.text)) and read(row.text).plain == asked.plain for row in rows):
            return ()
        near = set(self._store.memory_search(asked.plain, self._learner_id, limit=_BATCH))
        missing = sorted((row for row in rows if row.vector is None), key=lambda row: row.id not in near)
        texts = dict.fromkeys(row.text for row in missing)
        return (repaired(question, rows), *tuple(texts)[:_BATCH])

    def missing(self) -> tuple[str, ...]:
        """The next texts that have no vector yet."""
        rows = self._store.memory_rows(self._learner_id)
        return tuple(dict.fromkeys(row.text for row in rows if row.vector is None))[:_BATCH]

    def keep(self, texts: Sequence[str], vectors: Sequence[bytes]) -> None:
        """Store what the engine encoded."""
        if texts:
            self._store.keep_vectors(texts, vectors)

    def find(self, question: str, vector: bytes | None = None) -> tuple[Remembered, ...]:
        """The corrections that mean the same as `question`, likeliest first; each once.

        Where the two are equally likely, what was corrected for this learner alone comes first.
        """
        rows = {row.id: row for row in self._store.memory_rows(self._learner_id)}
        if not rows:
            return ()
        asked = read(repaired(question, tuple(rows.values())))
        cosines = _cosines(tuple(rows.values()), vector)
        by_words = self._store.memory_search(asked.plain, self._learner_id)
        by_vector = sorted(cosines, key=lambda row_id: -cosines[row_id])[:_CANDIDATES]
        order = fused([row_id for row_id in by_words if row_id in rows], by_vector)[:_CANDIDATES]
        found: dict[int, tuple[float, MemoryRow, float]] = {}
        for row_id in order:
            row = rows[row_id]
            chance = _chance(asked, row, cosines.get(row_id))
            if chance and chance > found.get(row.correction_id, (0.0,))[0]:
                found[row.correction_id] = (chance, row, cosines.get(row_id, 1.0))
        best = sorted(found.values(), key=lambda each: (-each[0], not each[1].alone, -each[1].correction_id))
        return tuple(
            Remembered(
                correction_id=row.correction_id,
                question=row.question,
                answer=row.answer,
                kind=row.kind,
                likeness=round(min(likeness_, 1.0), 4),
                own=row.own,
            )
            for _, row, likeness_ in best[:MOST]
        )


@cache
def _rule() -> likeness.Rule:
    return likeness.load()


@lru_cache(maxsize=4096)
def read(text: str) -> words.Words:
    """The words of a question that matter, by how common English words are."""
    return words.read(text, vocabulary())


def repaired(question: str, rows: "Sequence[MemoryRow]") -> str:
    """The question with slips of the fingers mended, where a remembered question has the word that was meant.

    Only what is no English word is changed, so that a house stays a house beside a remembered horse.
    """
    known = vocabulary()
    remembered = {word for row in rows for word in read(row.text).plain}
    mended = []
    for word in question.split():
        bare = word.strip(".,;:?!()\"'").lower()
        meant = ""
        if bare and bare not in known and bare not in remembered:
            meant = next((other for other in sorted(remembered) if words.slip(bare, other)), "")
        mended.append(word.lower().replace(bare, meant) if meant else word)
    return " ".join(mended)


def _cosines(rows: "Sequence[MemoryRow]", vector: bytes | None) -> dict[int, float]:
    if vector is None:
        return {}
    from tutor.retrieval.vectors import cosines

    encoded = [row for row in rows if row.vector is not None]
    found = cosines([row.vector for row in encoded if row.vector is not None], vector)
    return {row.id: cosine for row, cosine in zip(encoded, found, strict=True)}


def _chance(asked: words.Words, row: "MemoryRow", cosine: float | None) -> float:
    """How likely it is that a row is what was asked; 0 when it does not mean the same."""
    known = read(row.text)
    if not words.carries(known):
        return 0.0
    if asked.plain == known.plain:
        return 1.0
    if cosine is None:
        return _BY_WORDS if likeness.by_words_alone(asked, known) else 0.0
    rule = _rule()
    chance = rule.chance(asked, known, cosine)
    return chance if chance >= rule.threshold else 0.0
