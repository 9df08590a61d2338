"""A learner's own PIN, where a grown-up gave them one: it keeps other learners out of their conversations.

Whoever opens these shows a `LetIn`, which only the store gives. So a front that does not ask for the PIN opens nothing.
"""

import hashlib
import re
from typing import TYPE_CHECKING, Final

from tutor.domain import Frozen
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.store.guarded import Guarded, Place, hashed, wait_in_words
from tutor.store.owner import now, reads, writes
from tutor.store.people import People

if TYPE_CHECKING:
    from tutor.store.lean import Database

SHORTEST_PIN: Final = 4
LONGEST_PIN: Final = 6
_PIN: Final = re.compile(f"[0-9]{{{SHORTEST_PIN},{LONGEST_PIN}}}")


class LetIn(Frozen):
    """Proof that a learner's lock was opened, or that they have none. It holds while the store is open."""

    learner_id: int
    lock: str
    """Which PIN was in force; "" for none. Once it is changed or taken away, the proof is none any more."""
    seal: str
    """The store's own, so that a proof cannot be made elsewhere, nor be carried over from another start."""


class LearnerLocks(Guarded, People):
    """Table `learner_lock`, a row for each learner who has a PIN. There is no recovery code: a grown-up takes it away.

    The row goes when the learner is erased. An export of the learner does not hold it.
    """

    _seal: str

    def let_in(self, learner_id: int, pin: str | None = None) -> LetIn | None:
        """The proof that opens a learner's conversations (`App.session`); None where their PIN is not the one given.

        `pin` None: nobody typed one yet, and no try is counted. Raises `UserError` (`locked`) while nobody may try.
        """
        lock = self._lock_of(learner_id)
        if lock and (pin is None or not self.check_pin(learner_id, pin)):
            return None
        return LetIn(learner_id=learner_id, lock=lock, seal=self._seal)

    def may_come_in(self, let_in: LetIn | None, learner_id: int) -> bool:
        """Whether a proof is ours, this learner's, and of the PIN in force."""
        wanted = LetIn(learner_id=learner_id, lock=self._lock_of(learner_id), seal=self._seal)
        return let_in == wanted

    @reads
    def has_pin(self, learner_id: int) -> bool:
        return self._row("SELECT 1 FROM learner_lock WHERE learner_id = ?", learner_id) is not None

    @reads
    def learners_with_pin(self) -> frozenset[int]:
        """Ids of all who have one."""
        return frozenset(row["learner_id"] for row in self._rows("SELECT learner_id FROM learner_lock"))

    def set_pin(self, learner_id: int, pin: str) -> None:
        """Give a learner a PIN, or another one; a wait after wrong tries ends.

        Raises `UserError` (`pin_form`, `not_found`).
        """
        check_form(pin)
        self.learner(learner_id)
        self._keep_pin(learner_id, hashed(pin))
        self._not_before.pop(_of(learner_id), None)

    def check_pin(self, learner_id: int, pin: str) -> bool:
        """Whether this is the learner's PIN; False where they have none.

        Raises `UserError` (`locked`) while nobody may try.
        """
        return self._try(_of(learner_id), pin, locked=_wait)

    def pin_locked_for(self, learner_id: int) -> float:
        """Seconds until the next try is allowed; 0 when it is now."""
        return self._wait_of(_of(learner_id))

    def remove_pin(self, learner_id: int) -> None:
        """The learner is chosen without a PIN from now on. A grown-up's act, also where it was forgotten."""
        self._drop_pin(learner_id)
        self._not_before.pop(_of(learner_id), None)

    def _take_pins_along(self, copy: "Database") -> None:
        """Into a copy of a backup: who has a PIN now keeps it, with the wrong tries; who has none, gets none back.

        Learners whom only the backup knows keep what they had there. Runs on the owner thread.
        """
        with copy.atomic():
            for learner in self._rows("SELECT id, key FROM learner"):
                copy.execute(
                    "DELETE FROM learner_lock WHERE learner_id IN (SELECT id FROM learner WHERE key = ?)",
                    (learner["key"],),
                )
                lock = self._row("SELECT * FROM learner_lock WHERE learner_id = ?", learner["id"])
                if lock is None:
                    continue
                del lock["learner_id"]
                copy.execute(
                    f"INSERT INTO learner_lock (learner_id, {', '.join(lock)}) "
                    f"SELECT id, {', '.join('?' * len(lock))} FROM learner WHERE key = ?",
                    (*lock.values(), learner["key"]),
                )

    @reads
    def _lock_of(self, learner_id: int) -> str:
        """Tells one PIN from the next; "" for none."""
        row = self._row("SELECT secret_hash FROM learner_lock WHERE learner_id = ?", learner_id)
        return hashlib.sha256(row["secret_hash"].encode()).hexdigest() if row else ""

    @writes
    def _keep_pin(self, learner_id: int, secret_hash: str) -> None:
        self._do(
            "INSERT OR REPLACE INTO learner_lock (learner_id, secret_hash, changed_at) VALUES (?, ?, ?)",
            learner_id,
            secret_hash,
            now(),
        )

    @writes
    def _drop_pin(self, learner_id: int) -> None:
        self._do("DELETE FROM learner_lock WHERE learner_id = ?", learner_id)


def check_form(pin: str) -> None:
    """Raises `UserError` (`pin_form`) for what is no PIN."""
    if not _PIN.fullmatch(pin.strip()):
        raise UserError(
            tr("A PIN is {least} to {most} digits. Nothing was changed.", least=SHORTEST_PIN, most=LONGEST_PIN),
            code="pin_form",
        )


def _of(learner_id: int) -> Place:
    return Place(table="learner_lock", column="learner_id", of=learner_id)


def _wait(wait: float) -> UserError:
    return UserError(
        tr(
            "Too many wrong tries. Wait {when}, then try again. If you have forgotten your PIN, ask your teacher or a "
            "grown-up.",
            when=wait_in_words(wait),
        ),
        code="locked",
    )
