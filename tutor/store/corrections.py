"""Corrections: what is right instead of a bad answer, with the history of who decided what, when and why."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

from tutor.domain import Correction, CorrectionStatus, Decision, Finding
from tutor.errors import BugError, UserError
from tutor.i18n import tr
from tutor.store.owner import Family, now, reads, writes

KINDS: Final = ("fact", "method", "explanation", "style", "scope")
_findings: Final = msgspec.json.Decoder(tuple[Finding, ...])
_texts: Final = msgspec.json.Decoder(tuple[str, ...])
_KEPT: Final = (
    "question", "answer", "wrong", "kind", "phrasings", "scope", "status", "merged_into", "decided_by", "why",
    "checked", "findings", "decided_at",
)  # fmt: skip
"""Columns that a decision may change, and that undoing it puts back."""
_WHAT: Final = {
    CorrectionStatus.ACCEPTED: "accepted",
    CorrectionStatus.REJECTED: "rejected",
    CorrectionStatus.WITHDRAWN: "withdrawn",
}


class Corrections(Family):
    """Tables `correction` and `correction_decision`."""

    @writes
    def propose_correction(
        self,
        question: str,
        answer: str,
        *,
        wrong: str = "",
        kind: str = "fact",
        phrasings: Iterable[str] = (),
        scope: str = "class",
        learner_id: int | None = None,
        flag_id: int | None = None,
        by: str = "learner",
        why: str = "",
    ) -> Correction:
        """A new one, not yet checked. An `answer` of "" waits until somebody writes it."""
        _check_kind(kind)
        when = now()
        cursor = self._do(
            "INSERT INTO correction (question, answer, wrong, kind, phrasings, scope, learner_id, flag_id, status, "
            "created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'proposed', ?)",
            question,
            answer,
            wrong,
            kind,
            _json(tuple(phrasings)),
            scope,
            learner_id,
            flag_id,
            when,
        )
        made = cursor.lastrowid or 0
        self._note_decision(made, "proposed", by, why, {})
        return self._correction(made)

    @reads
    def correction(self, correction_id: int) -> Correction:
        """Raises `UserError` (`not_found`)."""
        return self._correction(correction_id)

    @reads
    def own_words(self, correction_id: int) -> Correction:
        """As `correction`, without the phrasings of what was merged into it: what its checks look at."""
        return _one(self._before(correction_id))

    @reads
    def corrections(self, status: CorrectionStatus | None = None) -> tuple[Correction, ...]:
        """All, or those that stand so; oldest first. What was merged adds its phrasings to the one it went into."""
        return self._corrections("?1 IS NULL OR status = ?1", status.value if status else None)

    @reads
    def accepted_corrections(self, learner_id: int | None = None) -> tuple[Correction, ...]:
        """Those that may be answered from and learned from: everyone's, and this learner's own."""
        return self._corrections(
            "status = 'accepted' AND (scope = 'class' OR (?1 IS NOT NULL AND learner_id = ?1))", learner_id
        )

    @reads
    def correction_of_flag(self, flag_id: int) -> Correction | None:
        found = self._corrections("flag_id = ?1", flag_id)
        return found[0] if found else None

    @reads
    def decisions(self, correction_id: int) -> tuple[Decision, ...]:
        """A correction's history, oldest first."""
        rows = self._rows(
            'SELECT id, correction_id, at, decided_by AS "by", what, why, undoes FROM correction_decision '
            "WHERE correction_id = ? ORDER BY id",
            correction_id,
        )
        return tuple(Decision(**row) for row in rows)

    @writes
    def keep_check(self, checked: Correction, texts: Correction, passed: bool, findings: Sequence[Finding]) -> bool:
        """Store what the checks of `checked` (its own words) found, and its words as `texts` has them, cleaned.

        False, and nothing is stored, when the words have been changed meanwhile or a person has decided already.
        """
        row = self._row("SELECT * FROM correction WHERE id = ?", checked.id)
        if row is None or row["status"] != "proposed" or _words(_one(row)) != _words(checked):
            return False
        self._do(
            "UPDATE correction SET question = ?, answer = ?, wrong = ?, phrasings = ?, checked = ?, findings = ? "
            "WHERE id = ?",
            texts.question,
            texts.answer,
            texts.wrong,
            _json(texts.phrasings),
            "passed" if passed else "stopped",
            _json(findings),
            checked.id,
        )
        return True

    @writes
    def decide(
        self, correction_id: int, status: CorrectionStatus, *, by: str, why: str = "", scope: str = ""
    ) -> Correction:
        """Accept (for another `scope`, where given), reject or withdraw.

        Raises `UserError` (`not_found`, `not_checked`, `no_answer`, `stopped`).
        """
        before = self._before(correction_id)
        if status not in _WHAT:
            raise BugError(f"a correction cannot be decided to be {status}")
        if status is CorrectionStatus.ACCEPTED:
            _check_acceptable(before)
        self._note_decision(correction_id, _WHAT[status], by, why, before)
        also = {"scope": scope} if scope else {}
        self._set(
            correction_id, status=status.value, merged_into=None, decided_by=by, why=why, decided_at=now(), **also
        )
        return self._correction(correction_id)

    @writes
    def edit_correction(self, /, correction_id: int, *, by: str, why: str = "", **changed: Any) -> Correction:
        """Change question, answer, wrong, kind, phrasings or scope. It is then proposed, and to be checked again."""
        unknown = changed.keys() - {"question", "answer", "wrong", "kind", "phrasings", "scope"}
        if unknown:
            raise BugError(f"a correction has no {sorted(unknown)}")
        _check_kind(changed.get("kind", "fact"))
        before = self._before(correction_id)
        if "phrasings" in changed:
            others = set(self._correction(correction_id).phrasings) - set(_one(before).phrasings)
            changed["phrasings"] = _json([text for text in changed["phrasings"] if text not in others])
        self._note_decision(correction_id, "edited", by, why, before)
        self._set(
            correction_id, status="proposed", merged_into=None, checked="", findings="[]", decided_by="", why="",
            decided_at="", **changed,
        )  # fmt: skip
        return self._correction(correction_id)

    @writes
    def merge_correction(self, correction_id: int, into: int, *, by: str, why: str = "") -> Correction:
        """Say that one means the same as another, whose answer stays. Gives that one, with the phrasings of both.

        Raises `UserError` (`not_found`, `not_checked`, `stopped`; `not_mergeable`, as when `into` was itself merged).
        """
        before, target = self._before(correction_id), self._before(into)
        has_some = self._row("SELECT 1 FROM correction WHERE merged_into = ? AND status = 'merged'", correction_id)
        if correction_id == into or target["status"] not in ("proposed", "accepted") or has_some:
            raise UserError(
                tr("These two cannot be merged. Nothing was changed. Choose one that stands for itself."),
                code="not_mergeable",
            )
        _check_seen(before)
        theirs = ("learner", before["learner_id"])
        if before["scope"] == "learner" and (target["scope"], target["learner_id"]) != theirs:
            raise UserError(
                tr("One of these is for a single learner. Nothing was changed. First make it one for everyone."),
                code="not_mergeable",
            )
        self._note_decision(correction_id, "merged", by, why, before)
        self._set(correction_id, status="merged", merged_into=into, decided_by=by, why=why, decided_at=now())
        return self._correction(into)

    @writes
    def undo_decision(self, correction_id: int, *, by: str) -> Correction:
        """Take the last decision back, then the one before it. Raises `UserError` (`not_found`, `nothing_to_undo`)."""
        last = self._row(
            "SELECT id, before FROM correction_decision AS d WHERE correction_id = ? AND what NOT IN "
            "('proposed', 'undone') AND NOT EXISTS (SELECT 1 FROM correction_decision WHERE undoes = d.id) "
            "ORDER BY id DESC",
            correction_id,
        )
        if last is None:
            raise UserError(tr("There is no decision to take back. Nothing was changed."), code="nothing_to_undo")
        before = self._before(correction_id)
        restored = {name: value for name, value in msgspec.json.decode(last["before"]).items() if name in _KEPT}
        into = restored.get("merged_into")
        if into is not None and self._row("SELECT 1 FROM correction WHERE id = ?", into) is None:
            restored |= {"status": "proposed", "merged_into": None, "checked": ""}
        self._note_decision(correction_id, "undone", by, "", before, last["id"])
        self._set(correction_id, **restored)
        return self._correction(correction_id)

    # --- inside ---------------------------------------------------------------------------------------------------

    def _correction(self, correction_id: int) -> Correction:
        found = self._corrections("id = ?1", correction_id)
        if not found:
            raise UserError(tr("This correction is not there any more. Choose another one."), code="not_found")
        return found[0]

    def _corrections(self, where: str, value: Any) -> tuple[Correction, ...]:
        rows = self._rows(f"SELECT * FROM correction WHERE {where} ORDER BY id", value)
        merged: dict[int, list[Correction]] = {}
        for row in self._rows("SELECT * FROM correction WHERE status = 'merged' ORDER BY id"):
            one = _one(row)
            merged.setdefault(one.merged_into or 0, []).append(one)
        return tuple(_with(_one(row), merged.get(row["id"], ())) for row in rows)

    def _before(self, correction_id: int) -> dict[str, Any]:
        row = self._row("SELECT * FROM correction WHERE id = ?", correction_id)
        if row is None:
            raise UserError(tr("This correction is not there any more. Choose another one."), code="not_found")
        return row

    def _set(self, correction_id: int, **columns: Any) -> None:
        named = ", ".join(f"{name} = ?" for name in columns)
        self._do(f"UPDATE correction SET {named} WHERE id = ?", *columns.values(), correction_id)

    def _note_decision(
        self, correction_id: int, what: str, by: str, why: str, before: dict[str, Any], undoes: int | None = None
    ) -> None:
        self._do(
            "INSERT INTO correction_decision (correction_id, at, decided_by, what, why, before, undoes) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            correction_id,
            now(),
            by,
            what,
            why,
            _json({name: before[name] for name in _KEPT if name in before}),
            undoes,
        )


