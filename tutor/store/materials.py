"""Materials: the texts that lessons speak from, each once however many lessons share it."""

from collections.abc import Collection, Sequence
from typing import Any

from tutor.domain import Frozen
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.store.owner import Family, now, reads, writes


class StoredMaterial(Frozen):
    """A text, and how far it is ready."""

    id: int
    sha256: str
    """Of the file, or of the pasted text in UTF-8."""
    title: str
    name: str
    """Of the file it came from."""
    kind: str
    """pdf | docx | markdown | html | text"""
    licence: str
    pages: int
    """0 where there are none."""
    unread_pages: int
    """Of them, pictures without text."""
    size: int
    """Bytes of the file."""
    state: str
    """reading: not every passage is encoded yet, so that words alone find those; ready."""
    added_at: str
    passages: int
    encoded: int


_ALL = (
    "SELECT material.*, count(passage.id) AS passages, count(passage.vector) AS encoded FROM material "
    "LEFT JOIN passage ON passage.material_id = material.id"
)


class Materials(Family):
    """Table `material`."""

    @writes
    def add_material(
        self,
        sha256: str,
        passages: Sequence[tuple[str, str, str]],
        *,
        title: str,
        name: str,
        kind: str,
        licence: str = "",
        pages: int = 0,
        unread_pages: int = 0,
        size: int = 0,
    ) -> StoredMaterial:
        """Store a text with its passages: place, heading, text of each. One that is known stays as it is."""
        if self._row("SELECT 1 FROM material WHERE sha256 = ?", sha256) is None:
            cursor = self._do(
                "INSERT INTO material (sha256, title, name, kind, licence, pages, unread_pages, size, state, added_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'reading', ?)",
                sha256,
                title,
                name,
                kind,
                licence,
                pages,
                unread_pages,
                size,
                now(),
            )
            self._db.conn.executemany(
                "INSERT INTO passage (material_id, number, place, heading, text) VALUES (?, ?, ?, ?, ?)",
                ((cursor.lastrowid, number, *each) for number, each in enumerate(passages, start=1)),
            )
        return self._material(sha256)

    @reads
    def material(self, sha256: str) -> StoredMaterial:
        """Raises `UserError` (`not_found`)."""
        return self._material(sha256)

    @reads
    def material_known(self, sha256: str) -> bool:
        return self._row("SELECT 1 FROM material WHERE sha256 = ?", sha256) is not None

    @reads
    def materials(self) -> tuple[StoredMaterial, ...]:
        """All of them, by title."""
        return tuple(
            map(_material, self._rows(f"{_ALL} GROUP BY material.id ORDER BY title COLLATE NOCASE, material.id"))
        )

    @reads
    def unready_materials(self) -> tuple[StoredMaterial, ...]:
        """Those whose encoding was interrupted, oldest first."""
        return tuple(
            map(_material, self._rows(f"{_ALL} WHERE state = 'reading' GROUP BY material.id ORDER BY material.id"))
        )

    @writes
    def delete_material(self, sha256: str) -> None:
        """Take a text away with its passages. One that a lesson names in any version stays."""
        self._do(f"DELETE FROM material WHERE sha256 = ? AND {_UNUSED}", sha256)

    @writes
    def drop_unused_materials(self, before: str) -> tuple[str, ...]:
        """Take away what no version of a lesson names and was added before `before`; gives the hashes."""
        rows = self._rows(f"DELETE FROM material WHERE added_at < ? AND {_UNUSED} RETURNING sha256", before)
        return tuple(row["sha256"] for row in rows)

    @reads
    def material_ids(self, sha256s: Collection[str]) -> tuple[int, ...]:
        """Ids of those that are here, in the order given."""
        known = {
            row["sha256"]: int(row["id"])
            for each in sha256s
            for row in self._rows("SELECT id, sha256 FROM material WHERE sha256 = ?", each)
        }
        return tuple(known[each] for each in dict.fromkeys(sha256s) if each in known)

    def _material(self, sha256: str) -> StoredMaterial:
        rows = self._rows(f"{_ALL} WHERE sha256 = ? GROUP BY material.id", sha256)
        if not rows:
            raise UserError(tr("This material is not there any more. Add it again."), code="not_found")
        return _material(rows[0])


_UNUSED = "NOT EXISTS (SELECT 1 FROM lesson_version WHERE instr(lesson_version.body, material.sha256))"


def _material(row: dict[str, Any]) -> StoredMaterial:
    return StoredMaterial(**row)
