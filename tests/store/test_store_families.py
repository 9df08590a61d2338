"""What the table families keep, and that all of it is there after closing and opening again."""

import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tutor.domain import Action, AgeBand, Learner, Message, Outcome, Reply, Role, SentenceCheck, Verdict
from tutor.errors import BugError, UserError
from tutor.store import Store

BLOCKED = Verdict(action=Action.BLOCK, scores={"insult": 0.9}, labels=("insult",))
FINE = Verdict(action=Action.ALLOW)


def answered(store: Store, learner: Learner, reply: Reply) -> Message:
    _, _, answer = store.begin_conversation(learner.id, "title", "question")
    return store.finish_message(answer.id, reply, "done")


def test_the_file_is_written_with_wal_full_and_secure_delete(path: Path, store: Store) -> None:
    def pragma(name: str) -> object:
        return store._db.execute(f"PRAGMA {name}").fetchone()[0]

    found = {
        name: store._owner.run(lambda name=name: pragma(name))
        for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
    }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    assert path.stat().st_mode & 0o077 == 0


def test_everything_is_there_after_opening_again(path: Path) -> None:
    with Store.open(path) as store:
        learner = store.add_learner("Learner", "fox", AgeBand.A8_10, "en-GB")
        store.set_contact("The head of year", "room 12", confirmed=True)
        store.set_setting("theme", "dark", learner.id)
        store.set_passphrase("a long passphrase")
        answer = answered(store, learner, Reply(text="Try it.", outcome=Outcome.DONE, alert="abuse", severity=2))
        store.rate(answer.id, 1)
        flag = store.flag(answer.id, "confusing", "too fast")
        alerts, log, path_before = store.alerts(), store.moderation_log(), store.path(answer.conversation_id)
    with Store.open(path) as store:
        assert store.is_set_up() and store.learners() == (learner,)
        assert store.setting("theme", learner.id) == "dark" and store.setting("theme") == "system"
        assert store.path(answer.conversation_id) == path_before
        assert path_before[-1].rating == 1 and path_before[-1].reply is not None
        assert (store.flags(), store.alerts(), store.moderation_log()) == ((flag,), alerts, log)


def test_set_up_needs_contact_passphrase_and_learner(store: Store) -> None:
    store.add_learner("Learner", "fox", AgeBand.A8_10, "en-GB")
    store.set_passphrase("1234")
    store.set_contact("The head of year", "room 12", confirmed=False)
    assert not store.is_set_up()
    store.set_contact("The head of year", "room 12", confirmed=True)
    assert store.is_set_up()


def test_a_contact_needs_name_and_reach(store: Store) -> None:
    store.set_contact("The head of year", "room 12", confirmed=True)
    with pytest.raises(UserError) as raised:
        store.set_contact("  ", "room 12", confirmed=True)
    assert raised.value.code == "contact_incomplete"
    contact = store.contact()
    assert contact is not None and contact.name == "The head of year"


def test_learners_change_go_and_come_back(store: Store, learner: Learner) -> None:
    changed = store.update_learner(learner.id, name="New name", age_band=AgeBand.A11_13)
    assert (changed.name, changed.age_band, changed.picture) == ("New name", AgeBand.A11_13, "fox")
    store.remove_learner(learner.id)
    assert store.learners() == ()
    store.restore_learner(learner.id)
    assert store.learners() == (changed,)
    with pytest.raises(UserError) as raised:
        store.learner(999)
    assert raised.value.code == "not_found"


def test_settings_are_checked_and_learners_have_their_own(store: Store, learner: Learner) -> None:
    assert store.setting("text_size") == 100
    store.set_setting("text_size", 150, learner.id)
    assert store.settings(learner.id)["text_size"] == 150 and store.settings()["text_size"] == 100
    store.set_setting("temperature", 0.5, learner.id)
    assert store.setting("temperature") == 0.5
    with pytest.raises(UserError) as raised:
        store.set_setting("text_size", "big", learner.id)
    assert raised.value.code == "wrong_value" and store.setting("text_size", learner.id) == 150
    with pytest.raises(KeyError):
        store.set_setting("unheard_of", 1)


