"""Correction memory: the questions of accepted corrections as words (FTS5) and as vectors.

Triggers keep table `memory` in step with table `correction`: a row for the question and one for each phrasing, only
while the correction is accepted, or merged into one that is. What withdraws a correction takes its rows with it.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from tutor.domain import Frozen
from tutor.store.owner import Family, reads, writes

_TOLD: Final = """
    JOIN correction AS asked ON asked.id = memory.correction_id
    JOIN correction AS told ON told.id = iif(asked.status = 'merged', asked.merged_into, asked.id)
    WHERE told.status = 'accepted' AND asked.status IN ('accepted', 'merged')
    AND (told.scope = 'class' OR told.learner_id = ?1)
    AND (asked.id = told.id OR (asked.checked != '' AND NOT EXISTS (
        SELECT 1 FROM json_each(asked.findings) WHERE json_extract(value, '$.firm'))))
"""
"""The correction that is `told` to whoever asks in the words of one that was merged into it."""


_BORROWED: Final = "id, question, answer, kind, phrasings, scope, status, merged_into, checked, findings, created_at"
"""Nothing that names anybody."""


_WORDS: Final = 64
"""Words of a question that are searched for; FTS5 reads no expression of any length."""


class MemoryRow(Frozen):
    """One way of asking a corrected question."""

    id: int
    correction_id: int
    text: str
    question: str
    """As it was first asked."""
    answer: str
    kind: str
    alone: bool
    """For this learner alone."""
    own: bool
    """It came from a flag of this learner."""
    vector: bytes | None = None
    """See `tutor.engine.protocol.Embedded`; None: not encoded yet."""


class CorrectionMemory(Family):
    """Tables `memory` and `memory_fts`. A `learner_id` of None finds what is for everyone."""

    @reads
    def memory_rows(self, learner_id: int | None) -> tuple[MemoryRow, ...]:
        """All that a learner's questions are compared with, oldest first."""
        rows = self._rows(
            "SELECT memory.id, told.id AS correction_id, text, vector, told.question, told.answer, told.kind, "
            "told.scope = 'learner' AS alone, coalesce(told.learner_id = ?1, 0) AS own "
            f"FROM memory {_TOLD} ORDER BY memory.id",
            learner_id,
        )
        return tuple(MemoryRow(**{**row, "alone": bool(row["alone"]), "own": bool(row["own"])}) for row in rows)

    @reads
    def memory_search(self, words: Sequence[str], learner_id: int | None, limit: int = 50) -> tuple[int, ...]:
        """Ids of the rows that share words (stemmed by FTS5), likeliest first."""
        if not words:
            return ()
        any_of = " OR ".join('"' + word.replace('"', '""') + '"' for word in tuple(dict.fromkeys(words))[:_WORDS])
        rows = self._rows(
            f"SELECT memory.id FROM memory_fts JOIN memory ON memory.id = memory_fts.rowid {_TOLD} "
            "AND memory_fts MATCH ?2 ORDER BY rank LIMIT ?3",
            learner_id,
            any_of,
            limit,
        )
        return tuple(row["id"] for row in rows)

    @reads
    def still_told(self, correction_ids: Iterable[int]) -> frozenset[int]:
        """Those of these corrections that are accepted now."""
        wanted = json.dumps(sorted(correction_ids))
        rows = self._rows(
            "SELECT id FROM correction WHERE status = 'accepted' AND id IN (SELECT value FROM json_each(?))", wanted
        )
        return frozenset(row["id"] for row in rows)

    @writes
    def keep_vectors(self, texts: Sequence[str], vectors: Sequence[bytes]) -> None:
        """Remember how texts are encoded; texts that are not remembered any more are passed over."""
        for text, vector in zip(texts, vectors, strict=True):
            self._do("UPDATE memory SET vector = ? WHERE text = ? AND vector IS NULL", vector, text)

    @writes
    def borrow_memory(self, corrections: Sequence[dict[str, Any]], vectors: Sequence[tuple[str, bytes]]) -> None:
        """Fill an empty store, such as a guest's, with corrections of another one (see `class_memory`)."""
        for row in corrections:
            self._do(f"INSERT INTO correction ({_BORROWED}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", *row.values())
        for text, vector in vectors:
            self._do("UPDATE memory SET vector = ? WHERE text = ?", vector, text)


def class_memory(path: Path) -> tuple[list[dict[str, Any]], list[tuple[str, bytes]]]:
    """Corrections for everyone and how their questions are encoded, read beside a Tutor that is open.

    They name nobody: whose flag a correction came from is left out. Nothing when the file has none.
    """
    if not path.exists():
        return [], []
    try:
        source = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=1)
        try:
            source.row_factory = sqlite3.Row
            found = source.execute(
                f"SELECT {_BORROWED} FROM correction WHERE status IN ('accepted', 'merged') AND scope = 'class' "
                "AND (merged_into IS NULL OR merged_into IN "
                "(SELECT id FROM correction WHERE status = 'accepted' AND scope = 'class')) "
                "ORDER BY merged_into IS NOT NULL"
            ).fetchall()
            encoded = source.execute(
                "SELECT DISTINCT text, vector FROM memory JOIN correction ON correction.id = correction_id "
                "WHERE vector IS NOT NULL AND status IN ('accepted', 'merged') AND scope = 'class'"
            ).fetchall()
        finally:
            source.close()
    except sqlite3.Error:
        return [], []
    return [dict(row) for row in found], [(row["text"], row["vector"]) for row in encoded]
