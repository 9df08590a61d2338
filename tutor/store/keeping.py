"""Deleting conversations and the record past their periods: in small pieces, not while the clock or a period is new.

The safeguarding record has a period of its own. It keeps a learner's words until that ends, also of a conversation
that went earlier: what it is for would be lost otherwise. The notice to learners and the settings say so.
"""

import logging
import sqlite3
import threading
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from tutor.domain import Frozen
from tutor.errors import UserError
from tutor.store import backup, retention
from tutor.store.owner import ROUNDS, reads, writes
from tutor.store.preferences import Preferences

_log = logging.getLogger(__name__)
PIECE: Final = 60
"""Messages deleted at once; a longer conversation goes at once all the same."""
PAUSE_S: Final = 0.05
"""Between two pieces, so that whoever waits for the store comes first."""
PAGES: Final = 16
"""Of a full-text index, written anew at once."""
SMALL: Final = 32 * 1024 * 1024
"""Bytes of a database that is compacted at once; a larger one when nobody uses it, or when Tutor closes."""
QUIET_S: Final = 600.0
LEAP: Final = timedelta(days=31)
"""Since the last round: holidays, or a wrong clock. Nothing is deleted until the date has held for `WAIT`."""
TRUSTED: Final = timedelta(days=366)
"""Whoever opens Tutor every few weeks only must not wait for ever; a leap beyond this is waited for again."""
RECORD_PIECE: Final = 500
"""Turns of the record deleted at once."""
LATE: Final = timedelta(days=7)
"""A backup is written anew for the record's sake once a week at most: each is a whole copy."""
WAIT: Final = timedelta(days=7)
"""Also after the period was changed, since a number is easily mistyped and nothing comes back."""


class Keeping(Frozen):
    """How the period for conversations stands."""

    months: int
    """0: they are kept until the learner is erased."""
    waits_until: str = ""
    """Nothing is deleted before (UTC, ISO 8601); "" when nothing is waited for."""
    clock: bool = False
    """It waits since the date leapt, not since the period is new."""
    past: int = 0
    """Conversations that will be deleted then."""
    last_at: str = ""
    last_count: int = 0
    """What the last round that deleted something deleted, and when."""
    unfinished: bool = False
    """Backups or files are still to be cleared."""