def _check_kind(kind: str) -> None:
    if kind not in KINDS:
        raise BugError(f"unknown kind of correction: {kind}")


def _check_acceptable(row: dict[str, Any]) -> None:
    if not row["question"].strip() or not row["answer"].strip():
        raise UserError(
            tr("This correction does not say yet what would be right. It is kept. Write the right answer first."),
            code="no_answer",
        )
    _check_seen(row)


def _check_seen(row: dict[str, Any]) -> None:
    if not row["checked"]:
        raise UserError(
            tr("This correction was not checked yet, so it cannot be used. It is kept. Have it checked first."),
            code="not_checked",
        )
    if any(finding.firm for finding in _findings.decode(row["findings"])):
        raise UserError(
            tr("A check says that this must not be taught as it stands. It is kept. Edit it, or reject it."),
            code="stopped",
        )


def _one(row: dict[str, Any]) -> Correction:
    fields = {name: row[name] for name in Correction.__struct_fields__ if name in row}
    return Correction(
        **{
            **fields,
            "by": row["decided_by"],
            "status": CorrectionStatus(row["status"]),
            "phrasings": _texts.decode(row["phrasings"]),
            "findings": _findings.decode(row["findings"]),
        }
    )


def _with(correction: Correction, merged: Sequence[Correction]) -> Correction:
    """The correction, asked in the words of those merged into it too."""
    every = (*correction.phrasings, *(text for one in merged for text in (one.question, *one.phrasings)))
    known = {correction.question.casefold(): correction.question}
    for text in every:
        known.setdefault(text.casefold(), text)
    phrasings = tuple(known.values())[1:]
    return msgspec.structs.replace(correction, phrasings=phrasings) if merged else correction


def _words(correction: Correction) -> tuple[object, ...]:
    return correction.question, correction.answer, correction.wrong, correction.phrasings


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
