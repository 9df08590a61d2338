"""Conversations past the school's period: no byte of them stays, and nothing else goes."""

import contextlib
import multiprocessing
import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from store_clock import Clock
from test_store_transfer import holding

from tutor.domain import AgeBand, CorrectionStatus, Outcome, Reply
from tutor.errors import UserError
from tutor.store import Store, keeping, retention
from tutor.store.owner import now as moment_now

OLD, NEW = "zebrafish", "aardvark"
DAY = 86400.0


@pytest.fixture
def clock() -> Clock:
    return Clock(time.time())


@pytest.fixture
def kept(path: Path, backups: Path, clock: Clock) -> Iterator[Store]:
    """A store that keeps conversations for twelve months, and has for a while."""
    snapshots = path.parent / "snapshots"
    snapshots.mkdir(parents=True)
    with Store.open(path, backups=backups, snapshots=snapshots, clock=clock) as store:
        store.add_learner("Learner", "fox", AgeBand.A8_10, "en-GB")
        store.set_setting("conversation_months", 12)
        store._owner.run(lambda: store._do("UPDATE setting SET changed_at = '2020-01-01T00:00:00.000+00:00'"))
        store.delete_past()
        yield store


def told(store: Store, word: str, turns: int = 3, *, days: float = 0, alert: str = "") -> int:
    """A conversation full of a word whose last turn was so many days ago, as the database has it then."""
    learner = store.learners()[0]
    conversation, _, answer = store.begin_conversation(learner.id, f"{word} title", f"{word} asked 0")
    for number in range(turns):
        if number:
            _, answer = store.begin_turn(conversation.id, answer.id, f"{word} asked {number}")
        reply = Reply(text=f"{word} answer {number}. " * 5, outcome=Outcome.DONE, alert=alert, severity=2)
        store.finish_message(answer.id, reply, "done")
    flag = store.flag(answer.id, "wrong", f"{word} what", f"{word} better")
    store.rate(answer.id, 1)
    store.propose_correction(f"{word} asked", f"{word} better", flag_id=flag.id)
    if days:
        date(store, conversation.id, days)
    return conversation.id


def date(store: Store, conversation_id: int, days: float) -> None:
    at = retention.stored(datetime.now(UTC) - timedelta(days=days))
    of = "(SELECT id FROM message WHERE conversation_id = ?)"

    def job() -> None:
        with store._db.atomic():
            store._do("UPDATE conversation SET created_at = ?, updated_at = ? WHERE id = ?", at, at, conversation_id)
            store._do("UPDATE message SET created_at = ? WHERE conversation_id = ?", at, conversation_id)
            store._do(f"UPDATE turn_fact SET at = ?, day = ? WHERE message_id IN {of}", at, at[:10], conversation_id)
            for table in ("moderation", "alert"):
                store._do(f"UPDATE {table} SET created_at = ? WHERE message_id IN {of}", at, conversation_id)

    store._owner.run(job)


def titles(store: Store) -> list[str]:
    return [conversation.title for conversation in store.conversations(store.learners()[0].id)]


def count(store: Store, table: str) -> int:
    return int(store._owner.run(lambda: store._row(f"SELECT count(*) AS n FROM {table}") or {})["n"])


def test_no_byte_of_what_is_past_stays_in_the_file_or_in_backups(kept: Store, path: Path, backups: Path) -> None:
    folder = path.parent
    for word, days in ((OLD, 400), (NEW, 300)):
        for _ in range(20):
            told(kept, word, days=days)
    (folder / "snapshots" / "conversation-1.kv").write_bytes(OLD.encode())
    aside = [
        folder / f"tutor.damaged-{stamp}-000000-000000.db" for stamp in ("20200101", f"{datetime.now(UTC):%Y%m%d}")
    ]
    for file in aside:
        file.write_bytes(b"damaged")
    good, unreadable = kept.backup(), kept.backup()
    unreadable.path.write_bytes(b"x" * 5000 + OLD.encode())
    assert len(holding(folder, OLD)) >= 4
    assert kept.delete_past() == 20
    assert holding(folder, OLD) == []
    assert [file.exists() for file in aside] == [False, True] and not unreadable.path.exists()
    assert titles(kept) == [f"{NEW} title"] * 20 and len(kept.flags()) == 20
    learner = kept.learners()[0]
    assert kept.search(learner.id, NEW) and kept.search(learner.id, OLD) == ()
    kept._owner.run(lambda: kept._do("INSERT INTO message_fts(message_fts, rank) VALUES ('integrity-check', 1)"))
    assert kept.keeping().last_count == 20 and not kept.keeping().unfinished
    with contextlib.closing(sqlite3.connect(good.path)) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert copy.execute("SELECT count(*) FROM message").fetchone()[0] == 120
    kept.restore_backup(good)
    assert titles(kept) == [f"{NEW} title"] * 20


