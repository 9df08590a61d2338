"""Saved prefixes: they come back exactly, stay within their bytes, and damage only costs the time they saved."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tutor.engine.llama import Model
from tutor.engine.snapshots import Snapshots, forget
from tutor.engine.template import Template

Open = Callable[..., tuple[Model, Template]]
KEY = "model adapter: context:1024"


def _snapshots(folder: Path, most: int = 1 << 30, key: str = KEY) -> Snapshots:
    return Snapshots(folder, key=key, most_bytes=most, least_tokens=64)


def _say(model: Model, text: str) -> list[int]:
    tokens = model.tokenize(text)
    model.evaluate(tokens)
    return tokens


@pytest.fixture
def model(open_model: Open, speaking: Path) -> Model:
    return open_model(speaking)[0]


def test_round_trip_gives_the_same_next_token(model: Model, tmp_path: Path) -> None:
    tokens = _say(model, "What is three and four? " * 20)
    before = model.log_probability(5)
    snapshots = _snapshots(tmp_path)
    assert snapshots.save("c", model, {"hash": [1, 2]})
    model.cut(0)
    assert snapshots.restore("c", model, [*tokens, 7]) and model.tokens == tokens
    assert model.evaluate(tokens) == len(tokens) - 1
    assert model.log_probability(5) == pytest.approx(before, abs=1e-4)
    note = snapshots.note("c")
    assert note is not None and note.spoken == [("hash", [1, 2])]


def test_another_model_context_or_conversation_does_not_match(model: Model, tmp_path: Path) -> None:
    tokens = _say(model, "What is three and four? " * 20)
    _snapshots(tmp_path).save("c", model)
    model.cut(0)
    assert not _snapshots(tmp_path, key="other").restore("c", model, tokens)
    assert not _snapshots(tmp_path).restore("d", model, tokens)
    assert not _snapshots(tmp_path).restore("c", model, model.tokenize("Something else entirely. " * 20))


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "note", "gone"])
def test_damage_is_noticed_and_ignored(model: Model, tmp_path: Path, damage: str) -> None:
    tokens = _say(model, "What is three and four? " * 20)
    snapshots = _snapshots(tmp_path)
    snapshots.save("c", model)
    (file,) = tmp_path.glob("*.kv")
    content = bytearray(file.read_bytes())
    if damage == "cut":
        file.write_bytes(content[:-100])
    elif damage == "flip":
        content[len(content) // 2] ^= 4
        file.write_bytes(content)
    elif damage == "empty":
        file.write_bytes(b"")
    elif damage == "note":
        file.with_suffix(".json").write_bytes(b"{")
    else:
        file.unlink()
    model.cut(0)
    assert not snapshots.restore("c", model, tokens)
    model.evaluate(tokens)
    assert model.tokens == tokens


def test_the_folder_stays_within_its_bytes_oldest_out_first(model: Model, tmp_path: Path) -> None:
    _say(model, "What is three and four? " * 20)
    _snapshots(tmp_path).save("size", model)
    size = next(tmp_path.glob("*.kv")).stat().st_size
    snapshots = _snapshots(tmp_path, most=size * 3)
    for i, name in enumerate("abcde"):
        assert snapshots.save(name, model)
        for file in tmp_path.glob("*.kv"):
            if snapshots.note(name) and file == snapshots._path(name):
                os.utime(file, (1000 + i, 1000 + i))
    assert sum(f.stat().st_size for f in tmp_path.glob("*.kv")) <= size * 3
    assert snapshots.note("e") and snapshots.note("d") and not snapshots.note("a")
    assert not list(tmp_path.glob(".*")), "no half-written files stay"


def test_forgetting_a_conversation_removes_all_of_it(model: Model, tmp_path: Path) -> None:
    _say(model, "What is three and four? " * 20)
    snapshots = _snapshots(tmp_path)
    snapshots.save("c", model)
    snapshots.save("d", model)
    forget(tmp_path, "c")
    assert snapshots.note("c") is None and snapshots.note("d") is not None
    assert len(list(tmp_path.iterdir())) == 2


def test_short_prefixes_and_guests_leave_nothing(model: Model, tmp_path: Path) -> None:
    _say(model, "Hi.")
    assert not _snapshots(tmp_path).save("c", model)
    _say(model, "What is three and four? " * 20)
    assert not _snapshots(tmp_path).save("", model)
    assert not list(tmp_path.iterdir())
