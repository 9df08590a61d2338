"""A training is planned with numbers that hold, and refused with numbers where the machine has not enough."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from tutor.adaptation.packed import planner
from tutor.adaptation.packed.model import PackedModel
from tutor.bench import shapes
from tutor.errors import UserError

TOKENS, ROWS = 768, 256
_STEPS = """
import json, sys
from pathlib import Path
import psutil, torch
from tutor.adaptation.packed import planner
from tutor.adaptation.packed.model import Batch, PackedModel
tokens, rows, again = int(sys.argv[2]), int(sys.argv[3]), sys.argv[4] == "again"
model = PackedModel.open(Path(sys.argv[1]), threads=1, dtype=torch.bfloat16)
before = psutil.Process().memory_info().rss
expected = planner.growth(model, tokens=tokens, rows=rows, checkpointing=again)
model.checkpointing = again
chance = torch.randint(0, 500, (tokens,))
starts = torch.tensor([0, tokens // 2, tokens])
places = torch.cat([torch.arange(tokens // 2)] * 2)
batch = Batch(chance, places, starts, torch.arange(tokens - rows, tokens), chance[:rows])
optimiser = torch.optim.AdamW(model.parameters())
for _ in range(2):
    model.losses(model.hidden(batch), batch.targets).mean().backward()
    optimiser.step()
    optimiser.zero_grad()
print(json.dumps({"grew": planner.peak() - before, "expected": expected, "kept": model.kept_bytes()}))
"""


@pytest.fixture(scope="module")
def middling(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Big enough that activations and weights are most of what a process takes."""
    shape = shapes.Shape(width=768, layers=10, heads=6, kv_heads=2, feed_forward=3072)
    words = shapes.vocabulary([f" w{i}" for i in range(4000)], 8192)
    return shapes.random_model(tmp_path_factory.mktemp("planner") / "middling.gguf", shape, words)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of the starter's size: its weights stay unpacked."""
    shape = shapes.Shape(width=512, layers=5, heads=8, kv_heads=2, feed_forward=1280)
    words = shapes.vocabulary([f" w{i}" for i in range(4000)], 6144)
    return shapes.random_model(tmp_path_factory.mktemp("planner") / "small.gguf", shape, words)


@pytest.fixture
def model(middling: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PackedModel]:
    monkeypatch.setattr(planner, "seconds_a_step", lambda *_args, **_how: 2.0)
    opened = PackedModel.open(middling, threads=1)
    yield opened
    opened.close()


@pytest.mark.parametrize("again", ["once", "again"])
def test_memory_is_within_15_percent_of_what_a_process_takes(middling: Path, again: str) -> None:
    found = steps(middling, again)
    assert found["kept"] == 0
    assert found["grew"] > 200e6
    assert found["expected"] == pytest.approx(found["grew"], rel=0.15)


def test_what_stays_unpacked_of_a_small_model_is_counted(small: Path) -> None:
    found = steps(small, "once")
    assert found["kept"] > 30e6
    assert found["expected"] == pytest.approx(found["grew"], rel=0.15)


def steps(path: Path, again: str) -> dict[str, float]:
    """By how many bytes a process grew in two steps, and how many were expected."""
    command = [sys.executable, "-c", _STEPS, str(path), str(TOKENS), str(ROWS), again]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def with_memory(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=free))


def test_blocks_are_worked_twice_only_where_memory_asks_for_it(
    model: PackedModel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with_memory(monkeypatch, 64 << 30)
    roomy = planner.plan(model, tokens=4096, rows=512, steps=30, folder=tmp_path / "new")
    assert (roomy.checkpointing, model.checkpointing, roomy.seconds) == (False, False, 60.0)
    once, again = (planner.growth(model, tokens=4096, rows=512, checkpointing=way) for way in (False, True))
    assert again < 0.7 * once
    with_memory(monkeypatch, (500 << 20) + (once + again) // 2)
    tight = planner.plan(model, tokens=4096, rows=512, steps=30, folder=tmp_path)
    assert tight.checkpointing and model.checkpointing
    assert roomy.memory - tight.memory == pytest.approx(once - again, abs=50e6)
    assert "1 min and" in tight.text()


def test_too_little_memory_is_refused_with_the_numbers(
    model: PackedModel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with_memory(monkeypatch, 600 << 20)
    with pytest.raises(UserError, match=r"need \d\.\d GB of memory, and \d\.\d GB can be had. Nothing") as refused:
        planner.plan(model, tokens=4096, rows=512, steps=30, folder=tmp_path)
    assert refused.value.code == "memory"


def test_too_little_disk_is_refused_with_the_numbers(
    model: PackedModel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with_memory(monkeypatch, 64 << 30)
    monkeypatch.setattr(planner.shutil, "disk_usage", lambda _folder: SimpleNamespace(free=100_000_000))
    with pytest.raises(UserError, match=r"0\.\d GB on the disk .* and 0\.1 GB are free") as refused:
        planner.plan(model, tokens=512, rows=512, steps=30, folder=tmp_path)
    assert refused.value.code == "disk"


def test_time_is_measured_by_running_a_block(middling: Path) -> None:
    model = PackedModel.open(middling, threads=1)
    quick = planner.seconds_a_step(model, tokens=16, rows=4)
    slow = planner.seconds_a_step(model, tokens=512, rows=128)
    assert 0 < quick < slow
    assert all(p.grad is None for p in model.parameters())
    model.close()