def test_whole_solutions_need_a_reason(store: Store) -> None:
    with pytest.raises(UserError) as raised:
        store.set_setting("give_answers", True)
    assert raised.value.code == "reason_needed" and store.setting("give_answers") is False
    store.set_setting("give_answers_reason", "Revision week")
    store.set_setting("give_answers", True)
    assert store.setting("give_answers") is True


def test_a_stored_value_of_the_wrong_type_falls_back(path: Path) -> None:
    with Store.open(path) as store:
        store.set_setting("max_tokens", 100)
    with sqlite3.connect(path) as other:
        other.execute("UPDATE setting SET value = '\"many\"'")
    with Store.open(path) as store:
        assert store.setting("max_tokens") == 400


def test_alerts_stay_until_somebody_has_seen_them(path: Path, store: Store, learner: Learner) -> None:
    mild = store.add_alert(learner.id, None, "dangerous_request", 1)
    grave = store.add_alert(learner.id, None, "self_harm", 3)
    assert store.alerts() == (grave, mild)
    seen = store.acknowledge(grave.id, "The head of year")
    assert seen.seen_at and store.acknowledged_by(grave.id) == "The head of year"
    assert store.acknowledge(grave.id, "Somebody else") == seen
    assert store.acknowledged_by(grave.id) == "The head of year"
    assert store.alerts(unseen_only=True) == (mild,)


def test_the_record_names_the_most_serious_verdict(store: Store, learner: Learner) -> None:
    sentences = (SentenceCheck(text="One.", verdict=FINE), SentenceCheck(text="Two.", verdict=BLOCKED))
    answered(store, learner, Reply(text="One.", outcome=Outcome.DONE, sentences=sentences, input_verdict=FINE))
    answered(store, learner, Reply(text="Good.", outcome=Outcome.DONE, input_verdict=FINE))
    newest, first = store.moderation_log()
    assert (first.action, newest.action) == (Action.BLOCK, Action.ALLOW)
    assert first.output_verdicts == (FINE, BLOCKED) and first.input_verdict == FINE
    assert store.moderation_log(limit=1, before=newest.id) == (first,)


def test_flags_have_known_categories(store: Store, learner: Learner) -> None:
    answer = answered(store, learner, Reply(text="Try it.", outcome=Outcome.DONE))
    with pytest.raises(BugError):
        store.flag(answer.id, "silly")
    assert store.flags() == ()


def test_a_deleted_conversation_is_purged_late_but_not_under_an_unseen_alert(path: Path) -> None:
    long_ago = (datetime.now(UTC) - timedelta(days=31)).isoformat()
    with Store.open(path) as store:
        learner = store.add_learner("Learner", "fox", AgeBand.A8_10, "en-GB")
        plain = answered(store, learner, Reply(text="Plain.", outcome=Outcome.DONE))
        grave = answered(store, learner, Reply(text="Grave.", outcome=Outcome.DONE, alert="abuse", severity=3))
        recent = answered(store, learner, Reply(text="Recent.", outcome=Outcome.DONE))
        for message in (plain, grave, recent):
            store.delete_conversation(message.conversation_id)
        old = (plain.conversation_id, grave.conversation_id)
        store._owner.run(
            lambda: store._db.execute("UPDATE conversation SET deleted_at = ? WHERE id IN (?, ?)", (long_ago, *old))
        )
    with Store.open(path) as store:
        with pytest.raises(UserError):
            store.conversation(plain.conversation_id)
        assert store.messages(recent.conversation_id) and store.messages(grave.conversation_id)
        assert "Plain." in [entry.answer for entry in store.moderation_log()]
        store.acknowledge(store.alerts()[0].id, "The head of year")
    with Store.open(path) as store:
        with pytest.raises(UserError):
            store.conversation(grave.conversation_id)
        assert [alert.kind for alert in store.alerts()] == ["abuse"]
        assert store.moderation_log(alert_id=store.alerts()[0].id)[0].answer == "Grave."


