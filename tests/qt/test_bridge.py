"""Events from any thread arrive on the window's thread, in order; work off the thread comes back to it."""

import threading
from typing import Any

import pytest
from PySide6.QtCore import QObject, QThread
from pytestqt.qtbot import QtBot

from tutor.errors import UserError
from tutor.qt.bridge import SessionBridge
from tutor.qt.showcase.quiet_app import QuietEngine
from tutor.qt.work import Operation
from tutor.session import Session
from tutor.session_events import EngineState, Noted
from tutor.store import Store


@pytest.fixture
def session() -> Session:
    return Session(Store.open(None), QuietEngine(), None)


class Listener(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[Any] = []
        self.threads: set[object] = set()

    def hear(self, event: object) -> None:
        self.heard.append(event)
        self.threads.add(QThread.currentThread())


def test_thousands_of_events_from_threads_arrive_in_order_on_the_windows_thread(qtbot: QtBot, session: Session) -> None:
    bridge, listener = SessionBridge(session), Listener()
    bridge.engine.connect(listener.hear)
    total = 3000

    def shout() -> None:
        for n in range(total):
            session.engine_changed(EngineState(state="loading", fraction=n / total))

    thread = threading.Thread(target=shout)
    thread.start()
    thread.join()
    assert listener.heard == [], "nothing may be delivered before the window's loop turns"
    qtbot.waitUntil(lambda: len(listener.heard) == total, timeout=10_000)
    assert [event.fraction for event in listener.heard] == [n / total for n in range(total)]
    assert listener.threads == {bridge.thread()}
    assert bridge.engine_state.fraction == (total - 1) / total


def test_a_late_bridge_knows_the_engines_condition_and_a_closed_one_hears_nothing(
    qtbot: QtBot, session: Session
) -> None:
    session.engine_changed(EngineState(state="ready"))
    bridge, listener = SessionBridge(session), Listener()
    bridge.engine.connect(listener.hear)
    assert bridge.engine_state.state == "ready"
    bridge.close()
    session.engine_changed(EngineState(state="failed"))
    qtbot.wait(50)
    assert listener.heard == [] and bridge.engine_state.state == "ready"


def test_asking_reaches_the_session_and_its_answer_comes_as_signals(qtbot: QtBot, session: Session) -> None:
    bridge = SessionBridge(session)
    with qtbot.waitSignal(bridge.problem, timeout=2000) as told:
        bridge.open(12345)
    assert told.args[0].text
    assert bridge.conversations() == () and bridge.messages() == () and bridge.conversation is None


def test_every_kind_of_event_has_its_signal(qtbot: QtBot, session: Session) -> None:
    bridge, listener = SessionBridge(session), Listener()
    bridge.noted.connect(listener.hear)
    bridge.hear(Noted(text="The start no longer fits"))
    qtbot.waitUntil(lambda: len(listener.heard) == 1, timeout=1000)
    assert listener.heard[0].text == "The start no longer fits"


# --- work off the window's thread -----------------------------------------------------------------------------------


def run(qtbot: QtBot, job: Any) -> tuple[list[Any], list[UserError]]:
    parent = QObject()
    done: list[Any] = []
    failed: list[UserError] = []
    Operation(parent, job, done=done.append, failed=failed.append)
    qtbot.waitUntil(lambda: bool(done or failed), timeout=5000)
    return done, failed


def test_a_result_comes_back_and_an_error_for_people_keeps_its_words(qtbot: QtBot) -> None:
    assert run(qtbot, lambda: 42) == ([42], [])

    def fail() -> None:
        raise UserError("The disk is full.", code="disk_full")

    _, failed = run(qtbot, fail)
    assert [(str(error), error.code) for error in failed] == [("The disk is full.", "disk_full")]


def test_a_mistake_of_ours_is_told_in_plain_words_and_logged_without_its_text(
    qtbot: QtBot, expected_log: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    expected_log.append("tutor.qt.work")

    def fail() -> None:
        raise ValueError("what the learner wrote")

    _, failed = run(qtbot, fail)
    assert failed[0].code == "bug" and "Everything that was stored is kept" in str(failed[0])
    assert "ValueError" in caplog.text and "test_bridge.py" in caplog.text
    assert "what the learner wrote" not in caplog.text


def test_work_for_a_page_that_is_gone_calls_nobody(qtbot: QtBot) -> None:
    parent = QObject()
    called: list[object] = []
    go = threading.Event()
    Operation(parent, lambda: go.wait(5), done=called.append, failed=called.append)
    parent.deleteLater()
    qtbot.wait(50)
    go.set()
    qtbot.wait(100)
    assert called == []
