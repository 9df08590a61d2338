"""Adapters in the whole program: loaded at the start, switched while it runs, there again after a crash."""

import functools
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import adapter_files
import pytest

import tutor.app_engine
from tutor import paths
from tutor.app import App, Guest
from tutor.bench import shapes
from tutor.checksum import sha256_of
from tutor.domain import Adapter, AgeBand
from tutor.engine.client import EngineClient

QUICK = (sys.executable, str(Path(__file__).parents[1] / "engine" / "quick_engine.py"))


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    words = shapes.vocabulary([" the", " number", "the", " is"], 500)
    path = tmp_path_factory.mktemp("models") / "talker.gguf"
    return shapes.random_model(path, shapes.Shape(256, 2, 4, 2, 512, 2048), words)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tutor.app_engine, "EngineClient", functools.partial(EngineClient, command=QUICK))


def _opened(model: Path) -> App:
    app = App.open()
    app.store.set_setting("model", str(model))
    app.store.set_setting("gpu", False)
    return app


@pytest.fixture
def app(model: Path, own_home: Path) -> Iterator[App]:
    with _opened(model) as opened:
        yield opened


def _registered(app: App, model: Path, seed: int = 1, learner_id: int | None = None) -> Adapter:
    """A judged and promoted adapter, as a training leaves it."""
    made = app.store.begin_adapter(
        base=str(model),
        base_sha256=sha256_of(model),
        ledger_sha256=str(seed),
        corrections=(),
        scope="class" if learner_id is None else "learner",
        learner_id=learner_id,
    )
    folder = app.adapters.folder_of(made)
    folder.mkdir(parents=True)
    file = adapter_files.write(folder / "adapter.gguf", model, seed=seed)
    return app.store.adapter_judged(
        made.id, file=str(file), file_sha256=sha256_of(file), figures={}, promoted=True, report=str(folder)
    )


def _wait(app: App, done: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, app.engine_state
        time.sleep(0.02)


def _in_use(app: App) -> str:
    model = app.engine_state.model
    return model.adapter if model is not None and app.engine_state.state == "ready" else "-"


def _is(app: App, adapter: Adapter | None) -> Callable[[], bool]:
    return lambda: _in_use(app) == (adapter.file_sha256[:32] if adapter else "")


def test_one_click_switches_and_goes_back_without_a_restart(app: App, model: Path) -> None:
    app.start_engine()
    first, second = _registered(app, model, 1), _registered(app, model, 2)
    _wait(app, _is(app, None))
    client = app._client
    assert client is not None
    pid = client.pid
    app.adapters.use(first.id)
    _wait(app, _is(app, first))
    app.adapters.use(second.id)
    _wait(app, _is(app, second))
    app.adapters.back(model)
    _wait(app, _is(app, first))
    app.adapters.back(model)
    _wait(app, _is(app, None))
    assert client.pid == pid


def test_it_is_loaded_at_the_start_and_after_a_crash(app: App, model: Path) -> None:
    adapter = app.store.activate_adapter(_registered(app, model).id)
    app.start_engine()
    _wait(app, _is(app, adapter))
    client = app._client
    assert client is not None and client.pid is not None
    os.kill(client.pid, signal.SIGKILL)
    _wait(app, lambda: app.engine_state.state == "restarting")
    _wait(app, _is(app, adapter))


def test_one_whose_file_changed_is_not_used_and_the_program_says_so(app: App, model: Path) -> None:
    adapter = app.store.activate_adapter(_registered(app, model).id)
    adapter_files.write(Path(adapter.file), model, seed=9)
    app.start_engine()
    _wait(app, lambda: app.engine_state.state == "ready")
    loaded = app.engine_state.model
    assert loaded is not None and loaded.adapter == "" and "changed since it was judged" in loaded.adapter_note


def test_a_model_that_was_moved_is_still_the_same(app: App, model: Path, tmp_path: Path) -> None:
    adapter = app.store.activate_adapter(_registered(app, model).id)
    moved = tmp_path / "moved.gguf"
    moved.write_bytes(model.read_bytes())
    app.store.set_setting("model", str(moved))
    app.start_engine()
    _wait(app, _is(app, adapter))


def test_a_learners_own_adapter_is_used_while_they_learn(app: App, model: Path) -> None:
    one = app.store.add_learner("One", "fox", AgeBand.A8_10, "en-GB")
    two = app.store.add_learner("Two", "owl", AgeBand.A8_10, "en-GB")
    everyone = app.store.activate_adapter(_registered(app, model, 1).id)
    own = app.store.activate_adapter(_registered(app, model, 2, learner_id=one.id).id)
    app.session(two, app.store.let_in(two.id))
    _wait(app, _is(app, everyone))
    app.session(one, app.store.let_in(one.id))
    _wait(app, _is(app, own))
    app.session(two, app.store.let_in(two.id))
    _wait(app, _is(app, everyone))
    app.erase_learner(one.id)
    assert not Path(own.file).exists() and Path(everyone.file).exists()
    _wait(app, _is(app, everyone))


def test_where_the_next_adapter_cannot_be_used_the_one_of_another_learner_does_not_speak(app: App, model: Path) -> None:
    one = app.store.add_learner("One", "fox", AgeBand.A8_10, "en-GB")
    two = app.store.add_learner("Two", "owl", AgeBand.A8_10, "en-GB")
    everyone = app.store.activate_adapter(_registered(app, model, 1).id)
    own = app.store.activate_adapter(_registered(app, model, 2, learner_id=one.id).id)
    app.session(one, app.store.let_in(one.id))
    _wait(app, _is(app, own))
    Path(everyone.file).unlink()
    app.session(two, app.store.let_in(two.id))
    _wait(app, lambda: app.engine_state.model is not None and "cannot be used" in app.engine_state.model.adapter_note)
    assert _in_use(app) == ""


def test_a_guest_answers_with_the_class_adapter(app: App, model: Path) -> None:
    adapter = app.store.activate_adapter(_registered(app, model).id)
    with Guest({"gpu": False}, database=paths.database()) as guest:
        end = time.monotonic() + 60
        while guest.engine_state.state != "ready":
            assert time.monotonic() < end
            time.sleep(0.02)
        loaded = guest.engine_state.model
        assert loaded is not None and adapter.file_sha256.startswith(loaded.adapter) and loaded.adapter