def test_partial_text_never_overwrites_a_finished_answer(store: Store, learner: Learner) -> None:
    answer = answered(store, learner, Reply(text="All of it.", outcome=Outcome.DONE))
    store.keep_partial(answer.id, Reply(text="Half", outcome=Outcome.FAILED))
    assert store.message(answer.id) == answer


def test_many_threads_write_at_once(store: Store, learner: Learner) -> None:
    conversation = store.new_conversation(learner.id, "title")

    def write(worker: int) -> None:
        for number in range(20):
            store.add_message(conversation.id, None, Role.LEARNER, f"{worker}-{number}")

    threads = [threading.Thread(target=write, args=(worker,)) for worker in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = {message.text for message in store.messages(conversation.id)}
    assert found == {f"{worker}-{number}" for worker in range(8) for number in range(20)}


def test_a_failed_write_leaves_nothing_half_done(
    store: Store, learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation, _, answer = store.begin_conversation(learner.id, "title", "question")
    with pytest.raises(sqlite3.IntegrityError):
        store.add_message(conversation.id, 999_999, Role.LEARNER, "no such parent")
    assert len(store.messages(conversation.id)) == 2 and store.conversation(conversation.id) == conversation

    def fail(*_: object) -> None:
        raise RuntimeError("between the answer and its record")

    monkeypatch.setattr(store, "_record", fail)
    with pytest.raises(RuntimeError):
        store.finish_message(answer.id, Reply(text="Done.", outcome=Outcome.DONE), "done")
    assert store.message(answer.id) == answer


def test_a_closed_store_says_so(path: Path) -> None:
    store = Store.open(path)
    store.close()
    store.close()
    with pytest.raises(UserError) as raised:
        store.learners()
    assert raised.value.code == "closed"


def test_a_record_that_cannot_be_read_costs_its_details_alone(path: Path) -> None:
    with Store.open(path) as store:
        learner = store.add_learner("Learner", "fox", AgeBand.A8_10, "en-GB")
        answer = answered(store, learner, Reply(text="Try it.", outcome=Outcome.DONE))
    with sqlite3.connect(path) as other:
        other.execute("UPDATE message SET reply = '{\"text\": 7}' WHERE id = ?", (answer.id,))
    with Store.open(path) as store:
        assert (store.message(answer.id).text, store.message(answer.id).reply) == ("Try it.", None)


@pytest.mark.parametrize(("days", "left"), [(0, ["old", "seen", "unseen", "new"]), (30, ["unseen", "new"])])
def test_the_record_is_kept_as_long_as_the_school_says_and_unseen_alerts_always(
    path: Path, days: int, left: list[str]
) -> None:
    with Store.open(path) as store:
        learner = store.add_learner("Learner", "fox", AgeBand.A8_10, "en-GB")
        store.set_setting("record_days", days)
        store._owner.run(lambda: store._do("UPDATE setting SET changed_at = '2020-01-01T00:00:00.000+00:00'"))
        for text, alert in (("old", ""), ("seen", "self_harm"), ("unseen", "abuse"), ("new", "")):
            answered(store, learner, Reply(text=text, outcome=Outcome.DONE, alert=alert, severity=2 if alert else 0))
        seen = next(alert for alert in store.alerts() if alert.kind == "self_harm")
        store.acknowledge(seen.id, "The head of year")
    with sqlite3.connect(path) as other:
        for table in ("moderation", "alert"):
            other.execute(f"UPDATE {table} SET created_at = '2020-01-01T00:00:00.000+00:00'")
        other.execute("UPDATE moderation SET created_at = '2999-01-01T00:00:00.000+00:00' WHERE answer = 'new'")
    with Store.open(path) as store:
        store.delete_past()
        assert [entry.answer for entry in reversed(store.moderation_log())] == left
        assert [alert.kind for alert in store.alerts(unseen_only=True)] == ["abuse"]
        assert len(store.alerts()) == (2 if days == 0 else 1)