def test_nothing_goes_while_no_period_is_set(kept: Store) -> None:
    told(kept, OLD, days=4000)
    kept.set_setting("conversation_months", 0)
    assert kept.delete_past() == 0 and titles(kept) == [f"{OLD} title"]
    with pytest.raises(UserError):
        kept.set_setting("conversation_months", 61)
    with pytest.raises(UserError):
        kept.set_setting("conversation_months", -1)


def test_the_last_turn_counts_and_a_month_is_a_calendar_month(kept: Store) -> None:
    old = told(kept, OLD, days=364)
    told(kept, "young", days=364)
    assert kept.delete_past() == 0
    date(kept, old, 368)
    assert kept.delete_past() == 1 and titles(kept) == ["young title"]
    day = datetime(2026, 3, 31, tzinfo=UTC)
    assert retention.months_before(day, 1) == datetime(2026, 2, 28, tzinfo=UTC)
    assert retention.months_before(day, 15) == datetime(2024, 12, 31, tzinfo=UTC)


def test_what_is_in_use_stays(kept: Store) -> None:
    shown, gone_on, answered = (told(kept, word, days=400) for word in ("shown", "continued", "answering"))
    deleted_too = told(kept, OLD, days=400)
    kept.delete_conversation(deleted_too)
    kept.in_use = lambda: {shown}
    pieces = kept._pieces(kept._begin_round()[0])
    assert sum(len(piece) for piece in pieces) == 4
    kept.begin_turn(gone_on, kept.path(gone_on)[-1].id, "one more")  # meanwhile
    kept.begin_answer(kept.path(answered)[0].id)
    assert kept.delete_past() == 1
    assert sorted(titles(kept)) == ["answering title", "continued title", "shown title"]
    kept.in_use = frozenset
    assert kept.delete_past() == 1
    with pytest.raises(UserError) as raised:
        kept.begin_turn(shown, None, "is it still there?")
    assert raised.value.code == "not_found"


def test_what_others_need_of_it_stays(kept: Store) -> None:
    kept.set_setting("record_days", 0)
    learner = kept.learners()[0]
    told(kept, "disclosed", days=400, alert="abuse")
    told(kept, "usual", days=400)
    accepted = kept.corrections()[-1]
    kept._owner.run(
        lambda: kept._do("UPDATE correction SET checked = 'passed', status = 'accepted' WHERE id = ?", accepted.id)
    )
    assert kept.delete_past() == 1 and titles(kept) == ["disclosed title"]
    assert [each.id for each in kept.corrections(CorrectionStatus.ACCEPTED)] == [accepted.id]
    assert len(kept.moderation_log(learner_id=learner.id, limit=100)) == 6
    for alert in kept.alerts(unseen_only=True):
        kept.acknowledge(alert.id, "The head of year")
    assert kept.delete_past() == 1 and titles(kept) == []
    assert [each.id for each in kept.corrections()] == [accepted.id]
    assert len(kept.alerts()) == 3 and len(kept.moderation_log(learner_id=learner.id, limit=100)) == 6
    assert {count(kept, table) for table in ("turn_fact", "flag", "rating", "message")} == {0}


def test_the_record_has_a_period_of_its_own_that_outlives_conversations(kept: Store, clock: Clock) -> None:
    told(kept, OLD, days=400)
    told(kept, NEW, days=300)
    kept.set_setting("record_days", 350)
    kept.set_setting("conversation_months", 6)
    assert kept.delete_past() == 0 and count(kept, "moderation") == 6, "a new period waits a week"
    clock.at += 8 * DAY
    assert kept.delete_past() == 2 and titles(kept) == []
    assert {entry.prompt.split()[0] for entry in kept.moderation_log()} == {NEW}
    clock.at += 20 * DAY
    assert kept.delete_past() == 0 and count(kept, "moderation") == 3
    clock.at += 25 * DAY
    assert kept.delete_past() == 0 and count(kept, "moderation") == 0


