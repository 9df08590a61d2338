"""Settings, for the school and for each learner, checked against what is declared."""

from typing import Any

import msgspec

from tutor.errors import UserError
from tutor.i18n import tr
from tutor.settings import BY_KEY, DECLARED, read, write
from tutor.store.owner import Family, now, reads, writes


class Preferences(Family):
    """Table `setting`."""

    @reads
    def settings(self, learner_id: int | None = None) -> dict[str, Any]:
        """All declared settings. A learner's own value wins over the school's, that one over the default."""
        return {declared.key: self._value(declared.key, learner_id) for declared in DECLARED}

    @reads
    def setting(self, key: str, learner_id: int | None = None) -> Any:
        """Raises KeyError for a key that is not declared."""
        return self._value(key, learner_id)

    @writes
    def set_setting(self, key: str, value: Any, learner_id: int | None = None) -> None:
        """Store a value. `learner_id` counts for settings with the scope "learner" alone.

        Raises KeyError for a key that is not declared, `UserError` (`wrong_value`, `reason_needed`).
        """
        try:
            stored = write(key, value)
        except msgspec.ValidationError as error:
            raise UserError(
                tr("This value does not fit the setting “{key}”. The old value is kept.", key=key), code="wrong_value"
            ) from error
        if key == "give_answers" and value and not str(self._value("give_answers_reason", None)).strip():
            raise UserError(
                tr("Showing whole solutions needs a reason. The setting is as it was. Write the reason first."),
                code="reason_needed",
            )
        owner = learner_id if BY_KEY[key].scope == "learner" else None
        self._do("DELETE FROM setting WHERE key = ? AND learner_id IS ?", key, owner)
        self._do(
            "INSERT INTO setting (learner_id, key, value, changed_at) VALUES (?, ?, ?, ?)", owner, key, stored, now()
        )

    def _value(self, key: str, learner_id: int | None) -> Any:
        row = None
        if learner_id is not None and BY_KEY[key].scope == "learner":
            row = self._row("SELECT value FROM setting WHERE key = ? AND learner_id = ?", key, learner_id)
        if row is None:
            row = self._row("SELECT value FROM setting WHERE key = ? AND learner_id IS NULL", key)
        return read(key, row["value"] if row else None)
