"""Flags: a learner's reports of bad answers."""

from typing import Final

from tutor.domain import Flag
from tutor.errors import BugError
from tutor.store.owner import Family, now, reads, writes

CATEGORIES: Final = ("wrong", "confusing", "unsafe", "unfair", "off_lesson", "level", "other")


class Flags(Family):
    """Table `flag`."""

    @writes
    def flag(self, message_id: int, category: str, what: str = "", better: str = "") -> Flag:
        """Store a report. Raises `BugError` for a category that is not in `CATEGORIES`."""
        if category not in CATEGORIES:
            raise BugError(f"unknown category of flag: {category}")
        when = now()
        cursor = self._do(
            "INSERT INTO flag (message_id, category, what, better, created_at) VALUES (?, ?, ?, ?, ?)",
            message_id,
            category,
            what,
            better,
            when,
        )
        return Flag(
            id=cursor.lastrowid or 0,
            message_id=message_id,
            category=category,
            what=what,
            better=better,
            created_at=when,
        )

    @reads
    def flags(self, *, message_id: int | None = None) -> tuple[Flag, ...]:
        """All reports, or those of one message, newest first."""
        rows = self._rows(
            "SELECT * FROM flag WHERE (?1 IS NULL OR message_id = ?1) ORDER BY id DESC",
            message_id,
        )
        return tuple(Flag(**row) for row in rows)

    @reads
    def flag_of(self, flag_id: int) -> Flag | None:
        """The report with this number; None when it went with its message."""
        row = self._row("SELECT * FROM flag WHERE id = ?", flag_id)
        return Flag(**row) if row else None