def test_backups_lose_what_is_past_of_the_record_also_where_conversations_are_kept(
    kept: Store, path: Path, clock: Clock
) -> None:
    kept.set_setting("conversation_months", 0)
    told(kept, NEW, days=300)
    told(kept, OLD, days=400)
    told(kept, "unseen", days=400, alert="abuse")
    made = [kept.backup().path for _ in range(2)]
    made[1].write_bytes(b"x" * 5000)

    def prompts(file: Path) -> set[str]:
        with contextlib.closing(sqlite3.connect(file)) as copy:
            return {row[0].split()[0] for row in copy.execute("SELECT prompt FROM moderation")}

    assert prompts(made[0]) == {NEW, OLD, "unseen"}
    assert kept.delete_past() == 0
    assert prompts(made[0]) == prompts(path) == {NEW, "unseen"} and not made[1].exists()
    with contextlib.closing(sqlite3.connect(made[0])) as copy:
        assert copy.execute("SELECT count(*) FROM conversation").fetchone()[0] == 3, "the conversations stay"
    told(kept, "late", days=368)
    newer = kept.backup().path
    kept.delete_past()
    assert prompts(path) == {NEW, "unseen"} and "late" in prompts(newer), "written anew once a week at most"
    clock.at += 8 * DAY
    kept.delete_past()
    assert prompts(newer) == {NEW, "unseen"}


def test_a_clock_far_ahead_deletes_nothing_of_the_record(kept: Store, clock: Clock) -> None:
    kept.set_setting("conversation_months", 0)
    told(kept, NEW)
    clock.at += 5000 * DAY
    kept.delete_past()
    assert count(kept, "moderation") == 3
    clock.at += 8 * DAY
    kept.delete_past()
    assert count(kept, "moderation") == 0, "a date that held for a week is believed"


def test_a_new_period_waits_a_week_and_says_how_much_will_go(kept: Store, clock: Clock) -> None:
    told(kept, OLD, days=40)
    told(kept, NEW)
    kept.set_setting("conversation_months", 1)
    assert kept.delete_past() == 0
    stands = kept.keeping()
    assert stands.past == 1 and stands.waits_until > moment_now() and not stands.clock
    clock.at += 8 * DAY
    assert kept.delete_past() == 1 and titles(kept) == [f"{NEW} title"]


def test_a_clock_far_ahead_deletes_nothing_before_it_was_told(kept: Store, clock: Clock) -> None:
    told(kept, NEW)
    clock.at += 5000 * DAY
    assert kept.delete_past() == 0
    assert kept.keeping().clock and kept.keeping().past == 1
    clock.at -= 4999 * DAY  # put right
    assert kept.delete_past() == 0
    for _ in range(30):
        clock.at += DAY
        assert kept.delete_past() == 0
    assert kept.keeping().waits_until == "" and titles(kept) == [f"{NEW} title"]


def test_after_holidays_it_waits_and_goes_on_even_where_tutor_is_seldom_opened(kept: Store, clock: Clock) -> None:
    told(kept, OLD, days=400)
    clock.at += 60 * DAY
    assert kept.delete_past() == 0 and kept.keeping().clock
    clock.at += 60 * DAY
    assert kept.delete_past() == 1


def test_what_was_written_under_a_clock_set_back_is_not_taken_for_old(kept: Store, clock: Clock) -> None:
    told(kept, "before", days=10)
    told(kept, "setback", days=3000)
    date(kept, told(kept, OLD, days=400), 401)
    # by its place among the others it was written after the first
    assert kept.delete_past() == 0 and len(titles(kept)) == 3
    clock.at -= 3000 * DAY
    assert kept.delete_past() == 0 and kept.keeping().clock
    clock.at += 3000 * DAY
    assert kept.delete_past() == 0 and kept.keeping().clock


def test_what_was_dated_ahead_by_a_wrong_clock_does_not_stay_for_ever(kept: Store, clock: Clock) -> None:
    told(kept, OLD, days=-5000)
    assert kept.delete_past() == 0
    for _ in range(14):
        clock.at += 30 * DAY
        kept.delete_past()
    assert titles(kept) == []


