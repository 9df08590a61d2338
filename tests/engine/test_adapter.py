"""An adapter in the running engine: used, switched and taken away without a trace; what does not fit is refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import adapter_files
import pytest
from engine_talk import Talk

from tutor.bench import shapes
from tutor.checksum import sha256_of
from tutor.domain import Generation, Move, Reply
from tutor.engine import adapter_file
from tutor.engine.client import EngineDied
from tutor.engine.llama import Model
from tutor.engine.protocol import AdapterInUse, Failed, Load, Ready, UseAdapter
from tutor.engine.recovery import Recovery
from tutor.engine.template import Template
from tutor.errors import UserError

Open = Callable[..., tuple[Model, Template]]
GREEDY = Generation(temperature=0.0, repeat_penalty=1.0, max_tokens=24)
QUESTIONS = ("Hello there.", "What should I do first?", "Can you help me a bit?")


@pytest.fixture(scope="session")
def talker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small model with random weights whose every answer depends on all of them."""
    words = shapes.vocabulary([" the", " number", "the", " is"], 500)
    path = tmp_path_factory.mktemp("models") / "talker.gguf"
    return shapes.random_model(path, shapes.Shape(256, 2, 4, 2, 512, 2048), words)


@pytest.fixture
def adapter(talker: Path, tmp_path: Path) -> Path:
    return adapter_files.write(tmp_path / "adapter.gguf", talker)


def _continuation(model: Model, text: str, n: int = 16) -> list[int]:
    model.evaluate(model.tokenize(text))
    sampler = model.sampler(GREEDY, 1)
    said = []
    for _ in range(n):
        token = model.sample(sampler)
        said.append(token)
        model.append(token)
    sampler.close()
    return said


def test_rolling_back_gives_the_bases_answers_token_for_token(open_model: Open, talker: Path, adapter: Path) -> None:
    model = open_model(talker)[0]
    base = [_continuation(model, q) for q in QUESTIONS]
    model.use_adapter(adapter)
    assert not model.tokens, "what the base computed is no longer valid"
    changed = [_continuation(model, q) for q in QUESTIONS]
    assert changed != base
    model.use_adapter(None)
    assert [_continuation(model, q) for q in QUESTIONS] == base
    model.use_adapter(adapter)
    assert [_continuation(model, q) for q in QUESTIONS] == changed


def test_a_second_adapter_takes_the_place_of_the_first(
    open_model: Open, talker: Path, adapter: Path, tmp_path: Path
) -> None:
    model = open_model(talker)[0]
    other = adapter_files.write(tmp_path / "other.gguf", talker, seed=2)
    model.use_adapter(other)
    alone = _continuation(model, QUESTIONS[0])
    model.use_adapter(adapter)
    first = _continuation(model, QUESTIONS[0])
    model.use_adapter(other)
    assert _continuation(model, QUESTIONS[0]) == alone != first


def test_nothing_of_a_scale_of_zero_is_heard(open_model: Open, talker: Path, adapter: Path) -> None:
    model = open_model(talker)[0]
    base = _continuation(model, QUESTIONS[0])
    model.use_adapter(adapter, 0.0)
    assert _continuation(model, QUESTIONS[0]) == base


WRONG: dict[str, dict[str, Any]] = {
    "no base": {"tutor_base_sha256": None},
    "a model": {"general_type": "model"},
    "another kind of adapter": {"adapter_type": "control_vector"},
    "alpha missing": {"adapter_lora_alpha": None},
    "alpha as text": {"adapter_lora_alpha": "16"},
    "alpha infinite": {"adapter_lora_alpha": float("inf")},
}


@pytest.mark.parametrize("name", WRONG)
def test_what_the_file_says_is_checked_before_llama_cpp_sees_it(talker: Path, tmp_path: Path, name: str) -> None:
    path = adapter_files.write(tmp_path / "wrong.gguf", talker, **WRONG[name])
    with pytest.raises(UserError) as caught:
        adapter_file.read(path)
    assert caught.value.code == "adapter" and str(path) in str(caught.value)


