"""`bench adapt` on a tiny file: both ways train the same model, and every figure is there."""

import argparse
from pathlib import Path

import pytest

from tutor.bench import adapt, shapes
from tutor.cli import bench
from tutor.errors import UserError


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shape = shapes.Shape(width=256, layers=2, heads=4, kv_heads=2, feed_forward=512)
    file = shapes.random_model(tmp_path / "tiny.gguf", shape, shapes.vocabulary([f" w{i}" for i in range(300)], 1024))
    monkeypatch.setattr(adapt, "big_model", lambda _shape: file)
    monkeypatch.setitem(shapes.SHAPES, "1.5b", shape)
    monkeypatch.setattr(adapt, "STEPS", 2)
    monkeypatch.setattr(adapt, "_ELEMENTS", 1 << 16)
    return file


@pytest.mark.slow
@pytest.mark.usefixtures("tiny")
def test_both_ways_train_the_same_model() -> None:
    report = adapt.run(tokens=48)
    found = {f.name: f for f in report.figures}
    assert abs(found["first loss, packed less PEFT"].value) < 0.01
    assert found["PEFT: a step"].value > 0
    assert found["packed: memory over PEFT without"].goal == "<= 0.4"
    assert found["packed: speed over PEFT with checkpointing"].goal == ">= 1"
    assert 0 < found["unpacking a pass: Q4_K"].value < 10
    assert {f"unpacking: {name}" for name in adapt.TYPES.values()} <= found.keys()


@pytest.mark.usefixtures("tiny")
def test_it_can_be_asked_for_other_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    parser = argparse.ArgumentParser()
    bench.configure(parser)
    asked = []
    monkeypatch.setattr(
        adapt, "run", lambda **options: asked.append(options) or adapt.Report(bench="adapt", figures=())
    )
    assert bench.run(parser.parse_args(["adapt", "--tokens", "256", "--shape", "3b", "--no-peft", "--json"])) == 0
    assert asked == [{"tokens": 256, "shape": "3b", "peft": False}]


def test_a_step_of_one_token_is_refused() -> None:
    with pytest.raises(UserError, match="2 to 8192 tokens, not 1"):
        adapt.run(tokens=1)


@pytest.mark.usefixtures("tiny")
def test_a_process_that_fails_is_a_message(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"“packed” ended with code 1: .*gone.gguf"):
        adapt._run("packed", tmp_path / "gone.gguf", 16, 1)