def test_a_backup_keeps_the_older_turns_of_what_is_still_in_use(kept: Store) -> None:
    going_on = told(kept, NEW, days=400)
    told(kept, OLD, days=400)
    info = kept.backup()
    kept.begin_turn(going_on, kept.path(going_on)[-1].id, "one more")
    assert kept.delete_past() == 1
    with contextlib.closing(sqlite3.connect(info.path)) as copy:
        assert copy.execute("SELECT title FROM conversation").fetchall() == [(f"{NEW} title",)]


def test_a_conversation_of_thousands_of_turns_goes_too(kept: Store) -> None:
    told(kept, OLD, turns=1300, days=400)
    assert kept.delete_past() == 1 and count(kept, "message") == 0


def test_the_learner_works_on_between_two_pieces(kept: Store) -> None:
    for _ in range(40):
        told(kept, OLD, days=400)
    stops = 0
    said: list[int] = []

    def works_on(_: float) -> bool:
        nonlocal stops
        stops += 1
        said.append(told(kept, NEW, turns=1))
        return False

    assert kept.delete_past(works_on) == 40
    assert stops >= 6 and titles(kept) == [f"{NEW} title"] * len(said)


def test_a_large_file_is_compacted_when_tutor_closes(
    path: Path, backups: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "SMALL", 0)
    with Store.open(path, backups=backups) as store:
        store.add_learner("Learner", "fox", AgeBand.A8_10, "en-GB")
        store.set_setting("conversation_months", 12)
        store._owner.run(lambda: store._do("UPDATE setting SET changed_at = '2020-01-01T00:00:00.000+00:00'"))
        store.delete_past()
        for _ in range(30):
            told(store, OLD, turns=6, days=400)
        store._owner.run(store._tidy)
        assert store.delete_past() == 30
        assert store.is_unfinished() and not store.keeping().unfinished
        large = path.stat().st_size + path.with_name(path.name + "-wal").stat().st_size
        assert store.delete_past() == 0 and store.is_unfinished()
    assert path.stat().st_size < large / 2 and holding(path.parent, OLD) == []
    with Store.open(path, backups=backups) as store:
        assert not store.is_unfinished() and store.keeping().last_count == 30


def delete_for_ever(path: Path, backups: Path) -> None:
    with Store.open(path, backups=backups) as store:
        store.delete_past()


def test_killed_in_the_middle_the_file_is_whole_and_the_next_round_ends_it(path: Path, backups: Path) -> None:
    with Store.open(path, backups=backups) as store:
        store.add_learner("Learner", "fox", AgeBand.A8_10, "en-GB")
        store.set_setting("conversation_months", 12)
        store._owner.run(lambda: store._do("UPDATE setting SET changed_at = '2020-01-01T00:00:00.000+00:00'"))
        for _ in range(60):
            told(store, OLD, turns=6, days=400)
        told(store, NEW)
        store._owner.run(store._tidy)
        store.backup()
    context = multiprocessing.get_context("forkserver")
    for number in range(12):
        process = context.Process(target=delete_for_ever, args=(path, backups))
        process.start()
        process.join(0.15 + 0.1 * number)
        process.kill()
        process.join()
        with contextlib.closing(sqlite3.connect(path)) as raw:
            assert raw.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
            whole = raw.execute("SELECT count(*) FROM message GROUP BY conversation_id").fetchall()
            assert set(whole) <= {(12,), (6,)}
    with Store.open(path, backups=backups) as store:
        store.delete_past()
        assert titles(store) == [f"{NEW} title"] and not store.keeping().unfinished
        assert store.keeping().last_count > 0
    assert holding(path.parent, OLD) == [] and list(backups.glob("clearing-*")) == []


def test_the_store_does_it_by_itself_soon_after_the_start(path: Path, backups: Path) -> None:
    with Store.open(path, backups=backups) as store:
        store.add_learner("Learner", "fox", AgeBand.A8_10, "en-GB")
        store.set_setting("conversation_months", 12)
        store._owner.run(lambda: store._do("UPDATE setting SET changed_at = '2020-01-01T00:00:00.000+00:00'"))
        store.delete_past()
        told(store, OLD, days=400)
        assert store._rounds is not None and keeping.Rounds.DAY_S == 86400
        store._rounds.end()
        rounds = store._rounds = keeping.Rounds(store)
        rounds.first_s = 0.0
        rounds.start()
        end = time.monotonic() + 10
        while titles(store) and time.monotonic() < end:
            time.sleep(0.02)
        assert titles(store) == []
