"""The queue: flags become proposed corrections, checks look at them, people decide.

At school nothing is used before a teacher accepts it. At home a learner's own correction is used once every check
passes, for that learner alone; otherwise it is kept for a grown-up with the reason.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

from tutor.corrections import adapters, contradictions
from tutor.corrections.vetting import Engine, Vetting
from tutor.domain import Correction, CorrectionStatus, Flag, Frozen, Role, Setting
from tutor.engine import protocol
from tutor.errors import UserError
from tutor.i18n import tr

if TYPE_CHECKING:
    from tutor.corrections.contradictions import Contradiction
    from tutor.store import Store

KIND_OF: Final = {
    "wrong": "fact",
    "confusing": "explanation",
    "unsafe": "fact",
    "unfair": "style",
    "off_lesson": "scope",
    "level": "style",
    "other": "fact",
}
"""Category of a flag to kind of correction; a teacher may change it."""
_FOR_GROWN_UPS: Final = ("unsafe", "unfair")
"""Categories that a grown-up looks at whatever the checks say."""
_UNUSABLE: Final = ("refuse", "signpost")
"""Moves whose words are written by people; a learner does not correct them alone."""


class Group(Frozen):
    """Proposed corrections that ask alike, and those already in use that do."""

    waiting: tuple[Correction, ...]
    """Oldest first; one without an answer is a flag that does not say what would be right."""
    in_use: tuple[Correction, ...] = ()


class Queue:
    """What teachers and sessions do with corrections, from any thread. The engine's events come by `handle`."""

    def __init__(self, store: "Store", engine: Engine) -> None:
        self._store = store
        self._listeners: tuple[Callable[[Correction], None], ...] = ()
        self._vetting = Vetting(store, engine, self._after_check)
        self._accept_then: dict[int, tuple[str, str]] = {}
        """Accepted by whom, and why, as soon as the checks pass."""

    def listen(self, callback: Callable[[Correction], None]) -> Callable[[], None]:
        """Call `callback` with each correction once it is checked, and accepted where the rules allow it.

        It runs on the thread that hands in the engine's event. Returns the function that ends it.
        """
        self._listeners = (*self._listeners, callback)

        def end() -> None:
            self._listeners = tuple(known for known in self._listeners if known is not callback)

        return end

    # --- from flags -----------------------------------------------------------------------------------------------

    def flagged(self, flag: Flag) -> Correction | None:
        """Take a flag in as a proposed correction and have it checked. None when the flagged message is no answer."""
        known = self._store.correction_of_flag(flag.id)
        answer = self._store.message(flag.message_id)
        if known is not None or answer.role is not Role.TUTOR or answer.parent_id is None:
            return known
        question = self._store.message(answer.parent_id)
        owner = self._store.conversation(answer.conversation_id).learner_id
        made = self._store.propose_correction(
            question.text,
            flag.better,
            wrong=answer.text,
            kind=KIND_OF[flag.category],
            scope="learner" if self._store.setting("setting") == Setting.HOME else "class",
            learner_id=owner,
            flag_id=flag.id,
            by="learner",
            why=flag.what,
        )
        self._vetting.check(made.id)
        return made

    # --- what the engine says -------------------------------------------------------------------------------------

    def handle(self, event: protocol.Event) -> bool:
        """Whether the event was an answer to one of our checks. May raise `UserError` of the disk."""
        return self._vetting.handle(event)

    def check_all(self) -> None:
        """The engine is ready: have everything checked that is not."""
        self._vetting.check_all()

    def engine_ended(self) -> None:
        self._vetting.ended()

    # --- what a teacher sees and does -----------------------------------------------------------------------------

    def waiting(self) -> tuple[Group, ...]:
        """Everything that waits for a decision, similar ones together."""
        every = self._store.corrections()
        proposed = tuple(c for c in every if c.status is CorrectionStatus.PROPOSED)
        used = [c for c in every if c.status is CorrectionStatus.ACCEPTED]
        beside = contradictions.beside(proposed, used)
        return tuple(
            Group(waiting=group, in_use=_each_once(c for mine in group for c in beside[mine.id]))
            for group in contradictions.groups(proposed)
        )

    def contradictions(self) -> "tuple[Contradiction, ...]":
        """Pairs that cannot both be right, to be shown side by side."""
        return contradictions.pairs(self._store.corrections())

    def check(self, correction_id: int) -> None:
        """Have it checked again."""
        self._vetting.check(correction_id)

    def add(self, question: str, answer: str, **more: Any) -> Correction:
        """A teacher's own correction, accepted as soon as the checks pass."""
        made = self._store.propose_correction(question.strip(), answer.strip(), by="teacher", **more)
        self._accept_then[made.id] = ("teacher", "")
        self._vetting.check(made.id)
        return made

    def accept(self, correction_id: int, *, why: str = "", scope: str = "") -> Correction:
        """Accept for the class or for one learner (`scope`). What a check stopped needs a reason.

        Raises `UserError`: `not_checked`, `no_answer`, `stopped`, `reason_needed`, `not_found`.
        """
        return accept(self._store, correction_id, why=why, scope=scope)

    def edit(self, correction_id: int, *, accept: bool = False, why: str = "", **changed: Any) -> Correction:
        """Change its words; with `accept` it is accepted once the checks pass. Raises `UserError` (`not_found`)."""
        edited = self._store.edit_correction(correction_id, by="teacher", why=why, **changed)
        self._accept_then.pop(correction_id, None)
        if accept:
            self._accept_then[correction_id] = ("teacher", why)
        self._vetting.check(correction_id)
        return edited

    def merge(self, correction_id: int, into: int, *, why: str = "") -> Correction:
        """Say that it means the same as another one, whose answer stays. Gives that one. Raises `UserError`."""
        return self._store.merge_correction(correction_id, into, by="teacher", why=why)

    def reject(self, correction_id: int, *, why: str = "") -> Correction:
        return self._decide(correction_id, CorrectionStatus.REJECTED, why)

    def withdraw(self, correction_id: int, *, why: str = "") -> Correction:
        """Take an accepted one out of use; its record stays."""
        return self._decide(correction_id, CorrectionStatus.WITHDRAWN, why)

    def undo(self, correction_id: int) -> Correction:
        """Take back the last decision about it. Raises `UserError` (`nothing_to_undo`, `not_found`)."""
        self._accept_then.pop(correction_id, None)
        undone = undo(self._store, correction_id)
        if not undone.checked and undone.status is CorrectionStatus.PROPOSED:
            self._vetting.check(correction_id)
        return undone

    # --- inside ---------------------------------------------------------------------------------------------------

    def _decide(self, correction_id: int, status: CorrectionStatus, why: str) -> Correction:
        self._accept_then.pop(correction_id, None)
        return self._store.decide(correction_id, status, by="teacher", why=why)

    def _after_check(self, correction: Correction) -> None:
        by, why = self._accept_then.pop(correction.id, ("", ""))
        if by and correction.checked == "passed" and correction.answer.strip():
            correction = self._store.decide(correction.id, CorrectionStatus.ACCEPTED, by=by, why=why)
            adapters.freshen(self._store)
        elif own_way(self._store, correction):
            correction = self._store.decide(correction.id, CorrectionStatus.ACCEPTED, by="learner")
        for callback in self._listeners:
            callback(correction)


