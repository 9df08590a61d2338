"""Learners and the safeguarding contact."""

import secrets
from typing import Any, Final

from tutor.domain import AgeBand, Contact, Learner
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.store.owner import Family, now, reads, writes

_BANDS: Final = frozenset(band.value for band in AgeBand)
"""A band that cannot be read counts as the youngest: the most careful one."""


class People(Family):
    """Tables `learner` and `contact`."""

    @writes
    def add_learner(self, name: str, picture: str, age_band: AgeBand, language: str) -> Learner:
        cursor = self._do(
            "INSERT INTO learner (key, name, picture, age_band, language, created_at) VALUES (?, ?, ?, ?, ?, ?)",
            secrets.token_hex(16),
            name,
            picture,
            age_band.value,
            language,
            now(),
        )
        return self._learner(cursor.lastrowid or 0)

    @reads
    def learners(self) -> tuple[Learner, ...]:
        """All learners that were not removed, by name."""
        rows = self._rows("SELECT * FROM learner WHERE removed_at IS NULL ORDER BY name COLLATE NOCASE, id")
        return tuple(_learner(row) for row in rows)

    @reads
    def learner(self, learner_id: int) -> Learner:
        """Raises `UserError` (`not_found`)."""
        return self._learner(learner_id)

    @writes
    def update_learner(
        self,
        learner_id: int,
        *,
        name: str | None = None,
        picture: str | None = None,
        age_band: AgeBand | None = None,
        language: str | None = None,
    ) -> Learner:
        """Change what is given; the rest stays."""
        self._do(
            "UPDATE learner SET name = coalesce(?, name), picture = coalesce(?, picture), "
            "age_band = coalesce(?, age_band), language = coalesce(?, language) WHERE id = ?",
            name,
            picture,
            age_band.value if age_band else None,
            language,
            learner_id,
        )
        return self._learner(learner_id)

    @writes
    def remove_learner(self, learner_id: int) -> None:
        """Take a learner off the list. Nothing is erased yet (see `erase_learner`); `restore_learner` undoes it."""
        self._do("UPDATE learner SET removed_at = ? WHERE id = ?", now(), learner_id)

    @writes
    def restore_learner(self, learner_id: int) -> Learner:
        self._do("UPDATE learner SET removed_at = NULL WHERE id = ?", learner_id)
        return self._learner(learner_id)

    @reads
    def contact(self) -> Contact | None:
        row = self._row("SELECT name, reach, confirmed_at FROM contact")
        return Contact(name=row["name"], reach=row["reach"], confirmed_at=row["confirmed_at"] or "") if row else None

    @writes
    def set_contact(self, name: str, reach: str, *, confirmed: bool) -> Contact:
        """Name the safeguarding contact. Learners can chat once it is `confirmed`.

        Raises `UserError` (`contact_incomplete`).
        """
        name, reach = name.strip(), reach.strip()
        if not name or not reach:
            raise UserError(
                tr("The safeguarding contact needs a name and a way to reach them. Nothing was changed. Fill in both."),
                code="contact_incomplete",
            )
        when = now() if confirmed else ""
        self._do(
            "INSERT INTO contact (id, name, reach, confirmed_at) VALUES (1, ?, ?, ?) ON CONFLICT (id) DO UPDATE "
            "SET name = excluded.name, reach = excluded.reach, confirmed_at = excluded.confirmed_at",
            name,
            reach,
            when or None,
        )
        return Contact(name=name, reach=reach, confirmed_at=when)

    def _learner(self, learner_id: int) -> Learner:
        row = self._row("SELECT * FROM learner WHERE id = ?", learner_id)
        if row is None:
            raise UserError(tr("This learner is not there any more. Choose another one."), code="not_found")
        return _learner(row)


def _learner(row: dict[str, Any]) -> Learner:
    return Learner(
        id=row["id"],
        name=row["name"],
        picture=row["picture"],
        age_band=AgeBand(row["age_band"]) if row["age_band"] in _BANDS else AgeBand.A5_7,
        language=row["language"],
        created_at=row["created_at"],
    )
