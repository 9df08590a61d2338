"""The whole program without a window: store, real engine process with a tiny model, sessions."""

import functools
import os
import queue
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest

import tutor.app_engine
from tutor import paths
from tutor.app import App, Guest
from tutor.bench import shapes
from tutor.domain import AgeBand, Learner, Message
from tutor.engine import protocol
from tutor.engine.client import EngineClient, EngineGone
from tutor.errors import UserError
from tutor.session import Session
from tutor.session_events import EngineState, Finished, Problem, SessionEvent, Shown
from tutor.store import Store

QUICK = (sys.executable, str(Path(__file__).parents[1] / "engine" / "quick_engine.py"))
"""The real engine process, with a judge that is ready at once."""
KILLS = 8
E = TypeVar("E")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lines = ("Good try. What would you do first? Tell me your idea.", "Let us think. Show me a step.")
    return shapes.speaking_model(tmp_path_factory.mktemp("models") / "speaking.gguf", lines)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tutor.app_engine, "EngineClient", functools.partial(EngineClient, command=QUICK))


@pytest.fixture
def app(model: Path, own_home: Path) -> Iterator[App]:
    with App.open() as opened:
        opened.store.set_setting("model", str(model))
        opened.store.set_setting("gpu", False)
        opened.store.set_contact("The head of year", "room 12", confirmed=True)
        yield opened


@pytest.fixture
def learner(app: App) -> Learner:
    return app.store.add_learner("Learner", "fox", AgeBand.A8_10, "en-GB")


