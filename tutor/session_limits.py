"""How long and when a learner may chat: limits that the learner cannot pass and a grown-up can lift with a reason."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from tutor.i18n import tr, trn

if TYPE_CHECKING:
    from tutor.store import Store

TIME_UP: Final = "time_up"
NOT_NOW: Final = "not_now"


def clock(text: str) -> time | None:
    """A time of day such as `07:30`; None where there is none."""
    try:
        return time.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        return None


def out_of_hours(begins: str, ends: str, now: datetime | None = None) -> tuple[str, str] | None:
    """The hours in which one may chat, where this is not one of them. `begins`, `ends`: times of day, "" for none."""
    first, last = clock(begins), clock(ends)
    if _within((now or datetime.now().astimezone()).time(), first, last):
        return None
    return (first or time.min).strftime("%H:%M"), (last or time.max).strftime("%H:%M")


class Limits:
    """One learner's limits, looked at before each question. Days and hours are local."""

    def __init__(self, store: "Store", learner_id: int, now: Callable[[], datetime] | None = None) -> None:
        self._store, self._learner_id = store, learner_id
        self._now = now or (lambda: datetime.now().astimezone())
        self._reminded = 0
        """Minutes of `_day` at which the last break was proposed."""
        self._day = self._now().date()

    def problem(self) -> tuple[str, str] | None:
        """Why no question may be asked now: code (`time_up`, `not_now`) and words. None: one may."""
        begins, ends = (str(self._store.setting(key)) for key in ("chat_from", "chat_until"))
        closed = out_of_hours(begins, ends, self._now())
        if closed is not None:
            return NOT_NOW, tr(
                "The tutor is there from {begins} to {ends}. Your words are kept in the box. Come back then.",
                begins=closed[0],
                ends=closed[1],
            )
        allowed = self.allowed()
        if allowed and self.used() >= allowed:
            return TIME_UP, trn(
                "You have worked {n} minute today, and that is the time there is. Everything is kept for tomorrow. "
                "A grown-up can give you more time.",
                "You have worked {n} minutes today, and that is the time there is. Everything is kept for tomorrow. "
                "A grown-up can give you more time.",
                self.used(),
            )
        return None

    def note(self) -> str:
        """A quiet line when a break is due, or a limit near; "" otherwise. Each is said once."""
        used, every = self.used(), int(self._store.setting("break_after"))
        allowed, today = self.allowed(), self._now().date()
        if today != self._day:
            self._day, self._reminded = today, 0
        if allowed and used >= allowed - 5 and self._reminded < allowed - 5:
            self._reminded = max(used, allowed - 5)
            return trn("{n} minute is left today.", "{n} minutes are left today.", max(1, allowed - used))
        if every and used // every > self._reminded // every:
            self._reminded = used
            return trn(
                "You have worked {n} minute today. A short break helps. This is a program, and it will be here after.",
                "You have worked {n} minutes today. A short break helps. This is a program, and it will be here after.",
                used,
            )
        return ""

    def used(self) -> int:
        """Minutes of work today, rounded as on the teacher's pages."""
        begin = self._now().replace(hour=0, minute=0, second=0, microsecond=0)
        return round(self._store.seconds_used(self._learner_id, _utc(begin), _utc(begin + timedelta(days=1))) / 60)

    def allowed(self) -> int:
        """Minutes allowed today, what was lifted included; 0 for no limit."""
        limit = int(self._store.setting("minutes_a_day"))
        day = self._now().date().isoformat()
        return limit and limit + sum(each.minutes for each in self._store.lifted(self._learner_id, day))


def _within(now: time, begins: time | None, ends: time | None) -> bool:
    if begins is None or ends is None:
        return (begins is None or now >= begins) and (ends is None or now < ends)
    if begins <= ends:
        return begins <= now < ends
    return now >= begins or now < ends  # over midnight


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
