"""The loop learns, stays with the base elsewhere, and ends the same whether or not it was killed."""

import time
from pathlib import Path
from random import Random

import msgspec
import pytest
import tiny_training as tiny
import torch

from tutor.adaptation.control import Control, Stopped
from tutor.adaptation.training import checkpoint, loop, plan
from tutor.adaptation.training.packing import batch
from tutor.errors import UserError


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.model_file(tmp_path_factory.mktemp("base"))


def test_it_learns_answers_prefers_them_and_leaves_other_answers_alone(
    base: Path, tmp_path: Path, one_thread: None
) -> None:
    examples = tiny.examples()
    settings = msgspec.structs.replace(tiny.SETTINGS, epochs=10, patience=10, keep=10.0, top=100)
    lessons = [lesson for lesson in examples.lessons if lesson.wrong]

    def mean(model: loop.PackedModel, pairs: list[plan.Pair]) -> float:
        made, _ = batch(pairs)
        with torch.no_grad():
            return float(model.losses(model.hidden(made), made.targets).mean())

    outcome, model = tiny.train(base, tmp_path / "kept", settings)
    right, wrong = [one.sure[0] for one in lessons], [one.wrong for one in lessons if one.wrong]
    with model.off():
        before = mean(model, right)
    assert mean(model, right) < 0.8 * before
    assert mean(model, wrong) > mean(model, right) + 0.5
    assert outcome.held_out < before
    strayed = _divergence(model, examples, settings, tmp_path)
    model.close()
    loose = msgspec.structs.replace(settings, keep=0.0)
    _, model = tiny.train(base, tmp_path / "loose", loose)
    assert strayed < 0.7 * _divergence(model, examples, settings, tmp_path)
    model.close()


def _divergence(model: loop.PackedModel, examples: loop.Examples, settings: loop.Settings, folder: Path) -> float:
    kept = loop.base_probabilities(model, examples, settings, folder, key="measure")
    total = [
        float(loop._losses(model, items, kept, settings)[1].detach()) for items in plan.all_replay(examples, settings)
    ]
    return sum(total) / len(total)


def test_it_stops_early_and_gives_the_best_adapter(base: Path, tmp_path: Path, one_thread: None) -> None:
    settings = msgspec.structs.replace(tiny.SETTINGS, epochs=40, patience=2, rate=3e-2, keep=0.0)
    outcome, model = tiny.train(base, tmp_path / "work", settings)
    held = [entry[1] for entry in outcome.curve]
    assert outcome.epochs < 40
    assert outcome.best_epoch == outcome.epochs - 2
    assert outcome.held_out == held[outcome.best_epoch - 1]
    measured = loop._held_out(
        model, [batch([i.pair for i in s])[0] for s in plan.held_out(tiny.examples(), settings)], lambda: None
    )
    assert measured == pytest.approx(outcome.held_out, rel=1e-4)
    model.close()


def test_killed_at_random_moments_it_ends_as_if_nothing_had_been(base: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    whole.mkdir()
    process = tiny.process(base, whole, tmp_path / "whole.pt")
    process.join(60)
    work = tmp_path / "work"
    work.mkdir()
    rng = Random(7)
    for _ in range(3):
        process = tiny.process(base, work, tmp_path / "killed.pt")
        _wait_for_steps(work / "steps")
        time.sleep(rng.uniform(0.0, 0.15))
        process.kill()
        process.join(20)
    told = (work / "steps").read_text().split()
    assert not (tmp_path / "killed.pt").exists(), "killed before the end each time"
    process = tiny.process(base, work, tmp_path / "killed.pt")
    process.join(60)
    assert int(told[-1]) > 5, "it went on where it was, not from the start"
    one, other = (torch.load(tmp_path / f"{name}.pt") for name in ("whole", "killed"))
    assert all(torch.equal(one[name], other[name]) for name in one)


def _wait_for_steps(path: Path) -> None:
    """Wait until the process has told three steps more."""
    before = path.read_text().count("\n") if path.exists() else 0
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if path.exists() and path.read_text().count("\n") >= before + 3:
            return
        time.sleep(0.002)
    raise AssertionError("no steps were told")


def test_a_pause_holds_and_a_stop_ends_between_two_steps(base: Path, tmp_path: Path, one_thread: None) -> None:
    control = Control()
    steps = []

    def say(step: loop.Step) -> None:
        steps.append(step.step)
        if step.step == 3:
            control.stop()

    with pytest.raises(Stopped):
        tiny.train(base, tmp_path / "work", wait=control.wait, say=say)
    assert steps == [1, 2, 3]


def test_a_full_disk_is_told_and_the_last_checkpoint_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / checkpoint.STATE
    checkpoint.save(path, {"key": "a", "n": 1})

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoint.os, "fsync", full)
    with pytest.raises(UserError, match="No space left") as caught:
        checkpoint.save(path, {"key": "a", "n": 2})
    assert caught.value.code == "disk"
    assert checkpoint.load(path, "a") == {"key": "a", "n": 1}
    assert [p.name for p in tmp_path.iterdir()] == [checkpoint.STATE]


def test_a_checkpoint_of_another_training_or_a_damaged_one_is_not_taken(tmp_path: Path) -> None:
    path = tmp_path / checkpoint.STATE
    checkpoint.save(path, {"key": "a", "n": 1})
    assert checkpoint.load(path, "b") is None
    path.write_bytes(path.read_bytes()[:-20])
    assert checkpoint.load(path, "a") is None
    assert checkpoint.load(tmp_path / "none", "a") is None
