"""Delivery of events: in order, one at a time, whatever listeners and threads do."""

import logging
import threading

import pytest

from tutor.session_outbox import Outbox


def test_events_of_many_threads_come_one_at_a_time_and_none_is_lost() -> None:
    outbox: Outbox[tuple[int, int]] = Outbox()
    heard: list[tuple[int, int]] = []
    inside = threading.Lock()
    clashes = 0

    def listen(event: tuple[int, int]) -> None:
        nonlocal clashes
        if not inside.acquire(blocking=False):
            clashes += 1
            return
        heard.append(event)
        inside.release()

    def send(worker: int) -> None:
        for number in range(500):
            outbox.put((worker, number))
            outbox.deliver()

    outbox.listen(listen)
    threads = [threading.Thread(target=send, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outbox.deliver()
    assert clashes == 0 and len(heard) == 2000
    for worker in range(4):
        assert [number for who, number in heard if who == worker] == list(range(500))


def test_what_a_listener_causes_comes_after_the_event_in_hand() -> None:
    outbox: Outbox[str] = Outbox()
    heard: list[str] = []

    def listen(event: str) -> None:
        if event == "first":
            outbox.put("caused")
            outbox.deliver()
        heard.append(event)

    outbox.listen(listen)
    outbox.put("first")
    outbox.put("second")
    outbox.deliver()
    assert heard == ["first", "second", "caused"]


def test_a_listener_that_fails_costs_itself_alone_and_no_words_reach_the_log(caplog: pytest.LogCaptureFixture) -> None:
    outbox: Outbox[str] = Outbox()
    heard: list[str] = []

    def fail(event: str) -> None:
        raise RuntimeError(f"cannot show {event}")

    outbox.listen(fail)
    outbox.listen(heard.append)
    with caplog.at_level(logging.ERROR):
        for event in ("a secret", "another"):
            outbox.put(event)
            outbox.deliver()
    assert heard == ["a secret", "another"]
    assert "RuntimeError at" in caplog.text and "secret" not in caplog.text


def test_ended_listening_hears_nothing_more() -> None:
    outbox: Outbox[int] = Outbox()
    heard: list[int] = []
    end = outbox.listen(heard.append)
    outbox.put(1)
    outbox.deliver()
    end()
    outbox.put(2)
    outbox.deliver()
    assert heard == [1]