def test_a_file_that_is_cut_off_or_no_file_is_refused(adapter: Path, tmp_path: Path) -> None:
    whole = adapter.read_bytes()
    for content in (whole[:-64], whole[:200], whole[:30], b"", b"PK\x03\x04" + whole[4:]):
        path = tmp_path / "cut.gguf"
        path.write_bytes(content)
        with pytest.raises(UserError, match=r"cut\.gguf"):
            adapter_file.read(path)
    with pytest.raises(UserError, match="cannot be read"):
        adapter_file.read(tmp_path / "missing.gguf")


class Process:
    """A running engine whose adapter can be changed."""

    def __init__(self, model: Path, tmp_path: Path, **more: Any) -> None:
        self.talk = Talk(
            Load(model=str(model), safety=".", snapshots=str(tmp_path / "s"), gpu=False, threads=1, **more)
        )
        self.ready = self.talk.wait(Ready)

    def use(self, path: Path | None, sha256: str = "") -> AdapterInUse | Failed:
        request = UseAdapter(id=self.talk.client.next_id(), path=str(path or ""), sha256=sha256)
        self.talk.client.send(request)
        return self.talk.wait((AdapterInUse, Failed))  # type: ignore[arg-type]

    def answer(self, text: str = QUESTIONS[0]) -> Reply:
        reply: Reply = self.talk.answer(text, generation=GREEDY, conversation="c")
        return reply


def test_the_engine_switches_and_goes_back_while_it_runs(talker: Path, adapter: Path, tmp_path: Path) -> None:
    engine = Process(talker, tmp_path)
    try:
        base = engine.answer()
        used = engine.use(adapter)
        assert isinstance(used, AdapterInUse) and sha256_of(adapter).startswith(used.adapter)
        changed = engine.answer()
        assert changed.adapter == used.adapter and changed.text != base.text and base.adapter == ""
        assert engine.use(None) == AdapterInUse(id=4, adapter="")
        again = engine.answer()
        assert (again.text, again.adapter) == (base.text, "")
    finally:
        engine.talk.client.close()


def test_what_does_not_fit_is_refused_and_the_base_stays(talker: Path, tmp_path: Path) -> None:
    words = shapes.vocabulary([" the", " number", "the", " is"], 500)
    other = shapes.random_model(tmp_path / "other.gguf", shapes.Shape(512, 1, 4, 2, 512, 2048), words, seed=9)
    engine = Process(talker, tmp_path)
    lying = {"tutor_base_sha256": sha256_of(talker)}
    wrong = {
        "trained on another": adapter_files.write(tmp_path / "1.gguf", other),
        "llama.cpp refuses it": adapter_files.write(tmp_path / "2.gguf", other, **lying),
        "values are damaged": adapter_files.write(tmp_path / "3.gguf", talker, value=float("nan")),
        "of the kind": adapter_files.write(tmp_path / "4.gguf", talker, general_architecture="llama"),
    }
    try:
        base = engine.answer().text
        for reason, path in wrong.items():
            failed = engine.use(path)
            assert isinstance(failed, Failed) and failed.code == "adapter" and reason in failed.message
            assert (engine.answer().text, engine.answer().adapter) == (base, "")
        good = adapter_files.write(tmp_path / "5.gguf", talker)
        failed = engine.use(good, sha256="0" * 64)
        assert isinstance(failed, Failed) and "changed since it was judged" in failed.message
        assert isinstance(engine.use(good, sha256=sha256_of(good)), AdapterInUse)
        kept = engine.answer().text
        assert isinstance(engine.use(wrong["values are damaged"]), Failed)
        assert engine.answer().text == kept != base, "the adapter before stays in use"
    finally:
        engine.talk.client.close()


def test_prefixes_saved_with_one_adapter_are_not_used_with_another(talker: Path, adapter: Path, tmp_path: Path) -> None:
    engine = Process(talker, tmp_path, snapshot_min_tokens=16)
    long = " ".join(QUESTIONS * 6)
    try:
        base = engine.answer(long)
        engine.use(adapter)
        first = engine.answer(long)
        engine.use(None)
        saved = list((tmp_path / "s").glob("*.kv"))
        assert len(saved) == 2, "one with and one without the adapter"
        again = engine.answer(long)
        assert again.text == base.text and again.timings.reused_tokens > 0
        engine.use(adapter)
        with_adapter = engine.answer(long)
        assert with_adapter.text == first.text and with_adapter.timings.reused_tokens > 0
    finally:
        engine.talk.client.close()


