"""Time limits: a learner cannot pass them, a grown-up lifts them with a reason, a cry for help is always heard."""

from datetime import UTC, datetime, timedelta

import pytest
from played_engine import FakeEngine, Heard, ends

from tutor.domain import Learner, Outcome, Reply
from tutor.errors import UserError
from tutor.session import Session
from tutor.session_events import Noted, Problem
from tutor.session_limits import Limits
from tutor.store import Store

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def write(store: Store, learner: Learner, at: datetime, times: int, apart: timedelta) -> None:
    """So many turns of a learner, so far apart, the first one ended at a moment."""
    conversation = store.new_conversation(learner.id, "Work")
    for n in range(times):
        stamp = (at + n * apart).astimezone(UTC).isoformat(timespec="milliseconds")
        _, answer = store.begin_turn(conversation.id, store.conversation(conversation.id).head_id, "x")
        with pytest.MonkeyPatch.context() as clock:
            clock.setattr("tutor.store.teaching.now", lambda stamp=stamp: stamp)
            store.finish_message(answer.id, Reply(text="y", outcome=Outcome.DONE), "done")


def at(moment: datetime, store: Store, learner: Learner) -> Limits:
    return Limits(store, learner.id, now=lambda: moment)


def test_work_counts_from_message_to_message_and_pauses_do_not(store: Store, learner: Learner) -> None:
    write(store, learner, NOON, 11, timedelta(minutes=2))  # a minute for the first, then 20
    write(store, learner, NOON + timedelta(hours=3), 2, timedelta(minutes=1))  # after a pause a turn counts a minute
    assert at(NOON + timedelta(hours=4), store, learner).used() == 23
    assert at(NOON + timedelta(days=1), store, learner).used() == 0


def test_the_limit_and_the_teachers_pages_count_the_same_minutes(store: Store, learner: Learner) -> None:
    for begun, times, apart in ((0, 7, 71), (2_000, 4, 299), (9_000, 3, 301)):
        write(store, learner, NOON + timedelta(seconds=begun), times, timedelta(seconds=apart))
    (day,) = store.day_use("2026-03-04")
    (work,) = store.day_work((learner.id,), "2026-03-04", "2026-03-04")
    assert at(NOON + timedelta(hours=6), store, learner).used() == round(day.minutes) == round(work.minutes) == 27


def test_a_limit_ends_the_day_and_more_time_needs_a_reason(store: Store, learner: Learner) -> None:
    store.set_setting("minutes_a_day", 20)
    limits = at(NOON + timedelta(hours=1), store, learner)
    write(store, learner, NOON, 10, timedelta(minutes=2))
    assert limits.problem() is None and limits.used() == 19
    write(store, learner, NOON + timedelta(minutes=20), 2, timedelta(minutes=2))
    problem = limits.problem()
    assert problem is not None and problem[0] == "time_up"
    with pytest.raises(UserError, match="reason"):
        store.lift_limit(learner.id, "2026-03-04", 15, "  ", "a teacher")
    assert limits.problem() is not None
    store.lift_limit(learner.id, "2026-03-04", 15, "Test tomorrow", "a teacher")
    assert limits.problem() is None and limits.allowed() == 35
    assert [each.reason for each in store.lifted(learner.id)] == ["Test tomorrow"]


@pytest.mark.parametrize(
    ("begins", "ends_", "hour", "open_"),
    [
        ("07:00", "20:00", 12, True),
        ("07:00", "20:00", 6, False),
        ("07:00", "20:00", 20, False),
        ("20:00", "07:00", 23, True),
        ("20:00", "07:00", 12, False),
        ("", "20:00", 21, False),
        ("", "", 3, True),
    ],
)
def test_hours_of_the_day(store: Store, learner: Learner, begins: str, ends_: str, hour: int, open_: bool) -> None:
    store.set_setting("chat_from", begins)
    store.set_setting("chat_until", ends_)
    problem = at(NOON.replace(hour=hour), store, learner).problem()
    assert (problem is None) is open_ and (problem is None or problem[0] == "not_now")


def test_a_time_that_is_none_is_refused(store: Store) -> None:
    for wrong in ("nonsense", "25:00", "7:30", "07.30"):
        with pytest.raises(UserError, match="does not fit"):
            store.set_setting("chat_from", wrong)
    assert store.setting("chat_from") == ""


def test_a_break_and_the_end_are_told_once(store: Store, learner: Learner) -> None:
    store.set_setting("minutes_a_day", 60)
    limits = at(NOON + timedelta(hours=2), store, learner)
    write(store, learner, NOON, 14, timedelta(minutes=2))
    assert "27 minutes" in limits.note() and limits.note() == ""
    write(store, learner, NOON + timedelta(minutes=28), 15, timedelta(minutes=2))
    assert "left" in limits.note() and limits.note() == ""


def test_a_session_refuses_with_the_words_back_but_hears_a_cry_for_help(
    store: Store, session: Session, engine: FakeEngine, heard: Heard, learner: Learner
) -> None:
    store.set_setting("minutes_a_day", 1)
    session._limits = at(NOON + timedelta(hours=1), store, learner)
    write(store, learner, NOON, 2, timedelta(minutes=2))
    assert session.ask("What is 3/4 + 1/8?") is None
    problem = heard.of(Problem)[-1]
    assert problem.code == "time_up" and problem.kept_text == "What is 3/4 + 1/8?" and not engine.requests[1:]
    assert session.ask("I want to kill myself") is not None
    assert engine.ask.text == "I want to kill myself"


def test_the_note_reaches_the_learner_after_an_answer(
    store: Store, session: Session, engine: FakeEngine, heard: Heard, learner: Learner
) -> None:
    store.set_setting("break_after", 2)
    session._limits = at(NOON + timedelta(hours=1), store, learner)
    write(store, learner, NOON, 3, timedelta(minutes=1))
    session.ask("What is 12 x 7?")
    ends(session, engine, "What do you think?")
    assert "break" in heard.of(Noted)[-1].text


def test_breaks_are_told_anew_each_day(store: Store, learner: Learner) -> None:
    moment = [NOON + timedelta(hours=2)]
    limits = Limits(store, learner.id, now=lambda: moment[0])
    write(store, learner, NOON, 31, timedelta(minutes=2))
    assert "61 minutes" in limits.note()
    moment[0] += timedelta(days=1)
    write(store, learner, NOON + timedelta(days=1), 14, timedelta(minutes=2))
    assert "27 minutes" in limits.note() and limits.note() == ""
