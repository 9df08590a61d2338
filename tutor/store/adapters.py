"""The registry of adapters: what was trained on what, what its judgement said, which one is in use."""

import logging
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import msgspec

from tutor.domain import Adapter, AdapterState
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.store.owner import Family, now, reads, writes

_log = logging.getLogger(__name__)
_SAME: Final = "base_sha256 = ? AND scope = ? AND coalesce(learner_id, 0) = coalesce(?, 0)"
"""What one adapter at a time may be in use for."""


def class_adapter(path: Path, base: str) -> tuple[str, str]:
    """File and hash of the adapter for everyone in use with a model, read beside an open Tutor; else ("", "")."""
    if not path.exists():
        return "", ""
    try:
        source = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=1)
        try:
            found = source.execute(
                "SELECT file, file_sha256 FROM adapter WHERE state = 'active' AND scope = 'class' AND base = ?", (base,)
            ).fetchone()
        finally:
            source.close()
    except sqlite3.Error as error:
        _log.warning("the adapter in use cannot be read, the model answers alone: %s", error)
        return "", ""
    return (found[0], found[1]) if found else ("", "")


class Adapters(Family):
    """Tables `adapter` and `adapter_correction`."""

    @writes
    def begin_adapter(
        self,
        *,
        base: str,
        base_sha256: str,
        ledger_sha256: str,
        corrections: Iterable[int],
        scope: str = "class",
        learner_id: int | None = None,
    ) -> Adapter:
        """A training begins, or one of the same corrections that was interrupted goes on. Its state is TRAINING."""
        known = self._row(
            f"SELECT id FROM adapter WHERE state = 'training' AND ledger_sha256 = ? AND {_SAME} ORDER BY id DESC",
            ledger_sha256,
            base_sha256,
            scope,
            learner_id,
        )
        if known is not None:
            return self._adapter(known["id"])
        when = now()
        cursor = self._do(
            "INSERT INTO adapter (base, base_sha256, ledger_sha256, scope, learner_id, state, created_at, changed_at) "
            "VALUES (?, ?, ?, ?, ?, 'training', ?, ?)",
            base,
            base_sha256,
            ledger_sha256,
            scope,
            learner_id,
            when,
            when,
        )
        made = cursor.lastrowid or 0
        for correction_id in corrections:
            self._do("INSERT INTO adapter_correction VALUES (?, ?)", made, correction_id)
        return self._adapter(made)

    @reads
    def adapter(self, adapter_id: int) -> Adapter:
        """Raises UserError (`not_found`)."""
        return self._adapter(adapter_id)

    @reads
    def adapters(self) -> tuple[Adapter, ...]:
        """All of them, newest first."""
        return tuple(_one(row) for row in self._rows("SELECT * FROM adapter ORDER BY id DESC"))

    @reads
    def adapter_corrections(self, adapter_id: int) -> tuple[int, ...]:
        """Ids of the corrections that it was trained on, also of those that are gone."""
        rows = self._rows("SELECT correction_id FROM adapter_correction WHERE adapter_id = ? ORDER BY 1", adapter_id)
        return tuple(row["correction_id"] for row in rows)

    @reads
    def adapters_taught_by(self, learner_id: int) -> tuple[Adapter, ...]:
        """Those of a learner, and those whose files may hold words of theirs.

        An adapter from elsewhere was judged on all that was accepted then, and one of which a merged correction is a
        part was trained on its words, too; neither is written down with it, so the time decides.
        """
        since = (
            "(SELECT min(at) FROM correction_decision JOIN correction ON correction.id = correction_id "
            "WHERE correction.learner_id = ?1 AND what = '{}')"
        )
        rows = self._rows(
            "SELECT * FROM adapter WHERE learner_id = ?1 OR id IN (SELECT adapter_id FROM adapter_correction JOIN "
            "correction ON correction.id = correction_id WHERE correction.learner_id = ?1) "
            f"OR changed_at >= {since.format('merged')} OR (changed_at >= {since.format('accepted')} AND NOT EXISTS "
            "(SELECT 1 FROM adapter_correction WHERE adapter_id = adapter.id)) ORDER BY id",
            learner_id,
        )
        return tuple(_one(row) for row in rows)

    @reads
    def active_adapter(self, *, base_sha256: str = "", base: str = "", learner_id: int | None = None) -> Adapter | None:
        """The one in use for a model, named by its hash or by its path: the learner's own, else the one for all."""
        rows = self._rows(
            "SELECT * FROM adapter WHERE state = 'active' AND (base_sha256 = ?1 OR (?1 = '' AND base = ?2)) "
            "AND (learner_id IS NULL OR learner_id = ?3) ORDER BY learner_id IS NULL, id DESC",
            base_sha256,
            base,
            learner_id,
        )
        return _one(rows[0]) if rows else None

    @writes
    def adapter_judged(
        self,
        adapter_id: int,
        *,
        file: str,
        file_sha256: str,
        figures: dict[str, float],
        promoted: bool,
        report: str,
        why: str = "",
    ) -> Adapter:
        """Keep what a judgement said. One that is in use and no longer promoted is taken out of use."""
        self._set_adapter(
            adapter_id,
            state="judged",
            file=file,
            file_sha256=file_sha256,
            figures=msgspec.json.encode(figures).decode(),
            promoted=int(promoted),
            report=report,
            why=why,
        )
        return self._adapter(adapter_id)

    @writes
    def adapter_failed(self, adapter_id: int, why: str) -> Adapter:
        """The training or the judgement ended with an error."""
        self._set_adapter(adapter_id, state="failed", why=why)
        return self._adapter(adapter_id)

    @writes
    def activate_adapter(self, adapter_id: int) -> Adapter:
        """Put it to use; the one in use until now retires, and going back leads to it.

        Raises UserError (`not_promoted`) for one that its judgement does not allow.
        """
        wanted = self._adapter(adapter_id)
        if wanted.state is AdapterState.ACTIVE:
            return wanted
        if not wanted.promoted or not wanted.file or wanted.state not in (AdapterState.JUDGED, AdapterState.RETIRED):
            raise UserError(
                tr(
                    "This adapter may not be used: its judgement does not allow it. Nothing was changed. Look at its "
                    "report, or train again."
                ),
                code="not_promoted",
            )
        before = self._active_like(wanted)
        if before is not None:
            self._set_adapter(before.id, state="retired")
        self._set_adapter(adapter_id, state="active", replaced_id=before.id if before else None)
        return self._adapter(adapter_id)

    @writes
    def roll_back(self, adapter_id: int) -> Adapter | None:
        """Take it out of use and put back what it had replaced; None: the model alone answers now."""
        current = self._adapter(adapter_id)
        if current.state is not AdapterState.ACTIVE:
            return self._active_like(current)
        self._set_adapter(adapter_id, state="retired", replaced_id=None)
        before = self._row("SELECT * FROM adapter WHERE id = ? AND state = 'retired'", current.replaced_id)
        if before is None:
            return None
        self._set_adapter(before["id"], state="active")
        return self._adapter(before["id"])

    @writes
    def adapter_fresh(self, adapter_id: int) -> None:
        """All that it was trained on stands again as it stood then."""
        self._set_adapter(adapter_id, stale=0)

    @writes
    def forget_report(self, adapter_id: int) -> None:
        """Its report is deleted, for it held the words of somebody who is erased."""
        self._do("UPDATE adapter SET report = '', changed_at = ? WHERE id = ?", now(), adapter_id)

    @writes
    def delete_adapter(self, adapter_id: int) -> None:
        """Forget it. Its files are the caller's."""
        self._do("DELETE FROM adapter WHERE id = ?", adapter_id)

    # --- inside ---------------------------------------------------------------------------------------------------

    def _adapter(self, adapter_id: int) -> Adapter:
        row = self._row("SELECT * FROM adapter WHERE id = ?", adapter_id)
        if row is None:
            raise UserError(tr("This adapter is not there any more. Choose another one."), code="not_found")
        return _one(row)

    def _active_like(self, other: Adapter) -> Adapter | None:
        row = self._row(
            f"SELECT * FROM adapter WHERE state = 'active' AND {_SAME}",
            other.base_sha256,
            other.scope,
            other.learner_id,
        )
        return _one(row) if row else None

    def _set_adapter(self, adapter_id: int, **columns: Any) -> None:
        columns["changed_at"] = now()
        names = ", ".join(f"{name} = ?" for name in columns)
        self._do(f"UPDATE adapter SET {names} WHERE id = ?", *columns.values(), adapter_id)


def _one(row: dict[str, Any]) -> Adapter:
    values = dict(row)
    values["figures"] = msgspec.json.decode(values["figures"], type=dict[str, float])
    values["promoted"], values["stale"] = bool(values["promoted"]), bool(values["stale"])
    values["state"] = AdapterState(values["state"])
    return Adapter(**values)