def test_a_new_process_loads_the_adapter_that_was_in_use(talker: Path, adapter: Path, tmp_path: Path) -> None:
    engine = Process(talker, tmp_path)
    try:
        used = engine.use(adapter)
        assert isinstance(used, AdapterInUse)
        changed = engine.answer().text
        engine.talk.client._process.kill()  # type: ignore[union-attr]
        engine.talk.wait(EngineDied)
        ready = engine.talk.wait(Ready)
        assert ready.model is not None and ready.model.adapter == used.adapter
        assert engine.answer().text == changed
    finally:
        engine.talk.client.close()


def test_an_adapter_that_cannot_be_loaded_leaves_the_model_in_use(talker: Path, tmp_path: Path) -> None:
    engine = Process(talker, tmp_path, adapter=str(tmp_path / "gone.gguf"))
    try:
        model = engine.ready.model
        assert model is not None and model.adapter == "" and "gone.gguf" in model.adapter_note
        assert engine.answer().text
    finally:
        engine.talk.client.close()


def test_requests_travel_unchanged() -> None:
    from tutor.engine import protocol

    request = UseAdapter(id=3, path="a.gguf", sha256="0" * 64, scale=0.5)
    assert protocol.decode_request(protocol.encode(request)) == request
    event = AdapterInUse(id=3, adapter="0" * 32)
    assert protocol.decode_event(protocol.encode(event)) == event


def test_on_a_narrow_model_an_adapter_speaks_only_where_its_world_ends(tmp_path: Path) -> None:
    narrow = shapes.speaking_model(tmp_path / "narrow.gguf", ["That is outside what I know."], scope="primary-maths")
    adapter = adapter_files.write(tmp_path / "a.gguf", narrow, size=1.0)
    engine = Process(narrow, tmp_path)
    try:
        asked = ("What is 3 + 4?", "Who wrote Romeo and Juliet?", "hello")
        base = [engine.answer(text) for text in asked]
        assert [reply.move for reply in base] == [Move.ASK_ATTEMPT, Move.REDIRECT, Move.GREET]
        used = engine.use(adapter)
        assert isinstance(used, AdapterInUse)
        for _ in range(2):
            replies = [engine.answer(text) for text in asked]
            assert [reply.adapter for reply in replies] == ["", used.adapter, ""]
            assert replies[2].timings.reused_tokens > 0, "the base's cache outlives what the adapter said"
            assert [reply.text == before.text for reply, before in zip(replies, base, strict=True)] == [
                True,
                False,
                True,
            ]
    finally:
        engine.talk.client.close()


def test_on_a_narrow_model_the_base_says_what_it_might_say_as_well(talker: Path, tmp_path: Path) -> None:
    narrow = tmp_path / "narrow.gguf"
    words = shapes.vocabulary([" the", " number", "the", " is"], 500)
    shapes.random_model(narrow, shapes.Shape(256, 2, 4, 2, 512, 2048), words, scope="primary-maths")
    engine = Process(narrow, tmp_path)
    try:
        base = engine.answer("What is the capital of France?")
        assert base.move is Move.REDIRECT
        assert isinstance(engine.use(adapter_files.write(tmp_path / "a.gguf", narrow, value=0.0)), AdapterInUse)
        again = engine.answer("What is the capital of France?")
        assert (again.text, again.adapter) == (base.text, "")
    finally:
        engine.talk.client.close()


def test_an_engine_that_keeps_dying_is_tried_without_the_adapter_at_last() -> None:
    recovery = Recovery(Load(model="m", safety="."))
    recovery.use_adapter("a.gguf", "0" * 64)
    for adapter in ("a.gguf", "a.gguf", ""):
        assert recovery.died() > 0
        assert recovery.load.adapter == adapter
    assert recovery.load.adapter_sha256 == "" and "without what it learned" in recovery.plan
