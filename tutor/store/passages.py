"""Passages of materials: found by words (FTS5) and by vectors (sqlite-vec), and what stands around one."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from tutor.domain import Passage
from tutor.store import sqlite_vec
from tutor.store.owner import Family, reads, writes

HEADING_WEIGHT: Final = 2.0
"""Of a word in the heading, in that of a word in the text (bm25)."""
_WORDS: Final = 32
"""Words of a question that are searched for; FTS5 reads no expression of any length."""


class Passages(Family):
    """Tables `passage` and `passage_fts`, which triggers keep."""

    _vec: str | None = None
    """The version of sqlite-vec in this connection; "": it cannot be loaded; None: nothing was looked for yet."""

    @reads
    def passages_to_encode(self, material_id: int, limit: int) -> tuple[Passage, ...]:
        """The next ones without a vector, in the order of the text."""
        return tuple(
            map(
                _passage,
                self._rows(
                    f"{_PASSAGE} WHERE material_id = ? AND vector IS NULL ORDER BY number LIMIT ?", material_id, limit
                ),
            )
        )

    @writes
    def keep_passage_vectors(self, material_id: int, vectors: Sequence[tuple[int, bytes]]) -> bool:
        """Store how the parts of passages are encoded; gives whether the material is ready now."""
        self._db.conn.executemany("UPDATE passage SET vector = ?2 WHERE id = ?1", vectors)
        left = self._row("SELECT 1 FROM passage WHERE material_id = ? AND vector IS NULL LIMIT 1", material_id)
        if left is None:
            self._do("UPDATE material SET state = 'ready' WHERE id = ?", material_id)
        return left is None

    @reads
    def nearest_passages(self, vector: bytes, material_ids: Collection[int], limit: int) -> dict[int, float] | None:
        """How like the likest encoded passages are to a question, by the best of their parts: cosines by id.

        All of them are compared, so nothing near is missed. None where sqlite-vec cannot be had.
        """
        if self._vec is None:
            self._vec = sqlite_vec.load(self._db.conn)
        if not self._vec:
            return None
        ids, size = json.dumps(list(material_ids)), len(vector)
        rows = self._rows(
            f"WITH {_PARTS} SELECT id, coalesce((SELECT min(vec_distance_cosine(substr(vector, 1 + at * ?3, ?3), ?2)) "
            f"FROM part WHERE at * ?3 < length(vector)), {_OPPOSITE}) AS far FROM passage WHERE {_WHOLE} "
            "ORDER BY far, id LIMIT ?4",
            ids,
            vector,
            size,
            limit,
        )
        return {row["id"]: round(1.0 - row["far"], DIGITS) for row in rows}

    @reads
    def passage_vectors(self, material_id: int) -> tuple[list[int], list[int], bytearray]:
        """Ids of the encoded passages, how many bytes each has, and the vectors of their parts one behind the other.

        For comparing them outside SQLite, where `nearest_passages` cannot.
        """
        ids: list[int] = []
        sizes: list[int] = []
        rows = bytearray()
        for passage_id, vector in self._db.execute(
            "SELECT id, vector FROM passage WHERE material_id = ? AND vector IS NOT NULL ORDER BY id", (material_id,)
        ):
            ids.append(passage_id)
            sizes.append(len(vector))
            rows += vector
        return ids, sizes, rows

    @reads
    def passages_waiting(self, material_ids: Collection[int]) -> dict[int, int]:
        """How many passages of each material are not encoded yet; one that is ready is left out."""
        rows = self._rows(
            "SELECT material_id, count(*) AS waiting FROM passage WHERE vector IS NULL AND material_id IN "
            "(SELECT value FROM json_each(?)) GROUP BY material_id",
            json.dumps(list(material_ids)),
        )
        return {row["material_id"]: row["waiting"] for row in rows}

    @reads
    def search_passages(self, words: Sequence[str], material_ids: Collection[int], limit: int = 50) -> tuple[int, ...]:
        """Ids of passages that share words (stemmed by FTS5), likeliest first."""
        wanted = tuple(dict.fromkeys(word for word in words if any(char.isalnum() for char in word)))[:_WORDS]
        if not wanted or not material_ids:
            return ()
        any_of = " OR ".join('"' + word.replace('"', '""') + '"' for word in wanted)
        rows = self._rows(
            "SELECT passage.id FROM passage_fts JOIN passage ON passage.id = passage_fts.rowid "
            "WHERE passage_fts MATCH ?1 AND material_id IN (SELECT value FROM json_each(?2)) "
            f"ORDER BY bm25(passage_fts, {HEADING_WEIGHT}, 1.0) LIMIT ?3",
            any_of,
            json.dumps(list(material_ids)),
            limit,
        )
        return tuple(row["id"] for row in rows)

    @reads
    def passages(self, ids: Sequence[int], titles: Mapping[str, str] | None = None) -> tuple[Passage, ...]:
        """In the order given; those that are gone are left out. `titles`: a lesson's own ones, by material's hash."""
        rows = self._rows(
            f"{_PASSAGE.replace('SELECT', 'SELECT sha256,', 1)} WHERE passage.id IN (SELECT value FROM json_each(?))",
            json.dumps(list(ids)),
        )
        found = {}
        for row in rows:
            title = (titles or {}).get(row.pop("sha256"), "")
            found[row["id"]] = _passage({**row, "material": title or row["material"]})
        return tuple(found[each] for each in ids if each in found)

    @reads
    def passages_of(self, sha256: str, first: int = 1, limit: int = 1000) -> tuple[Passage, ...]:
        """The passages of a material in its order, from number `first`."""
        rows = self._rows(f"{_PASSAGE} WHERE sha256 = ? AND number >= ? ORDER BY number LIMIT ?", sha256, first, limit)
        return tuple(map(_passage, rows))

    @reads
    def passages_around(self, passage_id: int, each_side: int = 1) -> tuple[Passage, ...]:
        """A passage with its neighbours in the text, in order; empty when it is gone."""
        rows = self._rows(
            f"{_PASSAGE} JOIN passage AS middle ON middle.material_id = passage.material_id WHERE middle.id = ?1 "
            "AND abs(passage.number - middle.number) <= ?2 ORDER BY passage.number",
            passage_id,
            each_side,
        )
        return tuple(map(_passage, rows))


DIGITS: Final = 6
"""Of a cosine: what two ways of computing it agree in, so that equals are equals in both."""
_OPPOSITE: Final = 2.0
"""Of a damaged vector, which is like nothing."""
_WHOLE: Final = "material_id IN (SELECT value FROM json_each(?1)) AND length(vector) > 0 AND length(vector) % ?3 = 0"
"""Encoded passages; one whose parts are cut off on the disk is found by its words alone."""
_PARTS: Final = (
    "part(at) AS MATERIALIZED (SELECT 0 UNION ALL SELECT at + 1 FROM part "
    f"WHERE (at + 1) * ?3 < (SELECT max(length(vector)) FROM passage WHERE {_WHOLE}))"
)
"""The numbers of parts, 0 and on, as many as the longest passage has."""
_PASSAGE: Final = (
    "SELECT passage.id, title AS material, passage.place, passage.text, passage.heading FROM passage "
    "JOIN material ON material.id = passage.material_id"
)


def _passage(row: dict[str, Any]) -> Passage:
    return Passage(**row)