class Listener:
    """A session's events, waited for."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.events: queue.Queue[SessionEvent] = queue.Queue()
        session.listen(self.events.put)

    def wait(self, kind: type[E], seconds: float = 60.0) -> E:
        end = time.monotonic() + seconds
        while True:
            event = self.events.get(timeout=max(0.01, end - time.monotonic()))
            if isinstance(event, kind):
                return event

    def ready(self) -> None:
        while self.session.engine_state.state != "ready":
            state = self.wait(EngineState)
            assert state.state != "failed", state.text

    def answer(self, text: str) -> Message:
        assert self.session.ask(text) is not None
        return self.wait(Finished).message


def test_a_learner_asks_and_everything_is_there_at_the_next_start(app: App, learner: Learner, own_home: Path) -> None:
    listener = Listener(app.session(learner, app.store.let_in(learner.id)))
    listener.ready()
    assert listener.session.engine_state.model is not None
    first = listener.answer("Hello, can we do some sums?")
    second = listener.answer("What is 3/4 + 1/8?")
    assert first.status == second.status == "done" and first.text and second.reply is not None
    assert second.reply.facts and second.reply.timings.reused_tokens > 0
    assert app.session(learner, app.store.let_in(learner.id)) is listener.session
    app.close()
    with App.open() as again:
        (conversation,) = again.store.conversations(learner.id)
        assert [message.text for message in again.store.path(conversation.id)] == [
            "Hello, can we do some sums?",
            first.text,
            "What is 3/4 + 1/8?",
            second.text,
        ]


def test_an_engine_killed_at_random_moments_costs_single_answers(app: App, learner: Learner) -> None:
    listener = Listener(app.session(learner, app.store.let_in(learner.id)))
    listener.ready()
    dice = random.Random(7)
    acknowledged: list[tuple[int, str]] = []
    cost = 0
    for number in range(KILLS):
        question = listener.session.ask(f"What is {number} + {number}?")
        assert question is not None
        time.sleep(dice.uniform(0.0, 0.15))
        assert app._client is not None
        pid = app._client.pid
        if pid is not None:
            os.kill(pid, signal.SIGKILL)
        ended = listener.wait(Finished).message
        if ended.status == "failed":
            cost += 1
            told = listener.wait(Problem)
            assert told.code == "engine_died" and told.text
        acknowledged += [(question.id, question.text), (ended.id, ended.text)]
        after = listener.answer(f"And {number} + 1?")
        if ended.status == "done" and after.status == "failed":  # the answer came just before: the kill cost this one
            cost += 1
            assert listener.wait(Problem).code == "engine_died"
            assert listener.session.regenerate(after.id) is not None
            after = listener.wait(Finished).message
        assert after.status == "done" and after.text
        acknowledged.append((after.id, after.text))
    assert cost >= KILLS // 2
    assert [(each, app.store.message(each).text) for each, _ in acknowledged] == acknowledged
    assert all(message.status != "writing" for message in listener.session.messages())


def test_a_model_that_is_none_is_explained_and_another_one_can_be_chosen(
    app: App, learner: Learner, model: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_text("this is a text file")
    app.store.set_setting("model", str(broken))
    heard: queue.Queue[EngineState] = queue.Queue()
    app.listen(heard.put)
    listener = Listener(app.session(learner, app.store.let_in(learner.id)))
    while (state := heard.get(timeout=60)).state != "failed":
        pass
    assert "broken.gguf" in state.text and app.engine_state == state
    assert listener.session.ask("Hello") is None
    problem = listener.wait(Problem)
    assert (problem.code, problem.kept_text) == ("engine_failed", "Hello")
    app.store.set_setting("model", str(model))
    app.start_engine()
    listener.ready()
    assert listener.answer("Hello").status == "done"


def test_ending_the_program_during_an_answer_keeps_what_was_shown(app: App, learner: Learner) -> None:
    listener = Listener(app.session(learner, app.store.let_in(learner.id)))
    listener.ready()
    listener.session.ask("Hello, can we do some sums?")
    shown = listener.wait(Shown)
    app.close()
    with App.open() as again:
        (conversation,) = again.store.conversations(learner.id)
        answer = again.store.path(conversation.id)[-1]
        assert answer.text.startswith(shown.check.text) and answer.status in ("stopped", "failed", "done")


def test_what_is_asked_while_the_engine_ends_starts_no_other_one(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []

    class Closing:
        """An engine that says a last word while it is ended, upon which something else is asked."""

        def __init__(self, *_: object, **__: object) -> None:
            made.append(self)

        def start(self) -> None:
            pass

        def next_id(self) -> int:
            return 1

        def send(self, _request: protocol.Embed) -> None:
            pass

        def close(self) -> None:
            app.send(protocol.Embed(id=app.next_id(), texts=("When does it open?",)))

    monkeypatch.setattr(tutor.app_engine, "EngineClient", Closing)
    heard: list[object] = []
    app.hear(heard.append)
    app.start_engine()
    app._end_engine()
    assert len(made) == 1 and app._client is None
    assert [type(event) for event in heard] == [EngineGone], "desks wait for no answer of the engine that is gone"


def test_an_erased_learner_is_gone_from_every_file_and_the_engine_serves_the_others(
    app: App, learner: Learner, own_home: Path
) -> None:
    other = app.store.add_learner("Other", "owl", AgeBand.A8_10, "en-GB")
    listener = Listener(app.session(learner, app.store.let_in(learner.id)))
    listener.ready()
    listener.answer("Is a zebrafish bigger than a whale?")
    app.store.backup()
    (paths.snapshots() / "left.kv").write_bytes(b"zebrafish")
    app.erase_learner(learner.id)
    files = [file for file in own_home.rglob("*") if file.is_file()]
    assert files and not [file for file in files if b"zebrafish" in file.read_bytes()]
    listener = Listener(app.session(other, app.store.let_in(other.id)))
    listener.ready()
    assert listener.answer("Hello").status == "done"


def test_a_conversation_on_show_is_not_deleted_however_old_it_is(app: App, learner: Learner) -> None:
    shown, other = (app.store.begin_conversation(learner.id, title, title)[0].id for title in ("shown", "other"))
    app.store.set_setting("conversation_months", 1)
    session = app.session(learner, app.store.let_in(learner.id))
    session.open(shown)
    app.store.delete_past()

    def long_ago() -> None:
        with app.store._db.atomic():
            for table, column in (("conversation", "updated_at"), ("setting", "changed_at")):
                app.store._do(f"UPDATE {table} SET {column} = '2020-01-01T00:00:00.000+00:00'")
            app.store._do("UPDATE message SET status = 'done'")

    app.store._owner.run(long_ago)
    assert app.store.delete_past() == 1
    assert [each.id for each in session.conversations()] == [shown]
    session.new()
    assert app.store.delete_past() == 1 and session.conversations() == ()
    session.open(other)
    assert session.conversation is None, "it is not there any more, and nothing fails over it"


def test_nothing_of_a_learner_opens_without_the_proof_that_their_pin_was_typed(
    app: App, learner: Learner, monkeypatch: pytest.MonkeyPatch, cheap_argon2: None
) -> None:
    monkeypatch.setattr(App, "start_engine", lambda *_: None)
    other = app.store.add_learner("Other", "owl", AgeBand.A8_10, "en-GB")
    app.store.set_pin(learner.id, "2580")
    for refused in (None, app.store.let_in(learner.id, "1111"), app.store.let_in(other.id)):
        with pytest.raises(UserError, match="Nothing was opened") as raised:
            app.session(learner, refused)
        assert raised.value.code == "pin" and not app._sessions
    opened = app.store.let_in(learner.id, "2580")
    assert app.session(learner, opened) is app.session(learner, opened)
    app.store.set_pin(learner.id, "4711")
    with pytest.raises(UserError, match="Nothing was opened"):
        app.session(learner, opened)
    assert app.session(other, app.store.let_in(other.id)).learner.name == "Other"


def test_a_guest_asks_beside_an_open_program_and_leaves_nothing(app: App, model: Path, own_home: Path) -> None:
    before = {file: file.stat().st_size for file in own_home.rglob("*") if file.is_file()}
    with pytest.raises(UserError) as raised:
        App.open()
    assert raised.value.code == "already_open"
    with Guest() as guest:
        listener = Listener(guest.session)
        listener.ready()
        assert guest.session.engine_state.model is not None
        assert Path(guest.session.engine_state.model.path) == model
        assert listener.answer("Is a zebrafish bigger than a whale?").text
    after = {file: file.stat().st_size for file in own_home.rglob("*") if file.is_file()}
    assert after == before
    assert app.store.learners() == ()


def test_overrides_choose_the_model_of_a_guest(model: Path, own_home: Path) -> None:
    with Guest({"model": str(model), "gpu": False, "max_tokens": 5}) as guest:
        listener = Listener(guest.session)
        listener.ready()
        answer = listener.answer("Hello")
        assert answer.reply is not None and answer.reply.timings.completion_tokens <= 5
    assert not (own_home / "tutor.db").exists()


def test_the_app_imports_nothing_heavy() -> None:
    heavy = ("torch", "transformers", "llama_cpp", "sentence_transformers", "detoxify", "numpy", "sympy", "PySide6")
    code = f"import sys, tutor.app; print([name for name in {heavy} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_a_store_in_memory_belongs_to_one_guest_alone() -> None:
    with Store.open(None) as one, Store.open(None) as two:
        one.add_learner("Guest", "", AgeBand.A8_10, "en-GB")
        assert two.learners() == ()