def _each_once(corrections: Iterable[Correction]) -> tuple[Correction, ...]:
    """By their number, oldest first."""
    found = {c.id: c for c in corrections}
    return tuple(found[number] for number in sorted(found))


def accept(store: "Store", correction_id: int, *, why: str = "", scope: str = "") -> Correction:
    """A teacher's yes. Raises `UserError` as `Queue.accept` says."""
    correction = store.correction(correction_id)
    if correction.checked == "stopped" and not why.strip() and not any(f.firm for f in correction.findings):
        raise UserError(
            tr("A check stopped this correction. It is kept as it is. To accept it all the same, write the reason."),
            code="reason_needed",
        )
    accepted = store.decide(correction_id, CorrectionStatus.ACCEPTED, by="teacher", why=why, scope=scope)
    adapters.freshen(store)
    return accepted


def undo(store: "Store", correction_id: int) -> Correction:
    """Take back the last decision about it. Raises `UserError` as `Queue.undo` says."""
    undone = store.undo_decision(correction_id, by="teacher")
    adapters.freshen(store)
    return undone


def own_way(store: "Store", correction: Correction) -> bool:
    """Whether it is used without a teacher: at home, a learner's own, whole, passed by every check, untouched."""
    return (
        store.setting("setting") == Setting.HOME
        and bool(store.setting("learner_corrections"))
        and correction.status is CorrectionStatus.PROPOSED
        and correction.checked == "passed"
        and bool(correction.answer.strip())
        and correction.scope == "learner"
        and len(store.decisions(correction.id)) == 1
        and _learners_to_say(store, correction)
    )


def _learners_to_say(store: "Store", correction: Correction) -> bool:
    """Whether the flagged answer was an ordinary one: what worried a learner is looked at by a grown-up."""
    flag = store.flag_of(correction.flag_id) if correction.flag_id is not None else None
    if flag is None or flag.category in _FOR_GROWN_UPS:
        return False
    reply = store.message(flag.message_id).reply
    return reply is None or (not reply.alert and (reply.move is None or reply.move.value not in _UNUSABLE))