class Retention(Preferences):
    """Tables `keeping` and `purge`."""

    _path: Path | None
    _backups: Path | None
    _snapshots: Path | None
    _clock: Callable[[], float]
    in_use: Callable[[], Collection[int]] = staticmethod(frozenset)
    """Conversations on show now, which stay. Called on the owner thread, so it must wait for nobody."""
    _compact_at_end = False
    """All that is left of a round is to compact a large file."""

    @reads
    def keeping(self) -> Keeping:
        """How it stands, for the teacher."""
        moment, months = self._moment(), self._months()
        row = self._row("SELECT * FROM keeping") or {"wait_until": "", "pending": ""}
        until, clock = self._waits(moment, row["wait_until"])
        last = self._row("SELECT at, conversations FROM purge ORDER BY id DESC LIMIT 1")
        waits = bool(months) and until > retention.stored(moment)
        return Keeping(
            months=months,
            waits_until=until if waits else "",
            clock=waits and clock,
            past=self._count(moment, months) if waits else 0,
            last_at=last["at"] if last else "",
            last_count=last["conversations"] if last else 0,
            unfinished=bool(row["pending"]) and not self._compact_at_end,
        )

    def delete_past(self, stopped: Callable[[float], bool] = lambda _: False) -> int:
        """One round: delete what is past the period, then every remain of it. Returns how many conversations went.

        Works piece by piece on the owner thread; `stopped(seconds)` waits in between and says whether to end early.
        What is left then, or after the program was killed, the next round does. Backups are written anew here, on
        the caller's thread.

        Raises `UserError` for what the disk or the file caused, OSError, `sqlite3.Error` of a backup.
        """
        before, record = self._begin_round()
        gone = 0
        for piece in self._pieces(before) if before else ():
            gone += self._delete_piece(before, piece, first=gone == 0)
            if stopped(PAUSE_S):
                return gone
        while record and self._delete_record_piece(record):
            if stopped(PAUSE_S):
                return gone
        pending, since = self._pending()
        if not pending:
            self._clear_backups_of_record(record, stopped)
            return gone
        if self._compact_at_end and not gone:
            self._compact_when_quiet()
            return gone
        self._compact_at_end = False
        for index in self._indexes():
            pages = -PAGES  # begins anew; the following calls go on with it
            while self._merge(index, pages):
                pages = PAGES
                if stopped(PAUSE_S):
                    return gone
        if self._path is not None:
            retention.clear_beside(self._path, self._snapshots, self._moment())
        for info in backup.listed(self._backups) if self._backups else ():
            retention.clear_backup(info, pending, record, self._known(), since)
            if stopped(PAUSE_S):
                return gone
        self._compact_at_end = True
        self._compact_when_quiet()
        return gone

    def is_unfinished(self) -> bool:
        """Whether something of a round is left to do, be it only to compact a large file."""
        return bool(self._pending()[0])

    # --- pieces, on the owner thread ------------------------------------------------------------------------------

    @writes
    def _begin_round(self) -> tuple[str, str]:
        """Look at the clock. The moments before which conversations, by their last turn, and the record are past now.

        "" for nothing.
        """
        moment, months = self._moment(), self._months()
        row = self._row("SELECT * FROM keeping")
        newest = self._row("SELECT max(at) AS at FROM turn_fact") or {}
        seen = (row["seen_at"] if row else newest.get("at")) or retention.stored(moment)
        wait = row["wait_until"] if row else ""
        since = moment - datetime.fromisoformat(seen)
        waited = bool(wait) and datetime.fromisoformat(wait) <= moment
        if since < timedelta(days=-1) or since > (TRUSTED if waited else LEAP):
            wait = retention.stored(moment + WAIT)
        elif waited:
            wait = ""
        self._do(
            "INSERT INTO keeping (id, seen_at, wait_until) VALUES (1, ?1, ?2) "
            "ON CONFLICT (id) DO UPDATE SET seen_at = ?1, wait_until = ?2",
            retention.stored(moment),
            wait,
        )
        record = self._record_before(moment, wait)
        if not months or self._waits(moment, wait)[0] > retention.stored(moment):
            return "", record
        # dated ahead by a clock that was wrong: as nobody can write in the future, their time begins today
        self._do(
            "UPDATE conversation SET updated_at = ? WHERE updated_at > ?",
            retention.stored(moment),
            retention.stored(moment + timedelta(days=1)),
        )
        return _before(moment, months), record

    @reads
    def _pieces(self, before: str) -> list[list[int]]:
        pieces: list[list[int]] = [[]]
        size = 0
        for conversation_id, messages in retention.dated_before(
            self._db.conn, before, retention.stored(self._moment())
        ):
            if size and size + messages > PIECE:
                pieces.append([])
                size = 0
            pieces[-1].append(conversation_id)
            size += max(1, messages)
        return [piece for piece in pieces if piece]

    @writes
    def _delete_piece(self, before: str, piece: list[int], *, first: bool) -> int:
        """Those of a piece that are past their time now: a learner may have gone on with one meanwhile."""
        kept = set(self.in_use())
        at = retention.stored(self._moment())
        found = [each for each in retention.past(self._db.conn, before, at, piece) if each not in kept]
        if not found:
            return 0
        for each in found:
            retention.delete(self._db.conn, each)
        if first:
            self._do("INSERT INTO purge (at, written_before, conversations) VALUES (?, ?, 0)", at, before)
        self._do(
            "UPDATE purge SET conversations = conversations + ? WHERE id = (SELECT max(id) FROM purge)", len(found)
        )
        self._do("UPDATE keeping SET pending = ?", before)
        return len(found)

    @reads
    def _pending(self) -> tuple[str, str]:
        """(the moment up to which backups are to be cleared, when deleting began)."""
        row = self._row("SELECT pending, (SELECT max(at) FROM purge) AS since FROM keeping")
        return (row["pending"], row["since"] or "") if row else ("", "")

    @reads
    def _indexes(self) -> list[str]:
        return retention.indexes(self._db.conn)

    @writes
    def _merge(self, index: str, pages: int) -> bool:
        """Write some pages of a full-text index anew. Whether there are more.

        Source: sqlite.org/fts5.html, "the merge command": optimizing in small steps.
        """
        conn = self._db.conn
        changes = conn.total_changes
        conn.execute(f"INSERT INTO {index}({index}, rank) VALUES ('merge', ?)", (pages,))
        return bool(conn.total_changes - changes >= 2)

    @reads
    def _known(self) -> set[tuple[str, str]]:
        return retention.known(self._db.conn)

    @writes
    def _delete_record_piece(self, before: str) -> bool:
        """Some of the record that is past its period. Whether there may be more."""
        return retention.purge_record(self._db.conn, before, most=RECORD_PIECE)

    def _clear_backups_of_record(self, before: str, stopped: Callable[[float], bool]) -> None:
        """Backups lose what is past of the record also where nothing else is; on the caller's thread."""
        if not before or not self._backups:
            return
        overdue = retention.stored(datetime.fromisoformat(before) - LATE)
        for info in backup.listed(self._backups):
            retention.clear_backup(info, "", before, set(), retention.NEVER, overdue)
            if stopped(PAUSE_S):
                return

    def _record_before(self, moment: datetime, wait: str) -> str:
        """The moment before which the record is past; "" for none, or while the clock or the period is new."""
        days = int(self._value("record_days", None))
        if days <= 0 or self._waits(moment, wait, "record_days")[0] > retention.stored(moment):
            return ""
        return retention.stored(moment - timedelta(days=days))

    def _compact_when_quiet(self) -> None:
        if self._path is None or self._path.stat().st_size <= SMALL or self._owner.quiet_s() > QUIET_S:
            self._compact()

    @reads
    def _compact(self) -> None:
        """Give free pages back: bytes of deleted rows can linger between the rows of a page. Then all is done."""
        self._db.execute("VACUUM")
        if self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0:
            with self._db.atomic():
                self._do("UPDATE keeping SET pending = ''")
            self._compact_at_end = False

    # --- what it goes by ------------------------------------------------------------------------------------------

    def _moment(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)

    def _months(self) -> int:
        months = int(self._value("conversation_months", None))
        return months if 1 <= months <= retention.LONGEST else 0

    def _count(self, moment: datetime, months: int) -> int:
        return len(retention.dated_before(self._db.conn, _before(moment, months), retention.stored(moment)))

    def _waits(self, moment: datetime, wait: str, key: str = "conversation_months") -> tuple[str, bool]:
        """(until when nothing of this period is deleted, whether for the clock's sake)."""
        row = self._row("SELECT changed_at FROM setting WHERE key = ? AND learner_id IS NULL", key)
        changed = datetime.fromisoformat(row["changed_at"]) if row else None
        # one that was changed in the future tells of a clock set back, which `wait` looks after
        new = retention.stored(changed + WAIT) if changed and changed <= moment + timedelta(days=1) else ""
        return max(wait, new), wait >= new


class Rounds(threading.Thread):
    """A round some seconds after the start, then one a day; one that did not end is tried again in an hour."""

    AGAIN_S: Final = 3600.0
    DAY_S: Final = 86400.0

    def __init__(self, store: Retention) -> None:
        super().__init__(name=ROUNDS, daemon=True)
        self._store = store
        self._ended = threading.Event()
        self.first_s = 5.0

    def run(self) -> None:
        wait = self.first_s
        while not self._ended.wait(wait):
            wait = self.AGAIN_S
            try:
                self._store.delete_past(self._ended.wait)
                wait = self.AGAIN_S if self._store.is_unfinished() else self.DAY_S
            except UserError as error:
                if error.code == "closed":
                    return
                _log.warning("old conversations were not deleted: %s", error.code)
            except (sqlite3.Error, OSError) as error:
                _log.warning("a backup was not cleared of old conversations: %s", type(error).__name__)

    def end(self) -> None:
        """After the piece at work. The store must still be open."""
        self._ended.set()
        self.join()


def _before(moment: datetime, months: int) -> str:
    """The beginning of a day, so that a day's conversations go together and backups are written anew once."""
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return retention.stored(retention.months_before(day, months))
